"""Attributes of tiles of every layout, joined as a whole, part by part and from files."""

from __future__ import annotations

import math

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st

from mmrisk_core import MMRiskError, Progress, create_tiles, join_attributes
from mmrisk_core.attributes import TileCutter, join, join_layer
from mmrisk_core.geo.layer_io import read_layer
from mmrisk_core.geo.layer_source import LayerSource
from mmrisk_core.geo.layer_writing import write_layer
from mmrisk_core.geo.recipe import JoinOptions, recipe_of
from tests.core.factories import LEFT, TOP, assert_column, box, line, make_layer, make_tiles, place, point, row_of_tiles

NAN = math.nan


# --- every layout ----------------------------------------------------------------------------------------------------

STREET = make_layer([line((0, 50), (400, 50))], "street")
CIRCLE = shapely.Point(place(60, 60)).buffer(50)
EXTENT = (LEFT, TOP - 200, LEFT + 300, TOP)
LAYOUTS = {
    "grid": make_tiles(2, 3),
    "grid in any order": make_tiles(2, 3).iloc[[4, 0, 5, 2, 1, 3]],
    "overlapping grid": create_tiles(EXTENT, 100, STREET.crs, spacing=40),
    "grid with gaps": create_tiles(EXTENT, 60, STREET.crs, spacing=100),
    "lines": create_tiles(tile_size=80, layout="lines", layer=STREET, spacing=50),
    "points": create_tiles(tile_size=90, layout="points", layer=make_layer([point(50, 50), point(90, 70)])),
    "polygons": create_tiles(layout="polygons", layer=make_layer([CIRCLE, box(90, 0, 300, 150), box(0, 60, 70, 200)])),
}
SHAPES = {
    "point": [point(33, 44), shapely.MultiPoint([point(61, 71), point(210, 33)]), point(77, 66), point(141, 51)],
    "line": [
        line((3, 5), (290, 160)),
        line((20, 190), (95, 7), (260, 55)),
        shapely.MultiLineString([line((70, 71), (130, 71)), line((205, 20), (205, 130))]),
        line((11, 50), (11, 95)),
    ],
    "polygon": [
        box(10, 20, 130, 90),
        shapely.Point(place(120, 90)).buffer(60),
        shapely.MultiPolygon([box(50, 50, 71, 170), box(220, 120, 280, 180).difference(box(240, 140, 260, 150))]),
        box(201, 5, 295, 199),
    ],
}
MEASURES = {"point": [], "line": ["length"], "polygon": ["area", "share"]}
NUMBERS = ["sum", "mean", "min", "max", "std"]


def things(kind: str) -> gpd.GeoDataFrame:
    return make_layer(SHAPES[kind], v=[1.0, 4.0, NAN, 2.5], use=["b", "a", "a", None])


def measure(geometry, kind: str) -> np.ndarray:
    """Metres or square metres; 1 for points, wherever there are any."""
    geometry = np.asarray(geometry)
    of_kind = {"point": lambda g: (~shapely.is_empty(g)).astype(float), "line": shapely.length, "polygon": shapely.area}
    return of_kind[kind](geometry)


@pytest.mark.parametrize("kind", SHAPES)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_statistic_on_every_layout_is_as_one_would_work_it_out(layout, kind):
    tiles, layer = LAYOUTS[layout], things(kind)
    statistics = ["count", "distance", *MEASURES[kind], *NUMBERS]
    joined = join_attributes(tiles, layer, statistics=statistics, fields=["v"])
    joined = join_attributes(joined, layer, statistics=["majority"], fields=["use"])
    assert joined.index.tolist() == tiles.index.tolist()
    whole = measure(layer.geometry, kind)
    for (_, row), tile in zip(joined.iterrows(), tiles.geometry, strict=True):
        part = measure(layer.intersection(tile), kind)
        assert row["count"] == (part > 1e-6).sum()
        assert row["distance"] == pytest.approx(layer.distance(tile).min(), abs=1e-9)
        for name in MEASURES[kind]:
            expected = layer.intersection(tile).union_all().area / tile.area if name == "share" else part.sum()
            assert row[name] == pytest.approx(expected, rel=1e-9)
        known = (part > 1e-6) & layer["v"].notna().to_numpy()
        found = row[[f"v_{statistic}" for statistic in NUMBERS]].tolist()
        if known.any():
            v, weight = layer["v"].to_numpy()[known], part[known]
            mean = np.average(v, weights=weight)
            deviation = np.average((v - mean) ** 2, weights=weight) ** 0.5
            expected = [(v * weight / whole[known]).sum(), mean, v.min(), v.max(), deviation]
            assert found == pytest.approx(expected, rel=1e-9, abs=1e-7)
        else:
            assert np.isnan(found).all()
        totals = pd.Series(part)[part > 1e-6].groupby(layer["use"]).sum()
        assert row["use_majority"] == totals.idxmax() if len(totals) else pd.isna(row["use_majority"])


# --- part by part ----------------------------------------------------------------------------------------------------

MAKE = {
    "point": lambda x, y, width: point(x, y),
    "line": lambda x, y, width: line((x, y), (x + width, y + width / 2)),
    "polygon": lambda x, y, width: box(x, y, x + width, y + width),
}
features = st.tuples(st.floats(-50, 320), st.floats(-50, 120), st.floats(1, 150), st.integers(0, 3) | st.none())


@pytest.mark.parametrize("free", [False, True])
@pytest.mark.parametrize("kind", MAKE)
@given(st.lists(features | st.none(), min_size=1, max_size=14))
def test_parts_of_a_layer_give_the_same_as_the_whole(kind, free, several):
    geometry = [None if feature is None else MAKE[kind](*feature[:3]) for feature in several]
    assume(any(geometry))
    values = [NAN if feature is None or feature[3] is None else float(feature[3]) for feature in several]
    tiles = row_of_tiles().drop(columns=["row"] if free else [])
    options = {"statistics": ["count", "distance", *MEASURES[kind], *NUMBERS], "fields": ["v"]}
    whole = join_attributes(tiles, make_layer(geometry, v=values), **options)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(join, "CHUNK", 3)
        in_parts = join_attributes(tiles, make_layer(geometry, v=values), **options)
    for column in recipe_of(whole).joins[0].columns:
        assert in_parts[column].tolist() == pytest.approx(whole[column].tolist(), rel=1e-9, abs=1e-7, nan_ok=True)


def test_a_part_without_any_geometry_is_of_the_same_kind(tmp_path, monkeypatch):
    monkeypatch.setattr(join, "CHUNK", 2)
    layer = make_layer([line((5, 5), (15, 5)), None, None, None, line((5, 5), (25, 5))])
    assert_column(join_attributes(row_of_tiles(), layer, statistics=["length"]), "length", [30, 0, 0])
    write_layer(layer, tmp_path / "lines.gpkg")
    source = LayerSource(path=str(tmp_path / "lines.gpkg"))
    assert_column(
        join_layer(row_of_tiles(), source, JoinOptions(statistics=["length", "distance"])), "length", [30, 0, 0]
    )


# --- from a file -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["gpkg", "geojson", "fgb"])
@pytest.mark.parametrize("kind", SHAPES)
@pytest.mark.parametrize("part", [2, 200_000])
def test_a_file_of_any_kind_gives_the_same_as_the_layer(kind, suffix, part, tmp_path, monkeypatch):
    far = things(kind).iloc[:1].assign(geometry=lambda layer: layer.translate(20_000, 0))
    layer = pd.concat([far, things(kind), far], ignore_index=True).to_crs(4326)
    layer.attrs["title"] = "things"
    write_layer(layer, tmp_path / f"things.{suffix}")
    monkeypatch.setattr(join, "CHUNK", part)
    options = {"statistics": ["count", *MEASURES[kind], *NUMBERS], "fields": ["v"]}
    from_file = join_layer(
        make_tiles(2, 3), LayerSource(path=str(tmp_path / f"things.{suffix}")), JoinOptions(**options)
    )
    expected = join_attributes(make_tiles(2, 3), layer, **options)
    for column in recipe_of(expected).joins[0].columns:
        # GeoJSON keeps 7 decimals, a centimetre.
        assert from_file[column].tolist() == pytest.approx(expected[column].tolist(), rel=1e-3, nan_ok=True)
        if suffix != "geojson":
            assert from_file[column].tolist() == pytest.approx(expected[column].tolist(), rel=1e-12, nan_ok=True)
    assert recipe_of(from_file) == recipe_of(expected)


def test_no_more_of_a_file_is_read_than_lies_near_the_tiles(tmp_path, monkeypatch):
    points = [point(50 + 10_000 * i, 50) for i in range(30)]
    write_layer(make_layer(points), tmp_path / "stops.gpkg")
    cut, seen = TileCutter.cut, []
    monkeypatch.setattr(
        TileCutter, "cut", lambda self, layer, *more: seen.append(len(layer)) or cut(self, layer, *more)
    )
    joined = join_layer(
        row_of_tiles(), LayerSource(path=str(tmp_path / "stops.gpkg")), JoinOptions(statistics=["count"])
    )
    assert joined["count"].tolist() == [1, 0, 0]
    assert seen == [1]


@pytest.mark.parametrize("far", [0, 10_000])
def test_no_more_of_a_file_than_a_part_is_ever_read_at_once(far, tmp_path, monkeypatch):
    points = [point(10 + 3 * i + far * (i % 2), 10 + i) for i in range(60)]
    write_layer(make_layer(points), tmp_path / "stops.gpkg")
    read, seen = pyogrio.read_dataframe, []
    monkeypatch.setattr(join, "CHUNK", 7)
    monkeypatch.setattr(pyogrio, "read_dataframe", lambda *a, **o: seen.append(read(*a, **o)) or seen[-1])
    joined = join_layer(
        row_of_tiles(), LayerSource(path=str(tmp_path / "stops.gpkg")), JoinOptions(statistics=["count"])
    )
    assert joined["count"].sum() == (30 if far else 60)
    assert max(len(part) for part in seen) == 7


def test_the_crs_that_is_given_overrules_that_of_the_file(tmp_path):
    write_layer(make_layer([point(150, 50)], crs="EPSG:2249"), tmp_path / "stops.gpkg")
    source = LayerSource(path=str(tmp_path / "stops.gpkg"), crs="EPSG:32619")
    assert join_layer(row_of_tiles(), source, JoinOptions(statistics=["count"]))["count"].tolist() == [0, 1, 0]
    with pytest.raises(MMRiskError, match="'stops' has no coordinate reference system"):
        join_layer(row_of_tiles(), source.model_copy(update={"crs": ""}), JoinOptions(statistics=["count"]))


@pytest.mark.parametrize("kind", SHAPES)
def test_an_empty_file(kind, tmp_path):
    write_layer(things(kind).iloc[:0], tmp_path / "empty.gpkg")
    messages = []
    joined = join_layer(
        row_of_tiles(),
        LayerSource(path=str(tmp_path / "empty.gpkg")),
        JoinOptions(statistics=["count", *MEASURES[kind], *NUMBERS, "majority", "distance"], fields=["v"]),
        progress=Progress(log=messages.append),
    )
    for name in ["count", *MEASURES[kind]]:
        assert_column(joined, name, [0, 0, 0])
    for name in [*(f"v_{statistic}" for statistic in NUMBERS), "v_majority", "distance"]:
        assert_column(joined, name, [NAN] * 3)
    assert messages == ["No feature of 'empty' lies in any tile. Check that both are in the right place."]


def test_features_without_a_place_are_named(tmp_path):
    nan_corner = shapely.linestrings([place(10, 5), (NAN, NAN), place(20, 5), place(30, 5)], handle_nan="allow")
    nan_polygon = shapely.Polygon([place(0, 0), (NAN, NAN), place(9, 9), place(9, 0)])
    roads = [line((110, 5), (120, 5)), None, shapely.LineString(), nan_corner, line((5, 5), (15, 5))]
    zones = [box(110, 0, 120, 1), None, shapely.Polygon(), nan_polygon, box(5, 0, 15, 1)]
    stops = [point(110, 5), None, shapely.Point(), shapely.Point(NAN, NAN), point(5, 5)]
    for geometry, name, per_tile in ((roads, "length", 10), (zones, "share", 0.001), (stops, "count", 1)):
        layer = make_layer(geometry, "places")
        for tiles in (row_of_tiles(), row_of_tiles().drop(columns="row")):
            messages = []
            progress = Progress(log=messages.append)
            joined = join_attributes(tiles, layer, statistics=[name, "distance"], progress=progress)
            assert_column(joined, name, [per_tile, per_tile, 0])
            assert joined["distance"].tolist()[:2] == [0, 0]
            assert messages == ["3 features of 'places' have no geometry and take no part."]


def test_a_file_whose_later_parts_are_of_another_kind_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(join, "CHUNK", 2)
    make_layer([point(5, 5), point(6, 6), line((5, 5), (25, 5))]).to_file(tmp_path / "mixed.gpkg")
    with pytest.raises(MMRiskError, match="'mixed' mixes"):
        join_layer(row_of_tiles(), LayerSource(path=str(tmp_path / "mixed.gpkg")), JoinOptions(statistics=["count"]))


def test_features_on_the_last_metres_of_tiles_in_another_crs_are_not_lost():
    # In degrees the edges of a wide row of tiles are curved by more than a tile.
    tiles = create_tiles((300_000, 4_690_000 - 10, 500_000, 4_690_000), 10, "EPSG:32619")
    middles = make_layer(list(tiles.centroid), crs="EPSG:32619")
    assert (join_attributes(tiles, middles.to_crs(4326), statistics=["count"])["count"] == 1).all()


def test_tiles_across_the_date_line(tmp_path):
    tiles = create_tiles((170_000, 8_000_000, 210_000, 8_010_000), 1000, "EPSG:32701")
    middles = make_layer(list(tiles.centroid), crs="EPSG:32701").to_crs(4326)
    assert middles.total_bounds[0] < -179
    assert middles.total_bounds[2] > 179
    assert (join_attributes(tiles, middles, statistics=["count"])["count"] == 1).all()
    source = LayerSource(path=str(write_layer(middles, tmp_path / "middles.gpkg")))
    assert (join_layer(tiles, source, JoinOptions(statistics=["count"]))["count"] == 1).all()


def test_countries_on_tiles_of_one_of_them(torture):
    path = torture / "pyogrio" / "naturalearth_lowres" / "naturalearth_lowres.shp"
    countries = read_layer(LayerSource(path=str(path)))
    tiles = create_tiles((300_000, 5_200_000, 900_000, 6_100_000), 60_000, "EPSG:32632")
    joined = join_layer(
        tiles, LayerSource(path=str(path)), JoinOptions(statistics=["area", "count", "majority"], fields=["iso_a3"])
    )
    near = countries.cx[0:25, 40:62].to_crs(32632).geometry
    expected = shapely.area(shapely.intersection(np.asarray(tiles.geometry)[:, None], np.asarray(near)))
    assert joined["area"].to_numpy() == pytest.approx(expected.sum(axis=1), rel=1e-9)
    assert joined["count"].tolist() == (expected > 1).sum(axis=1).tolist()
    assert {"DEU", "POL", "CZE"} <= set(joined["iso_a3_majority"])
