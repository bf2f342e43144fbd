"""Cut lines by the rows and columns of a grid, with array arithmetic instead of geometry operations."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely

from mmrisk_core.tiles.grid import FloatArray, Grid, IntArray


def cut_lines(grid: Grid, lines: npt.NDArray[np.object_]) -> tuple[IntArray, IntArray, FloatArray]:
    """The parts of ``lines`` in each cell of ``grid``.

    Each segment is cut where it crosses an edge of the grid; the middle of a part says which cell owns it, so that a
    part running along an edge belongs to one cell only.

    :param lines: (multi-)line strings in the grid's CRS; None and empty ones have no part.
    :return: cell, index of the line, length in units of the CRS; a cell and a line may occur several times.
    """
    parts, owner = shapely.get_parts(lines, return_index=True)
    coordinates, part = shapely.get_coordinates(parts, return_index=True)
    joined = part[1:] == part[:-1]
    start, stop = coordinates[:-1][joined], coordinates[1:][joined]
    line = owner[part[:-1][joined]]
    finite = np.isfinite(start).all(axis=1) & np.isfinite(stop).all(axis=1)
    start, stop, line = start[finite], stop[finite], line[finite]
    segment, position = cut_positions(grid, start, stop)

    same = segment[1:] == segment[:-1]
    segment = segment[:-1][same]
    first, last = position[:-1][same], position[1:][same]
    step = (stop - start)[segment]
    middle = start[segment] + ((first + last) / 2)[:, None] * step
    length = (last - first) * np.hypot(step[:, 0], step[:, 1])
    cell = grid.cells_at(middle[:, 0], middle[:, 1])
    inside = cell >= 0
    return cell[inside], line[segment[inside]], length[inside]


def cut_positions(grid: Grid, start: FloatArray, stop: FloatArray) -> tuple[IntArray, FloatArray]:
    """Segment and position (0 at its start, 1 at its end) of all cuts by the grid's edges and both ends, sorted."""
    n = len(start)
    across = _crossings(grid.x_edges(), start[:, 0], stop[:, 0])
    down = _crossings(-grid.y_edges(), -start[:, 1], -stop[:, 1])
    segment = np.concatenate([np.arange(n), across[0], down[0], np.arange(n)])
    position = np.concatenate([np.zeros(n), across[1], down[1], np.ones(n)])
    order = np.lexsort((position, segment))
    return segment[order], position[order]


def _crossings(edges: FloatArray, start: FloatArray, stop: FloatArray) -> tuple[IntArray, FloatArray]:
    """Where segments from ``start`` to ``stop`` (along one axis) cross ascending ``edges``: segment and position."""
    low, high = np.minimum(start, stop), np.maximum(start, stop)
    first = np.searchsorted(edges, low, side="right")
    count = np.maximum(np.searchsorted(edges, high, side="left") - first, 0)
    segment = np.repeat(np.arange(len(start)), count)
    rank = np.arange(segment.size) - np.repeat(np.cumsum(count) - count, count)
    edge = edges[first[segment] + rank]
    return segment, (edge - start[segment]) / (stop - start)[segment]
