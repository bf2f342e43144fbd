"""What adds what: simpler models on the folds of the model itself, and what it gains over each of them.

A fused model is worth its trouble only where it ranks new places better than attributes alone, in the best model of them,
and than imagery alone. All of them answer for the same tiles by members that have not seen them, and differences are taken
on the same draws of blocks.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from scipy.special import logit
from sklearn.ensemble import HistGradientBoostingClassifier
from torch import Tensor

from mmrisk_core.architectures import TrainingData
from mmrisk_core.architectures.attribute_encoding import fit_attribute_encoding
from mmrisk_core.architectures.linear_head import fit_linear_head
from mmrisk_core.architectures.reduction import fit_reduction
from mmrisk_core.arrays import FloatArray, IntArray
from mmrisk_core.bundle.manifest import ValidationResult
from mmrisk_core.evaluation.metrics import AucDifference, Metrics, compare_aucs, compute_metrics
from mmrisk_core.progress import NO_PROGRESS, Progress
from mmrisk_core.training.cross_fitting import CrossFitted, calibrated_out_of_fold, cross_fit, pairs_of

Answer = Callable[[TrainingData, TrainingData], FloatArray]
"""What is learnt from, and what is asked about -> logits of the latter."""

PREVALENCE, LOGISTIC, BOOSTING, IMAGE = "prevalence", "attributes_linear", "attributes_boosting", "image_linear"
ATTRIBUTES = "attributes"
CERTAIN = 1e-6


@dataclass(frozen=True)
class ChallengerResults:
    """What the manifest keeps of the challengers. See :class:`mmrisk_core.bundle.manifest.ValidationResult`."""

    challengers: dict[str, Metrics]
    differences: dict[str, AucDifference]
    random: Metrics | None


def fit_challengers(
    data: TrainingData,
    fold: IntArray,
    fitted: CrossFitted,
    head_risk: dict[str, FloatArray],
    seed: int,
    progress: Progress = NO_PROGRESS,
) -> dict[str, FloatArray]:
    """Out-of-fold probabilities (n,) of each challenger, from the simplest on.

    ``prevalence`` knows only how common the label is. ``attributes_linear`` is a logistic regression,
    ``attributes_boosting`` gradient boosting, which takes gaps as they are; ``image_linear`` a logistic regression on the
    embedding of a frozen encoder, or the end-to-end network without its attributes; a model without attributes is that
    itself. Heads of a stack that are the same thing are taken as they are, and its TabM network is one more challenger.
    What a fold is judged with has never seen it, its calibration included, as it is with the model itself. Only how common
    the label is, is told of all tiles: without a fold, it would be the less the more of them have it there, and rank them
    the wrong way round.

    :param fitted: the members of the model.
    :param head_risk: out-of-fold probabilities of the heads of a stack.
    """
    label = data.label.double().numpy()
    answers: dict[str, Answer] = {}
    if data.tabular.shape[1]:
        answers = {LOGISTIC: _logistic, BOOSTING: lambda train, test: boosting_logits(train, test, seed)}
        if data.has_images:
            answers[IMAGE] = _image
    risk = {PREVALENCE: np.full(len(label), label.mean())}
    risk |= {name: values for name, values in head_risk.items() if name.startswith(ATTRIBUTES)}
    for number, (name, answer) in enumerate(answers.items()):
        part = progress.part(number / len(answers), (number + 1) / len(answers))
        if name in head_risk:
            risk[name] = head_risk[name]
        elif name == IMAGE and fitted.image_alone is not None:
            risk[name] = calibrated_out_of_fold(*fitted.image_alone, label, fold)
        else:
            risk[name] = _out_of_fold(answer, data, label, fold, len(fitted.members), part)
    return risk


def measure_ladder(
    challengers: dict[str, FloatArray],
    risk: FloatArray,
    label: FloatArray,
    block: IntArray,
    seed: int,
    random_risk: FloatArray | None = None,
    weight: FloatArray | None = None,
) -> ChallengerResults:
    """Figures of each challenger, and how much better the model's out-of-fold ``risk`` is.

    :param random_risk: the model's probabilities when validated on random folds; their difference is named ``random``.
    :param weight: how many tiles each stands for. See :class:`~mmrisk_core.evaluation.population.Population`.
    """
    others = dict(challengers)
    if random_risk is not None:
        others["random"] = random_risk
    figures = {name: compute_metrics(values, label, block, seed, weight) for name, values in others.items()}
    random = figures.pop("random", None)
    return ChallengerResults(figures, compare_aucs(risk, others, label, block), random)


def best_of_attributes(validation: ValidationResult) -> str | None:
    """The challenger that ranks best by attributes alone; what the imagery adds is asked against the best of them."""
    names = [name for name in validation.challengers if name.startswith(ATTRIBUTES)]
    return max(names, key=lambda name: validation.challengers[name].auc, default=None)


def findings(validation: ValidationResult) -> list[str]:
    """What the ladder says, as sentences: is there a signal, and what do imagery and attributes each add to it?"""
    figures = validation.figures
    if figures is None:
        return []
    if not figures.has_signal:
        return [no_signal(figures)]
    sentences = []
    attributes = best_of_attributes(validation)
    if attributes is not None and IMAGE in validation.challengers:
        sentences.append(_what_adds("imagery", "adds", validation.differences[attributes]))
        sentences.append(_what_adds("attributes", "add", validation.differences[IMAGE]))
    if validation.later is not None:
        later = validation.later
        repeats = ", by a label that repeats its attributes as well" if validation.label_attributes else ""
        sentences.append(
            f"Judged on the later period{repeats}, on places it has not seen, its AUC is {later.auc:.2f} "
            f"({later.auc_low:.2f} to {later.auc_high:.2f})."
        )
    if validation.random is not None:
        gain = -validation.differences["random"].auc
        shown = f"On random folds the same model would show an AUC of {validation.random.auc:.2f}"
        if random_flatters(validation):
            sentences.append(
                f"{shown}, which is {gain:.2f} more: there it is asked about the neighbours of what it has seen. Of a new "
                "place expect what the blocks say."
            )
        else:
            away = _signed(validation.differences["random"].reversed)
            sentences.append(f"{shown}: that neighbours flatter it cannot be measured here ({away}).")
    return sentences


def random_flatters(validation: ValidationResult) -> bool:
    """Whether the model ranks measurably better on random folds than on those it is judged on."""
    return "random" in validation.differences and validation.differences["random"].high < 0


def no_signal(figures: Metrics) -> str:
    """The sentence where a model does not rank better than a coin."""
    interval = _interval(figures.auc_low, figures.auc_high)
    if figures.auc_high < 0.5:
        return (
            f"High-risk tiles are ranked below those labelled 0: the AUC of {figures.auc:.2f} ({interval}) is less than "
            "that of a coin, 0.5. What holds where the model learnt is the other way round here."
        )
    return (
        f"There is no measurable signal in these data: the AUC of {figures.auc:.2f} cannot be told from that of a coin, "
        f"0.5 ({interval})."
    )


def _what_adds(what: str, verb: str, difference: AucDifference) -> str:
    if not difference.measurable:
        return f"The {what} {verb} nothing measurable here ({_signed(difference)})."
    interval = _interval(abs(difference.low), abs(difference.high))
    if difference.auc > 0:
        return f"The {what} {verb} {difference.auc:.2f} AUC ({interval})."
    return f"Without the {what} it would rank better, by {-difference.auc:.2f} AUC ({interval}): leave them out."


def _interval(one: float, two: float) -> str:
    return f"{min(one, two):.2f} to {max(one, two):.2f}"


def _signed(difference: AucDifference) -> str:
    return f"a change of {difference.auc:+.2f} AUC, {difference.low:+.2f} to {difference.high:+.2f}"


def _out_of_fold(
    answer: Answer, data: TrainingData, label: FloatArray, fold: IntArray, folds: int, progress: Progress
) -> FloatArray:
    # No challenger learns from pixels, which may fill the memory.
    data = dataclasses.replace(data, images=[], present=[], views=[])
    pairs = pairs_of(folds)
    fits = itertools.count()

    def answer_without(left_out: tuple[int, ...]) -> FloatArray:
        progress.update(next(fits) / (folds + len(pairs)), "simpler models on the same folds")
        out = np.isin(fold, left_out)
        return answer(data.take(np.flatnonzero(~out)), data.take(np.flatnonzero(out)))

    return calibrated_out_of_fold(*cross_fit(fold, folds, pairs, answer_without), label, fold)


def _logistic(train: TrainingData, test: TrainingData) -> FloatArray:
    encoding = fit_attribute_encoding(train.tabular, train.levels)
    with torch.no_grad():
        head = fit_linear_head(encoding(train.tabular), train.label, train.block)
        return np.asarray(head(encoding(test.tabular))[:, 0].double().numpy())


def boosting_logits(train: TrainingData, test: TrainingData, seed: int) -> FloatArray:
    """Logits (tiles of ``test``,) by gradient boosting (Friedman 2001) of small trees, slowly: what does well on some
    hundred tiles.
    """
    seen, asked = _with_gaps(train.tabular), _with_gaps(test.tabular)
    # scikit-learn fails on a column without any value; a constant in its place says as little.
    seen[:, np.isnan(seen).all(axis=0)] = 0.0
    boosting = HistGradientBoostingClassifier(
        learning_rate=0.05,
        max_iter=120,
        max_leaf_nodes=8,
        min_samples_leaf=min(20, max(2, len(train.label) // 10)),
        l2_regularization=1.0,
        early_stopping=False,
        categorical_features=[levels > 0 for levels in train.levels] or None,
        random_state=seed % 2**32,
    )
    boosting.fit(seen, train.label.numpy())
    probability = boosting.predict_proba(asked)[:, 1]
    return np.asarray(logit(np.clip(probability, CERTAIN, 1 - CERTAIN)))


def _with_gaps(tabular: Tensor) -> FloatArray:
    return np.asarray(torch.where(torch.isfinite(tabular), tabular, torch.nan).double().numpy())


@torch.no_grad()
def _image(train: TrainingData, test: TrainingData) -> FloatArray:
    reduction = fit_reduction(train.embedding)
    head = fit_linear_head(reduction(train.embedding), train.label, train.block)
    return np.asarray(head(reduction(test.embedding))[:, 0].double().numpy())
