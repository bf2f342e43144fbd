"""Tiles as they would be if what is not known of them were as in one donor after the other."""

from __future__ import annotations

import torch
from torch import Tensor

from mmrisk_core.arrays import BoolArray
from mmrisk_core.bundle.donors import Donors


class StandIns:
    """The donors of a model on the device of its members.

    :param images: the columns of what is seen in each.
    """

    def __init__(self, donors: Donors, images: list[slice], device: torch.device) -> None:
        self._tabular = donors.tabular.to(device)
        self._seen = donors.seen.to(device)
        self._images = images
        self._of_images = torch.zeros(len(images), self._seen.shape[2], dtype=torch.bool, device=device)
        for image, columns in enumerate(images):
            self._of_images[image, columns] = True

    def __len__(self) -> int:
        return len(self._tabular)

    def fill(self, seen: Tensor, tabular: Tensor, unknown: BoolArray) -> tuple[Tensor, Tensor]:
        """Each tile with each donor's values, donors of a tile beside each other.

        :param seen: in the images, (1 or members, n, D).
        :param tabular: the attributes, (n, F).
        :param unknown: which inputs are to be filled, (n, F + images).
        :return: the same for n times as many tiles as there are donors.
        """
        attributes = tabular.shape[1]
        fill = torch.from_numpy(unknown).to(tabular.device)
        filled = torch.where(fill[:, None, :attributes], self._tabular, tabular[:, None])
        columns = (fill[:, attributes:].float() @ self._of_images.float()) > 0
        filled_seen = torch.where(columns[None, :, None], self._seen[:, None], seen[:, :, None])
        return filled_seen.flatten(1, 2), filled.flatten(0, 1)
