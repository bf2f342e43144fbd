"""Show what the model sees of some tiles and what it says of them, with other attributes if wanted."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from pydantic import Field, field_validator

from mmrisk_core.compute.devices import DeviceChoice
from mmrisk_core.explanation import inspect_tiles, what_if
from mmrisk_core.geo.layer_io import read_tiles
from mmrisk_core.geo.layer_source import LayerSource
from mmrisk_core.imagery import RasterSource
from mmrisk_core.inference.model_cache import loaded_model
from mmrisk_core.jobs.base import Job, Result
from mmrisk_core.progress import Progress


class InspectJob(Job):
    """Show what a model sees of some tiles, what it answers and why, and what it would say of other attributes.

    The result has ``tiles``, as :func:`mmrisk_core.explanation.inspect_tiles` tells of the first of them, and, where
    something is changed, ``risk_before`` and ``risk`` of all of them, in their order.
    """

    verb: ClassVar[str] = "inspect"
    help: ClassVar[str] = "what the model sees of some tiles, and a what-if"

    tiles: LayerSource = Field(description="tiles, or rows of a table, with the fields that the model needs")
    images: tuple[RasterSource, ...] = Field((), description="rasters, in the order of the model's")
    model: str = Field(description="the model file (.safetensors)")
    device: DeviceChoice = Field("auto", description="where to compute")
    image_column: str | None = Field(None, description="field of the pictures, if not called as in the training")
    change: dict[str, float | str] = Field(
        default_factory=dict, description='other values of attributes, as JSON: {"aadt": 5000}'
    )
    details: int = Field(1, ge=1, le=100, description="of how many tiles, the first ones, all is told")
    folder: str | None = Field(None, description="a folder that is there, for the pictures as the model sees them")

    @field_validator("change", mode="before")
    @classmethod
    def _from_text(cls, value: Any) -> Any:
        return json.loads(value) if isinstance(value, str) else value

    def run(self, progress: Progress) -> Result:
        model, tiles = loaded_model(self.model), read_tiles(self.tiles)
        told = inspect_tiles(
            model,
            tiles.iloc[: self.details],
            self.images,
            change=self.change,
            folder=self.folder,
            image_column=self.image_column,
            device=self.device,
            progress=progress.part(0.02, 0.5),
        )
        result: Result = {"tiles": told, "tile_count": len(tiles), "risk_before": None, "risk": None}
        if self.change:
            risks = what_if(
                model,
                tiles,
                self.images,
                change=self.change,
                image_column=self.image_column,
                device=self.device,
                progress=progress.part(0.5, 1.0),
            )
            result |= {name: risks[name].tolist() for name in ("risk_before", "risk")}
        progress.update(1.0)
        return result
