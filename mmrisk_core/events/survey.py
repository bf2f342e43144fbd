"""What a table of events holds, found out in one pass before anything is written."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd
from pydantic import BaseModel, Field

from mmrisk_core.arrays import FloatArray
from mmrisk_core.errors import InputError
from mmrisk_core.events.columns import guess_dates, guess_place
from mmrisk_core.events.dates import DateEvidence, DateOrder, iso_dates
from mmrisk_core.events.numbers import are_thousands, as_numbers
from mmrisk_core.events.places import DEGREES, Candidate, candidates, coordinates, share_on
from mmrisk_core.events.tables import EventTable
from mmrisk_core.geo.crs import parse_crs
from mmrisk_core.progress import Progress
from mmrisk_core.wording import counted, quoted

KEPT_POINTS = 5000
"""Points of a sample, evenly from all rows."""
INTEGER, REAL, TEXT = "integer", "real", "text"
_INTEGER = r"[+-]?(0|[1-9]\d{0,17})"
_CODE = r"[+-]?0\d+"
"""A number with zeros before it is the name of something."""


class EventChoices(BaseModel):
    """How a table of events is to be read; what is not given is found out."""

    x_field: str | None = Field(None, description="column of x or longitude; by default known by its name")
    y_field: str | None = Field(
        None, description="column of y or latitude; the same as that of x where one column holds both"
    )
    crs: str | None = Field(
        None, description="CRS of the coordinates; by default the one that puts them onto the extent"
    )
    date_field: tuple[str, ...] = Field(
        (), description="column of the date, or those of year, month and day; by default known by their names"
    )
    date_order: DateOrder = Field("auto", description="how day and month stand where only numbers tell")
    years: tuple[int, ...] = Field((), description="years to load; all by default")
    extent: tuple[float, float, float, float] | None = Field(
        None, description="where the events should lie, in degrees: west, south, east, north"
    )


@dataclass
class Survey:
    """What was found.

    :param x_field, y_field: the columns of the place; the other way round where they were swapped.
    :param date_field: the columns of the date; none where there is no date.
    :param order: how day and month stand.
    :param is_ambiguous: whether some days cannot be told from months.
    :param swapped: whether x and y were the other way round.
    :param crs: the chosen one, else the first of ``candidates``; None where there is none.
    :param thousands: whether a comma in coordinates stands between thousands.
    :param read: the number of rows.
    :param sample: the first rows, as text.
    :param candidates: what the coordinates may be in; the first is taken where nothing is chosen.
    :param years: rows by year.
    :param kinds: of the columns: ``integer``, ``real`` or ``text``.
    :param duplicate: whether a row repeats an earlier one in all columns.
    :param x, y: of some of the points.
    """

    x_field: str
    y_field: str
    date_field: tuple[str, ...]
    order: DateOrder
    is_ambiguous: bool
    swapped: bool
    crs: str | None
    candidates: list[Candidate]
    years: dict[int, int]
    kinds: dict[str, str]
    thousands: bool
    read: int
    duplicate: npt.NDArray[np.bool_]
    x: FloatArray = field(repr=False)
    y: FloatArray = field(repr=False)
    sample: pd.DataFrame = field(repr=False)


def survey(table: EventTable, choices: EventChoices, likely_crs: str | None, progress: Progress) -> Survey:
    """Look at all rows.

    :param likely_crs: one to begin with, such as that of the project.
    :raises MMRiskError: when a column is not there, or no place can be found.
    """
    sample = next(table.parts(1000), pd.DataFrame(columns=list(table.columns), dtype=object))
    if sample.empty:
        raise InputError(f"The table '{table.title}' has a header and no rows. Export the crash data again.")
    x_field, y_field = _place_fields(table, choices, sample)
    date_field = choices.date_field or guess_dates(table.columns, sample)
    _require(table, date_field)
    thousands = table.separator == "," and all(are_thousands(sample[name]) for name in (x_field, y_field))
    kinds = dict.fromkeys(table.columns, INTEGER)
    empty = set(table.columns)
    evidence, hashes, xs, ys = DateEvidence(), [], [], []
    dates: Counter[str] = Counter()
    read = 0
    for part in table.parts():
        progress.update(0.5, f"looking at row {read + len(part):,}")
        read += len(part)
        hashes.append(pd.util.hash_pandas_object(part, index=False).to_numpy())
        x, y = coordinates(part, x_field, y_field, thousands)
        known = np.isfinite(x) & ((x != 0) | (y != 0))
        step = max(1, len(part) * max(1, read // len(part)) // KEPT_POINTS)
        xs.append(x[known][::step])
        ys.append(y[known][::step])
        if len(date_field) == 1:
            evidence.add(part[date_field[0]])
        for name in table.columns:
            _narrow(kinds, empty, name, part[name])
        if date_field:
            dates.update(iso_dates(part[list(date_field)], "auto").str[:4].to_list())
    for name in empty:
        kinds[name] = TEXT
    x, y = np.concatenate(xs), np.concatenate(ys)
    swapped = x_field != y_field and _are_swapped(x, y, choices, likely_crs)
    if swapped:
        x, y, x_field, y_field = y, x, y_field, x_field
    found = [] if choices.crs else candidates(x, y, choices.extent, likely_crs)
    return Survey(
        x_field=x_field,
        y_field=y_field,
        date_field=tuple(date_field),
        order=evidence.order(choices.date_order),
        is_ambiguous=evidence.is_ambiguous(choices.date_order),
        swapped=swapped,
        crs=choices.crs or (found[0].crs if found else None),
        candidates=found,
        years={int(year): count for year, count in sorted(dates.items()) if year},
        kinds=kinds,
        thousands=thousands,
        read=read,
        duplicate=pd.Series(np.concatenate(hashes)).duplicated().to_numpy(),
        x=x,
        y=y,
        sample=sample,
    )


def _place_fields(table: EventTable, choices: EventChoices, sample: pd.DataFrame) -> tuple[str, str]:
    x_guess, y_guess = guess_place(table.columns, sample)
    x_field, y_field = choices.x_field or x_guess, choices.y_field or y_guess
    if not x_field or not y_field:
        raise InputError(
            f"No columns of '{table.title}' are known to hold coordinates. Name those of x (or longitude) and y (or "
            f"latitude) among {quoted(table.columns[:30])}. Addresses have to be turned into coordinates first."
        )
    _require(table, (x_field, y_field))
    return x_field, y_field


def _require(table: EventTable, fields: tuple[str, ...]) -> None:
    for name in fields:
        if name not in table.columns:
            raise InputError(f"The table '{table.title}' has no column '{name}'. It has {quoted(table.columns[:30])}.")


def _narrow(kinds: dict[str, str], empty: set[str], name: str, values: pd.Series) -> None:
    """Let a column be no more than what its values are."""
    if kinds[name] == TEXT:
        return
    texts = pd.Series(values[values != ""].unique(), dtype=object)
    if texts.empty:
        return
    empty.discard(name)
    if kinds[name] == INTEGER and texts.str.fullmatch(_INTEGER).all():
        return
    is_real = not texts.str.fullmatch(_CODE).any() and as_numbers(texts).notna().all()
    kinds[name] = REAL if is_real else TEXT


def _are_swapped(x: FloatArray, y: FloatArray, choices: EventChoices, likely_crs: str | None) -> bool:
    """Whether x and y only make sense the other way round."""
    if len(x) == 0:
        return False
    if choices.crs is None or parse_crs(choices.crs).is_geographic:
        if (np.abs(y) > 90).mean() > 0.5 and (np.abs(x) <= 90).all() and (np.abs(y) <= 180).all():
            return True
        if not (np.abs(np.concatenate([x, y])) <= 180).mean() >= 0.95:
            return False if choices.crs else _only_swapped(x, y, choices, likely_crs)
        crs = choices.crs or DEGREES
        if choices.extent is None:
            return False
        here, there = (share_on(a, b, parse_crs(crs), choices.extent) for a, b in ((x, y), (y, x)))
        return here < 0.05 and there > 0.5
    return _only_swapped(x, y, choices, likely_crs)


def _only_swapped(x: FloatArray, y: FloatArray, choices: EventChoices, likely_crs: str | None) -> bool:
    if choices.extent is None:
        return False
    if choices.crs:
        crs = parse_crs(choices.crs)
        return share_on(x, y, crs, choices.extent) < 0.05 and share_on(y, x, crs, choices.extent) > 0.5
    if any(candidate.share > 0.05 for candidate in candidates(x, y, choices.extent, likely_crs)):
        return False
    return any(candidate.share > 0.5 for candidate in candidates(y, x, choices.extent, likely_crs))


def sentences(table: EventTable, found: Survey) -> list[str]:
    """What the user should know of how the table was read."""
    said = []
    if not table.has_header:
        said.append(f"'{table.title}' has no header, so its columns are called {quoted(table.columns[:2])} and so on.")
    if found.swapped:
        said.append(
            f"Latitude and longitude seem to be swapped: '{found.x_field}' was taken for x (longitude) and "
            f"'{found.y_field}' for y (latitude)."
        )
    if found.is_ambiguous:
        said.append(
            f"In '{found.date_field[0]}' day and month cannot be told apart, so that only the years of "
            "such dates were taken. Say whether the day or the month comes first."
        )
    if not found.date_field:
        said.append("No column is known to hold dates, so that nothing can be chosen by year.")
    if repeated := int(found.duplicate.sum()):
        said.append(
            f"{counted(repeated, 'row repeats', 'rows repeat')} an earlier one in all columns, and counts once."
        )
    return said
