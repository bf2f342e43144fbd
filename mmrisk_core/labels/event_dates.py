"""When events happened: dates, times, ISO texts or plain years as days."""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt
import pandas as pd

from mmrisk_core.arrays import IntArray
from mmrisk_core.errors import InputError
from mmrisk_core.wording import counted

DayArray = npt.NDArray[np.datetime64]
UNDATED, EARLIER, LATER = -1, 0, 1

_YEAR = r"\d{4}"
_MONTH = r"\d{4}-\d{2}"
_DAY = r"\d{4}-\d{2}-\d{2}"
_TIME_ZONE = r"(:\d{2}(?:\.\d+)?)\s*(?:Z|[+-]\d{2}(?::?\d{2})?)$"


def read_days(values: pd.Series) -> tuple[DayArray, DayArray]:
    """The first and last day that each value stands for; NaT where it cannot be read.

    A date or time stands for its day, as written: in the time zone of the place, not in UTC. Texts are in ISO form. A year
    (a number or text of four digits) stands for all its days, and so does a month (2020-05).
    """
    if pd.api.types.is_datetime64_any_dtype(values):
        days = _days(values.dt.tz_localize(None))
        return days, days
    if pd.api.types.is_numeric_dtype(values):
        numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
        is_year = (numbers >= 1000) & (numbers <= 9999) & (numbers == np.round(numbers))
        years = pd.Series(np.where(is_year, numbers, 0).astype(np.int64)).astype("string")
        text = years.where(is_year)
    else:
        text = values.astype("string").str.strip()
        text = text.str.replace(_TIME_ZONE, r"\1", regex=True)
    first = _days(pd.to_datetime(text, format="ISO8601", errors="coerce"))
    last = first.copy()
    for pattern, unit in ((_YEAR, "Y"), (_MONTH, "M")):
        coarse = text.str.fullmatch(pattern).fillna(False).to_numpy(dtype=bool)
        last[coarse] = (first[coarse].astype(f"datetime64[{unit}]") + 1).astype("datetime64[D]") - 1
    return first, last


def _days(moments: pd.Series) -> DayArray:
    return np.asarray(moments.to_numpy().astype("datetime64[D]"))


def read_split_date(text: str) -> np.datetime64:
    """The day on which the later period begins: that of an ISO date, or the first of a month or year.

    :raises MMRiskError: when it is none of them.
    """
    text = text.strip()
    if re.fullmatch(f"{_YEAR}|{_MONTH}|{_DAY}", text):
        first, _ = read_days(pd.Series([text]))
        if not np.isnat(first[0]):
            return np.datetime64(first[0])
    raise InputError(f"The split date '{text}' is no date. Give one such as 2020-07-01, or a year such as 2020.")


def periods_of(first: DayArray, last: DayArray, split: np.datetime64, field: str, layer: str) -> IntArray:
    """EARLIER, LATER or UNDATED for each event, (n,).

    :param first, last: the days between which it happened, as :func:`read_days` gives them.
    :param split: the day on which the later period begins.
    :param field, layer: where the dates come from, as sentences call them.
    :raises InputError: when it may have happened in either period. Such events are not left out, which would be most of
        those of one year.
    """
    period = np.where(last < split, EARLIER, np.where(first >= split, LATER, UNDATED))
    astride = ~np.isnat(first) & (period == UNDATED)
    if astride.any():
        raise InputError(
            f"The field '{field}' of layer '{layer}' gives only the year or month of "
            f"{counted(int(astride.sum()), 'event')}, and the split date {split} lies within. Split where a year "
            f"begins, such as at {split.astype('datetime64[Y]')}."
        )
    return period
