"""Numbers in text, with a point or a comma before the decimals, and with or without marks between thousands."""

from __future__ import annotations

import numpy as np
import pandas as pd

_GAPS = r"[\s'’]"


def as_numbers(values: pd.Series, *, thousands: bool = False) -> pd.Series:
    """Numbers of texts; NaN where a text is none.

    :param values: stripped texts.
    :param thousands: whether a single comma, with three digits behind it, stands between thousands.
    """
    numbers = pd.to_numeric(values, errors="coerce").astype(np.float64)
    unread = numbers.isna() & (values != "")
    if unread.any():
        numbers = numbers.mask(unread, pd.to_numeric(_with_point(values[unread], thousands), errors="coerce"))
    return numbers.where(np.isfinite(numbers))


def _with_point(texts: pd.Series, thousands: bool) -> pd.Series:
    texts = texts.str.replace(_GAPS, "", regex=True)
    commas, points = texts.str.count(","), texts.str.count(r"\.")
    comma_last = texts.str.rfind(",") > texts.str.rfind(".")
    of_thousands = texts.str.fullmatch(r"[+-]?\d{1,3},\d{3}") if thousands else pd.Series(False, texts.index)
    decimal_comma = (commas == 1) & comma_last & ~of_thousands
    german = texts.str.replace(".", "", regex=False).str.replace(",", ".", regex=False)
    english = texts.str.replace(",", "", regex=False)
    # Several points and no comma: 5.824.123.
    return german.where(decimal_comma | ((points > 1) & (commas == 0)), english)


def are_thousands(values: pd.Series) -> bool:
    """Whether all texts with a comma have it where it stands between thousands, and nowhere else."""
    texts = values[values.str.contains(",", regex=False)]
    return bool(len(texts)) and bool(texts.str.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?").all())
