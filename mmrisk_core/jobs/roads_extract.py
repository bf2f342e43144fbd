"""Draw the roads that a raster shows."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from mmrisk_core.compute.devices import DeviceChoice
from mmrisk_core.imagery import RasterSource
from mmrisk_core.jobs.base import Job, Result
from mmrisk_core.progress import Progress
from mmrisk_core.roads import extract_roads, load_road_model


class RoadsExtractJob(Job):
    """Draw the roads that a raster shows, white on black."""

    verb: ClassVar[str] = "roads-extract"
    help: ClassVar[str] = "draw the roads that a raster shows"
    outputs: ClassVar[tuple[str, ...]] = ("output",)

    image: RasterSource = Field(description="a raster of the same kind as in the training")
    model: str = Field(description="the model file (.safetensors)")
    probabilities: bool = Field(False, description="write probabilities instead of white and black, true or false")
    batch_size: int | None = Field(None, ge=1, description="most windows at once")
    device: DeviceChoice = Field("auto", description="where to compute")
    output: str = Field(description="the mask (.tif)")

    def run(self, progress: Progress) -> Result:
        mapped = extract_roads(
            load_road_model(self.model),
            self.image,
            self.output,
            probabilities=self.probabilities,
            batch_size=self.batch_size,
            device=self.device,
            progress=progress,
        )
        return {"output": self.output, "road_share": mapped.road_share, "device_used": mapped.device}
