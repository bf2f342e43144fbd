"""Which training tiles stand in for what is not known of a tile, and what the model has learnt to do without.

A fair sample tells how much hangs on what is not known; extreme tiles see to it that the interval of a tile does not
become narrower by hiding something of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np
import torch
from torch import Tensor

from mmrisk_core.architectures import TrainingData
from mmrisk_core.arrays import BoolArray, FloatArray, IntArray
from mmrisk_core.bundle.donors import MAX_PATTERNS, Donors
from mmrisk_core.bundle.trained_model import TrainedModel

DRAWN = 24
EXTREME = 24
MAX_SAMPLE = 512
QUANTILES = 33
MIN_TILES = 5
MIN_SHARE = 0.01
"""As for the levels of a text: what fewer tiles show is not learnt."""
DEVIATIONS = 2.5
"""About the half width of an interval, in standard deviations of a logit."""


@torch.inference_mode()
def with_donors(model: TrainedModel, data: TrainingData, seed: int) -> TrainedModel:
    """The ``model`` with donors among the tiles ``data`` that it was trained on.

    :param seed: of the sample.
    """
    sample = np.random.default_rng(seed).permutation(len(data.label))[:MAX_SAMPLE]
    tiles = data.take(sample)
    seen = _seen(model, tiles)
    told = _told(model, seen, tiles.tabular)
    # Evenly by their risk, so that few of them say as much as many drawn at random would.
    order = np.argsort(told.logit, kind="stable")
    drawn = order[((np.arange(DRAWN) + 0.5) / DRAWN * len(order)).astype(int)]
    typical = torch.tensor([[attribute.typical for attribute in model.manifest.attributes]], dtype=torch.float32)
    usual = torch.nan_to_num(seen.nanmean(dim=1, keepdim=True))
    surroundings = [(usual, typical), *((seen[:, [row]], tiles.tabular[[row]]) for row in (drawn[0], drawn[-1]))]
    rows = [*sample[drawn].tolist()]
    for row in chain.from_iterable(_extremes(model, data, sample, seen, *around) for around in surroundings):
        if len(rows) < DRAWN + EXTREME and row not in rows[DRAWN:]:
            rows.append(row)
    chosen = data.take(np.array(rows))
    known = torch.from_numpy(_known_patterns(_missing(model, data)))
    donors = Donors(chosen.tabular, _seen(model, chosen), known)
    update = {"donors_drawn": DRAWN, "logit_variance": float(told.logit.var())}
    return replace(model, donors=donors, manifest=model.manifest.model_copy(update=update))


@dataclass(frozen=True)
class _Told:
    """The logits (n,) and how far down and up they may be off."""

    logit: FloatArray
    low: FloatArray
    high: FloatArray


def _told(model: TrainedModel, seen: Tensor, tabular: Tensor) -> _Told:
    """What the members say of tiles by what is seen in their images (1 or members, n, D) and attributes (n, F)."""
    logits, variances = [], []
    for number, member in enumerate(model.members):
        embedding = member.pool_images(seen[number if len(seen) > 1 else 0])
        raw = model.raw_logits(member(embedding, tabular))
        deviation = member.logit_deviation(embedding, tabular)
        logits.append(model.calibrated_logits(raw))
        variances.append(np.nan if deviation is None else model.logit_variance(raw, deviation))
    logit, spread = np.mean(logits, axis=0), np.var(logits, axis=0) * (len(logits) - 1)
    own = np.mean([np.broadcast_to(variance, logit.shape) for variance in variances], axis=0)
    off = DEVIATIONS * np.sqrt(np.where(np.isnan(own), spread, own))
    return _Told(logit, logit - off, logit + off)


def _extremes(
    model: TrainedModel, data: TrainingData, sample: IntArray, seen: Tensor, usual: Tensor, typical: Tensor
) -> Iterator[int]:
    """The rows with which the risk may be lowest and highest: by all attributes, by all images, then by each input alone,
    those first that matter most.

    :param seen: in the images of ``sample``, (1 or members, n, D).
    :param usual: what is seen in the images where others than these vary, (1 or members, 1, D).
    :param typical: the attributes where others vary, (1, F).
    """
    columns_of_images = model.columns_of_images
    if typical.shape[1]:
        tabular = data.tabular[torch.from_numpy(sample)]
        yield from _ends(_told(model, usual.expand(-1, len(sample), -1), tabular), sample)
    if columns_of_images:
        yield from _ends(_told(model, seen, typical.expand(len(sample), -1)), sample)
    pairs = []
    for columns in columns_of_images if len(columns_of_images) > 1 else ():
        there = ~torch.isnan(seen[0, :, columns]).all(dim=1)
        alone = usual.repeat(1, int(there.sum()), 1)
        alone[:, :, columns] = seen[:, there][:, :, columns]
        pairs.append((_told(model, alone, typical.expand(alone.shape[1], -1)), sample[there.numpy()]))
    for column in range(typical.shape[1]):
        rows = _spread(data.tabular[:, column])
        changed = typical.repeat(len(rows), 1)
        changed[:, column] = data.tabular[torch.from_numpy(rows), column]
        pairs.append((_told(model, usual.expand(-1, len(rows), -1), changed), rows))
    pairs = [(told, rows) for told, rows in pairs if len(rows)]
    for told, rows in sorted(pairs, key=lambda pair: -float(np.ptp(pair[0].logit))):
        yield from _ends(told, rows)


def _ends(told: _Told, rows: IntArray) -> tuple[int, int]:
    return int(rows[np.argmin(told.low)]), int(rows[np.argmax(told.high)])


def _spread(values: Tensor) -> IntArray:
    """The rows of some ``values`` (n,) from the smallest to the largest."""
    known = np.flatnonzero(~torch.isnan(values).numpy())
    order = known[np.argsort(values.numpy()[known], kind="stable")]
    if not len(order):
        return np.asarray(order)
    return np.asarray(order[np.unique(np.linspace(0, len(order) - 1, QUANTILES).round().astype(int))])


def _seen(model: TrainedModel, data: TrainingData) -> Tensor:
    """What is seen in the images of tiles, (1 or members, n, D)."""
    members = model.members if model.has_own_image_networks else model.members[:1]
    return torch.stack([member.encode_images(data.embedding, data.images, data.present) for member in members])


def _missing(model: TrainedModel, data: TrainingData) -> BoolArray:
    """Which inputs each tile lacks, (n, inputs): attributes, then images."""
    if data.embedding.shape[1]:
        absent = [torch.isnan(data.embedding[:, columns]).all(dim=1) for columns in model.columns_of_images]
    else:
        absent = [~present for present in data.present]
    return np.column_stack([torch.isnan(data.tabular).numpy(), *(each.numpy() for each in absent)])


def _known_patterns(missing: BoolArray) -> BoolArray:
    """What so many tiles lack together that a model learns what it means, (p, inputs); no pattern is part of another."""
    least = max(MIN_TILES, MIN_SHARE * len(missing))
    met, count = np.unique(missing, axis=0, return_counts=True)
    alone = np.eye(missing.shape[1], dtype=bool)
    candidates = np.unique(np.concatenate([met, alone]), axis=0)
    holds = candidates.astype(np.float32) @ (~met).T.astype(np.float32) == 0
    often = holds @ count
    order = np.argsort(-often, kind="stable")
    kept = [row for row in order if often[row] >= least and candidates[row].any()][: 8 * MAX_PATTERNS]
    patterns = candidates[kept]
    inside = patterns.astype(np.float32) @ (~patterns).T.astype(np.float32) == 0
    return np.asarray(patterns[inside.sum(axis=1) == 1][:MAX_PATTERNS])
