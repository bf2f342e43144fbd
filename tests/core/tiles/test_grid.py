"""Tiles on a grid: nothing lost, nothing twice, true metres."""

from __future__ import annotations

import math

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj.aoi import AreaOfInterest
from pyproj.database import query_utm_crs_info

from mmrisk_core import MMRiskError, create_tiles
from mmrisk_core.geo.crs import metres_per_unit, metric_crs, parse_crs, transform_bounds
from mmrisk_core.geo.layer_io import read_geo_layer
from mmrisk_core.geo.layer_source import LayerSource
from mmrisk_core.geo.layer_writing import write_layer
from mmrisk_core.geo.recipe import recipe_of
from mmrisk_core.tiles.grid import grid_of, grid_over
from tests.core.factories import LEFT, TOP, UTM, make_layer, make_tiles, place

CRS = pyproj.CRS(UTM)
sizes = st.floats(0.5, 500, allow_nan=False)
corners = st.floats(-1e6, 1e6)
counts = st.integers(1, 30)


@st.composite
def grids(draw):
    left, top, size = draw(corners), draw(corners), draw(sizes)
    rows, cols = draw(counts), draw(counts)
    return grid_over((left, top - rows * size, left + cols * size, top), size, CRS)


@given(grid=grids(), x=st.floats(-0.2, 1.2), y=st.floats(-0.2, 1.2))
def test_every_point_lies_in_the_one_tile_whose_half_open_square_holds_it(grid, x, y):
    left, bottom, right, top = grid.bounds
    px, py = left + x * (right - left), top - y * (top - bottom)
    xs, ys = grid.x_edges(), grid.y_edges()
    owners = [
        row * grid.cols + col
        for row in range(grid.rows)
        for col in range(grid.cols)
        if xs[col] <= px < xs[col + 1] and ys[row] >= py > ys[row + 1]
    ]
    cell = int(grid.cells_at(px, py))
    assert owners == ([cell] if cell >= 0 else [])
    assert (cell >= 0) == (left <= px < right and bottom < py <= top)


@given(grid=grids(), row=st.integers(0, 29), col=st.integers(0, 29))
def test_a_tile_owns_its_left_and_upper_edge_only(grid, row, col):
    row, col = row % grid.rows, col % grid.cols
    x, y = grid.x_edges(), grid.y_edges()
    assert grid.columns_at(x[col]) == col
    assert grid.rows_at(y[row]) == row
    assert grid.columns_at(x[col + 1]) == (col + 1 if col + 1 < grid.cols else -1)
    assert grid.rows_at(y[row + 1]) == (row + 1 if row + 1 < grid.rows else -1)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_point_that_is_nowhere_lies_in_no_tile(value):
    grid = grid_over((0, 0, 300, 300), 100, CRS)
    assert grid.cells_at(value, 50) == -1
    assert grid.cells_at(50, value) == -1


@given(grid=grids())
def test_neighbouring_tiles_share_their_edge_to_the_last_bit(grid):
    row, col = (index.ravel() for index in np.indices((grid.rows, grid.cols)))
    bounds = shapely.bounds(grid.polygons(row, col)).reshape(grid.rows, grid.cols, 4)
    assert (bounds[:, :-1, 2] == bounds[:, 1:, 0]).all()
    assert (bounds[:-1, :, 1] == bounds[1:, :, 3]).all()
    assert bounds[0, 0, 3] == grid.top
    assert bounds[0, 0, 0] == grid.left


@pytest.mark.parametrize("noise", [0.0, 1e-7, -1e-7])
def test_an_extent_of_whole_tiles_gives_exactly_that_many(noise):
    grid = grid_over((LEFT, TOP - 3000 - noise, LEFT + 1500 + noise, TOP), 150, CRS)
    assert (grid.rows, grid.cols) == (20, 10)


@given(corners, corners, sizes, counts, counts)
def test_whole_tiles_stay_whole_wherever_the_extent_lies(left, top, size, rows, cols):
    grid = grid_over((left, top - rows * size, left + cols * size, top), size, CRS)
    assert (grid.rows, grid.cols) == (rows, cols)


def test_a_last_row_and_column_reach_beyond_the_extent():
    tiles = create_tiles((LEFT, TOP - 210, LEFT + 301, TOP), 100, UTM)
    assert (tiles["row"].max(), tiles["col"].max()) == (2, 3)
    assert tuple(tiles.total_bounds) == (LEFT, TOP - 300, LEFT + 400, TOP)
    assert tiles["tile_id"].tolist() == list(range(12))
    assert tiles["col"].tolist()[:5] == [0, 1, 2, 3, 0]


@given(corners, corners, sizes, counts, counts)
def test_the_grid_is_found_again_from_its_tiles(left, top, size, rows, cols):
    tiles = create_tiles((left, top - rows * size, left + cols * size, top), size, UTM)
    grid = grid_of(tiles)
    assert grid is not None
    assert (grid.rows, grid.cols) == (rows, cols)
    middles = shapely.centroid(tiles.geometry.array)
    assert grid.cells_at(shapely.get_x(middles), shapely.get_y(middles)).tolist() == list(range(rows * cols))


def test_the_grid_of_round_metres_is_found_again_to_the_last_bit_after_a_file(tmp_path):
    mask = make_layer(
        [shapely.box(*place(250, 250), *place(450, 150)), shapely.box(*place(720, 690), *place(730, 610))]
    )
    tiles = make_tiles(rows=8, cols=9, mask=mask)
    assert 4 < len(tiles) < 12
    write_layer(tiles, tmp_path / "tiles.gpkg")
    read = read_geo_layer(LayerSource(path=str(tmp_path / "tiles.gpkg")))
    grid = grid_of(read)
    assert grid is not None
    assert (grid.left, grid.top, grid.size) == (LEFT, TOP, 100)
    assert recipe_of(read).tiles.tile_size == 100
    shuffled = read.sample(frac=1, random_state=1)
    assert grid_of(shuffled) == grid


def test_other_polygons_are_no_grid():
    tiles = make_tiles()
    assert grid_of(tiles.drop(columns="row")) is None
    assert grid_of(tiles.iloc[:0]) is None
    assert grid_of(tiles.assign(row="north")) is None
    assert grid_of(tiles.assign(col=tiles["col"] + 1)) is not None
    assert grid_of(tiles.assign(col=tiles["col"][::-1].to_numpy())) is None
    assert grid_of(tiles.set_geometry(tiles.buffer(-1))) is None
    assert grid_of(tiles.set_geometry(tiles.centroid.buffer(50))) is None
    doubled = gpd.GeoDataFrame(tiles.iloc[[0, 1, 1]], crs=tiles.crs)
    assert grid_of(doubled) is None


@pytest.mark.parametrize(
    ("crs", "extent"),
    [
        ("EPSG:4326", (-71.1, 42.3, -71.08, 42.32)),
        ("EPSG:3857", (-7915000.0, 5206000.0, -7912000.0, 5209000.0)),
        ("EPSG:4326", (151.2, -33.9, 151.22, -33.88)),
    ],
)
def test_where_a_unit_is_no_length_tiles_lie_in_the_utm_zone_with_true_metres(crs, extent):
    tiles = create_tiles(extent, 150, crs)
    assert tiles.crs.utm_zone is not None
    assert tiles.crs.utm_zone.endswith("S" if extent[1] < 0 else "N")
    geod = pyproj.Geod(ellps="WGS84")
    for square in tiles.to_crs(4326).geometry.iloc[[0, -1]]:
        x, y = shapely.get_coordinates(square).T
        assert geod.line_lengths(x, y) == pytest.approx([150] * 4, rel=1e-3)
    asked = shapely.box(*extent)
    assert asked.difference(tiles.to_crs(crs).union_all()).area < 1e-5 * asked.area


def test_web_mercator_in_its_other_spellings_is_not_taken_for_metres():
    google = "+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0=0 +x_0=0 +y_0=0 +k=1 +units=m +nadgrids=@null +no_defs"
    assert metres_per_unit(pyproj.CRS(google)) is None
    assert metres_per_unit(pyproj.CRS("EPSG:3857+5703")) is None
    assert metres_per_unit(pyproj.CRS("EPSG:3395")) is None
    assert metres_per_unit(pyproj.CRS("+proj=merc +lat_ts=40 +units=m +towgs84=1,2,3,0,0,0,0")) is None


@pytest.mark.parametrize("code", ["EPSG:4087", "EPSG:6933", "ESRI:54002"])
def test_cylindrical_world_maps_are_not_taken_for_metres(code):
    assert metres_per_unit(pyproj.CRS(code)) is None


@pytest.mark.parametrize("code", [26986, 32619, 2056, 26931, 3035, 5070, 27700, 2154])
def test_national_systems_keep_their_own_metres(code):
    crs = pyproj.CRS(code)
    assert metres_per_unit(crs) == 1.0
    assert metric_crs(crs, (0, 0, 1, 1)) is crs


def test_tiles_in_feet_measure_150_metres():
    tiles = create_tiles((770000.0, 2950000.0, 775000.0, 2955000.0), 150, "EPSG:2249")
    assert tiles.crs.to_epsg() == 2249
    bounds = shapely.bounds(tiles.geometry.array)
    unit = metres_per_unit(pyproj.CRS(tiles.crs))
    assert unit == pytest.approx(0.3048006, rel=1e-6)
    assert (bounds[:, 2] - bounds[:, 0]) * unit == pytest.approx(np.full(len(tiles), 150.0))
    x, y = shapely.get_coordinates(tiles.to_crs(4326).geometry.iloc[0]).T
    assert pyproj.Geod(ellps="GRS80").line_lengths(x, y) == pytest.approx([150] * 4, rel=1e-3)


def test_a_mask_keeps_the_tiles_that_share_area_with_it_in_any_crs():
    island = shapely.Point(place(150, 150)).buffer(60)
    mask = make_layer([island], title="island")
    tiles = make_tiles(rows=3, cols=3)
    expected = [i for i, square in enumerate(tiles.geometry) if square.intersection(island).area > 0]
    masked = make_tiles(rows=3, cols=3, mask=mask.to_crs(4326))
    assert masked["tile_id"].tolist() == expected
    assert masked.index.tolist() == list(range(len(expected)))


def test_a_mask_that_only_touches_a_tile_does_not_keep_it():
    mask = make_layer([shapely.box(*place(100, 100), *place(200, 0))])
    assert make_tiles(mask=mask)["tile_id"].tolist() == [1]


@pytest.mark.parametrize(
    ("extent", "size", "words"),
    [
        ((0, 0, 0, 100), 10, "extent is empty"),
        ((100, 0, 0, 100), 10, "extent is empty"),
        ((0, 0, math.nan, 100), 10, "extent is empty"),
        ((0, 0, 100, 100), 0, "tile size must be more than 0"),
        ((0, 0, 100, 100), -5, "tile size must be more than 0"),
        ((0, 0, 100, 100), math.nan, "tile size must be more than 0"),
        ((0, 0, 100, 100), math.inf, "tile size"),
        ((0, 0, 1e6, 1e6), 0.1, "larger tiles"),
    ],
)
@pytest.mark.parametrize("crs", [UTM, "EPSG:3857"])
def test_a_bad_extent_or_size_is_named(extent, size, words, crs):
    with pytest.raises(MMRiskError, match=words):
        create_tiles(extent, size, crs)


def test_a_mask_elsewhere_is_named():
    mask = make_layer([shapely.box(0, 0, 1, 1)], title="lake")
    with pytest.raises(MMRiskError, match="'lake'"):
        make_tiles(mask=mask)
    lines = make_layer([shapely.LineString([place(0, 0), place(300, 300)])], title="shore")
    with pytest.raises(MMRiskError, match="'shore'"):
        make_tiles(mask=lines)


def test_a_mask_that_crosses_itself_is_repaired():
    bow = shapely.Polygon([place(10, 10), place(90, 90), place(90, 10), place(10, 90)])
    assert make_tiles(mask=make_layer([bow]))["tile_id"].tolist() == [0]


def test_what_is_no_crs_is_named():
    with pytest.raises(MMRiskError, match="'EPSG:nonsense' is not a coordinate reference system"):
        create_tiles((0, 0, 100, 100), 10, "EPSG:nonsense")


def test_an_extent_outside_the_world_is_named():
    with pytest.raises(MMRiskError, match=r"metric coordinate system|outside the area"):
        create_tiles((100, 88, 101, 89), 150, "EPSG:4326")
    with pytest.raises(MMRiskError, match="outside the area"):
        transform_bounds((0, 95, 10, 99), parse_crs(4326), parse_crs(3857))


@pytest.mark.parametrize("lon", [-180, -72, -71.9, 6, 180])
@pytest.mark.parametrize("lat", [-80, 0, 42.3, 84])
def test_degrees_get_the_utm_zone_that_proj_would_choose(lon, lat):
    point = AreaOfInterest(lon, lat, lon, lat)
    expected = query_utm_crs_info(datum_name="WGS 84", area_of_interest=point)[0]
    found = metric_crs(pyproj.CRS(4326), (lon, lat, lon, lat))
    assert found.to_authority() == (expected.auth_name, expected.code)


@pytest.mark.parametrize("lat", [-80.1, 84.1])
def test_at_the_poles_there_is_no_zone(lat):
    with pytest.raises(MMRiskError, match=r"covers longitude 10, latitude -?8\d\.1"):
        metric_crs(pyproj.CRS(4326), (10, lat, 10, lat))
