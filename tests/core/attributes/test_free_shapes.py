"""Cutting features by tiles of any shape, against shapely's intersections and against exact fractions."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from shapely.affinity import rotate, scale, skew, translate

from mmrisk_core.attributes import TileCutter, edge_tables, free_shapes
from mmrisk_core.attributes.edge_tables import outlines_of_polygons
from mmrisk_core.attributes.free_shapes import cut_lines_by_tiles, cut_polygons_by_tiles

CRS = "EPSG:32619"
CLOSE = 1e-9  # of the size of the tile, or of the feature where it is larger
SIZE = 100.0


def hexagon(x: float, y: float, angle: float = 0.0, size: float = SIZE) -> shapely.Polygon:
    turns = np.radians(angle) + np.arange(6) * np.pi / 3
    return shapely.Polygon(np.c_[x + size / 2 * np.cos(turns), y + size / 2 * np.sin(turns)])


SQUARE = shapely.box(0, 0, 100, 100)
HOLED = shapely.Polygon(SQUARE.exterior, [shapely.box(25, 25, 75, 75).exterior.coords[::-1]])
CONVEX = {
    "square": SQUARE,
    "hexagon": hexagon(50, 50),
    "hexagon on its tip": hexagon(50, 50, 30),
    "turned rectangle": rotate(shapely.box(20, 0, 80, 100), 27),
    "diamond": rotate(scale(SQUARE, 0.7, 0.7), 45),
    "triangle": shapely.Polygon([(0, 0), (100, 0), (50, 100)]),
    "quadrilateral": shapely.Polygon([(0, 10), (90, 0), (100, 80), (20, 100)]),
    "parallelogram": skew(scale(SQUARE, 0.5, 1), 30),
    "with vertices on its sides": shapely.segmentize(SQUARE, 20),
    "circle": shapely.Point(50, 50).buffer(50),
    "sliver": rotate(shapely.box(0, 50, 100, 50.001), 11),
}
STAR = [
    (50 + radius * np.cos(i * np.pi / 5), 50 + radius * np.sin(i * np.pi / 5)) for i, radius in enumerate([50, 20] * 5)
]
OTHERS = {
    "angle": shapely.Polygon([(0, 0), (100, 0), (100, 50), (50, 50), (50, 100), (0, 100)]),
    "comb": shapely.Polygon([(0, 0), *((10.0 * i, 100 - 80 * (i % 2)) for i in range(1, 10)), (100, 0)]),
    "star": shapely.Polygon(STAR),
    "with a hole": HOLED,
    "with a hole that touches its side": shapely.Polygon(SQUARE.exterior, [[(0, 0), (60, 20), (30, 70)]]),
    "of two parts": shapely.MultiPolygon([shapely.box(0, 0, 40, 100), shapely.box(60, 0, 100, 100)]),
    "with an island": shapely.MultiPolygon([HOLED, shapely.box(40, 40, 60, 60)]),
    "around a street": shapely.LineString([(0, 0), (50, 80), (100, 20), (100, 100)]).buffer(10),
}
TILES = np.array([*CONVEX.values(), *OTHERS.values()], dtype=object)
TILES = np.concatenate([TILES, shapely.transform(TILES, lambda xy: xy * [0.5, 0.6] + [60, -20])])

# Numbers as small as 1e-100, for which GEOS is not made, are no places on a map.
anywhere = st.tuples(*[st.floats(-60, 160).map(lambda x: round(x, 12))] * 2)
lattice = st.tuples(*[st.integers(-6, 16).map(lambda i: i * 10.0)] * 2)
VERTICES = shapely.get_coordinates(TILES)
vertices = st.integers(0, len(VERTICES) - 1).map(lambda i: tuple(VERTICES[i].tolist()))


@st.composite
def along_an_edge(draw) -> tuple[tuple[float, float], tuple[float, float]]:
    """Two places on the line through an edge of a tile, as exactly as numbers allow."""
    tile = TILES[draw(st.integers(0, len(TILES) - 1))]
    start, stop = draw(st.sampled_from(list(pairwise(shapely.get_coordinates(tile).tolist()))))
    shares = draw(st.tuples(*[st.one_of(st.sampled_from([0.0, 1.0, 0.5]), st.floats(-0.5, 1.5))] * 2))
    return tuple(tuple(a + share * (b - a) for a, b in zip(start, stop, strict=True)) for share in shares)


def table(cut: tuple, n_features: int) -> np.ndarray:
    """Feature x tile."""
    tile, feature, measure = cut
    assert len(set(zip(tile.tolist(), feature.tolist(), strict=True))) == tile.size
    found = np.zeros((n_features, len(TILES)))
    found[feature, tile] = measure
    return found


def lengths(lines: list) -> np.ndarray:
    cut = cut_lines_by_tiles(shapely.STRtree(TILES), outlines_of_polygons(TILES), np.array(lines, dtype=object))
    return table(cut, len(lines))


def areas(polygons: list) -> np.ndarray:
    cut = cut_polygons_by_tiles(shapely.STRtree(TILES), outlines_of_polygons(TILES), np.array(polygons, dtype=object))
    return table(cut, len(polygons))


def lengths_by_shapely(points: list) -> np.ndarray:
    """Segment by segment, because shapely merges parts of a line that lie on each other."""
    segments = np.array([shapely.LineString(pair) for pair in pairwise(points)])
    return shapely.length(shapely.intersection(segments[:, None], TILES)).sum(axis=0)


def assert_lengths(points: list) -> None:
    """As GEOS has them, or else exact: GEOS moves a line onto an edge that is not quite level or upright."""
    found, expected = lengths([shapely.LineString(points)])[0], lengths_by_shapely(points)
    tolerance = CLOSE * max(SIZE, shapely.LineString(points).length)
    for i in np.flatnonzero(np.abs(found - expected) > tolerance):
        assert abs(found[i] - exact_length(points, TILES[i])) <= tolerance


def valid(polygon: shapely.Geometry) -> shapely.Geometry:
    parts = shapely.get_parts(shapely.make_valid(polygon))
    return shapely.union_all(parts[shapely.get_dimensions(parts) == 2])


def assert_areas(polygons: list) -> None:
    expected = shapely.area(shapely.intersection(np.array(polygons, dtype=object)[:, None], TILES))
    tolerance = CLOSE * np.maximum(SIZE**2, shapely.area(polygons))[:, None]
    assert (np.abs(areas(polygons) - expected) <= tolerance).all()


# --- lines -----------------------------------------------------------------------------------------------------------


@given(st.lists(anywhere, min_size=2, max_size=30))
def test_lengths_are_those_of_shapely(points):
    assert_lengths(points)


@given(st.lists(st.one_of(lattice, vertices, anywhere), min_size=2, max_size=8))
@example([(0, 0), (100, 100)])
@example([(0, 100), (100, 100), (100, 0)])
def test_lengths_through_vertices_and_along_level_and_upright_edges(points):
    assert_lengths(points)


@given(along_an_edge())
def test_a_segment_along_an_edge_is_in_the_tiles_on_both_of_its_sides(ends):
    assume(ends[0] != ends[1])
    assert_lengths(list(ends))


little = st.one_of(st.just(0.0), st.floats(1e-12, 1e-5), st.floats(-1e-5, -1e-12))


@given(along_an_edge(), little, little)
def test_a_segment_nearly_along_an_edge(ends, by, turn):
    (x0, y0), (x1, y1) = ends
    assume(ends[0] != ends[1])
    assert_lengths([(x0 + by, y0 - by), (x1 + by + turn, y1 - by + turn)])


@given(anywhere, st.floats(0, 6.28), st.sampled_from([1e-9, 1e-4, 1e4, 1e6]))
def test_very_short_and_very_long_segments(start, angle, length):
    assert_lengths([start, (start[0] + length * np.cos(angle), start[1] + length * np.sin(angle))])


def test_lines_without_length_are_in_the_tiles_they_lie_in_or_touch():
    inside, on_edge, outside = (50.0, 40.0), (0.0, 50.0), (99.0, 1.0)
    lines = [shapely.LineString([place, place]) for place in (inside, on_edge, outside)]
    tile, line, length = cut_lines_by_tiles(shapely.STRtree(TILES), outlines_of_polygons(TILES), np.array(lines))
    expected = {(i, t) for i, one in enumerate(lines) for t in np.flatnonzero(shapely.intersects(TILES, one)).tolist()}
    assert set(zip(line.tolist(), tile.tolist(), strict=True)) == expected
    assert length.tolist() == [0] * tile.size


def test_a_line_too_short_for_a_length_has_none():
    assert not lengths(
        [shapely.LineString([(50, 40), (50, 40 + 1e-300)]), shapely.LineString([(0, 0), (0, 1e-300)])]
    ).any()


def test_what_has_no_place_has_no_part():
    with np.errstate(invalid="ignore"):
        broken = shapely.linestrings([[10, 10], [np.nan, np.nan], [10, 20], [20, 20]], handle_nan="allow")
    nothing = [None, shapely.LineString(), shapely.MultiLineString(), shapely.LineString([(1e7, 0), (1e7, 9)])]
    assert not lengths(nothing).any()
    assert lengths([broken])[0, 0] == 10
    assert lengths([]).size == 0
    assert not areas([None, shapely.Polygon(), shapely.MultiPolygon(), shapely.box(1e7, 0, 2e7, 1)]).any()
    assert areas([]).size == 0


# --- polygons --------------------------------------------------------------------------------------------------------


def rings(of=anywhere, most: int = 30):
    return st.lists(of, min_size=3, max_size=most)


@given(rings())
def test_areas_are_those_of_shapely(points):
    polygon = valid(shapely.Polygon(points))
    assume(polygon.area > 1e-6)
    assert_areas([polygon])


@given(rings(st.one_of(lattice, vertices, anywhere), most=10))
def test_areas_with_shared_vertices_and_edges(points):
    polygon = valid(shapely.Polygon(points))
    assume(polygon.area > 1e-6)
    assert_areas([polygon, shapely.reverse(polygon)])


@given(rings(), st.lists(rings(st.one_of(lattice, anywhere), most=6), max_size=3))
def test_areas_of_polygons_with_holes_and_of_several_parts(shell, holes):
    polygon = valid(shapely.Polygon(shell))
    for hole in holes:
        polygon = polygon.difference(valid(shapely.Polygon(hole)))
    assume(polygon.area > 1e-6 and polygon.geom_type in ("Polygon", "MultiPolygon") and polygon.is_valid)
    assert_areas([polygon])


def test_tiles_themselves_and_what_lies_around_and_beside_them():
    around = [shapely.box(-1e5, -1e5, 1e5, 1e5), shapely.Point(50, 50).buffer(500, quad_segs=500)]
    beside = [translate(SQUARE, *by) for by in [(100, 0), (-100, 0), (0, 100), (0, -100), (100, 100), (1e6, 0)]]
    assert_areas([*TILES, *around, *beside])
    assert np.diag(areas(list(TILES))) == pytest.approx(shapely.area(TILES), rel=1e-12)


@given(anywhere, st.floats(0, 6.28), st.floats(1e-9, 1e-3))
def test_slivers(middle, angle, width):
    along, across = np.array([np.cos(angle), np.sin(angle)]), np.array([-np.sin(angle), np.cos(angle)])
    start, stop = np.array(middle) - 200 * along, np.array(middle) + 200 * along
    sliver = shapely.Polygon([start, stop, stop + width * across, start + width * across])
    assume(sliver.is_valid)
    assert_areas([sliver])


# --- exact, where GEOS itself rounds ---------------------------------------------------------------------------------

Place = tuple[Fraction, Fraction]


def sides_of(ring: shapely.LinearRing) -> list[tuple[Place, Place]]:
    return list(pairwise([(Fraction(x), Fraction(y)) for x, y in ring.coords]))


def beyond(side: tuple[Place, Place], place: Place) -> Fraction:
    """Twice the area left of the side, seen from the place: more than 0 inside of a ring that runs left around."""
    (ax, ay), (bx, by) = side
    return (bx - ax) * (place[1] - ay) - (by - ay) * (place[0] - ax)


def exact_area(points: list, tile: shapely.Polygon) -> float:
    """Of a simple ring in a convex tile: the ring is clipped by one side of the tile after another."""
    ring = [(Fraction(x), Fraction(y)) for x, y in points]
    for side in sides_of(tile.exterior):
        clipped = []
        for a, b in zip(ring, [*ring[1:], *ring[:1]], strict=True):
            d, e = beyond(side, a), beyond(side, b)
            if d >= 0:
                clipped.append(a)
            if (d < 0) != (e < 0):
                clipped.append(tuple(p + d / (d - e) * (q - p) for p, q in zip(a, b, strict=True)))
        ring = clipped
    return abs(float(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise([*ring, *ring[:1]])))) / 2


def exact_length(points: list, tile: shapely.Geometry) -> float:
    """In a tile of any shape: segments are cut where they cross its sides, and judged by the middle of each piece."""
    sides = [pair for ring in shapely.get_rings(tile) for pair in sides_of(ring)]
    total = 0.0
    for a, b in pairwise([(Fraction(x), Fraction(y)) for x, y in points]):
        cuts = [Fraction(0), Fraction(1)]
        for side in sides:
            d, e = beyond(side, a), beyond(side, b)
            if d != e:
                cuts.append(d / (d - e))
            elif d == 0:
                axis = 0 if a[0] != b[0] else 1
                cuts += [(end[axis] - a[axis]) / (b[axis] - a[axis]) for end in side if a != b]
        cuts = sorted(cut for cut in cuts if 0 <= cut <= 1)
        share = sum(go - come for come, go in pairwise(cuts) if holds(sides, a, b, (come + go) / 2))
        total += float(share) * float((b[0] - a[0]) ** 2 + (b[1] - a[1]) ** 2) ** 0.5
    return total


def holds(sides: list, a: Place, b: Place, share: Fraction) -> bool:
    """Whether a place between two others lies inside of the sides or on one."""
    x, y = place = tuple(p + share * (q - p) for p, q in zip(a, b, strict=True))
    inside = False
    for (cx, cy), (dx, dy) in sides:
        left = beyond(((cx, cy), (dx, dy)), place)
        if left == 0 and min(cx, dx) <= x <= max(cx, dx) and min(cy, dy) <= y <= max(cy, dy):
            return True
        if (cy <= y) != (dy <= y) and (left > 0) == (dy > cy):
            inside = not inside
    return inside


@pytest.mark.parametrize("size", [100.0, 1.0, 0.1])
@given(points=rings(st.tuples(st.floats(-1, 2), st.floats(-1, 2)), most=6), angle=st.floats(0, 60))
def test_lengths_and_areas_far_from_the_origin_are_exact(size, points, angle):
    left, bottom = 5_000_000.3, 4_690_000.7
    placed = [(left + x * size, bottom + y * size) for x, y in points]
    tile = hexagon(left + size / 2, bottom + size / 2, angle, size)
    assume(len({*placed}) == len(placed))
    tree, of_tile = shapely.STRtree([tile]), outlines_of_polygons(np.array([tile]))
    polygon = shapely.Polygon(placed)
    assume(polygon.is_valid and polygon.area > 1e-3 * size**2)
    area = cut_polygons_by_tiles(tree, of_tile, np.array([polygon]))[2].sum()
    assert abs(area - exact_area(placed, tile)) <= CLOSE * max(size**2, polygon.area)
    # Where a segment runs nearly along a side, GEOS is asked, which rounds places to what numbers of this size can say.
    length = cut_lines_by_tiles(tree, of_tile, np.array([shapely.LineString(placed)]))[2].sum()
    assert abs(length - exact_length(placed, tile)) <= CLOSE * max(size, polygon.length) + 1e-8


# --- many ------------------------------------------------------------------------------------------------------------


def ragged(n: int, x: float = 50.0, y: float = 50.0, waves: int = 37) -> shapely.Polygon:
    angle = np.linspace(0, 2 * np.pi, n, endpoint=False)
    radius = 60 + 20 * np.sin(waves * angle)
    return shapely.Polygon(np.c_[x + radius * np.cos(angle), y + radius * np.sin(angle)])


@pytest.mark.slow
def test_very_many_vertices_on_either_side(monkeypatch):
    monkeypatch.setattr(free_shapes, "BATCH_COUPLES", 1000)
    monkeypatch.setattr(free_shapes, "COUPLES_PER_EDGE", np.inf)
    polygon, tile = ragged(20_000), ragged(30_000, 70, 60, waves=11)
    tree, of_tile = shapely.STRtree([tile]), outlines_of_polygons(np.array([tile]))
    *_, area = cut_polygons_by_tiles(tree, of_tile, np.array([polygon, polygon.buffer(-10)]))
    expected = [polygon.intersection(tile).area, polygon.buffer(-10).intersection(tile).area]
    assert area == pytest.approx(expected, rel=CLOSE)
    *_, length = cut_lines_by_tiles(tree, of_tile, np.array([polygon.exterior]))
    assert length == pytest.approx([polygon.exterior.intersection(tile).length], rel=CLOSE)


@pytest.mark.slow
@settings(max_examples=25)
@given(st.integers(1, 40), st.integers(1, 9), st.floats(0.03, 2))
def test_the_size_of_stretches_and_batches_does_not_matter(longest, batch, reach):
    lines = [shapely.LineString(ragged(200, waves=3).exterior.coords), shapely.LineString([(0, 0), (90, 100)])]
    polygons = [ragged(200, waves=5), shapely.Point(30, 30).buffer(40)]
    expected = lengths(lines), areas(polygons)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(edge_tables, "STRETCH", longest)
        patch.setattr(free_shapes, "BATCH_COUPLES", batch * 10)
        patch.setattr(free_shapes, "REACH", reach)
        patch.setattr(free_shapes, "in_batches", lambda count, most=batch: edge_tables.in_batches(count, most))
        found = lengths(lines), areas(polygons)
    for one, other in zip(found, expected, strict=True):
        assert one == pytest.approx(other, abs=CLOSE)


def test_where_there_are_too_many_couples_of_edges_shapely_is_asked(monkeypatch):
    polygons = [ragged(500), ragged(300, waves=5), SQUARE]
    expected = areas(polygons)
    monkeypatch.setattr(free_shapes, "COUPLES_PER_EDGE", 0)
    assert areas(polygons) == pytest.approx(expected, abs=CLOSE * SIZE**2)


def test_parts_of_a_line_that_lie_on_each_other_both_count():
    line = shapely.LineString([(10, 50), (90, 50), (10, 50)])
    assert lengths([line, shapely.MultiLineString([line, line])])[:, 0].tolist() == [160, 320]


# --- through the tiles -----------------------------------------------------------------------------------------------


def test_tiles_that_cross_themselves_are_repaired():
    bow = shapely.Polygon([(0, 0), (100, 100), (100, 0), (0, 100)])
    cutter = TileCutter(gpd.GeoDataFrame(geometry=[bow, SQUARE], crs=CRS))
    pieces = cutter.cut(gpd.GeoDataFrame(geometry=[SQUARE], crs=CRS), "polygon")
    assert pieces.measure.tolist() == pytest.approx([5000, 10_000])
    pieces = cutter.cut(gpd.GeoDataFrame(geometry=[shapely.LineString([(25, 0), (25, 100)])], crs=CRS), "line")
    assert pieces.measure.tolist() == pytest.approx([50, 100])


def test_a_polygon_without_an_area_worth_the_name_counts_where_it_lies():
    cutter = TileCutter(gpd.GeoDataFrame(geometry=[*CONVEX.values()], crs=CRS))
    speck = translate(scale(SQUARE, 1e-7, 1e-7), 0, 30)
    pieces = cutter.cut(gpd.GeoDataFrame(geometry=[speck], crs=CRS), "polygon")
    assert pieces.tile.tolist() == np.flatnonzero(shapely.contains([*CONVEX.values()], speck)).tolist()
    assert pieces.measure == pytest.approx(speck.area, rel=1e-6)
