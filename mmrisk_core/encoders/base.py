"""What all frozen encoders share."""

from __future__ import annotations

import copy
from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any, ClassVar

import torch
from torch import Tensor, nn


class FrozenEncoder(nn.Module, ABC):
    """An image network that does not learn: it runs once per tile, and only what follows it is trained.

    :param config: all that is needed, beside the registered name, to build an empty encoder of the same shape.
    """

    in_model_file: ClassVar[bool] = True
    """Whether its tensors go into the model file; False where they come with the engine's packages."""
    takes_weights: ClassVar[bool] = False
    """Whether its weights may be given as a file."""
    halves: ClassVar[bool] = False
    """Whether half the bits of a number may be enough for it, and make it faster."""

    def __init__(self, config: dict[str, Any] | None = None) -> None:
        super().__init__()
        self.config = config or {}

    @abstractmethod
    def features_of(self, bands: int) -> int:
        """How many features an image of ``bands`` bands has."""

    def for_input(self, position: int) -> nn.Module:
        """What looks at the image input ``position``: (n, bands, pixels, pixels) uint8 -> (n, features)."""
        return self

    def for_inference(self, dtype: torch.dtype = torch.float32) -> FrozenEncoder:
        """A copy that does the same with less to compute, but for rounding; in ``dtype`` where it ``halves``."""
        return copy.deepcopy(self)

    def train(self, mode: bool = True) -> FrozenEncoder:
        """Stay in evaluation mode, whatever ``mode`` says."""
        # Batch-norm statistics must stay as they were learnt.
        super().train(False)
        return self


class PictureEncoder(FrozenEncoder):
    """A frozen encoder that knows pictures of three bands, and sees images of others three bands at a time.

    Subclasses set ``out_features`` and implement :meth:`embed` and :meth:`fold`. Those whose last stage can be told
    implement :meth:`embed_early` and :meth:`last_layers` too, and set ``early_features``.

    :param dtype: what the network behind the normalisation computes in.
    """

    halves = True
    out_features: int
    dtype = torch.float32
    early_features: int = 0
    """How many of the features, the first ones, are made before the last stage."""

    @abstractmethod
    def embed(self, image: Tensor) -> Tensor:
        """``image`` (n, 3, pixels, pixels) in 0..1 -> (n, out_features)."""

    @abstractmethod
    def fold(self, dtype: torch.dtype) -> None:
        """Fold batch norms and turn the network, but not the normalisation of its input, to ``dtype``."""

    def for_inference(self, dtype: torch.dtype = torch.float32) -> FrozenEncoder:
        faster = copy.deepcopy(self)
        faster.fold(dtype)
        faster.dtype = dtype
        return faster

    def embed_early(self, image: Tensor) -> tuple[Tensor, Tensor]:
        """``image`` as of :meth:`embed` -> features (n, early_features), and what the last stage gets, (n, C, h, w)."""
        raise NotImplementedError(f"{type(self).__name__} has no last stage")

    def last_layers(self) -> nn.Module:
        """The last stage and what follows it, (n, C, h, w) -> (n, out_features - early_features); not a copy."""
        raise NotImplementedError(f"{type(self).__name__} has no last stage")

    def features_of(self, bands: int) -> int:
        return self.out_features * len(_triples(bands))

    @torch.no_grad()
    def forward(self, pixels: Tensor) -> Tensor:
        """``pixels`` (n, bands, side, side) uint8 -> (n, features), those of three bands after those of the others."""
        return torch.cat([self.embed(image).float() for image in _pictures(pixels)], dim=1)

    @torch.no_grad()
    def forward_early(self, pixels: Tensor) -> tuple[Tensor, Tensor]:
        """``pixels`` (n, bands, side, side) uint8 -> early features (n, triples, early_features), and activations before the
        last stage in half precision, (n, triples, C, h, w); three bands at a time.
        """
        features, activations = zip(*(self.embed_early(image) for image in _pictures(pixels)), strict=True)
        return torch.stack(features, dim=1), torch.stack(activations, dim=1).half()


def _pictures(pixels: Tensor) -> Iterator[Tensor]:
    """Three bands at a time of images (n, bands, pixels, pixels) uint8, in 0..1."""
    for bands in _triples(pixels.shape[1]):
        # Convolutions on a CPU are nearly twice as fast with the channels last.
        yield pixels[:, bands].contiguous(memory_format=torch.channels_last).float() / 255


def _triples(bands: int) -> list[list[int]]:
    """Bands three at a time, as the encoders know pictures; where there are fewer, they are repeated."""
    triples = [list(range(start, min(start + 3, bands))) for start in range(0, bands, 3)]
    return [(triple * 3)[:3] for triple in triples]
