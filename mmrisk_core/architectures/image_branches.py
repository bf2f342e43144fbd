"""Trained image networks, one for each image input of a tile."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from mmrisk_core.models import BasicCNN


class ImageBranches(nn.Module):
    """A :class:`BasicCNN` per image input; the activations of those that a tile has are averaged.

    :param inputs: bands and pixels of each image input.
    """

    out_features = BasicCNN.out_features

    def __init__(self, inputs: list[tuple[int, int]]) -> None:
        super().__init__()
        self.branches = nn.ModuleList(BasicCNN(bands, pixels) for bands, pixels in inputs)

    def forward(self, images: list[Tensor], present: list[Tensor]) -> Tensor:
        """uint8 images (n, bands, pixels, pixels) and whether a tile has them (n,) -> (n, 64); NaN where it has none."""
        return self.pool_images(self.encode_images(images, present))

    def encode_images(self, images: list[Tensor], present: list[Tensor]) -> Tensor:
        """As :meth:`forward`, the activations of each image side by side, (n, images * 64); NaN where it is not there."""
        activations = [b(image.float() / 255) for b, image in zip(self.branches, images, strict=True)]
        return torch.cat(
            [each.masked_fill(~there[:, None], torch.nan) for each, there in zip(activations, present, strict=True)],
            dim=1,
        )

    def pool_images(self, seen: Tensor) -> Tensor:
        """(n, images * 64) with NaN -> the mean of the activations that are there, (n, 64)."""
        activations = torch.stack(torch.split(seen, self.out_features, dim=1))
        absent = torch.isnan(activations)
        total = (~absent).sum(dim=0)
        return (activations.masked_fill(absent, 0).sum(dim=0) / total.clamp(min=1)).masked_fill(total == 0, torch.nan)
