"""The weights of the heads of an ensemble member, learnt on logits for tiles the heads have not seen (Wolpert 1992)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.optimize import minimize
from scipy.special import softmax
from scipy.stats import rankdata

from mmrisk_core.arrays import FloatArray, IntArray
from mmrisk_core.evaluation.metrics import auc

PULL_TO_AVERAGE = 10.0
BOOTSTRAPS = 200
JOINT = "joint"
# In standard errors of the area under the curve of a ranking by chance.
SEEN_ABOVE_CHANCE = 1.0


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


def weigh_heads(
    logits: FloatArray, label: FloatArray, modality: Sequence[str], block: IntArray
) -> tuple[FloatArray, float]:
    """Weights of the heads: the stacks of each modality alone and of all heads, averaged by how likely each is the best.

    How likely is told by pseudo-BMA with the Bayesian bootstrap (Yao, Vehtari, Simpson and Gelman 2018), which draws whole
    blocks, as neighbours say much the same: with a hundred tiles the log losses of a stack with the imagery and of one
    without hardly differ, and to choose one of them would be a draw of lots. An image that shows little has little weight,
    and with more tiles none. A modality whose own heads rank the tiles no better than chance has no weight, nor have heads
    that look at it among others, as long as another modality does better: at a hundred tiles its noise would cost more than
    it could give.

    :param logits: (n, heads), out of fold.
    :param modality: of each head; heads of ``"joint"`` see more than one and never stand alone.
    :param block: (n,) spatial block of each tile.
    :return: weights (heads,) and a bias.
    """
    kinds = np.array(modality)
    alone = [kinds == name for name in dict.fromkeys(modality) if name != JOINT]
    telling = [some for some in alone if _ranks_above_chance(logits[:, some].mean(axis=1), label, block)]
    if telling and len(telling) < len(alone):
        alone = telling
        everything = np.any(telling, axis=0)
    else:
        everything = np.ones(len(kinds), dtype=bool)
    sets = [everything] + [some for some in alone if (some != everything).any()]
    weights, biases, losses = np.zeros((len(sets), len(kinds))), np.zeros(len(sets)), []
    for row, some in enumerate(sets):
        weights[row, some], biases[row] = fit_stack_weights(logits[:, some], label)
        losses.append(_log_loss(logits @ weights[row] + biases[row], label))
    likely = _chances_to_be_best(np.array(losses), block)
    return likely @ weights, float(likely @ biases)


def _ranks_above_chance(logit: FloatArray, label: FloatArray, block: IntArray) -> bool:
    """Whether the area under the curve is above 0.5 by more than its standard error under chance.

    The larger of two: where tiles are independent (Mann and Whitney 1947), and where only blocks are, by how much what they
    add to the area differs between them (Liang and Zeger 1986).
    """
    positive = float(label.sum())
    negative = len(label) - positive
    if not positive or not negative:
        return True
    error = np.sqrt((positive + negative + 1) / (12 * positive * negative))
    added = _sums_of_blocks((label - label.mean()) * (rankdata(logit) - (len(logit) + 1) / 2), block) / (
        positive * negative
    )
    if len(added) > 1:
        error = max(error, np.sqrt(len(added)) * added.std(ddof=1))
    return bool(auc(logit, label) > 0.5 + SEEN_ABOVE_CHANCE * error)


def _chances_to_be_best(losses: FloatArray, block: IntArray) -> FloatArray:
    """How likely each of some models is the best (models,), by its log loss for each tile (models, n)."""
    of_blocks = np.array([_sums_of_blocks(loss, block) for loss in losses])
    n = of_blocks.shape[1]
    shares = np.random.default_rng(0).dirichlet(np.ones(n), size=BOOTSTRAPS) * n
    return np.asarray(softmax(-shares @ of_blocks.T, axis=1).mean(axis=0))


def _sums_of_blocks(values: FloatArray, block: IntArray) -> FloatArray:
    return np.asarray(np.bincount(np.unique(block, return_inverse=True)[1], weights=values), dtype=np.float64)


def _log_loss(logit: FloatArray, label: FloatArray) -> FloatArray:
    return np.asarray(np.logaddexp(0, logit) - label * logit)
