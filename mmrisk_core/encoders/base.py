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

    @classmethod
    def features_of(cls, bands: int) -> int:
        """How many features an image of ``bands`` bands has."""
        return cls.out_features * len(_triples(bands))

    @torch.no_grad()
    def forward(self, pixels: Tensor) -> Tensor:
        """(n, bands, pixels, pixels) uint8 -> (n, features), the features of three bands after those of the others."""
        parts = []
        for bands in _triples(pixels.shape[1]):
            # Convolutions on a CPU are nearly twice as fast with the channels last.
            image = pixels[:, bands].contiguous(memory_format=torch.channels_last)
            parts.append(self.embed(image.float() / 255))
        return torch.cat(parts, dim=1)


def _triples(bands: int) -> list[list[int]]:
    """Bands three at a time, as the encoders know pictures; where there are fewer, they are repeated."""
    triples = [list(range(start, min(start + 3, bands))) for start in range(0, bands, 3)]
    return [(triple * 3)[:3] for triple in triples]
