"""Safety performance functions, and the number of events to expect by empirical Bayes.

A count says little of a small place: a tile with three crashes may have been unlucky, one without may have been lucky.
Empirical Bayes weighs what was counted against what places of the same exposure and length have on average.

Safety performance function (SPF): events of a site follow a negative binomial distribution (NB2) with

    mu = exp(intercept) * exposure^b1 * length^b2            (events in the period of the data)
    variance = mu + k * mu^2                                 (k: overdispersion, no unit; 0 is Poisson)

whose parameters, k included, are those of the greatest likelihood. Then, for a site with ``observed`` events,

    weight = 1 / (1 + k * mu)
    expected = weight * mu + (1 - weight) * observed
    excess = expected - mu

Sources: E. Hauer, Observational Before-After Studies in Road Safety (Pergamon, 1997); AASHTO, Highway Safety Manual (2010),
part B, chapter 4 (excess expected crashes with EB adjustment) and part C, appendix A.2, equations A-4 and A-5. The manual
fixes the exponent of the length at 1 and takes the parameters from elsewhere; here they are fitted to the sites themselves.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from mmrisk_core.arrays import BoolArray, FloatArray
from mmrisk_core.errors import InputError
from mmrisk_core.wording import counted

MIN_SITES_WITH_EVENTS = 10
MIN_SITES_PER_PARAMETER = 10
ADVISED_EVENTS = 100
"""What the Highway Safety Manual (part C, appendix A.1) asks for, each year, where a function is calibrated."""

MAX_STEPS = 2000

ALIKE = 1e-9
"""Spread of a logarithm, or part of it not explained by another, below which it tells sites apart by rounding only."""


@dataclass(frozen=True)
class Sites:
    """Places with events.

    :param events: number of events of each site, in one period; NaN for a site that takes no part.
    :param measures: exposure (such as vehicle-kilometres in the period), length or none, by the name that messages use; in
        any unit, one number a site. Missing, zero or negative: nothing can be said of the site.
    """

    events: FloatArray
    measures: Mapping[str, FloatArray]

    @cached_property
    def usable(self) -> BoolArray:
        """Which sites have a number of events and all measures."""
        usable = np.isfinite(self.events)
        for values in self.measures.values():
            usable = usable & np.isfinite(values) & (values > 0)
        return np.asarray(usable)


@dataclass(frozen=True)
class SafetyPerformanceFunction:
    """The number of events that sites have on average.

    :param exponents: by the measure's name.
    :param dispersion: k of the variance mu + k mu^2; 0 where events vary no more than chance lets them.
    :param left_out: measures that tell the sites apart no better than the others do.
    :param n_sites: sites that it was fitted to.
    :param n_events: their events.
    """

    intercept: float
    exponents: Mapping[str, float]
    dispersion: float
    log_likelihood: float
    n_sites: int
    n_events: int
    left_out: tuple[str, ...] = ()

    def predict(self, sites: Sites) -> FloatArray:
        """The mean number of events of sites like these, in the period of the data; NaN where a measure is missing."""
        predicted = np.full(sites.events.size, np.nan)
        usable = sites.usable
        logarithm = np.full(int(usable.sum()), self.intercept)
        for name, exponent in self.exponents.items():
            logarithm += exponent * np.log(sites.measures[name][usable])
        predicted[usable] = np.exp(logarithm)
        return predicted

    @property
    def formula(self) -> str:
        """As text, such as ``exp(-5.41) * aadt^0.63``."""
        powers = [f"{name}^{exponent:.3g}" for name, exponent in self.exponents.items()]
        return " * ".join([f"exp({self.intercept:.4g})", *powers])


@dataclass(frozen=True)
class EmpiricalBayes:
    """What to expect of sites; NaN where a measure is missing.

    :param predicted: events by the safety performance function.
    :param weight: share of ``predicted`` in ``expected``, 0 to 1.
    :param expected: events to expect in a period such as that of the data.
    :param excess: by how much that is more than sites alike have.
    """

    predicted: FloatArray
    weight: FloatArray
    expected: FloatArray
    excess: FloatArray


def empirical_bayes(function: SafetyPerformanceFunction, sites: Sites) -> EmpiricalBayes:
    """Weigh the events of ``sites`` against what the function predicts of them (Hauer 1997; HSM 2010, A-4 and A-5)."""
    predicted = function.predict(sites)
    weight = 1 / (1 + function.dispersion * predicted)
    expected = weight * predicted + (1 - weight) * sites.events
    return EmpiricalBayes(predicted, weight, expected, expected - predicted)


def fit_safety_performance(sites: Sites) -> SafetyPerformanceFunction:
    """Fit the function to those of ``sites`` that are usable, by maximum likelihood.

    Where the likelihood grows no further as k leaves 0, which is where its derivative there,
    sum((observed - mu)^2 - observed) / 2, is not positive, events are no more dispersed than Poisson: k is 0.

    :raises MMRiskError: when there are too few sites or events to fit, or no likelihood is the greatest.
    """
    usable = sites.usable
    events = sites.events[usable]
    logarithms = {name: np.log(values[usable]) for name, values in sites.measures.items()}
    told_apart = _told_apart(logarithms)
    _require_enough(events, 2 + len(told_apart))
    columns = [logarithms[name] for name in told_apart]
    # Centred and of spread 1, whatever the units, the logarithms make the search short and safe.
    middle = np.array([column.mean() for column in columns])
    spread = np.array([column.std() for column in columns])
    design = np.column_stack([np.ones(events.size), *[(c - c.mean()) / c.std() for c in columns]])
    coefficients, dispersion, log_likelihood = _fit(events, design)
    exponents = coefficients[1:] / spread
    return SafetyPerformanceFunction(
        intercept=float(coefficients[0] - (exponents * middle).sum()),
        exponents=dict(zip(told_apart, exponents.tolist(), strict=True)),
        dispersion=dispersion,
        log_likelihood=log_likelihood,
        n_sites=events.size,
        n_events=int(events.sum()),
        left_out=tuple(name for name in sites.measures if name not in told_apart),
    )


def _told_apart(logarithms: Mapping[str, FloatArray]) -> list[str]:
    """The measures that differ between sites, and not just as those before them do."""
    chosen: list[str] = []
    for name, values in logarithms.items():
        if values.size == 0:
            continue
        known = np.column_stack([np.ones(values.size), *[logarithms[other] for other in chosen]])
        rest = values - known @ np.linalg.lstsq(known, values, rcond=None)[0]
        if rest.std() > ALIKE * max(1.0, float(np.abs(values).max())):
            chosen.append(name)
    return chosen


def _require_enough(events: FloatArray, n_parameters: int) -> None:
    with_events = int((events > 0).sum())
    least = n_parameters * MIN_SITES_PER_PARAMETER
    if with_events < MIN_SITES_WITH_EVENTS or events.size < least:
        raise InputError(
            f"Empirical Bayes needs at least {MIN_SITES_WITH_EVENTS} tiles with events and {counted(least, 'tile')} in "
            f"all to learn from, with exposure and length where these are given; there are {with_events} and "
            f"{events.size}. Use a "
            "larger area or a longer period, fill in the exposure, or turn empirical Bayes off."
        )


def _fit(events: FloatArray, design: FloatArray) -> tuple[FloatArray, float, float]:
    """Coefficients, overdispersion and log-likelihood."""
    # Imported where it is needed: it takes seconds, and most jobs need none of it.
    from statsmodels.discrete.discrete_model import NegativeBinomial, Poisson

    start = np.zeros(design.shape[1])
    start[0] = math.log(events.mean())
    poisson = _search(Poisson(events, design), start, ("newton", "bfgs"))
    mean = np.exp(design @ poisson.params)
    beyond_chance = float(((events - mean) ** 2 - events).sum())
    # Where the sum is 0 but for rounding, as for a count that is the same everywhere, there is nothing beyond chance.
    if beyond_chance <= ALIKE * float(events.sum()):
        return np.asarray(poisson.params), 0.0, float(poisson.llf)
    start = np.append(poisson.params, beyond_chance / float((mean**2).sum()))
    fitted = _search(NegativeBinomial(events, design, loglike_method="nb2"), start, ("bfgs", "nm"))
    return np.asarray(fitted.params[:-1]), float(fitted.params[-1]), float(fitted.llf)


def _search(model: Any, start: FloatArray, methods: tuple[str, ...]) -> Any:
    """The fit of the greatest likelihood, by the first of the methods that finds it."""
    for method in methods:
        try:
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                fitted = model.fit(start_params=start, method=method, maxiter=MAX_STEPS, disp=0, skip_hessian=True)
        except (np.linalg.LinAlgError, ValueError, FloatingPointError):
            continue
        if fitted.mle_retvals["converged"] and np.isfinite(fitted.params).all() and math.isfinite(fitted.llf):
            return fitted
    raise InputError(
        "The safety performance function cannot be fitted: no exponents make the events most likely. Look for tiles with "
        "far too large or small values of exposure or length, leave one of the two out, or turn empirical Bayes off."
    )
