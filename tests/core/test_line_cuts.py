"""Cutting lines by a grid, against shapely's own intersections."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st

from mmrisk_core.attributes.line_cuts import cut_lines
from mmrisk_core.tiles import Grid

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


def test_a_diagonal_through_corners_leaves_only_crumbs_of_no_length_in_other_tiles():
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
