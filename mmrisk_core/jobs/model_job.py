"""What jobs share that ask a trained model about tiles."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from mmrisk_core.compute.devices import DeviceChoice
from mmrisk_core.geo.layer_source import LayerSource
from mmrisk_core.imagery import RasterSource
from mmrisk_core.jobs.base import Job


class ModelJob(Job):
    """A job of a model, tiles, and the rasters that the model looks at."""

    tiles: LayerSource = Field(description="tiles, or rows of a table, with the fields that the model needs")
    images: tuple[RasterSource, ...] = Field((), description="rasters, in the order of the model's")
    model: str = Field(description="the model file (.safetensors)")
    device: DeviceChoice = Field("auto", description="where to compute")
    image_column: str | None = Field(None, description="field of the pictures, if not called as in the training")

    @property
    def where(self) -> dict[str, Any]:
        """The arguments of all that ask a model: where to compute, and which field names the pictures."""
        return {"image_column": self.image_column, "device": self.device}
