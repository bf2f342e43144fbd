"""Judge a model on other labelled tiles."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from mmrisk_core.geo.layer_io import read_tiles
from mmrisk_core.geo.layer_source import LayerSource
from mmrisk_core.inference.model_cache import loaded_model
from mmrisk_core.jobs.base import Result
from mmrisk_core.jobs.model_job import ModelJob
from mmrisk_core.prediction.evaluate import evaluate_model
from mmrisk_core.progress import Progress
from mmrisk_core.report import write_evaluation_report


class EvaluateJob(ModelJob):
    """Judge a trained model on labelled tiles that it was not trained on."""

    verb: ClassVar[str] = "evaluate"
    help: ClassVar[str] = "judge a trained model on other labelled tiles"
    outputs: ClassVar[tuple[str, ...]] = ("report",)

    tiles: LayerSource = Field(description="labelled tiles, or rows of a table, with the fields that the model needs")
    label: str = Field("label", description="field with 0 and 1")
    report: str | None = Field(None, description="the report (.html)")

    def run(self, progress: Progress) -> Result:
        model = loaded_model(self.model)
        evaluation = evaluate_model(
            model,
            read_tiles(self.tiles),
            self.label,
            self.images,
            **self.where,
            progress=progress.part(0.05, 0.95),
        )
        if self.report:
            write_evaluation_report(model, evaluation, self.report)
        progress.finish("model judged")
        return {
            "report": self.report,
            "device_used": evaluation.device,
            **evaluation.figures.headline,
        }
