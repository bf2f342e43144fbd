"""How far apart tiles must be to be unlike: correlograms, and the range of autocorrelation."""

from __future__ import annotations

import numpy as np
from scipy.spatial.distance import pdist
from scipy.stats import rankdata

from mmrisk_core.arrays import FloatArray

MAX_TILES = 1500
NOT_CORRELATED = 0.1
"""A correlation below this counts as none: one per cent of the variance is shared."""


def correlogram(centres: FloatArray, values: FloatArray, lag: float) -> FloatArray:
    """Mean correlation of two tiles by their distance (Legendre and Legendre 2012, chapter 13).

    Values count by their ranks, so that a few large ones do not rule. Of many tiles, 1,500 evenly drawn ones are used.

    :param centres: (n, 2).
    :param values: (n, k); what is NaN counts as the mean.
    :param lag: width of the classes of distance, in the unit of ``centres``.
    :return: (lags, k): row i is of distances from (i - 1/2) to (i + 1/2) ``lag``, up to half of the widest distance;
        row 0 is 1, and NaN stands for a class without any pair.
    """
    rows = np.linspace(0, len(centres) - 1, min(len(centres), MAX_TILES)).round().astype(np.int64)
    distance = np.round(pdist(centres[rows]) / lag).astype(np.int64)
    lags = int(distance.max(initial=1)) // 2 + 1
    near = distance < lags
    first, second = (half[near] for half in np.triu_indices(len(rows), 1))
    distance = distance[near]
    pairs = np.bincount(distance, minlength=lags)
    result = np.ones((lags, values.shape[1]))
    for column in range(values.shape[1]):
        score = _scores(values[rows, column])
        product = np.bincount(distance, weights=score[first] * score[second], minlength=lags)
        with np.errstate(invalid="ignore"):
            result[:, column] = product / pairs
    result[0] = 1.0
    return result


def _scores(values: FloatArray) -> FloatArray:
    """Ranks with mean 0 and deviation 1; all 0 where there is one value only."""
    known = np.isfinite(values)
    scores = np.zeros(len(values))
    if known.any():
        ranks = rankdata(values[known])
        deviation = ranks.std()
        scores[known] = (ranks - ranks.mean()) / deviation if deviation > 0 else 0.0
    return scores


def autocorrelation_range(centres: FloatArray, values: FloatArray, lag: float) -> float:
    """The distance at which tiles are no longer alike: where correlation first falls below 0.1, the median over columns.

    Blocks at least as wide as this keep tiles that are alike on the same side of a split (Roberts 2017; Valavi 2019).

    :param centres: (n, 2), metres.
    :param values: (n, k) label and attributes.
    :param lag: width of a class of distance, metres.
    """
    correlations = correlogram(centres, values, lag)
    ends = np.nan_to_num(correlations, nan=0.0) < NOT_CORRELATED
    first = np.where(ends.any(axis=0), ends.argmax(axis=0), len(ends))
    return float(np.median(first) * lag)
