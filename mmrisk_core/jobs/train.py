"""Train a model."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from mmrisk_core.bundle.model_file import save_model
from mmrisk_core.compute.process_group import is_rank_zero
from mmrisk_core.evaluation.metrics import HEADLINE
from mmrisk_core.geo.layer_io import read_tiles
from mmrisk_core.geo.layer_source import LayerSource
from mmrisk_core.imagery import RasterSource
from mmrisk_core.jobs.base import Job, Result
from mmrisk_core.progress import Progress
from mmrisk_core.report import write_report
from mmrisk_core.training.options import TrainingOptions
from mmrisk_core.training.train import fit_model


class TrainJob(TrainingOptions, Job):
    """Train, validate and calibrate a model on labelled tiles."""

    verb: ClassVar[str] = "train"
    help: ClassVar[str] = "train, validate and calibrate a model"
    outputs: ClassVar[tuple[str, ...]] = ("model", "report")
    is_shared: ClassVar[bool] = True

    tiles: LayerSource = Field(description="labelled tiles, or a table without geometry")
    label: str = Field("label", description="field with 0 and 1")
    features: tuple[str, ...] = Field((), description="fields to learn from, numbers or text")
    images: tuple[RasterSource, ...] = Field((), description="rasters to learn from")
    model: str = Field(description="the model file (.safetensors)")
    report: str | None = Field(None, description="the report (.html)")

    def run(self, progress: Progress) -> Result:
        model = fit_model(
            read_tiles(self.tiles),
            self.label,
            self.features,
            self.images,
            self.options(TrainingOptions),
            progress.part(0.02, 0.95),
        )
        if is_rank_zero():
            save_model(model, self.model)
            if self.report:
                write_report(model, self.report)
        progress.finish("model trained")
        metrics = model.manifest.validation.figures
        return {
            "model": self.model,
            "report": self.report,
            "device_used": model.manifest.provenance.device,
            **(metrics.headline if metrics else dict.fromkeys(HEADLINE)),
        }
