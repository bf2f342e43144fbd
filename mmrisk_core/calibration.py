"""Logits -> probabilities that mean what they say."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from mmrisk_core.stacking import fit_stack_weights

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Calibration:
    """Platt scaling (Platt 1999): probability = sigmoid(slope * logit + intercept)."""

    slope: float = 1.0
    intercept: float = 0.0

    def logits(self, raw: FloatArray) -> FloatArray:
        """Calibrated logits."""
        return self.slope * raw + self.intercept

    def probabilities(self, raw: FloatArray) -> FloatArray:
        """Calibrated probabilities."""
        return np.asarray(expit(self.logits(raw)))


def fit_calibration(raw: FloatArray, label: FloatArray) -> Calibration:
    """Learn the scaling from out-of-fold logits; the slope is never negative, so that ranks stay as they are.

    :param raw: (n,) logits for tiles the model has not seen.
    """
    weights, bias = fit_stack_weights(raw[:, None], label)
    return Calibration(float(weights[0]), bias)
