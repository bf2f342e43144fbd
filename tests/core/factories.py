"""Small real layers and rasters for the tests of the engine."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely
from rasterio.transform import from_origin

from mmrisk_core import create_tiles, join_attributes, label_tiles
from mmrisk_core.vectors import write_layer

UTM = "EPSG:32619"
LEFT, TOP = 330000.0, 4690000.0


def make_tiles(rows: int = 3, cols: int = 4, size: float = 100.0, crs: str = UTM, **options: Any) -> gpd.GeoDataFrame:
    """A grid whose upper left corner is at (LEFT, TOP)."""
    return create_tiles((LEFT, TOP - rows * size, LEFT + cols * size, TOP), size, crs, **options)


def make_layer(geometry: list[Any], title: str = "things", crs: str | None = UTM, **columns: Any) -> gpd.GeoDataFrame:
    layer = gpd.GeoDataFrame(columns, geometry=list(geometry), crs=crs)
    layer.attrs["title"] = title
    return layer


def place(x: float, y: float) -> tuple[float, float]:
    """A place ``x`` metres right of and ``y`` metres below the upper left corner."""
    return LEFT + x, TOP - y


def point(x: float, y: float) -> shapely.Point:
    return shapely.Point(place(x, y))


def line(*points: tuple[float, float]) -> shapely.LineString:
    return shapely.LineString([place(*p) for p in points])


def box(left: float, top: float, right: float, bottom: float) -> shapely.Polygon:
    return shapely.box(LEFT + left, TOP - bottom, LEFT + right, TOP - top)


def row_of_tiles(n: int = 3, **options: Any) -> gpd.GeoDataFrame:
    return make_tiles(rows=1, cols=n, **options)


def assert_column(joined: gpd.GeoDataFrame, name: str, values: Any) -> None:
    assert joined[name].tolist() == pytest.approx(values, nan_ok=True)


def plain(column: Any) -> list[Any]:
    """The values, None where missing."""
    return [None if pd.isna(value) else value for value in column]


def write_raster(
    path: Path,
    bands: np.ndarray,
    *,
    left: float = LEFT,
    top: float = TOP,
    pixel: float = 1.0,
    crs: str | None = UTM,
    transform: Any = None,
    **profile: Any,
) -> Path:
    """``bands`` (bands, rows, columns) as a GeoTIFF."""
    options: dict[str, Any] = {"driver": "GTiff", "count": bands.shape[0], "dtype": bands.dtype, "crs": crs, **profile}
    options["transform"] = transform or from_origin(left, top, pixel, pixel)
    with rasterio.open(path, "w", height=bands.shape[1], width=bands.shape[2], **options) as raster:
        raster.write(bands)
    return path


@dataclass(frozen=True)
class Town:
    """A town whose risk is known: it grows with the metres of road in a tile and with the brightness of its image."""

    tiles: gpd.GeoDataFrame
    roads: Path
    crashes: Path
    ortho: Path


def make_town(folder: Path, side: int = 16, size: float = 100.0, pixels: int = 32, seed: int = 0) -> Town:
    """``side`` x ``side`` tiles with ``roads_length`` and ``label``; every file beside each other in ``folder``."""
    rng = np.random.default_rng(seed)
    tiles = make_tiles(side, side, size)
    road, bright = rng.random((2, side * side))
    label = rng.random(side * side) < 1 / (1 + np.exp(-8 * (road + bright - 1)))

    left, bottom, _, top = shapely.bounds(tiles.geometry.array).T
    middle = (bottom + top) / 2
    ends = np.stack([np.c_[left + 5, middle], np.c_[left + 5 + road * (size - 10), middle]], axis=1)
    roads = make_layer(list(shapely.linestrings(ends)), title="roads", lanes=rng.integers(1, 5, side * side))
    crashes = make_layer(list(shapely.points(left[label] + 20, middle[label])), title="crashes")

    grey = np.kron(bright.reshape(side, side), np.ones((pixels, pixels))) * 170 + 40
    ortho = np.clip(grey + rng.normal(0, 15, (3, *grey.shape)), 1, 255).astype(np.uint8)
    paths = write_layer(roads, folder / "roads.gpkg"), write_layer(crashes, folder / "crashes.gpkg")
    tiles = join_attributes(tiles, roads, statistics=["length"], prefix="roads_")
    tiles = label_tiles(tiles, crashes).assign(chance=rng.normal(size=side * side))
    return Town(tiles, *paths, write_raster(folder / "ortho.tif", ortho, pixel=size / pixels))
