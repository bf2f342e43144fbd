"""Cut features by tiles that are upright boxes on no grid, as squares along lines: with array arithmetic, pair by pair."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import shapely

from mmrisk_core.attributes.line_cuts import BATCH_SEGMENTS, segments_of_lines
from mmrisk_core.attributes.polygon_cuts import edges_of_polygons
from mmrisk_core.tiles.grid import FloatArray, IntArray

ROUND_OFF = 1e-10


def boxes_of(polygons: npt.NDArray[np.object_]) -> FloatArray | None:
    """Left, bottom, right, top (n, 4) of polygons that are all upright boxes; None where one is not."""
    bounds = shapely.bounds(polygons)
    width, height = bounds[:, 2] - bounds[:, 0], bounds[:, 3] - bounds[:, 1]
    return bounds if (shapely.area(polygons) >= width * height * (1 - ROUND_OFF)).all() else None


def cut_lines_by_boxes(
    tree: shapely.STRtree, boxes: FloatArray, lines: npt.NDArray[np.object_]
) -> tuple[IntArray, IntArray, FloatArray]:
    """The length of ``lines`` in each box.

    :param tree: of the boxes.
    :return: box, index of the line, length; each pair once.
    """
    segments, line = segments_of_lines(lines)
    feature, box = tree.query(lines, predicate="intersects")
    length = np.zeros(box.size)
    for pairs, pair, segment in _pairs_with_segments(feature, line):
        s, (left, bottom, right, top) = segments[segment], boxes[box[pair]].T
        x_in, x_out = _inside(left, right, s.x0, s.x1)
        y_in, y_out = _inside(bottom, top, s.y0, s.y1)
        share = np.maximum(np.minimum(x_out, y_out) - np.maximum(x_in, y_in), 0)
        length[pairs] = _sum_of(pair, share * np.hypot(s.x1 - s.x0, s.y1 - s.y0), pairs)
    return box, feature, length


def cut_polygons_by_boxes(
    tree: shapely.STRtree, boxes: FloatArray, polygons: npt.NDArray[np.object_]
) -> tuple[IntArray, IntArray, FloatArray]:
    """The area of valid ``polygons`` in each box; by Green's theorem, as on a grid.

    :return: box, index of the polygon, area; each pair once.
    """
    edges, polygon, sign = edges_of_polygons(polygons)
    order = np.argsort(polygon, kind="stable")
    edges, polygon, sign = edges[order], polygon[order], sign[order]
    feature, box = tree.query(polygons, predicate="intersects")
    left, bottom, right, top = boxes[box].T
    area = (right - left) * (top - bottom)
    # Of a polygon around a box, that is all there is to know, however many edges it has.
    shapely.prepare(polygons)
    cut = np.flatnonzero(~shapely.covers(polygons[feature], tree.geometries[box]))
    for pairs, pair, edge in _pairs_with_segments(feature[cut], polygon):
        s, (left, bottom, right, top) = edges[edge], boxes[box[cut[pair]]].T
        y_in, y_out = _inside(bottom, top, s.y0, s.y1)
        x_in, x_out = (np.clip(at, y_in, y_out) for at in _inside(left, right, s.x0, s.x1))
        # Left of the box an edge covers all of its width, in it what lies right of the edge.
        going_right = s.x1 >= s.x0
        before = np.where(going_right, x_in - y_in, y_out - x_out)
        to_right = (right - s.x0) - (x_in + x_out) / 2 * (s.x1 - s.x0)
        covered = before * (right - left) + (x_out - x_in) * to_right
        area[cut[pairs]] = _sum_of(pair, covered * (s.y0 - s.y1) * sign[edge], pairs)
    return box, feature, area


def _pairs_with_segments(feature: IntArray, owner: IntArray) -> Iterator[tuple[slice, IntArray, IntArray]]:
    """Some pairs at a time with all segments of their features: the pairs, and of each row the pair and the segment.

    :param feature: that of each pair.
    :param owner: the feature of each segment, in order.
    """
    first = np.searchsorted(owner, feature, side="left")
    count = np.searchsorted(owner, feature, side="right") - first
    ends = np.cumsum(count)
    start = 0
    while start < feature.size:
        before = ends[start] - count[start]
        stop = max(start + 1, int(np.searchsorted(ends, before + BATCH_SEGMENTS, side="right")))
        pairs = slice(start, stop)
        pair = np.repeat(np.arange(start, stop), count[pairs])
        yield pairs, pair, np.arange(pair.size) + np.repeat((first - ends + count)[pairs] + before, count[pairs])
        start = stop


def _inside(low: FloatArray, high: FloatArray, start: FloatArray, stop: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Where segments (0 at ``start``, 1 at ``stop``, along one axis) come in between ``low`` and ``high``, and go out."""
    step = stop - start
    still = step == 0
    step = np.where(still, 1.0, step)
    to_low, to_high = (low - start) / step, (high - start) / step
    come, go = np.minimum(to_low, to_high), np.maximum(to_low, to_high)
    # One that does not move along the axis is in all the way, or never; to the left of all is 'not yet'.
    come = np.where(still, np.where(start < low, np.inf, -np.inf), come)
    go = np.where(still, np.where(start > high, -np.inf, np.inf), go)
    return np.clip(come, 0, 1), np.clip(go, 0, 1)


def _sum_of(pair: IntArray, values: FloatArray, pairs: slice) -> FloatArray:
    return np.asarray(np.bincount(pair - pairs.start, weights=values, minlength=pairs.stop - pairs.start))
