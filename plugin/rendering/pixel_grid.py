"""The pixels of a picture on the ground, and the blocks that it is drawn in."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from qgis.core import QgsRectangle

# A border this close to that of a pixel (in pixels) counts as one: coordinates written as text are rounded.
TOLERANCE = 1e-6


@dataclass(frozen=True)
class Block:
    """A window of a picture, in pixels from its upper left corner."""

    column: int
    row: int
    width: int
    height: int

    @property
    def pixels(self) -> int:
        """The number of pixels."""
        return self.width * self.height


@dataclass(frozen=True)
class PixelGrid:
    """Square pixels from an upper left corner on, in units of a CRS."""

    left: float
    top: float
    pixel_size: float
    columns: int
    rows: int

    @classmethod
    def over(cls, extent: QgsRectangle, pixel_size: float) -> PixelGrid:
        """Whole pixels from the extent's upper left corner on, so many that they cover it; at least one."""
        return cls(
            extent.xMinimum(),
            extent.yMaximum(),
            pixel_size,
            _whole_pixels(extent.width() / pixel_size),
            _whole_pixels(extent.height() / pixel_size),
        )

    @property
    def pixels(self) -> int:
        """The number of pixels."""
        return self.columns * self.rows

    @property
    def extent(self) -> QgsRectangle:
        """What the pixels cover."""
        return self.extent_of(Block(0, 0, self.columns, self.rows))

    def extent_of(self, block: Block) -> QgsRectangle:
        """What a block covers."""
        return QgsRectangle(
            self.left + block.column * self.pixel_size,
            self.top - (block.row + block.height) * self.pixel_size,
            self.left + (block.column + block.width) * self.pixel_size,
            self.top - block.row * self.pixel_size,
        )

    def blocks(self, size: int) -> Iterator[Block]:
        """Blocks of at most ``size`` x ``size`` pixels that cover every pixel once, row by row."""
        for row in range(0, self.rows, size):
            for column in range(0, self.columns, size):
                yield Block(column, row, min(size, self.columns - column), min(size, self.rows - row))


def _whole_pixels(count: float) -> int:
    return max(1, math.ceil(count - TOLERANCE))
