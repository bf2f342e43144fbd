"""Pieces: which part of which feature lies in which tile.

Everything a join or a label needs is in a table of pieces: tile, feature, and how much of the feature (points: 1 each,
lines: metres, polygons: square metres) lies in the tile.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely

from mmrisk_core.attributes.line_cuts import cut_lines
from mmrisk_core.crs import metres_per_unit, metric_crs
from mmrisk_core.recipe import GeometryKind
from mmrisk_core.tiles.grid import FloatArray, Grid, IntArray, grid_of
from mmrisk_core.vectors import clean_geometry, geometry_kind, require_crs, to_crs

BATCH_PAIRS = 200_000
CRUMB = 1e-8
"""Share of a tile's side or area below which a piece comes of rounding, as of a line that ends on an edge."""


@dataclass(frozen=True)
class Pieces:
    """Pieces of features in tiles, each pair of tile and feature once.

    :param kind: the kind of the features.
    :param tile: position of the tile.
    :param feature: position of the feature.
    :param measure: 1 for a point; metres of a line, square metres of a polygon inside the tile.
    :param total: measure of the whole feature, one per feature.
    """

    kind: GeometryKind
    tile: IntArray
    feature: IntArray
    measure: FloatArray
    total: FloatArray


def cut_into_pieces(tiles: gpd.GeoDataFrame, layer: gpd.GeoDataFrame) -> Pieces:
    """Cut ``layer`` by ``tiles``; on a grid every point and every part of a line lies in exactly one tile.

    :raises MMRiskError: when a CRS is missing, or the layer mixes kinds of geometry.
    """
    kind = geometry_kind(layer)
    metric = metric_crs(require_crs(tiles), tuple(tiles.total_bounds))
    tiles, layer = to_crs(tiles, metric), to_crs(layer, metric)
    unit = metres_per_unit(metric)
    assert unit is not None
    geometry = np.asarray(layer.geometry.array)
    if kind == "point":
        tile, feature = _points_in_tiles(tiles, grid_of(tiles), geometry)
        measure, total, scale = np.ones(tile.size), np.ones(len(geometry)), 1.0
        crumb = np.zeros(len(tiles))
    elif kind == "line":
        tile, feature, measure = _lines_in_tiles(tiles, grid_of(tiles), geometry)
        total, scale = shapely.length(geometry), unit
        crumb = CRUMB * np.sqrt(shapely.area(tiles.geometry.array))
    else:
        geometry = clean_geometry(geometry)
        tile, feature, measure = _intersections(tiles, geometry, shapely.area)
        total, scale = shapely.area(geometry), unit**2
        crumb = CRUMB * shapely.area(tiles.geometry.array)
    return _each_pair_once(kind, tile, feature, measure * scale, total * scale, crumb * scale)


def _each_pair_once(
    kind: GeometryKind, tile: IntArray, feature: IntArray, measure: FloatArray, total: FloatArray, crumb: FloatArray
) -> Pieces:
    width = max(len(total), 1)
    pair, position = np.unique(tile * width + feature, return_inverse=True)
    summed = np.asarray(np.bincount(position, weights=measure, minlength=pair.size), dtype=np.float64)
    tile, feature = pair // width, pair % width
    # A line or polygon that only touches a tile has no part in it, but a tiny one or one without extent is in its own.
    inside = (summed > crumb[tile]) | (summed >= total[feature] / 2)
    if kind == "point":
        summed = np.ones(pair.size)
        inside = np.ones(pair.size, dtype=bool)
    return Pieces(kind, tile[inside], feature[inside], summed[inside], total)


def _points_in_tiles(tiles: gpd.GeoDataFrame, grid: Grid | None, geometry: np.ndarray) -> tuple[IntArray, IntArray]:
    points, feature = shapely.get_coordinates(geometry, return_index=True)
    if grid is None:
        point, tile = shapely.STRtree(tiles.geometry.array).query(shapely.points(points), predicate="intersects")
        return tile, feature[point]
    tile = _tile_at_cell(tiles, grid)[grid.cells_at(points[:, 0], points[:, 1])]
    return tile[tile >= 0], feature[tile >= 0]


def _lines_in_tiles(
    tiles: gpd.GeoDataFrame, grid: Grid | None, geometry: np.ndarray
) -> tuple[IntArray, IntArray, FloatArray]:
    if grid is None:
        return _intersections(tiles, geometry, shapely.length)
    cell, feature, length = cut_lines(grid, geometry)
    tile = _tile_at_cell(tiles, grid)[cell]
    return tile[tile >= 0], feature[tile >= 0], length[tile >= 0]


def _intersections(
    tiles: gpd.GeoDataFrame, geometry: np.ndarray, measure: np.ufunc
) -> tuple[IntArray, IntArray, FloatArray]:
    polygons = np.asarray(tiles.geometry.array)
    feature, tile = shapely.STRtree(polygons).query(geometry, predicate="intersects")
    measures = [
        measure(shapely.intersection(geometry[feature[i : i + BATCH_PAIRS]], polygons[tile[i : i + BATCH_PAIRS]]))
        for i in range(0, feature.size, BATCH_PAIRS)
    ]
    return tile, feature, np.concatenate([np.empty(0), *measures])


def _tile_at_cell(tiles: gpd.GeoDataFrame, grid: Grid) -> IntArray:
    """Position of the tile at each cell of the grid, -1 where there is none; the last entry stands for 'outside'."""
    lookup = np.full(grid.rows * grid.cols + 1, -1, dtype=np.int64)
    lookup[tiles["row"].to_numpy(dtype=np.int64) * grid.cols + tiles["col"].to_numpy(dtype=np.int64)] = np.arange(
        len(tiles)
    )
    return lookup
