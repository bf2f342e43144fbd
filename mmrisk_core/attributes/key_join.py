"""Match rows of a table to tiles by a key instead of by place."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from mmrisk_core.attributes.intersections import Intersections

LONGEST_KEY = 2**53


class KeyJoin:
    """Tiles by the key in their field ``tile_field``; each row of a table lies wholly in the tiles that have its key."""

    def __init__(self, tiles: gpd.GeoDataFrame, join_field: str, tile_field: str) -> None:
        self._join_field = join_field
        keys = _as_key(tiles[tile_field]) if tile_field in tiles.columns else pd.Series(dtype="string")
        self._tiles = pd.DataFrame({"key": keys.to_numpy(), "tile": np.arange(len(keys))})

    def pieces(self, layer: pd.DataFrame) -> Intersections:
        """The pairs of tile and row with the same key."""
        keys = _as_key(layer[self._join_field]).to_numpy()
        rows = pd.DataFrame({"key": keys, "feature": np.arange(len(layer))})
        pairs = self._tiles.merge(rows.dropna(subset="key"), on="key")
        ones = np.ones(len(pairs))
        return Intersections("table", pairs["tile"].to_numpy(), pairs["feature"].to_numpy(), ones, np.ones(len(layer)))


def _as_key(values: pd.Series) -> pd.Series:
    """Keys as text, so that 7, 7.0 and '7' are one; numbers too long for a float stay as they are written."""
    text = values.astype("string")
    if pd.api.types.is_integer_dtype(values):
        return text
    numbers = pd.to_numeric(values, errors="coerce").astype("Float64")
    whole = (numbers % 1 == 0) & (numbers.abs() < LONGEST_KEY)
    whole = whole.fillna(False).astype(bool)
    return text.mask(whole, numbers.where(whole, 0).astype("int64").astype("string"))
