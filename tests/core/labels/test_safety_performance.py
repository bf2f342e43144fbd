"""Safety performance functions are held against known truth, another way to the same maximum, and sums by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.optimize import minimize

from mmrisk_core import MMRiskError
from mmrisk_core.labels.safety_performance import (
    SafetyPerformanceFunction,
    Sites,
    cross_fitted_bayes,
    empirical_bayes,
    fit_safety_performance,
)


def simulated(n=4000, dispersion=0.5, seed=1, intercept=-6.0, exposure_power=0.7, length_power=1.1):
    """Sites whose exposure and length make their mean; dispersion 0 is Poisson."""
    rng = np.random.default_rng(seed)
    exposure, length = rng.uniform(300, 20_000, n), rng.uniform(0.1, 3, n)
    mean = np.exp(intercept) * exposure**exposure_power * length**length_power
    events = rng.negative_binomial(1 / dispersion, 1 / (1 + dispersion * mean)) if dispersion else rng.poisson(mean)
    return Sites(events.astype(float), {"exposure": exposure, "length": length})


def function(dispersion=0.5, intercept=0.0, **exponents):
    return SafetyPerformanceFunction(intercept, exponents, dispersion, 0.0, 100, 200)


def test_known_coefficients_and_dispersion_are_found_again():
    fitted = fit_safety_performance(simulated())
    assert fitted.intercept == pytest.approx(-6, abs=0.5)
    assert fitted.exponents["exposure"] == pytest.approx(0.7, abs=0.05)
    assert fitted.exponents["length"] == pytest.approx(1.1, abs=0.06)
    assert fitted.dispersion == pytest.approx(0.5, abs=0.06)
    assert fitted.n_sites == 4000
    assert fitted.left_out == ()


@pytest.mark.parametrize(("dispersion", "n"), [(0.15, 600), (0.5, 300), (2.0, 300)])
def test_the_likelihood_is_the_greatest_there_is(dispersion, n):
    """The same maximum as scipy finds from the distribution itself."""
    sites = simulated(n, dispersion, seed=3)
    design = np.column_stack([np.ones(n), *[np.log(v) for v in sites.measures.values()]])

    def minus_log_likelihood(parameters):
        mean, size = np.exp(np.clip(design @ parameters[:-1], -50, 50)), np.exp(-parameters[-1])
        return -stats.nbinom.logpmf(sites.events, size, size / (size + mean)).sum()

    start = np.array([-5.0, 0.6, 1.0, -0.5])
    options = {"maxiter": 20_000, "maxfev": 20_000, "xatol": 1e-9, "fatol": 1e-10}
    reference = minimize(minus_log_likelihood, start, method="Nelder-Mead", options=options)
    assert reference.success
    fitted = fit_safety_performance(sites)
    found = [fitted.intercept, fitted.exponents["exposure"], fitted.exponents["length"], np.log(fitted.dispersion)]
    assert found == pytest.approx(reference.x, rel=2e-3, abs=2e-3)
    assert fitted.log_likelihood == pytest.approx(-reference.fun, abs=1e-4)
    assert fitted.log_likelihood >= -reference.fun - 1e-4


def test_without_measures_the_prediction_is_the_mean():
    events = simulated().events
    fitted = fit_safety_performance(Sites(events, {}))
    assert fitted.exponents == {}
    assert np.exp(fitted.intercept) == pytest.approx(events.mean(), rel=1e-4)
    assert fitted.dispersion > 0.5


def test_units_change_the_intercept_only():
    sites = simulated(800)
    scaled = Sites(
        sites.events, {"exposure": sites.measures["exposure"] / 1e6, "length": sites.measures["length"] * 1e3}
    )
    here, there = fit_safety_performance(sites), fit_safety_performance(scaled)
    assert there.exponents == pytest.approx(here.exponents, rel=1e-4)
    assert there.dispersion == pytest.approx(here.dispersion, rel=1e-4)
    assert there.predict(scaled) == pytest.approx(here.predict(sites), rel=1e-4)


def test_events_that_vary_by_chance_alone_are_poisson_and_add_nothing():
    rng = np.random.default_rng(0)
    mean = np.exp(rng.uniform(0, 2, 500))
    sites = Sites(np.round(mean), {"length": mean})
    fitted = fit_safety_performance(sites)
    assert fitted.dispersion == 0
    assert fitted.exponents["length"] == pytest.approx(1, abs=0.05)
    estimate = empirical_bayes(fitted, sites)
    assert (estimate.weight == 1).all()
    assert (estimate.expected == estimate.predicted).all()
    assert (estimate.excess == 0).all()


def test_poisson_coefficients_are_the_most_likely_ones():
    sites = simulated(2000, dispersion=0, seed=5)
    fitted = fit_safety_performance(sites)
    assert fitted.dispersion < 0.03
    assert fitted.exponents["length"] == pytest.approx(1.1, abs=0.08)


def test_the_same_number_everywhere_is_fitted():
    sites = Sites(np.full(60, 3.0), {"length": np.linspace(1, 2, 60)})
    fitted = fit_safety_performance(sites)
    assert fitted.dispersion == 0
    assert fitted.predict(sites) == pytest.approx(np.full(60, 3.0), rel=1e-5)


def test_worked_example_by_hand():
    """Of the kind of the Highway Safety Manual, part C, appendix A.2.4, with equations A-4 and A-5.

    A segment has AADT 6,000 and a length of 1.75 km. The function 0.0004 * AADT * length predicts
    0.0004 * 6000 * 1.75 = 4.2 crashes; k is 0.236; 8 crashes were counted.
    weight = 1 / (1 + 0.236 * 4.2) = 1 / 1.9912 = 0.502210
    expected = 0.502210 * 4.2 + 0.497790 * 8 = 2.109281 + 3.982322 = 6.091603
    excess = 6.091603 - 4.2 = 1.891603
    """
    spf = function(0.236, np.log(0.0004), aadt=1.0, length=1.0)
    estimate = empirical_bayes(spf, Sites(np.array([8.0]), {"aadt": np.array([6000.0]), "length": np.array([1.75])}))
    assert estimate.predicted == pytest.approx([4.2])
    assert estimate.weight == pytest.approx([0.502210], abs=1e-6)
    assert estimate.expected == pytest.approx([6.091603], abs=1e-5)
    assert estimate.excess == pytest.approx([1.891603], abs=1e-5)


@given(
    observed=st.integers(0, 500),
    predicted=st.floats(0.001, 300),
    dispersion=st.floats(0, 20),
)
def test_expected_lies_between_predicted_and_observed(observed, predicted, dispersion):
    estimate = empirical_bayes(function(dispersion, np.log(predicted)), Sites(np.array([float(observed)]), {}))
    low, high = sorted((predicted, observed))
    assert low * (1 - 1e-9) - 1e-9 <= estimate.expected[0] <= high * (1 + 1e-9) + 1e-9
    assert 0 < estimate.weight[0] <= 1
    # The more dispersed, the more does the count itself say.
    more = empirical_bayes(function(dispersion + 1, np.log(predicted)), Sites(np.array([float(observed)]), {}))
    assert abs(more.expected[0] - observed) <= abs(estimate.expected[0] - observed) * (1 + 1e-9) + 1e-9


def test_expected_events_are_nearer_the_truth_than_counts():
    """What empirical Bayes is for: against the means that the simulated sites really have."""
    rng = np.random.default_rng(7)
    exposure = rng.uniform(300, 20_000, 3000)
    average = np.exp(-6) * exposure**0.7
    truth = average * rng.gamma(2, 1 / 2, 3000)
    sites = Sites(rng.poisson(truth).astype(float), {"exposure": exposure})
    estimate = empirical_bayes(fit_safety_performance(sites), sites)
    error = {
        "expected": np.mean((estimate.expected - truth) ** 2),
        "counted": np.mean((sites.events - truth) ** 2),
        "predicted": np.mean((estimate.predicted - truth) ** 2),
    }
    assert error["expected"] < 0.8 * min(error["counted"], error["predicted"])


def test_sites_without_a_measure_take_no_part():
    whole = simulated(500)
    events, exposure = whole.events.copy(), whole.measures["exposure"].copy()
    exposure[:4] = [0, -1, np.nan, np.inf]
    events[4] = np.nan
    sites = Sites(events, {"exposure": exposure})
    assert sites.usable.tolist() == [False] * 5 + [True] * 495
    fitted = fit_safety_performance(sites)
    assert fitted.n_sites == 495
    rest = Sites(events[5:], {"exposure": exposure[5:]})
    assert fitted.exponents == pytest.approx(fit_safety_performance(rest).exponents)
    estimate = empirical_bayes(fitted, sites)
    for values in (estimate.predicted, estimate.weight, estimate.expected, estimate.excess):
        assert np.isnan(values).tolist() == [True] * 5 + [False] * 495


@pytest.mark.parametrize("length", [np.full(500, 150.0), None], ids=["constant", "proportional to the exposure"])
def test_a_measure_that_tells_nothing_apart_is_left_out(length):
    sites = simulated(500)
    exposure = sites.measures["exposure"]
    fitted = fit_safety_performance(
        Sites(sites.events, {"exposure": exposure, "length": 3 * exposure if length is None else length})
    )
    assert fitted.left_out == ("length",)
    assert fitted.exponents == pytest.approx(
        fit_safety_performance(Sites(sites.events, {"exposure": exposure})).exponents
    )


@pytest.mark.parametrize(
    ("events", "measures"),
    [
        (np.zeros(200), {}),
        (np.arange(200) % 25 == 0, {}),
        (np.ones(19), {}),
        (np.ones(29), {"length": np.linspace(1, 2, 29)}),
        (np.ones(200), {"length": np.full(200, np.nan)}),
    ],
)
def test_too_little_to_learn_from_is_said(events, measures):
    with pytest.raises(MMRiskError, match=r"at least 10 tiles with events and .* tiles in all"):
        fit_safety_performance(Sites(events.astype(float), measures))


def test_a_search_that_finds_nothing_is_said(monkeypatch):
    from statsmodels.discrete.discrete_model import NegativeBinomial

    def fails(*arguments, **options):
        raise np.linalg.LinAlgError

    monkeypatch.setattr(NegativeBinomial, "fit", fails)
    with pytest.raises(MMRiskError, match="cannot be fitted"):
        fit_safety_performance(simulated(300))


@pytest.mark.parametrize("seed", range(8))
def test_odd_counts_are_fitted_or_refused_in_a_sentence(seed):
    rng = np.random.default_rng(seed)
    measure = np.exp(rng.normal(0, rng.choice([0.001, 1, 8]), 80))
    events = np.floor(rng.pareto(0.6, 80)).clip(0, 1e6)
    sites = Sites(events, {"length": measure})
    try:
        fitted = fit_safety_performance(sites)
    except MMRiskError:
        return
    estimate = empirical_bayes(fitted, sites)
    assert np.isfinite(estimate.expected).all()
    assert fitted.dispersion >= 0
    assert fitted.log_likelihood <= 0


def test_the_formula_can_be_read():
    assert function(0.5, -5.4134, aadt=0.6266, length=1.1).formula == "exp(-5.413) * aadt^0.627 * length^1.1"


def by_length(n=4000, dispersion=0.5, seed=1, length_power=1.0):
    """Sites whose overdispersion falls with their length (Hauer 2001), and the means that they really have."""
    rng = np.random.default_rng(seed)
    exposure, length = rng.uniform(300, 20_000, n), np.exp(rng.uniform(np.log(0.1), np.log(5), n))
    average = np.exp(-5.5) * exposure**0.7 * length**length_power
    truth = average * rng.gamma(length / dispersion, dispersion / length)
    sites = Sites(rng.poisson(truth).astype(float), {"exposure": exposure, "length": length}, "length")
    return sites, truth


@pytest.mark.parametrize("seed", [31, 32, 33])
@pytest.mark.parametrize("dispersion", [0.2, 0.8])
def test_an_overdispersion_per_length_is_found_again(dispersion, seed):
    sites, _ = by_length(dispersion=dispersion, seed=seed, length_power=0.8)
    fitted = fit_safety_performance(sites, "per_length")
    assert fitted.dispersion == pytest.approx(dispersion, rel=0.15)
    assert fitted.dispersion_per == "length"
    assert fitted.exponents["exposure"] == pytest.approx(0.7, abs=0.05)
    assert fitted.exponents["length"] == pytest.approx(0.8, abs=0.05)
    assert fitted.log_likelihood > fit_safety_performance(sites).log_likelihood + 5


@pytest.mark.parametrize("length_exponent", ["fitted", "one"])
@pytest.mark.parametrize("overdispersion", ["constant", "per_length"])
def test_each_kind_has_the_greatest_likelihood_there_is(overdispersion, length_exponent):
    """The same maximum as scipy finds from the distribution itself, without derivatives."""
    sites, _ = by_length(500, seed=34)
    exposure, length = sites.measures["exposure"], sites.measures["length"]

    def minus_log_likelihood(parameters):
        intercept, power, of_length, log_k = parameters
        of_length = 1.0 if length_exponent == "one" else of_length
        mean = np.exp(np.clip(intercept + power * np.log(exposure) + of_length * np.log(length), -50, 50))
        size = np.exp(-log_k) * (length if overdispersion == "per_length" else 1.0)
        return -stats.nbinom.logpmf(sites.events, size, size / (size + mean)).sum()

    options = {"maxiter": 20_000, "maxfev": 20_000, "xatol": 1e-9, "fatol": 1e-10}
    reference = minimize(minus_log_likelihood, [-5.0, 0.6, 1.0, -0.5], method="Nelder-Mead", options=options)
    fitted = fit_safety_performance(sites, overdispersion, length_exponent)
    assert fitted.log_likelihood == pytest.approx(-reference.fun, abs=1e-3)
    found = [fitted.intercept, fitted.exponents["exposure"], fitted.exponents["length"], np.log(fitted.dispersion)]
    expected = reference.x if length_exponent == "fitted" else [*reference.x[:2], 1.0, reference.x[3]]
    assert found == pytest.approx(expected, rel=5e-3, abs=5e-3)
    assert list(fitted.exponents) == ["exposure", "length"]


def test_a_length_exponent_of_one_is_one_whatever_the_unit():
    sites, _ = by_length(800, seed=35)
    metres = Sites(sites.events, {**sites.measures, "length": 1000 * sites.measures["length"]}, "length")
    here, there = (fit_safety_performance(s, "per_length", "one") for s in (sites, metres))
    assert here.exponents["length"] == there.exponents["length"] == 1
    assert there.dispersion == pytest.approx(1000 * here.dispersion, rel=1e-3)
    assert empirical_bayes(there, metres).weight == pytest.approx(empirical_bayes(here, sites).weight, rel=1e-3)
    assert here.formula.endswith("* length^1")


def test_worked_example_of_a_weight_per_length_by_hand():
    """As above, with the manual's k = 0.236 / length for rural roads of two lanes, and a length of 1.75.

    k of the segment is 0.236 / 1.75 = 0.134857; weight = 1 / (1 + 0.134857 * 4.2) = 1 / 1.5664 = 0.638407
    expected = 0.638407 * 4.2 + 0.361593 * 8 = 2.681308 + 2.892748 = 5.574056
    """
    spf = SafetyPerformanceFunction(
        np.log(0.0004), {"aadt": 1.0, "length": 1.0}, 0.236, 0.0, 100, 200, dispersion_per="length"
    )
    sites = Sites(np.array([8.0]), {"aadt": np.array([6000.0]), "length": np.array([1.75])}, "length")
    estimate = empirical_bayes(spf, sites)
    assert estimate.weight == pytest.approx([0.638407], abs=1e-6)
    assert estimate.expected == pytest.approx([5.574056], abs=1e-5)


@pytest.mark.parametrize("seed", [41, 42, 43])
def test_where_luck_evens_out_along_a_road_a_weight_per_length_is_nearer_the_truth(seed):
    sites, truth = by_length(3000, dispersion=1.0, seed=seed)

    def error(overdispersion):
        """On the scale of square roots, on which short and long roads count alike."""
        fitted = fit_safety_performance(sites, overdispersion)
        return np.mean((np.sqrt(empirical_bayes(fitted, sites).expected) - np.sqrt(truth)) ** 2)

    assert error("per_length") < 0.9 * error("constant")


def test_counts_that_chance_explains_are_poisson_per_length_too():
    rng = np.random.default_rng(0)
    length = np.exp(rng.uniform(0, 2, 500))
    fitted = fit_safety_performance(Sites(np.round(length), {"length": length}, "length"), "per_length", "one")
    assert fitted.dispersion == 0
    assert fitted.exponents == {"length": 1.0}


@pytest.mark.parametrize("seed", range(8))
def test_odd_counts_per_length_are_fitted_or_refused_in_a_sentence(seed):
    rng = np.random.default_rng(seed)
    length = np.exp(rng.normal(0, rng.choice([0.001, 1, 8]), 80))
    sites = Sites(np.floor(rng.pareto(0.6, 80)).clip(0, 1e6), {"length": length}, "length")
    try:
        fitted = fit_safety_performance(sites, "per_length", "one")
    except MMRiskError:
        return
    assert np.isfinite(empirical_bayes(fitted, sites).expected).all()
    assert fitted.dispersion >= 0


def test_a_site_is_predicted_by_what_the_other_parts_say():
    sites = simulated(600)
    part = np.arange(600) % 5
    part[:3] = -1
    estimate, functions = cross_fitted_bayes(sites, part)
    assert len(functions) == 5
    assert np.isnan(estimate.predicted).tolist() == [True] * 3 + [False] * 597
    for number, fitted in enumerate(functions):
        assert fitted.n_sites == 600 - (part == number).sum()
        assert estimate.predicted[part == number] == pytest.approx(fitted.predict(sites)[part == number])
