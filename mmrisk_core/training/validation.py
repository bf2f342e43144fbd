"""How well a model does on tiles that it has not seen, and what each part of it adds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from mmrisk_core.arrays import FloatArray, IntArray
from mmrisk_core.bundle.manifest import Combination, ValidationResult
from mmrisk_core.evaluation.evidence import Importance
from mmrisk_core.evaluation.metrics import Metrics, compute_metrics
from mmrisk_core.evaluation.population import Population
from mmrisk_core.progress import Progress
from mmrisk_core.training.challengers import findings, fit_challengers, measure_ladder
from mmrisk_core.training.circular_labels import on_later_events
from mmrisk_core.training.cross_fitting import CrossFitted, cross_fitted_risk, learn_combinations, levelled, random_risk
from mmrisk_core.training.permutation_importance import permutation_importance
from mmrisk_core.training.training_set import TrainingSet
from mmrisk_core.wording import counted

BLOCK_NAMES = {"spatial": "spatial", "groups": "grouped"}


@dataclass(frozen=True)
class Validation:
    """What is known of a model on tiles it has not seen.

    :param result: the figures, as the model file keeps them.
    :param risk: (n,) out-of-fold probabilities; as all others here of all tiles, where labelled ones were chosen by their
        label.
    :param head_risk, challengers: the same of each head, and of other kinds of models.
    :param unseen: what each fold was judged with. See :class:`Ensemble`.
    :param random_risk: the same on folds drawn at random; None where that says nothing more.
    :param block: (n,) the blocks over which the figures vary as between places, as wide as those of the folds or wider.
    :param unexplained: variance of the logit of a tile's true risk around that of the model.
    """

    result: ValidationResult
    risk: FloatArray
    head_risk: dict[str, FloatArray]
    challengers: dict[str, FloatArray]
    importance: tuple[Importance, ...]
    unseen: tuple[Combination, ...]
    random_risk: FloatArray | None
    block: IntArray
    unexplained: float


def validate(
    training: TrainingSet, fitted: CrossFitted, population: Population, device: torch.device, progress: Progress
) -> Validation:
    """Judge the members of a model on the folds they have not seen, beside simpler models.

    :param population: what the labelled tiles stand for.
    """
    data, fold, options, label, blocks = (
        training.data, training.fold, training.options, training.label, training.blocks,
    )  # fmt: skip
    names = fitted.members[0].head_names
    unseen = learn_combinations(fitted.nested_logits, label, fold, names, data.block)
    unseen = levelled(unseen, fitted.logits, label, fold)
    risk, head_risk = cross_fitted_risk(fitted.logits, fitted.nested_logits, label, fold, names, unseen)
    block = blocks.independent(data.block, label - risk)
    unexplained = blocks.unexplained(risk, label)
    at_random = None
    if blocks.kind in ("spatial", "groups"):
        at_random = random_risk(data, label, options, device, progress.part(0.0, 0.55))
    result = ValidationResult(
        kind=blocks.kind,
        folds=options.folds,
        block_size=blocks.size,
        alike_up_to=blocks.reach,
        blocks=None if blocks.kind == "random" else len(np.unique(data.block)),
        group_column=blocks.group_column,
        leaking=training.leaking,
        label_attributes=training.label_attributes,
        prevalence=options.prevalence,
        figures=None,
        heads={},
    )
    at_random = None if at_random is None else population.risk(at_random)
    challengers = {}
    if options.validation != "none":
        challengers = fit_challengers(data, fold, fitted, head_risk, options.seed, progress.part(0.55, 0.7))
    # All were calibrated on labelled tiles, and are judged as what the layer says.
    risk = population.risk(risk)
    head_risk, challengers = (
        {name: population.risk(each) for name, each in risks.items()} for risks in (head_risk, challengers)
    )
    if options.validation == "none":
        return Validation(result, risk, head_risk, {}, (), unseen, at_random, block, unexplained)
    weight = population.weight
    ladder = measure_ladder(challengers, risk, label, block, options.seed, at_random, weight)
    importance = permutation_importance(
        fitted.members, data, fold, unseen, training.features, options.seed, progress.part(0.7, 1.0)
    )

    def judged_on(later: FloatArray | None) -> Metrics | None:
        if later is None:
            return None
        known = np.isfinite(later)
        of_known = None if weight is None else weight[known]
        return compute_metrics(risk[known], later[known], block[known], options.seed, of_known)

    result = result.model_copy(
        update={
            "figures": compute_metrics(risk, label, block, options.seed, weight),
            "heads": {
                name: compute_metrics(each, label, block, options.seed, weight) for name, each in head_risk.items()
            },
            "challengers": ladder.challengers,
            "differences": ladder.differences,
            "random": ladder.random,
            "later": judged_on(training.later),
            "observed_later": judged_on(training.observed_later),
        }
    )
    return Validation(result, risk, head_risk, challengers, importance, unseen, at_random, block, unexplained)


def log_validation(result: ValidationResult, progress: Progress) -> None:
    """Say how well the model does, and what each modality adds."""
    figures = result.figures
    if figures is None:
        return
    progress.log(
        f"AUC {figures.auc:.3f} (95 % interval {figures.auc_low:.3f} to {figures.auc_high:.3f}) on "
        f"{counted(result.folds, BLOCK_NAMES.get(result.kind, 'random') + ' fold')}."
    )
    if result.label_attributes:
        progress.log(f"Beware: the label repeats its attributes. {on_later_events(result)}")
    for sentence in findings(result):
        progress.log(sentence)
