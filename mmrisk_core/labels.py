"""Events on the map -> a label 0 or 1 for each tile."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from mmrisk_core.attributes.pieces import TileCutter
from mmrisk_core.errors import MMRiskError
from mmrisk_core.progress import SILENT, Progress
from mmrisk_core.recipe import LabelRule, LabelStep, attach_recipe, recipe_of
from mmrisk_core.tiles.grid import ROUND_OFF, FloatArray
from mmrisk_core.vectors import geometry_kind, require_tiles, title_of

AVAILABLE_RULES = ("count",)


def label_tiles(
    tiles: gpd.GeoDataFrame,
    events: gpd.GeoDataFrame,
    *,
    rule: LabelRule = "count",
    threshold: float = 1,
    weight: str | None = None,
    exposure: str | None = None,
    progress: Progress = SILENT,
) -> gpd.GeoDataFrame:
    """Count ``events`` (points) in each tile and label the tile.

    Rule ``count``: 1 where the events, weighted by the field ``weight`` if given, reach ``threshold``.

    :return: a copy of ``tiles`` with ``events`` (number, or sum of weights) and ``label`` (0 or 1).
    :raises MMRiskError: when the layers do not fit.
    """
    title = title_of(events)
    if rule not in AVAILABLE_RULES:
        raise MMRiskError(f"The label rule '{rule}' is not available in this version. Use 'count'.")
    require_tiles(tiles)
    if len(events) == 0:
        raise MMRiskError(f"The event layer '{title}' is empty. Choose the layer of crashes.")
    if geometry_kind(events) != "point":
        raise MMRiskError(f"The event layer '{title}' must have points. Convert it with 'Centroids' first.")
    if not threshold > 0:
        raise MMRiskError(f"The threshold must be more than 0, or every tile is labelled 1; it is {threshold:g}.")
    weights = _weights(events, weight)
    progress.update(0.1, f"counting {len(events)} events")
    pieces = TileCutter(tiles).cut(events, "point")
    total = np.bincount(pieces.tile, weights=weights[pieces.feature], minlength=len(tiles))
    # Ten weights of 0.1 are 1, whatever the last bit says.
    label = (total >= threshold * (1 - ROUND_OFF)).astype(np.int64)
    outside = len(events) - np.unique(pieces.feature).size
    if outside:
        progress.log(f"{outside} of {len(events)} events of '{title}' lie in no tile.")
    progress.log(f"{int(label.sum())} of {len(tiles)} tiles are labelled 1, {int((label == 0).sum())} are labelled 0.")
    if label.min() == label.max():
        progress.log(
            f"All tiles are labelled {label[0]}: '{title}' has {total.min():g} to {total.max():g} events per tile and the "
            f"threshold is {threshold:g}. A model cannot be trained on this: change the threshold, or check that the "
            "layers overlap."
        )
    labelled = tiles.copy()
    labelled["events"] = total if weight else total.astype(np.int64)
    labelled["label"] = label
    labelled.attrs = dict(tiles.attrs)
    step = LabelStep(layer=title, rule=rule, threshold=threshold, weight_field=weight, exposure_field=exposure)
    attach_recipe(labelled, recipe_of(tiles).model_copy(update={"label": step}))
    progress.update(1.0, f"{int(label.sum())} of {len(tiles)} tiles are labelled 1")
    return labelled


def _weights(events: gpd.GeoDataFrame, field: str | None) -> FloatArray:
    if not field:
        return np.ones(len(events))
    if field not in events.columns:
        raise MMRiskError(f"The event layer '{title_of(events)}' has no field '{field}' to weight events by.")
    if not pd.api.types.is_numeric_dtype(events[field]):
        raise MMRiskError(f"The weight field '{field}' of layer '{title_of(events)}' is not a number.")
    weights: FloatArray = events[field].to_numpy(dtype=np.float64, na_value=np.nan)
    missing = ~np.isfinite(weights) | (weights < 0)
    if missing.any():
        raise MMRiskError(
            f"The weight field '{field}' of layer '{title_of(events)}' is missing or negative for {int(missing.sum())} "
            "events. Fill it in, or filter these events out."
        )
    return weights
