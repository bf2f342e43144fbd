"""Rules that turn a number of events per tile into a label 0 or 1."""

from __future__ import annotations

import numpy as np

from mmrisk_core.arrays import BoolArray, FloatArray
from mmrisk_core.tiles.grid import ROUND_OFF


def at_least(values: FloatArray, threshold: float) -> BoolArray:
    """Which values reach ``threshold``; ten weights of 0.1 reach 1, whatever the last bit says."""
    return np.asarray(values >= threshold * (1 - ROUND_OFF))


def top_share_cut(values: FloatArray, share: float) -> float:
    """The least value that belongs to the top ``share`` (0 to 1) of ``values``; infinite where none is positive.

    Values that are equal are all taken or all left, whichever comes closer to the share; where both are as close, they
    are taken. The highest ones are always taken, but never a value of 0.
    """
    ranked = np.sort(values[values > 0])[::-1]
    if ranked.size == 0:
        return float("inf")
    last_of_ties = np.flatnonzero(np.append(ranked[1:] < ranked[:-1] * (1 - ROUND_OFF), True))
    taken = last_of_ties + 1
    distance = np.abs(taken - share * values.size)
    closest = np.flatnonzero(distance <= distance.min() * (1 + ROUND_OFF) + ROUND_OFF)[-1]
    return float(ranked[last_of_ties[closest]])
