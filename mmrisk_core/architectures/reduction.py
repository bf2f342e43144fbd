"""The image embedding, reduced to its principal components."""

from __future__ import annotations

import torch
from sklearn.utils.extmath import randomized_svd
from torch import Tensor, nn

MAX_COMPONENTS = 64


TILES_PER_COMPONENT = 5


class Reduction(nn.Module):
    """Principal components of an embedding, the first scaled to deviation 1; what is absent counts as the mean, 0.

    All components share one scale: with each at deviation 1, the ridge penalty of the heads could not tell what the
    imagery shows from its noise.
    """

    mean: Tensor
    components: Tensor

    def __init__(self, embedding_size: int, n_components: int) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(embedding_size))
        self.register_buffer("components", torch.zeros(embedding_size, n_components))

    def forward(self, embedding: Tensor) -> Tensor:
        """(n, D) with NaN -> (n, components)."""
        return torch.nan_to_num(embedding - self.mean) @ self.components


def fit_reduction(embedding: Tensor) -> Reduction:
    """Learn the components from the rows that have some image; at most 64, and at most one for five tiles.

    Of several images some may be missing in every row: each counts where it is there, and as its mean elsewhere.
    """
    known = embedding[~torch.isnan(embedding).all(dim=1)].double()
    n_components = max(1, min(MAX_COMPONENTS, len(known) // TILES_PER_COMPONENT, embedding.shape[1]))
    reduction = Reduction(embedding.shape[1], n_components)
    if len(known) > 1:
        mean = torch.nan_to_num(known.nanmean(dim=0))
        # The whole decomposition takes most of the time of a training, and all but the first components are thrown away.
        _, singular, axes = randomized_svd(
            torch.nan_to_num(known - mean).numpy(), n_components, n_oversamples=16, n_iter=5, random_state=0
        )
        deviation = float(singular[0]) / (len(known) - 1) ** 0.5
        reduction.mean = mean.float()
        if deviation > 1e-9:
            reduction.components[:, : len(axes)] = torch.from_numpy(axes.T / deviation).float()
    return reduction
