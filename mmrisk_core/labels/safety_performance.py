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

Two things may be chosen otherwise. With ``length_exponent`` "one", b2 is 1: a road twice as long has twice the events. With
``overdispersion`` "per_length", k is that of a road of length 1 and a site has k / length: a long road is the sum of many
short ones whose luck evens out, while with one k for all the counts of long roads are trusted too little and those of short
ones too much.

A function that was fitted to a site has seen its events, and predicts a little of them. So what is predicted of a site comes
from a function that was fitted without it and its surroundings (:func:`cross_fitted_bayes`).

Sources: E. Hauer, Observational Before-After Studies in Road Safety (Pergamon, 1997); E. Hauer, Overdispersion in modelling
accidents on road sections and in empirical Bayes estimation (Accident Analysis and Prevention 33, 2001); AASHTO, Highway
Safety Manual (2010), part B, chapter 4 (excess expected crashes with EB adjustment) and part C, appendix A.2, equations A-4
and A-5. The manual fixes the exponent of the length at 1, divides k by it for rural roads, and takes the parameters from
elsewhere; here they are fitted to the sites themselves.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.special import digamma, gammaln

from mmrisk_core.arrays import BoolArray, FloatArray, IntArray
from mmrisk_core.errors import InputError
from mmrisk_core.geo.recipe import LengthExponent, Overdispersion
from mmrisk_core.wording import counted

MIN_SITES_WITH_EVENTS = 10
MIN_ELSEWHERE = 5
"""Sites with events that must be left without one part of the sites, to predict that part from."""
MIN_SITES_PER_PARAMETER = 10
ADVISED_EVENTS = 100
"""What the Highway Safety Manual (part C, appendix A.1) asks for, each year, where a function is calibrated."""

MAX_STEPS = 2000
GRADIENT = 1e-5
UNFITTED = (
    "The safety performance function cannot be fitted: no exponents make the events most likely. Look for tiles with far "
    "too large or small values of exposure or length, leave one of the two out, or turn empirical Bayes off."
)

ALIKE = 1e-9
"""Spread of a logarithm, or part of it not explained by another, below which it tells sites apart by rounding only."""


@dataclass(frozen=True)
class Sites:
    """Places with events.

    :param events: number of events of each site, in one period; NaN for a site that takes no part.
    :param measures: exposure (such as vehicle-kilometres in the period), length or none, by the name that messages use; in
        any unit, one number a site. Missing, zero or negative: nothing can be said of the site.
    :param length: which of the measures is the length, if one is.
    """

    events: FloatArray
    measures: Mapping[str, FloatArray]
    length: str | None = None

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
    :param dispersion_per: the measure that k is divided by, if it is of a site of length 1.
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
    dispersion_per: str | None = None

    def predict(self, sites: Sites) -> FloatArray:
        """The mean number of events of sites like these, in the period of the data; NaN where a measure is missing."""
        predicted = np.full(sites.events.size, np.nan)
        usable = sites.usable
        logarithm = np.full(int(usable.sum()), self.intercept)
        for name, exponent in self.exponents.items():
            logarithm += exponent * np.log(sites.measures[name][usable])
        predicted[usable] = np.exp(logarithm)
        return predicted

    def overdispersion(self, sites: Sites) -> FloatArray:
        """K of each of the sites; NaN where its length is missing."""
        k = np.full(sites.events.size, self.dispersion)
        if self.dispersion_per is not None:
            length = sites.measures[self.dispersion_per]
            k /= np.where(length > 0, length, np.nan)
        return k

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
    weight = 1 / (1 + function.overdispersion(sites) * predicted)
    expected = weight * predicted + (1 - weight) * sites.events
    return EmpiricalBayes(predicted, weight, expected, expected - predicted)


def cross_fitted_bayes(
    sites: Sites,
    part: IntArray,
    overdispersion: Overdispersion = "constant",
    length_exponent: LengthExponent = "fitted",
) -> tuple[EmpiricalBayes, list[SafetyPerformanceFunction]]:
    """The same, where each site is predicted by a function that was fitted to the other parts of the sites (Stone 1974).

    :param part: of each site, (n,); below 0 for sites that take no part.
    :param overdispersion, length_exponent: as of :func:`fit_safety_performance`.
    :return: the estimates, and the function of each part.
    :raises MMRiskError: when no function can be fitted without one of the parts.
    """
    columns = np.full((4, sites.events.size), np.nan)
    functions = []
    for number in np.unique(part[part >= 0]):
        elsewhere = Sites(np.where(part == number, np.nan, sites.events), sites.measures, sites.length)
        left = int((elsewhere.events[elsewhere.usable] > 0).sum())
        if left < MIN_ELSEWHERE:
            raise InputError(
                "The events lie too close together for empirical Bayes: without one fifth of the tiles, only "
                f"{counted(left, 'tile with events is', 'tiles with events are')} left to predict that fifth from, and at "
                f"least {MIN_ELSEWHERE} are needed. Use a larger area or a longer period, or turn empirical Bayes off."
            )
        functions.append(_fitted(elsewhere, overdispersion, length_exponent))
        estimate = empirical_bayes(functions[-1], sites)
        own = part == number
        columns[:, own] = [
            values[own] for values in (estimate.predicted, estimate.weight, estimate.expected, estimate.excess)
        ]
    return EmpiricalBayes(*columns), functions


def fit_safety_performance(
    sites: Sites, overdispersion: Overdispersion = "constant", length_exponent: LengthExponent = "fitted"
) -> SafetyPerformanceFunction:
    """Fit the function to those of ``sites`` that are usable, by maximum likelihood.

    Where the likelihood grows no further as k leaves 0, which is where its derivative there,
    sum(((observed - mu)^2 - observed) * k of the site / k) / 2, is not positive, events are no more dispersed than Poisson:
    k is 0.

    :param overdispersion: ``per_length`` divides k by the length of a site (Hauer 2001).
    :param length_exponent: ``one`` fixes that of the length.
    :raises MMRiskError: when there are too few sites or events to fit, or no likelihood is the greatest.
    """
    usable = sites.usable
    told_apart = _told_apart(_searched_for(sites, length_exponent))
    _require_enough(sites.events[usable], 2 + len(told_apart))
    return _fitted(sites, overdispersion, length_exponent)


def _searched_for(sites: Sites, length_exponent: LengthExponent) -> dict[str, FloatArray]:
    """Logarithms of the measures whose exponents are not known beforehand."""
    known = sites.length if length_exponent == "one" else None
    return {name: np.log(values[sites.usable]) for name, values in sites.measures.items() if name != known}


def _fitted(sites: Sites, overdispersion: Overdispersion, length_exponent: LengthExponent) -> SafetyPerformanceFunction:
    events = sites.events[sites.usable]
    logarithms = _searched_for(sites, length_exponent)
    told_apart = _told_apart(logarithms)
    columns = [logarithms[name] for name in told_apart]
    # Centred and of spread 1, whatever the units, the logarithms make the search short and safe.
    middle = np.array([column.mean() for column in columns])
    spread = np.array([column.std() for column in columns])
    design = np.column_stack([np.ones(events.size), *[(c - c.mean()) / c.std() for c in columns]])
    length = None if sites.length is None else np.log(sites.measures[sites.length][sites.usable])
    usual = 0.0 if length is None else float(length.mean())
    offset = None if length is None or length_exponent == "fitted" else length - usual
    share = None if length is None or overdispersion == "constant" else np.exp(usual - length)
    coefficients, dispersion, log_likelihood = _fit(events, design, offset, share)
    found = dict(zip(told_apart, (coefficients[1:] / spread).tolist(), strict=True))
    intercept = float(coefficients[0] - (coefficients[1:] / spread * middle).sum())
    if offset is not None and sites.length is not None:
        found[sites.length] = 1.0
        intercept -= usual
    exponents = {name: found[name] for name in sites.measures if name in found}
    return SafetyPerformanceFunction(
        intercept=intercept,
        exponents=exponents,
        dispersion=dispersion if share is None else dispersion * math.exp(usual),
        log_likelihood=log_likelihood,
        n_sites=events.size,
        n_events=int(events.sum()),
        left_out=tuple(name for name in sites.measures if name not in exponents),
        dispersion_per=None if share is None else sites.length,
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


def _fit(
    events: FloatArray, design: FloatArray, offset: FloatArray | None, share: FloatArray | None
) -> tuple[FloatArray, float, float]:
    """Coefficients, overdispersion and log-likelihood.

    :param offset: what is added to each site's logarithm of mu.
    :param share: by what the overdispersion of each site is multiplied; None where it is the same for all.
    """
    # Imported where it is needed: it takes seconds, and most jobs need none of it.
    from statsmodels.discrete.discrete_model import NegativeBinomial, Poisson

    start = np.zeros(design.shape[1])
    start[0] = math.log(events.mean() / (1 if offset is None else np.exp(offset).mean()))
    poisson = _search(Poisson(events, design, offset=offset), start, ("newton", "bfgs"))
    mean = np.exp(design @ poisson.params + (0 if offset is None else offset))
    of_each = np.ones(events.size) if share is None else share
    beyond_chance = float((((events - mean) ** 2 - events) * of_each).sum())
    # Where the sum is 0 but for rounding, as for a count that is the same everywhere, there is nothing beyond chance.
    if beyond_chance <= ALIKE * float((events * of_each).sum()):
        return np.asarray(poisson.params), 0.0, float(poisson.llf)
    start = np.append(poisson.params, beyond_chance / float(((of_each * mean) ** 2).sum()))
    if share is not None:
        return _fit_per_length(events, design, np.zeros(events.size) if offset is None else offset, share, start)
    fitted = _search(NegativeBinomial(events, design, loglike_method="nb2", offset=offset), start, ("bfgs", "nm"))
    return np.asarray(fitted.params[:-1]), float(fitted.params[-1]), float(fitted.llf)


def _fit_per_length(
    events: FloatArray, design: FloatArray, offset: FloatArray, share: FloatArray, start: FloatArray
) -> tuple[FloatArray, float, float]:
    """The same where each site has an overdispersion of its own, which statsmodels does not know."""

    def minus(parameters: FloatArray) -> tuple[float, FloatArray]:
        """Mean log-likelihood, the other way round, and its derivatives by coefficients and logarithm of k."""
        mean = np.exp(design @ parameters[:-1] + offset)
        size = np.exp(-parameters[-1]) / share
        both = size + mean
        likelihood = (
            gammaln(events + size) - gammaln(size) - gammaln(events + 1)
            + size * np.log(size / both) + events * np.log(mean / both)
        )  # fmt: skip
        by_size = digamma(events + size) - digamma(size) + np.log(size / both) + (mean - events) / both
        by_each = design.T @ ((events - mean) * size / both)
        return -likelihood.mean(), -np.append(by_each, -(by_size * size).sum()) / events.size

    first = np.append(start[:-1], math.log(start[-1]))
    with np.errstate(all="ignore"):
        found = minimize(minus, first, jac=True, method="BFGS", options={"gtol": GRADIENT, "maxiter": MAX_STEPS})
        if not (found.success and np.isfinite(found.x).all()):
            found = minimize(
                lambda parameters: minus(parameters)[0],
                first,
                method="Nelder-Mead",
                options={"maxiter": MAX_STEPS * first.size, "xatol": GRADIENT, "fatol": ALIKE},
            )
    if not (found.success and np.isfinite(found.x).all() and math.isfinite(found.fun)):
        raise InputError(UNFITTED)
    return found.x[:-1], math.exp(found.x[-1]), -float(found.fun) * events.size


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
    raise InputError(UNFITTED)
