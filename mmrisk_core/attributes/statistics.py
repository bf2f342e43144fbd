"""Statistics of pieces per tile."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from mmrisk_core.attributes.pieces import Pieces
from mmrisk_core.tiles.grid import FloatArray, IntArray

OF_THE_FEATURES = ("count", "length", "area")
OF_A_FIELD = ("sum", "mean", "min", "max")
AVAILABLE_STATISTICS = (*OF_THE_FEATURES, *OF_A_FIELD)


def feature_statistic(statistic: str, pieces: Pieces, n_tiles: int) -> FloatArray:
    """Number of features, metres of lines or square metres of polygons in each tile; 0 in an empty one."""
    weights = np.ones(pieces.tile.size) if statistic == "count" else pieces.measure
    return _summed(pieces.tile, weights, n_tiles)


def field_statistic(statistic: str, pieces: Pieces, values: FloatArray, n_tiles: int) -> FloatArray:
    """A statistic of a numeric field in each tile.

    Sums are apportioned: a feature that lies half in a tile gives it half of its value. Means are weighted by length or
    area inside the tile. Missing values take no part; a tile without any value is NaN.

    :param values: one per feature, NaN where missing.
    """
    value = values[pieces.feature]
    known = ~np.isnan(value)
    tile, value = pieces.tile[known], value[known]
    measure, total = pieces.measure[known], pieces.total[pieces.feature[known]]
    result = _FIELD_STATISTICS[statistic](tile, value, measure, total, n_tiles)
    empty = np.bincount(tile, minlength=n_tiles) == 0
    return np.where(empty, np.nan, result)


def _summed(tile: IntArray, weights: FloatArray, n_tiles: int) -> FloatArray:
    return np.asarray(np.bincount(tile, weights=weights, minlength=n_tiles), dtype=np.float64)


def _sum(tile: IntArray, value: FloatArray, measure: FloatArray, total: FloatArray, n_tiles: int) -> FloatArray:
    share = np.divide(measure, total, out=np.ones_like(measure), where=total > 0)
    return _summed(tile, value * share, n_tiles)


def _mean(tile: IntArray, value: FloatArray, measure: FloatArray, total: FloatArray, n_tiles: int) -> FloatArray:
    # A feature without extent weighs nothing beside others, but alone it is still the mean.
    weight = np.where(total > 0, measure, np.finfo(np.float64).tiny)
    whole = _summed(tile, weight, n_tiles)
    return _summed(tile, value * (weight / whole[tile]), n_tiles)


def _min(tile: IntArray, value: FloatArray, measure: FloatArray, total: FloatArray, n_tiles: int) -> FloatArray:
    result = np.full(n_tiles, np.inf)
    np.minimum.at(result, tile, value)
    return result


def _max(tile: IntArray, value: FloatArray, measure: FloatArray, total: FloatArray, n_tiles: int) -> FloatArray:
    result = np.full(n_tiles, -np.inf)
    np.maximum.at(result, tile, value)
    return result


_FIELD_STATISTICS: dict[str, Callable[..., FloatArray]] = {"sum": _sum, "mean": _mean, "min": _min, "max": _max}
