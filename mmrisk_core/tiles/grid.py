"""Tiles on a regular grid.

Rows count from the top (north), columns from the left (west). A tile owns its left and its upper edge but not its right
and lower one, as a pixel does: every point inside the grid lies in exactly one tile.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pyproj
import shapely

from mmrisk_core.arrays import FloatArray, GeometryArray, IntArray
from mmrisk_core.errors import InputError
from mmrisk_core.geo.crs import Bounds
from mmrisk_core.wording import counted

MAX_TILES = 50_000_000
ROUND_OFF = 1e-9


class TooManyTiles(InputError):
    """More tiles than wanted would come of it.

    :param made: what would be made into how many, as the beginning of a sentence.
    """

    def __init__(self, made: str, most: int) -> None:
        super().__init__(
            f"{made}; the most is {most:,}. Choose larger tiles, a larger spacing or a smaller extent, and check that all "
            "is in the CRS you mean."
        )
        self.made = made


@dataclass(frozen=True)
class Grid:
    """A regular grid of square tiles.

    :param left: x of the left edge, in units of ``crs``.
    :param top: y of the upper edge, in units of ``crs``.
    :param size: side of a tile, in units of ``crs``.
    """

    left: float
    top: float
    size: float
    rows: int
    cols: int
    crs: pyproj.CRS

    @property
    def bounds(self) -> Bounds:
        """Left, bottom, right, top of the whole grid, in ``crs``."""
        return (self.left, float(self.y_edges()[-1]), float(self.x_edges()[-1]), self.top)

    def x_edges(self) -> FloatArray:
        """The ``cols + 1`` vertical edges from left to right. Neighbouring tiles share them to the last bit."""
        return np.asarray(self.left + np.arange(self.cols + 1) * self.size, dtype=np.float64)

    def y_edges(self) -> FloatArray:
        """The ``rows + 1`` horizontal edges from top to bottom."""
        return np.asarray(self.top - np.arange(self.rows + 1) * self.size, dtype=np.float64)

    def columns_at(self, x: npt.ArrayLike) -> IntArray:
        """The column that owns each ``x``; -1 outside the grid and for NaN."""
        return _owner(np.asarray(x, dtype=np.float64), self.x_edges(), self.size)

    def rows_at(self, y: npt.ArrayLike) -> IntArray:
        """The row that owns each ``y``; -1 outside the grid and for NaN."""
        return _owner(-np.asarray(y, dtype=np.float64), -self.y_edges(), self.size)

    def cells_at(self, x: npt.ArrayLike, y: npt.ArrayLike) -> IntArray:
        """The cell ``row * cols + col`` that owns each point; -1 outside the grid."""
        row, column = self.rows_at(y), self.columns_at(x)
        return np.where((row >= 0) & (column >= 0), row * self.cols + column, -1)

    def polygons(self, rows: IntArray, cols: IntArray) -> GeometryArray:
        """The squares of the given rows and columns."""
        x, y = self.x_edges(), self.y_edges()
        return np.asarray(shapely.box(x[cols], y[rows + 1], x[cols + 1], y[rows]))


def _owner(value: FloatArray, edges: FloatArray, size: float) -> IntArray:
    """Which of the intervals between ascending ``edges`` holds each value, its lower end included; -1 for none."""
    last = len(edges) - 2
    with np.errstate(invalid="ignore"):
        guess = np.clip(np.floor((value - edges[0]) / size), 0, last)
        # A division may be off by its last bit; the edges themselves decide.
        index = np.nan_to_num(guess).astype(np.int64)
        index -= (value < edges[index]) & (index > 0)
        index += (value >= edges[index + 1]) & (index < last)
        inside = (value >= edges[0]) & (value < edges[-1])
    return np.where(inside, index, -1)


def grid_over(extent: Bounds, size: float, crs: pyproj.CRS, most: int = MAX_TILES) -> Grid:
    """The grid of ``size`` (in units of ``crs``) that starts at the upper left corner of ``extent`` and covers it.

    :raises MMRiskError: for an empty extent, or more tiles than ``most``.
    """
    rows, cols = count_steps(extent, size, size, most)
    return Grid(extent[0], extent[3], size, rows, cols, crs)


def count_steps(extent: Bounds, size: float, spacing: float, most: int = MAX_TILES) -> tuple[int, int]:
    """The fewest rows and columns of tiles every ``spacing`` that reach the far edges of ``extent``.

    Where tiles leave gaps (``spacing`` more than ``size``), the far edges may lie in one.

    :raises MMRiskError: for an empty extent, or more tiles than ``most``.
    """
    require_extent(extent)
    left, bottom, right, top = extent
    overlap = max(size - spacing, 0.0)
    # An extent of exactly n tiles must not become n + 1 by the last bit of a division.
    cols, rows = (
        max(1.0, float(np.ceil((side - overlap) / spacing * (1 - ROUND_OFF)))) for side in (right - left, top - bottom)
    )
    if rows * cols > most:
        raise TooManyTiles(f"The extent would be cut into {counted(rows * cols, 'tile')}", most)
    return int(rows), int(cols)


def require_extent(extent: Bounds) -> None:
    """Check that ``extent`` has an area.

    :raises MMRiskError: when it has none.
    """
    left, bottom, right, top = extent
    if not (right > left and top > bottom) or not all(math.isfinite(value) for value in extent):
        raise InputError("The extent is empty. Draw one on the map, or use the extent of a layer.")


def grid_of(tiles: gpd.GeoDataFrame) -> Grid | None:
    """The grid that ``tiles`` (with ``row`` and ``col``) lie on; None where they do not lie on one, or overlap.

    Tiles may be missing from the grid, as they are under a mask, but none may be there twice.
    """
    if len(tiles) == 0 or tiles.crs is None or not {"row", "col"} <= set(tiles.columns):
        return None
    bounds = shapely.bounds(np.asarray(tiles.geometry.array))
    try:
        row = tiles["row"].to_numpy(dtype=np.int64)
        col = tiles["col"].to_numpy(dtype=np.int64)
    except (TypeError, ValueError):
        return None
    left, bottom, right, top = bounds.T
    if not np.isfinite(bounds).all() or row.min() < 0 or col.min() < 0:
        return None
    rows, cols = int(row.max()) + 1, int(col.max()) + 1
    if rows * cols > MAX_TILES or np.bincount(row * cols + col).max() > 1:
        return None
    west, east, north = (int(np.argmin(col)), int(np.argmax(col)), int(np.argmin(row)))
    # Measured over the whole width, the size is known to far more digits than from one tile.
    size = float((right[east] - left[west]) / (col[east] - col[west] + 1))
    if size <= 0:
        return None
    first_x, first_y = float(left[west] - col[west] * size), float(top[north] + row[north] * size)
    grid = Grid(first_x, first_y, size, rows, cols, pyproj.CRS(tiles.crs))
    x, y, near = grid.x_edges(), grid.y_edges(), 1e-6 * size
    sides = ((left, x[col]), (right, x[col + 1]), (top, y[row]), (bottom, y[row + 1]))
    if not all((np.abs(side - edge) <= near).all() for side, edge in sides):
        return None
    area = shapely.area(np.asarray(tiles.geometry.array))
    return grid if (np.abs(area - size * size) <= 1e-6 * size * size).all() else None
