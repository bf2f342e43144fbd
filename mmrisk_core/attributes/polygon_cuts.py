"""Cut polygons by the rows and columns of a grid, with array arithmetic instead of geometry operations.

The area of a polygon in a cell follows from its edges alone, as in the exact coverage of a pixel by an outline (Green's
theorem): an edge takes part in the cell it crosses, and covers all cells to the right of it in its row.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely

from mmrisk_core.attributes.line_cuts import parts_between_edges
from mmrisk_core.tiles.grid import FloatArray, Grid, IntArray

BATCH_EDGES = 500_000
GAP = 1e-11
"""Share of a tile's height below which a cover comes of rounding."""


def cut_polygons(grid: Grid, polygons: npt.NDArray[np.object_]) -> tuple[IntArray, IntArray, FloatArray]:
    """The area of ``polygons`` in each cell of ``grid``.

    :param polygons: valid (multi-)polygons in the grid's CRS; None and empty ones have no area.
    :return: cell, index of the polygon, area in square units of the CRS; each pair once, the areas may be crumbs of
        rounding where a polygon only touches a cell.
    """
    parts, owner = shapely.get_parts(polygons, return_index=True)
    rings, part = shapely.get_rings(shapely.orient_polygons(parts), return_index=True)
    coordinates, ring = shapely.get_coordinates(rings, return_index=True)
    joined = ring[1:] == ring[:-1]
    start, stop = coordinates[:-1][joined], coordinates[1:][joined]
    polygon = owner[part[ring[:-1][joined]]]
    # An edge above, below or to the right of the grid covers nothing of it.
    _, bottom, right, top = grid.bounds
    near = (np.minimum(start[:, 0], stop[:, 0]) < right) & (np.maximum(start[:, 1], stop[:, 1]) > bottom)
    near &= (np.minimum(start[:, 1], stop[:, 1]) < top) & (start[:, 1] != stop[:, 1])
    start, stop, polygon = start[near], stop[near], polygon[near]
    results = [
        _covered(grid, start[edges], stop[edges], polygon[edges]) for edges in _whole_polygons(polygon, BATCH_EDGES)
    ]
    if not results:
        return np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0)
    cell, index, area = (np.concatenate(arrays) for arrays in zip(*results, strict=True))
    return cell, index, area


def _whole_polygons(polygon: IntArray, size: int) -> list[slice]:
    """Slices of about ``size`` edges that part no polygon."""
    if polygon.size == 0:
        return []
    begins = np.flatnonzero(np.diff(polygon, prepend=-1))
    group = begins // size
    first = begins[np.flatnonzero(np.diff(group, prepend=-1))]
    return [slice(int(a), int(b)) for a, b in zip(first, [*first[1:], polygon.size], strict=True)]


def _covered(
    grid: Grid, start: FloatArray, stop: FloatArray, polygon: IntArray
) -> tuple[IntArray, IntArray, FloatArray]:
    """Cells, polygons and areas from the edges of whole polygons, outer rings counterclockwise."""
    edge, first, last = parts_between_edges(grid, start, stop)
    step = (stop - start)[edge]
    x = start[edge, 0] + (first + last) / 2 * step[:, 0]
    y = start[edge, 1] + (first + last) / 2 * step[:, 1]
    # Outer rings go down on their left side, and cover what lies to the right of it.
    height = -(last - first) * step[:, 1]
    row = grid.rows_at(y)
    x_edges = grid.x_edges()
    # Left of the grid an edge covers its whole row; -1 stands for there.
    col = np.searchsorted(x_edges, x, side="right") - 1
    used = (row >= 0) & (col < grid.cols)
    row, col, x, height, owner = row[used], col[used], x[used], height[used], polygon[edge[used]]
    own = np.where(col >= 0, height * (x_edges[col + 1] - x), 0.0)
    return _add_up(grid, owner, row, col, own, height)


def _add_up(
    grid: Grid, polygon: IntArray, row: IntArray, col: IntArray, own: FloatArray, height: FloatArray
) -> tuple[IntArray, IntArray, FloatArray]:
    """Areas from the parts of edges: each adds ``own`` to its cell, and ``height`` times the width to all right of it."""
    order = np.lexsort((col, row, polygon))
    polygon, row, col, own, height = polygon[order], row[order], col[order], own[order], height[order]
    new_line = (np.diff(polygon, prepend=-1) != 0) | (np.diff(row, prepend=-1) != 0)
    new_cell = new_line | (np.diff(col, prepend=-2) != 0)
    begins = np.flatnonzero(new_cell)
    if begins.size == 0:
        return np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0)
    own_sum, height_sum = np.add.reduceat(own, begins), np.add.reduceat(height, begins)
    polygon, row, col, new_line = polygon[begins], row[begins], col[begins], new_line[begins]
    covered = _running_sum(height_sum, new_line)
    before = np.where(new_line, 0.0, np.concatenate([[0.0], covered[:-1]]))
    area = own_sum + before * grid.size
    # From a cell with an edge in it up to the next one of the line, all cells are covered alike.
    next_col = np.where(np.append(new_line[1:], True), grid.cols, np.append(col[1:], grid.cols))
    gap = np.where(np.abs(covered) > GAP * grid.size, next_col - col - 1, 0)
    inside = col >= 0
    filled = np.repeat(np.arange(gap.size), gap)
    rank = np.arange(filled.size) - np.repeat(np.cumsum(gap) - gap, gap)
    cells = np.concatenate([(row * grid.cols + col)[inside], row[filled] * grid.cols + col[filled] + 1 + rank])
    return (
        cells,
        np.concatenate([polygon[inside], polygon[filled]]),
        np.concatenate([area[inside], covered[filled] * grid.size]),
    )


def _running_sum(values: FloatArray, restart: npt.NDArray[np.bool_]) -> FloatArray:
    """Cumulative sums that begin anew at each ``restart``."""
    total = np.cumsum(values)
    line = np.cumsum(restart) - 1
    base = (total - values)[restart]
    return np.asarray(total - base[line])
