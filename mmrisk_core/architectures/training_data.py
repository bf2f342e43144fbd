"""What members learn from, and how they are to be trained."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from mmrisk_core.encoders import LastStage
from mmrisk_core.progress import NO_PROGRESS, Progress


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
        """The data of the tiles at positions ``rows``, (k,)."""
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
    """How to train a member; None leaves the choice to the architecture.

    :param seed: the same seed on the same machine gives the same member.
    :param device: where to train.
    :param epochs: most passes over the tiles.
    :param batch_size: tiles in one step.
    :param learning_rate: size of a step.
    :param progress: told how far it is, and asked whether to go on.
    """

    seed: int
    device: torch.device
    epochs: int | None = None
    batch_size: int | None = None
    learning_rate: float | None = None
    progress: Progress = NO_PROGRESS
