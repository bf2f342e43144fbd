"""Dates in any usual form, as ISO texts that labelling reads; how day and month stand is decided over the whole column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from mmrisk_core.events.numbers import as_numbers

DateOrder = Literal["auto", "day_first", "month_first"]
_TIME = r"[T ,]+\d{1,2}[:.h]\d{2}.*$"
_ISO = r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$"
_YEAR_MONTH = r"^(\d{4})[-/](\d{1,2})$"
_SHORT = r"^(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})\.?$"
_EPOCH = np.datetime64("1970-01-01")
_EXCEL_BEGINS = np.datetime64("1899-12-30")
FORMS = ("%Y", "%Y-%m", "%Y-%m-%d")
_PIVOT = 70
"""Two digits from here on are of the last century."""
MILLISECONDS = 1e11
"""Epoch times from here on are in milliseconds."""


@dataclass
class DateEvidence:
    """What a column says of the order of day and month, over all rows.

    :param first_beyond: rows whose first number can be no month.
    :param second_beyond: rows whose second number can be no month.
    :param either: rows that can be read both ways, with day and month that differ.
    """

    first_beyond: int = 0
    second_beyond: int = 0
    either: int = 0

    def add(self, values: pd.Series) -> None:
        """Look at some more rows.

        :param values: stripped texts.
        """
        found = _without_time(values).str.extract(_SHORT)
        # Nobody writes the month first with points between.
        found = found[found[1].notna() & (found[1] != ".")]
        first, second = found[0].astype(int), found[2].astype(int)
        self.first_beyond += int((first > 12).sum())
        self.second_beyond += int((second > 12).sum())
        self.either += int(((first <= 12) & (second <= 12) & (first != second)).sum())

    def order(self, chosen: DateOrder) -> DateOrder:
        """The order to read by; ``auto`` where nothing tells.

        :param chosen: what the user says.
        """
        if chosen != "auto" or bool(self.first_beyond) == bool(self.second_beyond):
            return chosen
        return "day_first" if self.first_beyond else "month_first"

    def is_ambiguous(self, chosen: DateOrder) -> bool:
        """Whether some days cannot be told from months, so that only years are sure.

        :param chosen: what the user says.
        """
        return self.either > 0 and self.order(chosen) == "auto"


def iso_dates(values: pd.DataFrame, order: DateOrder) -> pd.Series:
    """Dates as ``2019-05-17``, or ``2019-05`` or ``2019`` where no more is sure; empty where there is none.

    :param values: one column of dates, or those of year, month and day as far as there are.
    :param order: how day and month stand where only numbers tell.
    """
    if values.shape[1] > 1:
        return _of_parts(values)
    texts = values.iloc[:, 0]
    bare = _without_time(texts)
    out = pd.Series("", texts.index, dtype=object)
    iso = bare.str.extract(_ISO)
    _put(out, iso[0], iso[1], iso[2])
    months = bare.str.extract(_YEAR_MONTH)
    _put(out, months[0], months[1], None)
    short = bare.str.extract(_SHORT)
    dotted = short[1] == "."
    years = short[3].where(short[3].str.len() != 2, short[3].map(_century, na_action="ignore"))
    same = short[0].astype(float) == short[2].astype(float)
    day_first = dotted | same | (order == "day_first")
    month_first = ~day_first & (order == "month_first")
    _put(out, years.where(day_first), short[2], short[0])
    _put(out, years.where(month_first), short[0], short[2])
    _put(out, years.where(~day_first & ~month_first), None, None)
    return out.where(out != "", _of_numbers(texts))


def _without_time(texts: pd.Series) -> pd.Series:
    return texts.str.replace(_TIME, "", regex=True)


def _century(year: str) -> str:
    return f"{'19' if int(year) >= _PIVOT else '20'}{year}"


def _put(out: pd.Series, years: pd.Series, months: pd.Series | None, days: pd.Series | None) -> None:
    """Set the dates whose year is there, if they are in the calendar."""
    rows = years.notna()
    if not rows.any():
        return
    text = years[rows].astype(str).str.zfill(4)
    whole = text
    for part in (months, days):
        if part is not None:
            whole = whole + "-" + part[rows].astype(str).str.zfill(2)
    form = FORMS[sum(part is not None for part in (months, days))]
    real = pd.to_datetime(whole, format=form, errors="coerce").notna()
    out.loc[whole.index[real]] = whole[real]


def _of_numbers(texts: pd.Series) -> pd.Series:
    """Years, days without marks between, Excel's count of days, seconds or milliseconds since 1970."""
    out = pd.Series("", texts.index, dtype=object)
    numbers = as_numbers(texts)
    whole = numbers == np.round(numbers)
    compact = whole & numbers.between(19000101, 21001231)
    digits = numbers.where(compact, 0).astype(np.int64).astype(str)
    _put(out, digits.str[:4].where(compact), digits.str[4:6], digits.str[6:8])
    year = whole & numbers.between(1900, 2100)
    _put(out, numbers.where(year, 0).astype(np.int64).astype(str).where(year), None, None)
    serial = numbers.between(15000, 80000)
    seconds = numbers.abs().between(1e8, 2e10)
    milliseconds = numbers.abs().between(MILLISECONDS, 1e13)
    for rows, begin, day in ((serial, _EXCEL_BEGINS, 1.0), (seconds, _EPOCH, 86400.0), (milliseconds, _EPOCH, 8.64e7)):
        if rows.any():
            count = np.floor(numbers[rows] / day).to_numpy().astype("timedelta64[D]")
            out.loc[rows] = np.datetime_as_string(begin + count, unit="D")
    return out


def _of_parts(values: pd.DataFrame) -> pd.Series:
    parts = [as_numbers(values.iloc[:, number]) for number in range(values.shape[1])]
    years = parts[0].where(parts[0] >= 100, parts[0] + np.where(parts[0] >= _PIVOT, 1900, 2000))
    out = pd.Series("", values.index, dtype=object)
    there = years.notna() & years.between(1900, 2100)
    texts = [part.where(there, 0).fillna(0).astype(np.int64).astype(str) for part in (years, *parts[1:])]
    known = texts[0].where(there)
    _put(out, known, None, None)
    _put(out, known, texts[1], None)
    if len(texts) > 2:
        _put(out, known, texts[1], texts[2])
    return out
