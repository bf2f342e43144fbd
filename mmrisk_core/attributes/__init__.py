"""What the records say of a tile: attributes of any layer, joined to the tiles as columns."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd

from mmrisk_core.attributes.pieces import Pieces, cut_into_pieces
from mmrisk_core.attributes.statistics import (
    AVAILABLE_STATISTICS,
    OF_A_FIELD,
    OF_THE_FEATURES,
    feature_statistic,
    field_statistic,
)
from mmrisk_core.errors import MMRiskError
from mmrisk_core.progress import SILENT, Progress
from mmrisk_core.recipe import JoinStep, Statistic, attach_recipe, recipe_of
from mmrisk_core.tiles.grid import FloatArray
from mmrisk_core.vectors import geometry_kind, numbers_in, require_tiles, title_of

LONGEST_KEY = 2**53

__all__ = ["AVAILABLE_STATISTICS", "Pieces", "cut_into_pieces", "join_attributes"]


def join_attributes(
    tiles: gpd.GeoDataFrame,
    layer: gpd.GeoDataFrame | pd.DataFrame,
    *,
    statistics: Sequence[Statistic],
    fields: Sequence[str] = (),
    prefix: str = "",
    join_field: str | None = None,
    tile_field: str | None = None,
    progress: Progress = SILENT,
) -> gpd.GeoDataFrame:
    """Add columns to ``tiles`` that say what of ``layer`` lies in each.

    ``count``, ``length`` (m) and ``area`` (m2) make ``<prefix><statistic>``; ``sum``, ``mean``, ``min`` and ``max``
    make ``<prefix><field>_<statistic>`` for each of ``fields``. Lines and polygons are cut at the tile's edge: sums are
    apportioned, means weighted by length or area. An empty tile has count, length and area 0, and missing values
    otherwise. With ``join_field`` and ``tile_field`` rows are matched by their keys instead of by place.

    :return: a copy of ``tiles`` with the new columns; the recipe that travels with it has one more join.
    :raises MMRiskError: naming the layer and the field that does not fit.
    """
    step = JoinStep(
        layer=title_of(layer),
        geometry=geometry_kind(layer),
        fields=tuple(fields),
        statistics=tuple(dict.fromkeys(statistics)),
        prefix=prefix,
        join_field=join_field or None,
        tile_field=tile_field or None,
    )
    _check(step, tiles, layer)
    progress.update(0.05, f"cutting {len(layer)} features of '{step.layer}'")
    pieces = _pieces_by_key(step, tiles, layer) if step.join_field else cut_into_pieces(tiles, layer)
    if pieces.tile.size == 0:
        progress.log(f"No feature of '{step.layer}' lies in any tile. Check that both are in the right place.")
    progress.update(0.8, "statistics")
    joined = tiles.copy()
    for statistic in step.statistics:
        if statistic in OF_THE_FEATURES:
            column = feature_statistic(statistic, pieces, len(tiles))
            joined[f"{prefix}{statistic}"] = column.astype(np.int64) if statistic == "count" else column
        else:
            for field in step.fields:
                column = field_statistic(statistic, pieces, _numbers(layer, field), len(tiles))
                joined[f"{prefix}{field}_{statistic}"] = column
    joined.attrs = dict(tiles.attrs)
    attach_recipe(joined, recipe_of(tiles).with_join(step))
    progress.update(1.0, f"'{step.layer}' joined to {len(tiles)} tiles")
    return joined


def _check(step: JoinStep, tiles: gpd.GeoDataFrame, layer: pd.DataFrame) -> None:
    require_tiles(tiles)
    if not step.statistics:
        raise MMRiskError(f"Choose at least one statistic of '{step.layer}'.")
    for statistic in step.statistics:
        if statistic not in AVAILABLE_STATISTICS:
            raise MMRiskError(
                f"The statistic '{statistic}' is not available in this version. Use {', '.join(AVAILABLE_STATISTICS)}."
            )
        if statistic in OF_A_FIELD and not step.fields:
            raise MMRiskError(f"The statistic '{statistic}' of '{step.layer}' needs a field. Choose at least one.")
    if "length" in step.statistics and step.geometry != "line" and len(layer):
        raise MMRiskError(f"'{step.layer}' has no lines, so it has no length. Use 'count' instead.")
    if "area" in step.statistics and step.geometry != "polygon" and len(layer):
        raise MMRiskError(f"'{step.layer}' has no polygons, so it has no area. Use 'count' instead.")
    if bool(step.join_field) != bool(step.tile_field):
        raise MMRiskError("A join by key needs both fields: the one of the layer and the one of the tiles.")
    if step.join_field and {"length", "area"} & set(step.statistics):
        raise MMRiskError(
            f"'{step.layer}' is joined by key, which gives no length or area in a tile. Use 'count' or 'sum'."
        )
    if step.geometry == "table" and not step.join_field:
        raise MMRiskError(f"'{step.layer}' is a table without geometry. Choose the fields to join it by.")
    for field in (*step.fields, *filter(None, [step.join_field])):
        if field not in layer.columns:
            raise MMRiskError(f"The layer '{step.layer}' has no field '{field}'. It has: {_columns(layer)}.")
    if step.tile_field and step.tile_field not in tiles.columns:
        raise MMRiskError(f"The tiles have no field '{step.tile_field}'. They have: {_columns(tiles)}.")


def _columns(frame: pd.DataFrame) -> str:
    return ", ".join(str(column) for column in frame.columns if column != "geometry")


def _numbers(layer: pd.DataFrame, field: str) -> FloatArray:
    """The values of a numeric field; missing and infinite ones are NaN."""
    numbers = numbers_in(layer[field])
    if numbers is None:
        raise MMRiskError(
            f"The field '{field}' of layer '{title_of(layer)}' is not a number. Choose a numeric field, or convert it "
            "with the field calculator."
        )
    return numbers


def _pieces_by_key(step: JoinStep, tiles: gpd.GeoDataFrame, layer: pd.DataFrame) -> Pieces:
    """Pieces of a plain key join: each row of the layer lies wholly in the tiles that have its key."""
    left = pd.DataFrame({"key": _as_key(tiles[step.tile_field]), "tile": np.arange(len(tiles))})
    right = pd.DataFrame({"key": _as_key(layer[step.join_field]), "feature": np.arange(len(layer))})
    pairs = left.merge(right.dropna(subset="key"), on="key")
    ones = np.ones(len(pairs))
    return Pieces("table", pairs["tile"].to_numpy(), pairs["feature"].to_numpy(), ones, np.ones(len(layer)))


def _as_key(values: pd.Series) -> pd.Series:
    """Keys as text, so that 7, 7.0 and '7' are one; numbers too long for a float stay as they are written."""
    text = values.astype("string")
    if pd.api.types.is_integer_dtype(values):
        return text
    numbers = pd.to_numeric(values, errors="coerce").astype("Float64")
    whole = (numbers % 1 == 0) & (numbers.abs() < LONGEST_KEY)
    whole = whole.fillna(False).astype(bool)
    return text.mask(whole, numbers.where(whole, 0).astype("int64").astype("string"))
