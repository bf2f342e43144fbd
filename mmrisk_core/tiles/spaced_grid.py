"""Tiles on a grid whose steps are not a tile wide: overlapping, or with gaps between them.

They are no partition: a place may lie in several tiles or in none, which is why they are no :class:`Grid`.
"""

from __future__ import annotations

import numpy as np
import shapely

from mmrisk_core.arrays import GeometryArray, IntArray
from mmrisk_core.geo.crs import Bounds
from mmrisk_core.tiles.grid import MAX_TILES, count_steps


def spaced_squares(
    extent: Bounds, size: float, spacing: float, most: int = MAX_TILES
) -> tuple[IntArray, IntArray, GeometryArray]:
    """Squares every ``spacing`` from the upper left corner of ``extent``, as many as reach its far edges.

    No square lies wholly beyond the extent. Where squares overlap, every place of the extent lies in at least one.

    :param extent: left, bottom, right, top, in the units of ``size`` and ``spacing``.
    :return: row (from the top), column (from the left) and polygon, row by row.
    :raises MMRiskError: for an empty extent, or more tiles than ``most``.
    """
    rows, cols = count_steps(extent, size, spacing, most)
    row, col = (index.ravel() for index in np.indices((rows, cols)))
    left, top = extent[0] + col * spacing, extent[3] - row * spacing
    return row, col, np.asarray(shapely.box(left, top - size, left + size, top))
