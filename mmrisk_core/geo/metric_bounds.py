"""Tiles measured on the ground, whatever their coordinate reference system."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from mmrisk_core.arrays import FloatArray
from mmrisk_core.geo.crs import metric_crs, metric_unit
from mmrisk_core.geo.frames import require_crs, to_crs


def bounds_in_metres(tiles: gpd.GeoDataFrame) -> FloatArray:
    """Left, bottom, right, top of each tile in metres, (n, 4)."""
    metric = metric_crs(require_crs(tiles), tuple(tiles.total_bounds))
    unit = metric_unit(metric)
    return np.asarray(shapely.bounds(to_crs(tiles, metric).geometry.array) * unit)


def median_width(bounds: FloatArray) -> float:
    """How wide a typical tile is, from (n, 4) bounds."""
    return float(np.median(bounds[:, 2] - bounds[:, 0]))
