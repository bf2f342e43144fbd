"""Find the points in tiles that lie on no grid, by an index."""

from __future__ import annotations

import numpy as np
import shapely

from mmrisk_core.arrays import FloatArray, IntArray


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
