"""Train a model."""

from __future__ import annotations

from typing import ClassVar, get_args

from pydantic import Field, field_validator

from mmrisk_core.bundle.manifest import ValidationMethod
from mmrisk_core.bundle.model_file import save_model
from mmrisk_core.compute.devices import DeviceChoice
from mmrisk_core.compute.process_group import is_rank_zero
from mmrisk_core.geo.layer_io import read_tiles
from mmrisk_core.geo.layer_source import LayerSource
from mmrisk_core.imagery import RasterSource
from mmrisk_core.imagery.change_guard import guard_unchanged
from mmrisk_core.jobs.base import Job, Result
from mmrisk_core.progress import Progress
from mmrisk_core.report import write_report
from mmrisk_core.training.options import ArchitectureName, BackboneName, TrainingOptions
from mmrisk_core.training.train import fit_model


class TrainJob(Job):
    """Train, validate and calibrate a model on labelled tiles."""

    verb: ClassVar[str] = "train"
    help: ClassVar[str] = "train, validate and calibrate a model"
    outputs: ClassVar[tuple[str, ...]] = ("model", "report")
    is_shared: ClassVar[bool] = True

    tiles: LayerSource = Field(description="labelled tiles, or a table without geometry")
    label: str = Field("label", description="field with 0 and 1")
    features: tuple[str, ...] = Field((), description="fields to learn from, numbers or text")
    images: tuple[RasterSource, ...] = Field((), description="rasters to learn from")
    context: tuple[float, ...] = Field((1.0,), description="side of the image window as a multiple of the tile's")
    image_pixels: int = Field(196, ge=32, le=1024, description="side of an image in pixels")
    architecture: ArchitectureName = Field("stacked", description="how image and attributes are fused")
    backbone: BackboneName | str = Field(
        "auto",
        description=f"image encoder: {', '.join(get_args(BackboneName))}, or a classifier of torchvision by its name",
    )
    weights: str | None = Field(None, description="file with weights of an encoder of torchvision")
    later_label: str | None = Field(None, description="field with the label of a later period, to be judged on as well")
    prevalence: float | None = Field(
        None, gt=0, lt=1, description="share of high-risk tiles, if the labelled ones were chosen by their label"
    )
    validation: ValidationMethod = Field("spatial", description="how the model is checked")
    folds: int = Field(5, ge=2, le=20, description="number of folds")
    block_size: float | None = Field(None, gt=0, description="side of a spatial block in metres")
    epochs: int | None = Field(None, ge=1, description="most passes over the tiles")
    batch_size: int | None = Field(None, ge=1, description="tiles in one step")
    learning_rate: float | None = Field(None, gt=0, description="learning rate")
    seed: int = Field(0, ge=0, description="same seed, same model")
    device: DeviceChoice = Field("auto", description="where to compute")
    image_column: str | None = Field(
        None, description="field with the path of a ready-made picture for each tile or row"
    )
    group_column: str | None = Field(None, description="field that tells related rows, which stay in one fold")
    fine_tune: bool = Field(False, description="train the last stage of a pretrained image encoder too, true or false")
    model: str = Field(description="the model file (.safetensors)")
    report: str | None = Field(None, description="the report (.html)")

    @field_validator("context")
    @classmethod
    def _at_least_the_tile(cls, context: tuple[float, ...]) -> tuple[float, ...]:
        if not context or min(context) < 1:
            raise ValueError("the context is a list of multiples of the tile, each at least 1, such as 1,3")
        return context

    def run(self, progress: Progress) -> Result:
        options = self.model_dump(exclude={"tiles", "label", "features", "images", "model", "report"})
        with guard_unchanged(self.images):
            model = fit_model(
                read_tiles(self.tiles),
                self.label,
                self.features,
                self.images,
                TrainingOptions(**options),
                progress.part(0.02, 0.95),
            )
        if is_rank_zero():
            save_model(model, self.model)
            if self.report:
                write_report(model, self.report)
        progress.update(1.0, "model trained")
        figures = model.manifest.validation.figures
        names = ("auc", "auc_low", "auc_high", "average_precision", "brier", "ece")
        return {
            "model": self.model,
            "report": self.report,
            "device_used": model.manifest.provenance.device,
            **{name: getattr(figures, name) if figures else None for name in names},
        }
