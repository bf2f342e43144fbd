"""How many events lie in each tile, before and after a date; counted part by part."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from mmrisk_core.arrays import BoolArray, FloatArray, IntArray
from mmrisk_core.attributes.intersections import TileCutter
from mmrisk_core.errors import InputError
from mmrisk_core.geo.apart import Place, apart
from mmrisk_core.geo.frames import geometry_kind, numbers_in, title_of
from mmrisk_core.geo.recipe import LabelStep
from mmrisk_core.labels.event_dates import EARLIER, LATER, UNDATED, DayArray, periods_of, read_days, read_split_date
from mmrisk_core.progress import Progress
from mmrisk_core.wording import by_number, counted


@dataclass
class EventTally:
    """What became of the events of a layer; each is in one of these, but for ``several``.

    :param used: counted in at least one tile that is judged.
    :param outside: in no tile.
    :param beyond: in tiles outside the study area only.
    :param undated: without a date that can be read.
    :param without_place: without geometry.
    :param several: used, and counted in several tiles.
    """

    total: int = 0
    used: int = 0
    outside: int = 0
    beyond: int = 0
    undated: int = 0
    without_place: int = 0
    several: int = 0


class EventCounter:
    """Counts events, or sums their weights, in each of ``tiles``.

    An event on the edge between two tiles counts in one; in tiles that overlap, and with several points in several tiles,
    it counts in each.

    :param inside: which tiles lie in the study area.
    """

    def __init__(self, tiles: gpd.GeoDataFrame, inside: BoolArray, step: LabelStep) -> None:
        self.tally = EventTally()
        self._step = step
        self._inside = inside
        self._tiles = Place.of(tiles)
        self._place: Place | None = None
        self._cutter = TileCutter(tiles)
        self._split = read_split_date(step.split_date) if step.split_date else None
        self._totals: FloatArray = np.zeros((2, len(tiles)))
        self._bad_weights = 0
        self._dated = np.zeros(2, dtype=np.int64)
        self._span: DayArray = np.array(["NaT", "NaT"], dtype="datetime64[D]")
        self._unreadable: str | None = None

    @property
    def earlier(self) -> FloatArray:
        """Events before the split date, or all where there is none; one per tile."""
        return np.asarray(self._totals[EARLIER])

    @property
    def later(self) -> FloatArray:
        """Events from the split date on; one per tile."""
        return np.asarray(self._totals[LATER])

    def add(self, events: gpd.GeoDataFrame | pd.DataFrame) -> None:
        """Count some of the events.

        :raises MMRiskError: when they are no points, or their fields are not those of the label's rule.
        """
        if geometry_kind(events) != "point":
            raise InputError(
                f"The event layer '{title_of(events)}' must have points. Convert it with 'Centroids' first."
            )
        weights, period = self._weights(events), self._periods(events)
        pieces = self._cutter.cut(events, "point")
        dated = period[pieces.feature] != UNDATED
        tile, feature = pieces.tile[dated], pieces.feature[dated]
        n_tiles = self._inside.size
        position = period[feature] * n_tiles + tile
        self._totals += np.bincount(position, weights=weights[feature], minlength=2 * n_tiles).reshape(2, n_tiles)
        self._take_stock(events, period, tile, feature)

    def _take_stock(self, events: gpd.GeoDataFrame, period: IntArray, tile: IntArray, feature: IntArray) -> None:
        geometry = events.geometry.array
        self._place = Place.of(events).with_(self._place)
        placed = ~(shapely.is_missing(geometry) | shapely.is_empty(geometry))
        anywhere = np.zeros(len(events), dtype=bool)
        anywhere[feature] = True
        times_used = np.bincount(feature[self._inside[tile]], minlength=len(events))
        tally, dated = self.tally, period != UNDATED
        tally.total += len(events)
        tally.undated += int((~dated).sum())
        tally.without_place += int((dated & ~placed).sum())
        tally.outside += int((dated & placed & ~anywhere).sum())
        tally.beyond += int((anywhere & (times_used == 0)).sum())
        tally.used += int((times_used > 0).sum())
        tally.several += int((times_used > 1).sum())

    def _weights(self, events: gpd.GeoDataFrame) -> FloatArray:
        field, title = self._step.weight_field, title_of(events)
        if not field:
            return np.ones(len(events))
        if field not in events.columns:
            raise InputError(f"The event layer '{title}' has no field '{field}' to weight events by.")
        weights = numbers_in(events[field])
        if weights is None:
            raise InputError(f"The weight field '{field}' of layer '{title}' is not a number.")
        bad = ~(weights >= 0)
        self._bad_weights += int(bad.sum())
        return np.where(bad, 0.0, weights)

    def _periods(self, events: gpd.GeoDataFrame) -> IntArray:
        """EARLIER, LATER or UNDATED for each event; all EARLIER where there is no split."""
        field, title = self._step.date_field, title_of(events)
        if not field or self._split is None:
            return np.full(len(events), EARLIER)
        if field not in events.columns:
            raise InputError(f"The event layer '{title}' has no field '{field}' with the date of an event.")
        first, last = read_days(events[field])
        period = periods_of(first, last, self._split, field, title)
        unreadable = np.isnat(first) & events[field].notna().to_numpy()
        if self._unreadable is None and unreadable.any():
            self._unreadable = str(events[field].iloc[int(np.argmax(unreadable))])
        self._dated += np.bincount(period[period != UNDATED], minlength=2)
        if (~np.isnat(first)).any():
            both = np.concatenate([self._span, first, last])
            self._span = np.array([np.nanmin(both), np.nanmax(both)])
        return period

    def check(self) -> None:
        """Check, once all events are counted, that there is something to label by.

        :raises MMRiskError: naming layer and field.
        """
        title, field = self._step.layer, self._step.date_field
        if self.tally.total == 0:
            raise InputError(f"The event layer '{title}' is empty. Choose the layer of crashes.")
        placed = self.tally.total - self.tally.undated - self.tally.without_place
        if self._place is not None and 0 < placed == self.tally.outside:
            raise InputError(
                f"None of {counted(placed, 'event')} of '{title}' lies in a tile: every tile would seem safe. "
                f"{apart('The layer', self._place, self._tiles)}"
            )
        if self._bad_weights:
            raise InputError(
                f"The weight field '{self._step.weight_field}' of layer '{title}' is missing or negative for "
                f"{counted(self._bad_weights, 'event')}. Fill it in, or filter these events out."
            )
        if self._split is None:
            return
        if not self._dated.any():
            shown = f" such as '{self._unreadable}'" if self._unreadable else ""
            raise InputError(
                f"No date in the field '{field}' of layer '{title}' can be read{shown}. It needs dates, texts such as "
                "2020-07-31, or years; the field calculator's to_date() makes them."
            )
        if not self._dated.all():
            side = "before" if self._dated[EARLIER] == 0 else "from"
            raise InputError(
                f"No event of '{title}' is dated {side} {self._split}{' on' if side == 'from' else ''}: the field "
                f"'{field}' runs from {self._span[0]} to {self._span[1]}. Choose a split date in between."
            )

    def log(self, progress: Progress) -> None:
        """Say what became of the events."""
        tally, title = self.tally, self._step.layer
        shown = f", such as '{self._unreadable}'" if self._unreadable else ""
        sentences = [
            (
                tally.undated,
                f"{by_number(tally.undated, 'has', 'have')} no date in '{self._step.date_field}' that can be read{shown}: "
                "counted in neither period",
            ),
            (tally.without_place, f"{by_number(tally.without_place, 'has', 'have')} no geometry"),
            (tally.outside, f"{by_number(tally.outside, 'lies', 'lie')} in no tile"),
            (
                tally.beyond,
                f"{by_number(tally.beyond, 'lies', 'lie')} in tiles outside the study area '{self._step.study_area}' only",
            ),
            (
                tally.several,
                f"{by_number(tally.several, 'lies', 'lie')} in several tiles, which overlap or hold several points of an "
                f"event, and {by_number(tally.several, 'counts', 'count')} in each",
            ),
        ]
        for number, sentence in sentences:
            if number:
                progress.log(f"{number:,} of {counted(tally.total, 'event')} of '{title}' {sentence}.")
        progress.log(
            f"{tally.used:,} of {counted(tally.total, 'event')} of '{title}' {by_number(tally.used, 'is', 'are')} counted."
        )
