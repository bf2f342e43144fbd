"""Whether probabilities mean what they say, and how far a perfect model would seem to be from that."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mmrisk_core.arrays import AnyArray, FloatArray, IntArray

CALIBRATION_BINS = 10
DRAWS = 200
UPPER = 0.95
NINETY = 1.645
DIGITS = 9
"""Of the place of a value among the bins, beyond which it is the order of a sum."""


@dataclass(frozen=True)
class CalibrationBins:
    """Tiles by their probability, all arrays (k,), rising.

    :param predicted, observed: mean probability, and share of 1s.
    :param low, high: 90 % interval of the share.
    :param tiles: how many there are.
    """

    predicted: FloatArray
    observed: FloatArray
    low: FloatArray
    high: FloatArray
    tiles: IntArray


def calibration_bins(probability: FloatArray, label: FloatArray, weight: FloatArray | None = None) -> CalibrationBins:
    """Ten bins with equally many tiles, or as nearly as that tiles of equal probability are in one.

    Intervals are those of Wilson (1927) on the labelled tiles; odds among these become odds among all.

    :param weight: how many tiles each stands for. See :class:`~mmrisk_core.evaluation.population.Population`.
    """
    bin_of_tile = _bins(probability, weight)
    weights = np.ones(len(label)) if weight is None else weight
    mass, tiles = np.bincount(bin_of_tile, weights), np.bincount(bin_of_tile)
    one, zero = _weight_of_labels(label, weights)
    low, high = (
        share * one / (share * one + (1 - share) * zero) for share in _wilson(np.bincount(bin_of_tile, label), tiles)
    )
    return CalibrationBins(
        predicted=np.bincount(bin_of_tile, weights * probability) / mass,
        observed=np.bincount(bin_of_tile, weights * label) / mass,
        low=low,
        high=high,
        tiles=tiles,
    )


def expected_calibration_error(probability: FloatArray, label: FloatArray, weight: FloatArray | None = None) -> float:
    """Mean difference between probability and share of 1s, over the bins of :func:`calibration_bins` (Naeini 2015)."""
    weights = np.ones(len(label)) if weight is None else weight
    error = np.bincount(_bins(probability, weight), weights * (probability - label))
    return float(np.abs(error).sum() / weights.sum())


def error_of_a_perfect_model(
    probability: FloatArray, label: FloatArray, weight: FloatArray | None = None, seed: int = 0
) -> tuple[float, float]:
    """The calibration error that a model shows whose probabilities are true: by luck, the more of it the fewer tiles.

    Labels are drawn 200 times from the probabilities themselves (parametric bootstrap; Bröcker and Smith 2007), each tile
    by itself. What differs from place to place and is not in the model makes luck larger than that.

    :param label: tells how many tiles a 1 and a 0 stand for.
    :return: the mean, and what is exceeded in one of twenty cases only.
    """
    weights = np.ones(len(label)) if weight is None else weight
    one, zero = _weight_of_labels(label, weights)
    bin_of_tile = _bins(probability, weight)
    order = np.argsort(bin_of_tile, kind="stable")
    probability = probability[order]
    starts = np.flatnonzero(np.diff(bin_of_tile[order], prepend=-1))
    # Among the labelled tiles a 1 is as much more frequent as it stands for fewer.
    chance = probability / one / (probability / one + (1 - probability) / zero)
    of_one, of_zero = one * (1 - probability), -zero * probability
    rng = np.random.default_rng(seed)
    errors = []
    for _ in range(DRAWS):
        drawn = rng.random(len(probability)) < chance
        error = np.add.reduceat(np.where(drawn, of_one, of_zero), starts)
        ones = int(drawn.sum())
        errors.append(np.abs(error).sum() / (ones * one + (len(drawn) - ones) * zero))
    return float(np.mean(errors)), float(np.quantile(errors, UPPER))


def _bins(probability: FloatArray, weight: FloatArray | None) -> IntArray:
    """The bin of each tile (n,), numbered without gaps: that in which the middle of those of its probability falls."""
    value_of_tile = np.unique(probability, return_inverse=True)[1]
    mass = np.bincount(value_of_tile, weight)
    middle = (np.cumsum(mass) - mass / 2) / mass.sum()
    bins = min(CALIBRATION_BINS, len(probability))
    place = np.floor(np.round(middle * bins, DIGITS)).clip(0, bins - 1)
    return np.asarray(np.unique(place, return_inverse=True)[1][value_of_tile])


def _weight_of_labels(label: FloatArray, weights: FloatArray) -> tuple[float, float]:
    """How many tiles a 1 stands for, and a 0."""
    ones = label == 1
    one = float(weights[ones].mean()) if ones.any() else 1.0
    zero = float(weights[~ones].mean()) if not ones.all() else 1.0
    return one, zero


def _wilson(ones: AnyArray, tiles: IntArray) -> tuple[FloatArray, FloatArray]:
    share, squared = ones / tiles, NINETY**2
    middle = (share + squared / (2 * tiles)) / (1 + squared / tiles)
    half = NINETY / (1 + squared / tiles) * np.sqrt(share * (1 - share) / tiles + squared / (4 * tiles**2))
    return np.minimum(middle - half, share).clip(0, 1), np.maximum(middle + half, share).clip(0, 1)
