"""Members, and what is learnt without the fold it is judged on."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from mmrisk_core.architectures import TrainingData
from mmrisk_core.progress import NO_PROGRESS
from mmrisk_core.training.cross_fitting import cross_fitted_risk, fit_members
from mmrisk_core.training.options import TrainingOptions

N, FOLDS = 90, 3
RNG = np.random.default_rng(0)
TABULAR = torch.from_numpy(RNG.normal(size=(N, 3))).float()
EMBEDDING = torch.from_numpy(RNG.normal(size=(N, 8))).float()
LABEL = (RNG.random(N) < 1 / (1 + np.exp(-2 * TABULAR[:, 0].numpy()))).astype(float)
FOLD = np.arange(N) // 5 % FOLDS
CPU = torch.device("cpu")


def data(label: np.ndarray) -> TrainingData:
    return TrainingData(
        embedding=EMBEDDING,
        images=[],
        present=[],
        tabular=TABULAR,
        label=torch.from_numpy(label).float(),
        block=np.arange(N) // 5,
    )


def fit(label, **options):
    return fit_members(data(label), FOLD, TrainingOptions(folds=FOLDS, epochs=3, **options), CPU, NO_PROGRESS)


@pytest.fixture(scope="module")
def fitted():
    return fit(LABEL)


@pytest.mark.slow
@pytest.mark.parametrize("k", range(FOLDS))
def test_what_judges_a_fold_has_never_seen_its_labels(fitted, k):
    """Turning all labels of a fold round changes nothing of what it is judged with."""
    turned = np.where(k == FOLD, 1 - LABEL, LABEL)
    other = fit(turned)
    assert other.nested_logits[k].tolist() == fitted.nested_logits[k].tolist()
    test = k == FOLD
    assert other.logits[test].tolist() == fitted.logits[test].tolist()
    names = fitted.members[0].head_names
    risk = cross_fitted_risk(fitted.logits, fitted.nested_logits, LABEL, FOLD, names)[0]
    turned_risk = cross_fitted_risk(other.logits, other.nested_logits, turned, FOLD, names)[0]
    assert turned_risk[test].tolist() == risk[test].tolist()
    assert turned_risk[~test].tolist() != risk[~test].tolist()


@pytest.mark.slow
def test_the_same_seed_gives_the_same_members(fitted):
    again = fit(LABEL)
    for member, other in zip(fitted.members, again.members, strict=True):
        for name, tensor in member.state_dict().items():
            assert torch.equal(tensor, other.state_dict()[name])


def test_without_validation_no_pair_is_trained():
    plain = fit(LABEL, validation="none")
    assert (plain.nested_logits == plain.logits).all()
