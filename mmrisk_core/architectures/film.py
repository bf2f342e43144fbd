"""Attributes that say how the imagery is to be read."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from mmrisk_core.architectures.towers import AttributeTower, ImageTower
from mmrisk_core.architectures.training_data import FitOptions, TrainingData
from mmrisk_core.architectures.two_tower_member import TwoTowerMember, fit_two_towers


class FilmMember(TwoTowerMember):
    """Feature-wise linear modulation (Perez 2018; for tables beside images Wolf 2022): scale * image + shift, rectified.

    Scale and shift of each of the 64 image activations are a linear layer on the attribute activations, which starts at
    scale 1 and shift 0. Shifts alone carry what the attributes say of a tile without imagery, whose activations are the
    token.
    """

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__(config)
        self.modulation = nn.Linear(AttributeTower.out_features, 2 * ImageTower.out_features)
        nn.init.zeros_(self.modulation.weight)
        nn.init.zeros_(self.modulation.bias)

    def fuse(self, image: Tensor, attributes: Tensor) -> Tensor:
        scale, shift = self.modulation(attributes).chunk(2, dim=1)
        return torch.relu((1 + scale) * image + shift)


def fit_film(data: TrainingData, options: FitOptions) -> FilmMember:
    """Train a :class:`FilmMember`."""
    return fit_two_towers(FilmMember, data, options)
