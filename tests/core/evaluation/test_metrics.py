"""Figures, against scikit-learn and against values known beforehand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, brier_score_loss, roc_auc_score

from mmrisk_core.evaluation.metrics import (
    auc,
    auc_interval,
    bootstrap_aucs,
    capture_rate,
    compare_aucs,
    compute_metrics,
    expected_calibration_error,
    mean_error,
)


@given(st.lists(st.tuples(st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.9, 1.0]), st.booleans()), min_size=2, max_size=40))
def test_auc_is_that_of_scikit_learn_with_ties(pairs):
    score = np.array([s for s, _ in pairs])
    label = np.array([float(one) for _, one in pairs])
    label[:2] = 0, 1
    assert auc(score, label) == pytest.approx(roc_auc_score(label, score))


def test_all_figures():
    rng = np.random.default_rng(0)
    probability = rng.random(500)
    label = (rng.random(500) < probability).astype(float)
    figures = compute_metrics(probability, label, np.arange(500) // 10)
    assert (figures.tiles, figures.ones) == (500, label.sum())
    assert figures.auc == pytest.approx(roc_auc_score(label, probability))
    assert figures.average_precision == pytest.approx(average_precision_score(label, probability))
    assert figures.brier == pytest.approx(brier_score_loss(label, probability))
    assert figures.auc_low < figures.auc < figures.auc_high
    assert figures.ece < 0.06


def test_calibration_error_of_known_data():
    probability = np.repeat([0.1, 0.6], 50)
    label = np.r_[np.ones(5), np.zeros(45), np.ones(45), np.zeros(5)]
    assert expected_calibration_error(probability, label) == pytest.approx(0.5 * 0.3)
    assert expected_calibration_error(np.ones(10), np.zeros(10)) == 1


def test_what_is_found_in_a_share_of_the_tiles_does_not_depend_on_their_order():
    """Tiles of equal risk are taken as by lot: of ten of which five are looked at, half of what they hold is found."""
    risk, amount = np.r_[np.full(10, 0.9), np.zeros(10)], np.r_[np.ones(4), np.zeros(16)]
    for order in (np.arange(20), np.arange(20)[::-1], np.random.default_rng(0).permutation(20)):
        assert capture_rate(risk[order], amount[order], 0.25) == pytest.approx(0.5)
        assert capture_rate(risk[order], amount[order], 0.5) == pytest.approx(1)
    assert capture_rate(risk, np.zeros(20), 0.1) == 0
    # Of all tiles, a tile of weight 3 stands for three.
    assert capture_rate(np.array([0.9, 0.1]), np.array([1.0, 1.0]), 0.75, np.array([3.0, 1.0])) == pytest.approx(0.75)


def test_tiles_of_a_block_are_drawn_together_so_that_the_interval_is_honest():
    rng = np.random.default_rng(0)
    block = np.arange(600) // 30
    effect = rng.normal(0, 2, 20)[block]
    label = (rng.random(600) < 1 / (1 + np.exp(-effect))).astype(float)
    score = effect + rng.normal(0, 2, 600)
    low, high = auc_interval(score, label, block)
    low_random, high_random = auc_interval(score, label, np.arange(600))
    assert high - low > 1.4 * (high_random - low_random)
    assert auc_interval(score, label, block) == (low, high)


def test_the_interval_of_many_single_tiles():
    rng = np.random.default_rng(0)
    label = np.tile([0.0, 1.0], 10_000)
    low, high = auc_interval(rng.random(20_000) + 0.3 * label, label, np.arange(20_000))
    assert 0.6 < low < high < 0.8


def test_blocks_of_one_label_each_still_give_an_interval():
    score, label = np.array([0.1, 0.9]), np.array([0.0, 1.0])
    assert auc_interval(score, label, np.array([0, 1])) == (1.0, 1.0)
    assert auc_interval(score, np.zeros(2), np.array([0, 1])) == (0.0, 1.0)


def test_a_difference_is_taken_on_the_same_draws():
    rng = np.random.default_rng(0)
    label = (rng.random(400) < 0.4).astype(float)
    weak = label + rng.normal(0, 2, 400)
    strong = weak + 0.5 * label
    block = np.arange(400) // 20
    draws = bootstrap_aucs([strong, weak], label, block, seed=3)
    for column, score in enumerate((strong, weak)):
        assert tuple(np.percentile(draws[:, column], [2.5, 97.5])) == auc_interval(score, label, block, seed=3)
    difference = compare_aucs(strong, {"weak": weak, "same": strong}, label, block, seed=3)
    assert difference["weak"].auc == pytest.approx(auc(strong, label) - auc(weak, label))
    assert 0 < difference["weak"].low < difference["weak"].auc < difference["weak"].high
    intervals = [auc_interval(score, label, block, seed=3) for score in (strong, weak)]
    assert difference["weak"].high - difference["weak"].low < 0.5 * min(high - low for low, high in intervals)
    assert (difference["same"].auc, difference["same"].low, difference["same"].high) == (0, 0, 0)
    assert not difference["same"].measurable


def test_calibration_in_the_large():
    rng = np.random.default_rng(0)
    probability, block = rng.random(600), np.arange(600) // 20
    label = (rng.random(600) < probability).astype(float)
    error, low, high = mean_error(probability, label, block)
    assert error == pytest.approx(label.mean() - probability.mean())
    assert low < 0 < high
    assert low < error < high
    error, low, high = mean_error(probability / 2, label, block)
    assert 0 < low < error < high
    assert mean_error(probability, label, block, seed=1) == mean_error(probability, label, block, seed=1)


def test_too_few_blocks_to_compare_say_nothing():
    label, block = np.zeros(2), np.array([0, 1])
    assert bootstrap_aucs([label, label], label, block).shape == (0, 2)
