"""Shapley values of attributes and images: contributions that add up to the logit of each tile.

The players of the game are the attributes and the image inputs; the value of some of them is the model's calibrated logit
with every other attribute at its typical value and every other image absent. Few players come in in all orders, so that
their values are exact. Of more players, orders are sampled in antithetic pairs, each order with its reverse (Strumbelj and
Kononenko 2014; Mitchell, Cooper, Frank and Holmes 2022). Along one order the gains telescope, so that contributions add up
to the logit whatever the number of orders, and where the model is linear one order gives them exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from mmrisk_core.manifest import Manifest
from mmrisk_core.prediction.network import EnsembleOnDevice
from mmrisk_core.samples import ImageBatch

FloatArray = npt.NDArray[np.float64]

MOST_IN_ALL_ORDERS = 5
"""So many players come in in all orders, which makes 32 sets of them: no more than a few orders of more players do."""
MOST_PAIRS = 4
PLAYERS_IN_ALL = 24
"""Players times pairs of orders: many attributes have fewer orders each, and cost in proportion to their number only."""
ROWS_AT_ONCE = 1024
"""Several sets of players together, since so small a network takes longer to call than to compute."""


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
        orders = _orders(self._attributes + self._images, seed)
        self._sets = list(dict.fromkeys(frozenset(order[:k]) for order in orders for k in range(1, len(order) + 1)))
        self._gain = self._gains(orders)

    def contributions(self, batch: ImageBatch, tabular: Tensor) -> Contributions:
        """Of the tiles of ``batch``, whose attributes are ``tabular`` (n, F)."""
        n = len(tabular)
        seen = self._network.see([image[:n] for image in batch.images], [there[:n] for there in batch.present], n)
        base = self._values(seen[:, :1], tabular[:1], [frozenset()])[0, 0]
        at_once = max(1, ROWS_AT_ONCE // n)
        parts = [self._sets[first : first + at_once] for first in range(0, len(self._sets), at_once)]
        values = np.concatenate([self._values(seen, tabular, part) for part in parts])
        gains = (self._gain @ (values - base)).T
        return Contributions(float(base), gains[:, : self._attributes], gains[:, self._attributes :])

    def _gains(self, orders: Sequence[tuple[int, ...]]) -> FloatArray:
        """(players, sets): how often a player is the last to come into a set, less how often the next to come, per order."""
        number = {known: position for position, known in enumerate(self._sets)}
        gain = np.zeros((len(orders[0]), len(number)))
        for order in orders:
            for k, player in enumerate(order):
                gain[player, number[frozenset(order[: k + 1])]] += 1
                if k:
                    gain[player, number[frozenset(order[:k])]] -= 1
        return gain / len(orders)

    def _values(self, seen: Tensor, tabular: Tensor, sets: Sequence[frozenset[int]]) -> FloatArray:
        """The logits (sets, n) where only the players of a set are known.

        :param seen: what was seen in the images, (1 or members, n, D).
        """
        attributes = self._typical.expand(len(sets), len(tabular), -1).clone()
        embeddings: dict[frozenset[int], list[Tensor]] = {}
        absent = [frozenset(range(self._images)) - {p - self._attributes for p in known} for known in sets]
        for position, (known, without) in enumerate(zip(sets, absent, strict=True)):
            columns = [player for player in known if player < self._attributes]
            attributes[position][:, columns] = tabular[:, columns]
            if without not in embeddings:
                embeddings[without] = self._network.pool(seen, without)
        of_sets = [torch.cat(each) for each in zip(*(embeddings[without] for without in absent), strict=True)]
        return self._network.logits(of_sets, attributes.flatten(0, 1)).reshape(len(sets), len(tabular))


def _orders(players: int, seed: int) -> list[tuple[int, ...]]:
    if players <= MOST_IN_ALL_ORDERS:
        return list(permutations(range(players)))
    pairs = int(np.clip(PLAYERS_IN_ALL // players, 1, MOST_PAIRS))
    random = np.random.default_rng(seed)
    drawn = [tuple(random.permutation(players).tolist()) for _ in range(pairs)]
    return [order for one in drawn for order in (one, one[::-1])]


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
