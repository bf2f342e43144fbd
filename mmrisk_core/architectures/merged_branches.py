"""The trained image networks of all members of an ensemble, run together."""

from __future__ import annotations

import copy
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from mmrisk_core.architectures.image_branches import ImageBranches
from mmrisk_core.models import BasicCNN

IMAGES_AT_ONCE = 16
"""What the convolutions answer for more does not stay in the caches of a processor."""


class MergedBranches(nn.Module):
    """The same as :meth:`ImageBranches.encode_images` of each of ``members``, with their convolutions side by side in one.

    Six filters leave most of a processor idle; those of five members at once, with the channels last, run some five times
    as fast.

    :param members: the branches of each member of an ensemble.
    """

    def __init__(self, members: Sequence[ImageBranches]) -> None:
        super().__init__()
        by_input = zip(*(member.branches for member in members), strict=True)
        self.inputs = nn.ModuleList(MergedCNN([_as_cnn(cnn) for cnn in cnns]) for cnns in by_input)

    def forward(self, images: list[Tensor], present: list[Tensor]) -> Tensor:
        """uint8 images (n, bands, pixels, pixels) and whether a tile has them (n,) -> (members, n, images * 64).

        NaN in the place of images that a tile lacks.
        """
        activations = [cnn(image) for cnn, image in zip(self.inputs, images, strict=True)]
        return torch.cat(
            [each.masked_fill(~there[:, None], torch.nan) for each, there in zip(activations, present, strict=True)],
            dim=2,
        )


class MergedCNN(nn.Module):
    """Several :class:`BasicCNN` of one image input."""

    def __init__(self, cnns: Sequence[BasicCNN]) -> None:
        super().__init__()
        first, second = ([cnn.convolutions[layer] for cnn in cnns] for layer in (0, 3))
        self.first = _side_by_side(first, groups=1)
        self.second = _side_by_side(second, groups=len(cnns))
        self.heads = nn.ModuleList(copy.deepcopy(cnn.head) for cnn in cnns)

    def forward(self, pixels: Tensor) -> Tensor:
        """(n, bands, pixels, pixels) uint8 -> (members, n, 64)."""
        return torch.cat([self._activations(part) for part in torch.split(pixels, IMAGES_AT_ONCE)], dim=1)

    def _activations(self, pixels: Tensor) -> Tensor:
        image = pixels.contiguous(memory_format=torch.channels_last).float() / 255
        for layer in (self.first, self.second):
            image = functional.max_pool2d(functional.relu_(layer(image)), 2)
        own = image.chunk(len(self.heads), dim=1)
        return torch.stack([head(part.contiguous()) for head, part in zip(self.heads, own, strict=True)])


def _as_cnn(module: nn.Module) -> BasicCNN:
    assert isinstance(module, BasicCNN)  # nosec B101  # for the type checker
    return module


def _side_by_side(layers: Sequence[nn.Module], groups: int) -> nn.Conv2d:
    """One convolution that answers what ``layers`` do, one after the other."""
    convolutions = [layer for layer in layers if isinstance(layer, nn.Conv2d)]
    weight = torch.cat([layer.weight.detach() for layer in convolutions])
    merged = nn.Conv2d(weight.shape[1] * groups, len(weight), convolutions[0].kernel_size, groups=groups)  # type: ignore[arg-type]
    merged.weight = nn.Parameter(weight, requires_grad=False)
    merged.bias = nn.Parameter(torch.cat([torch.as_tensor(c.bias).detach() for c in convolutions]), requires_grad=False)
    return merged.to(memory_format=torch.channels_last)
