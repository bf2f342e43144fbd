"""Join a layer to tiles, as a whole or part by part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from mmrisk_core.arrays import BoolArray, FloatArray, GeometryArray
from mmrisk_core.attributes.intersections import Intersections, TileCutter, has_place
from mmrisk_core.attributes.key_join import KeyJoin
from mmrisk_core.attributes.tile_statistics import OF_A_CATEGORY, OF_A_NUMBER, OF_THE_FEATURES, TileStatistic
from mmrisk_core.errors import InputError
from mmrisk_core.geo.apart import Place, apart
from mmrisk_core.geo.frames import geometry_kind, names_in_one, numbers_in, require_crs, require_tiles, title_of
from mmrisk_core.geo.layer_io import REPAIRED_KEY, iterate_layer
from mmrisk_core.geo.layer_source import LayerSource
from mmrisk_core.geo.new_columns import make_room
from mmrisk_core.geo.recipe import GeometryKind, JoinOptions, JoinStep, Statistic, attach_recipe, recipe_of
from mmrisk_core.progress import NO_PROGRESS, Progress
from mmrisk_core.wording import by_number, counted

CHUNK = 200_000
"""Features that are cut at a time: between parts progress is shown and a cancel is heard."""

OF_A_FIELD = (*OF_A_NUMBER, *OF_A_CATEGORY)


def join_attributes(
    tiles: gpd.GeoDataFrame,
    layer: gpd.GeoDataFrame | pd.DataFrame,
    *,
    statistics: Sequence[Statistic],
    fields: Sequence[str] = (),
    prefix: str = "",
    join_field: str | None = None,
    tile_field: str | None = None,
    progress: Progress = NO_PROGRESS,
) -> gpd.GeoDataFrame:
    """Add columns to ``tiles`` that say what of ``layer`` lies in each.

    ``count``, ``length`` (m), ``area`` (m2), ``share`` (of the tile that polygons cover) and ``distance`` (m to the nearest
    feature) make ``<prefix><statistic>``; ``sum``, ``mean``, ``min``, ``max``, ``std`` and ``majority`` make
    ``<prefix><field>_<statistic>`` for each of ``fields``. Lines and polygons are cut at the tile's edge: sums are
    apportioned, means, deviations and majorities weighted by length or area. An empty tile has count, length, area and
    share 0, and missing values otherwise. With ``join_field`` and ``tile_field`` rows are matched by their keys instead of
    by place.

    :param statistics: which of these to compute.
    :param prefix: begin of the new columns' names.
    :param progress: told how far it is, and asked whether to go on.
    :return: a copy of ``tiles`` with the new columns; the recipe that travels with it has one more join.
    :raises MMRiskError: naming the layer and the field that does not fit.
    """
    options = JoinOptions(
        fields=tuple(fields), statistics=tuple(statistics), prefix=prefix, join_field=join_field, tile_field=tile_field
    )
    step = _step(layer, options)
    parts = (layer.iloc[i : i + CHUNK] for i in range(0, max(len(layer), 1), CHUNK))
    return _join(tiles, step, parts, len(layer), progress)


def join_layer(
    tiles: gpd.GeoDataFrame,
    source: LayerSource,
    options: JoinOptions,
    progress: Progress = NO_PROGRESS,
) -> gpd.GeoDataFrame:
    """As :func:`join_attributes`, of a file that is read part by part: no more than a part of it is in memory.

    :param tiles: polygons.
    :param source: the file.
    :param options: what is taken from it.
    :param progress: told how far it is, and asked whether to go on.
    :raises MMRiskError: also when the file cannot be read.
    """
    require_tiles(tiles)
    everywhere = bool(options.join_field) or "distance" in options.statistics
    box = None if everywhere else TileCutter(tiles).bounds_in
    fields = (*options.fields, *filter(None, [options.join_field]))
    n_features, parts = iterate_layer(source, CHUNK, box, fields=fields, key=options.join_field)
    first = next(parts)
    step = _step(first, options)
    return _join(tiles, step, _all_of_one_kind(step, first, parts), n_features, progress)


def _all_of_one_kind(step: JoinStep, first: pd.DataFrame, rest: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
    yield first
    for part in rest:
        if (
            step.geometry != "table"
            and has_place(np.asarray(part.geometry.array), step.geometry).any()
            and geometry_kind(part) != step.geometry
        ):
            raise InputError(f"The layer '{step.layer}' mixes kinds of geometry. Split it by geometry type first.")
        yield part


def _step(layer: pd.DataFrame, options: JoinOptions) -> JoinStep:
    return JoinStep(
        layer=title_of(layer),
        geometry=geometry_kind(layer),
        fields=tuple(dict.fromkeys(options.fields)),
        statistics=tuple(dict.fromkeys(options.statistics)),
        prefix=options.prefix,
        join_field=options.join_field,
        tile_field=options.tile_field,
    )


def _join(
    tiles: gpd.GeoDataFrame, step: JoinStep, parts: Iterable[pd.DataFrame], n_features: int, progress: Progress
) -> gpd.GeoDataFrame:
    if len(tiles) == 0 or step.join_field:
        require_tiles(tiles)
    collected = _Collected(step, tiles)
    if not collected.on_grid:
        require_tiles(tiles)
    done, pairs, without_place, repaired = 0, 0, 0, 0
    place: Place | None = None
    for part in parts:
        if done == 0:
            _check(step, tiles, part, n_features)
        progress.update(0.9 * done / max(n_features, done + len(part), 1), f"cutting the features of '{step.layer}'")
        done += len(part)
        repaired += int(part.attrs.get(REPAIRED_KEY, 0))
        bounds = None
        if not step.join_field:
            geometry = np.asarray(part.geometry.array)
            bounds = shapely.bounds(geometry)
            placed = has_place(geometry, step.geometry, bounds)
            without_place += len(part) - int(placed.sum())
            part, bounds = _only(part, bounds, placed)
            if pairs == 0 and len(part):
                place = Place.of(part).with_(place)
        pairs += collected.add(part, bounds)
    if repaired:
        progress.log(
            f"{counted(repaired, 'polygon')} of '{step.layer}' {by_number(repaired, 'was', 'were')} invalid, as where "
            "an outline crosses itself; repaired."
        )
    if without_place:
        take = by_number(without_place, "has no geometry and takes", "have no geometry and take")
        progress.log(f"{counted(without_place, 'feature')} of '{step.layer}' {take} no part.")
    if pairs == 0:
        where = "Check that both are in the right place." if place is None else apart("It", place, Place.of(tiles))
        progress.log(f"No feature of '{step.layer}' lies in any tile. {where}")
    made = {name for join in recipe_of(tiles).joins for name in join.columns}
    joined = make_room(tiles, step.columns, made, progress).assign(**dict(collected.columns()))
    joined.attrs = dict(tiles.attrs)
    attach_recipe(joined, recipe_of(tiles).with_join(step))
    progress.update(1.0, f"'{step.layer}' joined to {counted(len(tiles), 'tile')}")
    return joined


class _Collected:
    """The columns of a join as far as they are added up."""

    def __init__(self, step: JoinStep, tiles: gpd.GeoDataFrame) -> None:
        self._step = step
        self._n_tiles = len(tiles)
        self._keys = KeyJoin(tiles, step.join_field, step.tile_field) if step.join_field and step.tile_field else None
        self._cutter = None if self._keys else TileCutter(tiles)
        self._of_features = {s: OF_THE_FEATURES[s](len(tiles)) for s in step.statistics if s in OF_THE_FEATURES}
        self._of_fields: dict[tuple[Statistic, str], TileStatistic] = {
            (statistic, field): {**OF_A_NUMBER, **OF_A_CATEGORY}[statistic](len(tiles))
            for statistic in step.statistics
            if statistic in OF_A_FIELD
            for field in step.fields
        }
        self._distance = np.full(len(tiles), np.nan)
        self._covering: list[GeometryArray] = []

    @property
    def on_grid(self) -> bool:
        """Whether the tiles are the squares of a grid, and so need no further check."""
        return self._cutter is not None and self._cutter.on_grid

    def add(self, part: pd.DataFrame, bounds: FloatArray | None) -> int:
        """Add some features, with the bounds (n, 4) of their geometry; the number of pairs of a tile and a feature."""
        if self._cutter is not None and "distance" in self._step.statistics:
            self._distance = np.fmin(self._distance, self._cutter.distance(part))
        if bounds is not None:
            part, bounds = self._near(part, bounds)
        if self._cutter is not None and "share" in self._step.statistics:
            self._covering.append(self._cutter.covering(part))
        pieces = self._pieces(part, bounds)
        for of_features in self._of_features.values():
            of_features.add(pieces, np.empty(0))
        for (statistic, field), of_field in self._of_fields.items():
            of_field.add(pieces, _values(part, field, statistic))
        return int(pieces.tile.size) or int(np.isfinite(self._distance).any())

    def columns(self) -> Iterator[tuple[str, pd.api.extensions.ExtensionArray | npt.NDArray[np.generic]]]:
        """Names and values, in the order of the recipe."""
        for statistic in self._step.statistics:
            if statistic in OF_A_FIELD:
                for field in self._step.fields:
                    column = self._of_fields[statistic, field].column()
                    # Without its index, as the tiles have theirs.
                    values = column.array if isinstance(column, pd.Series) else column
                    yield f"{self._step.prefix}{field}_{statistic}", values
            else:
                yield f"{self._step.prefix}{statistic}", self._of_features_column(statistic)

    def _of_features_column(self, statistic: Statistic) -> npt.NDArray[np.generic]:
        if statistic == "distance":
            return self._distance
        if statistic == "share":
            assert self._cutter is not None  # nosec B101  # for the type checker
            return self._cutter.share(self._covering)
        return np.asarray(self._of_features[statistic].column())

    def _near(self, part: gpd.GeoDataFrame, bounds: FloatArray) -> tuple[gpd.GeoDataFrame, FloatArray | None]:
        """The features whose bounds meet those of the tiles; what lies on the other side of the earth is not cut.

        :return: also their bounds, where these are in the CRS of the tiles.
        """
        assert self._cutter is not None  # nosec B101  # for the type checker
        known = require_crs(part).equals(self._cutter.crs)
        # Points that need not be transformed need not be cut either.
        if len(part) and not (known and self._step.geometry == "point"):
            left, bottom, right, top = self._cutter.bounds_in(part)
            x0, y0, x1, y1 = bounds.T
            part, bounds = _only(part, bounds, (x0 <= right) & (x1 >= left) & (y0 <= top) & (y1 >= bottom))
        return part, bounds if known else None

    def _pieces(self, part: pd.DataFrame, bounds: FloatArray | None) -> Intersections:
        if self._keys is not None:
            return self._keys.pieces(part)
        assert self._cutter is not None  # nosec B101  # for the type checker
        return self._cutter.cut(part, self._step.geometry, bounds)


def _only(part: pd.DataFrame, bounds: FloatArray, kept: BoolArray) -> tuple[pd.DataFrame, FloatArray]:
    return (part, bounds) if kept.all() else (part[kept], bounds[kept])


def _values(layer: pd.DataFrame, field: str, statistic: Statistic) -> npt.NDArray[np.generic]:
    """The values of a field; of a numeric one, missing and infinite ones are NaN."""
    if statistic in OF_A_CATEGORY:
        return np.asarray(layer[field].array)
    numbers = numbers_in(layer[field])
    if numbers is None:
        raise InputError(
            f"The field '{field}' of layer '{title_of(layer)}' is not a number. Choose a numeric field, convert it with the "
            "field calculator, or take its majority."
        )
    return numbers


NEEDS: dict[Statistic, tuple[GeometryKind, str]] = {
    "length": ("line", "lines, so it has no length"),
    "area": ("polygon", "polygons, so it has no area"),
    "share": ("polygon", "polygons, so it covers no share of a tile"),
}


def _check(step: JoinStep, tiles: gpd.GeoDataFrame, layer: pd.DataFrame, n_features: int) -> None:
    if not step.statistics:
        raise InputError(f"Choose at least one statistic of '{step.layer}'.")
    if bool(step.join_field) != bool(step.tile_field):
        raise InputError("A join by key needs both fields: the one of the layer and the one of the tiles.")
    if step.geometry == "table" and not step.join_field:
        raise InputError(f"'{step.layer}' is a table without geometry. Choose the fields to join it by.")
    of_place = {"length", "area", "share", "distance"} & set(step.statistics)
    if step.join_field and of_place:
        raise InputError(
            f"'{step.layer}' is joined by key, which gives no {' or '.join(sorted(of_place))}. Use 'count' or 'sum'."
        )
    for statistic in step.statistics:
        if statistic in OF_A_FIELD and not step.fields:
            raise InputError(f"The statistic '{statistic}' of '{step.layer}' needs a field. Choose at least one.")
        kind, lacking = NEEDS.get(statistic, (step.geometry, ""))
        if kind != step.geometry and n_features:
            raise InputError(f"'{step.layer}' has no {lacking}. Use 'count' instead.")
    for field in (*step.fields, *filter(None, [step.join_field])):
        if field not in layer.columns:
            way_out = names_in_one(field, layer.columns) or f" It has: {_columns(layer)}."
            raise InputError(f"The layer '{step.layer}' has no field '{field}'.{way_out}")
    if step.tile_field and step.tile_field not in tiles.columns:
        raise InputError(f"The tiles have no field '{step.tile_field}'. They have: {_columns(tiles)}.")


def _columns(frame: pd.DataFrame) -> str:
    return ", ".join(str(column) for column in frame.columns if column != "geometry")
