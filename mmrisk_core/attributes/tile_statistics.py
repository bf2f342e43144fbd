"""Statistics of pieces per tile, added up part by part, so that a layer need not be in memory as a whole."""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np
import pandas as pd

from mmrisk_core.arrays import AnyArray, FloatArray, IntArray
from mmrisk_core.attributes.intersections import Intersections
from mmrisk_core.geo.recipe import Statistic


class TileStatistic(ABC):
    """A statistic of each of ``n_tiles`` tiles; parts of a layer are added one after another."""

    def __init__(self, n_tiles: int) -> None:
        self.n_tiles = n_tiles

    @abstractmethod
    def add(self, pieces: Intersections, values: AnyArray) -> None:
        """Add the pieces of some features.

        :param values: one per feature; what is missing (NaN, None) takes no part. Statistics without a field ignore it.
        """

    @abstractmethod
    def column(self) -> pd.Series | AnyArray:
        """One value per tile; missing where no feature has one."""

    def _summed(self, tile: IntArray, weights: FloatArray) -> FloatArray:
        return np.asarray(np.bincount(tile, weights=weights, minlength=self.n_tiles), dtype=np.float64)


class Count(TileStatistic):
    """How many features lie in a tile, wholly or in part; 0 in an empty one."""

    def __init__(self, n_tiles: int) -> None:
        super().__init__(n_tiles)
        self._count = np.zeros(n_tiles, dtype=np.int64)

    def add(self, pieces: Intersections, values: AnyArray) -> None:
        np.add.at(self._count, pieces.tile, 1)

    def column(self) -> IntArray:
        return self._count


class Measure(TileStatistic):
    """Metres of lines or square metres of polygons in a tile; 0 in an empty one."""

    def __init__(self, n_tiles: int) -> None:
        super().__init__(n_tiles)
        self._measure = np.zeros(n_tiles)

    def add(self, pieces: Intersections, values: AnyArray) -> None:
        np.add.at(self._measure, pieces.tile, pieces.measure)

    def column(self) -> FloatArray:
        return self._measure


class Sum(TileStatistic):
    """The sum of a field, apportioned: a feature that lies half in a tile gives it half of its value."""

    def __init__(self, n_tiles: int) -> None:
        super().__init__(n_tiles)
        self._sum = np.zeros(n_tiles)
        self._known = np.zeros(n_tiles, dtype=bool)

    def add(self, pieces: Intersections, values: AnyArray) -> None:
        tile, value, measure, total = _known_only(pieces, values)
        share = np.divide(measure, total, out=np.ones_like(measure), where=total > 0)
        np.add.at(self._sum, tile, value * share)
        self._known[tile] = True

    def column(self) -> FloatArray:
        return np.where(self._known, self._sum, np.nan)


class Mean(TileStatistic):
    """The mean of a field, weighted by length or area inside the tile.

    A feature without extent weighs nothing beside others, but alone it is still the mean.
    """

    def __init__(self, n_tiles: int) -> None:
        super().__init__(n_tiles)
        self._weight, self._sum = np.zeros(n_tiles), np.zeros(n_tiles)
        self._points, self._sum_of_points = np.zeros(n_tiles), np.zeros(n_tiles)

    def add(self, pieces: Intersections, values: AnyArray) -> None:
        tile, value, measure, _ = _known_only(pieces, values)
        np.add.at(self._weight, tile, measure)
        np.add.at(self._sum, tile, value * measure)
        without = measure == 0
        np.add.at(self._points, tile[without], 1)
        np.add.at(self._sum_of_points, tile[without], value[without])

    def column(self) -> FloatArray:
        mean: FloatArray = np.divide(self._sum, self._weight, out=np.full(self.n_tiles, np.nan), where=self._weight > 0)
        alone = (self._points > 0) & (self._weight == 0)
        mean[alone] = self._sum_of_points[alone] / self._points[alone]
        return mean


class StandardDeviation(TileStatistic):
    """The standard deviation of a field around its mean, both weighted by length or area inside the tile.

    Parts are merged by their means (Chan, Golub and LeVeque 1983), which loses no digits where the deviation is small.
    """

    def __init__(self, n_tiles: int) -> None:
        super().__init__(n_tiles)
        self._weight, self._mean, self._squares = np.zeros(n_tiles), np.zeros(n_tiles), np.zeros(n_tiles)
        self._known = np.zeros(n_tiles, dtype=bool)

    def add(self, pieces: Intersections, values: AnyArray) -> None:
        tile, value, measure, _ = _known_only(pieces, values)
        weight = self._summed(tile, measure)
        mean = self._summed(tile, value * measure) / np.where(weight > 0, weight, 1)
        squares = self._summed(tile, measure * (value - mean[tile]) ** 2)
        whole = self._weight + weight
        share = weight / np.where(whole > 0, whole, 1)
        difference = mean - self._mean
        self._squares += squares + difference**2 * self._weight * share
        self._mean += difference * share
        self._weight = whole
        self._known[tile] = True

    def column(self) -> FloatArray:
        deviation = np.sqrt(self._squares / np.where(self._weight > 0, self._weight, 1))
        return np.where(self._known, deviation, np.nan)


class Minimum(TileStatistic):
    """The least value of a field."""

    def __init__(self, n_tiles: int) -> None:
        super().__init__(n_tiles)
        self._least = np.full(n_tiles, np.inf)

    def add(self, pieces: Intersections, values: AnyArray) -> None:
        tile, value, _, _ = _known_only(pieces, values)
        np.minimum.at(self._least, tile, value)

    def column(self) -> FloatArray:
        return np.where(np.isinf(self._least), np.nan, self._least)


class Maximum(TileStatistic):
    """The greatest value of a field."""

    def __init__(self, n_tiles: int) -> None:
        super().__init__(n_tiles)
        self._greatest = np.full(n_tiles, -np.inf)

    def add(self, pieces: Intersections, values: AnyArray) -> None:
        tile, value, _, _ = _known_only(pieces, values)
        np.maximum.at(self._greatest, tile, value)

    def column(self) -> FloatArray:
        return np.where(np.isinf(self._greatest), np.nan, self._greatest)


class Majority(TileStatistic):
    """The value of a field that most points, metres or square metres of a tile have; of two alike the first in order."""

    def __init__(self, n_tiles: int) -> None:
        super().__init__(n_tiles)
        self._totals = pd.DataFrame({"tile": [], "value": [], "measure": []})

    def add(self, pieces: Intersections, values: AnyArray) -> None:
        value = pd.Series(values).iloc[pieces.feature].reset_index(drop=True)
        part = pd.DataFrame({"tile": pieces.tile, "value": value, "measure": pieces.measure}).dropna(subset="value")
        both = part if self._totals.empty else pd.concat([self._totals, part])
        self._totals = both.groupby(["tile", "value"], as_index=False, sort=True)["measure"].sum()

    def column(self) -> pd.Series:
        ordered = self._totals.sort_values(["tile", "measure"], ascending=[True, False], kind="stable")
        first = ordered.drop_duplicates("tile").set_index("tile")["value"]
        if pd.api.types.is_bool_dtype(first) or pd.api.types.is_integer_dtype(first):
            first = first.convert_dtypes()
        return first.reindex(range(self.n_tiles)).reset_index(drop=True)


OF_THE_FEATURES: dict[Statistic, type[TileStatistic]] = {"count": Count, "length": Measure, "area": Measure}
OF_A_NUMBER: dict[Statistic, type[TileStatistic]] = {
    "sum": Sum, "mean": Mean, "min": Minimum, "max": Maximum, "std": StandardDeviation
}  # fmt: skip
OF_A_CATEGORY: dict[Statistic, type[TileStatistic]] = {"majority": Majority}


def _known_only(pieces: Intersections, values: FloatArray) -> tuple[IntArray, FloatArray, FloatArray, FloatArray]:
    """Tile, value, measure and measure of the whole feature, of the pieces with a value."""
    value = values.take(pieces.feature)
    known = ~np.isnan(value)
    if known.all():
        return pieces.tile, value, pieces.measure, pieces.total.take(pieces.feature)
    return pieces.tile[known], value[known], pieces.measure[known], pieces.total[pieces.feature[known]]
