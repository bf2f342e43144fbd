"""Polygons as tiles, such as road sections with their surroundings, or blocks."""

from __future__ import annotations

import math

import geopandas as gpd
import numpy as np
import pyproj
import shapely

from mmrisk_core.geo.crs import metres_per_unit
from mmrisk_core.geo.frames import clean_geometry, to_crs

EQUAL_AREA = pyproj.CRS.from_epsg(6933)


def polygons_in(polygons: gpd.GeoDataFrame, crs: pyproj.CRS) -> gpd.GeoDataFrame:
    """The polygons in ``crs``, valid there too.

    :raises MMRiskError: when one lies where ``crs`` is not defined.
    """
    moved = to_crs(polygons, crs)
    return moved if moved is polygons else moved.set_geometry(clean_geometry(moved.geometry.array), crs=crs)


def typical_width(polygons: gpd.GeoDataFrame) -> float:
    """The side in metres of a square as large as the median polygon."""
    unit = metres_per_unit(pyproj.CRS(polygons.crs))
    if unit is None:
        polygons, unit = to_crs(polygons, EQUAL_AREA), 1.0
    return math.sqrt(float(np.median(shapely.area(polygons.geometry.array)))) * unit
