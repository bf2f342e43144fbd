"""Area of applicability: is a tile like anything the model has seen? (Meyer and Pebesma 2021)"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from mmrisk_core.arrays import BoolArray, FloatArray

MIN_COVERAGE = 0.5
MAX_UNKNOWN = 0.5
"""Where more of what makes tiles differ is not known of a tile, its risk is that of the training on the whole rather than
its own (docs/decisions.md)."""
MAX_REFERENCE = 2000
CHUNK = 4096
PAIRS_FOR_MEAN = 500


@dataclass(frozen=True)
class Applicability:
    """What the training tiles look like.

    :param reference: (m, d) features of training tiles, weighted by their importance.
    :param mean_distance: mean distance between training tiles.
    :param threshold: the dissimilarity beyond which a tile is outside.
    """

    reference: Tensor
    mean_distance: float
    threshold: float

    def dissimilarity(self, features: Tensor) -> np.ndarray:
        """Distance of each row (n, d) to the nearest training tile, over the mean distance among them, (n,)."""
        parts = [torch.cdist(chunk, self.reference).min(dim=1).values for chunk in torch.split(features, CHUNK)]
        return (torch.cat(parts) / self.mean_distance).double().numpy()


def is_inside(dissimilarity: FloatArray, threshold: float, coverage: FloatArray, unknown: FloatArray) -> BoolArray:
    """Whether a model may speak of each tile, (n,): it is like one the model has seen, and enough of it is known.

    :param coverage: share of valid pixels, 0 to 1, (n,).
    :param unknown: the variance of the logit by what is not known, over that of the training tiles, (n,).
    """
    return (dissimilarity <= threshold) & (coverage >= MIN_COVERAGE) & (unknown <= MAX_UNKNOWN)


def fit_applicability(features: Tensor, fold: np.ndarray, seed: int) -> Applicability:
    """Learn the area from training tiles (n, d); the threshold is the largest dissimilarity between folds that is no
    outlier (above the upper quartile by more than 1.5 interquartile ranges).
    """
    rng = np.random.default_rng(seed)
    # Not sorted: the first of them, which tell the mean distance, are then a random sample too.
    rows = rng.permutation(len(features))[:MAX_REFERENCE]
    reference, fold = features[torch.from_numpy(rows)], fold[rows]
    mean_distance = max(float(torch.pdist(reference[:PAIRS_FOR_MEAN]).mean()), 1e-9)
    nearest = np.concatenate(
        [
            _to_nearest(reference[torch.from_numpy(fold == k)], reference[torch.from_numpy(fold != k)])
            for k in np.unique(fold)
        ]
    )
    dissimilarity = nearest / mean_distance
    lower, upper = np.percentile(dissimilarity, [25, 75])
    usual = dissimilarity[dissimilarity <= upper + 1.5 * (upper - lower)]
    return Applicability(reference, mean_distance, float(usual.max()))


def _to_nearest(rows: Tensor, others: Tensor) -> np.ndarray:
    return torch.cdist(rows, others).min(dim=1).values.double().numpy()
