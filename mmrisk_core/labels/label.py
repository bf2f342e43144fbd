"""Events on the map -> a label 0 or 1 for each tile."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, get_args

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from mmrisk_core.arrays import BoolArray, FloatArray, IntArray
from mmrisk_core.errors import InputError
from mmrisk_core.geo.frames import (
    clean_geometry,
    geometry_kind,
    numbers_in,
    require_crs,
    require_tiles,
    title_of,
    to_crs,
)
from mmrisk_core.geo.layer_io import iterate_layer
from mmrisk_core.geo.layer_source import LayerSource
from mmrisk_core.geo.new_columns import make_room
from mmrisk_core.geo.recipe import (
    EmpiricalBayesUse,
    LabelRule,
    LabelStep,
    LengthExponent,
    Overdispersion,
    attach_recipe,
    recipe_of,
)
from mmrisk_core.labels.event_counts import EventCounter
from mmrisk_core.labels.event_dates import read_split_date
from mmrisk_core.labels.rules import at_least, top_share_cut
from mmrisk_core.labels.safety_performance import (
    ADVISED_EVENTS,
    EmpiricalBayes,
    SafetyPerformanceFunction,
    Sites,
    cross_fitted_bayes,
    fit_safety_performance,
)
from mmrisk_core.progress import NO_PROGRESS, Progress
from mmrisk_core.wording import by_number, counted

CHUNK = 200_000
"""Events that are counted at a time: between parts progress is shown and a cancel is heard."""

PARTS, PIECES = 5, 20
"""Into how many parts tiles are divided for empirical Bayes, and of how many compact pieces all of these are made."""

LATER = "_later"
"""How the columns of the events from the split date on end."""

LABEL_COLUMNS = tuple(
    f"{name}{period}"
    for period in ("", LATER)
    for name in ("events", "label", "events_predicted", "events_expected", "events_excess")
)
"""All columns that come of the events: none of them may explain the label."""


@dataclass(frozen=True)
class LabelReport:
    """What came of labelling.

    :param events_used: events that count in at least one tile of the study area, of both periods where there are two.
    """

    tiles_high: int
    tiles_low: int
    tiles_without_label: int
    events_used: int


def label_tiles(
    tiles: gpd.GeoDataFrame,
    events: gpd.GeoDataFrame,
    *,
    rule: LabelRule = "count",
    threshold: float = 1,
    weight: str | None = None,
    exposure: str | None = None,
    study_area: gpd.GeoDataFrame | None = None,
    date_field: str | None = None,
    split_date: str | int | datetime.date | None = None,
    empirical_bayes: EmpiricalBayesUse = "none",
    length: str | None = None,
    overdispersion: Overdispersion = "constant",
    length_exponent: LengthExponent = "fitted",
    progress: Progress = NO_PROGRESS,
) -> gpd.GeoDataFrame:
    """Count ``events`` (points) in each tile and label the tile 1 where by ``rule`` there are many.

    - Rule ``count``: at least ``threshold`` events, or sum of weights.
    - Rule ``top_share``: among the share ``threshold`` (0 to 1) of the tiles that have the most; never without any. Tiles
      with as many as the last of them are all taken or all left, whichever comes closer to the share.
    - Rule ``per_exposure``: at least ``threshold`` events per unit of the tiles' field ``exposure``.

    With ``split_date``, events before it make ``events`` and ``label``, those from it on ``events_later`` and
    ``label_later``, by the same rule. With ``empirical_bayes``, a safety performance function of ``exposure`` and
    ``length`` is fitted to the tiles (see :mod:`mmrisk_core.labels.safety_performance`), which adds ``events_predicted``,
    ``events_expected`` and ``events_excess``; ``label`` applies the rule to the expected events. What is predicted of a tile
    comes from the function of four fifths of the tiles among which it is not: it has not seen the tile's own events.

    A label is missing outside the study area, and where exposure (or length) that it needs is missing, zero or negative.

    :param weight: field of the events, such as severity, to be added instead of counting.
    :param exposure: field of the tiles, such as vehicle-kilometres in the period of the events.
    :param study_area: polygons; tiles whose centre lies outside get neither events nor label.
    :param date_field: field of the events with dates, times, ISO texts or years.
    :param split_date: an ISO date or a year.
    :param length: field of the tiles with the length of road, in any unit.
    :param overdispersion: ``per_length`` lets it fall with the length of road (Hauer 2001).
    :param length_exponent: ``one`` fixes how events grow with the length of road: in proportion.
    :param progress: told how far it is, and asked whether to go on.
    :return: a copy of ``tiles`` with ``events`` (number, or sum of weights), ``label`` (0 or 1) and the columns above.
    :raises MMRiskError: when the layers do not fit, naming layer and field.
    """
    step = LabelStep(
        layer=title_of(events),
        rule=_known(rule, LabelRule, "label rule"),
        threshold=threshold,
        weight_field=weight or None,
        exposure_field=exposure or None,
        study_area=None if study_area is None else title_of(study_area),
        date_field=date_field or None,
        split_date=_text_of_date(split_date),
        empirical_bayes=_known(empirical_bayes, EmpiricalBayesUse, "use of empirical Bayes"),
        length_field=length or None,
        overdispersion=_known(overdispersion, Overdispersion, "overdispersion"),
        length_exponent=_known(length_exponent, LengthExponent, "length exponent"),
    )
    parts = (events.iloc[i : i + CHUNK] for i in range(0, max(len(events), 1), CHUNK))
    return _label(tiles, parts, len(events), step, study_area, progress)[0]


def label_tiles_by_file(
    tiles: gpd.GeoDataFrame,
    events: LayerSource,
    step: LabelStep,
    study_area: gpd.GeoDataFrame | None = None,
    progress: Progress = NO_PROGRESS,
) -> tuple[gpd.GeoDataFrame, LabelReport]:
    """As :func:`label_tiles`, of a file that is read part by part: no more than a part of it is in memory.

    :raises MMRiskError: also when the file cannot be read.
    """
    n_events, parts = iterate_layer(events, CHUNK)
    return _label(tiles, parts, n_events, step, study_area, progress)


def _text_of_date(value: str | int | datetime.date | None) -> str | None:
    if isinstance(value, datetime.date):
        return value.strftime("%Y-%m-%d")
    return None if value in (None, "") else str(value)


def _known(value: Any, kind: Any, name: str) -> Any:
    if value not in get_args(kind):
        raise InputError(f"There is no {name} '{value}'. Use one of {', '.join(get_args(kind))}.")
    return value


def _label(
    tiles: gpd.GeoDataFrame,
    parts: Iterable[pd.DataFrame],
    n_events: int,
    step: LabelStep,
    study_area: gpd.GeoDataFrame | None,
    progress: Progress,
) -> tuple[gpd.GeoDataFrame, LabelReport]:
    require_tiles(tiles)
    _check(step)
    measures = _Measures.of(tiles, step)
    inside = _inside(tiles, study_area)
    for field in (step.exposure_field, step.length_field):
        if field and f"'{field}'" not in _fields_in_use(step):
            progress.log(
                f"The field '{field}' plays no part in this label: neither its rule nor empirical Bayes asks for it."
            )
    counter = EventCounter(tiles, inside, step)
    for part in parts:
        done = counter.tally.total
        progress.update(0.1 + 0.7 * done / max(n_events, done + len(part), 1), f"counting events of '{step.layer}'")
        counter.add(part)
    counter.check()
    counter.log(progress)
    if not inside.all():
        progress.log(
            f"{int((~inside).sum()):,} of {counted(len(tiles), 'tile')} "
            f"{by_number((~inside).sum(), 'has its', 'have their')} centre outside the study area '{step.study_area}': "
            "they get no label and no events."
        )
    progress.update(0.8, "labelling tiles")
    columns: dict[str, Any] = {}
    labels: list[FloatArray] = []
    estimates: dict[str, FloatArray] = {}
    for period in _periods(step, counter, inside):
        label, estimate = _label_period(period, step, measures, progress)
        columns[f"events{period.suffix}"] = _column(period.events, whole=not step.weight_field)
        columns[f"label{period.suffix}"] = _column(label, whole=True)
        labels.append(label)
        if estimate is not None:
            for name in ("predicted", "expected", "excess"):
                estimates[f"events_{name}{period.suffix}"] = getattr(estimate, name)
    columns |= estimates
    without = tiles.drop(columns=[name for name in LABEL_COLUMNS if recipe_of(tiles).label and name in tiles])
    labelled = make_room(without, columns, (), progress).assign(**columns)
    labelled.attrs = dict(tiles.attrs)
    attach_recipe(labelled, recipe_of(tiles).model_copy(update={"label": step}))
    high, low = int((labels[0] == 1).sum()), int((labels[0] == 0).sum())
    progress.update(1.0, f"{high:,} of {counted(len(tiles), 'tile')} {by_number(high, 'is', 'are')} labelled 1")
    return labelled, LabelReport(high, low, len(tiles) - high - low, counter.tally.used)


def _check(step: LabelStep) -> None:
    """Check that the options of a label fit each other."""
    if step.rule == "top_share" and not 0 < step.threshold < 1:
        raise InputError(
            "The threshold of the rule 'top share' is a share of the tiles between 0 and 1, such as 0.1 for the top tenth; "
            f"it is {step.threshold:g}."
        )
    if not step.threshold > 0:
        raise InputError(f"The threshold must be more than 0, or every tile is labelled 1; it is {step.threshold:g}.")
    if step.rule == "per_exposure" and not step.exposure_field:
        raise InputError(
            "The rule 'per exposure' needs a field of the tiles with their exposure, such as vehicle-kilometres. Choose one."
        )
    if bool(step.date_field) != bool(step.split_date):
        given, lacking = ("date field", "split date") if step.date_field else ("split date", "date field")
        raise InputError(f"There is a {given} but no {lacking}. Give both to split the events by time, or neither.")
    if step.split_date:
        read_split_date(step.split_date)
    if step.empirical_bayes != "none" and step.weight_field:
        raise InputError(
            f"Empirical Bayes is about numbers of events and cannot go with the weight field '{step.weight_field}'. Leave "
            "one of the two out; to stress severe events, filter the layer to them instead."
        )
    by_length = step.overdispersion == "per_length" or step.length_exponent == "one"
    if by_length and (step.empirical_bayes == "none" or not step.length_field):
        raise InputError(
            "An overdispersion per length, and a length exponent of 1, are of empirical Bayes with a field of the tiles "
            "that has the length of road. Give both, or leave overdispersion and length exponent as they are by default."
        )


@dataclass(frozen=True)
class _Measures:
    """Exposure and length of the tiles, NaN where missing; and where the tiles lie."""

    exposure: FloatArray | None
    length: FloatArray | None
    places: gpd.GeoSeries

    @classmethod
    def of(cls, tiles: gpd.GeoDataFrame, step: LabelStep) -> _Measures:
        return cls(
            _numbers(tiles, step.exposure_field, "exposure") if step.exposure_field else None,
            _numbers(tiles, step.length_field, "length") if step.length_field else None,
            tiles.geometry,
        )

    def sites(self, events: FloatArray, step: LabelStep) -> Sites:
        named = {step.exposure_field: self.exposure, step.length_field: self.length}
        return Sites(
            events, {name: values for name, values in named.items() if name and values is not None}, step.length_field
        )


def _numbers(tiles: gpd.GeoDataFrame, field: str, role: str) -> FloatArray:
    title = title_of(tiles)
    if field not in tiles.columns:
        raise InputError(f"The tiles '{title}' have no field '{field}' with their {role}.")
    values = None if field == tiles.geometry.name else numbers_in(tiles[field])
    if values is None:
        raise InputError(f"The {role} field '{field}' of the tiles '{title}' is not a number.")
    values = np.where(values > 0, values, np.nan)
    if np.isnan(values).all():
        raise InputError(
            f"The {role} field '{field}' of the tiles '{title}' is missing, zero or negative everywhere. Fill it in."
        )
    return values


def _inside(tiles: gpd.GeoDataFrame, study_area: gpd.GeoDataFrame | None) -> BoolArray:
    """Which tiles have their centre in the study area; all where there is none."""
    if study_area is None:
        return np.ones(len(tiles), dtype=bool)
    title = title_of(study_area)
    if len(study_area) == 0 or geometry_kind(study_area) != "polygon":
        raise InputError(f"The study area '{title}' has no polygons. Choose a layer of polygons, or none.")
    area = shapely.union_all(clean_geometry(to_crs(study_area, require_crs(tiles)).geometry.array))
    shapely.prepare(area)
    inside: BoolArray = shapely.intersects(area, _centres(tiles))
    if not inside.any():
        raise InputError(
            f"No tile of '{title_of(tiles)}' has its centre in the study area '{title}'. Check that both are in the right "
            "place."
        )
    return inside


def _centres(tiles: gpd.GeoDataFrame) -> Any:
    """The centroid of each tile; of one that is bent around its centroid, a point inside."""
    geometry = np.asarray(tiles.geometry.array)
    centres = shapely.centroid(geometry)
    beside = ~shapely.intersects(geometry, centres)
    centres[beside] = shapely.point_on_surface(geometry[beside])
    return centres


@dataclass(frozen=True)
class _Period:
    """The events of one period: the end of its columns' names, what to call it, events per tile (NaN: not judged)."""

    suffix: str
    name: str
    events: FloatArray

    def sentence(self, text: str) -> str:
        """A sentence of the log that says of which period it is."""
        return f"{self.name}: {text}" if self.name else f"{text[0].upper()}{text[1:]}"


def _periods(step: LabelStep, counter: EventCounter, inside: BoolArray) -> Iterator[_Period]:
    def judged(events: FloatArray) -> FloatArray:
        return np.where(inside, events, np.nan)

    if not step.split_date:
        yield _Period("", "", judged(counter.earlier))
        return
    day = read_split_date(step.split_date)
    yield _Period("", f"Events before {day}", judged(counter.earlier))
    yield _Period(LATER, f"Events from {day} on", judged(counter.later))


def _label_period(
    period: _Period, step: LabelStep, measures: _Measures, progress: Progress
) -> tuple[FloatArray, EmpiricalBayes | None]:
    """The label by the events of a period, NaN where it is missing; and the estimate, if asked for."""
    basis, unit = period.events, "events"
    estimate = None
    if step.empirical_bayes != "none":
        estimate = _estimate(period, step, measures, progress)
        if step.empirical_bayes == "label":
            basis, unit = estimate.expected, "expected events"
    if step.rule == "per_exposure":
        assert measures.exposure is not None  # nosec B101  # for the type checker
        basis, unit = basis / measures.exposure, f"{unit} per {step.exposure_field}"
    judged = np.isfinite(basis)
    without_size = int((np.isfinite(period.events) & ~judged).sum())
    if without_size:
        text = (
            f"{counted(without_size, 'tile has', 'tiles have')} no {' or '.join(_fields_in_use(step))} above 0 and "
            f"{by_number(without_size, 'gets', 'get')} no label."
        )
        progress.log(period.sentence(text))
    if not judged.any():
        raise InputError(
            f"No tile of the study area '{step.study_area}' has an exposure above 0 in the field '{step.exposure_field}'. "
            "Fill it in, or enlarge the area."
        )
    values = basis[judged]
    cut = step.threshold
    if step.rule == "top_share":
        cut = top_share_cut(values, step.threshold)
    label = np.full(basis.size, np.nan)
    label[judged] = at_least(values, cut)
    _log_labels(period, step, label, values, cut, unit, progress)
    return label, estimate


def _log_labels(
    period: _Period, step: LabelStep, label: FloatArray, values: FloatArray, cut: float, unit: str, progress: Progress
) -> None:
    high, low = int((label == 1).sum()), int((label == 0).sum())
    missing = label.size - high - low
    if step.rule == "top_share" and high:
        text = (
            f"the top share became {high / values.size:.3g} ({high:,} of {counted(values.size, 'tile')}, those with at "
            f"least {cut:.4g} {unit}); {step.threshold:g} was asked for."
        )
        progress.log(period.sentence(text))
    without = f", {missing:,} {by_number(missing, 'has', 'have')} no label" if missing else ""
    progress.log(
        period.sentence(
            f"{high:,} of {counted(label.size, 'tile')} {by_number(high, 'is', 'are')} labelled 1, {low:,} "
            f"{by_number(low, 'is', 'are')} labelled 0{without}."
        )
    )
    if not (high and low):
        text = (
            f"all tiles are labelled {1 if high else 0}: '{step.layer}' has {values.min():.4g} to {values.max():.4g} {unit} "
            f"per tile and the threshold is {step.threshold:g}. A model cannot be trained on this: change the threshold, or "
            "check that the layers overlap."
        )
        progress.log(period.sentence(text))


def _estimate(period: _Period, step: LabelStep, measures: _Measures, progress: Progress) -> EmpiricalBayes:
    sites = measures.sites(period.events, step)
    how = step.overdispersion, step.length_exponent
    function = fit_safety_performance(sites, *how)
    estimate, of_parts = cross_fitted_bayes(sites, _parts(measures.places, sites.usable), *how)
    for text in _remarks(function, sites, of_parts):
        progress.log(period.sentence(text))
    without = int((np.isfinite(period.events) & ~sites.usable).sum())
    if without and step.empirical_bayes == "columns":
        text = (
            f"{counted(without, 'tile has', 'tiles have')} no {' or '.join(_fields_in_use(step))} above 0, so no events are "
            "predicted there."
        )
        progress.log(period.sentence(text))
    return estimate


def _parts(places: gpd.GeoSeries, usable: BoolArray) -> IntArray:
    """The part of each tile, (n,), -1 where it takes none: pieces along a Hilbert curve, dealt to the parts in turn.

    So a part has neighbours of a tile, as folds of a validation have, and lies in several places, so that what is left to
    learn from is like the whole.
    """
    part = np.full(len(places), -1)
    along = np.argsort(places[usable].hilbert_distance().to_numpy(), kind="stable")
    piece = np.arange(along.size) * PIECES // along.size
    part[np.flatnonzero(usable)[along]] = piece % PARTS
    return part


def _remarks(
    function: SafetyPerformanceFunction, sites: Sites, of_parts: list[SafetyPerformanceFunction]
) -> Iterator[str]:
    """What to say of a safety performance function, and of those that were fitted without one part each."""
    per = f" / {function.dispersion_per}" if function.dispersion_per and function.dispersion else ""
    yield (
        f"the safety performance function predicts {function.formula} events, with overdispersion "
        f"{function.dispersion:.3g}{per} (fitted to {counted(function.n_sites, 'tile')} with "
        f"{counted(function.n_events, 'event')}; what is predicted of a tile comes from one of {len(of_parts)} that were "
        "fitted without its part of the tiles)."
    )
    if not sites.measures:
        yield "neither exposure nor length is given, so the same number is predicted for every tile."
    for measure in function.left_out:
        yield f"'{measure}' tells the tiles apart no better than the rest does and is left out."
    for measure, exponent in function.exponents.items():
        if exponent < 0:
            yield f"beware: the more '{measure}', the fewer events (exponent {exponent:.3g}). Check what the field holds."
    if not any(each.dispersion for each in (function, *of_parts)):
        yield (
            "events vary between tiles alike no more than chance lets them (Poisson). So what was counted adds nothing to "
            "what is predicted: expected events are those predicted, and the excess is 0."
        )
    if function.n_events < ADVISED_EVENTS:
        yield (
            f"beware: the Highway Safety Manual asks for at least {ADVISED_EVENTS} events for such a function; here are "
            f"{function.n_events}."
        )


def _fields_in_use(step: LabelStep) -> list[str]:
    """The fields of the tiles that the label needs, in quotes."""
    with_estimate = step.empirical_bayes != "none"
    exposure = step.exposure_field if with_estimate or step.rule == "per_exposure" else None
    length = step.length_field if with_estimate else None
    return [f"'{field}'" for field in dict.fromkeys((exposure, length)) if field]


def _column(values: FloatArray, *, whole: bool) -> Any:
    """A column of numbers, whole ones where they are; missing where NaN."""
    if not whole:
        return values
    missing = np.isnan(values)
    numbers = np.where(missing, 0, values).round().astype(np.int64)
    return pd.arrays.IntegerArray(numbers, missing) if missing.any() else numbers
