"""Match rows of a table to tiles by a key instead of by place."""

from __future__ import annotations

from functools import cached_property

import geopandas as gpd
import numpy as np
import pandas as pd

from mmrisk_core.attributes.intersections import Intersections

LONGEST_KEY = 2**53


class KeyJoin:
    """Tiles by the key in their field ``tile_field``; each row of a table lies wholly in the tiles that have its key."""

    def __init__(self, tiles: gpd.GeoDataFrame, join_field: str, tile_field: str) -> None:
        self._join_field = join_field
        self._keys = tiles[tile_field] if tile_field in tiles.columns else pd.Series(dtype="string")

    def pieces(self, layer: pd.DataFrame) -> Intersections:
        """The pairs of tile and row with the same key.

        Of two fields of text, 007 is not 7, nor 2E2 200; beside numbers, 7, 7.0 and '7' are one.
        """
        keys = layer[self._join_field]
        if any(pd.api.types.is_numeric_dtype(values) for values in (self._keys, keys)):
            tiles, keys = self._tiles_by_number, _as_number(keys)
        else:
            tiles, keys = self._tiles_by_text, keys.astype("string")
        rows = pd.DataFrame({"key": keys.to_numpy(), "feature": np.arange(len(layer))})
        pairs = tiles.merge(rows.dropna(subset="key"), on="key")
        ones = np.ones(len(pairs))
        return Intersections("table", pairs["tile"].to_numpy(), pairs["feature"].to_numpy(), ones, np.ones(len(layer)))

    @cached_property
    def _tiles_by_number(self) -> pd.DataFrame:
        return self._tiles(_as_number(self._keys))

    @cached_property
    def _tiles_by_text(self) -> pd.DataFrame:
        return self._tiles(self._keys.astype("string"))

    def _tiles(self, keys: pd.Series) -> pd.DataFrame:
        return pd.DataFrame({"key": keys.to_numpy(), "tile": np.arange(len(keys))})


def _as_number(values: pd.Series) -> pd.Series:
    """Keys as the text of their number; numbers too long for a float stay as they are written."""
    text = values.astype("string")
    if pd.api.types.is_integer_dtype(values):
        return text
    numbers = pd.to_numeric(values, errors="coerce").astype("Float64")
    whole = (numbers % 1 == 0) & (numbers.abs() < LONGEST_KEY)
    whole = whole.fillna(False).astype(bool)
    return text.mask(whole, numbers.where(whole, 0).astype("int64").astype("string"))
