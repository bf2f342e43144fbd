"""All tiles there are, where the labelled ones were chosen by their label."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit

from mmrisk_core.arrays import FloatArray
from mmrisk_core.evaluation.calibration import prevalence_shift


@dataclass(frozen=True)
class Population:
    """What labelled tiles stand for (King and Zeng 2001, prior correction and weighting).

    :param shift: what is added to a logit learnt from them, so that it is that of any tile.
    :param weight: how many tiles each of them stands for, (n,), 1 on average; None where each stands for itself.
    """

    shift: float
    weight: FloatArray | None

    def risk(self, probability: FloatArray) -> FloatArray:
        """The risk of a tile among all tiles, from its probability among the labelled ones."""
        if self.shift == 0.0:
            return probability
        with np.errstate(divide="ignore"):
            return np.asarray(expit(logit(probability) + self.shift))


def population_of(label: FloatArray, prevalence: float | None) -> Population:
    """The population of which a share of ``prevalence`` is high-risk; None where the labelled tiles are like all.

    :param label: (n,) of the labelled tiles, both 0 and 1.
    """
    if prevalence is None:
        return Population(0.0, None)
    share = float(label.mean())
    weight = np.where(label == 1, prevalence / share, (1 - prevalence) / (1 - share))
    return Population(prevalence_shift(share, prevalence), weight)
