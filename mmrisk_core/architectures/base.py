"""What all architectures share: a member of the ensemble, and how it is asked for."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from torch import Tensor, nn

from mmrisk_core.architectures.image_branches import ImageBranches


class Network(nn.Module, ABC):
    """From images and attributes to logits, in steps; what is absent is NaN between them."""

    def encode_images(self, embedding: Tensor, images: list[Tensor], present: list[Tensor]) -> Tensor:
        """What it sees in each image by itself, side by side, (n, D); NaN where a tile lacks one.

        Networks over a frozen encoder take ``embedding`` as it is; those with an image network of their own make it from
        ``images``, uint8 tensors (n, bands, pixels, pixels) of which ``present`` (n,) says where they hold anything. Where
        the last stage of the encoder is their own, ``images`` are the activations before it.
        """
        return embedding

    def pool_images(self, seen: Tensor) -> Tensor:
        """What was seen in the images (n, D) -> the image embedding (n, E) this network works on.

        NaN where a tile has no image. An image whose columns are made NaN is absent.
        """
        return seen

    def embed(self, embedding: Tensor, images: list[Tensor], present: list[Tensor]) -> Tensor:
        """The image embedding (n, E) of images; see :meth:`encode_images` and :meth:`pool_images`."""
        return self.pool_images(self.encode_images(embedding, images, present))

    @abstractmethod
    def forward(self, embedding: Tensor, tabular: Tensor) -> Tensor:
        """(n, D) and (n, F), both with NaN where absent -> logits (n, heads)."""


class Member(Network):
    """One trained network of the ensemble, from image embedding and attributes to the logits of its heads.

    What is absent is replaced by the member's own token for it.

    :param config: all that is needed to build an empty member of the same shape.
    """

    head_names: tuple[str, ...]

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__()
        self.config = config

    @classmethod
    def min_elements(cls, config: dict[str, Any]) -> int:
        """How many numbers a member of ``config`` has at the least in parts that cannot be built without memory for them."""
        return 0

    @property
    def image_branches(self) -> ImageBranches | None:
        """The image network of its own, whose answer then is what :meth:`embed` gives; None over a frozen encoder."""
        return None

    def logit_deviation(self, embedding: Tensor, tabular: Tensor) -> Tensor | None:
        """Standard deviation (n, heads) of the logits of ``embedding`` and ``tabular``; None where the member knows none."""
        return None

    @abstractmethod
    def domain_features(self, embedding: Tensor, tabular: Tensor) -> Tensor:
        """Features (n, d) of ``embedding`` and ``tabular``, weighted by what they mean to the model, in which distance says
        how unlike tiles are.
        """
