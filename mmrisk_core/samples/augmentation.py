"""Images as they might have been: turned, mirrored, and under slightly other light."""

from __future__ import annotations

import torch
from torch import Tensor

from mmrisk_core.compute.batch_shards import draw_rows

BRIGHTNESS = 0.1
COLOUR = 0.05
VIEWS = 8


def augmented(images: list[Tensor], generator: torch.Generator) -> list[Tensor]:
    """Each tile turned by quarters and mirrored, all its images alike, as seen from above no direction is special.

    Pictures of three bands also get another brightness (up to 10 %) and tint (up to 5 % a band), each image its own.

    :param images: uint8 (n, bands, pixels, pixels) per image input.
    :param generator: on the device of the images.
    """
    if not images:
        return images
    n, device = len(images[0]), images[0].device
    turns = draw_rows(n, lambda n: torch.randint(0, 4, (n,), generator=generator, device=device))
    mirror = draw_rows(n, lambda n: torch.randint(0, 2, (n,), generator=generator, device=device)).bool()
    return [_relit(_turned(image, turns, mirror), generator) for image in images]


def fixed_views(image: Tensor, generator: torch.Generator) -> list[Tensor]:
    """The image in all eight ways of turning and mirroring it; the first as it is, the others each under a light of its own.

    For what is too costly to be made anew in every epoch.

    :param image: uint8 (n, bands, pixels, pixels).
    """
    views = [image]
    for number in range(1, VIEWS):
        turned = torch.rot90(image, number % 4, (2, 3))
        views.append(_relit(turned if number < 4 else turned.flip(3), generator))
    return views


def drawn_views(images: list[Tensor], views: list[Tensor], generator: torch.Generator) -> list[Tensor]:
    """One of its views for each tile, the same of all its images.

    :param images: the first view of each image input, (n, ...).
    :param views: the others, (n, views, ...).
    """
    n, device = len(images[0]), images[0].device
    count = 1 + views[0].shape[1]
    drawn = draw_rows(n, lambda n: torch.randint(0, count, (n,), generator=generator, device=device))
    other = torch.nonzero(drawn).squeeze(1)
    seen = [image.clone() for image in images]
    for image, some in zip(seen, views, strict=True):
        image[other] = some[other, drawn[other] - 1]
    return seen


def _turned(image: Tensor, turns: Tensor, mirror: Tensor) -> Tensor:
    turned = image.clone()
    for quarters in (1, 2, 3):
        rows = turns == quarters
        turned[rows] = torch.rot90(image[rows], quarters, (2, 3))
    turned[mirror] = turned[mirror].flip(3)
    return turned


def _relit(image: Tensor, generator: torch.Generator) -> Tensor:
    n, bands = image.shape[:2]
    if bands != 3:
        return image
    rand = draw_rows(n, lambda n: torch.rand(n, 1 + bands, 1, 1, generator=generator, device=image.device))
    draws = 2 * rand - 1
    factor = (1 + BRIGHTNESS * draws[:, :1]) * (1 + COLOUR * draws[:, 1:])
    return (image.float() * factor).round().clamp(0, 255).to(torch.uint8)
