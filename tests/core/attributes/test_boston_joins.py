"""Joins on the real roads and crashes of Boston: nothing is lost between tiles and nothing is counted twice."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely

from mmrisk_core import create_tiles, join_attributes
from mmrisk_core.attributes import TileCutter, join_layer
from mmrisk_core.geo.layer_io import read_geo_layer
from mmrisk_core.geo.layer_source import LayerSource
from mmrisk_core.geo.recipe import JoinOptions


@pytest.fixture(scope="module")
def extent(boston) -> tuple[float, float, float, float]:
    with rasterio.open(boston / "imagery" / "boston_roslindale_mattapan.tif") as image:
        return tuple(image.bounds)


def source(boston: Path, layer: str) -> LayerSource:
    return LayerSource(path=str(boston / "vectors" / "boston.gpkg"), layer=layer)


def roads_inside(roads: gpd.GeoDataFrame, tiles: gpd.GeoDataFrame) -> float:
    """Metres of road, found without tiles. The last row and column of tiles may reach beyond the image."""
    return shapely.length(roads.geometry.clip(shapely.box(*tiles.total_bounds))).sum()


@pytest.mark.parametrize("size", [150, 75, 20])
def test_the_roads_of_all_tiles_are_as_long_as_those_inside_the_extent(boston, extent, size):
    roads = read_geo_layer(source(boston, "roads"))
    tiles = create_tiles(extent, size, roads.crs)
    joined = join_layer(tiles, source(boston, "roads"), JoinOptions(statistics=["length", "count"]))
    assert joined["length"].sum() == pytest.approx(roads_inside(roads, tiles), rel=1e-9)
    assert joined["length"].sum() > 49_000
    free = join_attributes(tiles.drop(columns=["row", "col"]), roads, statistics=["length", "count"])
    assert free["length"].to_numpy() == pytest.approx(joined["length"].to_numpy(), rel=1e-9, abs=1e-9 * size)
    assert free["count"].tolist() == joined["count"].tolist()


def test_roads_are_as_long_on_tiles_in_feet(boston, extent):
    roads = read_geo_layer(source(boston, "roads"))
    tiles = create_tiles(extent, 150, roads.crs)
    joined = join_layer(tiles.to_crs(2249), source(boston, "roads"), JoinOptions(statistics=["length"]))
    assert joined["length"].sum() == pytest.approx(roads_inside(roads, tiles), rel=1e-6)


@pytest.mark.parametrize("size", [150, 75, 20])
def test_every_crash_in_the_image_falls_in_exactly_one_tile(boston, extent, size):
    crashes = read_geo_layer(source(boston, "crashes"))
    left, bottom, right, top = extent
    x, y = crashes.geometry.x, crashes.geometry.y
    inside = (x >= left) & (x < right) & (y > bottom) & (y <= top)
    assert inside.sum() == 270
    tiles = create_tiles(extent, size, crashes.crs)
    pieces = TileCutter(tiles).cut(crashes[inside], "point")
    assert sorted(pieces.feature.tolist()) == list(range(270))
    assert shapely.covers(
        np.asarray(tiles.geometry)[pieces.tile], np.asarray(crashes.geometry[inside])[pieces.feature]
    ).all()
    assert join_attributes(tiles, crashes[inside], statistics=["count"])["count"].sum() == 270
    free = tiles.drop(columns=["row", "col"])
    assert join_attributes(free, crashes[inside], statistics=["count"])["count"].sum() == 270


def test_crashes_in_degrees_fall_in_the_same_tiles(boston, extent):
    crashes = read_geo_layer(source(boston, "crashes"))
    tiles = create_tiles(extent, 150, crashes.crs)
    expected = join_attributes(tiles, crashes, statistics=["count"])["count"]
    assert join_attributes(tiles, crashes.to_crs(4326), statistics=["count"])["count"].tolist() == expected.tolist()


def test_tracts_cover_the_extent_and_their_people_are_apportioned(boston, extent):
    tracts = read_geo_layer(source(boston, "tracts1970"))
    tiles = create_tiles(extent, 150, tracts.crs)
    joined = join_layer(
        tiles, source(boston, "tracts1970"), JoinOptions(statistics=["share", "area", "sum"], fields=["POP"])
    )
    around = tiles.union_all()
    inside = shapely.area(shapely.intersection(np.asarray(tracts.geometry), around))
    assert joined["area"].sum() == pytest.approx(inside.sum(), rel=1e-9)
    assert joined["share"].sum() * 150**2 == pytest.approx(tracts.union_all().intersection(around).area, rel=1e-9)
    people = (tracts["POP"] * inside / tracts.area).sum()
    assert joined["POP_sum"].sum() == pytest.approx(people, rel=1e-9)
    assert isinstance(joined, gpd.GeoDataFrame)
