"""How well a model does on tiles that it has not seen, and what each part of it adds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from mmrisk_core.arrays import FloatArray
from mmrisk_core.bundle.manifest import Combination, ValidationResult
from mmrisk_core.evaluation.evidence import Importance
from mmrisk_core.evaluation.metrics import compute_metrics
from mmrisk_core.progress import Progress
from mmrisk_core.training.challengers import findings, fit_challengers, measure_ladder
from mmrisk_core.training.cross_fitting import CrossFitted, cross_fitted_risk, random_risk
from mmrisk_core.training.permutation_importance import permutation_importance
from mmrisk_core.training.training_set import TrainingSet

BLOCK_NAMES = {"spatial": "spatial", "groups": "grouped"}


@dataclass(frozen=True)
class Validation:
    """What is known of a model on tiles it has not seen.

    :param result: the figures, as the model file keeps them.
    :param risk: (n,) out-of-fold probabilities.
    :param head_risk, challengers: the same of each head, and of other kinds of models.
    :param unseen: what each fold was judged with. See :class:`Ensemble`.
    :param random_risk: the same on folds drawn at random; None where that says nothing more.
    """

    result: ValidationResult
    risk: FloatArray
    head_risk: dict[str, FloatArray]
    challengers: dict[str, FloatArray]
    importance: tuple[Importance, ...]
    unseen: tuple[Combination, ...]
    random_risk: FloatArray | None


def validate(
    training: TrainingSet, fitted: CrossFitted, weights: FloatArray, device: torch.device, progress: Progress
) -> Validation:
    """Judge the members of a model on the folds they have not seen, beside simpler models.

    :param weights: of the heads, (heads,).
    """
    data, fold, options, label, block = (
        training.data, training.fold, training.options, training.label, training.data.block,
    )  # fmt: skip
    members, blocks = fitted.members, training.blocks
    risk, head_risk, unseen = cross_fitted_risk(fitted.logits, fitted.nested_logits, label, fold, members[0].head_names)
    at_random = None
    if blocks.kind in ("spatial", "groups"):
        at_random = random_risk(data, label, options, device, progress.part(0.0, 0.55))
    result = ValidationResult(
        kind=blocks.kind,
        folds=options.folds,
        block_size=blocks.size,
        group_column=blocks.group_column,
        figures=None,
        heads={},
    )
    if options.validation == "none":
        return Validation(result, risk, head_risk, {}, (), unseen, at_random)
    challengers = fit_challengers(data, fold, members, head_risk, options.seed, progress.part(0.55, 0.7))
    ladder = measure_ladder(challengers, risk, label, block, options.seed, at_random)
    importance = permutation_importance(
        members, data, fold, lambda heads: heads @ weights, training.features, options.seed, progress.part(0.7, 1.0)
    )
    later = None
    if training.later is not None:
        known = np.isfinite(training.later)
        later = compute_metrics(risk[known], training.later[known], block[known], options.seed)
    result = result.model_copy(
        update={
            "figures": compute_metrics(risk, label, block, options.seed),
            "heads": {name: compute_metrics(each, label, block, options.seed) for name, each in head_risk.items()},
            "challengers": ladder.challengers,
            "differences": ladder.differences,
            "random": ladder.random,
            "later": later,
        }
    )
    return Validation(result, risk, head_risk, challengers, importance, unseen, at_random)


def log_validation(result: ValidationResult, progress: Progress) -> None:
    """Say how well the model does, and what each modality adds."""
    figures = result.figures
    if figures is None:
        return
    progress.log(
        f"AUC {figures.auc:.3f} (95 % interval {figures.auc_low:.3f} to {figures.auc_high:.3f}) on {result.folds} "
        f"{BLOCK_NAMES.get(result.kind, 'random')} folds."
    )
    for sentence in findings(result):
        progress.log(sentence)
