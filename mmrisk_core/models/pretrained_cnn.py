"""A pretrained ResNet34 with a small new head."""

from __future__ import annotations

import logging
from pathlib import Path

import torch
from torch import Tensor, nn

logger = logging.getLogger(__name__)

IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STD = (0.229, 0.224, 0.225)


class PretrainedCNN(nn.Module):
    """ResNet34 (He 2016), all frozen but a new layer of 64 units; 21,317,504 parameters, 32,832 of them trainable.

    The frozen part stays in evaluation mode while the head trains, so that its batch-norm statistics stay as they were
    learnt.

    :param weights: a file with torchvision's ResNet34 state; without it, the copy in torch's cache, and where there is
        none either, random weights, which is logged and kept in ``pretrained``.
    """

    out_features = 64
    mean: Tensor
    std: Tensor

    def __init__(self, weights: str | Path | None = None) -> None:
        from torchvision.models import resnet34

        from mmrisk_core.models.torchvision_weights import find_weights, load_weights

        super().__init__()
        self.backbone = resnet34()
        inner = self.backbone.fc.in_features
        self.backbone.fc = nn.Identity()
        path = find_weights("resnet34", weights)
        self.pretrained = path is not None
        if path is not None:
            load_weights(self.backbone, path, without=("fc.",))
        else:
            logger.warning("No ResNet34 weights were given and none are in torch's cache: the encoder is random.")
        self.backbone.requires_grad_(False)
        self.head = nn.Linear(inner, self.out_features)
        self.register_buffer("mean", torch.tensor(IMAGENET_MEAN).view(1, 3, 1, 1), persistent=False)
        self.register_buffer("std", torch.tensor(IMAGENET_STD).view(1, 3, 1, 1), persistent=False)
        self.train()

    def train(self, mode: bool = True) -> PretrainedCNN:
        """Put the head in training ``mode``, or take it out; the frozen part stays in evaluation mode."""
        super().train(mode)
        self.backbone.eval()
        return self

    def forward(self, image: Tensor) -> Tensor:
        """``image`` (n, 3, pixels, pixels) in 0..1 -> (n, 64)."""
        with torch.no_grad():
            embedding = self.backbone((image - self.mean) / self.std)
        return torch.relu(self.head(embedding))
