"""How good probabilities are, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import numpy as np
from pydantic import BaseModel, ConfigDict, Field
from scipy.stats import rankdata
from sklearn.metrics import average_precision_score

from mmrisk_core.arrays import FloatArray, IntArray
from mmrisk_core.evaluation.reliability import error_of_a_perfect_model, expected_calibration_error

BOOTSTRAPS = 1000
INTERVAL = (2.5, 97.5)


HEADLINE = ("auc", "auc_low", "auc_high", "average_precision", "brier", "ece")
"""The figures that are told everywhere."""


Share = Annotated[float, Field(ge=0, le=1)]


class Metrics(BaseModel):
    """Figures of probabilities against labels.

    :param auc: area under the ROC curve, with its 95 % interval by bootstrap of spatial blocks.
    :param brier: mean squared difference.
    :param ece: expected calibration error over ten bins of equal size.
    :param ece_of_perfect: the error that a model without any would show, by luck, on so many tiles.
    :param ece_of_perfect_high: what such a model exceeds in one of twenty cases only.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    tiles: int = Field(ge=0)
    ones: int = Field(ge=0)
    auc: Share
    auc_low: Share
    auc_high: Share
    average_precision: Share
    brier: Share
    ece: Share
    ece_of_perfect: Share | None = None
    ece_of_perfect_high: Share | None = None

    @property
    def headline(self) -> dict[str, float]:
        """The figures that are told everywhere, by name."""
        return {name: getattr(self, name) for name in HEADLINE}

    @property
    def has_signal(self) -> bool:
        """Whether the model ranks better than a coin: its interval lies above 0.5."""
        return self.auc_low > 0.5


class AucDifference(BaseModel):
    """How much larger one AUC is than another, with a 95 % interval by bootstrap of spatial blocks.

    :param auc: above 0 where the first ranks better.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    auc: float
    low: float
    high: float

    @property
    def measurable(self) -> bool:
        """Whether the interval leaves 0 out."""
        return self.low > 0 or self.high < 0

    @property
    def reversed(self) -> AucDifference:
        """How much larger the second is than the first."""
        return AucDifference(auc=-self.auc, low=-self.high, high=-self.low)


def compute_metrics(
    probability: FloatArray, label: FloatArray, block: IntArray, seed: int = 0, weight: FloatArray | None = None
) -> Metrics:
    """All figures; ``label`` must hold both 0 and 1, and tiles of one ``block`` are drawn together.

    :param weight: how many tiles each stands for, (n,), by its label. See
        :class:`~mmrisk_core.evaluation.population.Population`. The AUC, which does not hang on it, is that of the labelled
        tiles; all other figures are of the tiles that they stand for.
    """
    low, high = auc_interval(probability, label, block, seed)
    of_perfect, of_perfect_high = error_of_a_perfect_model(probability, label, weight, seed)
    return Metrics(
        tiles=len(label),
        ones=int(label.sum()),
        auc=auc(probability, label),
        auc_low=low,
        auc_high=high,
        average_precision=float(average_precision_score(label, probability, sample_weight=weight)),
        brier=float(np.average((probability - label) ** 2, weights=weight)),
        ece=expected_calibration_error(probability, label, weight),
        ece_of_perfect=of_perfect,
        ece_of_perfect_high=of_perfect_high,
    )


def auc(score: FloatArray, label: FloatArray) -> float:
    """Area under the ROC curve by ranks (Hanley and McNeil 1982); ties count half."""
    ones = label == 1
    n_ones, n_zeros = int(ones.sum()), int((~ones).sum())
    return float((rankdata(score)[ones].sum() - n_ones * (n_ones + 1) / 2) / (n_ones * n_zeros))


def auc_interval(score: FloatArray, label: FloatArray, block: IntArray, seed: int = 0) -> tuple[float, float]:
    """95 % interval of the AUC by bootstrap of whole blocks; 0 to 1 where blocks are too few to say anything."""
    values = bootstrap_aucs([score], label, block, seed)[:, 0]
    low, high = np.percentile(values, INTERVAL) if len(values) else (0.0, 1.0)
    return float(low), float(high)


def compare_aucs(
    score: FloatArray, others: dict[str, FloatArray], label: FloatArray, block: IntArray, seed: int = 0
) -> dict[str, AucDifference]:
    """How much better ``score`` ranks than each of ``others``, on the same draws of blocks.

    Paired, because a draw that is hard for one is hard for the other: two intervals may overlap though their difference
    is beyond doubt. The interval is -1 to 1 where blocks are too few to say anything.
    """
    draws = bootstrap_aucs([score, *others.values()], label, block, seed)
    whole = auc(score, label)
    differences = {}
    for column, (name, other) in enumerate(others.items(), start=1):
        away = draws[:, 0] - draws[:, column]
        low, high = np.percentile(away, INTERVAL) if len(away) else (-1.0, 1.0)
        differences[name] = AucDifference(auc=whole - auc(other, label), low=float(low), high=float(high))
    return differences


def mean_error(
    probability: FloatArray, label: FloatArray, block: IntArray, seed: int = 0
) -> tuple[float, float, float]:
    """Calibration in the large: mean label less mean probability, with its 95 % interval by bootstrap of whole blocks."""
    rng = np.random.default_rng(seed)
    names, block_of_tile = np.unique(block, return_inverse=True)
    error = np.bincount(block_of_tile, weights=label - probability)
    size = np.bincount(block_of_tile)
    draws = (rng.integers(len(names), size=len(names)) for _ in range(BOOTSTRAPS))
    low, high = np.percentile([error[drawn].sum() / size[drawn].sum() for drawn in draws], INTERVAL)
    return float(np.mean(label - probability)), float(low), float(high)


def bootstrap_aucs(scores: Sequence[FloatArray], label: FloatArray, block: IntArray, seed: int = 0) -> FloatArray:
    """The AUC of each of ``scores`` in each draw of whole blocks, (draws, scores).

    Draws depend on ``block`` and ``seed`` alone; those without both labels are left out.
    """
    rng = np.random.default_rng(seed)
    names, block_of_tile = np.unique(block, return_inverse=True)
    ranks = [np.unique(score, return_inverse=True)[1] for score in scores]
    values = []
    for _ in range(BOOTSTRAPS):
        # How often each tile was drawn; sorted by score once, so that a draw needs no sorting.
        drawn = np.bincount(rng.integers(len(names), size=len(names)), minlength=len(names))[block_of_tile]
        ones, zeros = drawn * label, drawn * (1 - label)
        if ones.any() and zeros.any():
            values.append([_auc_of_ranks(rank, ones, zeros) for rank in ranks])
    return np.array(values).reshape(-1, len(scores))


def _auc_of_ranks(rank: IntArray, ones: FloatArray, zeros: FloatArray) -> float:
    ones_at, zeros_at = np.bincount(rank, weights=ones), np.bincount(rank, weights=zeros)
    below = np.cumsum(zeros_at) - zeros_at / 2
    return float(ones_at @ below / (ones.sum() * zeros.sum()))


def capture_curve(
    risk: FloatArray, amount: FloatArray, weight: FloatArray | None = None
) -> tuple[FloatArray, FloatArray]:
    """Which part of ``amount`` is found in which share of the tiles, from none to all, the highest risk first.

    Tiles of equal risk are one step, as they are taken by lot on average.

    :param amount: such as events in each tile, (n,).
    :param weight: how many tiles each stands for. See :class:`~mmrisk_core.evaluation.population.Population`.
    :return: shares of the tiles, and of the amount; of no amount none is found.
    """
    weights = np.ones(len(risk)) if weight is None else weight
    step = np.unique(-risk, return_inverse=True)[1]
    looked, found = (np.append(0.0, np.cumsum(np.bincount(step, each))) for each in (weights, weights * amount))
    return looked / looked[-1], found / (found[-1] or 1.0)


def capture_rate(risk: FloatArray, amount: FloatArray, share: float, weight: FloatArray | None = None) -> float:
    """Which part of ``amount`` lies in the ``share`` of the tiles of highest risk. See :func:`capture_curve`."""
    return float(np.interp(share, *capture_curve(risk, amount, weight)))
