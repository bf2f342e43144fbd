"""Calibration and the weights of the stack."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit

from mmrisk_core.evaluation.calibration import Calibration, fit_calibration, prevalence_shift
from mmrisk_core.evaluation.metrics import expected_calibration_error
from mmrisk_core.evaluation.stacking import fit_stack_weights

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


@pytest.mark.parametrize("n", [60, 100, 140, 600])
@pytest.mark.parametrize("prevalence", [0.05, 0.1, 0.3])
def test_the_mean_is_the_share_of_ones_however_few_tiles_there_are(n, prevalence):
    for seed in range(20):
        rng = np.random.default_rng(seed)
        raw, label = rng.normal(2, 1.5, n), (np.arange(n) < prevalence * n).astype(float)
        assert fit_calibration(raw, label).probabilities(raw).mean() == pytest.approx(label.mean(), abs=1e-3)


def test_the_variance_of_a_bent_scale_is_that_of_its_own_place():
    bent = np.sign(TRUTH) * np.abs(TRUTH) ** 3
    calibration = fit_calibration(bent, LABEL)
    assert calibration.kind == "isotonic"
    flat, steep = calibration.local_slope(np.array([6.0, 0.1]))
    assert 0 <= flat < steep
    # A line has the same slope everywhere.
    assert Calibration(slope=0.7, intercept=1).local_slope(np.array([-3.0, 2.0])).tolist() == [0.7, 0.7]


def test_extreme_logits_stay_finite():
    assert np.isfinite(Calibration(slope=2, intercept=1).probabilities(np.array([-1e6, 1e6]))).all()
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


def test_the_method_follows_the_number_of_tiles():
    kinds = [fit_calibration(TRUTH[:n], LABEL[:n]).kind for n in (100, 1000, 6000)]
    assert kinds == ["platt", "platt", "isotonic"]
    rare = np.zeros(6000)
    rare[TRUTH.argsort()[-100:]] = 1
    assert fit_calibration(TRUTH, rare).kind == "platt"


def test_a_bent_scale_is_straightened_by_isotonic_regression_and_ranks_stay():
    bent = np.sign(TRUTH) * np.abs(TRUTH) ** 3
    calibration = fit_calibration(bent, LABEL)
    assert np.mean(np.abs(calibration.probabilities(bent) - expit(TRUTH))) < 0.03
    places = np.linspace(-60, 60, 2001)
    assert (np.diff(calibration.logits(places)) > 0).all()
    again = Calibration.model_validate_json(calibration.model_dump_json())
    assert again.logits(places).tolist() == calibration.logits(places).tolist()


def test_knots_that_fall_are_refused():
    with pytest.raises(ValueError, match="do not rise"):
        Calibration(kind="isotonic", knots=((0.0, 0.0), (1.0, -1.0)))


def test_the_variance_of_a_calibration_is_that_of_many_samples():
    found = []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        raw = rng.normal(0, 1.5, 800)
        found.append(fit_calibration(raw, (rng.random(800) < expit(raw)).astype(float)))
    at = np.array([-2.0, 0.0, 3.0])
    spread = np.var([calibration.logits(at) for calibration in found], axis=0)
    told = np.mean([calibration.logit_variance(at) for calibration in found], axis=0)
    assert ((told > 0.7 * spread) & (told < 2 * spread)).all()


def test_the_prevalence_is_put_right_after_sampling_by_label():
    # All of 5,000 high-risk tiles and as many of the 95,000 others: an even share learnt from, 5 % in truth.
    shift = prevalence_shift(0.5, 0.05)
    assert expit(0.0 + shift) == pytest.approx(0.05)
    assert prevalence_shift(0.3, 0.3) == pytest.approx(0)
