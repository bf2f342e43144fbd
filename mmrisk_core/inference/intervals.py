"""How far a probability may be off."""

from __future__ import annotations

import numpy as np
from scipy.stats import norm
from scipy.stats import t as student_t

from mmrisk_core.arrays import FloatArray

INTERVAL = 0.90
INTERVAL_INFLATION = 1.6
"""How much larger the error of a logit is than the posterior of the heads says, which knows nothing of what the heads
cannot express. Real data cannot tell: labels are 0 or 1, and a probability is never seen. On simulated cities, whose
true probabilities are known, 1.6 made 90 % of the intervals hold them (docs/decisions.md)."""


def logit_interval(logits: FloatArray, variance: FloatArray) -> FloatArray:
    """Half the width of the 90 % interval of a tile's logit, (n,).

    It rests on what the members say of their own error, or, where they do not know it, on how they differ; and is widened
    by :data:`INTERVAL_INFLATION`.

    :param logits, variance: of each member, (members, n); a variance is NaN where the member does not know it.
    """
    known = np.isfinite(variance).all(axis=0)
    own = norm.ppf((1 + INTERVAL) / 2) * np.sqrt(np.where(known, variance, 0.0).mean(axis=0))
    return np.asarray(INTERVAL_INFLATION * np.where(known, own, jackknife_error(logits)))


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
