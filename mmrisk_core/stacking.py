"""The weights of the heads of an ensemble member, learnt on logits for tiles the heads have not seen (Wolpert 1992)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

FloatArray = npt.NDArray[np.float64]

PULL_TO_AVERAGE = 5.0
ONE_STANDARD_ERROR = 1.0
JOINT = "joint"


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


def choose_heads(
    logits: FloatArray, label: FloatArray, modality: Sequence[str], tolerance: float = ONE_STANDARD_ERROR
) -> tuple[FloatArray, float]:
    """Weights of :func:`fit_stack_weights` over all heads, or over those of one modality where the rest adds nothing.

    One modality alone is preferred when its log loss is within one standard error of that of all heads (the rule of
    Breiman 1984 for the simpler of two models): with a hundred tiles, an image that shows nothing would otherwise cost
    more than one that shows something gains.

    :param logits: (n, heads), out of fold.
    :param modality: of each head; heads of ``"joint"`` see more than one and never stand alone.
    :return: weights (heads,), 0 for heads left out, and a bias.
    """
    weights, bias = fit_stack_weights(logits, label)
    everything = _log_loss(logits @ weights + bias, label)
    simpler: list[tuple[float, FloatArray, float]] = []
    for name in dict.fromkeys(modality):
        rows = np.array([m == name for m in modality])
        if name == JOINT or rows.all():
            continue
        some, its_bias = fit_stack_weights(logits[:, rows], label)
        alone = _log_loss(logits[:, rows] @ some + its_bias, label)
        worse = alone - everything
        if worse.mean() <= tolerance * worse.std() / np.sqrt(len(label)):
            full = np.zeros(len(rows))
            full[rows] = some
            simpler.append((float(alone.mean()), full, its_bias))
    if not simpler:
        return weights, bias
    _, weights, bias = min(simpler, key=lambda found: found[0])
    return weights, bias


def _log_loss(logit: FloatArray, label: FloatArray) -> FloatArray:
    return np.asarray(np.logaddexp(0, logit) - label * logit)
