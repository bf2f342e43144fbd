"""What all architectures share: a member of the ensemble, and how it is asked for."""

from __future__ import annotations

import dataclasses
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from mmrisk_core.architectures.image_branches import ImageBranches
from mmrisk_core.encoders import LastStage
from mmrisk_core.progress import SILENT, Progress


class Network(nn.Module, ABC):
    """From images and attributes to logits, in steps; what is absent is NaN between them."""

    def see(self, embedding: Tensor, images: list[Tensor], present: list[Tensor]) -> Tensor:
        """What it sees in each image by itself, side by side, (n, D); NaN where a tile lacks one.

        Networks over a frozen encoder take ``embedding`` as it is; those with an image network of their own make it from
        ``images``, uint8 tensors (n, bands, pixels, pixels) of which ``present`` (n,) says where they hold anything. Where
        the last stage of the encoder is their own, ``images`` are the activations before it.
        """
        return embedding

    def pool(self, seen: Tensor) -> Tensor:
        """What was seen in the images (n, D) -> the image embedding (n, E) this network works on.

        NaN where a tile has no image. An image whose columns are made NaN is absent.
        """
        return seen

    def embed(self, embedding: Tensor, images: list[Tensor], present: list[Tensor]) -> Tensor:
        """The image embedding (n, E) of images; see :meth:`see` and :meth:`pool`."""
        return self.pool(self.see(embedding, images, present))

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
    def least_elements(cls, config: dict[str, Any]) -> int:
        """How many numbers such a member has at the least in parts that cannot be built without memory for them."""
        return 0

    @property
    def image_branches(self) -> ImageBranches | None:
        """The image network of its own, whose answer then is what :meth:`embed` gives; None over a frozen encoder."""
        return None

    def logit_deviation(self, embedding: Tensor, tabular: Tensor) -> Tensor | None:
        """Standard deviation of the logits (n, heads) as the member itself knows it; None where it does not."""
        return None

    @abstractmethod
    def domain_features(self, embedding: Tensor, tabular: Tensor) -> Tensor:
        """Features (n, d) weighted by what they mean to the model, in which distance says how unlike tiles are."""


@dataclass(frozen=True)
class TrainingData:
    """What members learn from; rows are labelled tiles.

    :param embedding: (n, D) of frozen encoders, NaN where a tile has no image; D is 0 without one.
    :param images: one uint8 tensor (n, bands, pixels, pixels) per image input of a trained encoder, else none. Where a last
        stage is fine-tuned, the activations before it, float16 (n, triples, C, h, w).
    :param present: for each of ``images``, (n,) whether the tile has it.
    :param tabular: (n, F) with NaN; of categories the codes of their levels.
    :param label: (n,) 0.0 or 1.0.
    :param block: (n,) spatial block of each tile.
    :param levels: (F,) how many levels each attribute has, 0 for a number; empty where all are numbers.
    :param views: for each of ``images`` that are activations, those of the image turned, mirrored and relit,
        (n, views, triples, C, h, w); else none.
    :param last_stage: the pretrained last stage that is fine-tuned, None where nothing is.
    """

    embedding: Tensor
    images: list[Tensor]
    present: list[Tensor]
    tabular: Tensor
    label: Tensor
    block: np.ndarray
    levels: tuple[int, ...] = ()
    views: list[Tensor] = dataclasses.field(default_factory=list)
    last_stage: LastStage | None = None

    def take(self, rows: np.ndarray) -> TrainingData:
        """The data of some rows."""
        index = torch.as_tensor(rows)
        return dataclasses.replace(
            self,
            embedding=self.embedding[index],
            images=[image[index] for image in self.images],
            present=[present[index] for present in self.present],
            tabular=self.tabular[index],
            label=self.label[index],
            block=self.block[rows],
            views=[view[index] for view in self.views],
        )

    def to(self, device: torch.device) -> TrainingData:
        """The same data on ``device``."""
        return dataclasses.replace(
            self,
            embedding=self.embedding.to(device),
            images=[image.to(device) for image in self.images],
            present=[present.to(device) for present in self.present],
            tabular=self.tabular.to(device),
            label=self.label.to(device),
            views=[view.to(device) for view in self.views],
        )

    @property
    def has_images(self) -> bool:
        """Whether there is any image input."""
        return self.embedding.shape[1] > 0 or bool(self.images)

    @property
    def image_config(self) -> dict[str, Any]:
        """What the config of a member says of its image network: bands and pixels of the inputs of one that is trained from
        scratch, the size of the embedding of a frozen one, and the encoder of which the last stage is fine-tuned.
        """
        from_scratch = [] if self.last_stage else self.images
        return {
            "image_inputs": [[image.shape[1], image.shape[2]] for image in from_scratch],
            "embedding_size": self.embedding.shape[1],
            "last_stage": self.last_stage.config if self.last_stage else None,
        }


@dataclass(frozen=True)
class FitOptions:
    """How to train a member; None leaves the choice to the architecture."""

    seed: int
    device: torch.device
    epochs: int | None = None
    batch_size: int | None = None
    learning_rate: float | None = None
    progress: Progress = SILENT
