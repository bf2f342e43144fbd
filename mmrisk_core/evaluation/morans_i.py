"""Do errors lie side by side? Moran's I of residuals on tiles (Moran 1950)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_matrix
from scipy.spatial import cKDTree

from mmrisk_core.arrays import FloatArray, IntArray

PERMUTATIONS = 499
NEIGHBOUR_REACH = 1.5
STEPS = 10
MAX_SOURCES = 2000


@dataclass(frozen=True)
class Autocorrelation:
    """How alike the values of tiles are that lie near each other.

    :param moran: Moran's I over neighbouring tiles: 0 where values lie at random, 1 where neighbours are equal.
    :param p_value: share of random arrangements with an I at least as large.
    :param distance: upper end of each class of distance, in the unit of the centres, (k,).
    :param by_distance: I over the pairs of each class, (k,); NaN where there are none.
    """

    moran: float
    p_value: float
    distance: FloatArray
    by_distance: FloatArray


def spatial_autocorrelation(values: FloatArray, centres: FloatArray, seed: int = 0) -> Autocorrelation | None:
    """Moran's I of ``values`` (n,) at ``centres`` (n, 2), with a p-value by permutation and a correlogram.

    Neighbours lie within one and a half of the usual distance to the nearest tile: on a grid the eight around a tile.
    The correlogram is taken from at most 2,000 tiles to all others.

    :return: None where no tile has a neighbour or all values are equal.
    """
    deviation = values - values.mean()
    variance = float(np.mean(deviation**2))
    if len(values) < 3 or variance < 1e-18:
        return None
    tree = cKDTree(centres)
    step = float(np.median(tree.query(centres, k=2)[0][:, 1]))
    pairs = tree.query_pairs(NEIGHBOUR_REACH * step, output_type="ndarray")
    if step == 0 or len(pairs) == 0:
        return None
    moran, p_value = _moran(deviation, pairs, variance, seed)

    rng = np.random.default_rng(seed)
    sources = rng.permutation(len(values))[:MAX_SOURCES]
    reach = (STEPS + 0.5) * step
    found = cKDTree(centres[sources]).sparse_distance_matrix(tree, reach, output_type="coo_matrix")
    product = deviation[sources[found.row]] * deviation[found.col]
    apart = found.data > 0
    group = np.ceil(found.data[apart] / step - 0.5).astype(np.int64).clip(1, STEPS) - 1
    size = np.bincount(group, minlength=STEPS)
    with np.errstate(invalid="ignore"):
        by_distance = np.bincount(group, weights=product[apart], minlength=STEPS) / size / variance
    return Autocorrelation(moran, p_value, np.arange(1, STEPS + 1, dtype=np.float64) * step, by_distance)


def _moran(deviation: FloatArray, pairs: IntArray, variance: float, seed: int) -> tuple[float, float]:
    weights = coo_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(deviation),) * 2).tocsr()

    def statistic(values: FloatArray) -> float:
        return float(values @ (weights @ values)) / len(pairs) / variance

    observed = statistic(deviation)
    rng = np.random.default_rng(seed)
    as_large = sum(statistic(rng.permutation(deviation)) >= observed for _ in range(PERMUTATIONS))
    return observed, (as_large + 1) / (PERMUTATIONS + 1)
