"""Attributes of tiles, against values worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st

from mmrisk_core import MMRiskError, Progress, create_tiles, join_attributes
from mmrisk_core.attributes import join
from mmrisk_core.geo.layer_io import read_layer
from mmrisk_core.geo.layer_source import LayerSource
from mmrisk_core.geo.layer_writing import write_layer
from mmrisk_core.geo.recipe import recipe_of
from tests.core.factories import assert_column, box, line, make_layer, make_tiles, place, plain, point, row_of_tiles

NAN = math.nan


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


# --- share, deviation, majority, distance ----------------------------------------------------------------------------


def test_share_of_a_polygon_with_a_hole_and_of_another_in_the_hole():
    ring = box(0, 0, 300, 100).difference(box(10, 10, 290, 90))
    assert_column(join_attributes(row_of_tiles(), make_layer([ring]), statistics=["share"]), "share", [0.28, 0.2, 0.28])
    both = make_layer([ring, box(120, 20, 180, 80)])
    assert_column(join_attributes(row_of_tiles(), both, statistics=["share"]), "share", [0.28, 0.56, 0.28])


def test_share_is_never_more_than_one_and_0_where_a_polygon_only_touches():
    layer = make_layer([box(-50, -50, 100, 150)] * 3)
    assert join_attributes(row_of_tiles(), layer, statistics=["share"])["share"].tolist() == [1, 0, 0]


def test_share_of_invalid_polygons():
    bow = shapely.Polygon([place(*p) for p in [(0, 0), (100, 100), (100, 0), (0, 100)]])
    layer = make_layer([bow, bow, box(0, 0, 50, 50), None, shapely.Polygon()])
    for tiles in (row_of_tiles(), row_of_tiles().drop(columns="row")):
        assert_column(join_attributes(tiles, layer, statistics=["share"]), "share", [0.625, 0, 0])


@given(st.lists(st.tuples(*[st.floats(0, 300)] * 4), min_size=1, max_size=6), st.booleans())
def test_share_is_that_of_the_union(corners, free):
    boxes = [box(min(a, c), min(b, d), max(a, c), max(b, d)) for a, b, c, d in corners]
    assume(all(b.area > 1e-3 for b in boxes))
    tiles = row_of_tiles().drop(columns=["row"] if free else [])
    expected = tiles.intersection(shapely.union_all(boxes)).area / 10_000
    joined = join_attributes(tiles, make_layer(boxes), statistics=["share"])
    assert joined["share"].to_numpy() == pytest.approx(expected.to_numpy(), abs=2e-9)


def test_deviation_is_weighted_by_area():
    zones = make_layer([box(0, 0, 75, 100), box(75, 0, 125, 100)], v=[4.0, 8.0])
    joined = join_attributes(row_of_tiles(), zones, statistics=["std", "mean"], fields=["v"])
    assert_column(joined, "v_mean", [5, 8, NAN])
    assert_column(joined, "v_std", [3**0.5, 0, NAN])


def test_a_small_deviation_around_a_large_mean_keeps_its_digits(monkeypatch):
    monkeypatch.setattr(join, "CHUNK", 7)
    layer = make_layer([point(1 + i, 10) for i in range(50)], value=1e9 + np.arange(50) % 2)
    joined = join_attributes(row_of_tiles(), layer, statistics=["std"], fields=["value"])
    # Of values of 1e9 the mean itself is known to 1e-7; by sums of squares nothing at all would be left.
    assert joined["value_std"].iloc[0] == pytest.approx(0.5, abs=1e-7)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, 2, 2], 2),
        (pd.array([2, 2, None], dtype="Int64"), 2),
        ([1.5, 1.5, NAN], 1.5),
        ([True, False, True], True),
        (pd.Categorical(["b", "b", "a"], categories=["b", "a"]), "b"),
        (pd.to_datetime(["2020-01-02", "2020-01-02", None]), pd.Timestamp("2020-01-02")),
        ([None, None, "x"], "x"),
    ],
)
def test_majority_of_fields_of_any_type_survives_a_geopackage(values, expected, tmp_path):
    layer = make_layer([point(10, 10), point(20, 20), point(30, 30)], v=values)
    joined = join_attributes(row_of_tiles(), layer, statistics=["majority"], fields=["v"])
    assert plain(joined["v_majority"]) == [expected, None, None]
    write_layer(joined, tmp_path / "tiles.gpkg")
    read = read_layer(LayerSource(path=str(tmp_path / "tiles.gpkg")))
    assert plain(read["v_majority"]) == [expected, None, None]


def test_majority_of_a_field_without_any_value_is_missing():
    layer = make_layer([point(10, 10), point(20, 20)], v=[None, None])
    joined = join_attributes(row_of_tiles(), layer, statistics=["majority"], fields=["v"])
    assert plain(joined["v_majority"]) == [None, None, None]


def test_distance_is_0_in_a_polygon_and_where_the_tile_is_touched():
    lines = make_layer([line((50, 50), (100, 50)), None, shapely.LineString()])
    assert_column(join_attributes(row_of_tiles(), lines, statistics=["distance"]), "distance", [0, 0, 100])
    around = make_layer([box(-100, -100, 250, 300)])
    assert_column(join_attributes(row_of_tiles(), around, statistics=["distance"]), "distance", [0, 0, 0])


def test_distance_is_in_metres_in_degrees_and_however_far():
    stops = make_layer([point(-30, 50)])
    joined = join_attributes(row_of_tiles().to_crs(4326), stops.to_crs(4326), statistics=["distance"])
    assert joined["distance"].tolist() == pytest.approx([30, 130, 230], abs=0.2)
    joined = join_attributes(row_of_tiles(), stops.to_crs(2249), statistics=["distance", "count"])
    assert joined["distance"].tolist() == pytest.approx([30, 130, 230], abs=1e-3)
    assert joined["count"].tolist() == [0, 0, 0]
    far = make_layer([point(1e6, 50), point(-2e6, 50)])
    expected = [1e6 - 100, 1e6 - 200, 1e6 - 300]
    assert_column(join_attributes(row_of_tiles(), far, statistics=["distance"]), "distance", expected)


def test_several_fields_and_statistics_at_once_come_in_order():
    points = [point(10, 10), point(20, 20), point(150, 50)]
    layer = make_layer(points, a=[1.0, 3.0, 5.0], b=[10, 10, 20], c=["x", "y", "y"])
    joined = join_attributes(row_of_tiles(), layer, statistics=["max", "count", "majority", "std"], fields=["b", "a"])
    columns = ["b_max", "a_max", "count", "b_majority", "a_majority", "b_std", "a_std"]
    assert joined.columns.tolist()[-7:] == columns == list(recipe_of(joined).joins[0].columns)
    assert joined.loc[0, columns].tolist() == [10, 3, 2, 10, 1, 0, 1]
    with pytest.raises(MMRiskError, match=r"field 'c' of layer 'things' is not a number.*majority"):
        join_attributes(row_of_tiles(), layer, statistics=["majority", "std"], fields=["b", "c"])


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
