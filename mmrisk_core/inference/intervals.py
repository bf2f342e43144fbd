"""How far a probability may be off."""

from __future__ import annotations

import numpy as np
from scipy.stats import norm
from scipy.stats import t as student_t

from mmrisk_core.arrays import FloatArray

INTERVAL = 0.90
INFLATION = 1.5
"""How much larger the error of a logit is than members say, as they know nothing of what they cannot express: between what
simulations need in which they can express everything, and others in which they cannot (docs/decisions.md)."""
INFLATION_OF_EARLIER_MODELS = 1.6
"""How much larger the error of a logit is than the posterior of the heads says, in models that were made before what they do
not see was measured."""


def logit_interval(logits: FloatArray, variance: FloatArray, unexplained: float | None) -> FloatArray:
    """Half the width of the 90 % interval of the logit of a tile's true risk, (n,).

    It rests on what the members say of their own error, or, where they do not know it, on how they differ; and on what the
    model does not see, as far as it shows (:mod:`mmrisk_core.evaluation.unexplained`).

    :param logits, variance: of each member, (members, n); a variance is NaN where the member does not know it.
    :param unexplained: variance of the true logit around that of the model; None where it was not measured.
    """
    known = np.isfinite(variance).all(axis=0)
    quantile = norm.ppf((1 + INTERVAL) / 2)
    own = quantile * np.sqrt(np.where(known, variance, 0.0).mean(axis=0))
    error = np.where(known, own, jackknife_error(logits))
    if unexplained is None:
        return np.asarray(INFLATION_OF_EARLIER_MODELS * error)
    return np.asarray(np.sqrt((INFLATION * error) ** 2 + quantile**2 * unexplained))


def jackknife_error(logits: FloatArray) -> FloatArray:
    """Half the width of the 90 % interval of the mean of ``logits`` (members, n), by the delete-a-group jackknife.

    Each member was trained without one fold, so that their differences say how much the answer hangs on which places were
    seen (Kott 2001).
    """
    members = len(logits)
    if members < 2:
        return np.zeros(logits.shape[1])
    variance = (members - 1) / members * ((logits - logits.mean(axis=0)) ** 2).sum(axis=0)
    return np.asarray(student_t.ppf((1 + INTERVAL) / 2, members - 1) * np.sqrt(variance))
