"""What a model rests on, asked with what each fold is judged with."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from mmrisk_core.architectures import TrainingData
from mmrisk_core.bundle.manifest import Combination
from mmrisk_core.evaluation.calibration import Calibration
from mmrisk_core.evaluation.metrics import auc
from mmrisk_core.training.permutation_importance import permutation_importance

FOLD = np.arange(300) % 3
LABEL = (np.random.default_rng(0).random(300) < 0.4).astype(float)
TABULAR = torch.from_numpy(np.random.default_rng(1).normal(size=(300, 2)) + LABEL[:, None]).float()
NAMES = ("first", "second")


class Columns(nn.Module):
    """A member each of whose two heads is an attribute."""

    def embed(self, embedding, images, present):
        return embedding

    def forward(self, embedding, tabular):
        return tabular


def importance(*weights):
    data = TrainingData(torch.zeros(300, 0), [], [], TABULAR, torch.from_numpy(LABEL).float(), FOLD)
    answers = [Combination(head_weights=each, bias=0.0, calibration=Calibration()) for each in weights]
    found = permutation_importance([Columns()] * 3, data, FOLD, answers, NAMES, 0)
    return {one.name: one for one in found}


def test_each_fold_is_asked_with_its_own_weights():
    """A column that has weight in one fold only is shuffled without any harm in the others."""
    drops = importance((1.0, 0.0), (1.0, 0.0), (1.0, 0.0))
    assert drops["second"].drop == 0
    assert drops["first"].drop > 0.15
    assert drops["all attributes"].drop == pytest.approx(drops["first"].drop, abs=0.03)
    mixed = importance((1.0, 0.0), (1.0, 0.0), (0.0, 1.0))
    assert 0 < mixed["second"].drop < mixed["first"].drop < drops["first"].drop


def test_what_nothing_is_made_of_has_no_importance():
    assert {one.drop for one in importance((0.0, 0.0), (0.0, 0.0), (0.0, 0.0)).values()} == {0.0}


def test_what_is_lost_is_lost_of_the_figure_that_is_reported():
    """All values of one column gone by shuffling leave chance; the drop is what the AUC had above it."""
    drop = importance((1.0, 0.0), (1.0, 0.0), (1.0, 0.0))["first"].drop
    assert drop == pytest.approx(auc(TABULAR[:, 0].double().numpy(), LABEL) - 0.5, abs=0.03)
