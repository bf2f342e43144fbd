"""Edges of many features in one table, and those of them that matter to a window on the map."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from mmrisk_core.arrays import BoolArray, FloatArray, GeometryArray, IntArray
from mmrisk_core.attributes.grid_lines import BATCH_SEGMENTS, Segments, segments_of_lines
from mmrisk_core.attributes.grid_polygons import edges_of_polygons

Seen = Callable[[FloatArray, FloatArray], tuple[BoolArray, BoolArray]]
"""Of bounds (4, n) and windows (4, n): which matter, and which of these lie beside the window, all of them alike."""

ROUND_OFF = 1e-13
STRETCH = 12
"""Edges that are looked at as one, at the least."""


@dataclass(frozen=True)
class Outlines:
    """The edges of features, one feature after the other, in stretches of edges that follow each other.

    :param sign: of each edge, -1 where the inside of the polygon lies to the right of it, else 1.
    :param begins: the first edge of each stretch, and behind the last one the number of edges.
    :param first: the first stretch of each feature, and behind the last one the number of stretches.
    :param stretch_bounds: left, bottom, right, top (4, n) of each stretch.
    """

    edges: Segments
    sign: FloatArray
    begins: IntArray
    first: IntArray
    stretch_bounds: FloatArray

    def count(self, feature: IntArray) -> IntArray:
        """The number of edges of a feature."""
        return np.asarray(self.begins.take(self.first.take(feature + 1)) - self.begins.take(self.first.take(feature)))

    def effort(self, feature: IntArray) -> IntArray:
        """How many edges and stretches of a feature are looked at, roughly; a tenth of all edges are near to a window."""
        stretches = self.first.take(feature + 1) - self.first.take(feature)
        return np.asarray(STRETCH + stretches + self.count(feature) // 10)


@dataclass(frozen=True)
class Rows:
    """Edges of features of pairs: each row is of one pair, those of a pair follow each other."""

    pair: IntArray
    edges: Segments
    sign: FloatArray

    def window(self, n_pairs: int) -> FloatArray:
        """Left, bottom, right, top (4, n_pairs) of the edges of each pair; of none, one that nothing is near to."""
        window = np.array([[np.inf], [np.inf], [-np.inf], [-np.inf]]).repeat(n_pairs, axis=1)
        begins = np.flatnonzero(np.diff(self.pair, prepend=-1))
        window[:, self.pair[begins]] = _bounds_of_runs(self.edges, begins)
        return window


def outlines_of_polygons(polygons: GeometryArray) -> Outlines:
    """The outlines of valid (multi-)polygons and of their holes."""
    edges, owner, sign = edges_of_polygons(polygons)
    order = np.argsort(owner, kind="stable")
    edges, owner, sign = edges[order], owner[order], sign[order]
    on = (edges.x0[1:] == edges.x1[:-1]) & (edges.y0[1:] == edges.y1[:-1]) & (sign[1:] == sign[:-1])
    begins = _stretches(owner, on)
    return _outlines(edges, sign, begins, np.searchsorted(owner[begins], np.arange(len(polygons) + 1)))


def stretches_of_lines(lines: GeometryArray) -> tuple[Outlines, IntArray]:
    """Stretches of lines, as features of their own, and the line of each; edges without length are left out."""
    edges, line = segments_of_lines(lines)
    long = (edges.x0 != edges.x1) | (edges.y0 != edges.y1)
    edges, line = edges[long], line[long]
    begins = _stretches(line, np.ones(max(line.size - 1, 0), dtype=bool))
    return _outlines(edges, np.ones(line.size), begins, np.arange(begins.size + 1)), line[begins]


def boxes_along(stretches: Outlines, reach: float) -> tuple[FloatArray, IntArray]:
    """Boxes (4, n) that hold the edges of stretches, none much longer than ``reach``; and the stretch of each, in order.

    The bounds of a long slanted edge are mostly empty, and have many tiles in them that it does not come near to.
    """
    left, bottom, right, top = stretches.stretch_bounds
    long = np.maximum(right - left, top - bottom) > reach
    stretch, edge = repeat_ranges(stretches.begins[:-1], np.where(long, np.diff(stretches.begins), 0))
    e = stretches.edges.take(edge)
    steps = np.ceil(np.maximum(np.abs(e.x1 - e.x0), np.abs(e.y1 - e.y0)) / reach).astype(np.int64)
    which, step = repeat_ranges(np.zeros_like(steps), steps)
    begin, end = step / steps.take(which), (step + 1) / steps.take(which)
    e = e.take(which)
    x0, y0, dx, dy = e.x0, e.y0, e.x1 - e.x0, e.y1 - e.y0
    parts = _bounds(Segments(x0 + begin * dx, y0 + begin * dy, x0 + end * dx, y0 + end * dy))
    # The places in between are rounded.
    parts += np.abs(parts) * np.array([[-ROUND_OFF], [-ROUND_OFF], [ROUND_OFF], [ROUND_OFF]])
    owner = np.append(np.flatnonzero(~long), stretch.take(which))
    order = np.argsort(owner, kind="stable")
    return np.append(stretches.stretch_bounds[:, ~long], parts, axis=1).take(order, axis=1), owner.take(order)


def _stretches(owner: IntArray, on: BoolArray) -> IntArray:
    """The first edge of each stretch.

    :param owner: of each edge, in order.
    :param on: of each edge but the first, whether it follows on the one before.
    """
    # With the root of all their edges in each stretch, as many stretches are looked at as edges of one of them.
    longest = np.maximum(STRETCH, np.sqrt(np.bincount(owner))).astype(np.int64)
    chain = np.flatnonzero(np.append(True, (owner[1:] != owner[:-1]) | ~on)[: owner.size])
    rank = np.arange(owner.size) - np.repeat(chain, np.diff(chain, append=owner.size))
    return np.flatnonzero(rank % longest[owner] == 0)


def _outlines(edges: Segments, sign: FloatArray, begins: IntArray, first: IntArray) -> Outlines:
    return Outlines(edges, sign, np.append(begins, len(edges)), first, _bounds_of_runs(edges, begins))


def _bounds_of_runs(edges: Segments, begins: IntArray) -> FloatArray:
    """Left, bottom, right, top (4, n) of the edges from each one that ``begins`` a run to the next such."""
    left, bottom, right, top = _bounds(edges)
    if begins.size == 0:
        return np.empty((4, 0))
    low = [np.minimum.reduceat(values, begins) for values in (left, bottom)]
    return np.stack([*low, *(np.maximum.reduceat(values, begins) for values in (right, top))])


def edges_near(outlines: Outlines, feature: IntArray, window: FloatArray, seen: Seen, beside: FloatArray) -> Rows:
    """The edges of the ``feature`` of each pair that are ``seen`` from its window.

    :param window: left, bottom, right, top (4, pairs).
    :param beside: x of each pair, where edges are moved that lie beside the window; one then stands for many.
    """
    first = outlines.first.take(feature)
    pair, stretch = repeat_ranges(first, outlines.first.take(feature + 1) - first)
    near, aside = seen(outlines.stretch_bounds.take(stretch, axis=1), window.take(pair, axis=1))
    kept = np.flatnonzero(near)
    pair, stretch, aside = pair.take(kept), stretch.take(kept), aside.take(kept)
    begins, ends = outlines.begins.take(stretch), outlines.begins.take(stretch + 1)
    which, edge = repeat_ranges(begins, np.where(aside, 1, ends - begins))
    pair, aside = pair.take(which), aside.take(which)
    last = np.where(aside, ends.take(which) - 1, edge)
    e, x = outlines.edges, beside.take(pair)
    x0, x1 = np.where(aside, x, e.x0.take(edge)), np.where(aside, x, e.x1.take(edge))
    edges = Segments(x0, e.y0.take(edge), x1, e.y1.take(last))
    near, aside = seen(_bounds(edges), window.take(pair, axis=1))
    kept = np.flatnonzero(near)
    rows = Rows(pair.take(kept), edges.take(kept), outlines.sign.take(edge.take(kept)))
    return _run_together(rows, aside.take(kept), x.take(kept)) if aside.any() else rows


def from_the_right(bounds: FloatArray, window: FloatArray) -> tuple[BoolArray, BoolArray]:
    """What lies in or to the left of the window; the latter is beside it."""
    near = (bounds[0] < window[2]) & (bounds[1] < window[3]) & (bounds[3] > window[1])
    return near, bounds[2] <= window[0]


def from_the_left(bounds: FloatArray, window: FloatArray) -> tuple[BoolArray, BoolArray]:
    """What lies in or to the right of the window, or touches it; what is right of it is beside it."""
    near = (bounds[2] >= window[0]) & (bounds[1] <= window[3]) & (bounds[3] >= window[1])
    return near, bounds[0] > window[2]


def from_within(bounds: FloatArray, window: FloatArray) -> tuple[BoolArray, BoolArray]:
    """What lies in the window or touches it; nothing is beside it."""
    near = (bounds[0] <= window[2]) & (bounds[2] >= window[0]) & (bounds[1] <= window[3]) & (bounds[3] >= window[1])
    return near, np.zeros(near.size, dtype=bool)


def _bounds(edges: Segments) -> FloatArray:
    low = [np.minimum(edges.x0, edges.x1), np.minimum(edges.y0, edges.y1)]
    return np.stack([*low, np.maximum(edges.x0, edges.x1), np.maximum(edges.y0, edges.y1)])


def _run_together(rows: Rows, aside: BoolArray, x: FloatArray) -> Rows:
    """One edge at ``x`` instead of several that lie ``aside`` and follow each other."""
    e = rows.edges
    on = aside[1:] & aside[:-1] & (rows.pair[1:] == rows.pair[:-1])
    on &= (e.y0[1:] == e.y1[:-1]) & (rows.sign[1:] == rows.sign[:-1])
    first = np.flatnonzero(np.append(True, ~on)[: aside.size])
    last = np.append(first[1:], aside.size)[: first.size] - 1
    aside, x = aside[first], x[first]
    x0, x1 = np.where(aside, x, e.x0[first]), np.where(aside, x, e.x1[first])
    return Rows(rows.pair[first], Segments(x0, e.y0[first], x1, e.y1[last]), rows.sign[first])


def repeat_ranges(first: IntArray, count: IntArray) -> tuple[IntArray, IntArray]:
    """Ranges of numbers one after the other: of each number the range it is of, and itself."""
    which = np.repeat(np.arange(count.size), count)
    return which, np.arange(which.size) + (first - np.cumsum(count) + count).take(which)


def in_batches(count: IntArray, most: int = BATCH_SEGMENTS) -> Iterator[slice]:
    """Slices of as many as have a ``count`` of at most ``most`` together, but one at least."""
    ends = np.cumsum(count)
    start = 0
    while start < count.size:
        stop = max(start + 1, int(np.searchsorted(ends, ends[start] - count[start] + most, side="right")))
        yield slice(start, stop)
        start = stop
