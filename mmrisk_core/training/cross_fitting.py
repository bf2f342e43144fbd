"""The members of a model, one for each fold, and what they say of tiles they have not seen."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from scipy.optimize import brentq
from scipy.special import expit
from torch import Tensor

from mmrisk_core.architectures import ARCHITECTURES, FitOptions, Member, TrainingData
from mmrisk_core.arrays import BoolArray, FloatArray, IntArray
from mmrisk_core.bundle.manifest import Combination
from mmrisk_core.evaluation.calibration import fit_calibration
from mmrisk_core.evaluation.spatial_folds import assign_folds, random_blocks
from mmrisk_core.evaluation.stacking import weigh_heads
from mmrisk_core.progress import Epoch, Progress
from mmrisk_core.training.options import TrainingOptions

FEW_TILES = 150
FARTHEST = 40.0
"""A logit beyond which a probability is 0 or 1."""
NESTED_TILES = 1000
"""With more, one set of weights for all random folds shows an AUC that is no more than 0.001 better than nested ones."""


@dataclass(frozen=True)
class CrossFitted:
    """The members of a model and the logits they give for tiles they have not seen.

    :param members: one for each fold, trained on all the others.
    :param logits: (n, heads): for each tile, of the member that has not seen its fold.
    :param nested_logits: (folds, n, heads): see :func:`cross_fit`.
    :param image_alone: logits (n,) and nested logits (folds, n) of a network that is trained end to end, its attributes
        hidden; None of all others.
    """

    members: list[Member]
    logits: FloatArray
    nested_logits: FloatArray
    image_alone: tuple[FloatArray, FloatArray] | None = None


def fit_members(
    data: TrainingData, fold: IntArray, options: TrainingOptions, device: torch.device, progress: Progress
) -> CrossFitted:
    """A member for each fold, and for each pair of folds one that only serves the validation."""
    folds = options.folds
    # A model that is not judged needs no judges.
    pairs = pairs_of(folds) if options.validation != "none" else []
    members: list[Member] = []
    hide_attributes = bool(data.images) and not data.embedding.shape[1] and data.tabular.shape[1] > 0

    def answer(left_out: tuple[int, ...]) -> FloatArray:
        judge = len(left_out) == 2
        number = folds + pairs.index((left_out[0], left_out[1])) if judge else left_out[0]
        name = f"check {number - folds + 1} of {len(pairs)}" if judge else f"member {number + 1} of {folds}"
        part = _part(progress, number, folds + len(pairs), name)
        member = _fit_without(data, fold, left_out, number, options, device, part)
        if not judge:
            members.append(member)
        return _logits(member, data, np.isin(fold, left_out), hide_attributes=hide_attributes)

    logits, nested_logits = cross_fit(fold, folds, pairs, answer)
    if not hide_attributes:
        return CrossFitted(members, logits, nested_logits)
    return CrossFitted(members, logits[:, :-1], nested_logits[..., :-1], (logits[:, -1], nested_logits[..., -1]))


def pairs_of(folds: int) -> list[tuple[int, int]]:
    """The pairs of folds without which something is fitted to judge it; two leave nothing to learn from without both."""
    return list(itertools.combinations(range(folds), 2)) if folds > 2 else []


def cross_fit(
    fold: IntArray,
    folds: int,
    pairs: Sequence[tuple[int, int]],
    answer: Callable[[tuple[int, ...]], FloatArray],
) -> tuple[FloatArray, FloatArray]:
    """Logits of each tile by a fit that has not seen its fold, (n, ...), and nested ones, (folds, n, ...).

    Entry k of the nested ones has, for each tile, the logits of a fit that has seen neither its fold nor fold k. What is
    learnt from it has never seen fold k, and may be judged on it (nested validation; Varma and Simon 2006).

    :param pairs: see :func:`pairs_of`; where there are none, entry k has seen fold k.
    :param answer: the folds that are left out of a fit -> its logits for their tiles, in order of the tiles.
    """
    parts = [answer((k,)) for k in range(folds)]
    logits = np.zeros((len(fold), *parts[0].shape[1:]))
    for k, part in enumerate(parts):
        logits[fold == k] = part
    nested = np.broadcast_to(logits, (folds, *logits.shape)).copy()
    for pair in pairs:
        part, of_part = answer(pair), fold[np.isin(fold, pair)]
        for here, other in (pair, pair[::-1]):
            nested[other, fold == here] = part[of_part == here]
    return logits, nested


def learn_combinations(
    nested_logits: FloatArray, label: FloatArray, fold: IntArray, names: Sequence[str], block: IntArray
) -> tuple[Combination, ...]:
    """Weights of the heads ``names``, bias and calibration for each fold, from the others.

    :param nested_logits: (folds, n, heads): entry k is what those for fold k are learnt from. See :func:`cross_fit`.
    :param block: (n,) spatial block of each tile.
    """
    combinations = []
    for k, logits in enumerate(nested_logits):
        train = fold != k
        learnt, y = logits[train], label[train]
        weights, bias = head_weights(learnt, y, names, block[train])
        calibration = fit_calibration(learnt @ weights + bias, y)
        combinations.append(Combination(head_weights=tuple(weights.tolist()), bias=bias, calibration=calibration))
    return tuple(combinations)


def levelled(
    combinations: Sequence[Combination], logits: FloatArray, label: FloatArray, fold: IntArray
) -> tuple[Combination, ...]:
    """The combinations of few tiles, moved so that the mean of all tiles is the share of 1s; of many, as they are.

    With some dozen tiles the networks from which a fold's calibration is learnt have seen a third less than the one that it
    is for, and so their logits lie elsewhere. It is one number for all folds: ranks stay, and a judged fold has told no more
    than how common 1s are.

    :param logits: (n, heads), out of fold.
    """
    if len(label) >= FEW_TILES:
        return tuple(combinations)
    raw = np.zeros(len(label))
    for k, combination in enumerate(combinations):
        raw[fold == k] = combination.logits(logits[fold == k])
    raw = raw.clip(-FARTHEST, FARTHEST)
    shift = brentq(lambda shift: float(expit(raw + shift).mean() - label.mean()), -2 * FARTHEST, 2 * FARTHEST)
    return tuple(each.model_copy(update={"calibration": each.calibration.moved(float(shift))}) for each in combinations)


def calibrated_out_of_fold(
    logits: FloatArray, nested_logits: FloatArray, label: FloatArray, fold: IntArray
) -> FloatArray:
    """Probabilities (n,) by calibrations that have not seen the fold they are for.

    :param logits, nested_logits: (n,) and (folds, n), see :func:`cross_fit`.
    """
    risk = np.zeros(len(label))
    for k, learnt in enumerate(nested_logits):
        test = fold == k
        risk[test] = fit_calibration(learnt[~test], label[~test]).probabilities(logits[test])
    return risk


def random_risk(
    data: TrainingData, label: FloatArray, options: TrainingOptions, device: torch.device, progress: Progress
) -> FloatArray:
    """Out-of-fold probabilities (n,) on folds drawn at random: what an optimist would report.

    Nested as the figures of blocks are where that matters and is cheap: with few tiles, and no image network to be trained.
    """
    folds, block = options.folds, random_blocks(len(label))
    fold = assign_folds(block, label, folds, options.seed)
    pairs = pairs_of(folds) if len(label) <= NESTED_TILES and not data.images else []
    names: tuple[str, ...] = ()

    def answer(left_out: tuple[int, ...]) -> FloatArray:
        nonlocal names
        judge = len(left_out) == 2
        number = folds + pairs.index((left_out[0], left_out[1])) if judge else left_out[0]
        name = f"random check {number - folds + 1} of {len(pairs)}" if judge else f"random fold {number + 1} of {folds}"
        part = _part(progress, number, folds + len(pairs), name)
        # Numbers after those of the members and pairs, so that no two networks start alike.
        member = _fit_without(data, fold, left_out, folds**2 + number, options, device, part)
        names = member.head_names
        return _logits(member, data, np.isin(fold, left_out))

    logits, nested_logits = cross_fit(fold, folds, pairs, answer)
    if not pairs:
        return pooled_risk(logits, label, names)
    combinations = learn_combinations(nested_logits, label, fold, names, block)
    return cross_fitted_risk(logits, nested_logits, label, fold, names, combinations)[0]


def pooled_risk(logits: FloatArray, label: FloatArray, names: Sequence[str]) -> FloatArray:
    """Probabilities (n,) by one set of weights and one calibration for all tiles, which have seen the labels.

    A set for each fold from logits that have seen it, the other way without more trainings, ranks tiles of one fold
    against those of another worse than they are: what it adds to a fold makes up for what the others lack.

    :param logits: (n, heads), out of fold.
    :param names: of the heads.
    """
    weights, bias = head_weights(logits, label, names, random_blocks(len(label)))
    raw = logits @ weights + bias
    return fit_calibration(raw, label).probabilities(raw)


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
def _logits(member: Member, data: TrainingData, chosen: BoolArray, *, hide_attributes: bool = False) -> FloatArray:
    """Logits (rows, heads) of a member for the chosen rows; one column more where attributes are hidden."""
    rows = np.flatnonzero(chosen)
    logits = []
    for some in np.array_split(rows, max(1, len(rows) // 256)):
        part = data.take(some)
        embedding = member.embed(part.embedding, part.images, part.present)
        heads = member(embedding, part.tabular)
        if hide_attributes:
            alone = member(embedding, torch.full_like(part.tabular, torch.nan)).mean(dim=1, keepdim=True)
            heads = torch.cat([heads, alone], dim=1)
        logits.append(heads.double().numpy())
    return np.concatenate(logits)


def head_weights(
    logits: FloatArray, label: FloatArray, names: Sequence[str], block: IntArray
) -> tuple[FloatArray, float]:
    """The weights of the heads ``names`` and a bias; a single head is taken as it is.

    The name of a head begins with its modality, as in ``image_linear``.

    :param block: (n,) spatial block of each tile.
    """
    if len(names) == 1:
        return np.ones(1), 0.0
    return weigh_heads(logits, label, [name.split("_")[0] for name in names], block)


def cross_fitted_risk(
    logits: FloatArray,
    nested_logits: FloatArray,
    label: FloatArray,
    fold: IntArray,
    names: Sequence[str],
    combinations: Sequence[Combination],
) -> tuple[FloatArray, dict[str, FloatArray]]:
    """Out-of-fold probabilities of the whole and of each head; weights and calibration have not seen the judged fold.

    :param nested_logits: what the calibration of a head is learnt from. See :func:`cross_fit`.
    :param combinations: of each fold, see :func:`learn_combinations`.
    """
    risk = np.zeros(len(label))
    for k, combination in enumerate(combinations):
        risk[fold == k] = combination.probabilities(logits[fold == k])
    heads = names if len(names) > 1 else ()
    return risk, {
        name: calibrated_out_of_fold(logits[:, i], nested_logits[..., i], label, fold) for i, name in enumerate(heads)
    }


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
