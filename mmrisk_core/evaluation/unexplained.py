"""What a model does not see: how far the risk of a tile is off beyond what the model is unsure of by itself.

Of one tile nobody can tell, as its label is 0 or 1 whatever its probability. But what a model does not see, such as the
drivers of a quarter, is shared by neighbours, and so shows in residuals that go together.
"""

from __future__ import annotations

import numpy as np

from mmrisk_core.arrays import FloatArray, IntArray
from mmrisk_core.evaluation.correlogram import likeness

LEAST_SLOPE = 1e-3
MAX_VARIANCE = 4.0
PARAMETERS = 4.0
"""How often what all tiles share counts: for their mean, and for what the attributes took for their own."""


def unexplained_on_the_map(risk: FloatArray, label: FloatArray, centres: FloatArray, tile_size: float) -> float:
    """Variance of the logit of a tile's true risk around that of the model, by the covariance of residuals of neighbours.

    The sill of the residuals' covariogram in logits (a spatial random effect, by moments; Diggle, Tawn and Moyeed 1998),
    and the part of it that hides in the fit: what all tiles of a small area share is taken for the mean of everywhere.

    :param risk: out-of-fold probabilities, (n,).
    :param centres: (n, 2), metres.
    """
    found = likeness(centres, label - risk, tile_size, _slope(risk))
    # Less what chance alone would show (James and Stein 1961).
    beyond_chance = max(0.0, 1 - 1 / max(found.errors, 1.0) ** 2)
    return min(found.variance * beyond_chance * (1 + PARAMETERS * found.of_all), MAX_VARIANCE)


def unexplained_of_groups(risk: FloatArray, label: FloatArray, group: IntArray) -> float:
    """The same by the covariance of residuals within groups, (n,); 0 where each row is a group by itself."""
    _, number = np.unique(group, return_inverse=True)
    residual, slope = label - risk, _slope(risk)
    products = [
        float((np.bincount(number, weights=values) ** 2).sum() - (values**2).sum()) for values in (residual, slope)
    ]
    return min(max(products[0], 0.0) / products[1], MAX_VARIANCE) if products[1] > LEAST_SLOPE else 0.0


def _slope(risk: FloatArray) -> FloatArray:
    """By how much a probability moves with its logit."""
    return np.asarray(np.maximum(risk * (1 - risk), LEAST_SLOPE))
