"""The weights of the heads of an ensemble member, learnt on logits for tiles the heads have not seen (Wolpert 1992)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

FloatArray = npt.NDArray[np.float64]

PULL_TO_AVERAGE = 5.0


def fit_stack_weights(logits: FloatArray, label: FloatArray) -> tuple[FloatArray, float]:
    """Weights (heads,) of at least 0 and a bias that minimise the log loss of ``logits @ weights + bias``.

    A small penalty pulls the weights towards the plain average of the heads, so that a few tiles do not decide.

    :param logits: (n, heads), out of fold.
    :param label: (n,) 0 or 1.
    """
    heads = logits.shape[1]
    average = np.full(heads, 1 / heads)

    def loss(parameters: FloatArray) -> tuple[float, FloatArray]:
        weights, bias = parameters[:-1], parameters[-1]
        z = logits @ weights + bias
        away = weights - average
        value = np.logaddexp(0, z).sum() - label @ z + PULL_TO_AVERAGE * away @ away
        slope = 1 / (1 + np.exp(-np.clip(z, -500, 500))) - label
        return float(value), np.append(logits.T @ slope + 2 * PULL_TO_AVERAGE * away, slope.sum())

    bounds = [(0.0, None)] * heads + [(None, None)]
    found = minimize(loss, np.append(average, 0.0), jac=True, method="L-BFGS-B", bounds=bounds)
    return found.x[:-1], float(found.x[-1])
