"""What a model rests on: how much worse it ranks when something it knows is shuffled (Breiman 2001)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from mmrisk_core.architectures import Member, TrainingData
from mmrisk_core.arrays import FloatArray, IntArray
from mmrisk_core.bundle.manifest import Combination
from mmrisk_core.evaluation.evidence import Importance, ImportanceKind
from mmrisk_core.evaluation.metrics import auc
from mmrisk_core.progress import NO_PROGRESS, Progress

REPEATS = 5
MAX_TILES = 2000
BATCH = 256


@torch.inference_mode()
def permutation_importance(
    members: list[Member],
    data: TrainingData,
    fold: IntArray,
    answers: Sequence[Combination],
    names: tuple[str, ...],
    seed: int,
    progress: Progress = NO_PROGRESS,
) -> tuple[Importance, ...]:
    """The importance of imagery, of all attributes, and of each, largest first; on tiles that a member has not seen.

    Values are shuffled within a fold, several times. Of more than 2,000 tiles a random sample is asked.

    :param members: one for each fold, trained without it.
    :param answers: what the tiles of each fold are judged with, learnt without it.
    :param names: of the attributes, in order.
    """
    rng = np.random.default_rng(seed)
    rows = np.sort(rng.permutation(len(fold))[:MAX_TILES])
    parts = [
        _Part(member, answer, data.take(rows[fold[rows] == k]))
        for k, (member, answer) in enumerate(zip(members, answers, strict=True))
    ]
    label = np.concatenate([part.label for part in parts])
    if label.min() == label.max():
        return ()
    whole = auc(np.concatenate([part.risk(None, ()) for part in parts]), label)

    shuffles: list[tuple[ImportanceKind, str, bool, tuple[int, ...]]] = []
    if data.has_images:
        shuffles.append(("imagery", "imagery", True, ()))
    if len(names) > 1:
        shuffles.append(("attributes", "all attributes", False, tuple(range(len(names)))))
    shuffles += [("attribute", name, False, (column,)) for column, name in enumerate(names)]
    found = []
    for number, (kind, name, imagery, columns) in enumerate(shuffles):
        progress.update(number / len(shuffles), f"how much {name} matters")
        drops = []
        for _ in range(REPEATS):
            risk = [part.risk(rng.permutation(len(part.label)), columns, imagery=imagery) for part in parts]
            drops.append(whole - auc(np.concatenate(risk), label))
        found.append(Importance(kind, name, float(np.mean(drops)), float(np.min(drops)), float(np.max(drops))))
    return tuple(sorted(found, key=lambda importance: -importance.drop))


class _Part:
    """The tiles of one fold, and the member and the answer that have not seen them."""

    def __init__(self, member: Member, answer: Combination, data: TrainingData) -> None:
        self.label = data.label.double().numpy()
        self._member = member
        self._answer = answer
        self._tabular = data.tabular
        parts = np.array_split(np.arange(len(self.label)), len(self.label) // BATCH + 1)
        batches = (data.take(rows) for rows in parts)
        self._embedding = torch.cat([member.embed(b.embedding, b.images, b.present) for b in batches])

    def risk(self, order: IntArray | None, columns: tuple[int, ...], *, imagery: bool = False) -> FloatArray:
        """The probability of each tile (n,), with imagery or some columns taken from the tiles in ``order``."""
        embedding: Tensor = self._embedding
        tabular = self._tabular
        if order is not None:
            index = torch.from_numpy(order)
            embedding = embedding[index] if imagery else embedding
            tabular = tabular.clone()
            tabular[:, list(columns)] = tabular[index][:, list(columns)]
        return self._answer.probabilities(self._member(embedding, tabular).double().numpy())
