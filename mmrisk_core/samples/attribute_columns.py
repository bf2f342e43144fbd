"""The attributes of tiles as numbers: numeric columns as they are, text as codes of its levels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from mmrisk_core.arrays import FloatArray
from mmrisk_core.errors import InputError
from mmrisk_core.geo.frames import names_in_one, numbers_in, title_of
from mmrisk_core.progress import NO_PROGRESS, Progress
from mmrisk_core.wording import counted

Categories = Mapping[str, tuple[str, ...]]
"""The levels of those columns that hold text, the most frequent first; all other levels count as one."""

MAX_LEVELS = 32
MIN_TILES = 5
MIN_SHARE = 0.01
SHOWN = 5
WRITTEN_NUMBER = r"[+-]?(\d+|\d{1,3}([.,' \u00a0\u202f]\d{3})+)([.,]\d+)?([eE][+-]?\d+)?"
"""With a decimal point or comma, and whatever is between thousands."""
MOST = 0.95


def find_categories(
    tiles: pd.DataFrame, names: Sequence[str], progress: Progress = NO_PROGRESS
) -> dict[str, tuple[str, ...]]:
    """The levels of those columns ``names`` that hold text.

    Levels of fewer than 5 tiles or 1 % of them, and those beyond the 32 most frequent, are pooled as "other"; the log says
    which. The most frequent level always is one by itself.

    :raises MMRiskError: naming a column of which every tile has another text.
    """
    categories = {}
    for name in names:
        text = _text_in(tiles[name]) if name in tiles.columns and numbers_in(tiles[name]) is None else None
        if text is None or text.isna().all():
            continue
        if text.dropna().str.fullmatch(WRITTEN_NUMBER).mean() >= MOST:
            progress.log(
                f"Beware: the field '{name}' holds numbers written as text ({_listed(text.dropna().unique())}). They are "
                "learnt as categories, which tell less. If they are quantities, convert the field to a decimal number with "
                "the field calculator; if they are codes, this is right."
            )
        # Levels that are alike in number are ordered by name, so that the order of the tiles plays no part.
        counts = text.value_counts().sort_index().sort_values(ascending=False, kind="stable")
        if counts.iloc[0] == 1:
            raise InputError(
                f"The field '{name}' has another text in each tile, as names and identifiers have, so that nothing can be "
                "learnt from it. Take it out of the attributes."
            )
        least = max(MIN_TILES, MIN_SHARE * int(counts.sum()))
        kept = [level for level in counts.index[:MAX_LEVELS] if counts[level] >= least] or [counts.index[0]]
        pooled = list(counts.index[len(kept) :])
        if pooled:
            progress.log(
                f"The field '{name}' has {len(counts)} levels. The {len(pooled)} rarest of them count as 'other': "
                f"{_listed(pooled)}."
            )
        categories[name] = tuple(kept)
    return categories


def read_attributes(
    tiles: pd.DataFrame, names: Sequence[str], categories: Categories | None = None, progress: Progress = NO_PROGRESS
) -> Tensor:
    """The columns ``names`` of ``tiles`` as numbers (n, F); missing and infinite ones are NaN.

    A column with ``categories`` gives the position of each tile's level among them; their number stands for all other
    levels, of which the log says which there are.

    :raises MMRiskError: naming a column that is missing, or that does not hold numbers, or text where it should.
    """
    columns = []
    for name in names:
        if name not in tiles.columns:
            way_out = names_in_one(name, tiles.columns) or " Join the layer that it comes from first."
            raise InputError(f"The tiles '{title_of(tiles)}' have no field '{name}'.{way_out}")
        levels = (categories or {}).get(name)
        columns.append(_codes(tiles[name], name, levels, progress) if levels else _numbers(tiles[name], name))
    if not columns:
        return torch.zeros(len(tiles), 0)
    return torch.from_numpy(np.stack(columns, axis=1)).float()


def _numbers(values: pd.Series, name: str) -> FloatArray:
    numbers = numbers_in(values)
    if numbers is not None:
        return numbers
    text = _text_in(values)
    if text is None:
        raise InputError(f"The field '{name}' of the tiles is neither a number nor text. Use another field.")
    if text.notna().any():
        raise InputError(
            f"The field '{name}' of the tiles is not a number but text ({_listed(text.dropna().unique())}), where numbers "
            "are expected. Convert it with the field calculator, or join the layer that it comes from again."
        )
    return np.full(len(values), np.nan)


def _codes(values: pd.Series, name: str, levels: Sequence[str], progress: Progress) -> FloatArray:
    text = _text_in(values)
    if text is None:
        if values.isna().all():
            return np.full(len(values), np.nan)
        raise InputError(
            f"The field '{name}' of the tiles holds no text, but the model learnt from text in it ({_listed(levels)}). Join "
            "the layer that it comes from as for the training."
        )
    codes = text.map({level: float(code) for code, level in enumerate(levels)}).astype(np.float64)
    other = codes.isna() & text.notna()
    if other.any():
        progress.log(
            f"{counted(int(other.sum()), 'tile has', 'tiles have')} a level of '{name}' that the model does not know "
            f"by itself ({_listed(text[other].unique())}). It counts as 'other', and as missing if there was no other "
            "while training."
        )
    return np.asarray(codes.mask(other, float(len(levels))).to_numpy())


def _text_in(values: pd.Series) -> pd.Series | None:
    """The text of a field without blanks around it, None where there is none; None where the field is no text."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        values = values.map(str, na_action="ignore").astype(object)
    if pd.api.types.infer_dtype(values, skipna=True) != "string":
        return None
    text = values.astype(object).where(values.notna(), None).str.strip()
    return text.where(text != "", None)


def _listed(levels: Sequence[str]) -> str:
    shown = ", ".join(f"'{level}'" for level in levels[:SHOWN])
    return shown + (f" and {len(levels) - SHOWN} more" if len(levels) > SHOWN else "")
