"""A last stage that learns with a linear head over its images alone."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from mmrisk_core.architectures.base import Network
from mmrisk_core.encoders import LastStage


class FineTunedImages(Network):
    """Images alone, by a last stage that learns, principal components that do not, and a linear head.

    :param reduction: (n, D) with NaN -> (n, components).
    :param head: (n, components) -> (n, 1).
    """

    def __init__(self, last_stage: LastStage, reduction: nn.Module, head: nn.Module) -> None:
        super().__init__()
        self.last_stage, self.reduction, self.head = last_stage, reduction, head

    def encode_images(self, embedding: Tensor, images: list[Tensor], present: list[Tensor]) -> Tensor:
        return torch.as_tensor(self.last_stage(embedding, images, present))

    def forward(self, embedding: Tensor, tabular: Tensor) -> Tensor:
        return torch.as_tensor(self.head(self.reduction(embedding)))
