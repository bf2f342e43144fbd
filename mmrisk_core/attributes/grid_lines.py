"""Cut lines by the rows and columns of a grid, with array arithmetic instead of geometry operations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from mmrisk_core.arrays import FloatArray, GeometryArray, IntArray
from mmrisk_core.tiles.grid import Grid

BATCH_SEGMENTS = 50_000
"""Arrays of so many numbers stay in the processor's cache."""


@dataclass(frozen=True)
class Segments:
    """Straight lines from (x0, y0) to (x1, y1)."""

    x0: FloatArray
    y0: FloatArray
    x1: FloatArray
    y1: FloatArray

    @classmethod
    def between(cls, coordinates: FloatArray, first: IntArray) -> Segments:
        """Those from each of the ``coordinates`` (n, 2) at ``first`` to the next one."""
        x, y = np.ascontiguousarray(coordinates[:, 0]), np.ascontiguousarray(coordinates[:, 1])
        return cls(x[first], y[first], x[first + 1], y[first + 1])

    def __getitem__(self, index: slice | npt.NDArray[np.generic]) -> Segments:
        return Segments(self.x0[index], self.y0[index], self.x1[index], self.y1[index])

    def take(self, index: IntArray) -> Segments:
        """As ``[index]``, but quicker."""
        return Segments(self.x0.take(index), self.y0.take(index), self.x1.take(index), self.y1.take(index))

    def __len__(self) -> int:
        return self.x0.size


def cut_lines(grid: Grid, lines: GeometryArray) -> tuple[IntArray, IntArray, FloatArray]:
    """The length of ``lines`` in each cell of ``grid``.

    Each segment is cut where it crosses an edge of the grid. A part running along an edge belongs to the cell right of
    or below it only.

    :param lines: (multi-)line strings in the grid's CRS; None and empty ones have no part.
    :return: cell, index of the line, length in units of the CRS; each pair once.
    """
    segments, line = segments_of_lines(lines)
    n_cells = grid.rows * grid.cols
    pairs, lengths = [np.empty(0, dtype=np.int64)], [np.empty(0)]
    for batch in batches(len(segments)):
        segment, row, col, begin, end = parts_in_cells(grid, segments[batch])
        inside = (row >= 0) & (row < grid.rows) & (col >= 0) & (col < grid.cols)
        whole = np.hypot(segments.x1[batch] - segments.x0[batch], segments.y1[batch] - segments.y0[batch])
        pair = line[batch][segment] * n_cells + row * grid.cols + col
        # Most parts of a line in a cell follow each other, which leaves little to sort.
        pair, length = _merge_neighbours(pair[inside], ((end - begin) * whole[segment])[inside])
        pairs.append(pair)
        lengths.append(length)
    pair, length = np.concatenate(pairs), np.concatenate(lengths)
    order = np.argsort(pair, kind="stable")
    pair, length = _merge_neighbours(pair[order], length[order])
    return pair % n_cells, pair // n_cells, length


def segments_of_lines(lines: GeometryArray) -> tuple[Segments, IntArray]:
    """Segments and the index of their line, in order; those from or to a place that is not a number are left out."""
    # Taking lines apart makes many objects, which takes long; most need not be.
    if (shapely.get_num_geometries(lines) > 1).any():
        parts, owner = shapely.get_parts(lines, return_index=True)
    else:
        parts, owner = lines, np.arange(len(lines))
    coordinates, part = shapely.get_coordinates(parts, return_index=True)
    known = np.isfinite(coordinates).all() or np.isfinite(coordinates[:-1] + coordinates[1:]).all(axis=1)
    first = np.flatnonzero((part[1:] == part[:-1]) & known)
    return Segments.between(coordinates, first), owner[part[first]]


def batches(n: int) -> Iterator[slice]:
    """Slices of ``n`` segments."""
    return (slice(i, i + BATCH_SEGMENTS) for i in range(0, n, BATCH_SEGMENTS))


def parts_in_cells(grid: Grid, segments: Segments) -> tuple[IntArray, IntArray, IntArray, FloatArray, FloatArray]:
    """Cut segments where they cross edges of the grid.

    :return: of each part, in order: segment, row and column (-1 or their number outside), begin and end (0 at the start of
        the segment, 1 at its end).
    """
    n = len(segments)
    col, right, n_across, across, across_at = _crossings(grid.x_edges(), segments.x0, segments.x1)
    row, down, n_down, along, along_at = _crossings(-grid.y_edges(), -segments.y0, -segments.y1)
    crossed, position = np.concatenate([across, along]), np.concatenate([across_at, along_at])
    order = _in_order(crossed, position, n_across + n_down)
    position = position[order]

    segment = np.repeat(np.arange(n), 1 + n_across + n_down)
    cut = np.flatnonzero(segment[1:] == segment[:-1])
    begin, end = np.zeros(segment.size), np.ones(segment.size)
    begin[cut + 1] = position
    end[cut] = position
    # Every crossing leads to the next column or row.
    columns_on, rows_on = np.zeros(segment.size, dtype=np.int64), np.zeros(segment.size, dtype=np.int64)
    is_across = order < across.size
    columns_on[cut + 1] = is_across
    rows_on[cut + 1] = ~is_across
    columns_on = np.cumsum(columns_on) - (np.cumsum(n_across) - n_across)[segment]
    rows_on = np.cumsum(rows_on) - (np.cumsum(n_down) - n_down)[segment]
    return segment, row[segment] + down[segment] * rows_on, col[segment] + right[segment] * columns_on, begin, end


def _crossings(
    edges: FloatArray, start: FloatArray, stop: FloatArray
) -> tuple[IntArray, IntArray, IntArray, IntArray, FloatArray]:
    """Where segments from ``start`` to ``stop`` (along one axis) cross ascending ``edges``.

    :return: of each segment the interval between edges that it starts in, whether it goes up (1) or down (-1), and how many
        edges it crosses; of each crossing the segment and the position on it, in order.
    """
    upto_start, upto_stop = _edges_upto(edges, start), _edges_upto(edges, stop)
    before_start = upto_start - (edges[upto_start - 1] == start)
    before_stop = upto_stop - (edges[upto_stop - 1] == stop)
    up = stop >= start
    first = np.where(up, upto_start, before_start - 1)
    count = np.maximum(np.where(up, before_stop - upto_start, before_start - upto_stop), 0)
    direction = np.where(up, 1, -1)
    segment = np.repeat(np.arange(start.size), count)
    rank = np.arange(segment.size) - np.repeat(np.cumsum(count) - count, count)
    edge = edges[first[segment] + direction[segment] * rank]
    interval = np.where(up, upto_start, before_start) - 1
    return interval, direction, count, segment, (edge - start[segment]) / (stop - start)[segment]


def _edges_upto(edges: FloatArray, values: FloatArray) -> IntArray:
    """How many of equally spaced, ascending ``edges`` are at most each value; quicker than a search."""
    n = edges.size
    guess = (values - edges[0]) * ((n - 1) / (edges[-1] - edges[0])) + 1
    count: IntArray = np.clip(guess, 0, n).astype(np.int64)
    # The guess may be one off, by rounding.
    bounds = np.concatenate([[-np.inf], edges, [np.inf]])
    count -= bounds[count] > values
    count += bounds[count + 1] <= values
    return count


def _in_order(segment: IntArray, position: FloatArray, n_crossings: IntArray) -> IntArray:
    """The order by segment and position. Most segments are crossed only once: others alone are sorted by position."""
    order = np.argsort(segment, kind="stable")
    several = (n_crossings > 1)[segment[order]]
    among = order[several]
    order[several] = among[np.lexsort((position[among], segment[among]))]
    return order


def _merge_neighbours(pair: IntArray, length: FloatArray) -> tuple[IntArray, FloatArray]:
    if pair.size == 0:
        return pair, length
    begins = np.flatnonzero(np.diff(pair, prepend=-1))
    return pair[begins], np.add.reduceat(length, begins)
