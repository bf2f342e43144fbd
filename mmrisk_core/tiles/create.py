"""Which pieces of the map are judged: the units of risk."""

from __future__ import annotations

import math
from typing import get_args

import geopandas as gpd
import numpy as np
import pyproj
import shapely

from mmrisk_core.errors import InputError
from mmrisk_core.geo.crs import Bounds, metric_crs, metric_unit, parse_crs, transform_bounds
from mmrisk_core.geo.frames import title_of, to_crs
from mmrisk_core.geo.recipe import KIND_OF_LAYOUT, Layout, Recipe, TilesStep, attach_recipe
from mmrisk_core.progress import NO_PROGRESS, Progress
from mmrisk_core.tiles.along_lines import middles_along_lines
from mmrisk_core.tiles.around_points import squares_around
from mmrisk_core.tiles.followed_layer import (
    features_near,
    followed_features,
    in_metric_crs,
    log_metric_crs,
    read_followed_layer,
    within_extent,
)
from mmrisk_core.tiles.grid import MAX_TILES, ROUND_OFF, Grid, grid_of, grid_over, require_extent
from mmrisk_core.tiles.own_polygons import polygons_in, typical_width
from mmrisk_core.tiles.spaced_grid import spaced_squares
from mmrisk_core.wording import counted

__all__ = ["Grid", "create_tiles", "grid_of", "grid_over", "read_followed_layer"]

CRSLike = str | int | pyproj.CRS


def create_tiles(
    extent: Bounds | None = None,
    tile_size: float = 150.0,
    crs: CRSLike | None = None,
    *,
    layout: Layout = "grid",
    layer: gpd.GeoDataFrame | None = None,
    spacing: float | None = None,
    mask: gpd.GeoDataFrame | None = None,
    most: int = MAX_TILES,
    progress: Progress = NO_PROGRESS,
) -> gpd.GeoDataFrame:
    """Lay out tiles: on a grid over ``extent``, along the lines, around the points or as the polygons of ``layer``.

    - ``grid``: squares from the upper left corner of the extent; the last row and column may reach beyond it. With a
      ``spacing`` less than ``tile_size`` they overlap, with a larger one there are gaps between them.
    - ``lines``: squares with their middles on the lines, ``spacing`` apart, at least one a line.
    - ``points``: a square around every point, and around every part of a multi-point.
    - ``polygons``: the polygons themselves; ``tile_size`` and ``spacing`` play no part.

    Squares are measured in metres: where a unit of ``crs`` is no length on the ground (degrees, Web Mercator), they are
    laid out in the local UTM zone. Polygons stay in ``crs``.

    :param extent: left, bottom, right, top in units of ``crs``. The grid covers it; of the other layouts it keeps the tiles
        whose middle lies in it (of a polygon: a point inside), its left and upper edge included.
    :param tile_size: side of a square in metres.
    :param crs: of extent and tiles; by default, but for a grid, that of ``layer``.
    :param layout: one of these four.
    :param layer: what the layouts other than the grid follow.
    :param spacing: metres from one tile to the next, across and down a grid or along a line; by default ``tile_size``.
    :param mask: polygons; tiles that share no area with them are left out.
    :param most: how many squares are laid out at most, before the mask; more are refused.
    :param progress: told how far it is, and asked whether to go on.
    :return: polygons with ``tile_id`` (from 0, counted before the mask) and, on a grid, ``row`` and ``col``; otherwise
        ``source_id`` (the feature's id in its file where the index is named ``fid``, else its row number) and ``position``
        (metres from the start of the line, the number of the part of a multi-point, 0 for a polygon).
    :raises MMRiskError: for a size that is not positive, an empty extent, a layer that does not fit the layout, a mask
        elsewhere, or when no tile or more than ``most`` would come of it.
    """
    if layout not in get_args(Layout):
        raise InputError(f"There is no layout '{layout}'. Use one of {', '.join(get_args(Layout))}.")
    if layout != "polygons":
        _require_length("tile size", tile_size)
    if layout in ("grid", "lines") and spacing is not None:
        _require_length("spacing", spacing)
    if extent is not None:
        require_extent(extent)
    if layout == "grid":
        tiles, step = _grid_tiles(extent, tile_size, crs, spacing, most, progress)
    else:
        tiles, step = _following_tiles(layout, layer, extent, tile_size, crs, spacing, most, progress)
    if mask is not None:
        progress.update(0.8, f"{counted(len(tiles), 'tile')}, before the mask")
        tiles = _under_mask(tiles, mask)
    attach_recipe(tiles, Recipe(tiles=step))
    tiles.attrs["title"] = "tiles"
    progress.update(1.0, f"{counted(len(tiles), 'tile')}")
    return tiles


def _require_length(name: str, value: float) -> None:
    if not 0 < value < math.inf:
        raise InputError(f"The {name} must be more than 0 m; it is {value:g}.")


def _grid_tiles(
    extent: Bounds | None,
    tile_size: float,
    crs: CRSLike | None,
    spacing: float | None,
    most: int,
    progress: Progress,
) -> tuple[gpd.GeoDataFrame, TilesStep]:
    if extent is None:
        raise InputError("A grid needs an extent; none was given. Give one, or choose a layout that follows a layer.")
    if crs is None:
        raise InputError("A grid needs to know the CRS of its extent. Give one, such as EPSG:26986.")
    crs = parse_crs(crs)
    metric = metric_crs(crs, extent)
    if not metric.equals(crs):
        log_metric_crs(crs, metric, progress)
    unit = metric_unit(metric)
    extent = transform_bounds(extent, crs, metric)
    if spacing is None or math.isclose(spacing, tile_size, rel_tol=ROUND_OFF):
        spacing = None
        grid = grid_over(extent, tile_size / unit, metric, most)
        row, col = (index.ravel() for index in np.indices((grid.rows, grid.cols)))
        squares = grid.polygons(row, col)
    else:
        row, col, squares = spaced_squares(extent, tile_size / unit, spacing / unit, most)
    progress.update(0.1, f"{counted(row[-1] + 1, 'row')} and {counted(col[-1] + 1, 'column')}")
    columns = {"tile_id": np.arange(row.size), "row": row, "col": col}
    step = TilesStep(layout="grid", tile_size=tile_size, spacing=spacing)
    return gpd.GeoDataFrame(columns, geometry=squares, crs=metric), step


def _following_tiles(
    layout: Layout,
    layer: gpd.GeoDataFrame | None,
    extent: Bounds | None,
    tile_size: float,
    crs: CRSLike | None,
    spacing: float | None,
    most: int,
    progress: Progress,
) -> tuple[gpd.GeoDataFrame, TilesStep]:
    features = followed_features(layer, layout, progress)
    title = title_of(features)
    crs = pyproj.CRS(features.crs) if crs is None else parse_crs(crs)
    progress.update(0.1, f"tiles after {counted(len(features), 'feature')} of '{title}'")
    if extent is not None:
        features = features_near(features, extent, crs)
    if layout == "polygons":
        tiles = within_extent(polygons_in(features, crs), extent, crs, title)
        tile_size, spacing = typical_width(tiles), None
        progress.log(f"Half of the tiles are smaller than a square of {tile_size:,.0f} m: the tile size in the recipe.")
    else:
        features, unit = in_metric_crs(features, crs, extent, progress)
        spacing = (spacing or tile_size) if layout == "lines" else None
        middles = features if spacing is None else middles_along_lines(features, spacing / unit, unit, most)
        tiles = within_extent(middles, extent, crs, title)
        tiles = tiles.set_geometry(squares_around(np.asarray(tiles.geometry.array), tile_size / unit), crs=tiles.crs)
    tiles.insert(0, "tile_id", np.arange(len(tiles)))
    step = TilesStep(layout=layout, tile_size=tile_size, spacing=spacing, layer=title, geometry=KIND_OF_LAYOUT[layout])
    return tiles, step


def _under_mask(tiles: gpd.GeoDataFrame, mask: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The tiles that share some area with the mask."""
    polygons = to_crs(mask, pyproj.CRS(tiles.crs)).geometry.array
    polygons = polygons[shapely.get_dimensions(polygons) == 2]
    tree = shapely.STRtree(tiles.geometry.array)
    mask_index, tile_index = tree.query(polygons, predicate="intersects")
    touching = shapely.touches(polygons[mask_index], tiles.geometry.array[tile_index])
    kept = np.unique(tile_index[~touching])
    if kept.size == 0:
        raise InputError(
            f"No tile lies under the mask '{title_of(mask)}'. Check that it has polygons and that it covers the tiles."
        )
    return tiles.iloc[kept].reset_index(drop=True)
