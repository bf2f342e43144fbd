"""Tiles around points, such as junctions."""

from __future__ import annotations

import numpy as np
import shapely

from mmrisk_core.tiles.followed_layer import Geometries


def squares_around(points: Geometries, size: float) -> Geometries:
    """The axis-aligned squares of side ``size`` (in units of the CRS) whose middles are ``points``."""
    x, y, half = shapely.get_x(points), shapely.get_y(points), size / 2
    return np.asarray(shapely.box(x - half, y - half, x + half, y + half))
