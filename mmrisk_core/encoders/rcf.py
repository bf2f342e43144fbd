"""Random convolutional features: patches of the user's own imagery, as a bank of filters that nobody had to train."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import torch
from pydantic import BaseModel, ConfigDict, Field
from torch import Tensor, nn
from torch.nn import functional

from mmrisk_core.encoders.base import FrozenEncoder
from mmrisk_core.imagery import MAX_BANDS

WHITENING_PATCHES = 20_000
WHITENING_FLOOR = 0.1
"""Added to the variances before they are made equal, as a share of their mean (Coates and Ng 2012); else noise is all."""
IMAGES_AT_ONCE = 8


class Shape(BaseModel):
    """The shape of the encoder.

    :param bands: of each image input.
    :param filters: patches of each image input; every filter gives two features.
    :param patch_pixels: side of a patch, after downscaling.
    :param side: images are downscaled by a whole number to about so many pixels.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    bands: tuple[Annotated[int, Field(ge=1, le=MAX_BANDS)], ...] = Field(max_length=100)
    filters: int = Field(256, ge=1, le=2048)
    patch_pixels: int = Field(3, ge=1, le=15)
    side: int = Field(64, ge=32, le=128)


class RandomConvolutionalFeatures(FrozenEncoder):
    """Random convolutional features as in MOSAIKS (Rolf 2021): a :class:`FilterBank` for each image input."""

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__(config)
        self.shape = Shape.model_validate(config)
        self.banks = nn.ModuleList(FilterBank(bands, self.shape) for bands in self.shape.bands)

    def features_of(self, bands: int) -> int:
        return 2 * self.shape.filters

    def for_input(self, position: int) -> nn.Module:
        return self.banks[position]


class FilterBank(nn.Module):
    """Responses of an image to whitened patches, both signs rectified, and averaged over the image.

    ZCA whitening is linear, so it is part of the filters: what a filter answers is how far the whitened surroundings of a
    pixel go in the direction of a whitened patch, and has deviation 1 over the images that it was made from.
    """

    weight: Tensor
    bias: Tensor

    def __init__(self, bands: int, shape: Shape) -> None:
        super().__init__()
        self._side = shape.side
        self.register_buffer("weight", torch.zeros(shape.filters, bands, shape.patch_pixels, shape.patch_pixels))
        self.register_buffer("bias", torch.zeros(shape.filters))

    @torch.no_grad()
    def forward(self, pixels: Tensor) -> Tensor:
        """(n, bands, pixels, pixels) uint8 -> (n, 2 * filters)."""
        return torch.cat([self._features(part) for part in torch.split(pixels, IMAGES_AT_ONCE)])

    def _features(self, pixels: Tensor) -> Tensor:
        image = downscaled(pixels, self._side).contiguous(memory_format=torch.channels_last)
        response = functional.conv2d(image, self.weight, self.bias)
        mean = response.mean(dim=(2, 3))
        positive = functional.relu_(response).mean(dim=(2, 3))
        # What is below 0 is what the mean lacks of the part above.
        return torch.cat([positive, positive - mean], dim=1)


def downscaled(pixels: Tensor, side: int) -> Tensor:
    """uint8 (n, bands, pixels, pixels) -> 0..1, by the mean of whole squares of pixels, to about ``side`` pixels."""
    image = pixels.float() / 255
    factor = max(1, round(pixels.shape[-1] / side))
    return functional.avg_pool2d(image, factor) if factor > 1 else image


def fit_rcf(images: Sequence[Tensor], seed: int) -> RandomConvolutionalFeatures:
    """Draw the patches.

    :param images: for each image input, some images of it: uint8 (n, bands, pixels, pixels). Where there are none, noise
        takes their place.
    :param seed: same seed and images, same encoder.
    """
    encoder = RandomConvolutionalFeatures({"bands": [image.shape[1] for image in images]})
    generator = torch.Generator().manual_seed(seed % 2**63)
    for bank, image in zip(encoder.banks, images, strict=True):
        if len(image) == 0:
            image = torch.randint(0, 256, (16, *image.shape[1:]), generator=generator, dtype=torch.uint8)
        assert isinstance(bank, FilterBank)  # nosec B101  # for the type checker
        _draw(bank, downscaled(image, encoder.shape.side), generator)
    encoder.config = encoder.shape.model_dump(mode="json")
    return encoder.to(memory_format=torch.channels_last)


def _draw(bank: FilterBank, image: Tensor, generator: torch.Generator) -> None:
    n_filters, _, side, _ = bank.weight.shape
    patches = _random_patches(image, WHITENING_PATCHES, side, generator)
    mean = patches.mean(dim=0)
    variance, axes = torch.linalg.eigh((patches - mean).T @ (patches - mean) / len(patches))
    floor = (WHITENING_FLOOR * variance.mean()).clamp(min=1e-6)
    whitening = axes * (variance.clamp(min=0) + floor).rsqrt() @ axes.T
    drawn = (_random_patches(image, n_filters, side, generator) - mean) @ whitening
    directions = functional.normalize(drawn, dim=1) @ whitening
    bank.weight.copy_(directions.reshape(bank.weight.shape))
    bank.bias.copy_(-directions @ mean)


def _random_patches(image: Tensor, n: int, side: int, generator: torch.Generator) -> Tensor:
    """``n`` squares of ``side`` pixels from anywhere in the images, (n, bands * side * side), in double precision."""
    last = image.shape[-1] - side + 1
    which, top, left = (torch.randint(0, most, (n, 1, 1), generator=generator) for most in (len(image), last, last))
    step = torch.arange(side)
    # Indices around the bands' put them last.
    patches = image[which, :, top + step[:, None], left + step]
    return patches.permute(0, 3, 1, 2).reshape(n, -1).double()
