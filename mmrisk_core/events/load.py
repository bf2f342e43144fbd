"""Tables of events turned into layers of points, part by part."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyproj
import shapely

from mmrisk_core.errors import InputError
from mmrisk_core.events.dates import DateOrder, iso_dates
from mmrisk_core.events.numbers import as_numbers
from mmrisk_core.events.places import coordinates
from mmrisk_core.events.survey import INTEGER, REAL, EventChoices, Survey, sentences, survey
from mmrisk_core.events.tables import EventTable, open_table
from mmrisk_core.geo.crs import Bounds, parse_crs, transformer_between
from mmrisk_core.geo.layer_source import LayerSource
from mmrisk_core.geo.layer_writing import GEOMETRY, Header, require_known_format, wkb_of, write_stream
from mmrisk_core.progress import NO_PROGRESS, Progress
from mmrisk_core.wording import counted

DATE = "event_date"
COUNTS_KEY = "mmrisk_counts"


@dataclass
class LoadedEvents:
    """What became of the rows.

    :param read: rows of the table.
    :param loaded: of them, those that are points now.
    :param without_place: rows without coordinates, or with such as cannot be on earth; left out.
    :param at_zero: rows at 0, 0, which is how programs write that no place is known; left out.
    :param duplicates: rows that repeat an earlier one in all columns; left out.
    :param other_years: rows of years that were not asked for, or without a date where years were; left out.
    :param out_of_area: points that lie outside the extent; they are loaded.
    """

    read: int = 0
    loaded: int = 0
    without_place: int = 0
    at_zero: int = 0
    duplicates: int = 0
    other_years: int = 0
    out_of_area: int = 0

    def sentence(self) -> str:
        """The numbers in words."""
        left_out = {
            "without a place": self.without_place,
            "at 0, 0": self.at_zero,
            "repeated": self.duplicates,
            "of other years": self.other_years,
        }
        named = ", ".join(f"{count:,} {what}" for what, count in left_out.items() if count)
        said = f"{self.loaded:,} of {counted(self.read, 'row')} were loaded"
        if named:
            said += f"; left out: {named}"
        return (
            f"{said}. {counted(self.out_of_area, 'point lies', 'points lie')} outside the area."
            if self.out_of_area
            else f"{said}."
        )


def load_events(
    path: str | Path,
    *,
    x_field: str | None = None,
    y_field: str | None = None,
    crs: str | None = None,
    date_field: str | Sequence[str] = (),
    date_order: DateOrder = "auto",
    years: Sequence[int] = (),
    extent: Bounds | None = None,
    sheet: str | None = None,
    progress: Progress = NO_PROGRESS,
) -> gpd.GeoDataFrame:
    """Points of a table of events, with its columns and, where there are dates, ``event_date`` in ISO form.

    What is not given is found out. ``attrs["mmrisk_counts"]`` tells what became of the rows, see :class:`LoadedEvents`.

    :param path: CSV or other text with separators, .xlsx or .ods.
    :param x_field: column of x or longitude.
    :param y_field: column of y or latitude; the same as that of x where one column holds both.
    :param crs: of the coordinates; by default degrees, or what puts the points onto the extent.
    :param date_field: column of the date, or those of year, month and day.
    :param date_order: ``day_first`` or ``month_first`` where only numbers tell; ``auto`` decides by the whole column.
    :param years: those to load; all by default.
    :param extent: where the events should lie, in degrees: west, south, east, north.
    :param sheet: of a workbook; by default the one with most in it.
    :param progress: told how far it is, and asked whether to go on.
    :raises MMRiskError: when the table cannot be read, or where it lies is not known.
    """
    choices = EventChoices(
        x_field=x_field,
        y_field=y_field,
        crs=crs,
        date_field=(date_field,) if isinstance(date_field, str) else tuple(date_field),
        date_order=date_order,
        years=tuple(years),
        extent=extent,
    )
    table, found, _ = survey_table(LayerSource(path=str(path), layer=sheet), choices, progress=progress.part(0.0, 0.5))
    counts, known = LoadedEvents(), _known_crs(table, found)
    schema = _schema(table, found)
    whole = pa.Table.from_batches(_batches(table, found, choices, known, counts, progress.part(0.5, 1.0)), schema)
    frame = whole.drop_columns([GEOMETRY]).to_pandas()
    geometry = shapely.from_wkb(np.asarray(whole[GEOMETRY].to_pylist(), dtype=object))
    events = gpd.GeoDataFrame(frame, geometry=geometry, crs=known)
    events.attrs[COUNTS_KEY] = vars(counts)
    return events


def survey_table(
    source: LayerSource, choices: EventChoices, likely_crs: str | None = None, *, progress: Progress = NO_PROGRESS
) -> tuple[EventTable, Survey, list[str]]:
    """Look at a table of events: the table, what it holds, and what the user should know of that.

    :param source: the file, and of a workbook the sheet.
    :param choices: what is known already.
    :param likely_crs: one to begin with, such as that of the project.
    :param progress: told how far it is, and asked whether to go on.
    :raises MMRiskError: when it cannot be read, or a column is not there.
    """
    table = open_table(source)
    found = survey(table, choices, likely_crs, progress)
    return table, found, sentences(table, found)


def write_events(
    source: LayerSource, output: str | Path, choices: EventChoices, *, progress: Progress = NO_PROGRESS
) -> tuple[LoadedEvents, Survey]:
    """Write the points of a table of events as a layer, part by part.

    :param source: the file, and of a workbook the sheet.
    :param output: the layer; its format goes by the suffix.
    :param choices: how the table is to be read.
    :param progress: told how far it is, and asked whether to go on.
    :raises MMRiskError: when the table cannot be read, no row is left, or the output cannot be written.
    """
    require_known_format(output)
    table, found, said = survey_table(source, choices, progress=progress.part(0.0, 0.5))
    for sentence in said:
        progress.log(sentence)
    crs, counts = _known_crs(table, found), LoadedEvents()
    if choices.crs is None:
        progress.log(f"The coordinates were taken to be in {found.crs} ({crs.name}).")
    schema = _schema(table, found)
    batches = _batches(table, found, choices, crs, counts, progress.part(0.5, 1.0))
    write_stream(_not_none(batches, table, counts), schema, output, Header(crs, "Point"), {})
    progress.log(counts.sentence())
    return counts, found


def _known_crs(table: EventTable, found: Survey) -> pyproj.CRS:
    if len(found.x) == 0:
        raise InputError(
            f"No row of '{table.title}' has coordinates in '{found.x_field}' and '{found.y_field}'. Choose other columns."
        )
    if found.crs is None:
        raise InputError(
            f"The coordinates of '{table.title}', such as {found.x[0]:.10g} and {found.y[0]:.10g}, are no degrees, and no "
            "usual coordinate reference system puts them onto the area. Choose the CRS that the data came with."
        )
    return parse_crs(found.crs)


def _schema(table: EventTable, found: Survey) -> pa.Schema:
    kinds = {INTEGER: pa.int64(), REAL: pa.float64()}
    columns = [pa.field(name, kinds.get(found.kinds[name], pa.string())) for name in table.columns]
    dated = [pa.field(_date_column(table), pa.string())] if found.date_field else []
    return pa.schema([*columns, *dated, pa.field(GEOMETRY, pa.binary())])


def _date_column(table: EventTable) -> str:
    taken = {name.casefold() for name in table.columns}
    return next(name for number in range(1, 1000) if (name := DATE if number == 1 else f"{DATE}_{number}") not in taken)


def _batches(
    table: EventTable, found: Survey, choices: EventChoices, crs: pyproj.CRS, counts: LoadedEvents, progress: Progress
) -> Iterator[pa.RecordBatch]:
    schema, wanted = _schema(table, found), {str(year) for year in choices.years}
    for part in table.parts():
        progress.update(counts.read / max(1, found.read), f"row {counts.read:,} of {counted(found.read, 'row')}")
        x, y = coordinates(part, found.x_field, found.y_field, found.thousands)
        repeated = found.duplicate[counts.read : counts.read + len(part)]
        counts.read += len(part)
        at_zero = (x == 0) & (y == 0)
        placed = np.isfinite(x) & np.isfinite(y)
        if crs.is_geographic:
            placed &= (np.abs(x) <= 180) & (np.abs(y) <= 90)
        dates = iso_dates(part[list(found.date_field)], found.order) if found.date_field else pd.Series("", part.index)
        of_years = dates.str[:4].isin(wanted).to_numpy() if wanted else np.ones(len(part), bool)
        left = np.ones(len(part), bool)
        for name, out in (
            ("without_place", ~placed),
            ("at_zero", at_zero),
            ("duplicates", repeated),
            ("other_years", ~of_years),
        ):
            setattr(counts, name, getattr(counts, name) + int((left & out).sum()))
            left &= ~out
        counts.loaded += int(left.sum())
        x, y = x[left], y[left]
        if choices.extent is not None and len(x):
            longitude, latitude = transformer_between(crs, 4326).transform(x, y)
            west, south, east, north = choices.extent
            on = (longitude >= west) & (longitude <= east) & (latitude >= south) & (latitude <= north)
            counts.out_of_area += int((~on).sum())
        kept = part[left]
        columns = [_column(kept[name], found.kinds[name]) for name in table.columns]
        if found.date_field:
            columns.append(pa.array(dates[left].where(dates[left] != "", None), type=pa.string()))
        yield pa.record_batch([*columns, wkb_of(shapely.points(x, y))], schema=schema)


def _column(values: pd.Series, kind: str) -> pa.Array:
    texts = values.where(values != "", None)
    if kind == INTEGER:
        return pa.array(texts, type=pa.string()).cast(pa.int64())
    if kind == REAL:
        return pa.array(as_numbers(values), type=pa.float64(), from_pandas=True)
    return pa.array(texts, type=pa.string())


def _not_none(batches: Iterator[pa.RecordBatch], table: EventTable, counts: LoadedEvents) -> Iterator[pa.RecordBatch]:
    """The same, and a failure at their end where nothing is in them."""
    yield from batches
    if counts.loaded == 0:
        raise InputError(f"No row of '{table.title}' is left. {counts.sentence()} Choose other years or columns.")
