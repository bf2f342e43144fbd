"""Tiles with the same attributes throughout, where that is no coincidence."""

from __future__ import annotations

import numpy as np

from mmrisk_core.arrays import FloatArray, IntArray

TELLING = 2
"""In how many attributes a value must be that no other tile has."""
OFTEN = 2
"""An attribute of which a value is usually found in more tiles is a count, a category, or of a zone that they share."""

MANY = 10
"""A value in more tiles than that stands for something, such as that nothing is known."""


def groups_of_equal_rows(tabular: FloatArray) -> IntArray:
    """The number of the group of tiles that agree in all attributes, (n,); -1 of all others.

    Where nothing lies in tiles, or the same count and kind of things, or one zone, they agree for good reasons. So they do
    so in two or more values that no other tile has, of attributes whose values are rarely found twice; 0 is none.

    :param tabular: (n, F) with NaN; gaps are alike.
    """
    if not tabular.size:
        return np.full(len(tabular), -1)
    codes = np.stack([np.unique(column, return_inverse=True)[1].reshape(-1) for column in tabular.T], axis=1)
    _, group, size = np.unique(codes, axis=0, return_inverse=True, return_counts=True)
    group = group.reshape(-1)
    telling = np.zeros(len(tabular), dtype=np.int64)
    for column, code in zip(tabular.T, codes.T, strict=True):
        count = np.bincount(code)
        if np.median(count) <= OFTEN:
            own = (count[code] == size[group]) & (count[code] <= MANY)
            telling += own & np.isfinite(column) & (column != 0)
    return np.where((size[group] > 1) & (telling >= TELLING), group, -1)
