"""The statistics of a join, against values worked out by hand; in parts as in one, and on all layouts of tiles."""

from __future__ import annotations

import math
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from factories import LEFT, TOP, make_layer, make_tiles, place
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mmrisk_core import MMRiskError, Progress, create_tiles, join_attributes
from mmrisk_core.attributes import join_layer, joining
from mmrisk_core.vectors import LayerSource, write_layer

NAN = math.nan
EVERY_STATISTIC = ["count", "area", "share", "sum", "mean", "min", "max", "std", "majority", "distance"]


def box(left: float, top: float, right: float, bottom: float) -> shapely.Polygon:
    return shapely.box(LEFT + left, TOP - bottom, LEFT + right, TOP - top)


def row_of_tiles(n: int = 3) -> gpd.GeoDataFrame:
    return make_tiles(rows=1, cols=n)


def assert_column(joined, name, values):
    assert joined[name].astype(float).tolist() == pytest.approx(values, nan_ok=True, rel=1e-9, abs=1e-9)


# --- one by one ------------------------------------------------------------------------------------------------------


def test_share_counts_overlapping_polygons_once_and_leaves_holes_out():
    ring = box(0, 0, 50, 100).difference(box(10, 10, 30, 60))
    layer = make_layer([ring, box(25, 0, 150, 100)])
    joined = join_attributes(row_of_tiles(), layer, statistics=["share", "area"])
    hole = 15 * 50
    assert_column(joined, "share", [(100 * 100 - hole) / 1e4, 0.5, 0])
    assert joined["area"].iloc[0] > 1e4 - hole


def test_shares_of_a_layer_without_gaps_add_up_to_one():
    layer = make_layer([box(-50, -50, 130, 200), box(130, -50, 400, 200)], zone=["a", "b"])
    tiles = row_of_tiles()
    parts = [join_attributes(tiles, layer.iloc[[i]], statistics=["share"])["share"] for i in (0, 1)]
    assert (sum(parts)).tolist() == pytest.approx([1, 1, 1])
    assert_column(join_attributes(tiles, layer, statistics=["share"]), "share", [1, 1, 1])


def test_the_deviation_is_that_of_the_population_weighted_as_the_mean():
    points = make_layer([shapely.Point(place(x, 10)) for x in (10, 20, 30, 40, 150)], v=[1.0, 2.0, 4.0, NAN, 7.0])
    joined = join_attributes(row_of_tiles(), points, statistics=["std", "mean"], fields=["v"])
    assert_column(joined, "v_std", [np.std([1, 2, 4]), 0, NAN])
    lines = make_layer(
        [shapely.LineString([place(0, 50), place(75, 50)]), shapely.LineString([place(0, 60), place(25, 60)])],
        v=[2.0, 10.0],
    )
    mean = (75 * 2 + 25 * 10) / 100
    expected = math.sqrt((75 * (2 - mean) ** 2 + 25 * (10 - mean) ** 2) / 100)
    assert_column(
        join_attributes(row_of_tiles(), lines, statistics=["std"], fields=["v"]), "v_std", [expected, NAN, NAN]
    )


def test_a_small_deviation_around_a_large_mean_keeps_its_digits(monkeypatch):
    monkeypatch.setattr(joining, "PART", 7)
    values = 1e9 + np.arange(50) % 2
    layer = make_layer([shapely.Point(place(1 + i, 10)) for i in range(50)], v=values)
    joined = join_attributes(row_of_tiles(), layer, statistics=["std"], fields=["v"])
    # Of values of 1e9, the mean itself is known to 1e-7.
    assert joined["v_std"].tolist() == pytest.approx([0.5, NAN, NAN], abs=1e-7, nan_ok=True)


def test_the_majority_is_by_measure_and_may_be_text():
    layer = make_layer(
        [box(0, 0, 60, 100), box(60, 0, 90, 100), box(90, 0, 130, 100), box(150, 0, 160, 100)],
        use=["wood", "road", "wood", None],
        code=[3, 1, 1, 5],
    )
    joined = join_attributes(row_of_tiles(), layer, statistics=["majority"], fields=["use", "code"])
    assert joined["use_majority"].tolist()[:2] == ["wood", "wood"]
    assert joined["use_majority"].isna().tolist() == [False, False, True]
    assert_column(joined, "code_majority", [3, 1, NAN])


def test_of_two_values_alike_the_majority_is_the_first_in_order():
    layer = make_layer([shapely.Point(place(x, 10)) for x in (10, 20)], kind=["b", "a"])
    joined = join_attributes(row_of_tiles(), layer, statistics=["majority"], fields=["kind"])
    assert joined["kind_majority"].iloc[0] == "a"


def test_text_and_integers_survive_a_file(tmp_path):
    layer = make_layer([box(0, 0, 60, 100)], use=["wood"], code=[3])
    joined = join_attributes(row_of_tiles(), layer, statistics=["majority"], fields=["use", "code"])
    again = gpd.read_file(write_layer(joined, tmp_path / "tiles.gpkg"))
    assert again["use_majority"].tolist()[0] == "wood"
    assert again["use_majority"].isna().sum() == 2
    assert again["code_majority"].iloc[0] == 3


@pytest.mark.parametrize(("crs", "metres"), [("EPSG:32619", 1.0), ("EPSG:2249", 0.3048006096)])
def test_distance_is_in_metres_from_the_edge_of_the_tile(crs, metres):
    tiles = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10)], crs=crs)
    tiles = tiles.translate(760_000, 2_900_000) if crs == "EPSG:2249" else tiles.translate(330_000, 4_690_000)
    tiles = gpd.GeoDataFrame(geometry=tiles)
    left, bottom, _, _ = tiles.total_bounds
    layer = gpd.GeoDataFrame(
        geometry=[shapely.Point(left - 30, bottom - 40), shapely.Point(left + 500, bottom)], crs=crs
    )
    joined = join_attributes(tiles, layer, statistics=["distance"])
    assert joined["distance"].tolist() == pytest.approx([50 * metres, math.hypot(40, 40) * metres], rel=1e-6)
    touching = gpd.GeoDataFrame(geometry=[shapely.Point(left + 10, bottom + 5)], crs=crs)
    assert join_attributes(tiles, touching, statistics=["distance"])["distance"].tolist() == [0, 0]


def test_without_any_feature_counts_are_zero_and_the_rest_is_missing():
    layer = make_layer([box(0, 0, 1, 1)], v=[1.0], use=["a"]).iloc[:0]
    fields = {"fields": ["v"]}
    joined = join_attributes(row_of_tiles(), layer, statistics=["count", "sum", "mean", "std", "distance"], **fields)
    assert joined["count"].tolist() == [0, 0, 0]
    for name in ("v_sum", "v_mean", "v_std", "distance"):
        assert joined[name].isna().all()


def test_distance_and_share_by_key_are_refused():
    layer = make_layer([box(0, 0, 10, 10)], title="zones", id=[0])
    with pytest.raises(MMRiskError, match="'zones' is joined by key, which gives no distance or share"):
        join_attributes(row_of_tiles(), layer, statistics=["share", "distance"], join_field="id", tile_field="tile_id")


# --- in parts, from files, on all layouts ----------------------------------------------------------------------------


@st.composite
def zones(draw) -> gpd.GeoDataFrame:
    number = st.floats(-50, 350)
    n = draw(st.integers(1, 14))
    boxes = []
    for _ in range(n):
        x, y = draw(number), draw(number)
        boxes.append(box(x, y, x + draw(st.floats(1, 200)), y + draw(st.floats(1, 200))))
    values = draw(st.lists(st.floats(-1e6, 1e6) | st.just(NAN), min_size=n, max_size=n))
    return make_layer(boxes, v=values)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(layer=zones())
def test_a_layer_in_parts_gives_what_it_gives_in_one(layer, monkeypatch):
    tiles = make_tiles(rows=3, cols=3)
    whole = join_attributes(tiles, layer, statistics=EVERY_STATISTIC, fields=["v"])
    with monkeypatch.context() as patch:
        patch.setattr(joining, "PART", 3)
        parts = join_attributes(tiles, layer, statistics=EVERY_STATISTIC, fields=["v"])
    for column in whole.columns.drop("geometry"):
        scale = max(1.0, np.nanmax(np.abs(whole[column].astype(float)), initial=0))
        close = np.isclose(
            whole[column].astype(float), parts[column].astype(float), rtol=1e-9, atol=1e-9 * scale, equal_nan=True
        )
        if column == "v_majority":
            # Two values may have areas alike to the last bit.
            continue
        assert close.all(), column


def test_a_file_gives_what_its_layer_gives(tmp_path, monkeypatch):
    rng = np.random.default_rng(0)
    corners = rng.uniform(-500, 900, (60, 2))
    layer = make_layer([box(x, y, x + 80, y + 40) for x, y in corners], title="zones", v=rng.normal(size=60))
    path = write_layer(layer, tmp_path / "zones.gpkg")
    tiles = make_tiles(rows=4, cols=4)
    expected = join_attributes(tiles, layer, statistics=EVERY_STATISTIC, fields=["v"])
    monkeypatch.setattr(joining, "PART", 7)
    joined = join_layer(tiles, LayerSource(path=str(path)), statistics=EVERY_STATISTIC, fields=["v"])
    pd.testing.assert_frame_equal(
        pd.DataFrame(joined.drop(columns="geometry")), pd.DataFrame(expected.drop(columns="geometry"))
    )
    elsewhere = join_layer(tiles, LayerSource(path=str(path), crs="EPSG:32618"), statistics=["count"])
    assert (elsewhere["count"] == 0).all()


def test_what_was_repaired_or_has_no_geometry_is_named(tmp_path):
    bow_tie = shapely.Polygon([place(0, 0), place(100, 100), place(100, 0), place(0, 100)])
    path = write_layer(make_layer([bow_tie, None, box(0, 0, 10, 10)], title="zones"), tmp_path / "zones.gpkg")
    said: list[str] = []
    joined = join_layer(
        row_of_tiles(), LayerSource(path=str(path)), statistics=["area", "distance"], progress=Progress(log=said.append)
    )
    assert joined["area"].iloc[0] == pytest.approx(5000 + 100)
    assert any("1 polygons of 'zones' were invalid" in sentence for sentence in said)
    assert any("1 features of 'zones' have no geometry" in sentence for sentence in said)


@pytest.mark.parametrize("layout", ["grid", "spaced", "lines", "points", "polygons"])
def test_all_layouts_of_tiles_take_all_statistics(layout):
    extent = (LEFT, TOP - 400, LEFT + 400, TOP)
    road = make_layer([shapely.LineString([place(10, 10), place(390, 350)])], title="road")
    stops = make_layer([shapely.Point(place(120, 130)), shapely.Point(place(300, 200))], title="stops")
    options = {
        "grid": {},
        "spaced": {"spacing": 50},
        "lines": {"layout": "lines", "layer": road, "spacing": 60},
        "points": {"layout": "points", "layer": stops},
        "polygons": {"layout": "polygons", "layer": make_layer([box(0, 0, 130, 90), box(200, 100, 380, 390)])},
    }[layout]
    tiles = create_tiles(extent, tile_size=100, crs="EPSG:32619", **options)
    layer = make_layer([box(30, 30, 240, 210), box(200, 150, 330, 380)], v=[1.0, 3.0], use=["a", "b"])
    joined = join_attributes(tiles, layer, statistics=EVERY_STATISTIC, fields=["v"])
    for i, tile in enumerate(tiles.geometry):
        pieces = shapely.area(shapely.intersection(tile, np.asarray(layer.geometry)))
        row = joined.iloc[i]
        assert row["area"] == pytest.approx(pieces.sum(), abs=1e-6)
        assert row["count"] == (pieces > 1e-6).sum()
        assert row["share"] == pytest.approx(tile.intersection(layer.union_all()).area / tile.area, abs=1e-9)
        assert row["distance"] == pytest.approx(min(tile.distance(g) for g in layer.geometry), abs=1e-9)
        if pieces.sum() > 1e-6:
            assert row["v_mean"] == pytest.approx((pieces * [1.0, 3.0]).sum() / pieces.sum())
            assert row["v_sum"] == pytest.approx((pieces / layer.area.to_numpy() * [1.0, 3.0]).sum())


# --- real data -------------------------------------------------------------------------------------------------------


def test_curves_heights_and_multi_parts_are_joined(torture):
    for name, statistic in (
        ("curve", "length"),
        ("curvepolygon", "area"),
        ("line_zm", "length"),
        ("multisurface", "area"),
    ):
        source = LayerSource(path=str(torture / "pyogrio" / f"{name}.gpkg"), crs="EPSG:32619")
        shape = gpd.read_file(source.path).geometry.iloc[0]
        x, y = shape.centroid.x, shape.centroid.y
        around = gpd.GeoDataFrame(geometry=[shapely.box(x - 50, y - 50, x + 50, y + 50)], crs="EPSG:32619")
        joined = join_layer(around, source, statistics=["count", statistic])
        assert joined["count"].tolist() == [1]
        assert joined[statistic].iloc[0] == pytest.approx(shape.length if statistic == "length" else shape.area)


@pytest.fixture(scope="module")
def boston(torture) -> Path:
    return torture.parent / "boston"


def test_the_roads_of_boston_are_as_long_over_the_tiles_as_inside_the_extent(boston):
    extent = (232924.0, 888896.5, 234424.0, 891896.5)
    tiles = create_tiles(extent, tile_size=50, crs="EPSG:26986")
    source = LayerSource(path=str(boston / "vectors" / "boston.gpkg"), layer="roads")
    joined = join_layer(tiles, source, statistics=["length"])
    roads = gpd.read_file(source.path, layer="roads").to_crs(26986).geometry
    expected = shapely.length(shapely.clip_by_rect(np.asarray(roads), *extent)).sum()
    assert joined["length"].sum() == pytest.approx(expected, rel=1e-9)
    free = join_attributes(tiles.drop(columns=["row", "col"]), roads.to_frame("geometry"), statistics=["length"])
    assert free["length"].to_numpy() == pytest.approx(joined["length"].to_numpy(), rel=1e-9, abs=1e-6)
