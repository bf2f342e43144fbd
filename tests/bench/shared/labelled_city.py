"""A sample city as a user would prepare it."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np

from mmrisk_core import create_tiles, join_attributes, label_tiles
from mmrisk_core.sample_city import make_sample_city

TILE = 150.0


def labelled_city(folder: Path, seed: int, size: int) -> tuple[gpd.GeoDataFrame, np.ndarray, Path]:
    """Tiles with attributes and label, their true probabilities, and the imagery."""
    city = make_sample_city(folder, size=size, seed=seed)
    truth, roads, zones, crashes = (gpd.read_file(p) for p in (city.truth, city.roads, city.zones, city.crashes))
    tiles = create_tiles(tuple(truth.total_bounds), TILE, truth.crs)
    tiles = join_attributes(tiles, roads, fields=["aadt"], statistics=["count", "length", "mean"], prefix="roads_")
    tiles = join_attributes(tiles, zones, fields=["population", "density"], statistics=["sum", "mean"], prefix="zones_")
    tiles = label_tiles(tiles, crashes, rule="count", threshold=1)
    middle = tiles[["geometry"]].set_geometry(tiles.centroid)
    found = gpd.sjoin(middle, truth[["true_probability", "geometry"]], predicate="within")
    return tiles, found["true_probability"].reindex(tiles.index).to_numpy(), city.imagery
