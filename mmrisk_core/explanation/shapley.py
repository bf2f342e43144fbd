"""Shapley values of attributes and images: contributions that add up to the logit of each tile.

The players of the game are the attributes and the image inputs; the value of some of them is the calibrated logit of a
member with every other attribute at its typical value and every other image absent. Few players come in in all orders, so
that their values are exact. Of more players, orders are sampled in antithetic pairs, each order with its reverse
(Strumbelj and Kononenko 2014; Mitchell, Cooper, Frank and Holmes 2022), for each member others: the values of the ensemble
are the means of its members'. Along one order the gains telescope, so that contributions add up to the logit whatever the
number of orders, and where the model is linear one order gives them exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import permutations

import numpy as np
import torch
from torch import Tensor

from mmrisk_core.arrays import FloatArray, IntArray
from mmrisk_core.bundle.manifest import Manifest
from mmrisk_core.inference.ensemble_on_device import EnsembleOnDevice
from mmrisk_core.samples.image_batches import ImageBatch

MAX_IN_ALL_ORDERS = 4
"""So many players come in in all orders, which makes 16 sets of them: no more than a few orders of more players do."""
PLAYERS_IN_ALL = 18
"""Players times orders of a member: many attributes have fewer orders each, and cost in proportion to their number only."""
ROWS_AT_ONCE = 512
"""Fewer take longer to call a network with than to compute, and more do not stay in the caches of a processor."""


@dataclass(frozen=True)
class Contributions:
    """Why tiles have their logit.

    :param base: the logit without anything known of the tile, (n,); all alike where the members speak together.
    :param attributes: (n, F) in logits, in the manifest's order.
    :param images: (n, K).
    """

    base: FloatArray
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
        members = len(manifest.ensemble.member_configs)
        self._games = [_game(orders) for orders in _orders(self._attributes + self._images, members, seed)]

    def contributions(self, batch: ImageBatch, tabular: Tensor, fold: IntArray) -> Contributions:
        """Of the tiles of ``batch``, whose attributes are ``tabular`` (n, F).

        :param fold: in which each tile was learnt from, (n,), or -1. The member that has not seen it then speaks alone, in
            the orders of all.
        """
        n, members = len(tabular), range(len(self._games))
        seen = self._network.encode_images(
            [image[:n] for image in batch.images], [there[:n] for there in batch.present], n
        )
        absent = {self._absent(known) for game in self._games for known in game.sets}
        embeddings = {images: self._network.pool_images(seen, images) for images in absent}
        nothing = self._network.pool_images(seen[:, :1], range(self._images))
        base, effects = np.zeros(n), np.zeros((n, self._attributes + self._images))
        for number in np.unique(fold).tolist():
            rows = torch.from_numpy(np.flatnonzero(fold == number))
            learnt_from = number >= 0
            bases, gains = [], []
            for game_of, game in zip(members, self._games, strict=True):
                member = number if learnt_from else game_of
                answer = partial(self._network.logits_of_member, member, learnt_from=learnt_from)
                nothing_known = float(answer(nothing[member], self._typical[None])[0])
                of_member = {images: each[member][rows] for images, each in embeddings.items()}
                bases.append(nothing_known)
                gains.append(game.gain @ (self._values(answer, of_member, tabular[rows], game.sets) - nothing_known))
            base[rows], effects[rows] = np.mean(bases), np.mean(gains, axis=0).T
        return Contributions(base, effects[:, : self._attributes], effects[:, self._attributes :])

    def _values(
        self,
        answer: Callable[[Tensor, Tensor], FloatArray],
        embeddings: dict[frozenset[int], Tensor],
        tabular: Tensor,
        sets: Sequence[frozenset[int]],
    ) -> FloatArray:
        """The logits (sets, n) of a member where only the players of a set are known.

        :param answer: of the member, by what it sees and by attributes.
        :param embeddings: what it sees, (n, E), by the images that are taken as absent.
        """
        n = len(tabular)
        at_once = max(1, ROWS_AT_ONCE // n)
        parts = []
        for some in (sets[first : first + at_once] for first in range(0, len(sets), at_once)):
            attributes = self._typical.expand(len(some), n, -1).clone()
            for position, known in enumerate(some):
                columns = [player for player in known if player < self._attributes]
                attributes[position][:, columns] = tabular[:, columns]
            embedding = torch.cat([embeddings[self._absent(known)] for known in some])
            logits = answer(embedding, attributes.flatten(0, 1))
            parts.append(logits.reshape(len(some), n))
        return np.concatenate(parts)

    def _absent(self, known: frozenset[int]) -> frozenset[int]:
        """The images that are not among the players ``known``."""
        return frozenset(image for image in range(self._images) if image + self._attributes not in known)


@dataclass(frozen=True)
class _Game:
    """The sets of players whose value is asked, and how each counts for the players, (players, sets)."""

    sets: list[frozenset[int]]
    gain: FloatArray


def _game(orders: Sequence[tuple[int, ...]]) -> _Game:
    """What players gain on average over ``orders``: the value of a set with them, less that without."""
    sets = list(dict.fromkeys(frozenset(order[:k]) for order in orders for k in range(1, len(order) + 1)))
    number = {known: position for position, known in enumerate(sets)}
    gain = np.zeros((len(orders[0]), len(sets)))
    for order in orders:
        for k, player in enumerate(order):
            gain[player, number[frozenset(order[: k + 1])]] += 1
            if k:
                gain[player, number[frozenset(order[:k])]] -= 1
    return _Game(sets, gain / len(orders))


def _orders(players: int, members: int, seed: int) -> list[list[tuple[int, ...]]]:
    """The orders of each member."""
    if players <= MAX_IN_ALL_ORDERS:
        return [list(permutations(range(players)))] * members
    each = max(1, PLAYERS_IN_ALL // players)
    random = np.random.default_rng(seed)
    drawn = [tuple(random.permutation(players).tolist()) for _ in range(-(-each * members // 2))]
    orders = [order for one in drawn for order in (one, one[::-1])]
    return [orders[k * each : (k + 1) * each] for k in range(members)]


def joined(parts: Sequence[Contributions], rows: Sequence[IntArray]) -> Contributions:
    """The contributions of batches, in the order of their tiles.

    :param rows: the positions of the tiles of each batch.
    """
    order = np.argsort(np.concatenate(rows))
    return Contributions(
        np.concatenate([part.base for part in parts])[order],
        np.concatenate([part.attributes for part in parts])[order],
        np.concatenate([part.images for part in parts])[order],
    )
