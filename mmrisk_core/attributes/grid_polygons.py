"""Cut polygons by the rows and columns of a grid, with array arithmetic instead of geometry operations.

The area of a polygon in a cell follows from its edges alone, as in the exact coverage of a pixel by an outline (Green's
theorem): an edge takes part in the cell it crosses, and covers all cells to the right of it in its row.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from mmrisk_core.arrays import BoolArray, FloatArray, GeometryArray, IntArray
from mmrisk_core.attributes.grid_lines import Segments, batches, parts_in_cells
from mmrisk_core.tiles.grid import Grid

POLYGON = shapely.GeometryType.POLYGON.value
GAP = 1e-10
"""Share of a tile's height below which a cover comes of rounding."""


def cut_polygons(grid: Grid, polygons: GeometryArray) -> tuple[IntArray, IntArray, FloatArray]:
    """The area of ``polygons`` in each cell of ``grid``.

    :param polygons: valid (multi-)polygons in the grid's CRS; None and empty ones have no area.
    :return: cell, index of the polygon, area in square units of the CRS; each pair once, the areas may be slivers of
        rounding where a polygon only touches a cell.
    """
    edges, polygon, sign = edges_of_polygons(polygons)
    # An edge above, below or to the right of the grid covers nothing of it.
    _, bottom, right, top = grid.bounds
    near = (np.minimum(edges.x0, edges.x1) < right) & (np.maximum(edges.y0, edges.y1) > bottom)
    near &= (np.minimum(edges.y0, edges.y1) < top) & (edges.y0 != edges.y1)
    edges, polygon, sign = edges[near], polygon[near], sign[near]
    covers = [_Covers.none()]
    covers += [_covered(grid, edges[batch], polygon[batch], sign[batch]) for batch in batches(len(edges))]
    return _add_up(grid, _Covers.joined(covers).sorted())


def edges_of_polygons(polygons: GeometryArray) -> tuple[Segments, IntArray, FloatArray]:
    """Edges, the index of their polygon, and -1 where the polygon lies to the right of the edge, else 1."""
    # Taking polygons apart makes many objects, which takes long; most need not be.
    plain = (shapely.get_type_id(polygons) == POLYGON) & (shapely.get_num_interior_rings(polygons) == 0)
    parts, part_owner = shapely.get_parts(polygons[~plain], return_index=True)
    rings, ring_part = shapely.get_rings(parts, return_index=True)
    outer = np.append(np.ones(plain.sum(), dtype=bool), np.diff(ring_part, prepend=-1) != 0)
    owner = np.append(np.flatnonzero(plain), np.flatnonzero(~plain)[part_owner[ring_part]])
    coordinates, ring = shapely.get_coordinates(np.append(polygons[plain], rings), return_index=True)
    first = np.flatnonzero(ring[1:] == ring[:-1])
    edges, ring = Segments.between(coordinates, first), ring[first]
    sign = np.where((_twice_area(edges, ring, len(owner)) > 0) == outer, 1.0, -1.0)
    return edges, owner[ring], sign[ring]


def _twice_area(edges: Segments, ring: IntArray, n: int) -> FloatArray:
    """Twice the area in each ring, negative where it runs clockwise."""
    # Measured from a corner of the ring itself, little is lost by rounding.
    begins = np.flatnonzero(np.diff(ring, prepend=-1))
    corner = np.repeat(edges.x0[begins], np.diff(begins, append=ring.size))
    width = (edges.x0 - corner) + (edges.x1 - corner)
    return np.asarray(np.bincount(ring, weights=width * (edges.y1 - edges.y0), minlength=n))


@dataclass(frozen=True)
class _Covers:
    """What edges cover: ``own`` of the area of a place, and ``height`` of all that lies to the right of it.

    A place is a cell, or the outside left of a row, and a polygon, as one number that grows along the row.
    """

    place: IntArray
    own: FloatArray
    height: FloatArray

    @classmethod
    def none(cls) -> _Covers:
        return cls(np.empty(0, dtype=np.int64), np.empty(0), np.empty(0))

    @classmethod
    def joined(cls, several: list[_Covers]) -> _Covers:
        places, owns, heights = zip(*((c.place, c.own, c.height) for c in several), strict=True)
        return cls(np.concatenate(places), np.concatenate(owns), np.concatenate(heights))

    def sorted(self) -> _Covers:
        order = np.argsort(self.place, kind="stable")
        return _Covers(self.place[order], self.own[order], self.height[order]).merged()

    def merged(self) -> _Covers:
        """Neighbours of the same place become one."""
        if self.place.size == 0:
            return self
        begins = np.flatnonzero(np.diff(self.place, prepend=-1))
        return _Covers(self.place[begins], np.add.reduceat(self.own, begins), np.add.reduceat(self.height, begins))


def _covered(grid: Grid, edges: Segments, polygon: IntArray, sign: FloatArray) -> _Covers:
    edge, row, col, begin, end = parts_in_cells(grid, edges)
    height = (begin - end) * ((edges.y1 - edges.y0) * sign)[edge]
    # Measured from the left edge, little is lost by rounding.
    right = (grid.x_edges() - grid.left)[np.clip(col + 1, 0, grid.cols)]
    x = (edges.x0 - grid.left)[edge] + (begin + end) / 2 * (edges.x1 - edges.x0)[edge]
    own = np.where(col >= 0, height * (right - x), 0.0)
    place = (polygon[edge] * grid.rows + row) * (grid.cols + 1) + col + 1
    used = (row >= 0) & (row < grid.rows) & (col < grid.cols)
    return _Covers(place[used], own[used], height[used]).merged()


def _add_up(grid: Grid, covers: _Covers) -> tuple[IntArray, IntArray, FloatArray]:
    """Areas of cells and polygons, from what the edges cover."""
    line, col = covers.place // (grid.cols + 1), covers.place % (grid.cols + 1) - 1
    new_line = np.diff(line, prepend=-1) != 0
    covered = _running_sum(covers.height, new_line)
    width = np.diff(grid.x_edges())
    inside = col >= 0
    area = covers.own + (covered - covers.height) * width[col]
    # From a cell with an edge in it up to the next one of the line, all cells are covered alike.
    next_col = np.where(np.append(new_line[1:], True), grid.cols, np.append(col[1:], grid.cols))
    gap = np.where(np.abs(covered) > GAP * grid.size, next_col - col - 1, 0)
    filled = np.repeat(np.arange(gap.size), gap)
    filled_col = col[filled] + 1 + np.arange(filled.size) - np.repeat(np.cumsum(gap) - gap, gap)
    line = np.concatenate([line[inside], line[filled]])
    col = np.concatenate([col[inside], filled_col])
    area = np.concatenate([area[inside], covered[filled] * width[filled_col]])
    return line % grid.rows * grid.cols + col, line // grid.rows, area


def _running_sum(values: FloatArray, restart: BoolArray) -> FloatArray:
    """Cumulative sums that begin anew at each ``restart``."""
    if values.size == 0:
        return values
    begins = np.flatnonzero(restart)
    # Taking off the sum of the line before, rather than a total of all, loses no digits.
    steps = values.copy()
    steps[begins[1:]] -= np.add.reduceat(values, begins)[:-1]
    return np.asarray(np.cumsum(steps))
