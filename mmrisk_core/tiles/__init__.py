"""Which pieces of the map are judged: the units of risk."""

from __future__ import annotations

import math

import geopandas as gpd
import numpy as np
import pyproj
import shapely

from mmrisk_core.crs import Bounds, metres_per_unit, metric_crs, parse_crs, transform_bounds
from mmrisk_core.errors import MMRiskError
from mmrisk_core.progress import SILENT, Progress
from mmrisk_core.recipe import Layout, Recipe, TilesStep, attach_recipe
from mmrisk_core.tiles.grid import Grid, grid_of, grid_over, require_extent
from mmrisk_core.vectors import title_of, to_crs

__all__ = ["AVAILABLE_LAYOUTS", "Grid", "create_tiles", "grid_of", "grid_over"]

AVAILABLE_LAYOUTS = ("grid",)


def create_tiles(
    extent: Bounds,
    tile_size: float,
    crs: str | int | pyproj.CRS,
    *,
    layout: Layout = "grid",
    layer: gpd.GeoDataFrame | None = None,
    spacing: float | None = None,
    mask: gpd.GeoDataFrame | None = None,
    progress: Progress = SILENT,
) -> gpd.GeoDataFrame:
    """Lay out tiles over ``extent``.

    The grid starts at the upper left corner of the extent; the last row and column may reach beyond it. Where a unit of
    ``crs`` is no length on the ground (degrees, Web Mercator), the tiles are laid in the local UTM zone.

    :param extent: left, bottom, right, top in units of ``crs``.
    :param tile_size: side of a tile in metres.
    :param layer: what the layouts other than the grid follow.
    :param spacing: distance between tiles along lines in metres.
    :param mask: polygons; tiles that share no area with them are left out.
    :return: ``tile_id`` (row by row from the upper left), ``row``, ``col`` and square polygons.
    :raises MMRiskError: for a size that is not positive, an empty extent or a mask elsewhere.
    """
    if layout not in AVAILABLE_LAYOUTS:
        raise MMRiskError(f"The layout '{layout}' is not available in this version. Use 'grid'.")
    if not 0 < tile_size < math.inf:
        raise MMRiskError(f"The tile size must be more than 0 m; it is {tile_size:g}.")
    require_extent(extent)
    crs = parse_crs(crs)
    metric = metric_crs(crs, extent)
    if not metric.equals(crs):
        progress.log(f"A unit of {crs.name} is not a fixed length, so the tiles are laid out in {metric.name}.")
    unit = metres_per_unit(metric)
    assert unit is not None
    grid = grid_over(transform_bounds(extent, crs, metric), tile_size / unit, metric)
    progress.update(0.1, f"{grid.rows} rows and {grid.cols} columns")
    row, col = (index.ravel() for index in np.indices((grid.rows, grid.cols)))
    tiles = gpd.GeoDataFrame(
        {"tile_id": np.arange(row.size), "row": row, "col": col}, geometry=grid.polygons(row, col), crs=metric
    )
    if mask is not None:
        tiles = _under_mask(tiles, mask)
    attach_recipe(tiles, Recipe(tiles=TilesStep(layout=layout, tile_size=tile_size)))
    tiles.attrs["title"] = "tiles"
    progress.update(1.0, f"{len(tiles)} tiles")
    return tiles


def _under_mask(tiles: gpd.GeoDataFrame, mask: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The tiles that share some area with the mask."""
    polygons = to_crs(mask, pyproj.CRS(tiles.crs)).geometry.array
    polygons = polygons[shapely.get_dimensions(polygons) == 2]
    tree = shapely.STRtree(tiles.geometry.array)
    mask_index, tile_index = tree.query(polygons, predicate="intersects")
    touching = shapely.touches(polygons[mask_index], tiles.geometry.array[tile_index])
    kept = np.unique(tile_index[~touching])
    if kept.size == 0:
        raise MMRiskError(
            f"No tile lies under the mask '{title_of(mask)}'. Check that it has polygons and that it covers the extent."
        )
    return tiles.iloc[kept].reset_index(drop=True)
