"""The U-Net: what it saw coarsely, drawn finely again."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Literal, get_args

import torch
from torch import Tensor, nn
from torch.nn import functional

from mmrisk_core.errors import InputError

RoadBackbone = Literal["plain", "efficientnet_lite0", "resnet18", "resnet34"]
RoadBackboneChoice = Literal["auto", "plain", "efficientnet_lite0", "resnet18", "resnet34"]
ROAD_BACKBONES: tuple[RoadBackbone, ...] = get_args(RoadBackbone)

PLAIN_CHANNELS = (16, 32, 64, 128, 256)
DECODER_CHANNELS = (96, 64, 48, 32, 16)
COARSEST = 32
"""Sides of an image are a multiple of this many pixels, as the last stage of the encoder sees 32 as one."""


class UNet(nn.Module):
    """U-Net (Ronneberger 2015) over an encoder of torchvision, or over its own plain one: image -> logit of road.

    Batch norms rather than group norms: a group norm looks at the whole window, so that a pixel would depend on where
    windows are cut. Those of a pretrained encoder keep their statistics, as batches are small.

    :param backbone: one of :data:`ROAD_BACKBONES`; ``plain`` is Ronneberger's double convolutions with a quarter of the
        channels.
    :param bands: of the image; an encoder that is made for three gets three mixtures of them.
    :param pretrained: whether the encoder brings weights, and so keeps the statistics of its batch norms.
    """

    def __init__(self, backbone: RoadBackbone, bands: int, *, pretrained: bool = False) -> None:
        super().__init__()
        self.pretrained = pretrained
        mixed = backbone != "plain" and bands != 3
        self.mix = nn.Conv2d(bands, 3, 1) if mixed else nn.Identity()
        self.stages = nn.ModuleList(_stages(backbone, bands))
        with torch.no_grad():
            image = torch.zeros(1, 3 if mixed else bands, COARSEST, COARSEST)
            channels = [bands, *(seen.shape[1] for seen in _seen_by(self.stages.eval(), image))]
        if backbone == "plain":
            # Its first stage already sees single pixels.
            del channels[0]
        self.ups = nn.ModuleList()
        below = channels[-1]
        for skip, width in zip(reversed(channels[:-1]), DECODER_CHANNELS[-len(channels) + 1 :], strict=True):
            self.ups.append(_double_convolution(below + skip, width))
            below = width
        self.head = nn.Conv2d(below, 1, 1)
        self.train()

    def forward(self, image: Tensor) -> Tensor:
        """(n, bands, h, w) in -1..1, h and w multiples of 32 -> logits (n, h, w)."""
        seen = [image, *_seen_by(self.stages, self.mix(image))]
        if seen[1].shape[-1] == image.shape[-1]:
            del seen[0]
        drawn = seen.pop()
        for up, skip in zip(self.ups, reversed(seen), strict=True):
            drawn = up(torch.cat([functional.interpolate(drawn, scale_factor=2.0, mode="nearest"), skip], dim=1))
        logits: Tensor = self.head(drawn)[:, 0]
        return logits

    def train(self, mode: bool = True) -> UNet:
        """Into training, but for the batch norms of a pretrained encoder."""
        super().train(mode)
        if self.pretrained:
            for module in self.stages.modules():
                if isinstance(module, nn.BatchNorm2d):
                    module.eval()
        return self


def make_unet(backbone: RoadBackbone, bands: int, weights: str | Path | None = None) -> UNet:
    """A U-Net to be trained; over EfficientNet-Lite0 with its ImageNet weights, else with those of a file, if one is given.

    :raises MMRiskError: when there is no such backbone, it takes no weights, or the file is not of it.
    """
    if backbone not in ROAD_BACKBONES:
        raise InputError(f"There is no backbone '{backbone}' for roads. Use {', '.join(ROAD_BACKBONES)}.")
    if weights and not backbone.startswith("resnet"):
        raise InputError(
            f"The backbone '{backbone}' takes no weights file: leave WEIGHTS empty, or choose the ResNet that they are of."
        )
    pretrained = backbone == "efficientnet_lite0" or bool(weights)
    network = UNet(backbone, bands, pretrained=pretrained)
    if not pretrained:
        return network
    source = _encoder(backbone, with_weights=not weights)
    if weights:
        from mmrisk_core.models.torchvision_weights import load_weights

        del source.fc
        load_weights(source, Path(weights), without=("fc.",))
    state = _stages_of(backbone, source)
    network.stages.load_state_dict(nn.ModuleList(state).state_dict())
    return network


def _stages(backbone: RoadBackbone, bands: int) -> list[nn.Module]:
    if backbone == "plain":
        widths = (bands, *PLAIN_CHANNELS)
        convolutions = [_double_convolution(a, b) for a, b in pairwise(widths)]
        return [convolutions[0], *(nn.Sequential(nn.MaxPool2d(2), block) for block in convolutions[1:])]
    return _stages_of(backbone, _encoder(backbone))


def _encoder(backbone: RoadBackbone, *, with_weights: bool = False) -> nn.Module:
    """A classifier of torchvision, which takes seconds to load and which the plain backbone does without."""
    if backbone == "efficientnet_lite0":
        from mmrisk_core.encoders.efficientnet_lite0 import efficientnet_lite0

        network: nn.Module = efficientnet_lite0(with_weights=with_weights)
        return network
    from torchvision.models import get_model

    network = get_model(backbone, weights=None)
    return network


def _stages_of(backbone: RoadBackbone, network: nn.Module) -> list[nn.Module]:
    """The layers of an encoder in five stages, each seeing twice as coarsely as the one before."""
    layers = dict(network.named_children())
    if backbone == "efficientnet_lite0":
        row = layers["features"]
        assert isinstance(row, nn.Sequential)  # nosec B101  # for the type checker
        return [row[:2], row[2:3], row[3:4], row[4:6], row[6:8]]
    return [
        nn.Sequential(layers["conv1"], layers["bn1"], layers["relu"]),
        nn.Sequential(layers["maxpool"], layers["layer1"]),
        layers["layer2"],
        layers["layer3"],
        layers["layer4"],
    ]


def _seen_by(stages: Sequence[nn.Module] | nn.ModuleList, image: Tensor) -> list[Tensor]:
    seen = []
    for stage in stages:
        image = stage(image)
        seen.append(image)
    return seen


def _double_convolution(channels: int, width: int) -> nn.Sequential:
    convolution = partial(nn.Conv2d, kernel_size=3, padding=1, bias=False)
    return nn.Sequential(
        convolution(channels, width), nn.BatchNorm2d(width), nn.ReLU(inplace=True),
        convolution(width, width), nn.BatchNorm2d(width), nn.ReLU(inplace=True),
    )  # fmt: skip
