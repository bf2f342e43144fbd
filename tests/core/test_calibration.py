"""Calibration and the weights of the stack."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit

from mmrisk_core.calibration import Calibration, fit_calibration
from mmrisk_core.evaluation import expected_calibration_error
from mmrisk_core.stacking import fit_stack_weights

RNG = np.random.default_rng(0)
TRUTH = RNG.normal(0, 1.5, 6000)
LABEL = (RNG.random(6000) < expit(TRUTH)).astype(float)


@pytest.mark.parametrize(("slope", "intercept"), [(1.0, 0.0), (0.4, 1.0), (2.0, -0.5)])
def test_a_known_scaling_is_found(slope, intercept):
    calibration = fit_calibration((TRUTH - intercept) / slope, LABEL)
    assert calibration.slope == pytest.approx(slope, rel=0.1)
    assert calibration.intercept == pytest.approx(intercept, abs=0.15)
    assert expected_calibration_error(calibration.probabilities((TRUTH - intercept) / slope), LABEL) < 0.02


def test_ranks_never_turn_round():
    calibration = fit_calibration(-TRUTH, LABEL)
    assert calibration.slope == 0
    assert calibration.probabilities(-TRUTH) == pytest.approx(LABEL.mean(), abs=1e-3)


def test_few_tiles_hardly_move_it():
    calibration = fit_calibration(np.array([-1.0, 1.0, -1.0, 1.0]), np.array([0.0, 1.0, 0.0, 1.0]))
    assert calibration.slope == pytest.approx(1.0, abs=0.3)


def test_extreme_logits_stay_finite():
    assert np.isfinite(Calibration(2, 1).probabilities(np.array([-1e6, 1e6]))).all()
    fitted = fit_calibration(np.r_[TRUTH, 1e4, -1e4], np.r_[LABEL, 0, 1])
    assert np.isfinite([fitted.slope, fitted.intercept]).all()


def test_a_head_of_noise_gets_little_weight():
    noise = RNG.normal(0, 1.5, 6000)
    weights, bias = fit_stack_weights(np.stack([TRUTH, noise], axis=1), LABEL)
    assert weights[0] == pytest.approx(1, abs=0.1)
    assert weights[1] < 0.1
    assert bias == pytest.approx(0, abs=0.1)


def test_two_heads_that_know_different_things_both_count():
    other = RNG.normal(0, 1.5, 6000)
    label = (RNG.random(6000) < expit(TRUTH + other)).astype(float)
    weights, _ = fit_stack_weights(np.stack([TRUTH, other], axis=1), label)
    assert weights == pytest.approx([1, 1], abs=0.15)


@given(st.integers(0, 10_000), st.integers(1, 4), st.integers(4, 60))
def test_weights_are_never_negative_and_always_finite(seed, heads, n):
    rng = np.random.default_rng(seed)
    label = rng.integers(0, 2, n).astype(float)
    label[:2] = 0, 1
    weights, bias = fit_stack_weights(rng.normal(0, 20, (n, heads)), label)
    assert (weights >= 0).all()
    assert np.isfinite(weights).all()
    assert np.isfinite(bias)
