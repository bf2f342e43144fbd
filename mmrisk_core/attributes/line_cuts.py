"""Cut lines by the rows and columns of a grid, with array arithmetic instead of geometry operations."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely

from mmrisk_core.tiles.grid import FloatArray, Grid, IntArray


def cut_lines(grid: Grid, lines: npt.NDArray[np.object_]) -> tuple[IntArray, IntArray, FloatArray]:
    """The length of ``lines`` in each cell of ``grid``.

    Each segment is cut where it crosses an edge of the grid; the middle of a part says which cell owns it, so that a
    part running along an edge belongs to one cell only.

    :param lines: (multi-)line strings in the grid's CRS; None and empty ones have no part.
    :return: cell, index of the line, length in units of the CRS; each pair once.
    """
    parts, owner = shapely.get_parts(lines, return_index=True)
    coordinates, part = shapely.get_coordinates(parts, return_index=True)
    joined = part[1:] == part[:-1]
    start, stop = coordinates[:-1][joined], coordinates[1:][joined]
    line = owner[part[:-1][joined]]
    finite = np.isfinite(start).all(axis=1) & np.isfinite(stop).all(axis=1)
    if not finite.all():
        start, stop, line = start[finite], stop[finite], line[finite]
    segment, first, last = parts_between_edges(grid, start, stop)
    step = (stop - start)[segment]
    middle = start[segment] + ((first + last) / 2)[:, None] * step
    length = (last - first) * np.hypot(step[:, 0], step[:, 1])
    cell = grid.cells_at(middle[:, 0], middle[:, 1])
    inside = cell >= 0
    return _each_pair_once(grid.rows * grid.cols, cell[inside], line[segment[inside]], length[inside])


def parts_between_edges(grid: Grid, start: FloatArray, stop: FloatArray) -> tuple[IntArray, FloatArray, FloatArray]:
    """Cut segments at all edges of the grid that they cross.

    :return: segment, begin and end of each part (0 at the start of the segment, 1 at its end), in order.
    """
    across = _crossings(grid.x_edges(), start[:, 0], stop[:, 0])
    down = _crossings(-grid.y_edges(), -start[:, 1], -stop[:, 1])
    crossed, position = (np.concatenate(both) for both in zip(across, down, strict=True))
    order = np.lexsort((position, crossed))
    position = position[order]
    segment = np.repeat(np.arange(len(start)), 1 + np.bincount(crossed, minlength=len(start)))
    cut = segment[1:] == segment[:-1]
    first, last = np.zeros(segment.size), np.ones(segment.size)
    first[1:][cut] = position
    last[:-1][cut] = position
    return segment, first, last


def _crossings(edges: FloatArray, start: FloatArray, stop: FloatArray) -> tuple[IntArray, FloatArray]:
    """Where segments from ``start`` to ``stop`` (along one axis) cross ascending ``edges``: segment and position."""
    low, high = np.minimum(start, stop), np.maximum(start, stop)
    first = np.searchsorted(edges, low, side="right")
    count = np.maximum(np.searchsorted(edges, high, side="left") - first, 0)
    segment = np.repeat(np.arange(len(start)), count)
    rank = np.arange(segment.size) - np.repeat(np.cumsum(count) - count, count)
    edge = edges[first[segment] + rank]
    return segment, (edge - start[segment]) / (stop - start)[segment]


def _each_pair_once(
    n_cells: int, cell: IntArray, line: IntArray, length: FloatArray
) -> tuple[IntArray, IntArray, FloatArray]:
    # Most parts of a line in a cell follow each other; the few that come back to it are left for sorting.
    pair, length = _merge_neighbours(line * n_cells + cell, length)
    order = np.argsort(pair, kind="stable")
    pair, length = _merge_neighbours(pair[order], length[order])
    return pair % n_cells, pair // n_cells, length


def _merge_neighbours(pair: IntArray, length: FloatArray) -> tuple[IntArray, FloatArray]:
    if pair.size == 0:
        return pair, length
    begins = np.flatnonzero(np.diff(pair, prepend=-1))
    return pair[begins], np.add.reduceat(length, begins)
