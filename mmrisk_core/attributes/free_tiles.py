"""Cut features by tiles that lie on no grid: found by an index, intersected by GEOS in several threads."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt
import shapely

from mmrisk_core.tiles.grid import FloatArray, IntArray

THREADS = min(8, os.cpu_count() or 2)
BATCH_PAIRS = 20_000


def points_in_polygons(tree: shapely.STRtree, points: FloatArray) -> tuple[IntArray, IntArray]:
    """Which points (n, 2) lie in which polygons of ``tree``: positions of polygon and point.

    A point on the edge that neighbours share belongs to the first of them only; where polygons overlap, a point inside
    belongs to each.
    """
    polygons = tree.geometries
    finite = np.flatnonzero(np.isfinite(points).all(axis=1))
    geometry = shapely.points(points[finite])
    point, polygon = tree.query(geometry, predicate="intersects")
    order = np.lexsort((polygon, point))
    point, polygon = point[order], polygon[order]
    several = np.bincount(point, minlength=len(geometry))[point] > 1
    kept = np.ones(point.size, dtype=bool)
    kept[several] = ~shapely.touches(polygons[polygon[several]], geometry[point[several]])
    inside = np.bincount(point[kept], minlength=len(geometry)) > 0
    first = np.diff(point, prepend=-1) != 0
    kept |= first & ~inside[point]
    return polygon[kept], finite[point[kept]]


def cut_by_polygons(
    tree: shapely.STRtree, geometry: npt.NDArray[np.object_], measure: np.ufunc
) -> tuple[IntArray, IntArray, FloatArray]:
    """The ``measure`` (length or area) of ``geometry`` in each polygon of ``tree``: positions of both, measure."""
    polygons = tree.geometries
    feature, tile = tree.query(geometry, predicate="intersects")
    whole = measure(geometry)
    shapely.prepare(polygons)
    parts = [slice(i, i + BATCH_PAIRS) for i in range(0, feature.size, BATCH_PAIRS)]

    def measured(part: slice) -> FloatArray:
        tiles, features = polygons[tile[part]], geometry[feature[part]]
        inside = shapely.covers(tiles, features)
        result: FloatArray = whole[feature[part]].copy()
        result[~inside] = measure(shapely.intersection(features[~inside], tiles[~inside]))
        return result

    with ThreadPoolExecutor(THREADS) as pool:
        return tile, feature, np.concatenate([np.empty(0), *pool.map(measured, parts)])
