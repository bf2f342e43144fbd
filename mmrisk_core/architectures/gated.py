"""A gate that decides tile by tile how far to go by the imagery and how far by the attributes."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from mmrisk_core.architectures.towers import AttributeTower, ImageTower
from mmrisk_core.architectures.training_data import FitOptions, TrainingData
from mmrisk_core.architectures.two_tower_member import TwoTowerMember, fit_two_towers


class GatedMember(TwoTowerMember):
    """The gated multimodal unit (Arevalo 2017): z * tanh(image) + (1 - z) * tanh(attributes), z learnt from both."""

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__(config)
        image, attributes = ImageTower.out_features, AttributeTower.out_features
        self.image_projection = nn.Linear(image, self.fused_features)
        self.attribute_projection = nn.Linear(attributes, self.fused_features)
        self.gate = nn.Linear(image + attributes, self.fused_features)

    def fuse(self, image: Tensor, attributes: Tensor) -> Tensor:
        z = torch.sigmoid(self.gate(torch.cat([image, attributes], dim=1)))
        return z * torch.tanh(self.image_projection(image)) + (1 - z) * torch.tanh(
            self.attribute_projection(attributes)
        )


def fit_gated(data: TrainingData, options: FitOptions) -> GatedMember:
    """Train a :class:`GatedMember`."""
    return fit_two_towers(GatedMember, data, options)
