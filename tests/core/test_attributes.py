"""Attributes of tiles, against values worked out by hand."""

from __future__ import annotations

import math

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from factories import LEFT, TOP, make_layer, make_tiles, place
from hypothesis import assume, given
from hypothesis import strategies as st

from mmrisk_core import MMRiskError, Progress, create_tiles, join_attributes
from mmrisk_core.recipe import recipe_of
from mmrisk_core.vectors import LayerSource, read_layer, write_layer

NAN = math.nan


def point(x: float, y: float) -> shapely.Point:
    return shapely.Point(place(x, y))


def line(*points: tuple[float, float]) -> shapely.LineString:
    return shapely.LineString([place(*p) for p in points])


def box(left: float, top: float, right: float, bottom: float) -> shapely.Polygon:
    return shapely.box(LEFT + left, TOP - bottom, LEFT + right, TOP - top)


def row_of_tiles(n: int = 3, **options) -> gpd.GeoDataFrame:
    return make_tiles(rows=1, cols=n, **options)


def assert_column(joined, name, values):
    assert joined[name].tolist() == pytest.approx(values, nan_ok=True)


# --- points, lines, polygons -----------------------------------------------------------------------------------------


def test_points():
    layer = make_layer([point(10, 10), point(90, 10), point(150, 50)], value=[2.0, 4.0, 7.0])
    joined = join_attributes(
        row_of_tiles(), layer, statistics=["count", "sum", "mean", "min", "max"], fields=["value"], prefix="p_"
    )
    assert joined["p_count"].tolist() == [2, 1, 0]
    assert joined["p_count"].dtype == np.int64
    assert_column(joined, "p_value_sum", [6, 7, NAN])
    assert_column(joined, "p_value_mean", [3, 7, NAN])
    assert_column(joined, "p_value_min", [2, 7, NAN])
    assert_column(joined, "p_value_max", [4, 7, NAN])


def test_a_point_on_a_shared_edge_is_in_the_tile_right_of_or_below_it_only():
    layer = make_layer([point(100, 50), point(0, 0), point(50, 100), point(200, 200)])
    joined = join_attributes(make_tiles(rows=2, cols=2), layer, statistics=["count"])
    assert joined["count"].tolist() == [1, 1, 1, 0]


def test_the_points_of_a_multipoint_are_one_feature():
    points = shapely.MultiPoint([point(10, 10), point(20, 20), point(150, 50)])
    joined = join_attributes(row_of_tiles(), make_layer([points]), statistics=["count"])
    assert joined["count"].tolist() == [1, 1, 0]


def test_lines_are_cut_at_the_edge_and_their_values_apportioned():
    layer = make_layer([line((50, 50), (200, 50)), line((110, 10), (110, 60))], lanes=[3.0, 9.0])
    joined = join_attributes(
        row_of_tiles(), layer, statistics=["count", "length", "sum", "mean", "min", "max"], fields=["lanes"]
    )
    assert joined["count"].tolist() == [1, 2, 0]
    assert_column(joined, "length", [50, 150, 0])
    assert_column(joined, "lanes_sum", [1, 2 + 9, NAN])
    assert_column(joined, "lanes_mean", [3, (3 * 100 + 9 * 50) / 150, NAN])
    assert_column(joined, "lanes_min", [3, 3, NAN])
    assert_column(joined, "lanes_max", [3, 9, NAN])


def test_polygons_are_cut_at_the_edge_and_their_values_apportioned():
    layer = make_layer([box(50, 0, 150, 100), box(150, 0, 175, 100)], people=[100.0, 60.0])
    joined = join_attributes(
        row_of_tiles(), layer, statistics=["count", "area", "sum", "mean", "max"], fields=["people"], prefix="z_"
    )
    assert joined["z_count"].tolist() == [1, 2, 0]
    assert_column(joined, "z_area", [5000, 7500, 0])
    assert_column(joined, "z_people_sum", [50, 50 + 60, NAN])
    assert_column(joined, "z_people_mean", [100, (100 * 5000 + 60 * 2500) / 7500, NAN])
    assert_column(joined, "z_people_max", [100, 100, NAN])


def test_a_polygon_that_only_touches_a_tile_is_not_in_it():
    joined = join_attributes(row_of_tiles(), make_layer([box(100, 0, 200, 100)]), statistics=["count", "area"])
    assert joined["count"].tolist() == [0, 1, 0]


def test_zones_that_nest_in_tiles_but_for_rounding_are_in_one_tile_each():
    tiles = make_tiles(rows=6, cols=6, size=33.3)
    size = 33.3
    zones = [
        box(col * size - 1e-9, row * size - 1e-9, (col + 1) * size + 1e-9, (row + 1) * size + 1e-9)
        for row in range(6)
        for col in range(6)
    ]
    layer = make_layer(zones, number=np.arange(36.0))
    joined = join_attributes(tiles, layer, statistics=["count", "min", "max", "area"], fields=["number"])
    assert joined["count"].tolist() == [1] * 36
    assert joined["number_min"].tolist() == joined["number_max"].tolist() == list(range(36))
    assert_column(joined, "area", [size**2] * 36)


def test_a_line_that_ends_on_an_edge_but_for_rounding_is_not_in_the_next_tile():
    layer = make_layer([line((10, 50), (100 + 1e-9, 50))])
    assert join_attributes(row_of_tiles(), layer, statistics=["count"])["count"].tolist() == [1, 0, 0]


def test_a_line_without_length_counts_and_keeps_its_value():
    layer = make_layer([line((150, 50), (150, 50))], lanes=[4.0])
    joined = join_attributes(row_of_tiles(), layer, statistics=["count", "length", "sum", "mean"], fields=["lanes"])
    assert joined["count"].tolist() == [0, 1, 0]
    assert_column(joined, "length", [0, 0, 0])
    assert_column(joined, "lanes_sum", [NAN, 4, NAN])
    assert_column(joined, "lanes_mean", [NAN, 4, NAN])


places = st.tuples(st.floats(0, 300), st.floats(0, 200))


@given(st.lists(st.tuples(places, places, st.floats(-1e3, 1e3)), min_size=1, max_size=8))
def test_apportioned_sums_and_lengths_add_up_to_those_of_the_layer(lines):
    lines = [(a, b, v) for a, b, v in lines if abs(a[0] - b[0]) + abs(a[1] - b[1]) > 1]
    assume(lines)
    layer = make_layer([line(a, b) for a, b, _ in lines] + [None], value=[v for *_, v in lines] + [5.0])
    # One more tile to the right and below, so that the half-open grid holds all lines.
    joined = join_attributes(make_tiles(rows=3, cols=4), layer, statistics=["length", "sum"], fields=["value"])
    assert joined["length"].sum() == pytest.approx(layer.length.sum(), rel=1e-7, abs=1e-5)
    assert joined["value_sum"].sum() == pytest.approx(sum(v for *_, v in lines), rel=1e-6, abs=1e-5)


# --- gaps, places, units ---------------------------------------------------------------------------------------------


def test_missing_and_infinite_values_take_no_part():
    layer = make_layer([point(10, 10), point(20, 20), point(150, 50), point(30, 30)])
    layer["value"] = [NAN, 6.0, math.inf, -1.797693134862315e308]
    joined = join_attributes(row_of_tiles(), layer, statistics=["count", "mean", "sum"], fields=["value"])
    assert joined["count"].tolist() == [3, 1, 0]
    assert_column(joined, "value_mean", [6, NAN, NAN])
    assert_column(joined, "value_sum", [6, NAN, NAN])


def test_a_whole_number_field_with_null_from_a_file(tmp_path):
    layer = make_layer([point(10, 10), point(20, 20)], lanes=pd.array([4, None], dtype="Int64"))
    write_layer(layer, tmp_path / "roads.gpkg")
    read = read_layer(LayerSource(path=str(tmp_path / "roads.gpkg")))
    assert_column(
        join_attributes(row_of_tiles(), read, statistics=["mean"], fields=["lanes"]), "lanes_mean", [4, NAN, NAN]
    )


def test_yes_and_no_with_gaps_are_numbers():
    layer = make_layer([point(10, 10), point(20, 20), point(30, 30)], lit=[True, False, None])
    assert_column(
        join_attributes(row_of_tiles(), layer, statistics=["mean"], fields=["lit"]), "lit_mean", [0.5, NAN, NAN]
    )


def test_features_without_geometry_lie_nowhere():
    layer = make_layer([None, shapely.Point(), point(10, 10)], value=[1.0, 2.0, 3.0])
    joined = join_attributes(row_of_tiles(), layer, statistics=["count", "sum"], fields=["value"])
    assert joined["count"].tolist() == [1, 0, 0]
    assert_column(joined, "value_sum", [3, NAN, NAN])
    polygons = make_layer([None, shapely.Polygon(), box(0, 0, 10, 10)])
    assert join_attributes(row_of_tiles(), polygons, statistics=["count"])["count"].tolist() == [1, 0, 0]


@pytest.mark.parametrize("statistics", [["count", "length"], ["count", "area"], ["count", "mean"]])
def test_an_empty_layer_gives_empty_tiles_not_an_error(statistics, tmp_path):
    kind = {"length": "LineString", "area": "Polygon", "mean": "Point"}[statistics[1]]
    one = {"LineString": line((0, 0), (1, 1)), "Polygon": box(0, 0, 1, 1), "Point": point(0, 0)}[kind]
    write_layer(make_layer([one], value=[1.0]).iloc[:0], tmp_path / "empty.gpkg")
    messages = []
    joined = join_attributes(
        row_of_tiles(),
        read_layer(LayerSource(path=str(tmp_path / "empty.gpkg"))),
        statistics=statistics,
        fields=["value"],
        progress=Progress(log=messages.append),
    )
    assert joined["count"].tolist() == [0, 0, 0]
    assert_column(joined, {"mean": "value_mean"}.get(statistics[1], statistics[1]), [NAN if kind == "Point" else 0] * 3)
    assert "'empty'" in messages[0]


def test_a_layer_in_another_crs_lands_in_the_same_tiles():
    layer = make_layer([line((50, 50), (250, 50))])
    joined = join_attributes(row_of_tiles(), layer.to_crs(4326), statistics=["length"])
    assert_column(joined, "length", pytest.approx([50, 100, 50], rel=1e-5))


def test_length_and_area_are_in_metres_in_a_crs_of_feet():
    tiles = create_tiles((770_000, 2_950_000, 770_600, 2_950_300), 100, "EPSG:2249")
    left, bottom, right, top = tiles.total_bounds
    across = shapely.LineString([(left, (top + bottom) / 2), (right, (top + bottom) / 2)])
    joined = join_attributes(tiles, make_layer([across], crs="EPSG:2249"), statistics=["length"])
    assert_column(joined, "length", [100, 100])
    joined = join_attributes(tiles, make_layer([shapely.box(left, bottom, right, top)], crs=2249), statistics=["area"])
    assert_column(joined, "area", [10_000, 10_000])


def test_tiles_in_degrees_are_measured_in_metres():
    tiles = row_of_tiles().to_crs(4326)
    joined = join_attributes(tiles, make_layer([box(0, 0, 300, 100)]), statistics=["area", "count"])
    assert joined["area"].tolist() == pytest.approx([10_000] * 3, rel=1e-3)
    assert joined.crs.to_epsg() == 4326


def test_free_polygons():
    circle = shapely.Point(place(0, 0)).buffer(50)
    tiles = make_layer([circle, box(40, 0, 200, 10)], title="zones", zone=["a", "b"])
    lines = make_layer([line((0, 0), (100, 0)), line((300, 0), (400, 0))], lanes=[2.0, 4.0])
    joined = join_attributes(tiles, lines, statistics=["length", "count", "mean"], fields=["lanes"])
    assert_column(joined, "length", [50, 60])
    assert joined["count"].tolist() == [1, 1]
    points = make_layer([point(45, 1), point(45, 9)], value=[1.0, 3.0])
    assert join_attributes(tiles, points, statistics=["count"])["count"].tolist() == [2, 2]
    areas = join_attributes(tiles, make_layer([box(0, -50, 100, 0)]), statistics=["area"])["area"]
    assert areas.tolist() == pytest.approx([circle.area / 4, 0])


def test_a_polygon_that_crosses_itself_is_repaired(tmp_path):
    bow = shapely.Polygon([place(*p) for p in [(0, 0), (100, 100), (100, 0), (0, 100)]])
    layer = make_layer([bow])
    direct = join_attributes(row_of_tiles(), layer, statistics=["area"])
    assert_column(direct, "area", [5000, 0, 0])
    write_layer(layer, tmp_path / "bow.gpkg")
    read = read_layer(LayerSource(path=str(tmp_path / "bow.gpkg")))
    assert read.geometry.is_valid.all()
    assert_column(join_attributes(row_of_tiles(), read, statistics=["area"]), "area", [5000, 0, 0])


def test_heights_do_not_count():
    layer = make_layer([shapely.LineString([(*place(0, 50), 0.0), (*place(100, 50), 500.0)])])
    assert_column(join_attributes(row_of_tiles(), layer, statistics=["length"]), "length", [100, 0, 0])


def test_tiles_under_a_mask_keep_their_own_values():
    tiles = make_tiles(rows=2, cols=3).iloc[[5, 1]]
    layer = make_layer([point(150, 50), point(250, 150), point(50, 50)], value=[1.0, 2.0, 3.0])
    joined = join_attributes(tiles, layer, statistics=["sum"], fields=["value"])
    assert_column(joined, "value_sum", [2, 1])
    assert joined.index.tolist() == [5, 1]


# --- joins by key ----------------------------------------------------------------------------------------------------


def by_key(tile_keys, layer_keys, values, statistics=("sum", "count")):
    tiles = row_of_tiles(len(tile_keys)).assign(zone=tile_keys)
    table = pd.DataFrame({"id": layer_keys, "value": values})
    table.attrs["title"] = "census"
    return join_attributes(
        tiles, table, statistics=statistics, fields=["value"], join_field="id", tile_field="zone", prefix="c_"
    )


@pytest.mark.parametrize("tile_keys", [[7, 8, 9], ["7", "8", "9"], [7.0, 8.0, NAN]])
@pytest.mark.parametrize("layer_keys", [[7, 7, 8], ["7", "7", "8"], [7.0, 7.0, 8.0]])
def test_keys_match_as_number_and_as_text(tile_keys, layer_keys):
    joined = by_key(tile_keys, layer_keys, [1.0, 2.0, 5.0])
    assert_column(joined, "c_value_sum", [3, 5, NAN])
    assert joined["c_count"].tolist() == [2, 1, 0]


def test_text_keys_and_missing_keys():
    joined = by_key(["A1", None, "B2"], ["B2", None, "A1"], [1.0, 2.0, 3.0])
    assert_column(joined, "c_value_sum", [3, NAN, 1])


@pytest.mark.parametrize("gap", [[], [None]])
def test_long_keys_are_told_apart_to_the_last_digit(gap):
    keys = ["250250001001234567891", "250250001001234567892", "12345678901234567", "12345678901234568"]
    joined = by_key(keys + gap, keys + gap, [1.0, 2.0, 3.0, 4.0] + [9.0] * len(gap))
    assert_column(joined, "c_value_sum", [1, 2, 3, 4] + [NAN] * len(gap))


def test_a_join_by_key_has_no_length_or_area():
    layer = make_layer([line((0, 0), (100, 0))], title="roads", id=[0])
    with pytest.raises(MMRiskError, match="'roads' is joined by key"):
        join_attributes(row_of_tiles(), layer, statistics=["length"], join_field="id", tile_field="tile_id")
    zones = make_layer([box(0, 0, 10, 10)], title="zones", id=[0])
    with pytest.raises(MMRiskError, match="key"):
        join_attributes(row_of_tiles(), zones, statistics=["area"], join_field="id", tile_field="tile_id")


# --- what does not fit -----------------------------------------------------------------------------------------------

ROADS = make_layer([line((0, 0), (1, 1))], title="roads", lanes=[2.0], name=["Main St"])
TABLE = pd.DataFrame({"id": [1]})
TABLE.attrs["title"] = "census"


@pytest.mark.parametrize(
    ("layer", "options", "words"),
    [
        (ROADS, {"statistics": []}, "at least one statistic of 'roads'"),
        (ROADS, {"statistics": ["share"]}, "'roads' has no polygons, so it covers no share"),
        (ROADS, {"statistics": ["sum"]}, "'sum' of 'roads' needs a field"),
        (ROADS, {"statistics": ["sum"], "fields": ["width"]}, "'roads' has no field 'width'.*lanes"),
        (ROADS, {"statistics": ["sum"], "fields": ["name"]}, "field 'name' of layer 'roads' is not a number"),
        (ROADS, {"statistics": ["area"]}, "'roads' has no polygons"),
        (make_layer([point(0, 0)], "stops"), {"statistics": ["length"]}, "'stops' has no lines"),
        (
            make_layer([point(0, 0), line((0, 0), (1, 1))], "mix"),
            {"statistics": ["count"]},
            "'mix' mixes point and line",
        ),
        (make_layer([point(0, 0)], "lost", crs=None), {"statistics": ["count"]}, "'lost' has no coordinate reference"),
        (ROADS, {"statistics": ["count"], "join_field": "lanes"}, "needs both fields"),
        (ROADS, {"statistics": ["count"], "join_field": "id", "tile_field": "tile_id"}, "'roads' has no field 'id'"),
        (ROADS, {"statistics": ["count"], "join_field": "lanes", "tile_field": "id"}, "tiles have no field 'id'"),
        (TABLE, {"statistics": ["count"]}, "'census' is a table without geometry"),
    ],
)
def test_what_does_not_fit_is_named_with_its_layer_and_field(layer, options, words):
    with pytest.raises(MMRiskError, match=words):
        join_attributes(row_of_tiles(), layer, **options)


def test_no_tiles_are_named():
    tiles = row_of_tiles().iloc[:0]
    with pytest.raises(MMRiskError, match="'tiles' is empty"):
        join_attributes(tiles, ROADS, statistics=["count"])


def test_features_on_the_other_side_of_the_earth_do_no_harm():
    inside = shapely.Point(*gpd.GeoSeries([point(50, 50)], crs="EPSG:32619").to_crs(4326).iloc[0].coords[0])
    layer = make_layer([inside, shapely.Point(-71, 95), shapely.Point(110, -40)], title="stops", crs="EPSG:4326")
    assert join_attributes(row_of_tiles(), layer, statistics=["count"])["count"].tolist() == [1, 0, 0]


# --- recipe ----------------------------------------------------------------------------------------------------------


def test_the_recipe_grows_and_survives_a_geopackage(tmp_path):
    tiles = join_attributes(row_of_tiles(), ROADS, statistics=["count"], prefix="roads_")
    stops = make_layer([point(0, 0)], title="stops", seats=[4.0])
    tiles = join_attributes(tiles, stops, statistics=["mean", "mean"], fields=["seats"], prefix="stops_")
    write_layer(tiles, tmp_path / "tiles.gpkg")
    recipe = recipe_of(read_layer(LayerSource(path=str(tmp_path / "tiles.gpkg"))))
    assert recipe == recipe_of(tiles)
    assert recipe.tiles.tile_size == 100
    assert [(j.layer, j.geometry, j.fields, j.statistics, j.prefix) for j in recipe.joins] == [
        ("roads", "line", (), ("count",), "roads_"),
        ("stops", "point", ("seats",), ("mean",), "stops_"),
    ]


def test_a_second_join_of_a_layer_keeps_the_first_unless_it_makes_the_same_columns():
    tiles = join_attributes(row_of_tiles(), ROADS, statistics=["count"], prefix="roads_")
    both = join_attributes(tiles, ROADS, statistics=["length"], prefix="roads_")
    assert {"roads_count", "roads_length"} <= set(both.columns)
    assert [join.statistics for join in recipe_of(both).joins] == [("count",), ("length",)]
    again = join_attributes(tiles, ROADS, statistics=["count", "length"], prefix="roads_")
    assert [join.statistics for join in recipe_of(again).joins] == [("count", "length")]


def test_the_input_is_left_as_it_was():
    tiles = row_of_tiles()
    before = tiles.copy()
    join_attributes(tiles, ROADS, statistics=["count"])
    assert tiles.equals(before)
    assert recipe_of(tiles).joins == ()
