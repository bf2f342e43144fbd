"""The layer that a layout follows: checked, without what cannot carry a tile, in the CRS of the tiles."""

from __future__ import annotations

from collections.abc import Callable

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pyproj
import shapely

from mmrisk_core.arrays import BoolArray, FloatArray, GeometryArray, IntArray
from mmrisk_core.errors import InputError
from mmrisk_core.geo.crs import Bounds, metres_per_unit, metric_crs, metric_unit, transform_bounds, transformer_between
from mmrisk_core.geo.frames import clean_geometry, geometry_kind, require_crs, title_of, to_crs
from mmrisk_core.geo.layer_io import read_geo_layer
from mmrisk_core.geo.layer_source import LayerSource
from mmrisk_core.geo.recipe import KIND_OF_LAYOUT, GeometryKind, Layout
from mmrisk_core.progress import NO_PROGRESS, Progress

FEATURE_ID = "fid"
"""Name of the index that holds the ids of features in their file, as pyogrio names it."""

Geometries = GeometryArray

_NAMES: dict[Layout, str] = {"lines": "along lines", "points": "around points", "polygons": "from polygons"}
_KINDS: dict[GeometryKind, str] = {"line": "lines", "point": "points", "polygon": "polygons", "table": "no geometry"}
_UNUSABLE: dict[Layout, str] = {
    "lines": "missing, empty or without length",
    "points": "missing or empty",
    "polygons": "missing, empty or without area",
}
_MEASURE: dict[Layout, Callable[[Geometries], FloatArray]] = {
    "lines": shapely.length,
    "polygons": shapely.area,
}


def read_followed_layer(source: LayerSource) -> gpd.GeoDataFrame:
    """Read a layer whose tiles are to name the features they come of: its index ``fid`` holds their ids in the file.

    Of what QGIS has exported, a field of this name holds those in the layer.

    :raises MMRiskError: naming the layer and what it lacks.
    """
    layer = read_geo_layer(source)
    if FEATURE_ID in layer.columns and pd.api.types.is_integer_dtype(layer[FEATURE_ID]):
        return layer.set_index(pd.Index(layer[FEATURE_ID], name=FEATURE_ID))
    _, ids, _, _ = pyogrio.raw.read(
        source.path,
        layer=0 if source.layer is None else source.layer,
        columns=[],
        read_geometry=False,
        return_fids=True,
    )
    layer.index = pd.Index(ids, name=FEATURE_ID)
    return layer


def followed_features(
    layer: gpd.GeoDataFrame | None, layout: Layout, progress: Progress = NO_PROGRESS
) -> gpd.GeoDataFrame:
    """The features of ``layer`` that can carry tiles, under the layer's title.

    Points come one part a row, lines and polygons one feature a row. What is missing, empty, at no finite place or without
    extent is left out and counted in the log.

    :return: ``source_id`` (the index where it is named ``fid``, else the row number), ``position`` (number of the part of
        a multi-point, else 0) and two-dimensional geometry in the layer's own CRS.
    :raises MMRiskError: when there is no layer, or nothing in it of the kind that ``layout`` needs.
    """
    wanted = _KINDS[KIND_OF_LAYOUT[layout]]
    if layer is None:
        raise InputError(f"Tiles {_NAMES[layout]} need a layer of {wanted}; none was given. Choose one.")
    title = title_of(layer)
    if not isinstance(layer, gpd.GeoDataFrame):
        raise InputError(f"'{title}' is a table without geometry. Tiles {_NAMES[layout]} need a layer of {wanted}.")
    crs = require_crs(layer)
    if len(layer) == 0:
        raise InputError(f"The layer '{title}' is empty. Tiles {_NAMES[layout]} need a layer of {wanted}.")
    geometry = shapely.force_2d(np.asarray(layer.geometry.array))
    if shapely.get_dimensions(geometry).max() >= 0 and (kind := geometry_kind(layer)) != KIND_OF_LAYOUT[layout]:
        raise InputError(
            f"The layer '{title}' has {_KINDS[kind]}, but tiles {_NAMES[layout]} need {wanted}. Choose a layer of {wanted}, "
            "or another layout."
        )
    owner, part, geometry = _usable(geometry, layout)
    skipped = len(layer) - np.unique(owner).size
    if skipped == len(layer):
        raise InputError(
            f"All {len(layer)} geometries of '{title}' are {_UNUSABLE[layout]}, so they carry no tile. Choose another layer."
        )
    if skipped:
        progress.log(f"{skipped} of {len(layer)} geometries of '{title}' are {_UNUSABLE[layout]} and carry no tile.")
    columns = {"source_id": _source_ids(layer)[owner], "position": part}
    features = gpd.GeoDataFrame(columns, geometry=geometry, crs=crs)
    features.attrs["title"] = title
    return features


def _source_ids(layer: gpd.GeoDataFrame) -> IntArray:
    if layer.index.name == FEATURE_ID and pd.api.types.is_integer_dtype(layer.index):
        return np.asarray(layer.index, dtype=np.int64)
    return np.arange(len(layer))


def _usable(geometry: Geometries, layout: Layout) -> tuple[IntArray, IntArray, Geometries]:
    """Row, number of the part and geometry of what can carry a tile."""
    owner = np.arange(len(geometry))
    if layout == "points":
        geometry, owner = shapely.get_parts(geometry, return_index=True)
    part = np.arange(owner.size) - np.searchsorted(owner, owner)
    usable = _is_finite(geometry)
    owner, part, geometry = owner[usable], part[usable], geometry[usable]
    if layout == "points":
        return owner, part, geometry
    if layout == "polygons":
        geometry = _polygons_only(clean_geometry(geometry))
    usable = _MEASURE[layout](geometry) > 0
    return owner[usable], part[usable], geometry[usable]


def _is_finite(geometry: Geometries) -> BoolArray:
    """Where there are coordinates, and all of them are numbers."""
    coordinates, index = shapely.get_coordinates(geometry, return_index=True)
    broken = np.bincount(index[~np.isfinite(coordinates).all(axis=1)], minlength=len(geometry))
    return np.asarray((np.bincount(index, minlength=len(geometry)) > 0) & (broken == 0))


def _polygons_only(geometry: Geometries) -> Geometries:
    """Collections without the lines and points that they hold beside polygons."""
    collection = shapely.get_type_id(geometry) == shapely.GeometryType.GEOMETRYCOLLECTION
    geometry[collection] = shapely.buffer(geometry[collection], 0)
    return geometry


def features_near(features: gpd.GeoDataFrame, extent: Bounds, crs: pyproj.CRS) -> gpd.GeoDataFrame:
    """The features that could have a tile in ``extent``, so that the rest of a large layer costs nothing.

    The margin is one extent on each side: an edge that is straight in one CRS is bent in another.

    :param extent: in ``crs``.
    :raises MMRiskError: when there is none.
    """
    left, bottom, right, top = transform_bounds(extent, crs, pyproj.CRS(features.crs))
    if right < left:
        # Degrees across the 180th meridian; the tiles themselves are held against the extent later.
        return features
    width, height = right - left, top - bottom
    bounds = shapely.bounds(features.geometry.array)
    near = (
        (bounds[:, 2] >= left - width)
        & (bounds[:, 0] <= right + width)
        & (bounds[:, 3] >= bottom - height)
        & (bounds[:, 1] <= top + height)
    )
    if not near.any():
        raise InputError(_elsewhere(title_of(features)))
    return features[near]


def within_extent(middles: gpd.GeoDataFrame, extent: Bounds | None, crs: pyproj.CRS, title: str) -> gpd.GeoDataFrame:
    """The rows whose point, or for a polygon a point inside, lies in ``extent``; all of them where there is none.

    An extent owns its left and upper edge only, as a tile of a grid does: neighbouring extents share no tile.

    :param extent: in ``crs``, which need not be that of ``middles``.
    :param title: the name of the layer, for the message.
    :raises MMRiskError: when nothing is left.
    """
    if extent is None:
        return middles.reset_index(drop=True)
    points = shapely.point_on_surface(middles.geometry.array)
    to_extent = transformer_between(middles.crs, crs)
    x, y = to_extent.transform(shapely.get_x(points), shapely.get_y(points))
    left, bottom, right, top = extent
    inside = (left <= np.asarray(x)) & (x < right) & (bottom < np.asarray(y)) & (y <= top)
    if not inside.any():
        raise InputError(_elsewhere(title))
    return middles[inside].reset_index(drop=True)


def _elsewhere(title: str) -> str:
    return (
        f"No tile of '{title}' has its middle in the extent. Check that layer and extent lie in the same place, or leave "
        "the extent out."
    )


def in_metric_crs(
    features: gpd.GeoDataFrame, crs: pyproj.CRS, extent: Bounds | None, progress: Progress = NO_PROGRESS
) -> tuple[gpd.GeoDataFrame, float]:
    """The features in ``crs``, or in the UTM zone where they are where its unit is no length; metres in a unit of it.

    :param extent: in ``crs``; where given, its middle decides on the zone instead.
    :raises MMRiskError: when a feature lies where the CRS is not defined.
    """
    if metres_per_unit(crs) is None:
        place = extent or transform_bounds(_typical_place(features), pyproj.CRS(features.crs), crs)
        metric = metric_crs(crs, place)
        log_metric_crs(crs, metric, progress)
        crs = metric
    unit = metric_unit(crs)
    return to_crs(features, crs), unit


def _typical_place(features: gpd.GeoDataFrame) -> Bounds:
    """A place in the midst of the features, as bounds without extent.

    Not the middle of their bounds: one point at 0, 0, as failed geocoding leaves it, would move that by an ocean.
    """
    bounds = shapely.bounds(features.geometry.array)
    x, y = np.quantile((bounds[:, :2] + bounds[:, 2:]) / 2, 0.5, axis=0, method="lower").tolist()
    return (x, y, x, y)


def log_metric_crs(crs: pyproj.CRS, metric: pyproj.CRS, progress: Progress) -> None:
    """Say that tiles lie in another CRS than the one asked for, and why."""
    progress.log(f"A unit of {crs.name} is not a fixed length, so the tiles are laid out in {metric.name}.")
