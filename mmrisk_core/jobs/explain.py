"""Say why tiles have their risk."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from mmrisk_core.compute.devices import DeviceChoice
from mmrisk_core.explanation import explain_risk
from mmrisk_core.geo.layer_io import read_tiles, write_layer
from mmrisk_core.geo.layer_source import LayerSource
from mmrisk_core.geo.recipe import recipe_of
from mmrisk_core.imagery import RasterSource
from mmrisk_core.inference.model_cache import loaded_model
from mmrisk_core.jobs.base import Job, Result
from mmrisk_core.progress import Progress


class ExplainJob(Job):
    """Say what raises and lowers the risk of tiles, by a trained model."""

    verb: ClassVar[str] = "explain"
    help: ClassVar[str] = "what raises and lowers the risk of tiles"
    outputs: ClassVar[tuple[str, ...]] = ("output", "saliency")

    tiles: LayerSource = Field(description="tiles, or rows of a table, with the fields that the model needs")
    images: tuple[RasterSource, ...] = Field((), description="rasters, in the order of the model's")
    model: str = Field(description="the model file (.safetensors)")
    device: DeviceChoice = Field("auto", description="where to compute")
    image_column: str | None = Field(None, description="field of the pictures, if not called as in the training")
    output: str = Field(description="the layer of contributions")
    saliency: str | None = Field(None, description="raster of what each place in the imagery adds (.tif)")

    def run(self, progress: Progress) -> Result:
        explained = explain_risk(
            loaded_model(self.model),
            read_tiles(self.tiles),
            self.images,
            image_column=self.image_column,
            saliency=self.saliency,
            device=self.device,
            progress=progress.part(0.02, 0.95),
        )
        write_layer(explained, self.output)
        progress.update(1.0)
        return {
            "output": self.output,
            "saliency": self.saliency,
            "tile_count": len(explained),
            "device_used": explained.attrs["device"],
            "recipe": recipe_of(explained).model_dump_json(),
        }
