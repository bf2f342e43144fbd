"""How good probabilities are, and how sure that is."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import BaseModel, ConfigDict, Field
from scipy.special import expit, logit
from scipy.stats import rankdata
from scipy.stats import t as student_t
from sklearn.metrics import average_precision_score

from mmrisk_core.arrays import FloatArray, IntArray
from mmrisk_core.evaluation.reliability import error_of_a_perfect_model, expected_calibration_error

COVERED = 0.975
MIN_FREEDOM = 2.0
"""Fewer than three blocks of equal size say nothing of how sure a figure is."""
BEYOND_CHANCE = 1.25
DETERMINED = 3.0
"""At how many standard errors from chance the blocks that were seen hardly decide any more what a model is like."""
WIDEST, STEPS = 12.0, 9601


HEADLINE = ("auc", "auc_low", "auc_high", "average_precision", "brier", "ece")
"""The figures that are told everywhere."""


Share = Annotated[float, Field(ge=0, le=1)]


class Metrics(BaseModel):
    """Figures of probabilities against labels.

    :param auc: area under the ROC curve, with its 95 % interval over spatial blocks.
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
    """How much larger one AUC is than another, with a 95 % interval over spatial blocks.

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
    """All figures; ``label`` must hold both 0 and 1, and tiles of one ``block`` are alike.

    :param weight: how many tiles each stands for, (n,), by its label. See
        :class:`~mmrisk_core.evaluation.population.Population`. The AUC, which does not hang on it, is that of the labelled
        tiles; all other figures are of the tiles that they stand for.
    """
    low, high = auc_interval(probability, label, block)
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


def auc_interval(score: FloatArray, label: FloatArray, block: IntArray) -> tuple[float, float]:
    """95 % interval of the AUC that models trained so have in a new place; 0 to 1 where blocks are too few to tell.

    A t interval of the logit of the AUC, whose variance is that of the sums over blocks of the tiles' influence (DeLong
    1988; Obuchowski 1997), with as many degrees of freedom as there are blocks of equal size, less one. Near chance the
    model itself hangs on which blocks were seen, and the variance of a cross-validated figure is up to 9/4 of that (Nadeau
    and Bengio 2003, of five folds); so the interval holds each AUC at which what was found would be no surprise.

    :param block: of each tile, (n,): tiles of different blocks are taken to be unlike.
    """
    if label.min() == label.max():
        return 0.0, 1.0
    influence = _influence(score, label)
    error, freedom = _error_of_sum(influence, block)
    if freedom < MIN_FREEDOM:
        return 0.0, 1.0
    ones = float(label.sum())
    # Half a pair keeps an AUC of 1 from being certain, and a case on each side from having no error.
    least = 0.5 / (min(ones, len(label) - ones) + 1)
    found = float(np.clip(auc(score, label), least, 1 - least))
    slope = found * (1 - found)
    error_of_logit = max(error / slope, least / slope / np.sqrt(freedom))
    place = float(logit(found))
    candidates = np.linspace(place - WIDEST, place + WIDEST, STEPS)
    inflation = 1 + BEYOND_CHANCE / (1 + (candidates / error_of_logit / DETERMINED) ** 2)
    reach = student_t.ppf(COVERED, freedom) * error_of_logit * np.sqrt(inflation)
    possible = candidates[np.abs(candidates - place) <= reach]
    return float(expit(possible.min())), float(expit(possible.max()))


def compare_aucs(
    score: FloatArray, others: dict[str, FloatArray], label: FloatArray, block: IntArray
) -> dict[str, AucDifference]:
    """How much better ``score`` ranks than each of ``others``, on the same tiles.

    Paired, because a block that is hard for one is hard for the other: two intervals may overlap though their difference
    is beyond doubt. The interval is -1 to 1 where blocks are too few to say anything.
    """
    whole, influence = auc(score, label), _influence(score, label)
    differences = {}
    for name, other in others.items():
        away = whole - auc(other, label)
        error, freedom = _error_of_sum(influence - _influence(other, label), block)
        reach = student_t.ppf(COVERED, freedom) * error if freedom >= MIN_FREEDOM else 2.0
        differences[name] = AucDifference(auc=away, low=max(away - reach, -1.0), high=min(away + reach, 1.0))
    return differences


def mean_error(
    probability: FloatArray, label: FloatArray, block: IntArray, weight: FloatArray | None = None
) -> tuple[float, float, float]:
    """Calibration in the large: mean label less mean probability, with its 95 % t interval over whole blocks.

    :param weight: how much each tile counts, (n,); None where all count alike.
    """
    share = np.ones(len(label)) if weight is None else weight
    share = share / share.sum()
    away = label - probability
    mean = float(share @ away)
    error, freedom = _error_of_sum(share * (away - mean), block)
    reach = student_t.ppf(COVERED, freedom) * error if freedom >= MIN_FREEDOM else 1.0
    return mean, max(mean - reach, -1.0), min(mean + reach, 1.0)


def _influence(score: FloatArray, label: FloatArray) -> FloatArray:
    """How much each tile moves the AUC, (n,): their sum over the tiles of a block is what the block contributes."""
    ones = label == 1
    n_ones, n_zeros = int(ones.sum()), int((~ones).sum())
    rank = rankdata(score)
    below = (rank[ones] - rankdata(score[ones])) / n_zeros
    above = 1 - (rank[~ones] - rankdata(score[~ones])) / n_ones
    influence = np.empty(len(label))
    influence[ones] = (below - below.mean()) / n_ones
    influence[~ones] = (above - above.mean()) / n_zeros
    return influence


def _error_of_sum(influence: FloatArray, block: IntArray) -> tuple[float, float]:
    """Standard error of a sum whose parts are alike within blocks, and its degrees of freedom."""
    _, block_of_tile, size = np.unique(block, return_inverse=True, return_counts=True)
    blocks = float(size.sum()) ** 2 / float((size.astype(np.float64) ** 2).sum())
    of_block = np.bincount(block_of_tile.reshape(-1), weights=influence)
    return float(np.sqrt(of_block @ of_block * blocks / max(blocks - 1, 1e-9))), blocks - 1


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
