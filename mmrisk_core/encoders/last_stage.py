"""The last stage of a pretrained encoder, which goes on learning while the stages before it stay as they are."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

from mmrisk_core.encoders.base import PictureEncoder


class LastStage(nn.Module):
    """A copy of the last stage of ``encoder`` that can be trained; all images of a tile share it.

    Batch norms stay as they were learnt, statistics and weights alike: a few tiles of one county would spoil them.

    :param name: the registered name of the encoder.
    """

    def __init__(self, name: str, encoder: PictureEncoder) -> None:
        super().__init__()
        self.config = {"backbone": name, "encoder_config": encoder.config}
        self._early, self._features = encoder.early_features, encoder.out_features
        network = copy.deepcopy(encoder.last_layers())
        if any(parameter.is_meta for parameter in network.parameters()):
            network = network.to_empty(device="cpu")
        self.network = network.requires_grad_(True)
        self.in_order()
        for module in self.network.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.requires_grad_(False)
        self.eval()

    def in_order(self) -> None:
        """Put the tensors in the order that is fastest; rounding hangs on it, so it must be the same after loading."""
        self.network.to(memory_format=torch.channels_last)

    def train(self, mode: bool = True) -> LastStage:
        """Stay in evaluation mode, whatever ``mode`` says."""
        super().train(False)
        return self

    def forward(self, embedding: Tensor, activations: Sequence[Tensor], present: Sequence[Tensor]) -> Tensor:
        """The embedding with what the last stage makes of it in the place of its last features.

        :param embedding: (n, D) of the frozen encoder, of which only what comes before the last stage counts.
        :param activations: per image input (n, triples, C, h, w), as of :meth:`PictureEncoder.forward_early`.
        :param present: per image input, (n,) whether a tile has it.
        :return: (n, D); NaN for images that a tile lacks.
        """
        parts, first = [], 0
        for before, there in zip(activations, present, strict=True):
            n, triples = before.shape[:2]
            known = embedding[:, first : first + triples * self._features].reshape(n, triples, self._features)
            first += triples * self._features
            image = before.flatten(0, 1).float().contiguous(memory_format=torch.channels_last)
            late = self.network(image).unflatten(0, (n, triples))
            together = torch.cat([known[..., : self._early], late], dim=2).flatten(1)
            parts.append(together.masked_fill(~there[:, None], torch.nan))
        return torch.cat(parts, dim=1)


def make_last_stage(backbone: str, encoder_config: dict[str, Any]) -> LastStage:
    """A last stage shaped as that of the encoder ``backbone`` with ``encoder_config``, to be filled from a model file."""
    if backbone == "efficientnet_lite0":
        from mmrisk_core.encoders.efficientnet_lite0 import EfficientNetLite0

        return LastStage(backbone, EfficientNetLite0())
    from mmrisk_core.encoders.torchvision_classifier import TorchvisionClassifier

    with torch.device("meta"):
        encoder = TorchvisionClassifier(backbone, encoder_config)
    return LastStage(backbone, encoder)


def early_activations(encoder: PictureEncoder, images: Sequence[Tensor]) -> tuple[Tensor, list[Tensor]]:
    """What a :class:`LastStage` goes on from, as the frozen stages of ``encoder`` before it see uint8 ``images``.

    :return: the embedding (n, D) with 0 for what the last stage makes, and per image the activations before it.
    """
    parts, activations = [], []
    for image in images:
        features, before = encoder.forward_early(image)
        late = encoder.out_features - encoder.early_features
        parts.append(nn.functional.pad(features, (0, late)).flatten(1))
        activations.append(before)
    return torch.cat(parts, dim=1), activations
