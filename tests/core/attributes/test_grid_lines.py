"""Cutting lines by a grid and by boxes, against shapely's intersections and against exact fractions."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st

from mmrisk_core.attributes import TileCutter
from mmrisk_core.attributes.grid_lines import cut_lines
from mmrisk_core.tiles.grid import Grid

GRID = Grid(left=1000.0, top=2000.0, size=100.0, rows=4, cols=5, crs=pyproj.CRS(32619))
CELLS = np.array([GRID.polygons(np.array([i // 5]), np.array([i % 5]))[0] for i in range(20)])
OUTSIDE = shapely.box(*GRID.bounds)

anywhere = st.tuples(st.floats(700, 1800), st.floats(1300, 2300))
on_lattice = st.tuples(st.integers(8, 17).map(lambda i: i * 100.0), st.integers(14, 22).map(lambda i: i * 100.0))
halves = st.tuples(st.integers(16, 34).map(lambda i: i * 50.0), st.integers(28, 44).map(lambda i: i * 50.0))


def lengths_per_cell(lines) -> np.ndarray:
    cell, _, length = cut_lines(GRID, np.array(lines, dtype=object))
    return np.bincount(cell, weights=length, minlength=20)


@given(st.lists(anywhere, min_size=2, max_size=12))
def test_lengths_per_tile_equal_those_of_shapely(points):
    # Segment by segment, because shapely merges parts of a line that lie on each other.
    segments = np.array([shapely.LineString(pair) for pair in pairwise(points)])
    expected = shapely.length(shapely.intersection(segments[:, None], CELLS)).sum(axis=0)
    inside = shapely.length(shapely.intersection(segments, OUTSIDE)).sum()
    # A segment along an edge is in both tiles for shapely.
    assume(abs(expected.sum() - inside) < 1e-9)
    assert lengths_per_cell([shapely.LineString(points)]) == pytest.approx(expected, rel=1e-9, abs=1e-9)


@given(st.lists(st.one_of(on_lattice, halves), min_size=2, max_size=10))
def test_no_length_is_lost_or_counted_twice_along_edges_and_through_corners(points):
    line = shapely.LineString(points)
    inside = sum(_half_open_length(np.array(a), np.array(b)) for a, b in pairwise(points) if a != b)
    assert lengths_per_cell([line]).sum() == pytest.approx(inside, rel=1e-9, abs=1e-9)


def _half_open_length(a: np.ndarray, b: np.ndarray) -> float:
    _, bottom, right, _ = GRID.bounds
    on_lost_edge = (a[0] == b[0] == right) or (a[1] == b[1] == bottom)
    return 0.0 if on_lost_edge else shapely.length(shapely.intersection(shapely.LineString([a, b]), OUTSIDE))


@given(st.lists(st.lists(anywhere, min_size=2, max_size=5), min_size=1, max_size=4))
def test_parts_of_a_multipart_line_add_up_under_its_own_index(parts):
    multi = shapely.MultiLineString([shapely.LineString(part) for part in parts])
    cell, line, length = cut_lines(GRID, np.array([None, multi], dtype=object))
    assert set(line) <= {1}
    single = lengths_per_cell([shapely.LineString(part) for part in parts])
    assert np.bincount(cell, weights=length, minlength=20) == pytest.approx(single)


@pytest.mark.parametrize(
    ("points", "cells"),
    [
        ([(1100, 1950), (1100, 1920)], {1: 30.0}),
        ([(1110, 1900), (1180, 1900)], {6: 70.0}),
        ([(1000, 1950), (1000, 1920)], {0: 30.0}),
        ([(1010, 2000), (1020, 2000)], {0: 10.0}),
        ([(1500, 1950), (1500, 1920)], {}),
        ([(1010, 1600), (1020, 1600)], {}),
        ([(1100, 2050), (1100, 1850)], {1: 100.0, 6: 50.0}),
    ],
)
def test_a_line_along_an_edge_belongs_to_the_tile_right_of_or_below_it(points, cells):
    per_cell = lengths_per_cell([shapely.LineString(points)])
    assert {i: per_cell[i] for i in np.flatnonzero(per_cell)} == pytest.approx(cells)


def test_a_diagonal_through_corners_leaves_only_slivers_of_no_length_in_other_tiles():
    per_cell = lengths_per_cell([shapely.LineString([(1000, 2000), (1400, 1600)])])
    assert np.flatnonzero(per_cell).tolist() == [0, 6, 12, 18]
    assert per_cell.sum() == pytest.approx(400 * 2**0.5)


def test_a_line_of_no_length_is_in_one_tile_with_length_0():
    cell, line, length = cut_lines(GRID, np.array([shapely.LineString([(1150, 1950), (1150, 1950)])], dtype=object))
    assert (cell.tolist(), line.tolist(), length.tolist()) == ([1], [0], [0.0])


def test_what_has_no_place_has_no_part():
    nan = float("nan")
    nothing = [
        None,
        shapely.LineString(),
        shapely.MultiLineString(),
        shapely.LineString([(1e7, 1e7), (2e7, 1e7)]),
        shapely.LineString([(0, 0), (900, 900)]),
    ]
    assert cut_lines(GRID, np.array(nothing, dtype=object))[0].size == 0
    assert cut_lines(GRID, np.array([], dtype=object))[0].size == 0
    with np.errstate(invalid="ignore"):
        broken = shapely.linestrings([[1010, 1950], [nan, nan], [1110, 1950], [1120, 1950]], handle_nan="allow")
    per_cell = lengths_per_cell([broken])
    assert {i: per_cell[i] for i in np.flatnonzero(per_cell)} == {1: 10.0}


def test_a_line_that_comes_from_far_away_is_cut_right():
    line = shapely.LineString([(-1e6, 1950), (1e6, 1950)])
    assert lengths_per_cell([line]).tolist()[:6] == pytest.approx([100] * 5 + [0], rel=1e-9)


# --- each pair once, any tiles ---------------------------------------------------------------------------------------


@given(st.lists(st.lists(st.one_of(anywhere, on_lattice), min_size=2, max_size=8), min_size=1, max_size=5))
def test_each_pair_of_cell_and_line_comes_once_and_the_way_does_not_matter(several):
    lines = np.array([shapely.LineString(points) for points in several])
    cell, line, length = cut_lines(GRID, lines)
    assert len(set(zip(cell.tolist(), line.tolist(), strict=True))) == cell.size
    back = cut_lines(GRID, shapely.reverse(lines))
    for cells, owners, lengths in ((cell, line, length), back):
        table = np.bincount(owners * 20 + cells, weights=lengths, minlength=20 * len(lines)).reshape(-1, 20)
        for row, single in zip(table, lines, strict=True):
            assert row == pytest.approx(lengths_per_cell([single]), rel=1e-9, abs=1e-9 * max(100.0, single.length))


def exact_length(a: tuple[float, float], b: tuple[float, float], cell: shapely.Polygon) -> float:
    """The length of a segment in a box: where it comes in and goes out is found in fractions."""
    left, bottom, right, top = map(Fraction, cell.bounds)
    (x0, y0), (x1, y1) = (tuple(map(Fraction, p)) for p in (a, b))
    come, go = Fraction(0), Fraction(1)
    for start, step, low, high in ((x0, x1 - x0, left, right), (y0, y1 - y0, bottom, top)):
        if step == 0:
            come, go = (come, go) if low <= start <= high else (Fraction(1), Fraction(0))
        else:
            first, last = sorted(((low - start) / step, (high - start) / step))
            come, go = max(come, first), min(go, last)
    return float(max(go - come, 0)) * float((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5


@pytest.mark.parametrize("size", [100.0, 1.0, 0.1])
@given(points=st.lists(st.tuples(st.floats(-1, 6), st.floats(-1, 5)), min_size=2, max_size=6))
def test_lengths_far_from_the_origin_and_on_tiny_grids_are_exact(size, points):
    grid = Grid(left=5_000_000.3, top=4_690_000.7, size=size, rows=4, cols=5, crs=GRID.crs)
    rows, cols = (index.ravel() for index in np.indices((4, 5)))
    placed = [(grid.left + x * size, grid.top - y * size) for x, y in points]
    # What runs along an edge is in both cells for the fractions.
    assume(all(a[0] != b[0] and a[1] != b[1] for a, b in pairwise(placed)))
    expected = [sum(exact_length(*ends, c) for ends in pairwise(placed)) for c in grid.polygons(rows, cols)]
    cell, _, length = cut_lines(grid, np.array([shapely.LineString(placed)]))
    found = np.bincount(cell, weights=length, minlength=20)
    assert np.abs(found - expected).max() <= 1e-9 * max(size, shapely.LineString(placed).length)


def test_a_line_along_the_edges_of_the_grid_through_all_of_its_corners():
    left, bottom, right, top = GRID.bounds
    around = shapely.LinearRing([(left, top), (right, top), (right, bottom), (left, bottom)])
    per_cell = lengths_per_cell([around])
    # The right and the lower edge belong to the cells beyond, which are not there.
    assert per_cell.reshape(4, 5)[0].tolist() == pytest.approx([200, 100, 100, 100, 100])
    assert per_cell.reshape(4, 5)[:, 0].tolist() == pytest.approx([200, 100, 100, 100])
    assert per_cell.sum() == pytest.approx(900)


def test_a_line_of_very_many_vertices_and_batches_of_lines():
    angle = np.linspace(0, 40 * np.pi, 120_001)
    spiral = shapely.LineString(np.c_[1250 + 6 * angle * np.cos(angle), 1800 + 6 * angle * np.sin(angle)])
    several = [spiral, None, shapely.LineString([(1010, 1990), (1490, 1610)])]
    cell, line, length = cut_lines(GRID, np.array(several, dtype=object))
    found = np.bincount(line * 20 + cell, weights=length, minlength=60).reshape(3, 20)
    for row, single in zip(found, several, strict=True):
        expected = shapely.length(shapely.intersection(single, CELLS)) if single else np.zeros(20)
        assert row == pytest.approx(expected, rel=1e-9, abs=1e-7)


@pytest.mark.parametrize("by", ["grid", "boxes", "polygons"])
@given(
    several=st.lists(st.lists(anywhere, min_size=2, max_size=6), min_size=1, max_size=4),
    missing=st.sets(st.integers(0, 19), max_size=18),
)
def test_tiles_of_any_kind_with_gaps(by, several, missing):
    kept = np.array(sorted(set(range(20)) - missing))
    squares = CELLS[kept]
    if by == "polygons":
        # A corner is cut off, so that they are no boxes.
        squares = shapely.difference(squares, shapely.transform(squares, lambda xy: xy + 95))
    columns = {"row": kept // 5, "col": kept % 5} if by == "grid" else {}
    tiles = gpd.GeoDataFrame(columns, geometry=squares, crs=GRID.crs)
    segments = [np.array([shapely.LineString(pair) for pair in pairwise(points)]) for points in several]
    expected = np.array([shapely.length(shapely.intersection(s[:, None], squares)).sum(axis=0) for s in segments])
    inside = np.array([shapely.length(shapely.intersection(s, OUTSIDE)).sum() for s in segments])
    if by == "grid":
        # A segment along an edge is in both tiles for shapely.
        assume((expected.sum(axis=1) <= inside + 1e-9).all())
    else:
        # GEOS merges the parts of a line that lie on each other.
        assume(by == "boxes" or all(shapely.LineString(points).is_simple for points in several))
    lines = gpd.GeoDataFrame(geometry=[shapely.LineString(points) for points in several], crs=GRID.crs)
    pieces = TileCutter(tiles).cut(lines, "line")
    found = np.zeros(expected.shape)
    found[pieces.feature, pieces.tile] = pieces.measure
    # Crumbs are left out, each of less than 1e-9 of a tile.
    assert (np.abs(found - expected) <= 2e-9 * np.maximum(100.0, lines.length.to_numpy())[:, None]).all()


def test_boxes_that_touch_a_line_or_hold_one_of_no_length():
    boxes = shapely.box([0, 10, 20], [0, 0, 0], [10, 20, 30], [10, 10, 10])
    cutter = TileCutter(gpd.GeoDataFrame(geometry=boxes, crs=GRID.crs))
    lines = [
        shapely.LineString([(2, 5), (10, 5)]),  # ends on the edge of the second
        shapely.LineString([(10, 2), (10, 7)]),  # along the edge of two: of free tiles it is in both
        shapely.LineString([(25, 5), (25, 5)]),  # without length
        shapely.LineString([(5, 10), (5, 20)]),  # touches the first from outside
        shapely.LineString([(0, 20), (20, 0)]),  # goes through corners
        shapely.MultiLineString([[(1, 1), (1, 3)], [(12, 1), (12, 4)], [(1, 5), (1, 6)]]),
        None,
    ]
    pieces = cutter.cut(gpd.GeoDataFrame(geometry=lines, crs=GRID.crs), "line")
    found = {(f, t): m for f, t, m in zip(pieces.feature, pieces.tile, pieces.measure, strict=True)}
    expected = {(0, 0): 8, (1, 0): 5, (1, 1): 5, (2, 2): 0, (4, 1): 200**0.5, (5, 0): 3, (5, 1): 3}
    assert found == pytest.approx(expected)
