"""What is learnt from: a picture with a label for each of its pixels, read window by window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from mmrisk_core.roads.loss import Label
from mmrisk_core.roads.raster_grid import GridRaster, Mask, Pixels
from mmrisk_core.roads.rasterise import BurntRoads


class Scene(Protocol):
    """A picture of ``height`` x ``width`` pixels; windows may reach beyond it."""

    @property
    def height(self) -> int:
        """Rows of pixels."""

    @property
    def width(self) -> int:
        """Columns of pixels."""

    def pixels(self, row: int, col: int, height: int, width: int) -> tuple[Pixels, Mask]:
        """Pixels (bands, height, width), and which of them show something, (height, width)."""

    def label(self, row: int, col: int, height: int, width: int) -> Label:
        """1 on roads, 0 beside them, :data:`mmrisk_core.roads.loss.UNKNOWN` where nothing is known; (height, width)."""


@dataclass(frozen=True)
class RasterScene:
    """A raster and the roads in it."""

    raster: GridRaster
    roads: BurntRoads

    @property
    def height(self) -> int:
        return self.raster.grid.height

    @property
    def width(self) -> int:
        return self.raster.grid.width

    def pixels(self, row: int, col: int, height: int, width: int) -> tuple[Pixels, Mask]:
        return self.raster.read(row, col, height, width)

    def label(self, row: int, col: int, height: int, width: int) -> Label:
        return self.roads.burn(row, col, height, width)
