"""The members of a model, one for each fold, and what they say of tiles they have not seen."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from mmrisk_core.architectures import ARCHITECTURES, FitOptions, Member, TrainingData
from mmrisk_core.arrays import BoolArray, FloatArray, IntArray
from mmrisk_core.bundle.manifest import Combination
from mmrisk_core.evaluation.calibration import fit_calibration
from mmrisk_core.evaluation.spatial_folds import assign_folds, random_blocks
from mmrisk_core.evaluation.stacking import weigh_heads
from mmrisk_core.progress import Epoch, Progress
from mmrisk_core.training.options import TrainingOptions


@dataclass(frozen=True)
class CrossFitted:
    """The members of a model and the logits they give for tiles they have not seen.

    :param members: one for each fold, trained on all the others.
    :param logits: (n, heads): for each tile, of the member that has not seen its fold.
    :param nested_logits: (folds, n, heads): entry k has, for each tile, the logits of a member that has seen neither its
        fold nor fold k. What is learnt from it has never seen fold k, and may be judged on it (nested validation; Varma and
        Simon 2006).
    """

    members: list[Member]
    logits: FloatArray
    nested_logits: FloatArray


def fit_members(
    data: TrainingData, fold: IntArray, options: TrainingOptions, device: torch.device, progress: Progress
) -> CrossFitted:
    """A member for each fold, and for each pair of folds one that only serves the validation."""
    folds = options.folds
    # Two folds leave nothing to learn from without both, and a model that is not judged needs no judges.
    nested = folds > 2 and options.validation != "none"
    pairs = list(itertools.combinations(range(folds), 2)) if nested else []
    members = []
    for k in range(folds):
        name = f"member {k + 1} of {folds}"
        members.append(_fit_without(data, fold, (k,), k, options, device, _part(progress, k, folds + len(pairs), name)))
    n_heads = len(members[0].head_names)
    logits = np.zeros((len(fold), n_heads))
    for k, member in enumerate(members):
        logits[fold == k] = _logits(member, data, fold == k)
    nested_logits = np.broadcast_to(logits, (folds, *logits.shape)).copy()
    for number, (j, k) in enumerate(pairs):
        name = f"check {number + 1} of {len(pairs)}"
        part = _part(progress, folds + number, folds + len(pairs), name)
        member = _fit_without(data, fold, (j, k), folds + number, options, device, part)
        nested_logits[k, fold == j] = _logits(member, data, fold == j)
        nested_logits[j, fold == k] = _logits(member, data, fold == k)
    return CrossFitted(members, logits, nested_logits)


def random_risk(
    data: TrainingData, label: FloatArray, options: TrainingOptions, device: torch.device, progress: Progress
) -> FloatArray:
    """Out-of-fold probabilities (n,) on folds drawn at random: what an optimist would report."""
    fold = assign_folds(random_blocks(len(label)), label, options.folds, options.seed)
    parts: list[FloatArray] = []
    names: tuple[str, ...] = ()
    for k in range(options.folds):
        part = _part(progress, k, options.folds, f"random fold {k + 1} of {options.folds}")
        # Numbers after those of the members and pairs, so that no two networks start alike.
        member = _fit_without(data, fold, (k,), options.folds**2 + k, options, device, part)
        parts.append(_logits(member, data, fold == k))
        names = member.head_names
    logits = np.zeros((len(label), parts[0].shape[1]))
    for k, part_logits in enumerate(parts):
        logits[fold == k] = part_logits
    nested_logits = np.broadcast_to(logits, (options.folds, *logits.shape))
    return cross_fitted_risk(logits, nested_logits, label, fold, names)[0]


def _fit_without(
    data: TrainingData,
    fold: IntArray,
    left_out: tuple[int, ...],
    number: int,
    options: TrainingOptions,
    device: torch.device,
    progress: Progress,
) -> Member:
    fit_options = FitOptions(
        seed=(options.seed * 1000 + number) % 2**32,
        device=device,
        epochs=options.epochs,
        batch_size=options.batch_size,
        learning_rate=options.learning_rate,
        progress=progress,
    )
    rows = np.flatnonzero(~np.isin(fold, left_out))
    return ARCHITECTURES[options.architecture].fit(data.take(rows), fit_options).eval()


def _part(progress: Progress, number: int, total: int, name: str) -> Progress:
    part = progress.part(number / total, (number + 1) / total)

    def report(fraction: float, message: str) -> None:
        part.report(fraction, f"{name}: {message}" if message else f"training {name}")

    def trained(epoch: Epoch) -> None:
        part.trained(dataclasses.replace(epoch, network=name))

    part.update(0.0, f"training {name}")
    return dataclasses.replace(part, report=report, trained=trained)


@torch.inference_mode()
def _logits(member: Member, data: TrainingData, chosen: BoolArray) -> FloatArray:
    """Logits (rows, heads) of a member for the chosen rows."""
    rows = np.flatnonzero(chosen)
    logits = []
    for some in np.array_split(rows, max(1, len(rows) // 256)):
        part = data.take(some)
        embedding = member.embed(part.embedding, part.images, part.present)
        logits.append(member(embedding, part.tabular).double().numpy())
    return np.concatenate(logits)


def head_weights(logits: FloatArray, label: FloatArray, names: Sequence[str]) -> tuple[FloatArray, float]:
    """The weights of the heads ``names`` and a bias; a single head is taken as it is.

    The name of a head begins with its modality, as in ``image_linear``.
    """
    if len(names) == 1:
        return np.ones(1), 0.0
    return weigh_heads(logits, label, [name.split("_")[0] for name in names])


def cross_fitted_risk(
    logits: FloatArray, nested_logits: FloatArray, label: FloatArray, fold: IntArray, names: tuple[str, ...]
) -> tuple[FloatArray, dict[str, FloatArray], tuple[Combination, ...]]:
    """Out-of-fold probabilities of the whole and of each head; weights and calibration have not seen the judged fold.

    The third is what each fold was judged with, so that the same can be said of its tiles again.

    :param nested_logits: entry k is what weights and calibration for fold k are learnt from. See :class:`CrossFitted`.
    """
    risk = np.zeros(len(label))
    head_risk = {name: np.zeros(len(label)) for name in names if len(names) > 1}
    unseen = []
    for k in range(len(nested_logits)):
        test, train = fold == k, fold != k
        learnt, y = nested_logits[k][train], label[train]
        weights, bias = head_weights(learnt, y, names)
        calibration = fit_calibration(learnt @ weights + bias, y)
        unseen.append(Combination(head_weights=tuple(weights.tolist()), bias=bias, calibration=calibration))
        risk[test] = calibration.probabilities(logits[test] @ weights + bias)
        for i, name in enumerate(names):
            if name in head_risk:
                head_risk[name][test] = fit_calibration(learnt[:, i], y).probabilities(logits[test, i])
    return risk, head_risk, tuple(unseen)


@torch.inference_mode()
def domain_features(members: Sequence[Member], data: TrainingData) -> Tensor:
    """The features (n, d) in which the members tell how unlike tiles are. See :meth:`Member.domain_features`."""
    parts = []
    for rows in torch.split(torch.arange(len(data.label)), 1024):
        part = data.take(rows.numpy())
        seen = [member.embed(part.embedding, part.images, part.present) for member in members]
        features = [member.domain_features(e, part.tabular) for member, e in zip(members, seen, strict=True)]
        parts.append(torch.cat(features, dim=1))
    return torch.cat(parts).clone()
