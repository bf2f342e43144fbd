"""Tiles in all layouts: exact spacings, true metres, nothing outside the extent, sentences for what does not fit."""

from __future__ import annotations

import json
import math

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from mmrisk_core import MMRiskError, Progress, create_tiles, join_attributes, label_tiles, train_model
from mmrisk_core.geo.layer_io import read_geo_layer
from mmrisk_core.geo.layer_source import LayerSource
from mmrisk_core.geo.layer_writing import write_layer
from mmrisk_core.geo.recipe import Recipe, TilesStep, parse_recipe, recipe_of
from mmrisk_core.jobs import make_job
from mmrisk_core.tiles.followed_layer import read_followed_layer
from mmrisk_core.tiles.grid import grid_of
from tests.core.factories import LEFT, QUICK, TOP, UTM, make_layer, make_tiles, place

GEOD = pyproj.Geod(ellps="WGS84")
metres = st.floats(-2000, 2000, allow_nan=False)
spacings = st.floats(5, 900, allow_nan=False)
places = st.tuples(metres, metres)
CORNER = np.array([LEFT, TOP])
BOSTON = (-71.11, 42.27, -71.09, 42.29)


def line(*points):
    return shapely.LineString([place(*point) for point in points])


@st.composite
def paths(draw):
    points = draw(st.lists(places, min_size=2, max_size=6, unique=True))
    path = line(*points)
    return path if path.length > 1 else line((0, 0), (100, 0))


def along(geometry, spacing=None, size=50.0, **options):
    return create_tiles(
        tile_size=size, layout="lines", layer=make_layer(geometry, title="roads"), spacing=spacing, **options
    )


def middles(tiles):
    left, bottom, right, top = shapely.bounds(tiles.geometry.array).T
    return np.column_stack([(left + right) / 2, (bottom + top) / 2])


def in_degrees(geometry, crs="EPSG:4326", title="things"):
    """A layer whose geometry is given in degrees, in another CRS."""
    layer = gpd.GeoDataFrame(geometry=list(geometry), crs=4326).to_crs(crs)
    layer.attrs["title"] = title
    return layer


def assert_true_squares(tiles, size):
    for square in tiles.to_crs(4326).geometry:
        x, y = shapely.get_coordinates(square).T
        assert GEOD.line_lengths(x, y) == pytest.approx([size] * 4, rel=1e-3)


# --- grid with a spacing ---------------------------------------------------------------------------------------------


@st.composite
def spaced(draw, overlapping=False):
    size = draw(st.floats(20, 500))
    spacing = draw(st.floats(20, size if overlapping else 500))
    width, height = draw(st.floats(30, 2500)), draw(st.floats(30, 2500))
    extent = (LEFT, TOP - height, LEFT + width, TOP)
    return extent, size, spacing, create_tiles(extent, size, UTM, spacing=spacing)


@given(spaced())
def test_rows_and_columns_of_a_spaced_grid_count_its_steps(case):
    extent, size, spacing, tiles = case
    left, bottom, right, top = shapely.bounds(tiles.geometry.array).T
    np.testing.assert_allclose(left, extent[0] + tiles["col"] * spacing, atol=1e-6)
    np.testing.assert_allclose(top, extent[3] - tiles["row"] * spacing, atol=1e-6)
    np.testing.assert_allclose([right - left, top - bottom], size, atol=1e-6)
    assert tiles["tile_id"].tolist() == list(range(len(tiles)))
    assert len(tiles) == (tiles["row"].max() + 1) * (tiles["col"].max() + 1)


@given(spaced())
def test_a_spaced_grid_reaches_the_far_edges_but_not_beyond(case):
    extent, size, spacing, tiles = case
    left, bottom, right, top = shapely.bounds(tiles.geometry.array).T
    assert (left < extent[2]).all()
    assert (top > extent[1]).all()
    reach = max(spacing - size, 0) + 1e-5
    assert right.max() >= extent[2] - reach
    assert bottom.min() <= extent[1] + reach
    if tiles["col"].max() > 0:
        short = tiles["col"] < tiles["col"].max()
        assert right[short].max() < extent[2] + 1e-5


@given(spaced(overlapping=True), st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=20, max_size=40))
def test_overlapping_tiles_cover_every_place_as_often_as_they_overlap(case, places):
    extent, size, spacing, tiles = case
    x = extent[0] + np.array([p[0] for p in places]) * (extent[2] - extent[0])
    y = extent[3] - np.array([p[1] for p in places]) * (extent[3] - extent[1])
    left, bottom, right, top = (edge[:, None] for edge in shapely.bounds(tiles.geometry.array).T)
    eps = 1e-5
    holding = ((left - eps <= x) & (x <= right + eps) & (bottom - eps <= y) & (y <= top + eps)).sum(axis=0)
    assert (holding >= 1).all()
    inside = (x > extent[0] + size) & (x < right.max() - size) & (y < extent[3] - size) & (y > bottom.min() + size)
    each_way = size / spacing
    assert (holding[inside] >= math.floor(each_way) ** 2).all()
    assert (holding[inside] <= (math.ceil(each_way) + 1) ** 2).all()


def test_half_a_tile_of_spacing_puts_every_inner_place_in_four_tiles():
    tiles = create_tiles((LEFT, TOP - 400, LEFT + 400, TOP), 100, UTM, spacing=50)
    assert len(tiles) == 7 * 7
    rng = np.random.default_rng(1)
    events = make_layer(list(shapely.points(LEFT + rng.uniform(51, 349, 200), TOP - rng.uniform(51, 349, 200))))
    assert label_tiles(tiles, events)["events"].sum() == 4 * 200


@pytest.mark.parametrize("spacing", [50, 99, 150])
def test_tiles_that_overlap_or_leave_gaps_are_no_partition(spacing):
    tiles = create_tiles((LEFT, TOP - 400, LEFT + 400, TOP), 100, UTM, spacing=spacing)
    assert grid_of(tiles) is None
    assert grid_of(tiles[tiles["row"] == 1]) is None
    assert recipe_of(tiles).tiles == TilesStep(layout="grid", tile_size=100, spacing=spacing)


def test_a_spacing_of_one_tile_is_the_plain_grid():
    plain, spaced = make_tiles(), make_tiles(spacing=100)
    assert spaced.geometry.geom_equals_exact(plain.geometry, 0).all()
    assert grid_of(spaced) is not None
    assert recipe_of(spaced) == recipe_of(plain) == Recipe(tiles=TilesStep(layout="grid", tile_size=100))


def test_an_extent_smaller_than_a_tile_is_one_tile():
    assert len(create_tiles((LEFT, TOP - 5, LEFT + 5, TOP), 100, UTM, spacing=10)) == 1


# --- along lines -----------------------------------------------------------------------------------------------------


@given(st.lists(paths(), min_size=1, max_size=5), spacings)
def test_tiles_stand_on_their_line_exactly_the_spacing_apart(lines, spacing):
    tiles = along(lines, spacing)
    for number, path in enumerate(lines):
        own = tiles[tiles["source_id"] == number]
        assert len(own) == max(1, math.ceil(path.length / spacing * (1 - 1e-9)))
        position = own["position"].to_numpy()
        np.testing.assert_allclose(np.diff(position), spacing, atol=1e-6)
        # What is left over is shared by both ends.
        assert position[0] == pytest.approx(path.length - position[-1], abs=1e-6)
        assert 0 < position[0] <= spacing / 2 + 1e-6
        points = shapely.points(middles(own))
        assert shapely.distance(path, points).max() < 1e-6
        assert shapely.distance(path.interpolate(position), points).max() < 1e-6
    assert tiles["tile_id"].tolist() == list(range(len(tiles)))
    assert tiles["source_id"].is_monotonic_increasing


@given(paths(), st.floats(20, 300))
def test_tiles_a_tile_apart_leave_no_part_of_a_line_uncovered(path, size):
    covered = shapely.union_all(along([path], size=size).geometry.array).buffer(1e-6)
    assert path.difference(covered).length == 0


@pytest.mark.parametrize(("length", "positions"), [(300, [50, 150, 250]), (350, [25, 125, 225, 325]), (40, [20])])
def test_positions_by_hand(length, positions):
    tiles = along([line((0, 0), (length, 0))], spacing=100)
    assert tiles["position"].tolist() == pytest.approx(positions)
    assert middles(tiles)[:, 0] - LEFT == pytest.approx(positions)


@pytest.mark.parametrize("spacing", [10, 0.3, 33.3, 70 / 3])
def test_a_line_of_whole_spacings_gives_exactly_that_many(spacing):
    lines = [line((0.1, 0.1), (0.1 + n * spacing, 0.1)) for n in range(1, 60)]
    assert along(lines, spacing)["source_id"].value_counts(sort=False).tolist() == list(range(1, 60))


@given(st.lists(paths(), min_size=2, max_size=4), spacings)
def test_parts_of_a_line_are_measured_one_after_another(parts, spacing):
    tiles = along([line((0, 0), (0, 77)), shapely.MultiLineString(parts)], spacing)
    own = tiles[tiles["source_id"] == 1]
    total = sum(part.length for part in parts)
    assert len(own) == max(1, math.ceil(total / spacing * (1 - 1e-9)))
    np.testing.assert_allclose(np.diff(own["position"]), spacing, atol=1e-6)
    begins = np.cumsum([0, *(part.length for part in parts)])
    for position, middle in zip(own["position"], middles(own), strict=True):
        if np.abs(begins - position).min() < 1e-6:
            continue
        part = int(np.searchsorted(begins, position)) - 1
        expected = parts[part].interpolate(position - begins[part])
        assert expected.distance(shapely.Point(middle)) < 1e-6


def test_a_part_without_length_takes_no_tile():
    parts = shapely.MultiLineString(
        [[place(0, 0), place(10, 0)], [place(9, 9), place(9, 9)], [place(50, 0), place(60, 0)]]
    )
    tiles = along([parts], spacing=20)
    assert tiles["position"].tolist() == [10]
    assert middles(along([parts], spacing=10))[:, 0] - LEFT == pytest.approx([5, 55])


def test_the_size_is_the_spacing_where_none_is_given():
    path = line((0, 0), (990, 0))
    assert along([path]).equals(along([path], spacing=50))
    assert recipe_of(along([path])).tiles == TilesStep(
        layout="lines", tile_size=50, spacing=50, layer="roads", geometry="line"
    )


@pytest.mark.filterwarnings("ignore:invalid value encountered in linestrings")
def test_what_has_no_length_is_left_out_and_counted():
    messages = []
    nowhere = shapely.LineString([place(1, 1), (math.nan, math.nan)])
    far = shapely.LineString([place(1, 1), (math.inf, 0)])
    point_like = line((5, 5), (5, 5))
    lines = [line((0, 0), (10, 0)), point_like, None, shapely.LineString(), nowhere, far, line((0, 0), (9, 0))]
    tiles = along(lines, progress=Progress(log=messages.append))
    assert tiles["source_id"].tolist() == [0, 6]
    assert messages == ["5 of 7 geometries of 'roads' are missing, empty or without length and carry no tile."]


def test_lines_in_a_collection_are_lines():
    inner = shapely.MultiLineString([[place(0, 0), place(10, 0)], [place(50, 0), place(60, 0)]])
    tiles = along([shapely.GeometryCollection([shapely.Point(place(3, 3)), inner, line((80, 0), (90, 0))])], spacing=10)
    assert middles(tiles)[:, 0] - LEFT == pytest.approx([5, 55, 85])


def test_heights_do_not_count():
    steep = shapely.LineString([(LEFT, TOP, 0), (LEFT + 100, TOP, 9999)])
    tiles = along([steep], spacing=100)
    assert tiles["position"].tolist() == [50]
    assert not tiles.has_z.any()


def test_same_lines_same_tiles():
    rng = np.random.default_rng(3)
    lines = list(shapely.linestrings(rng.uniform(0, 3000, (200, 4, 2)) + CORNER))
    first, second = along(lines, 70), along(lines, 70)
    assert first.to_wkb().equals(second.to_wkb())
    alone = along(lines[150:151], 70)
    of_many = first[first["source_id"] == 150]
    np.testing.assert_allclose(middles(alone), middles(of_many), rtol=0, atol=1e-7)


# --- around points ---------------------------------------------------------------------------------------------------


def around(geometry, size=50.0, **options):
    return create_tiles(tile_size=size, layout="points", layer=make_layer(geometry, title="junctions"), **options)


@given(st.lists(places, min_size=1, max_size=20), st.floats(1, 500))
def test_every_point_is_the_middle_of_its_tile(spots, size):
    points = [shapely.Point(place(*spot)) for spot in spots]
    tiles = around(points, size)
    np.testing.assert_allclose(middles(tiles), [place(*spot) for spot in spots], atol=1e-6)
    left, bottom, right, top = shapely.bounds(tiles.geometry.array).T
    np.testing.assert_allclose([right - left, top - bottom], size, atol=1e-6)
    assert tiles["source_id"].tolist() == list(range(len(spots)))
    assert (tiles["position"] == 0).all()


def test_every_part_of_a_multipoint_has_a_tile():
    messages = []
    parts = shapely.multipoints([place(0, 0), (math.nan, 1.0), place(200, 0)])
    points = [None, shapely.Point(place(9, 9)), parts, shapely.Point(), shapely.points(math.nan, math.nan)]
    tiles = around(points, progress=Progress(log=messages.append))
    assert tiles["source_id"].tolist() == [1, 2, 2]
    assert tiles["position"].tolist() == [0, 0, 2]
    assert tiles["tile_id"].tolist() == [0, 1, 2]
    assert messages == ["3 of 5 geometries of 'junctions' are missing or empty and carry no tile."]
    assert recipe_of(tiles).tiles == TilesStep(layout="points", tile_size=50, layer="junctions", geometry="point")


# --- the polygons themselves -----------------------------------------------------------------------------------------


def zones(geometry, crs=UTM):
    return make_layer(geometry, title="zones", crs=crs)


def test_polygons_are_the_tiles():
    messages = []
    block = shapely.box(*place(0, 100), *place(100, 0))
    two = shapely.MultiPolygon(
        [shapely.box(*place(200, 50), *place(250, 0)), shapely.box(*place(300, 50), *place(350, 0))]
    )
    layer = zones([block, None, two, shapely.Polygon(), block.buffer(50)])
    tiles = create_tiles(
        layout="polygons", layer=layer, tile_size=-1, spacing=-1, progress=Progress(log=messages.append)
    )
    assert tiles["source_id"].tolist() == [0, 2, 4]
    assert list(tiles.columns) == ["tile_id", "source_id", "position", "geometry"]
    assert tiles.geometry.geom_equals(layer.geometry.iloc[[0, 2, 4]].reset_index(drop=True)).all()
    assert tiles.crs == layer.crs
    assert recipe_of(tiles).tiles == TilesStep(layout="polygons", tile_size=100, layer="zones", geometry="polygon")
    assert messages[0] == "2 of 5 geometries of 'zones' are missing, empty or without area and carry no tile."
    assert "square of 100 m" in messages[1]


def test_polygons_that_cross_themselves_or_hold_lines_are_repaired():
    bow = shapely.Polygon([place(0, 0), place(90, 90), place(90, 0), place(0, 90)])
    flat = shapely.Polygon([place(0, 0), place(90, 0), place(50, 0)])
    mixed = shapely.GeometryCollection([shapely.box(*place(0, 10), *place(10, 0)), line((0, 0), (500, 0))])
    tiles = create_tiles(layout="polygons", layer=zones([bow, flat, mixed]))
    assert tiles["source_id"].tolist() == [0, 2]
    assert tiles.is_valid.all()
    assert tiles.area.tolist() == pytest.approx([2 * 90 * 45 / 2, 100])
    assert set(tiles.geom_type) <= {"Polygon", "MultiPolygon"}


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:3857", "EPSG:2249", None])
def test_polygons_need_no_metric_crs_and_their_typical_width_is_in_metres(crs):
    boxes = [shapely.box(*place(i * 200, 200), *place(i * 200 + 200, 0)) for i in range(5)]
    tiles = create_tiles(layout="polygons", layer=zones(boxes), crs=crs)
    assert tiles.crs == pyproj.CRS(crs or UTM)
    assert recipe_of(tiles).tiles.tile_size == pytest.approx(200, rel=2e-3)


def test_polygons_around_the_world_stay_where_they_are():
    world = zones([shapely.box(-180, -90, -170, -80), shapely.box(170, 80, 180, 90), shapely.box(0, 0, 10, 10)], 4326)
    assert len(create_tiles(layout="polygons", layer=world)) == 3


# --- metres, whatever the CRS ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:2249", "EPSG:3857", "EPSG:26986"])
@pytest.mark.parametrize("given_crs", [True, False])
def test_sides_and_spacings_are_metres_on_the_ground(crs, given_crs):
    path = shapely.LineString([(-71.11, 42.27), (-71.09, 42.29)])
    options = {"crs": crs} if given_crs else {}
    stored = "EPSG:4326" if given_crs else crs
    roads = in_degrees([path], stored, "roads")
    tiles = create_tiles(tile_size=120, layout="lines", layer=roads, spacing=200, **options)
    assert_true_squares(tiles, 120)
    points = gpd.GeoSeries(gpd.points_from_xy(*middles(tiles).T), crs=tiles.crs).to_crs(4326)
    gaps = GEOD.line_lengths(points.x, points.y)
    assert gaps == pytest.approx(np.full(len(gaps), 200), rel=1e-3)
    assert np.diff(tiles["position"]) == pytest.approx(np.full(len(gaps), 200))
    length = GEOD.geometry_length(path)
    assert len(tiles) == math.ceil(length / 200)
    around_ends = create_tiles(
        tile_size=120, layout="points", layer=in_degrees(shapely.points(path.coords), stored), **options
    )
    assert_true_squares(around_ends, 120)


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:2249", "EPSG:3857"])
def test_overlapping_grids_are_metres_on_the_ground(crs):
    extent = gpd.GeoSeries([shapely.box(*BOSTON)], crs=4326).to_crs(crs).total_bounds
    tiles = create_tiles(tuple(extent), 400, crs, spacing=300)
    assert_true_squares(tiles.iloc[[0, -1]], 400)
    two = gpd.GeoSeries(gpd.points_from_xy(*middles(tiles)[:2].T), crs=tiles.crs).to_crs(4326)
    assert GEOD.line_lengths(two.x, two.y) == pytest.approx([300], rel=1e-3)
    asked = shapely.box(*extent)
    assert asked.difference(tiles.to_crs(crs).union_all()).area < 1e-5 * asked.area


@pytest.mark.parametrize("crs", [None, "EPSG:3857"])
def test_a_stray_point_at_zero_does_not_move_the_zone(crs):
    points = in_degrees(shapely.points([-71.11, -71.1, 0.0], [42.27, 42.28, 0.0]))
    tiles = create_tiles(tile_size=120, crs=crs, layout="points", layer=points)
    assert tiles.crs.to_epsg() == 32619
    assert_true_squares(tiles.iloc[:2], 120)


def test_another_crs_is_named_in_the_log():
    messages = []
    roads = in_degrees([shapely.LineString([(-71.11, 42.27), (-71.09, 42.29)])])
    create_tiles(layout="lines", layer=roads, progress=Progress(log=messages.append))
    assert messages == ["A unit of WGS 84 is not a fixed length, so the tiles are laid out in WGS 84 / UTM zone 19N."]


# --- extent and mask -------------------------------------------------------------------------------------------------


@settings(max_examples=10)
@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), min_size=1, max_size=30))
def test_neighbouring_extents_share_no_tile_and_lose_none(spots):
    points = [shapely.Point(place(x * 50, y * 50)) for x, y in spots]
    found = []
    for row in range(-1, 4):
        for col in range(-1, 5):
            extent = (LEFT + 100 * col, TOP - 100 * row - 100, LEFT + 100 * col + 100, TOP - 100 * row)
            try:
                kept = around(points, 77.7, extent=extent)
            except MMRiskError:
                continue
            x, y = middles(kept).round(3).T
            assert ((extent[0] <= x) & (x < extent[2]) & (extent[1] < y) & (y <= extent[3])).all()
            assert kept["tile_id"].tolist() == list(range(len(kept)))
            found += kept["source_id"].tolist()
    inside = [i for i, (x, y) in enumerate(spots) if x * 50 < 500 and y * 50 < 400]
    assert sorted(found) == inside


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:3857", "EPSG:2249"])
def test_an_extent_is_one_of_the_crs_even_where_the_tiles_lie_in_another(crs):
    rng = np.random.default_rng(1)
    x, y = rng.uniform(-71.15, -71.05, 300), rng.uniform(42.23, 42.33, 300)
    points = in_degrees(shapely.points(x, y), "EPSG:26986")
    extent = tuple(gpd.GeoSeries([shapely.box(*BOSTON)], crs=4326).to_crs(crs).total_bounds)
    in_crs = points.to_crs(crs).geometry
    inside = (in_crs.x >= extent[0]) & (in_crs.x < extent[2]) & (in_crs.y > extent[1]) & (in_crs.y <= extent[3])
    kept = create_tiles(extent, 50, crs, layout="points", layer=points)
    assert 5 < len(kept) < 200
    assert kept["source_id"].tolist() == np.flatnonzero(inside).tolist()


def test_an_extent_keeps_polygons_by_a_point_inside():
    ring = shapely.Point(place(500, 500)).buffer(300).difference(shapely.Point(place(500, 500)).buffer(200))
    inner = shapely.Point(place(500, 500)).buffer(50)
    small = (place(420, 0)[0], place(0, 580)[1], place(580, 0)[0], place(0, 420)[1])
    kept = create_tiles(small, layout="polygons", layer=zones([ring, inner]))
    assert kept["source_id"].tolist() == [1]


def test_lines_are_laid_out_whole_whatever_the_extent():
    path = line((0, 0), (1000, 0))
    whole = along([path], 70)
    part = along([path], 70, extent=(LEFT + 300, TOP - 10, LEFT + 600, TOP + 10))
    assert 0 < len(part) < len(whole)
    assert set(part["position"]) <= set(whole["position"])


def test_only_features_near_the_extent_need_to_fit_the_crs():
    roads = in_degrees(
        [shapely.LineString([(-71.1, 42.28), (-71.1, 42.281)]), shapely.LineString([(109, 89.9), (109, 90)])],
        title="roads",
    )
    tiles = create_tiles(BOSTON, 50, layout="lines", layer=roads)
    assert set(tiles["source_id"]) == {0}
    assert tiles.crs.to_epsg() == 32619


def test_across_the_180th_meridian():
    points = in_degrees(shapely.points([179.9999, -179.9999], [-17.0, -17.0]), "EPSG:4326")
    fiji = points.to_crs(3460)
    extent = tuple(fiji.buffer(100).total_bounds)
    assert len(create_tiles(extent, 50, 3460, layout="points", layer=points)) == 2


@pytest.mark.parametrize("layout", ["lines", "points", "polygons"])
def test_a_mask_holds_for_all_layouts_and_ids_stay(layout):
    layers = {
        "lines": make_layer([line((0, 0), (1000, 0))]),
        "points": make_layer([shapely.Point(place(x, 0)) for x in range(25, 1000, 50)]),
        "polygons": make_layer([shapely.box(*place(x, 25), *place(x + 50, -25)) for x in range(0, 1000, 50)]),
    }
    mask = make_layer([shapely.box(*place(110, 10), *place(190, -10))])
    tiles = create_tiles(tile_size=50, layout=layout, layer=layers[layout], mask=mask.to_crs(4326))
    assert tiles["tile_id"].tolist() == [2, 3]
    assert tiles["source_id"].tolist() == ([0, 0] if layout == "lines" else [2, 3])


# --- joins, labels, training -----------------------------------------------------------------------------------------


def test_joins_and_labels_on_tiles_along_lines():
    roads = make_layer([line((0, 0), (300, 0)), line((150, -150), (150, 150))], title="roads")
    tiles = create_tiles(tile_size=100, layout="lines", layer=roads)
    joined = join_attributes(tiles, roads, statistics=["count", "length"], prefix="roads_")
    assert joined["roads_length"].tolist() == pytest.approx([100, 200, 100, 100, 200, 100])
    crash_in_two_tiles = make_layer([shapely.Point(place(140, 10))], title="crashes")
    labelled = label_tiles(joined, crash_in_two_tiles)
    assert labelled["events"].tolist() == [0, 1, 0, 0, 1, 0]
    assert recipe_of(labelled).layers == (("roads", "line"), ("roads", "line"))


def test_joins_on_overlapping_tiles_count_as_free_polygons_do():
    tiles = create_tiles((LEFT, TOP - 400, LEFT + 400, TOP), 100, UTM, spacing=60)
    rng = np.random.default_rng(2)
    points = make_layer(list(shapely.points(rng.uniform(0, 400, (50, 2)) * [1, -1] + CORNER)))
    roads = make_layer(list(shapely.linestrings(rng.uniform(0, 400, (20, 3, 2)) * [1, -1] + CORNER)))
    counted = join_attributes(tiles, points, statistics=["count"])["count"]
    assert counted.tolist() == [int(points.within(tile).sum()) for tile in tiles.geometry]
    metres_of_road = join_attributes(tiles, roads, statistics=["length"])["length"]
    assert metres_of_road.tolist() == pytest.approx([roads.intersection(t).length.sum() for t in tiles.geometry])


@pytest.fixture(scope="module")
def on_roads(town, tmp_path_factory):
    """A model of tiles along the town's roads, saved."""
    roads = read_followed_layer(LayerSource(path=str(town.roads)))
    tiles = create_tiles(tile_size=60, layout="lines", layer=roads, spacing=40)
    return _trained(tiles, town, tmp_path_factory.mktemp("on_roads") / "model.safetensors")


def _trained(tiles, town, path):
    roads = read_geo_layer(LayerSource(path=str(town.roads)))
    tiles = join_attributes(tiles, roads, statistics=["length"], prefix="roads_")
    tiles = label_tiles(tiles, read_geo_layer(LayerSource(path=str(town.crashes))))
    train_model(tiles, "label", ["roads_length"], **{**QUICK, "epochs": 1, "folds": 2}).save(path)
    return path


def map_risk(model, layers, folder, extent=(LEFT + 200, TOP - 900, LEFT + 700, TOP - 100)):
    make_job("map", {
        "extent": extent, "crs": UTM, "model": str(model), "layers": [str(layer) for layer in layers],
        "device": "cpu", "output": str(folder / "risk.gpkg"),
    }).run(Progress())  # fmt: skip
    return read_geo_layer(LayerSource(path=str(folder / "risk.gpkg")))


def test_a_map_lays_tiles_along_lines_again(town, on_roads, tmp_path):
    roads = read_followed_layer(LayerSource(path=str(town.roads)))
    extent = (LEFT + 200, TOP - 900, LEFT + 700, TOP - 100)
    expected = create_tiles(extent, 60, UTM, layout="lines", layer=roads, spacing=40)
    mapped = map_risk(on_roads, [town.roads, town.roads], tmp_path)
    for column in ("tile_id", "source_id", "position"):
        assert mapped[column].tolist() == expected[column].tolist()
    np.testing.assert_allclose(middles(mapped), middles(expected), rtol=0, atol=1e-7)
    given_once = map_risk(on_roads, [town.roads], tmp_path)
    assert given_once["risk"].tolist() == mapped["risk"].tolist()
    with pytest.raises(MMRiskError, match=r"takes 2 layers \('roads', 'roads'\), in this order; 3 were given"):
        map_risk(on_roads, [town.roads] * 3, tmp_path)
    with pytest.raises(MMRiskError, match="'crashes' has points, but tiles along lines need lines"):
        map_risk(on_roads, [town.crashes, town.roads], tmp_path)


def test_a_map_lays_an_overlapping_grid_again(town, tmp_path):
    tiles = create_tiles(tuple(town.tiles.total_bounds), 100, UTM, spacing=80)
    model = _trained(tiles, town, tmp_path / "model.safetensors")
    mapped = map_risk(model, [town.roads], tmp_path)
    expected = create_tiles((LEFT + 200, TOP - 900, LEFT + 700, TOP - 100), 100, UTM, spacing=80)
    assert len(mapped) == len(expected) == 6 * 10
    assert (shapely.bounds(mapped.geometry.array) == shapely.bounds(expected.geometry.array)).all()


def test_a_map_takes_polygons_again(town, tmp_path):
    write_layer(town.tiles[["geometry"]], tmp_path / "blocks.gpkg")
    blocks = read_followed_layer(LayerSource(path=str(tmp_path / "blocks.gpkg")))
    model = _trained(create_tiles(layout="polygons", layer=blocks), town, tmp_path / "model.safetensors")
    mapped = map_risk(model, [tmp_path / "blocks.gpkg", town.roads], tmp_path)
    assert len(mapped) == 40
    assert set(mapped["source_id"]) <= set(blocks.index)


# --- jobs, files, recipes --------------------------------------------------------------------------------------------


@pytest.fixture
def files(tmp_path):
    road = line((0, 0), (300, 0))
    layers = {
        "lines": make_layer([line((0, 9), (9, 9)), road], title="lines"),
        "points": make_layer([shapely.Point(place(1, 1)), shapely.Point(place(50, 50))], title="points"),
        "polygons": make_layer([road.buffer(5), road.buffer(50)], title="polygons"),
    }
    for name, layer in layers.items():
        write_layer(layer, tmp_path / f"{name}.gpkg")
    return tmp_path


@pytest.mark.parametrize("layout", ["lines", "points", "polygons"])
def test_the_job_lays_tiles_after_a_file_and_names_its_features(files, layout):
    output = files / "tiles.gpkg"
    parameters = {"layout": layout, "input": str(files / f"{layout}.gpkg"), "tile_size": 80, "output": str(output)}
    result = make_job("tiles", parameters).run(Progress())
    tiles = read_geo_layer(LayerSource(path=str(output)))
    assert list(tiles.columns) == ["tile_id", "source_id", "position", "geometry"]
    assert set(tiles["source_id"]) == {1, 2}
    assert result["tile_count"] == len(tiles) == (5 if layout == "lines" else 2)
    assert recipe_of(tiles) == parse_recipe(result["recipe"])
    assert recipe_of(tiles).tiles.layer == layout


def test_source_ids_are_those_of_the_file(tmp_path):
    layer = make_layer([shapely.Point(place(i, i)) for i in range(5)])
    layer.to_file(tmp_path / "points.shp")
    read = read_followed_layer(LayerSource(path=str(tmp_path / "points.shp")))
    assert create_tiles(layout="points", layer=read.iloc[2:])["source_id"].tolist() == [2, 3, 4]
    assert create_tiles(layout="points", layer=layer.iloc[2:])["source_id"].tolist() == [0, 1, 2]
    named = layer.set_index(pd.Index(["a", "b", "c", "d", "e"], name="fid"))
    assert create_tiles(layout="points", layer=named)["source_id"].tolist() == [0, 1, 2, 3, 4]


def test_the_job_of_an_overlapping_grid(tmp_path):
    parameters = {
        "extent": [0, 0, 100, 100],
        "crs": UTM,
        "tile_size": 50,
        "spacing": 25,
        "output": str(tmp_path / "t.gpkg"),
    }
    result = make_job("tiles", parameters).run(Progress())
    assert result["tile_count"] == 9
    assert json.loads(result["recipe"])["tiles"]["spacing"] == 25


def test_recipes_of_the_first_version_still_count():
    old = parse_recipe('{"tiles": {"layout": "grid", "tile_size": 150, "spacing": null}, "joins": [], "label": null}')
    assert old.tiles == TilesStep(layout="grid", tile_size=150)
    assert old.layers == ()


def test_a_recipe_that_follows_nothing_is_none():
    assert parse_recipe('{"tiles": {"layout": "lines", "tile_size": 150}}').tiles is None
    assert (
        parse_recipe('{"tiles": {"layout": "grid", "tile_size": 150, "layer": "roads", "geometry": "line"}}').tiles
        is None
    )


def test_a_hundred_thousand_lines_or_vertices():
    rng = np.random.default_rng(0)
    start = rng.uniform(0, 50_000, (100_000, 1, 2)) + CORNER
    lines = shapely.linestrings(start + np.cumsum(rng.normal(0, 60, (100_000, 6, 2)), axis=1))
    layer = make_layer(list(lines))
    one = make_layer([shapely.linestrings(np.cumsum(rng.normal(0, 15, (100_000, 2)), axis=0) + CORNER)])
    assert len(create_tiles(tile_size=150, layout="lines", layer=layer)) > 200_000
    assert len(create_tiles(tile_size=150, layout="lines", layer=one)) > 10_000


# --- what does not fit -----------------------------------------------------------------------------------------------

ROADS = make_layer([line((0, 0), (300, 0))], title="roads")
SPOTS = make_layer([shapely.Point(place(1, 1))], title="spots")
ELSEWHERE = (LEFT + 90_000, TOP, LEFT + 90_100, TOP + 100)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"layout": "hexagons"}, r"no layout 'hexagons'. Use one of grid, lines, points, polygons"),
        ({}, "A grid needs an extent"),
        ({"extent": (0, 0, 1, 1)}, "needs to know the CRS"),
        ({"layout": "lines"}, "along lines need a layer of lines; none was given"),
        ({"layout": "points"}, "around points need a layer of points; none was given"),
        ({"layout": "polygons"}, "from polygons need a layer of polygons; none was given"),
        ({"layout": "lines", "layer": SPOTS}, "'spots' has points, but tiles along lines need lines"),
        ({"layout": "points", "layer": ROADS}, "'roads' has lines, but tiles around points need points"),
        ({"layout": "polygons", "layer": ROADS}, "'roads' has lines, but tiles from polygons need polygons"),
        ({"layout": "lines", "layer": pd.DataFrame({"a": [1]})}, "'unnamed' is a table without geometry"),
        ({"layout": "lines", "layer": ROADS.iloc[:0]}, "'roads' is empty"),
        ({"layout": "lines", "layer": make_layer([None, None], title="gone")}, "All 2 geometries of 'gone' are missing"),
        ({"layout": "lines", "layer": make_layer([line((0, 0), (0, 0))], title="dot")}, "All 1 geometries of 'dot'"),
        ({"layout": "points", "layer": make_layer([shapely.Point()], title="gone")}, "All 1 geometries of 'gone'"),
        ({"layout": "lines", "layer": make_layer([line((0, 0), (9, 0))], title="lost", crs=None)}, "'lost' has no coord"),
        ({"layout": "lines", "layer": make_layer([line((0, 0), (9, 0)), shapely.Point()], title="both")}, "'both' mixes"),
        ({"layout": "lines", "layer": ROADS, "crs": "EPSG:nonsense"}, "'EPSG:nonsense' is not a coordinate"),
        ({"layout": "lines", "layer": ROADS, "extent": (0, 0, 0, 9)}, "extent is empty"),
        ({"layout": "lines", "layer": ROADS, "extent": ELSEWHERE}, "No tile of 'roads' has its middle in the extent"),
        ({"layout": "points", "layer": SPOTS, "extent": ELSEWHERE}, "No tile of 'spots' has its middle in the extent"),
        ({"layout": "lines", "layer": ROADS, "spacing": 0}, "spacing must be more than 0 m; it is 0"),
        ({"layout": "lines", "layer": ROADS, "spacing": -5}, "spacing must be more than 0 m; it is -5"),
        ({"layout": "lines", "layer": ROADS, "spacing": math.nan}, "spacing must be more than 0 m"),
        ({"layout": "lines", "layer": ROADS, "spacing": 1e-6}, "'roads' would carry 300,000,000 tiles"),
        ({"layout": "lines", "layer": ROADS, "tile_size": 0}, "tile size must be more than 0 m"),
        ({"extent": (0, 0, 9, 9), "crs": UTM, "spacing": 0}, "spacing must be more than 0 m"),
        ({"extent": (0, 0, 9e5, 9e5), "crs": UTM, "spacing": 1}, "Choose larger tiles"),
        ({"extent": (0, 0, 999, 9), "crs": UTM, "spacing": 1e-320}, "Choose larger tiles"),
        ({"extent": (0, 0, 9, 9), "crs": UTM, "tile_size": 1e-320}, "Choose larger tiles"),
        ({"layout": "points", "layer": SPOTS, "mask": make_layer([shapely.box(0, 0, 1, 1)], "lake")}, "mask 'lake'"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named(options, words):
    with pytest.raises(MMRiskError, match=words):
        create_tiles(**options)
