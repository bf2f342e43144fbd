"""Attributes of tiles, against values worked out by hand."""

from __future__ import annotations

import math

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from factories import LEFT, TOP, make_layer, make_tiles, place
from hypothesis import assume, given
from hypothesis import strategies as st

from mmrisk_core import MMRiskError, Progress, create_tiles, join_attributes
from mmrisk_core.attributes import TileCutter, join_layer, joining
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


def plain(column) -> list:
    """The values, None where missing."""
    return [None if pd.isna(value) else value for value in column]


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
    monkeypatch.setattr(joining, "PART", 7)
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
        patch.setattr(joining, "PART", 3)
        in_parts = join_attributes(tiles, make_layer(geometry, v=values), **options)
    for column in recipe_of(whole).joins[0].columns:
        assert in_parts[column].tolist() == pytest.approx(whole[column].tolist(), rel=1e-9, abs=1e-7, nan_ok=True)


def test_parts_of_text_and_of_keys_give_the_same_as_the_whole(monkeypatch):
    monkeypatch.setattr(joining, "PART", 2)
    layer = make_layer([point(x, 50) for x in (10, 20, 30, 40, 50)], kind=[None, None, "b", "a", "b"])
    joined = join_attributes(row_of_tiles(), layer, statistics=["majority"], fields=["kind"])
    assert plain(joined["kind_majority"]) == ["b", None, None]
    joined = by_key([7, 8, 9], [7, 7, 8, 7, 1], [1.0, 2.0, 5.0, 3.0, 9.0], ["count", "std", "majority"])
    assert joined["c_count"].tolist() == [3, 1, 0]
    assert_column(joined, "c_value_std", [(2 / 3) ** 0.5, 0, NAN])
    assert_column(joined, "c_value_majority", [1, 5, NAN])


def test_a_part_without_any_geometry_is_of_the_same_kind(tmp_path, monkeypatch):
    monkeypatch.setattr(joining, "PART", 2)
    layer = make_layer([line((5, 5), (15, 5)), None, None, None, line((5, 5), (25, 5))])
    assert_column(join_attributes(row_of_tiles(), layer, statistics=["length"]), "length", [30, 0, 0])
    write_layer(layer, tmp_path / "lines.gpkg")
    source = LayerSource(path=str(tmp_path / "lines.gpkg"))
    assert_column(join_layer(row_of_tiles(), source, statistics=["length", "distance"]), "length", [30, 0, 0])


# --- from a file -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["gpkg", "geojson", "fgb"])
@pytest.mark.parametrize("kind", SHAPES)
@pytest.mark.parametrize("part", [2, 200_000])
def test_a_file_of_any_kind_gives_the_same_as_the_layer(kind, suffix, part, tmp_path, monkeypatch):
    far = things(kind).iloc[:1].assign(geometry=lambda layer: layer.translate(20_000, 0))
    layer = pd.concat([far, things(kind), far], ignore_index=True).to_crs(4326)
    layer.attrs["title"] = "things"
    write_layer(layer, tmp_path / f"things.{suffix}")
    monkeypatch.setattr(joining, "PART", part)
    options = {"statistics": ["count", *MEASURES[kind], *NUMBERS], "fields": ["v"]}
    from_file = join_layer(make_tiles(2, 3), LayerSource(path=str(tmp_path / f"things.{suffix}")), **options)
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
    monkeypatch.setattr(TileCutter, "cut", lambda self, layer, kind: seen.append(len(layer)) or cut(self, layer, kind))
    joined = join_layer(row_of_tiles(), LayerSource(path=str(tmp_path / "stops.gpkg")), statistics=["count"])
    assert joined["count"].tolist() == [1, 0, 0]
    assert seen == [1]


@pytest.mark.parametrize("far", [0, 10_000])
def test_no_more_of_a_file_than_a_part_is_ever_read_at_once(far, tmp_path, monkeypatch):
    points = [point(10 + 3 * i + far * (i % 2), 10 + i) for i in range(60)]
    write_layer(make_layer(points), tmp_path / "stops.gpkg")
    read, seen = pyogrio.read_dataframe, []
    monkeypatch.setattr(joining, "PART", 7)
    monkeypatch.setattr(pyogrio, "read_dataframe", lambda *a, **o: seen.append(read(*a, **o)) or seen[-1])
    joined = join_layer(row_of_tiles(), LayerSource(path=str(tmp_path / "stops.gpkg")), statistics=["count"])
    assert joined["count"].sum() == (30 if far else 60)
    assert max(len(part) for part in seen) == 7


def test_the_crs_that_is_given_overrules_that_of_the_file(tmp_path):
    write_layer(make_layer([point(150, 50)], crs="EPSG:2249"), tmp_path / "stops.gpkg")
    source = LayerSource(path=str(tmp_path / "stops.gpkg"), crs="EPSG:32619")
    assert join_layer(row_of_tiles(), source, statistics=["count"])["count"].tolist() == [0, 1, 0]
    with pytest.raises(MMRiskError, match="'stops' has no coordinate reference system"):
        join_layer(row_of_tiles(), source.model_copy(update={"crs": ""}), statistics=["count"])


@pytest.mark.parametrize("kind", SHAPES)
def test_an_empty_file(kind, tmp_path):
    write_layer(things(kind).iloc[:0], tmp_path / "empty.gpkg")
    messages = []
    joined = join_layer(
        row_of_tiles(),
        LayerSource(path=str(tmp_path / "empty.gpkg")),
        statistics=["count", *MEASURES[kind], *NUMBERS, "majority", "distance"],
        fields=["v"],
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
    monkeypatch.setattr(joining, "PART", 2)
    make_layer([point(5, 5), point(6, 6), line((5, 5), (25, 5))]).to_file(tmp_path / "mixed.gpkg")
    with pytest.raises(MMRiskError, match="'mixed' mixes"):
        join_layer(row_of_tiles(), LayerSource(path=str(tmp_path / "mixed.gpkg")), statistics=["count"])


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
    assert (join_layer(tiles, source, statistics=["count"])["count"] == 1).all()


def test_countries_on_tiles_of_one_of_them(torture):
    path = torture / "pyogrio" / "naturalearth_lowres" / "naturalearth_lowres.shp"
    countries = read_layer(LayerSource(path=str(path)))
    tiles = create_tiles((300_000, 5_200_000, 900_000, 6_100_000), 60_000, "EPSG:32632")
    joined = join_layer(tiles, LayerSource(path=str(path)), statistics=["area", "count", "majority"], fields=["iso_a3"])
    near = countries.cx[0:25, 40:62].to_crs(32632).geometry
    expected = shapely.area(shapely.intersection(np.asarray(tiles.geometry)[:, None], np.asarray(near)))
    assert joined["area"].to_numpy() == pytest.approx(expected.sum(axis=1), rel=1e-9)
    assert joined["count"].tolist() == (expected > 1).sum(axis=1).tolist()
    assert {"DEU", "POL", "CZE"} <= set(joined["iso_a3_majority"])


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
    # The nearest may be any of them.
    with pytest.raises(MMRiskError, match="1 features of layer 'stops' lie outside"):
        join_attributes(row_of_tiles(), layer.iloc[:2], statistics=["count", "distance"])


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
