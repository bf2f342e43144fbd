"""Shapley values of attributes and images: contributions that add up to the logit of each tile.

The players of the game are the attributes and the image inputs; the value of some of them is the model's calibrated logit
with every other attribute at its typical value and every other image absent. Orders in which the players come in are
sampled in antithetic pairs, each order with its reverse (Strumbelj and Kononenko 2014; Mitchell, Cooper, Frank and Holmes
2022). Along one order the gains telescope, so that contributions add up to the logit whatever the number of orders, and
where the model is linear one order gives them exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from mmrisk_core.manifest import Manifest
from mmrisk_core.prediction.network import EnsembleOnDevice
from mmrisk_core.samples import ImageBatch

FloatArray = npt.NDArray[np.float64]

MOST_PAIRS = 4
PLAYERS_IN_ALL = 24
"""Players times pairs of orders: many attributes have fewer orders each, and cost in proportion to their number only."""


@dataclass(frozen=True)
class Contributions:
    """Why tiles have their logit.

    :param base: the logit without anything known of the tile.
    :param attributes: (n, F) in logits, in the manifest's order.
    :param images: (n, K).
    """

    base: float
    attributes: FloatArray
    images: FloatArray

    @property
    def logit(self) -> FloatArray:
        """The calibrated logit of each tile, (n,)."""
        return np.asarray(self.base + self.attributes.sum(axis=1) + self.images.sum(axis=1))


class Explainer:
    """Gives the contributions of batch after batch by the same orders.

    :param seed: of the orders.
    """

    def __init__(self, manifest: Manifest, network: EnsembleOnDevice, seed: int = 0) -> None:
        self._network = network
        self._typical = torch.tensor([attribute.typical for attribute in manifest.attributes], dtype=torch.float32)
        self._attributes, self._images = len(manifest.attributes), len(manifest.images)
        players = self._attributes + self._images
        pairs = int(np.clip(PLAYERS_IN_ALL // players, 1, MOST_PAIRS))
        random = np.random.default_rng(seed)
        drawn = [random.permutation(players) for _ in range(pairs)]
        self._orders = [order for one in drawn for order in (one, one[::-1])]

    def contributions(self, batch: ImageBatch, tabular: Tensor) -> Contributions:
        """Of the tiles of ``batch``, whose attributes are ``tabular`` (n, F)."""
        seen: dict[frozenset[int], list[Tensor]] = {}
        base = self._value(batch, tabular[:1], frozenset(), {})[0]
        whole = self._value(batch, tabular, frozenset(range(self._attributes + self._images)), seen)
        gains = np.zeros((len(tabular), self._attributes + self._images))
        for order in self._orders:
            before = np.full(len(tabular), base)
            for position, player in enumerate(order):
                last = position == len(order) - 1
                known = frozenset(order[: position + 1].tolist())
                after = whole if last else self._value(batch, tabular, known, seen)
                gains[:, player] += after - before
                before = after
        gains /= len(self._orders)
        return Contributions(float(base), gains[:, : self._attributes], gains[:, self._attributes :])

    def _value(
        self, batch: ImageBatch, tabular: Tensor, known: frozenset[int], seen: dict[frozenset[int], list[Tensor]]
    ) -> FloatArray:
        """The logits (n,) where only the players ``known`` are; ``seen`` keeps what the networks saw of the images."""
        columns = [player for player in known if player < self._attributes]
        attributes = self._typical.expand(len(tabular), -1).clone()
        attributes[:, columns] = tabular[:, columns]
        images = frozenset(player - self._attributes for player in known if player >= self._attributes)
        if images not in seen:
            seen[images] = self._see(batch, images, len(tabular))
        return self._network.logits(seen[images], attributes)

    def _see(self, batch: ImageBatch, known: frozenset[int], n: int) -> list[Tensor]:
        present = [
            there[:n] if number in known else torch.zeros(n, dtype=torch.bool)
            for number, there in enumerate(batch.present)
        ]
        return self._network.embeddings([image[:n] for image in batch.images], present, n)


def joined(parts: Sequence[Contributions], rows: Sequence[npt.NDArray[np.int64]]) -> Contributions:
    """The contributions of batches, in the order of their tiles.

    :param rows: the positions of the tiles of each batch.
    """
    order = np.argsort(np.concatenate(rows))
    return Contributions(
        parts[0].base,
        np.concatenate([part.attributes for part in parts])[order],
        np.concatenate([part.images for part in parts])[order],
    )
