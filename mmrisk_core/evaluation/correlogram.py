"""How far apart tiles must be to be unlike: correlograms, and the range of autocorrelation."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from mmrisk_core.arrays import FloatArray

PAIRS = 20_000_000
MIN_SOURCES = 200
MAX_CLASSES = 20_000
CHUNK = 2_000_000
NOT_CORRELATED = 0.1
"""A correlation below this share of that of neighbours counts as none."""
TOLD = 2.0
"""How many standard errors under chance the likeness of neighbours must be for a range to mean anything."""
CANDIDATES = 120
SHAPES = (1, 2)
"""Exponents of the correlation functions that are tried: exponential and Gaussian."""


@dataclass(frozen=True)
class Correlogram:
    """Mean correlation of two tiles by their distance (Legendre and Legendre 2012, chapter 13).

    :param distance: middle of each class, (k,), from one lag on.
    :param correlation: (k,), NaN in a class without any pair, which says nothing.
    :param pairs: how many pairs each class has, (k,).
    """

    distance: FloatArray
    correlation: FloatArray
    pairs: FloatArray


@dataclass(frozen=True)
class Likeness:
    """How far tiles are alike, and how much.

    :param reach: the distance, in the unit of the centres, at which a tenth is left of the correlation of neighbours.
    :param is_told: whether neighbours are alike beyond chance; where they are not, ``reach`` means nothing.
    :param variance: what tiles share with those next to them: of values with deviation 1, or in the unit of their scale.
    :param errors: how many standard errors under chance that is.
    :param of_all: which part of that all tiles have in common, and so goes into their mean.
    """

    reach: float
    is_told: bool
    variance: float = 0.0
    errors: float = 0.0
    of_all: float = 0.0


def correlogram(
    centres: FloatArray, values: FloatArray, lag: float, scale: FloatArray | None = None, seed: int = 0
) -> Correlogram:
    """The correlogram of all pairs; of many tiles, of pairs of randomly drawn ones with all.

    :param centres: (n, 2).
    :param values: (n,), finite.
    :param lag: width of the classes of distance, in the unit of ``centres``.
    :param scale: by how much a unit of what is asked for moves each value, (n,), of values whose mean is meant to be 0; the
        correlogram is then of covariances in that unit.
    """
    n = len(centres)
    drawn = np.random.default_rng(seed).permutation(n)[: max(MIN_SOURCES, PAIRS // n)]
    widest = float(np.hypot(*np.ptp(centres, axis=0)))
    lag = max(lag, widest / MAX_CLASSES)
    classes = math.ceil(widest / lag) + 2
    if scale is None:
        deviation = values.std()
        values = (values - values.mean()) / deviation if deviation > 0 else np.zeros(n)
        scale = np.ones(n)
    product, size, pairs = np.zeros((3, classes))
    for some in np.array_split(drawn, math.ceil(len(drawn) * n / CHUNK)):
        apart = np.hypot(*(centres[some, None] - centres[None]).transpose(2, 0, 1))
        group = np.rint(apart / lag).astype(np.int64).ravel()
        product += np.bincount(group, weights=(values[some, None] * values).ravel(), minlength=classes)
        size += np.bincount(group, weights=(scale[some, None] * scale).ravel(), minlength=classes)
        pairs += np.bincount(group, minlength=classes)
    with np.errstate(invalid="ignore", divide="ignore"):
        correlation = product / size
    return Correlogram((np.arange(1, classes) * lag).astype(np.float64), correlation[1:], pairs[1:])


def likeness(
    centres: FloatArray, values: FloatArray, lag: float, scale: FloatArray | None = None, seed: int = 0
) -> Likeness:
    """The distance at which tiles are no longer alike in ``values``, and how much neighbours are.

    An exponential or a Gaussian correlation with a nugget is fitted to the correlogram up to half of the widest distance,
    by least squares with weights that fall with the distance, as ever more classes hold the same tiles (Cressie 1985); so a
    class with few pairs says little, and noise in the values, as in labels of 0 and 1, does not shorten the reach. That
    deviations from the mean of a small area add up to 0 is part of what is fitted.

    Blocks at least as wide keep tiles that are alike on the same side of a split (Roberts 2017; Valavi 2019).

    :param centres: (n, 2), metres.
    :param values: (n,), finite.
    :param lag: width of a class of distance, metres.
    :param scale: see :func:`correlogram`.
    """
    found = correlogram(centres, values, lag, scale, seed)
    seen = (found.pairs > 0) & np.isfinite(found.correlation)
    distance, pairs, correlation = found.distance[seen], found.pairs[seen], found.correlation[seen]
    if not len(distance):
        return Likeness(lag, False)
    near = distance <= max(distance.max() / 2, distance.min())
    weight = pairs[near] / distance[near]
    least, best = math.inf, Likeness(lag, False)
    for shape in SHAPES:
        for reach in np.geomspace(distance.min(), max(distance[near].max(), lag), CANDIDATES):
            form = NOT_CORRELATED ** ((distance / reach) ** shape)
            next_to = float(form[0])
            of_all = float(pairs @ form / pairs.sum())
            # What is left when the mean of the area is taken out.
            form = form[near] - of_all
            size = float(weight @ (form * form))
            variance = max(0.0, float(weight @ (form * correlation[near])) / size) if size > 0 else 0.0
            misfit = float(weight @ (correlation[near] - variance * form) ** 2)
            if misfit < least:
                # Each pair of drawn tiles was met twice, hence half of the pairs are new.
                errors = variance * math.sqrt(float(pairs[near] @ form**2) / 2) / _unit(values, scale)
                least, best = misfit, Likeness(float(reach), errors > TOLD, variance * next_to, errors, of_all)
    return best


def _unit(values: FloatArray, scale: FloatArray | None) -> float:
    """The covariance that would be a correlation of 1."""
    return 1.0 if scale is None else max(float(values.var()) / float(np.mean(scale)) ** 2, 1e-12)
