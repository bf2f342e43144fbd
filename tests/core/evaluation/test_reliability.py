"""Whether probabilities mean what they say, however rows are ordered, and how well a perfect model would do."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit, logit
from sklearn.metrics import average_precision_score, brier_score_loss

from mmrisk_core.evaluation.metrics import compute_metrics
from mmrisk_core.evaluation.population import Population, population_of
from mmrisk_core.evaluation.reliability import (
    calibration_bins,
    error_of_a_perfect_model,
    expected_calibration_error,
)


def drawn(n, seed, mean=-1.5, spread=1.0):
    """Probabilities and labels drawn from them."""
    rng = np.random.default_rng(seed)
    probability = expit(rng.normal(mean, spread, n))
    return probability, (rng.random(n) < probability).astype(float)


@pytest.mark.parametrize("values", [[0.3], [0.1, 0.5], [0.05, 0.1, 0.2, 0.4, 0.8, 0.9]])
@pytest.mark.parametrize("weighted", [False, True])
def test_the_order_of_rows_does_not_matter_where_risks_tie(values, weighted):
    rng = np.random.default_rng(1)
    probability = rng.choice(values, 400)
    label = (rng.random(400) < probability).astype(float)
    weight = population_of(label, 0.02).weight if weighted else None
    errors = set()
    for order in (np.arange(400), np.argsort(label), np.argsort(-label), rng.permutation(400)):
        some = None if weight is None else weight[order]
        errors.add(round(expected_calibration_error(probability[order], label[order], some), 12))
    assert len(errors) == 1


def test_a_constant_that_is_right_has_no_error():
    """Sorted by label, it had one of 0.149 where each bin held tiles of one label."""
    label = np.r_[np.ones(90), np.zeros(510)]
    assert expected_calibration_error(np.full(600, 0.15), label) == pytest.approx(0)
    assert len(calibration_bins(np.full(600, 0.15), label).tiles) == 1


def test_tiles_of_equal_risk_are_in_one_bin():
    probability = np.r_[np.full(300, 0.1), np.linspace(0.2, 0.9, 300)]
    bins = calibration_bins(probability, np.zeros(600))
    assert bins.tiles.sum() == 600
    assert bins.tiles[0] == 300
    assert bins.predicted[0] == pytest.approx(0.1)
    assert (np.diff(bins.predicted) > 0).all()


def test_bins_hold_every_tile_once():
    probability = np.linspace(0, 1, 37)
    bins = calibration_bins(probability, (probability > 0.5).astype(float))
    assert bins.tiles.sum() == 37
    assert set(bins.tiles.tolist()) == {3, 4}
    assert len(calibration_bins(np.array([0.1, 0.2]), np.array([0.0, 1.0])).tiles) == 2


@pytest.mark.parametrize("n", [100, 576, 5000])
@pytest.mark.parametrize("prevalence", [None, 0.03])
def test_a_perfect_model_shows_what_is_said_of_it(n, prevalence):
    """The mean error of perfect models, each with labels of its own, is that foretold by any one of them."""
    errors, foretold, above = [], [], 0
    for seed in range(100, 160):
        probability, label = drawn(n, seed)
        population = population_of(label, prevalence)
        if prevalence is not None:
            # What is drawn is the probability among labelled tiles; the risk is that of all.
            probability = population.risk(probability)
        error = expected_calibration_error(probability, label, population.weight)
        mean, high = error_of_a_perfect_model(probability, label, population.weight, seed)
        errors.append(error)
        foretold.append(mean)
        above += error > high
        assert 0 < mean < high
    assert np.mean(foretold) == pytest.approx(np.mean(errors), rel=0.15)
    assert above <= 9


def test_a_wrong_model_is_told_from_a_perfect_one():
    probability, label = drawn(576, 0)
    perfect = compute_metrics(probability, label, np.arange(576) // 6)
    assert perfect.ece <= perfect.ece_of_perfect_high
    assert perfect.ece_of_perfect == pytest.approx(0.04, abs=0.012)
    wrong = compute_metrics(expit(logit(probability) + 1), label, np.arange(576) // 6)
    assert wrong.ece > wrong.ece_of_perfect_high
    assert wrong == compute_metrics(expit(logit(probability) + 1), label, np.arange(576) // 6)


def test_error_bars_hold_the_truth_in_nine_of_ten_bins():
    """Also of all tiles, where labelled ones were chosen by their label."""
    for prevalence in (None, 0.03):
        inside = []
        for seed in range(200, 240):
            probability, label = drawn(800, seed)
            population = population_of(label, prevalence)
            bins = calibration_bins(population.risk(probability), label, population.weight)
            assert (bins.low <= bins.observed).all()
            assert (bins.observed <= bins.high).all()
            inside += ((bins.low <= bins.predicted) & (bins.predicted <= bins.high)).tolist()
        assert 0.86 < np.mean(inside) < 0.95


def test_without_a_prevalence_nothing_is_weighed():
    label = np.r_[np.ones(30), np.zeros(70)]
    assert population_of(label, None) == Population(0.0, None)
    assert population_of(label, None).risk(label) is label


def test_weights_make_the_labelled_tiles_stand_for_all():
    label = np.r_[np.ones(30), np.zeros(70)]
    population = population_of(label, 0.02)
    assert population.weight.mean() == pytest.approx(1)
    assert np.average(label, weights=population.weight) == pytest.approx(0.02)
    assert population.risk(np.full(100, 0.3)) == pytest.approx(0.02)


def test_figures_of_a_choice_by_label_are_those_of_all_tiles():
    """A third of the labelled tiles is high-risk, of all tiles a fiftieth; figures of the few are those of the many."""
    precision = []
    for seed in range(300, 312):
        rng = np.random.default_rng(seed)
        every, label = drawn(60_000, seed, mean=-4.6, spread=1.2)
        ones, zeros = np.flatnonzero(label == 1), np.flatnonzero(label == 0)
        rows = np.r_[rng.choice(ones, 800, replace=False), rng.choice(zeros, 2400, replace=False)]
        chosen, block = label[rows], rows // 600
        population = population_of(chosen, label.mean())
        learnt = expit(logit(every[rows]) - population.shift)
        figures = compute_metrics(population.risk(learnt), chosen, block, weight=population.weight)
        plain = compute_metrics(learnt, chosen, block)
        precision.append((figures.average_precision, average_precision_score(label, every)))
        assert figures.brier == pytest.approx(brier_score_loss(label, every), rel=0.06)
        assert figures.ece < 0.01
        assert (figures.auc, figures.auc_low, figures.auc_high) == (plain.auc, plain.auc_low, plain.auc_high)
        assert plain.average_precision > 3 * figures.average_precision
    of_few, of_all = np.mean(precision, axis=0)
    # A little too high: the first 0 of the list is heavy, and before it the list seems pure.
    assert of_few == pytest.approx(of_all, rel=0.2)
