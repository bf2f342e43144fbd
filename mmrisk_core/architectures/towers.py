"""A network for each modality, and a learnt token for tiles that lack it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

from mmrisk_core.architectures.attribute_encoding import AttributeEncoding
from mmrisk_core.architectures.image_branches import ImageBranches
from mmrisk_core.architectures.reduction import Reduction
from mmrisk_core.compute.batch_shards import BatchDropout
from mmrisk_core.encoders import make_last_stage
from mmrisk_core.models import BasicCNN, TabularNN

DROPOUT = 0.1
TOKEN_SPREAD = 0.02


class ImageTower(nn.Module):
    """All images of a tile -> 64 activations; a learnt token where it has none.

    Trained branches are averaged over the images that a tile has. Of frozen embeddings the principal components are
    taken; what a tile lacks of them is learnt too (``missing_part``, as a deviation from the mean).

    :param image_inputs: bands and pixels of each image input of a trained encoder, else none.
    :param embedding_size: D of frozen encoders, else 0.
    :param n_components: principal components of the embedding.
    :param last_stage: which last stage makes part of the embedding (``LastStage.config``); None where all of it is frozen.
    """

    out_features = BasicCNN.out_features

    def __init__(
        self,
        image_inputs: Sequence[Sequence[int]],
        embedding_size: int,
        n_components: int,
        last_stage: dict[str, Any] | None = None,
    ) -> None:
        super().__init__()
        self.last_stage = make_last_stage(**last_stage) if last_stage else None
        self.branches = ImageBranches([(bands, pixels) for bands, pixels in image_inputs]) if image_inputs else None
        self.reduction = Reduction(embedding_size, n_components)
        self.missing_part = nn.Parameter(torch.zeros(embedding_size)) if embedding_size else None
        self.projection = (
            nn.Sequential(nn.Linear(n_components, self.out_features), nn.ReLU(), BatchDropout(DROPOUT))
            if embedding_size
            else None
        )
        self.token = nn.Parameter(TOKEN_SPREAD * torch.randn(self.out_features))

    def encode_images(self, embedding: Tensor, images: list[Tensor], present: list[Tensor]) -> Tensor:
        """Embeddings (n, D) with NaN, or uint8 images and whether they are there -> what is seen in each, (n, D)."""
        if self.branches is not None:
            return self.branches.encode_images(images, present)
        if self.last_stage is not None:
            return torch.as_tensor(self.last_stage(embedding, images, present))
        return embedding

    def pool_images(self, seen: Tensor) -> Tensor:
        """What is seen in each image (n, D), NaN where it is absent -> (n, 64), NaN without any image."""
        if self.branches is not None:
            return self.branches.pool_images(seen)
        if self.projection is None or self.missing_part is None:
            return seen
        missing = torch.isnan(seen)
        filled = torch.where(missing, self.reduction.mean + self.missing_part, seen)
        activations = self.projection(self.reduction(filled))
        return torch.as_tensor(activations.masked_fill(missing.all(dim=1, keepdim=True), torch.nan))

    def with_token(self, activations: Tensor, n: int) -> Tensor:
        """Activations (n, 64), or (n, 0) where there is no image input, with the token in place of NaN."""
        if activations.shape[1] == 0:
            return self.token.expand(n, -1)
        return torch.where(torch.isnan(activations), self.token, activations)


class AttributeTower(nn.Module):
    """Attributes -> 32 activations of :class:`TabularNN`; a learnt token where a tile has no attribute at all."""

    out_features = TabularNN.out_features

    def __init__(self, n_attributes: int, n_flags: int, levels: Sequence[int]) -> None:
        super().__init__()
        self.encoding = AttributeEncoding(n_attributes, n_flags, levels)
        self.network = TabularNN(self.encoding.out_features) if n_attributes else None
        self.token = nn.Parameter(TOKEN_SPREAD * torch.randn(self.out_features))

    def forward(self, tabular: Tensor, *, clipped: bool = True) -> Tensor:
        """(n, F) with NaN -> (n, 32)."""
        if self.network is None:
            return self.token.expand(len(tabular), -1)
        absent = torch.isnan(tabular).all(dim=1, keepdim=True)
        encoded = self.encoding(tabular) if clipped else self.encoding.unclipped(tabular)
        return torch.where(absent, self.token, self.network(encoded))
