"""Cut features by polygons of any shape, with arithmetic on their edges instead of geometry operations.

An edge of a tile covers what lies to the left of it, at its height. What the edges cover that go up, less what those cover
that go down, is the tile: a ray from a point to the right leaves it once more than it comes in. So the length of a line in
a tile is a sum over couples of an edge of each, and so is the area of a polygon, whose edges cover what lies to the right.
How the edges follow each other does not matter: tiles may have any shape, holes and several parts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely

from mmrisk_core.arrays import BoolArray, FloatArray, GeometryArray, IntArray
from mmrisk_core.attributes.edge_tables import (
    ROUND_OFF,
    Outlines,
    Rows,
    boxes_along,
    edges_near,
    from_the_left,
    from_the_right,
    from_within,
    in_batches,
    outlines_of_polygons,
    repeat_ranges,
    stretches_of_lines,
)

BATCH_COUPLES = 100_000
REACH = 4.0
"""Sides of a usual tile, up to which a line is looked for by its bounds."""
COUPLES_PER_EDGE, EDGES_AT_LEAST = 30, 100
"""Where there are more, as between two detailed outlines of the same place, GEOS is quicker."""
ALONG = 1e-5
"""Share of a segment's length: where it crosses an edge that comes less away from it than that is not known well enough."""


def cut_lines_by_tiles(
    tree: shapely.STRtree, tiles: Outlines, lines: GeometryArray
) -> tuple[IntArray, IntArray, FloatArray]:
    """The length of ``lines`` in each tile; a part along the edge of a tile is in it, as GEOS has it.

    :param tree: of the tiles.
    :param tiles: their outlines.
    :return: tile, index of the line, length; each pair once. Lines without length have one of 0 in the tiles they meet.
    """
    polygons = tree.geometries
    length_of = shapely.length(lines)
    with_length, points = np.flatnonzero(length_of != 0), np.flatnonzero(length_of == 0)
    stretches, line = stretches_of_lines(lines[with_length])
    line = with_length[line]
    bounds = shapely.bounds(polygons).T
    boxes, owner = boxes_along(stretches, REACH * _usual_size(bounds))
    pairs, lengths = [np.empty(0, dtype=np.int64)], [np.empty(0)]
    for some in in_batches(np.bincount(owner, minlength=line.size), BATCH_COUPLES):
        of_some = slice(*np.searchsorted(owner, [some.start, some.stop]))
        # A line from corner to corner has the same bounds as a box, and is made in less time.
        box, tile = tree.query(shapely.linestrings(boxes[:, of_some].T.reshape(-1, 2, 2)))
        pair = np.unique(owner[of_some].take(box) * len(polygons) + tile)
        stretch, tile = pair // len(polygons), pair % len(polygons)
        for batch in in_batches(stretches.effort(stretch) + tiles.effort(tile)):
            length = _lengths(polygons, bounds, tiles, tile[batch], stretches, stretch[batch])
            there = length > 0
            pairs.append((line[stretch[batch]] * len(polygons) + tile[batch])[there])
            lengths.append(length[there])
    pair, which = np.unique(np.concatenate(pairs), return_inverse=True)
    total = np.bincount(which, weights=np.concatenate(lengths), minlength=pair.size)
    point, met = tree.query(lines[points], predicate="intersects")
    return (
        np.append(pair % len(polygons), met),
        np.append(pair // len(polygons), points[point]),
        np.append(total, np.zeros(met.size)),
    )


def cut_polygons_by_tiles(
    tree: shapely.STRtree, tiles: Outlines, polygons: GeometryArray
) -> tuple[IntArray, IntArray, FloatArray]:
    """The area of valid ``polygons`` in each tile.

    :return: as :func:`cut_lines_by_tiles`; areas may be slivers of rounding where a polygon only touches a tile.
    """
    outlines = outlines_of_polygons(polygons)
    feature, tile = tree.query(polygons)
    tile_bounds, polygon_bounds = shapely.bounds(tree.geometries).T, shapely.bounds(polygons).T
    area = np.zeros(tile.size)
    many = _too_many(outlines.count(feature), tiles.count(tile), polygon_bounds[:, feature], tile_bounds[:, tile])
    area[many] = _areas_by_geos(polygons[feature[many]], tree.geometries[tile[many]])
    few = np.flatnonzero(~many)
    for batch in in_batches(outlines.effort(feature[few]) + tiles.effort(tile[few])):
        pairs = few[batch]
        of_tile, of_polygon = tile_bounds.take(tile[pairs], axis=1), polygon_bounds.take(feature[pairs], axis=1)
        right = edges_near(outlines, feature[pairs], of_tile, from_the_right, of_tile[0])
        left = edges_near(tiles, tile[pairs], of_polygon, from_the_left, of_tile[2])
        area[pairs] = _areas(left, right, of_tile[0])
    there = area > 0
    return tile[there], feature[there], area[there]


def _usual_size(bounds: FloatArray) -> float:
    left, bottom, right, top = bounds[:, np.isfinite(bounds).all(axis=0)]
    return float(np.median(np.maximum(right - left, top - bottom))) if left.size else 1.0


def _too_many(n_one: IntArray, n_other: IntArray, one: FloatArray, other: FloatArray) -> BoolArray:
    """Which pairs are likely to have so many couples of edges near each other that GEOS is quicker.

    :param n_one: edges of the ones.
    :param one: left, bottom, right, top (4, n) of the ones.
    """
    both = np.prod(np.minimum(one[2:], other[2:]) - np.maximum(one[:2], other[:2]), axis=0)
    near = [n * both / np.prod(bounds[2:] - bounds[:2], axis=0) for n, bounds in ((n_one, one), (n_other, other))]
    return np.asarray(near[0] * near[1] > COUPLES_PER_EDGE * (n_one + n_other + EDGES_AT_LEAST))


def _areas_by_geos(some: GeometryArray, others: GeometryArray) -> FloatArray:
    """The area of what each two polygons have in common."""
    area, across = np.empty(some.size), np.ones(some.size, dtype=bool)
    for one, other in ((some, others), (others, some)):
        shapely.prepare(one)
        inside = shapely.covers(one, other)
        area[inside] = shapely.area(other[inside])
        across &= ~inside
    area[across] = shapely.area(shapely.intersection(some[across], others[across]))
    return area


def _areas(left: Rows, right: Rows, origin: FloatArray) -> FloatArray:
    """The area left of one and right of the other edge, added up over the couples of edges of each pair.

    :param origin: x of each pair near its edges, from which little is lost by rounding.
    """
    area = np.zeros(origin.size)
    e, f = _sides(right, origin), _sides(left, origin)
    for i, j in _couples(e, f, origin.size):
        low, high = np.maximum(e.low.take(i), f.low.take(j)), np.minimum(e.high.take(i), f.high.take(j))
        at_low, at_high = f.x_at(j, low) - e.x_at(i, low), f.x_at(j, high) - e.x_at(i, high)
        between, apart = _between(at_low, at_high)
        mean = np.divide(between**2, 2 * apart, out=np.zeros(i.size), where=apart > 0)
        covered = e.up.take(i) * f.up.take(j) * (high - low) * mean
        area -= np.bincount(e.pair.take(i), weights=covered, minlength=area.size)
    return area


def _lengths(
    polygons: GeometryArray,
    bounds: FloatArray,
    tiles: Outlines,
    tile: IntArray,
    stretches: Outlines,
    stretch: IntArray,
) -> FloatArray:
    """The length of each stretch in its tile."""
    of_tile = bounds.take(tile, axis=1)
    segments = edges_near(stretches, stretch, of_tile, from_within, of_tile[0])
    edges = edges_near(tiles, tile, segments.window(tile.size), from_the_left, of_tile[2])
    share, doubtful = _shares(edges, segments, of_tile[0])
    s = segments.edges
    length = np.hypot(s.x1 - s.x0, s.y1 - s.y0)
    inside = share * length
    if doubtful.any():
        s = s[doubtful]
        ends = np.stack([np.column_stack([s.x0, s.y0]), np.column_stack([s.x1, s.y1])], axis=1)
        parts = shapely.intersection(shapely.linestrings(ends), polygons[tile[segments.pair[doubtful]]])
        inside[doubtful] = shapely.length(parts)
    return np.asarray(np.bincount(segments.pair, weights=inside, minlength=tile.size))


def _shares(edges: Rows, segments: Rows, origin: FloatArray) -> tuple[FloatArray, BoolArray]:
    """The share of each segment that lies in the tile of its pair; and where that is not known, as along an edge."""
    share = np.zeros(segments.pair.size)
    doubtful = np.zeros(segments.pair.size, dtype=bool)
    s, f = _sides(segments, origin), _sides(edges, origin)
    for i, j in _couples(s, f, origin.size):
        y_low, y_high, up, level = f.low.take(j), f.high.take(j), f.up.take(j), s.level.take(i)
        low, high = np.maximum(s.low.take(i), y_low), np.minimum(s.high.take(i), y_high)
        begin, end = np.where(level, 0.0, s.share_at(i, low)), np.where(level, 1.0, s.share_at(i, high))
        # Of two edges that meet at the height of a level segment, it is beside the upper one only.
        part = np.where(level, (low < y_high) & (up != 0), np.abs(end - begin))
        x0, dx, right = s.x0.take(i), s.dx.take(i), f.right.take(j)
        at_low, at_high = f.x_at(j, low) - (x0 + begin * dx), f.x_at(j, high) - (x0 + end * dx)
        between, apart = _between(at_low, at_high)
        inside = part * np.divide(between, apart, out=np.zeros(i.size), where=apart > 0)
        share += np.bincount(i, weights=inside * up, minlength=share.size)
        length = s.length.take(i)
        beside = np.minimum(np.abs(at_low), np.abs(at_high)) > ROUND_OFF * (length + np.abs(right))
        beside &= (at_low < 0) == (at_high < 0)
        doubtful[i[~beside & (apart <= ALONG * part * length) & (part > 0)]] = True
        both = np.flatnonzero(level & f.level.take(j))
        i, j = i[both], j[both]
        doubtful[i[(s.left[i] < f.right[j]) & (s.right[i] > f.left[j])]] = True
    return np.clip(share, 0, 1), doubtful


@dataclass(frozen=True)
class _Sides:
    """What is asked of edges again and again; x is measured from near by, so that little is lost by rounding."""

    pair: IntArray
    x0: FloatArray
    y0: FloatArray
    dx: FloatArray
    dy: FloatArray
    left: FloatArray
    low: FloatArray
    right: FloatArray
    high: FloatArray
    up: FloatArray
    level: BoolArray

    @cached_property
    def length(self) -> FloatArray:
        return np.asarray(np.hypot(self.dx, np.where(self.level, 0.0, self.dy)))

    def share_at(self, row: IntArray, y: FloatArray) -> FloatArray:
        """Where edges are at ``y``: 0 at their start, 1 at their end."""
        return np.asarray((y - self.y0.take(row)) / self.dy.take(row))

    def x_at(self, row: IntArray, y: FloatArray) -> FloatArray:
        return np.asarray(self.x0.take(row) + self.share_at(row, y) * self.dx.take(row))


def _sides(rows: Rows, origin: FloatArray) -> _Sides:
    x, e = origin.take(rows.pair), rows.edges
    x0, x1, dy = e.x0 - x, e.x1 - x, e.y1 - e.y0
    left, low, right, high = np.minimum(x0, x1), np.minimum(e.y0, e.y1), np.maximum(x0, x1), np.maximum(e.y0, e.y1)
    level = dy == 0
    up = np.sign(dy) * rows.sign
    return _Sides(rows.pair, x0, e.y0, e.x1 - e.x0, np.where(level, 1.0, dy), left, low, right, high, up, level)


def _between(at_low: FloatArray, at_high: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Of two edges' distances at their lower and their upper end: those above 0 added up, and both whatever their sign."""
    return np.maximum(at_low, 0) + np.maximum(at_high, 0), np.abs(at_low) + np.abs(at_high)


def _couples(one: _Sides, other: _Sides, n_pairs: int) -> Iterator[tuple[IntArray, IntArray]]:
    """The rows of two edges of a pair that meet at some height, and the one not all right of the other; some at a time."""
    begins = np.searchsorted(other.pair, np.arange(n_pairs + 1))
    first, count = begins[one.pair], np.diff(begins)[one.pair]
    for batch in in_batches(count, BATCH_COUPLES):
        which, j = repeat_ranges(first[batch], count[batch])
        near = one.low[batch].take(which) <= other.high.take(j)
        near &= one.high[batch].take(which) >= other.low.take(j)
        near &= one.left[batch].take(which) <= other.right.take(j)
        kept = np.flatnonzero(near)
        yield which.take(kept) + batch.start, j.take(kept)
