"""The method's fusion: image and attributes side by side."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from mmrisk_core.models.basic_cnn import BasicCNN
from mmrisk_core.models.tabular_nn import TabularNN


class MultiModalNN(nn.Module):
    """Image activations (64) and attribute activations (32) concatenated, one linear layer, sigmoid.

    :param image_network: image -> (n, 64); :class:`BasicCNN` by default.
    :param tabular_network: attributes -> (n, 32); :class:`TabularNN` by default.
    """

    def __init__(self, image_network: nn.Module | None = None, tabular_network: nn.Module | None = None) -> None:
        super().__init__()
        self.image_network = image_network if image_network is not None else BasicCNN()
        self.tabular_network = tabular_network if tabular_network is not None else TabularNN()
        self.classifier = nn.Linear(BasicCNN.out_features + TabularNN.out_features, 1)

    def logits(self, image: Tensor, tabular: Tensor) -> Tensor:
        """``image`` and ``tabular`` as of :meth:`forward` -> log-odds of being high-risk, (n,)."""
        fused = torch.cat([self.image_network(image), self.tabular_network(tabular)], dim=1)
        logits: Tensor = self.classifier(fused).squeeze(1)
        return logits

    def forward(self, image: Tensor, tabular: Tensor) -> Tensor:
        """``image`` (n, bands, pixels, pixels) and ``tabular`` (n, F) -> probability of being high-risk, (n,)."""
        return torch.sigmoid(self.logits(image, tabular))
