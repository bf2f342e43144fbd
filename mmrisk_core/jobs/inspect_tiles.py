"""Show what the model sees of some tiles and what it says of them, with other attributes if wanted."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from pydantic import Field, field_validator

from mmrisk_core.explanation import inspect_tiles, what_if
from mmrisk_core.geo.layer_io import read_tiles
from mmrisk_core.inference.model_cache import loaded_model
from mmrisk_core.jobs.base import Result
from mmrisk_core.jobs.model_job import ModelJob
from mmrisk_core.progress import Progress


class InspectJob(ModelJob):
    """Show what a model sees of some tiles, what it answers and why, and what it would say of other attributes.

    The result has ``tiles``, as :func:`mmrisk_core.explanation.inspect_tiles` tells of the first of them, and, where
    something is changed, ``risk_before`` and ``risk`` of all of them, in their order.
    """

    verb: ClassVar[str] = "inspect"
    help: ClassVar[str] = "what the model sees of some tiles, and a what-if"

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
            **self.where,
            progress=progress.part(0.02, 0.5),
        )
        result: Result = {"tiles": told, "tile_count": len(tiles), "risk_before": None, "risk": None}
        if self.change:
            risks = what_if(
                model,
                tiles,
                self.images,
                change=self.change,
                **self.where,
                progress=progress.part(0.5, 1.0),
            )
            result |= {name: risks[name].tolist() for name in ("risk_before", "risk")}
        progress.update(1.0)
        return result
