"""What a validation saw, tile by tile: for the report, not kept in the model file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd

from mmrisk_core.arrays import BoolArray, ByteArray, FloatArray, IntArray
from mmrisk_core.geo.frames import numbers_in
from mmrisk_core.geo.recipe import recipe_of

Thumbnail = ByteArray

EXAMPLES = 6


@dataclass(frozen=True)
class Evidence:
    """Labelled tiles, what the model said of them without having seen them, and what helps to understand it.

    :param risk: out-of-fold risk of the whole model, (n,), among all tiles where labelled ones were chosen by their label.
    :param head_risk: the same for each head of a stack alone.
    :param fold: (n,), or None where a model is judged that was trained elsewhere.
    :param block: spatial block of each tile, (n,), drawn together in the bootstrap.
    :param bounds: left, bottom, right, top of each tile in metres, (n, 4); None of a table without geometry.
    :param tile_id: what the tiles are called in their layer, (n,).
    :param tabular: (n, F) with NaN, of the attributes named.
    :param challengers: out-of-fold probabilities of simpler models. See :mod:`mmrisk_core.training.challengers`.
    :param random_risk: probabilities of the whole model validated on random folds, (n,).
    :param events: number of events in each tile, (n,), where the label was made from them.
    :param in_domain: whether each tile is in the area of applicability, (n,), where a model is judged elsewhere.
    :param thumbnails: of some tiles, by their row: (pixels, pixels, 3).
    :param weight: how many tiles each stands for, (n,). See :class:`~mmrisk_core.evaluation.population.Population`.
    """

    label: FloatArray
    risk: FloatArray
    head_risk: dict[str, FloatArray]
    fold: IntArray | None
    block: IntArray
    bounds: FloatArray | None
    tile_id: IntArray
    tabular: FloatArray
    attributes: tuple[str, ...]
    challengers: dict[str, FloatArray] = field(default_factory=dict)
    random_risk: FloatArray | None = None
    importance: tuple[Importance, ...] = ()
    events: FloatArray | None = None
    in_domain: BoolArray | None = None
    thumbnails: dict[int, Thumbnail] = field(default_factory=dict)
    weight: FloatArray | None = None

    @property
    def weights(self) -> FloatArray:
        """How many tiles each stands for, (n,); 1 where all are judged."""
        return np.ones(len(self.label)) if self.weight is None else self.weight

    @property
    def prevalence(self) -> float:
        """The share of high-risk tiles among those that the labelled ones stand for."""
        return float(np.average(self.label, weights=self.weight))


@dataclass(frozen=True)
class Examples:
    """Rows of tiles worth looking at, a few of each kind, the most telling first."""

    riskiest: IntArray
    safest: IntArray
    misses: IntArray
    false_alarms: IntArray


def choose_examples(label: FloatArray, risk: FloatArray) -> Examples:
    """The tiles of highest and of lowest risk, the 1s that got the lowest and the 0s that got the highest."""
    rising = np.argsort(risk, kind="stable")
    return Examples(
        riskiest=rising[::-1][:EXAMPLES],
        safest=rising[:EXAMPLES],
        misses=rising[label[rising] == 1][:EXAMPLES],
        false_alarms=rising[label[rising] == 0][::-1][:EXAMPLES],
    )


def names_of_tiles(tiles: pd.DataFrame) -> IntArray:
    """The ``tile_id`` of each tile, or its position where it has none."""
    numbers = numbers_in(tiles["tile_id"]) if "tile_id" in tiles.columns else None
    return np.arange(len(tiles)) if numbers is None or np.isnan(numbers).any() else numbers.astype(np.int64)


def events_of(tiles: pd.DataFrame, label: str) -> FloatArray | None:
    """How many events each tile has, where its ``label`` was made by counting them."""
    column = label.replace("label", "events", 1)
    if recipe_of(tiles).label is None or column == label or column not in tiles.columns:
        return None
    numbers = numbers_in(tiles[column])
    return None if numbers is None else np.nan_to_num(numbers)


ImportanceKind = Literal["attribute", "attributes", "imagery"]


@dataclass(frozen=True)
class Importance:
    """How far the AUC falls when one thing is shuffled between tiles.

    :param kind: one attribute, all of them together, or the whole imagery.
    :param drop: mean over the repeats; ``low`` and ``high`` are the least and the largest.
    """

    kind: ImportanceKind
    name: str
    drop: float
    low: float
    high: float
