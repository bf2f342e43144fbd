"""Predict the risk of tiles."""

from __future__ import annotations

from typing import ClassVar

from pydantic import ConfigDict, Field

from mmrisk_core.evaluation.applicability import MIN_COVERAGE
from mmrisk_core.inference.model_cache import loaded_model
from mmrisk_core.inference.risk_columns import CLASS_COLOURS
from mmrisk_core.jobs.base import Result
from mmrisk_core.jobs.model_job import ModelJob
from mmrisk_core.prediction import plan_prediction, predict_layer
from mmrisk_core.prediction.layer_abstract import about_risk
from mmrisk_core.progress import Progress


class PredictJob(ModelJob):
    """Give tiles their risk by a trained model."""

    verb: ClassVar[str] = "predict"
    help: ClassVar[str] = "give tiles their risk by a trained model"
    outputs: ClassVar[tuple[str, ...]] = ("output",)

    model_config = ConfigDict(json_schema_extra={"class_colours": list(CLASS_COLOURS), "min_coverage": MIN_COVERAGE})

    batch_size: int | None = Field(None, ge=1, description="most tiles at once")
    scheduler: str | None = Field(None, description="Dask scheduler whose workers compute, such as tcp://host:8786")
    output: str = Field(description="the risk layer")

    def run(self, progress: Progress) -> Result:
        plan = plan_prediction(
            self.model,
            self.tiles,
            self.images,
            **self.where,
            batch_size=self.batch_size,
            progress=progress,
        )
        written = predict_layer(plan, self.output, progress.part(0.02, 1.0), scheduler=self.scheduler)
        manifest = loaded_model(self.model).manifest
        return {
            "output": self.output,
            "tile_count": written.count,
            "device_used": written.device,
            "about": about_risk(manifest, self.model, written.device),
            "class_breaks": list(manifest.class_breaks),
            "recipe": written.recipe.model_dump_json(),
        }
