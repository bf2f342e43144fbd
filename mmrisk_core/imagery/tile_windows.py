"""Which part of a raster a tile is, in whole pixels."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pyproj
import shapely
from affine import Affine

from mmrisk_core.arrays import FloatArray, IntArray
from mmrisk_core.geo.crs import metric_crs, metric_unit
from mmrisk_core.geo.frames import require_crs, to_crs

SAMPLE_FOR_WIDTH = 1000
ROUND_OFF = 1e-6


def reading_crs(tiles: gpd.GeoDataFrame) -> pyproj.CRS:
    """The CRS in which windows are square: that of ``tiles``, or a metric one where theirs is in degrees."""
    crs = require_crs(tiles)
    return crs if crs.is_projected else metric_crs(crs, tuple(tiles.total_bounds))


def square_windows(tiles: gpd.GeoDataFrame, context: float) -> FloatArray:
    """Left, bottom, right, top of the square around each tile's centre, ``context`` times as wide as the tile, (n, 4).

    In units of the :func:`reading_crs` of ``tiles``.
    """
    bounds = shapely.bounds(to_crs(tiles, reading_crs(tiles)).geometry.array)
    width = bounds[:, 2:] - bounds[:, :2]
    centre = (bounds[:, :2] + bounds[:, 2:]) / 2
    half = width.max(axis=1, keepdims=True) / 2 * context
    windows = np.hstack([centre - half, centre + half])
    # The edges that neighbours share must stay the same to the last bit.
    square = np.isclose(width[:, 0], width[:, 1], rtol=ROUND_OFF, atol=0) & (context == 1.0)
    return np.where(square[:, None], bounds, windows)


def typical_width(tiles: gpd.GeoDataFrame) -> float:
    """How wide ``tiles`` are in metres, going by some of them."""
    some = tiles.iloc[:: max(1, len(tiles) // SAMPLE_FOR_WIDTH)]
    metric = metric_crs(require_crs(tiles), tuple(some.total_bounds))
    bounds = shapely.bounds(to_crs(some, metric).geometry.array)
    unit = metric_unit(metric)
    return float(np.nanmedian((bounds[:, 2:] - bounds[:, :2]).max(axis=1))) * unit


def pixel_windows(bounds: FloatArray, transform: Affine) -> IntArray:
    """First column, first row, last column, last row (half-open) of each box in a north-up raster, (n, 4).

    Edges are rounded to the pixel grid. Boxes that share an edge share no pixel and leave none out, so the tiles of a grid
    hold every pixel exactly once. A box too narrow for that gets the pixel its middle lies in.

    :param bounds: (n, 4) left, bottom, right, top, finite.
    :param transform: of the raster, in the CRS of the boxes.
    """
    left, right = ((bounds[:, i] - transform.c) / transform.a for i in (0, 2))
    bottom, top = ((bounds[:, i] - transform.f) / transform.e for i in (1, 3))
    first_col, last_col = _whole_pixels(left, right)
    first_row, last_row = _whole_pixels(top, bottom)
    return np.stack([first_col, first_row, last_col, last_row], axis=1)


def _whole_pixels(start: FloatArray, stop: FloatArray) -> tuple[IntArray, IntArray]:
    first, last = np.floor(start + 0.5), np.floor(stop + 0.5)
    narrow = last <= first
    middle = np.floor((start + stop) / 2)
    first, last = np.where(narrow, middle, first), np.where(narrow, middle + 1, last)
    return first.astype(np.int64), last.astype(np.int64)
