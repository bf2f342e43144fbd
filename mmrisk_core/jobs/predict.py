"""Predict the risk of tiles."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from mmrisk_core.compute.devices import DeviceChoice
from mmrisk_core.geo.layer_source import LayerSource
from mmrisk_core.imagery import RasterSource
from mmrisk_core.inference.model_cache import loaded_model
from mmrisk_core.jobs.base import Job, Result
from mmrisk_core.prediction import plan_prediction, predict_layer
from mmrisk_core.prediction.layer_abstract import about_risk
from mmrisk_core.progress import Progress


class PredictJob(Job):
    """Give tiles their risk by a trained model."""

    verb: ClassVar[str] = "predict"
    help: ClassVar[str] = "give tiles their risk by a trained model"
    outputs: ClassVar[tuple[str, ...]] = ("output",)

    tiles: LayerSource = Field(description="tiles, or rows of a table, with the fields that the model needs")
    images: tuple[RasterSource, ...] = Field((), description="rasters, in the order of the model's")
    model: str = Field(description="the model file (.safetensors)")
    batch_size: int | None = Field(None, ge=1, description="most tiles at once")
    device: DeviceChoice = Field("auto", description="where to compute")
    image_column: str | None = Field(None, description="field of the pictures, if not called as in the training")
    scheduler: str | None = Field(None, description="Dask scheduler whose workers compute, such as tcp://host:8786")
    output: str = Field(description="the risk layer")

    def run(self, progress: Progress) -> Result:
        plan = plan_prediction(
            self.model,
            self.tiles,
            self.images,
            image_column=self.image_column,
            batch_size=self.batch_size,
            device=self.device,
            progress=progress,
        )
        written = predict_layer(plan, self.output, progress.part(0.02, 1.0), scheduler=self.scheduler)
        return {
            "output": self.output,
            "tile_count": written.count,
            "device_used": written.device,
            "about": about_risk(loaded_model(self.model).manifest, self.model, written.device),
            "recipe": written.recipe.model_dump_json(),
        }
