"""What all frozen encoders share."""

from __future__ import annotations

from abc import ABC, abstractmethod

import torch
from torch import Tensor, nn


class FrozenEncoder(nn.Module, ABC):
    """An image network that does not learn: it runs once per tile, and only what follows it is trained.

    Subclasses set ``out_features`` and implement :meth:`embed`.
    """

    out_features: int

    @abstractmethod
    def embed(self, image: Tensor) -> Tensor:
        """(n, 3, pixels, pixels) in 0..1 -> (n, out_features)."""

    def train(self, mode: bool = True) -> FrozenEncoder:
        # Batch-norm statistics must stay as they were learnt.
        super().train(False)
        return self

    @torch.no_grad()
    def forward(self, pixels: Tensor) -> Tensor:
        """(n, bands, pixels, pixels) uint8 -> (n, out_features)."""
        # Convolutions on a CPU are nearly twice as fast with the channels last.
        image = to_rgb(pixels).contiguous(memory_format=torch.channels_last)
        return self.embed(image.float() / 255)


def to_rgb(pixels: Tensor) -> Tensor:
    """Three bands: the image's own, or its first one repeated."""
    return pixels if pixels.shape[1] == 3 else pixels[:, :1].expand(-1, 3, -1, -1)
