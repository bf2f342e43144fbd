"""The members of a model, one for each fold, and what they say of tiles they have not seen."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import torch
from scipy.special import expit
from torch import Tensor

from mmrisk_core.architectures import ARCHITECTURES, FitOptions, Member, TrainingData
from mmrisk_core.calibration import fit_calibration
from mmrisk_core.progress import Progress
from mmrisk_core.stacking import fit_stack_weights
from mmrisk_core.training_options import TrainingOptions

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]


def fit_members(
    data: TrainingData, fold: IntArray, options: TrainingOptions, device: torch.device, progress: Progress
) -> list[Member]:
    """One member for each fold, trained on all the others."""
    architecture = ARCHITECTURES[options.architecture]
    members = []
    for k in range(options.folds):
        part = progress.part(k / options.folds, (k + 1) / options.folds)
        part.update(0.0, f"training member {k + 1} of {options.folds}")
        fit_options = FitOptions(
            seed=(options.seed * 1000 + k) % 2**32,
            device=device,
            epochs=options.epochs,
            batch_size=options.batch_size,
            learning_rate=options.learning_rate,
            progress=dataclasses.replace(part, report=_named(part, f"member {k + 1} of {options.folds}")),
        )
        members.append(architecture.fit(data.take(np.flatnonzero(fold != k)), fit_options).eval())
    return members


def _named(progress: Progress, name: str) -> Callable[[float, str], None]:
    def report(fraction: float, message: str) -> None:
        progress.report(fraction, f"{name}: {message}" if message else f"training {name}")

    return report


@torch.inference_mode()
def out_of_fold_logits(members: list[Member], data: TrainingData, fold: IntArray) -> FloatArray:
    """For each tile the head logits (n, heads) of the member that has not seen it."""
    logits = np.zeros((len(fold), len(members[0].head_names)))
    for k, member in enumerate(members):
        for rows in np.array_split(np.flatnonzero(fold == k), max(1, int((fold == k).sum()) // 256)):
            part = data.take(rows)
            embedding = member.embed(part.embedding, part.images, part.present)
            logits[rows] = member(embedding, part.tabular).double().numpy()
    return logits


def head_weights(logits: FloatArray, label: FloatArray) -> tuple[FloatArray, float]:
    """The weights of the heads and a bias; a single head is taken as it is."""
    return (np.ones(1), 0.0) if logits.shape[1] == 1 else fit_stack_weights(logits, label)


def judged_risk(
    logits: FloatArray, label: FloatArray, fold: IntArray, names: tuple[str, ...]
) -> tuple[FloatArray, dict[str, FloatArray]]:
    """Out-of-fold probabilities of the whole and of each head, weighed and calibrated on the other folds."""
    risk = np.zeros(len(label))
    head_risk = {name: np.zeros(len(label)) for name in names if len(names) > 1}
    for k in np.unique(fold):
        test, train = fold == k, fold != k
        weights, bias = head_weights(logits[train], label[train])
        raw = logits @ weights + bias
        risk[test] = fit_calibration(raw[train], label[train]).probabilities(raw[test])
        for i, name in enumerate(names):
            if name in head_risk:
                alone = fit_calibration(logits[train, i], label[train])
                head_risk[name][test] = expit(alone.logits(logits[test, i]))
    return risk, head_risk


@torch.inference_mode()
def domain_features(member: Member, data: TrainingData) -> Tensor:
    """The features (n, d) in which a member tells how unlike tiles are. See :meth:`Member.domain_features`."""
    parts = [data.take(rows.numpy()) for rows in torch.split(torch.arange(len(data.label)), 1024)]
    return torch.cat(
        [member.domain_features(member.embed(p.embedding, p.images, p.present), p.tabular) for p in parts]
    ).clone()
