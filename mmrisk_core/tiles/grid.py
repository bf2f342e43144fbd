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

from mmrisk_core.crs import Bounds
from mmrisk_core.errors import MMRiskError

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

MAX_TILES = 50_000_000
ROUND_OFF = 1e-9


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
        x = np.asarray(x, dtype=np.float64)
        column = np.searchsorted(self.x_edges(), x, side="right") - 1
        return np.where((column >= 0) & (column < self.cols) & np.isfinite(x), column, -1)

    def rows_at(self, y: npt.ArrayLike) -> IntArray:
        """The row that owns each ``y``; -1 outside the grid and for NaN."""
        y = np.asarray(y, dtype=np.float64)
        row = np.searchsorted(-self.y_edges(), -y, side="right") - 1
        return np.where((row >= 0) & (row < self.rows) & np.isfinite(y), row, -1)

    def cells_at(self, x: npt.ArrayLike, y: npt.ArrayLike) -> IntArray:
        """The cell ``row * cols + col`` that owns each point; -1 outside the grid."""
        row, column = self.rows_at(y), self.columns_at(x)
        return np.where((row >= 0) & (column >= 0), row * self.cols + column, -1)

    def polygons(self, rows: IntArray, cols: IntArray) -> npt.NDArray[np.object_]:
        """The squares of the given rows and columns."""
        x, y = self.x_edges(), self.y_edges()
        return np.asarray(shapely.box(x[cols], y[rows + 1], x[cols + 1], y[rows]))


def grid_over(extent: Bounds, size: float, crs: pyproj.CRS) -> Grid:
    """The grid of ``size`` (in units of ``crs``) that starts at the upper left corner of ``extent`` and covers it.

    :raises MMRiskError: for an empty extent, or more tiles than a machine can hold.
    """
    rows, cols = count_steps(extent, size, size)
    return Grid(extent[0], extent[3], size, rows, cols, crs)


def count_steps(extent: Bounds, size: float, spacing: float) -> tuple[int, int]:
    """The fewest rows and columns of tiles every ``spacing`` that reach the far edges of ``extent``.

    Where tiles leave gaps (``spacing`` more than ``size``), the far edges may lie in one.

    :raises MMRiskError: for an empty extent, or more tiles than a machine can hold.
    """
    require_extent(extent)
    left, bottom, right, top = extent
    overlap = max(size - spacing, 0.0)
    # An extent of exactly n tiles must not become n + 1 by the last bit of a division.
    cols, rows = (
        max(1.0, float(np.ceil((side - overlap) / spacing * (1 - ROUND_OFF)))) for side in (right - left, top - bottom)
    )
    if rows * cols > MAX_TILES:
        raise MMRiskError(
            f"The extent would be cut into {rows * cols:,.0f} tiles; the most is {MAX_TILES:,}. Choose larger tiles, a "
            "larger spacing or a smaller extent, and check that the extent is in the CRS you mean."
        )
    return int(rows), int(cols)


def require_extent(extent: Bounds) -> None:
    """Check that ``extent`` has an area.

    :raises MMRiskError: when it has none.
    """
    left, bottom, right, top = extent
    if not (right > left and top > bottom) or not all(math.isfinite(value) for value in extent):
        raise MMRiskError("The extent is empty. Draw one on the map, or use the extent of a layer.")


def grid_of(tiles: gpd.GeoDataFrame) -> Grid | None:
    """The grid that ``tiles`` (with ``row`` and ``col``) lie on; None where they do not lie on one, or overlap.

    Tiles may be missing from the grid, as they are under a mask, but none may be there twice.
    """
    if len(tiles) == 0 or tiles.crs is None or not {"row", "col"} <= set(tiles.columns):
        return None
    bounds = shapely.bounds(tiles.geometry.array)
    try:
        row = tiles["row"].to_numpy(dtype=np.int64)
        col = tiles["col"].to_numpy(dtype=np.int64)
    except (TypeError, ValueError):
        return None
    if not np.isfinite(bounds).all() or row.min() < 0 or col.min() < 0 or tiles.duplicated(["row", "col"]).any():
        return None
    size = float(np.median(bounds[:, 2] - bounds[:, 0]))
    if size <= 0:
        return None
    left = float(np.median(bounds[:, 0] - col * size))
    top = float(np.median(bounds[:, 3] + row * size))
    first = int(np.argmin(col)), int(np.argmin(row))
    last = int(np.argmax(col)), int(np.argmax(row))
    # Measured over the whole width, the size is known to far more digits than from one tile.
    if col[last[0]] > col[first[0]]:
        size = float((bounds[last[0], 2] - bounds[first[0], 0]) / (col[last[0]] - col[first[0]] + 1))
    left = float(bounds[first[0], 0] - col[first[0]] * size)
    top = float(bounds[first[1], 3] + row[first[1]] * size)
    grid = Grid(left, top, size, int(row.max()) + 1, int(col.max()) + 1, pyproj.CRS(tiles.crs))
    x, y = grid.x_edges(), grid.y_edges()
    expected = np.stack([x[col], y[row + 1], x[col + 1], y[row]], axis=1)
    squares = np.isclose(shapely.area(tiles.geometry.array), size * size, rtol=1e-6).all()
    return grid if squares and (np.abs(bounds - expected) <= 1e-6 * size).all() else None
