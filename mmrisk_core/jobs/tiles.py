"""Lay out tiles."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from mmrisk_core.geo.layer_io import read_geo_layer
from mmrisk_core.geo.layer_source import LayerSource
from mmrisk_core.geo.layer_writing import write_layer
from mmrisk_core.geo.recipe import Layout, recipe_of
from mmrisk_core.jobs.base import Job, Result
from mmrisk_core.progress import Progress
from mmrisk_core.tiles import create_tiles
from mmrisk_core.tiles.followed_layer import read_followed_layer
from mmrisk_core.wording import counted


class TilesJob(Job):
    """Lay out the units of risk: on a grid, along lines, around points, or as the polygons themselves."""

    verb: ClassVar[str] = "tiles"
    help: ClassVar[str] = "lay out tiles on a grid or after a layer"
    outputs: ClassVar[tuple[str, ...]] = ("output",)

    layout: Layout = Field("grid", description="how tiles are laid out")
    extent: tuple[float, float, float, float] | None = Field(
        None, description="left, bottom, right, top, in units of the CRS; a grid needs one"
    )
    input: LayerSource | None = Field(None, description="lines, points or polygons for the other layouts")
    tile_size: float = Field(150.0, description="side of a tile in metres")
    spacing: float | None = Field(
        None, description="metres from tile to tile, across a grid or along lines; by default the tile size"
    )
    mask: LayerSource | None = Field(None, description="polygons; tiles outside are left out")
    crs: str | None = Field(
        None, description="coordinate reference system of extent and tiles; by default that of the input"
    )
    output: str = Field(description="the tiles")

    def run(self, progress: Progress) -> Result:
        layer = read_followed_layer(self.input) if self.input and self.layout != "grid" else None
        tiles = create_tiles(
            self.extent,
            self.tile_size,
            self.crs,
            layout=self.layout,
            layer=layer,
            spacing=self.spacing,
            mask=read_geo_layer(self.mask) if self.mask else None,
            progress=progress.part(0.05, 0.7),
        )
        write_layer(tiles, self.output, progress=progress.part(0.7, 1.0))
        progress.finish(f"{counted(len(tiles), 'tile')}")
        return {"output": self.output, "tile_count": len(tiles), "recipe": recipe_of(tiles).model_dump_json()}
