"""Cutting polygons by a grid and by boxes, against shapely's intersections and against exact fractions."""

from __future__ import annotations

from fractions import Fraction

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st
from shapely.affinity import scale, translate

from mmrisk_core.attributes import TileCutter
from mmrisk_core.attributes.grid_polygons import cut_polygons
from mmrisk_core.tiles.grid import Grid

CRS = pyproj.CRS(32619)
GRID = Grid(left=1000.0, top=2000.0, size=100.0, rows=4, cols=5, crs=CRS)
CELL = GRID.size**2
CLOSE = 1e-9  # of the area of the cell, or of the polygon where it is larger


def cells_of(grid: Grid) -> np.ndarray:
    rows, cols = (index.ravel() for index in np.indices((grid.rows, grid.cols)))
    return grid.polygons(rows, cols)


def areas(polygons: list, grid: Grid = GRID) -> np.ndarray:
    """Polygon x cell."""
    cell, index, area = cut_polygons(grid, np.array(polygons, dtype=object))
    pairs = index * grid.rows * grid.cols + cell
    assert len(np.unique(pairs)) == len(pairs)
    table = np.bincount(pairs, weights=area, minlength=len(polygons) * grid.rows * grid.cols)
    return table.reshape(len(polygons), -1)


def areas_by_shapely(polygons: list, grid: Grid = GRID) -> np.ndarray:
    return shapely.area(shapely.intersection(np.array(polygons, dtype=object)[:, None], cells_of(grid)))


def assert_areas(polygons: list, expected: np.ndarray | None = None, grid: Grid = GRID) -> None:
    expected = areas_by_shapely(polygons, grid) if expected is None else expected
    tolerance = CLOSE * np.maximum(grid.size**2, shapely.area(polygons))[:, None]
    assert (np.abs(areas(polygons, grid) - expected) <= tolerance).all()


def valid(polygon: shapely.Geometry) -> shapely.Geometry:
    """What GEOS makes of any ring, without the lines and points that repairing leaves."""
    parts = shapely.get_parts(shapely.make_valid(polygon))
    return shapely.union_all(parts[shapely.get_dimensions(parts) == 2])


places = st.tuples(st.floats(700, 1800), st.floats(1300, 2300))
corners = st.tuples(st.integers(8, 17).map(lambda i: i * 100.0), st.integers(14, 22).map(lambda i: i * 100.0))
halves = st.tuples(st.integers(16, 34).map(lambda i: i * 50.0), st.integers(28, 44).map(lambda i: i * 50.0))


def rings(of=places, most: int = 12):
    return st.lists(of, min_size=3, max_size=most)


# --- random ----------------------------------------------------------------------------------------------------------


@given(rings())
def test_areas_of_any_polygon_are_those_of_shapely(points):
    polygon = valid(shapely.Polygon(points))
    assume(polygon.area > 1e-6)
    assert_areas([polygon])


@given(rings(st.one_of(corners, halves, places)))
def test_areas_with_vertices_on_corners_and_edges_along_the_grid(points):
    polygon = valid(shapely.Polygon(points))
    assume(polygon.area > 1e-6)
    assert_areas([polygon])


@given(rings(), st.lists(rings(st.one_of(corners, places), most=6), max_size=3))
def test_areas_of_polygons_with_holes_and_of_several_parts(shell, holes):
    polygon = valid(shapely.Polygon(shell))
    for hole in holes:
        polygon = polygon.difference(valid(shapely.Polygon(hole)))
    assume(polygon.area > 1e-6 and polygon.geom_type in ("Polygon", "MultiPolygon") and polygon.is_valid)
    assert_areas([polygon, shapely.reverse(polygon)])


@given(rings(st.one_of(corners, places)))
def test_the_parts_add_up_to_the_area_inside_the_grid(points):
    polygon = valid(shapely.Polygon(points))
    assume(polygon.area > 1e-6)
    inside = polygon.intersection(shapely.box(*GRID.bounds)).area
    assert areas([polygon]).sum() == pytest.approx(inside, rel=CLOSE, abs=CLOSE * CELL)


@given(rings(st.one_of(corners, halves)), st.booleans())
def test_both_orientations_give_the_same(points, around):
    polygon = valid(shapely.Polygon(points))
    assume(polygon.area > 1)
    oriented = shapely.orient_polygons(np.array([polygon]), exterior_cw=around)
    assert areas([polygon]) == pytest.approx(areas(list(oriented)), abs=CLOSE * CELL)


@given(st.lists(st.one_of(st.none(), rings()), min_size=1, max_size=6))
def test_many_at_once_are_each_alone(several):
    polygons = [None if points is None else valid(shapely.Polygon(points)) for points in several]
    together = areas(polygons)
    for row, polygon in zip(together, polygons, strict=True):
        assert row == pytest.approx(areas([polygon])[0], abs=CLOSE * CELL)


# --- exact, where GEOS itself rounds ---------------------------------------------------------------------------------


def exact_area(points: list[tuple[float, float]], cell: shapely.Polygon) -> Fraction:
    """The area of a simple ring in a box, in fractions: the ring is clipped by one side of the box after another."""
    left, bottom, right, top = map(Fraction, cell.bounds)
    ring = [(Fraction(x), Fraction(y)) for x, y in points]
    for axis, bound, sign in ((0, left, 1), (0, right, -1), (1, bottom, 1), (1, top, -1)):
        clipped = []
        for a, b in zip(ring, [*ring[1:], *ring[:1]], strict=True):
            d, e = sign * (a[axis] - bound), sign * (b[axis] - bound)
            if d >= 0:
                clipped.append(a)
            if (d < 0) != (e < 0):
                at = d / (d - e)
                clipped.append(tuple(p + at * (q - p) for p, q in zip(a, b, strict=True)))
        ring = clipped
    twice = sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, [*ring[1:], *ring[:1]], strict=True)) if ring else 0
    return abs(Fraction(twice)) / 2


@pytest.mark.parametrize("size", [100.0, 1.0, 0.25, 0.1])
@given(points=rings(st.tuples(st.floats(-1, 6), st.floats(-1, 5)), most=7))
def test_areas_far_from_the_origin_and_on_tiny_grids_are_exact(size, points):
    grid = Grid(left=5_000_000.3, top=4_690_000.7, size=size, rows=4, cols=5, crs=CRS)
    placed = [(grid.left + x * size, grid.top - y * size) for x, y in points]
    polygon = shapely.Polygon(placed)
    assume(polygon.is_valid and polygon.area > 1e-3 * size**2)
    expected = [float(exact_area(placed, cell)) for cell in cells_of(grid)]
    assert_areas([polygon], np.array([expected]), grid)


def test_a_small_polygon_is_exact_to_its_own_area_too():
    grid = Grid(left=330_000.0, top=4_690_000.0, size=100.0, rows=3, cols=3, crs=CRS)
    points = [(330_098.0, 4_689_951.0), (330_103.1, 4_689_949.7), (330_101.3, 4_689_953.9)]
    expected = [float(exact_area(points, cell)) for cell in cells_of(grid)]
    # Coordinates of this size are known to 1e-9 m.
    assert areas([shapely.Polygon(points)], grid)[0] == pytest.approx(expected, rel=1e-9, abs=1e-12)


# --- degenerate ------------------------------------------------------------------------------------------------------


def box(left: float, bottom: float, right: float, top: float) -> shapely.Polygon:
    return shapely.box(left, bottom, right, top)


@pytest.mark.parametrize(
    ("polygon", "cells"),
    [
        (box(1100, 1800, 1200, 1900), {6: 1.0}),  # a cell itself
        (box(1000, 1600, 1500, 2000), dict.fromkeys(range(20), 1.0)),  # the whole grid itself
        (box(-1e6, -1e6, 1e6, 1e6), dict.fromkeys(range(20), 1.0)),  # all around the grid
        (box(0, 1800, 5000, 1900), dict.fromkeys(range(5, 10), 1.0)),  # a band along a row
        (box(1200, 0, 1300, 5000), dict.fromkeys([2, 7, 12, 17], 1.0)),  # a band along a column
        (box(1010, 1910, 1020, 1920), {0: 0.01}),  # inside a cell
        (box(900, 1950, 1050, 2100), {0: 0.25}),  # over the corner of the grid
        (box(1450, 1550, 1600, 1650), {19: 0.25}),
        (box(900, 1750, 1050, 1850), {5: 0.25, 10: 0.25}),  # over its left side
        (box(1450, 1750, 1600, 1850), {9: 0.25, 14: 0.25}),
        (box(1150, 1950, 1250, 2100), {1: 0.25, 2: 0.25}),
        (box(1150, 1500, 1250, 1650), {16: 0.25, 17: 0.25}),
        (box(900, 1600, 1000, 2000), {}),  # touching each side
        (box(1500, 1600, 1600, 2000), {}),
        (box(1000, 2000, 1500, 2100), {}),
        (box(1000, 1500, 1500, 1600), {}),
        (box(900, 2000, 1000, 2100), {}),  # touching a corner
        (box(1e7, 1e7, 2e7, 2e7), {}),
        (box(-2e7, 1700, -1e7, 1900), {}),
        (box(0, 0, 900, 900), {}),
        (box(0, 1600, 900, 2000), {}),
    ],
)
def test_boxes(polygon, cells):
    expected = np.zeros((1, 20))
    expected[0, list(cells)] = [share * CELL for share in cells.values()]
    assert_areas([polygon, shapely.reverse(polygon)], np.repeat(expected, 2, axis=0))


def test_holes():
    whole = box(1000, 1600, 1500, 2000)
    cell = box(1100, 1800, 1200, 1900)
    touching = shapely.Polygon([(1000, 2000), (1050, 1950), (1050, 1900)])
    beyond = shapely.Polygon(box(0, 0, 5000, 5000).exterior, [box(900, 1500, 1250, 2100).exterior])
    island = shapely.MultiPolygon([whole.difference(cell), box(1120, 1820, 1180, 1880)])
    polygons = [whole.difference(cell), whole.difference(touching), beyond, island]
    assert_areas(polygons)
    assert areas(polygons)[0, 6] == pytest.approx(0, abs=CLOSE * CELL)
    assert areas(polygons)[3, 6] == pytest.approx(3600)


@given(places, st.floats(0, 6.28), st.floats(1e-9, 1e-3))
def test_slivers(middle, angle, width):
    along, across = np.array([np.cos(angle), np.sin(angle)]), np.array([-np.sin(angle), np.cos(angle)])
    start, stop = np.array(middle) - 400 * along, np.array(middle) + 400 * along
    sliver = shapely.Polygon([start, stop, stop + width * across, start + width * across])
    assume(sliver.is_valid)
    points = list(sliver.exterior.coords)[:-1]
    assert_areas([sliver], np.array([[float(exact_area(points, cell)) for cell in cells_of(GRID)]]))


def test_polygons_without_area_have_none():
    nothing = [
        None,
        shapely.Polygon(),
        shapely.MultiPolygon(),
        shapely.Polygon([(1010, 1910), (1110, 1910), (1010, 1910)]),
        shapely.Polygon([(1010, 1910)] * 4),
        shapely.Polygon([(1000, 1900), (1500, 1900), (1200, 1900)]),
        shapely.Polygon([(1100, 1650), (1100, 1950), (1100, 1800)]),
    ]
    assert areas(nothing) == pytest.approx(np.zeros((len(nothing), 20)), abs=CLOSE)
    assert cut_polygons(GRID, np.array([], dtype=object))[0].size == 0


def test_very_many_vertices():
    angle = np.linspace(0, 2 * np.pi, 200_000, endpoint=False)
    radius = 180 + 60 * np.sin(37 * angle)
    ragged = shapely.Polygon(np.c_[1230 + radius * np.cos(angle), 1790 + radius * np.sin(angle)])
    assert ragged.is_valid
    assert_areas([ragged, ragged.buffer(-20)])


def test_polygons_that_run_out_on_the_right_do_not_spoil_those_that_follow():
    wide = [box(0, 1600 + i, 1e6, 1600 + i + 0.5) for i in range(399)]
    small = scale(box(1010, 1910, 1011, 1911), 0.01, 0.01)
    found = areas([*wide * 20, small])
    assert found[-1, 0] == pytest.approx(1e-4, rel=1e-7)
    assert found[:-1].sum() == pytest.approx(399 * 20 * 0.5 * 500, rel=1e-12)


# --- the same through the tiles, on every kind of tiles --------------------------------------------------------------


def tiles_of(kept: np.ndarray, grid: Grid = GRID, by: str = "grid") -> gpd.GeoDataFrame:
    rows, cols = (index.ravel()[kept] for index in np.indices((grid.rows, grid.cols)))
    squares = grid.polygons(rows, cols)
    if by == "polygons":
        # A corner is cut off, so that they are no boxes.
        squares = np.array([square.difference(translate(square, 95, 95)) for square in squares])
    columns = {"row": rows, "col": cols} if by == "grid" else {}
    return gpd.GeoDataFrame(columns, geometry=squares, crs=CRS)


@pytest.mark.parametrize("by", ["grid", "boxes", "polygons"])
@given(
    several=st.lists(rings(st.one_of(places, corners, halves), most=8), min_size=1, max_size=4),
    missing=st.sets(st.integers(0, 19), max_size=18),
)
def test_tiles_of_any_kind_with_gaps(by, several, missing):
    tiles = tiles_of(np.array(sorted(set(range(20)) - missing)), by=by)
    polygons = np.array([shapely.Polygon(points) for points in several])
    pieces = TileCutter(tiles).cut(gpd.GeoDataFrame(geometry=polygons, crs=CRS), "polygon")
    repaired = np.array([valid(polygon) for polygon in polygons])
    expected = shapely.area(shapely.intersection(repaired[:, None], tiles.geometry.array))
    found = np.zeros(expected.shape)
    found[pieces.feature, pieces.tile] = pieces.measure
    # Crumbs are left out, each of less than 1e-9 of a tile.
    assert (np.abs(found - expected) <= 2 * CLOSE * np.maximum(CELL, shapely.area(repaired))[:, None]).all()
    assert (found[expected > 2 * CLOSE * CELL] > 0).all()


@pytest.mark.parametrize("by", ["boxes", "polygons"])
@given(points=rings(st.one_of(places, corners)), holes=st.lists(rings(corners, most=5), max_size=2))
def test_boxes_that_overlap(by, points, holes):
    polygon = valid(shapely.Polygon(points))
    for hole in holes:
        polygon = polygon.difference(valid(shapely.Polygon(hole)))
    assume(polygon.area > 1e-6 and polygon.geom_type in ("Polygon", "MultiPolygon") and polygon.is_valid)
    first = tiles_of(np.arange(20), by=by)
    tiles = gpd.GeoDataFrame(geometry=[*first.geometry, *first.translate(33, -21), *first.scale(2, 3)], crs=CRS)
    pieces = TileCutter(tiles).cut(gpd.GeoDataFrame(geometry=[polygon], crs=CRS), "polygon")
    found = np.bincount(pieces.tile, weights=pieces.measure, minlength=len(tiles))
    expected = tiles.intersection(polygon).area.to_numpy()
    assert np.abs(found - expected).max() <= 2 * CLOSE * max(CELL, polygon.area)


def test_a_bow_tie_has_the_area_of_both_its_wings():
    bow = shapely.Polygon([(1000, 2000), (1100, 1900), (1100, 2000), (1000, 1900)])
    for by in ("grid", "boxes", "polygons"):
        pieces = TileCutter(tiles_of(np.arange(20), by=by)).cut(gpd.GeoDataFrame(geometry=[bow], crs=CRS), "polygon")
        assert pieces.tile.tolist() == [0]
        assert pieces.measure == pytest.approx(5000 if by != "polygons" else 5000 - 12.5)


def test_many_vertices_and_many_boxes_in_batches():
    points = [(1000 + 5 * i, 1700 + 90 * (-1) ** i) for i in range(100)]
    polygons = [shapely.LineString(points).buffer(4, quad_segs=n) for n in (8, 64, 256)]
    tiles = tiles_of(np.arange(20), by="boxes")
    tiles = gpd.GeoDataFrame(geometry=[square for dx in range(0, 60, 7) for square in tiles.translate(dx, dx)], crs=CRS)
    pieces = TileCutter(tiles).cut(gpd.GeoDataFrame(geometry=polygons, crs=CRS), "polygon")
    expected = shapely.area(shapely.intersection(np.array(polygons)[:, None], tiles.geometry.array))
    found = np.zeros(expected.shape)
    found[pieces.feature, pieces.tile] = pieces.measure
    assert found == pytest.approx(expected, abs=CLOSE * CELL)


def test_a_comb_that_comes_back_to_a_cell_time_and_again():
    assert_areas([valid(shapely.Polygon([(1010, 1710), *((1010 + 10 * i, 1990 - 170 * (i % 2)) for i in range(40))]))])
