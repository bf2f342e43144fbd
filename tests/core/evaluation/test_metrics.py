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


def test_tiles_of_a_block_count_together_so_that_the_interval_is_honest():
    rng = np.random.default_rng(0)
    block = np.arange(600) // 30
    effect = rng.normal(0, 2, 20)[block]
    label = (rng.random(600) < 1 / (1 + np.exp(-effect))).astype(float)
    score = effect + rng.normal(0, 2, 600)
    low, high = auc_interval(score, label, block)
    low_random, high_random = auc_interval(score, label, np.arange(600))
    assert high - low > 1.4 * (high_random - low_random)
    assert auc_interval(score, label, block) == (low, high)


def test_the_interval_of_single_tiles_is_that_of_delong():
    """Of a strong ranking, at which nothing hangs on which model it was."""
    rng = np.random.default_rng(1)
    label = np.tile([0.0, 1.0], 2000)
    score = rng.normal(size=4000) + 1.5 * label
    ones, zeros = score[label == 1], score[label == 0]
    above = (ones[:, None] > zeros).astype(float)
    error = np.sqrt(above.mean(axis=1).var(ddof=1) / 2000 + above.mean(axis=0).var(ddof=1) / 2000)
    low, high = auc_interval(score, label, np.arange(4000))
    assert (high - low) / 2 == pytest.approx(1.96 * error, rel=0.05)


def test_near_chance_an_interval_is_wider_than_that_of_one_model():
    """By up to a half (Nadeau and Bengio 2003); the error of one ranking by chance is that of Mann and Whitney (1947)."""
    label = np.tile([0.0, 1.0], 500)
    of_one = np.sqrt(1001 / (12 * 500 * 500)) / 0.25
    for seed in range(5):
        found = np.array(auc_interval(np.random.default_rng(seed).normal(size=1000), label, np.arange(1000)))
        width = float(np.diff(np.log(found / (1 - found)))[0])
        assert 1.15 < width / (2 * 1.96 * of_one) < 1.55


@given(st.integers(0, 10_000), st.integers(3, 30), st.sampled_from([0.0, 1.0, 30.0]))
def test_an_interval_holds_its_auc_and_lies_between_0_and_1(seed, blocks, strength):
    rng = np.random.default_rng(seed)
    label = np.tile([0.0, 1.0], blocks)
    score, block = rng.normal(size=2 * blocks) + strength * label, np.arange(2 * blocks) // 2
    low, high = auc_interval(score, label, block)
    assert 0 <= low <= high <= 1
    assert low - 0.5 / (blocks + 1) <= auc(score, label) <= high + 0.5 / (blocks + 1)
    assert high > low


def test_a_perfect_ranking_of_few_tiles_is_not_certain():
    label = np.tile([0.0, 1.0], 10)
    low, high = auc_interval(label, label, np.arange(20))
    assert 0.6 < low < 0.95
    assert high < 1


def test_the_interval_of_many_single_tiles():
    rng = np.random.default_rng(0)
    label = np.tile([0.0, 1.0], 10_000)
    low, high = auc_interval(rng.random(20_000) + 0.3 * label, label, np.arange(20_000))
    assert 0.6 < low < high < 0.8


def test_fewer_than_three_blocks_of_equal_size_say_nothing():
    label = np.tile([0.0, 1.0], 50)
    score = label + np.random.default_rng(0).normal(size=100)
    assert auc_interval(score, label, np.arange(100) % 2) == (0.0, 1.0)
    assert auc_interval(score, label, np.where(np.arange(100) < 95, 0, np.arange(100))) == (0.0, 1.0)
    assert auc_interval(score, label, np.arange(100) % 4) != (0.0, 1.0)
    assert auc_interval(score, np.zeros(100), np.arange(100)) == (0.0, 1.0)


def test_a_difference_is_taken_on_the_same_tiles():
    rng = np.random.default_rng(0)
    label = (rng.random(400) < 0.4).astype(float)
    weak = label + rng.normal(0, 2, 400)
    strong = weak + 0.5 * label
    block = np.arange(400) // 20
    difference = compare_aucs(strong, {"weak": weak, "same": strong}, label, block)
    assert difference["weak"].auc == pytest.approx(auc(strong, label) - auc(weak, label))
    assert 0 < difference["weak"].low < difference["weak"].auc < difference["weak"].high
    intervals = [auc_interval(score, label, block) for score in (strong, weak)]
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
    # Where only the second half counts, it is the error of the second half.
    weight = np.repeat([0.0, 2.0], 300)
    weighted = mean_error(probability, label, block, weight)
    assert weighted[0] == pytest.approx(label[300:].mean() - probability[300:].mean())
    assert weighted[1] < weighted[0] < weighted[2]


def test_too_few_blocks_to_compare_say_nothing():
    label, block = np.array([0.0, 1.0]), np.array([0, 1])
    difference = compare_aucs(label, {"other": 1 - label}, label, block)["other"]
    assert (difference.low, difference.high) == (-1, 1)
    assert mean_error(label, label, block)[1:] == (-1, 1)
