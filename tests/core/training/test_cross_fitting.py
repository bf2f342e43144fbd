"""Members, and what is learnt without the fold it is judged on."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from mmrisk_core.architectures import TrainingData
from mmrisk_core.bundle.manifest import Combination
from mmrisk_core.evaluation.calibration import Calibration
from mmrisk_core.evaluation.metrics import auc
from mmrisk_core.progress import NO_PROGRESS
from mmrisk_core.training import cross_fitting
from mmrisk_core.training.cross_fitting import (
    cross_fitted_risk,
    fit_members,
    learn_combinations,
    levelled,
    pairs_of,
    pooled_risk,
    random_risk,
)
from mmrisk_core.training.options import TrainingOptions

N, FOLDS = 90, 3
RNG = np.random.default_rng(0)
TABULAR = torch.from_numpy(RNG.normal(size=(N, 3))).float()
EMBEDDING = torch.from_numpy(RNG.normal(size=(N, 8))).float()
LABEL = (RNG.random(N) < 1 / (1 + np.exp(-2 * TABULAR[:, 0].numpy()))).astype(float)
BLOCK = np.arange(N) // 5
FOLD = BLOCK % FOLDS
CPU = torch.device("cpu")


def data(label: np.ndarray) -> TrainingData:
    return TrainingData(
        embedding=EMBEDDING,
        images=[],
        present=[],
        tabular=TABULAR,
        label=torch.from_numpy(label).float(),
        block=BLOCK,
    )


def fit(label, **options):
    return fit_members(data(label), FOLD, TrainingOptions(folds=FOLDS, epochs=3, **options), CPU, NO_PROGRESS)


def answers_of(fitted, label):
    return learn_combinations(fitted.nested_logits, label, FOLD, fitted.members[0].head_names, BLOCK)


def judged(fitted, label, answers):
    """The risk of the whole and of each head."""
    names = fitted.members[0].head_names
    whole, heads = cross_fitted_risk(fitted.logits, fitted.nested_logits, label, FOLD, names, answers)
    return {"whole": whole, **heads}


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
    answers, turned_answers = answers_of(fitted, LABEL), answers_of(other, turned)
    assert turned_answers[k] == answers[k]
    assert all(turned_answers[other] != answers[other] for other in range(FOLDS) if other != k)
    risk, turned_risk = judged(fitted, LABEL, answers), judged(other, turned, turned_answers)
    for name in risk:
        assert turned_risk[name][test].tolist() == risk[name][test].tolist()
        assert turned_risk[name][~test].tolist() != risk[name][~test].tolist()


@pytest.mark.slow
def test_the_same_seed_gives_the_same_members(fitted):
    again = fit(LABEL)
    for member, other in zip(fitted.members, again.members, strict=True):
        for name, tensor in member.state_dict().items():
            assert torch.equal(tensor, other.state_dict()[name])


def test_without_validation_no_pair_is_trained():
    plain = fit(LABEL, validation="none")
    assert (plain.nested_logits == plain.logits).all()


def test_the_answer_of_a_fold_is_what_its_tiles_are_judged_with(fitted):
    answers = answers_of(fitted, LABEL)
    risk = judged(fitted, LABEL, answers)["whole"]
    for k, answer in enumerate(answers):
        raw = fitted.logits[k == FOLD] @ np.array(answer.head_weights) + answer.bias
        assert risk[k == FOLD] == pytest.approx(answer.calibration.probabilities(raw))


def test_there_are_pairs_where_something_is_left_to_learn_from():
    assert pairs_of(2) == []
    assert pairs_of(4) == [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]


def test_random_folds_are_ranked_against_each_other_as_their_logits_say():
    """A set of weights for each fold, from logits that have seen it, moves folds against each other."""
    rng = np.random.default_rng(7)
    logits = rng.normal(size=(N, 1)) + LABEL[:, None]
    assert auc(pooled_risk(logits, LABEL, ["one"]), LABEL) == pytest.approx(auc(logits[:, 0], LABEL))
    heads = np.stack([logits[:, 0], logits[:, 0] + 0.1 * rng.normal(size=N)], axis=1)
    names = ["attributes_linear", "attributes_tabm"]
    assert auc(pooled_risk(heads, LABEL, names), LABEL) == pytest.approx(auc(heads.mean(axis=1), LABEL), abs=0.005)


@pytest.mark.slow
def test_a_random_fold_of_few_tiles_is_judged_with_what_has_never_seen_it(monkeypatch):
    """Turning all labels of a fold round changes nothing of what its tiles are told, but where tiles are many."""
    monkeypatch.setattr(cross_fitting, "assign_folds", lambda *_: FOLD)

    def risk(label):
        return random_risk(data(label), label, TrainingOptions(folds=FOLDS, epochs=3), CPU, NO_PROGRESS)

    test = FOLD == 1
    turned = np.where(test, 1 - LABEL, LABEL)
    assert risk(turned)[test].tolist() == risk(LABEL)[test].tolist()
    monkeypatch.setattr(cross_fitting, "NESTED_TILES", N - 1)
    assert risk(turned)[test].tolist() != risk(LABEL)[test].tolist()


def test_the_mean_of_few_tiles_is_the_share_of_ones_and_ranks_stay(monkeypatch):
    rng = np.random.default_rng(8)
    logits = rng.normal(2, 1, (N, 1)) + LABEL[:, None]
    far = [Combination(head_weights=(1.0,), bias=k / 10, calibration=Calibration(slope=0.7)) for k in range(FOLDS)]

    def risk(combinations):
        return np.concatenate([each.probabilities(logits[k == FOLD]) for k, each in enumerate(combinations)])

    monkeypatch.setattr(cross_fitting, "FEW_TILES", N + 1)
    near = levelled(far, logits, LABEL, FOLD)
    assert risk(near).mean() == pytest.approx(LABEL.mean(), abs=1e-6)
    assert np.argsort(risk(near)).tolist() == np.argsort(risk(far)).tolist()
    monkeypatch.setattr(cross_fitting, "FEW_TILES", N)
    assert levelled(far, logits, LABEL, FOLD) == tuple(far)
