"""Intersections: which part of which feature lies in which tile.

Everything a join or a label needs is in a table of pieces: tile, feature, and how much of the feature (points: 1 each,
lines: metres, polygons: square metres) lies in the tile.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from mmrisk_core.arrays import BoolArray, FloatArray, GeometryArray, IntArray
from mmrisk_core.attributes.edge_tables import Outlines, outlines_of_polygons
from mmrisk_core.attributes.free_points import points_in_polygons
from mmrisk_core.attributes.free_shapes import cut_lines_by_tiles, cut_polygons_by_tiles
from mmrisk_core.attributes.grid_lines import cut_lines
from mmrisk_core.attributes.grid_polygons import cut_polygons
from mmrisk_core.geo.crs import Bounds, metres_per_unit, metric_crs, metric_unit, transform_bounds
from mmrisk_core.geo.frames import clean_geometry, require_crs, to_crs
from mmrisk_core.geo.recipe import GeometryKind
from mmrisk_core.tiles.grid import grid_of

SLIVER_TOLERANCE = 1e-9
"""Share of a tile's side or area below which a piece comes of rounding, as of a line that ends on an edge."""
MARGIN = 0.01
"""Share of the tiles' extent by which their box is widened in another CRS."""


@dataclass(frozen=True)
class Intersections:
    """Intersections of features in tiles, each pair of tile and feature once.

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


class TileCutter:
    """Cuts layers by ``tiles``, which are made ready once for all layers and parts of layers.

    On a grid every point and every part of a line lies in exactly one tile; tiles that lie on none are found by an index.
    Either way only arrays are computed with.

    :raises MMRiskError: when the tiles have no CRS.
    """

    def __init__(self, tiles: gpd.GeoDataFrame) -> None:
        crs = require_crs(tiles)
        self.crs = crs if metres_per_unit(crs) is not None else metric_crs(crs, _bounds_around(tiles.geometry.array))
        unit = metric_unit(self.crs)
        self._unit = unit
        moved = to_crs(tiles, self.crs)
        self.polygons: GeometryArray = np.asarray(moved.geometry.array)
        self._grid = grid_of(moved)
        if self._grid is None:
            self.polygons = clean_geometry(self.polygons)
            self._tree = shapely.STRtree(self.polygons)
        else:
            cell = moved["row"].to_numpy(dtype=np.int64) * self._grid.cols + moved["col"].to_numpy(dtype=np.int64)
            n_cells = self._grid.rows * self._grid.cols
            # Position of the tile at each cell, -1 where there is none; the last entry stands for 'outside'. Of a whole
            # grid in order, as it is made, the position is the cell.
            self._tile_at = None if np.array_equal(cell, np.arange(n_cells)) else np.full(n_cells + 1, -1)
            if self._tile_at is not None:
                self._tile_at[cell] = np.arange(len(tiles))

    @property
    def on_grid(self) -> bool:
        """Whether the tiles are the squares of a grid."""
        return self._grid is not None

    @cached_property
    def area(self) -> FloatArray:
        """Of each tile, in square units of the CRS."""
        return np.asarray(shapely.area(self.polygons))

    @cached_property
    def _outlines(self) -> Outlines:
        return outlines_of_polygons(self.polygons)

    @cached_property
    def _around(self) -> Bounds:
        return _bounds_around(self.polygons)

    def bounds_in(self, layer: gpd.GeoDataFrame) -> Bounds:
        """The box around all tiles in the CRS of ``layer``; a little wider, as its edges become curves."""
        crs = require_crs(layer)
        if crs.equals(self.crs):
            return self._around
        left, bottom, right, top = transform_bounds(self._around, self.crs, crs)
        if left > right:
            # Across the date line that is all around the world.
            left, right = -180.0, 180.0
        across, up = MARGIN * (right - left), MARGIN * (top - bottom)
        return left - across, bottom - up, right + across, top + up

    def cut(self, layer: gpd.GeoDataFrame, kind: GeometryKind, bounds: FloatArray | None = None) -> Intersections:
        """The pieces of ``layer``, all of whose geometries are of one ``kind``.

        :param bounds: of each geometry (n, 4), where they are known and the layer is in the CRS of the tiles.
        :raises MMRiskError: when the layer has no CRS, or lies where that of the tiles is not defined.
        """
        moved = to_crs(layer, self.crs) if bounds is None else layer
        geometry = np.asarray(moved.geometry.array)
        if kind == "point":
            return self._cut_points(geometry, shapely.bounds(geometry) if bounds is None else bounds)
        if kind == "line":
            tile, feature, measure = self._cut_lines(geometry)
            total, scale = shapely.length(geometry), self._unit
            sliver = SLIVER_TOLERANCE * np.sqrt(self.area)
        else:
            geometry = clean_geometry(geometry)
            tile, feature, measure = self._cut_polygons(geometry)
            total, scale = shapely.area(geometry), self._unit**2
            sliver = SLIVER_TOLERANCE * self.area
        return _without_slivers(kind, tile, feature, measure * scale, total * scale, sliver * scale)

    def distance(self, layer: gpd.GeoDataFrame) -> FloatArray:
        """Metres from each tile to the nearest feature of ``layer``; 0 where it touches the tile, NaN without any."""
        geometry = np.asarray(to_crs(layer, self.crs).geometry.array)
        geometry = geometry[~(shapely.is_missing(geometry) | shapely.is_empty(geometry))]
        distance = np.full(len(self.polygons), np.nan)
        if geometry.size:
            found, metres = shapely.STRtree(geometry).query_nearest(
                self.polygons, return_distance=True, all_matches=False
            )
            distance[found[0]] = metres * self._unit
        return distance

    def covering(self, layer: gpd.GeoDataFrame) -> GeometryArray:
        """The polygons of ``layer`` as :meth:`share` takes them."""
        geometry = clean_geometry(np.asarray(to_crs(layer, self.crs).geometry.array))
        return self._united(geometry[~(shapely.is_missing(geometry) | shapely.is_empty(geometry))])

    def share(self, covering: list[GeometryArray]) -> FloatArray:
        """The share of each tile that the polygons of ``covering`` cover, 0 to 1; overlapping ones count once."""
        geometry = self._united(np.concatenate(covering))
        tile, feature, measure = self._cut_polygons(geometry)
        covered = np.bincount(tile, weights=measure, minlength=len(self.polygons))
        if self._grid is None:
            # Small unions of what lies in a tile, as one of all may have more corners than GEOS could cut tile by tile.
            several = np.flatnonzero((np.bincount(tile) > 1)[tile])
            several = several[np.argsort(tile[several], kind="stable")]
            tile, feature = tile[several], feature[several]
            inside = shapely.intersection(self.polygons[tile], geometry[feature])
            tile, nth = np.unique(tile, return_inverse=True)
            together = shapely.geometrycollections(inside, indices=nth)
            covered[tile] = shapely.area(shapely.union_all(together.reshape(-1, 1), axis=1))
        share = covered / self.area
        return np.asarray(np.where(share > SLIVER_TOLERANCE, np.minimum(share, 1.0), 0.0))

    def _united(self, polygons: GeometryArray) -> GeometryArray:
        return polygons if self._grid is None else np.array([shapely.union_all(polygons)], dtype=object)

    def _cut_points(self, geometry: GeometryArray, bounds: FloatArray) -> Intersections:
        feature: IntArray = np.arange(len(geometry))
        # Bounds are found quicker than coordinates, and those of a single point are its own.
        points = bounds[:, :2]
        if not (points == bounds[:, 2:]).all():
            points, feature = shapely.get_coordinates(geometry, return_index=True)
        if self._grid is None:
            tile, point = points_in_polygons(self._tree, points)
        else:
            tile = self._tile_of(self._grid.cells_at(points[:, 0], points[:, 1]))
            point = np.flatnonzero(tile >= 0)
            tile = tile.take(point)
        feature = feature.take(point)
        if len(points) > len(geometry):
            # Of a multi-point, several points may lie in one tile.
            pair = np.unique(tile * max(len(geometry), 1) + feature)
            tile, feature = pair // max(len(geometry), 1), pair % max(len(geometry), 1)
        return Intersections("point", tile, feature, np.ones(tile.size), np.ones(len(geometry)))

    def _cut_lines(self, geometry: GeometryArray) -> tuple[IntArray, IntArray, FloatArray]:
        if self._grid is None:
            return cut_lines_by_tiles(self._tree, self._outlines, geometry)
        return self._tiles_at(*cut_lines(self._grid, geometry))

    def _cut_polygons(self, geometry: GeometryArray) -> tuple[IntArray, IntArray, FloatArray]:
        if self._grid is None:
            return cut_polygons_by_tiles(self._tree, self._outlines, geometry)
        return self._tiles_at(*cut_polygons(self._grid, geometry))

    def _tiles_at(
        self, cell: IntArray, feature: IntArray, measure: FloatArray
    ) -> tuple[IntArray, IntArray, FloatArray]:
        tile = self._tile_of(cell)
        there = tile >= 0
        return tile[there], feature[there], measure[there]

    def _tile_of(self, cell: IntArray) -> IntArray:
        """The tile at each cell, -1 where there is none."""
        return cell if self._tile_at is None else self._tile_at.take(cell)


def has_place(geometry: GeometryArray, kind: GeometryKind, bounds: FloatArray | None = None) -> BoolArray:
    """Which geometries lie somewhere: those missing, empty, or with a coordinate that is not a number do not.

    :param bounds: of each geometry (n, 4), where they are known already.
    """
    left, bottom, _, _ = (shapely.bounds(geometry) if bounds is None else bounds).T
    placed = np.isfinite(left) & np.isfinite(bottom)
    if kind != "point":
        coordinates, index = shapely.get_coordinates(geometry, return_index=True)
        if not np.isfinite(coordinates).all():
            placed[index[~np.isfinite(coordinates).all(axis=1)]] = False
    return np.asarray(placed)


def _bounds_around(polygons: npt.ArrayLike) -> Bounds:
    left, bottom, right, top = shapely.bounds(np.asarray(polygons)).T
    return float(left.min()), float(bottom.min()), float(right.max()), float(top.max())


def _without_slivers(
    kind: GeometryKind, tile: IntArray, feature: IntArray, measure: FloatArray, total: FloatArray, sliver: FloatArray
) -> Intersections:
    # A line or polygon that only touches a tile has no part in it, but a tiny one or one without extent is in its own.
    inside = (measure > sliver[tile]) | (measure >= total[feature] / 2)
    return Intersections(kind, tile[inside], feature[inside], measure[inside], total)
