"""Logits -> probabilities that mean what they say."""

from __future__ import annotations

import math
from typing import Annotated, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator
from scipy.special import expit, logit
from sklearn.isotonic import IsotonicRegression

from mmrisk_core.arrays import FloatArray
from mmrisk_core.evaluation.stacking import fit_stack_weights

MANY_TILES = 5000
MIN_OF_EACH_LABEL = 500
LOCAL_STEP = 0.25
LEAST_SLOPE = 1e-6


MAX_COEFFICIENT = 1e12
Coefficient = Annotated[float, Field(ge=-MAX_COEFFICIENT, le=MAX_COEFFICIENT)]
"""A number that logits are multiplied by or added to: with larger ones nothing is left of them."""


class Calibration(BaseModel):
    """From raw logits to calibrated ones, strictly increasing, so that ranks stay as they are.

    ``platt`` scales and shifts (Platt 1999), the less the fewer tiles there are; of many tiles ``isotonic`` follows the data
    beyond that, by straight lines in the logit between the steps of isotonic regression (Zadrozny and Elkan 2002).
    ``temperature``, which scales only, is found in earlier models.

    :param knots: raw and calibrated logits between which ``isotonic`` interpolates; none for the others.
    :param variance: of slope, of intercept, and their covariance: how sure the calibration itself is.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    kind: Literal["temperature", "platt", "isotonic"] = "platt"
    slope: Coefficient = Field(1.0, ge=0)
    intercept: Coefficient = 0.0
    knots: tuple[tuple[Coefficient, Coefficient], ...] = ()
    variance: tuple[Coefficient, Coefficient, Coefficient] = (0.0, 0.0, 0.0)

    @model_validator(mode="after")
    def _rising(self) -> Calibration:
        if any(b[0] <= a[0] or b[1] <= a[1] for a, b in zip(self.knots, self.knots[1:], strict=False)):
            raise ValueError("the knots of the calibration do not rise")
        return self

    def logits(self, raw: FloatArray) -> FloatArray:
        """Calibrated logits."""
        scaled = self.slope * raw + self.intercept
        if not self.knots:
            return scaled
        x, y = np.array(self.knots).T
        # Beyond the knots it goes on as the scaling does.
        beyond = np.minimum(scaled - x[0], 0.0) + np.maximum(scaled - x[-1], 0.0)
        return np.asarray(np.interp(scaled, x, y) + beyond)

    def moved(self, shift: float) -> Calibration:
        """The same with ``shift`` added to every calibrated logit."""
        knots = tuple((x + shift, y + shift) for x, y in self.knots)
        return self.model_copy(update={"intercept": self.intercept + shift, "knots": knots})

    def probabilities(self, raw: FloatArray) -> FloatArray:
        """Calibrated probabilities."""
        return np.asarray(expit(self.logits(raw)))

    def local_slope(self, raw: FloatArray) -> FloatArray:
        """How much a calibrated logit changes with the raw one, (n,): over some way, as isotonic steps are none."""
        if not self.knots:
            return np.full(len(raw), self.slope)
        step = LOCAL_STEP / max(self.slope, LEAST_SLOPE)
        return np.asarray((self.logits(raw + step) - self.logits(raw - step)) / (2 * step))

    def logit_variance(self, raw: FloatArray) -> FloatArray:
        """How unsure a calibrated logit is because slope and intercept were learnt from some tiles only."""
        of_slope, of_intercept, both = self.variance
        learnt = np.maximum(of_slope * raw**2 + 2 * both * raw + of_intercept, 0.0)
        return np.asarray(
            learnt * (self.local_slope(raw) / max(self.slope, LEAST_SLOPE)) ** 2 if self.knots else learnt
        )


def fit_calibration(raw: FloatArray, label: FloatArray) -> Calibration:
    """Learn from out-of-fold logits; the slope is never negative, so that ranks stay as they are.

    :param raw: (n,) logits for tiles the model has not seen.
    """
    ones = float(label.sum())
    weights, intercept = fit_stack_weights(raw[:, None], label)
    slope = float(weights[0])
    kind: Literal["temperature", "platt", "isotonic"] = "platt"
    knots: tuple[tuple[float, float], ...] = ()
    if len(label) >= MANY_TILES and min(ones, len(label) - ones) >= MIN_OF_EACH_LABEL and slope > 0:
        kind, knots = "isotonic", _isotonic_knots(slope * raw + intercept, label)
    return Calibration(
        kind=kind,
        slope=slope,
        intercept=intercept,
        knots=knots,
        variance=_variance(raw, expit(slope * raw + intercept)),
    )


def _isotonic_knots(scaled: FloatArray, label: FloatArray) -> tuple[tuple[float, float], ...]:
    """The middle of every step of isotonic regression, in logits."""
    order = np.argsort(scaled, kind="stable")
    x, y = scaled[order], label[order]
    steps = IsotonicRegression().fit_transform(x, y)
    starts = np.flatnonzero(np.r_[True, np.diff(steps) > 0])
    size = np.diff(np.r_[starts, len(x)])
    middle = np.add.reduceat(x, starts) / size
    # Half a case on each side keeps steps of zeros or ones only from being certain.
    level = logit((np.add.reduceat(y, starts) + 0.5) / (size + 1))
    knots: list[tuple[float, float]] = []
    for place, value in zip(middle.tolist(), level.tolist(), strict=True):
        if not knots or (place > knots[-1][0] and value > knots[-1][1]):
            knots.append((place, value))
    return tuple(knots)


def _variance(raw: FloatArray, probability: FloatArray) -> tuple[float, float, float]:
    """Inverse Fisher information of slope and intercept."""
    weight = probability * (1 - probability)
    information = np.array([[weight @ raw**2, weight @ raw], [weight @ raw, weight.sum()]]) + 1e-6 * np.eye(2)
    inverse = np.linalg.inv(information)
    return float(inverse[0, 0]), float(inverse[1, 1]), float(inverse[0, 1])


def prevalence_shift(share_of_labels: float, prevalence: float) -> float:
    """What to add to a logit when tiles were chosen by their label, so that risk means what it does where it is applied.

    King and Zeng (2001): the difference of the log odds.

    :param share_of_labels: share of 1s among the tiles learnt from.
    :param prevalence: share of 1s among all tiles there are.
    """
    return math.log(prevalence / (1 - prevalence)) - math.log(share_of_labels / (1 - share_of_labels))
