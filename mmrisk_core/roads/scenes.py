"""What is learnt from: a picture with a label for each of its pixels, read window by window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from mmrisk_core.roads.blank import blank_areas
from mmrisk_core.roads.burning import BurntRoads
from mmrisk_core.roads.raster_grid import GridRaster, Mask, Pixels
from mmrisk_core.roads.road_loss import UNKNOWN, Label


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
        """1 on roads, 0 beside them, :data:`UNKNOWN` where nothing is known; (height, width)."""


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


class ArrayScene:
    """A picture and a mask that are in memory.

    :param picture: (bands, h, w).
    :param mask: (h, w), 1 on roads, 0 beside them, :data:`UNKNOWN` where nothing is known.
    """

    def __init__(self, picture: npt.NDArray[Any], mask: Label) -> None:
        self._picture = picture
        self._mask = mask
        self._shows = ~blank_areas(picture)
        self.height, self.width = mask.shape

    def pixels(self, row: int, col: int, height: int, width: int) -> tuple[Pixels, Mask]:
        window = (row, col, height, width)
        return _cut(self._picture, *window, fill=0), _cut(self._shows, *window, fill=0)

    def label(self, row: int, col: int, height: int, width: int) -> Label:
        return _cut(self._mask, row, col, height, width, fill=UNKNOWN)


def _cut(array: npt.NDArray[Any], row: int, col: int, height: int, width: int, fill: int) -> npt.NDArray[Any]:
    """A window of the last two axes, ``fill`` beyond the border."""
    rows, cols = array.shape[-2:]
    cut = np.full((*array.shape[:-2], height, width), fill, dtype=array.dtype)
    top, left, bottom, right = max(row, 0), max(col, 0), min(row + height, rows), min(col + width, cols)
    if bottom > top and right > left:
        cut[..., top - row : bottom - row, left - col : right - col] = array[..., top:bottom, left:right]
    return cut
