"""What anyone could do without a network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from mmrisk_core.roads.blocks import SceneBlock, SceneBlocks
from mmrisk_core.roads.fit import RoadFit, SeenBlock, sum_counts
from mmrisk_core.roads.loss import UNKNOWN
from mmrisk_core.roads.model import RoadScores, to_input
from mmrisk_core.roads.scenes import Scene
from mmrisk_core.roads.scores import RELAXED_BY, Counts

THRESHOLDS = np.linspace(-1, 1, 21)
MAX_BLOCKS = 20
WORTH_A_NETWORK = 0.1


def measure_baselines(scenes: Sequence[Scene], blocks: SceneBlocks, fit: RoadFit) -> dict[str, RoadScores]:
    """The scores, on the blocks to judge on, of a threshold of brightness and of calling everything a road.

    The threshold, and whether roads are brighter or darker than it, is the best on blocks to learn from.
    """
    learning = [_brightness(scenes, blocks.side, block, fit) for block in blocks.learning[:MAX_BLOCKS]]
    judging = [_brightness(scenes, blocks.side, block, fit) for block in blocks.judging]
    sign, threshold = best_threshold(learning)
    return {
        "brightness": RoadScores.of(count_brightness(judging, sign, threshold)),
        "everything is road": RoadScores.of(sum_counts(judging, -np.inf)),
    }


def beats_baselines(scores: RoadScores, baselines: Mapping[str, RoadScores]) -> bool:
    """Whether masks are so much better than those of all ``baselines``, in F1, that a network is worth its while."""
    return scores.f1 >= max(baseline.f1 for baseline in baselines.values()) + WORTH_A_NETWORK


def best_threshold(brightness: Sequence[SeenBlock]) -> tuple[int, float]:
    """Whether roads are brighter (1) or darker (-1) than a threshold, and which has the best relaxed F1."""
    choices = [(sign, float(threshold)) for sign in (1, -1) for threshold in THRESHOLDS]
    return max(choices, key=lambda choice: count_brightness(brightness, choice[0], choice[1]).f1)


def count_brightness(
    brightness: Sequence[SeenBlock], sign: int, threshold: float, relaxed_by: int = RELAXED_BY
) -> Counts:
    """Counts over blocks with a brightness (-1..1) in the place of a probability."""
    turned = [SeenBlock(seen.block, sign * seen.probability, seen.label) for seen in brightness]
    return sum_counts(turned, sign * threshold, relaxed_by)


def _brightness(scenes: Sequence[Scene], side: int, block: SceneBlock, fit: RoadFit) -> SeenBlock:
    pixels, shows = scenes[block.scene].pixels(block.row, block.col, side, side)
    label = np.where(shows, scenes[block.scene].label(block.row, block.col, side, side), UNKNOWN)
    return SeenBlock(block, to_input(pixels, shows, fit.low, fit.high).mean(dim=0).numpy(), label)
