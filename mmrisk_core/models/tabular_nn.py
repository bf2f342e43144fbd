"""The method's network for attributes."""

from __future__ import annotations

from torch import Tensor, nn

from mmrisk_core.compute.batch_shards import BatchDropout


class TabularNN(nn.Module):
    """Dense layers of 64, 128 and 32 units; 13,792 parameters for 20 attributes.

    :param in_features: number of attributes.
    :param dropout: share of units dropped after the first two layers while training.
    """

    out_features = 32

    def __init__(self, in_features: int = 20, dropout: float = 0.1) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(in_features, 64),
            nn.ReLU(),
            BatchDropout(dropout),
            nn.Linear(64, 128),
            nn.ReLU(),
            BatchDropout(dropout),
            nn.Linear(128, self.out_features),
            nn.ReLU(),
        )

    def forward(self, tabular: Tensor) -> Tensor:
        """``tabular`` (n, attributes) -> (n, 32)."""
        activations: Tensor = self.layers(tabular)
        return activations
