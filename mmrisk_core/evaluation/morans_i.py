"""Do errors lie side by side? Moran's I of residuals on tiles (Moran 1950)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_matrix, csr_matrix, diags, identity
from scipy.spatial import cKDTree
from scipy.stats import norm

from mmrisk_core.arrays import FloatArray, IntArray

PERMUTATIONS = 499
NEIGHBOUR_REACH = 1.5
STEPS = 10
MAX_SOURCES = 2000
CERTAIN = 0.05
POWER = 0.8
FIELDS = 200
SMOOTHINGS = 4
PATCH = 5
"""So many steps lie between tiles of which a field smoothed four times makes nearly nothing alike (a correlation of 0.1)."""
MAX_ASKED = 40_000


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
    step, pairs = _neighbours(tree)
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


@dataclass(frozen=True)
class DetectablePatches:
    """The least that Moran's I finds in four of five cases.

    :param share: of the variance of the values, that a field of patches makes up.
    :param width: how far apart tiles of such a field are no longer alike, in the unit of the centres.
    """

    share: float
    width: float


def detectable_patches(centres: FloatArray, seed: int = 0) -> DetectablePatches | None:
    """What would have been found at ``centres`` (n, 2), so that finding nothing says how much it says.

    Noise, and fields of patches (noise that is averaged over the neighbours four times), are drawn for these very tiles; the
    share is the smallest that is told from noise, at p = 0.05, in 160 of 200 fields. Of more than 40,000 tiles those around
    their middle are asked; with all of them, still less would be found.

    :return: None where no tile has a neighbour, or no patches would be found.
    """
    tree = cKDTree(centres)
    if len(centres) > MAX_ASKED:
        tree = cKDTree(centres[tree.query(np.median(centres, axis=0), k=MAX_ASKED)[1]])
    if tree.n < 3:
        return None
    step, pairs = _neighbours(tree)
    if step == 0 or len(pairs) == 0:
        return None
    beside = _matrix(pairs, tree.n).astype(np.float32)
    both = beside + beside.T + identity(tree.n, dtype=np.float32)
    smooth = diags(1 / np.asarray(both.sum(axis=1)).ravel()) @ both
    rng = np.random.default_rng(seed)
    noise, field = rng.standard_normal((2, tree.n, FIELDS), dtype=np.float32)
    for _ in range(SMOOTHINGS):
        field = smooth @ field
    # As much of it in the middle as at an edge, where there is less to average.
    field = _standardised(field / np.sqrt(np.mean(field**2, axis=1, keepdims=True)))
    noise = _standardised(noise)
    of_noise, of_both, of_field = (
        np.sum(one * other, axis=0) / len(pairs)
        for one, other in ((noise, beside @ noise), (noise, (beside + beside.T) @ field), (field, beside @ field))
    )
    together = np.mean(noise * field, axis=0)
    critical = of_noise.mean() + float(norm.ppf(1 - CERTAIN)) * of_noise.std()
    for share in np.arange(0.005, 1.0, 0.005):
        mixed = np.sqrt(share * (1 - share))
        moran = ((1 - share) * of_noise + mixed * of_both + share * of_field) / (1 + 2 * mixed * together)
        if np.mean(moran > critical) >= POWER:
            return DetectablePatches(float(share), PATCH * step)
    return None


def _standardised(columns: FloatArray) -> FloatArray:
    away = columns - columns.mean(axis=0)
    return np.asarray(away / away.std(axis=0))


def _neighbours(tree: cKDTree) -> tuple[float, IntArray]:
    """The usual distance to the nearest tile, and the pairs (k, 2) of tiles that are neighbours."""
    step = float(np.median(tree.query(tree.data, k=2)[0][:, 1]))
    return step, tree.query_pairs(NEIGHBOUR_REACH * step, output_type="ndarray")


def _matrix(pairs: IntArray, n: int) -> csr_matrix:
    """1 for each pair, in one of its two places."""
    return coo_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(n, n)).tocsr()


def _moran(deviation: FloatArray, pairs: IntArray, variance: float, seed: int) -> tuple[float, float]:
    weights = _matrix(pairs, len(deviation))

    def statistic(values: FloatArray) -> float:
        return float(values @ (weights @ values)) / len(pairs) / variance

    observed = statistic(deviation)
    rng = np.random.default_rng(seed)
    as_large = sum(statistic(rng.permutation(deviation)) >= observed for _ in range(PERMUTATIONS))
    return observed, (as_large + 1) / (PERMUTATIONS + 1)
