"""Which parts of the pictures are learnt from, which the training stops by, and which it is judged on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mmrisk_core.errors import InputError
from mmrisk_core.roads.loss import UNKNOWN, Label
from mmrisk_core.roads.scenes import Scene
from mmrisk_core.wording import counted

LARGEST_BLOCK, SMALLEST_BLOCK = 256, 32
BLOCKS_WANTED = 30
MIN_BLOCKS = 10
MAX_BLOCKS = 1000
MAX_HELD_OUT = 60
SHARE = 0.2
DRAWS = 20


@dataclass(frozen=True)
class SceneBlock:
    """A square part of a scene, by the position of the scene and its first row and column."""

    scene: int
    row: int
    col: int


@dataclass(frozen=True)
class SceneBlocks:
    """Square blocks of all scenes.

    :param side: of a block in pixels.
    :param learning: to learn from, as many as have been looked at; what is in none of the three is learnt from, too.
    :param stopping: which tell when to stop and where the threshold is.
    :param judging: which the figures are of.
    """

    side: int
    learning: tuple[SceneBlock, ...]
    stopping: tuple[SceneBlock, ...]
    judging: tuple[SceneBlock, ...]

    def hide(self, label: Label, scene: int, row: int, col: int) -> Label:
        """The label of a window with what lies in held-out blocks unknown."""
        hidden = label.copy()
        for block in (*self.stopping, *self.judging):
            top, left = block.row - row, block.col - col
            if block.scene == scene and top < len(label) and left < label.shape[1]:
                hidden[max(top, 0) : max(top + self.side, 0), max(left, 0) : max(left + self.side, 0)] = UNKNOWN
        return hidden


def choose_blocks(scenes: Sequence[Scene], seed: int) -> SceneBlocks:
    """A fifth of the blocks to stop by and a fifth to judge on, up to 60 each; road and other ground in each part.

    :raises MMRiskError: when there is too little that is known.
    """
    area = sum(scene.height * scene.width for scene in scenes)
    side = int(min(LARGEST_BLOCK, max(SMALLEST_BLOCK, (area / BLOCKS_WANTED) ** 0.5 // 32 * 32)))
    every = [
        SceneBlock(number, row, col)
        for number, scene in enumerate(scenes)
        for row in range(0, scene.height - side // 2, side)
        for col in range(0, scene.width - side // 2, side)
    ]
    random = np.random.default_rng(seed)
    some = [every[i] for i in random.permutation(len(every))[:MAX_BLOCKS]]
    known, roads = [], []
    for block in some:
        window = (block.row, block.col, side, side)
        label = scenes[block.scene].label(*window)
        label = np.where(scenes[block.scene].pixels(*window)[1], label, UNKNOWN)
        if (label != UNKNOWN).mean() > 0.5:
            known.append(block)
            roads.append(bool((label == 1).any()))
    if len(known) < MIN_BLOCKS or sum(roads) < 3:
        raise InputError(
            f"There is too little to learn roads from: {counted(len(known), 'square')} of {side} pixels with imagery "
            f"lie in the road layer, {sum(roads)} of them with roads; at least {MIN_BLOCKS} and 3 are needed. Give "
            "imagery of a "
            "larger area, a road layer that covers it, or smaller pixels."
        )
    held_out = min(MAX_HELD_OUT, max(2, round(SHARE * len(known))))
    for _ in range(DRAWS):
        order = random.permutation(len(known))
        parts = np.split(order, [held_out, 2 * held_out])
        if all(any(roads[i] for i in part) for part in parts):
            break
    else:
        raise InputError(
            f"Only {sum(roads):,} of {counted(len(known), 'square')} of {side} pixels have roads, too few to learn from "
            "some and judge on others. Give imagery with more roads."
        )
    stopping, judging, learning = (tuple(known[i] for i in part) for part in parts)
    return SceneBlocks(side, learning, stopping, judging)
