"""Lay out tiles."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from mmrisk_core.jobs.base import Job, Result
from mmrisk_core.progress import Progress
from mmrisk_core.recipe import Layout, recipe_of
from mmrisk_core.tiles import create_tiles
from mmrisk_core.vectors import LayerSource, read_geo_layer, write_layer


class TilesJob(Job):
    """Lay out the units of risk over an extent."""

    verb: ClassVar[str] = "tiles"
    help: ClassVar[str] = "lay out tiles over an extent"

    layout: Layout = Field("grid", description="how tiles are laid out")
    extent: tuple[float, float, float, float] = Field(description="left, bottom, right, top, in units of the CRS")
    input: LayerSource | None = Field(None, description="lines, points or polygons for the other layouts")
    tile_size: float = Field(150.0, description="side of a tile in metres")
    spacing: float | None = Field(None, description="distance between tiles along lines in metres")
    mask: LayerSource | None = Field(None, description="polygons; tiles outside are left out")
    crs: str = Field(description="coordinate reference system of extent and tiles")
    output: str = Field(description="the tiles")

    def run(self, progress: Progress) -> Result:
        mask = read_geo_layer(self.mask) if self.mask else None
        tiles = create_tiles(
            self.extent, self.tile_size, self.crs, layout=self.layout, mask=mask, progress=progress.part(0.0, 0.7)
        )
        write_layer(tiles, self.output)
        progress.update(1.0, f"{len(tiles)} tiles")
        return {"output": self.output, "tile_count": len(tiles), "recipe": recipe_of(tiles).model_dump_json()}
