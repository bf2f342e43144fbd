"""Layers in memory: their geometry, CRS, names and numbers."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from mmrisk_core.arrays import FloatArray
from mmrisk_core.errors import InputError
from mmrisk_core.geo.crs import no_way_between
from mmrisk_core.geo.recipe import GeometryKind
from mmrisk_core.wording import by_number, counted

UNNAMED = "unnamed"


KIND_KEY = "mmrisk_geometry_type"


def has_geometry(tiles: pd.DataFrame) -> bool:
    """Whether ``tiles`` say where they lie, and are no mere table."""
    return isinstance(tiles, gpd.GeoDataFrame) and tiles.active_geometry_name is not None


def require_crs(frame: gpd.GeoDataFrame) -> pyproj.CRS:
    """The CRS of ``frame``.

    :raises MMRiskError: when it has none.
    """
    crs: pyproj.CRS | None = frame.crs
    if crs is None:
        raise InputError(
            f"The layer '{title_of(frame)}' has no coordinate reference system. Set it in the layer's properties."
        )
    return crs


def geometry_kind(frame: pd.DataFrame) -> GeometryKind:
    """Whether ``frame`` holds points, lines, polygons or is a plain table.

    :raises MMRiskError: when kinds are mixed.
    """
    if not isinstance(frame, gpd.GeoDataFrame):
        return "table"
    dimensions = shapely.get_dimensions(np.asarray(frame.geometry.array))
    kinds: list[GeometryKind] = ["point", "line", "polygon"]
    present: list[GeometryKind] = [kind for dimension, kind in enumerate(kinds) if (dimensions == dimension).any()]
    if len(present) > 1:
        raise InputError(
            f"The layer '{title_of(frame)}' mixes {' and '.join(present)} geometries. Split it by geometry type first."
        )
    if present:
        return present[0]
    declared = str(frame.attrs.get(KIND_KEY)).lower()
    named: list[GeometryKind] = [kind for kind in kinds if kind in declared]
    return named[0] if named else "point"


def require_tiles(tiles: pd.DataFrame) -> None:
    """Check that ``tiles`` can be judged: at least one, and polygons all of them, or rows of a table without geometry.

    :raises MMRiskError: naming the layer and what it lacks.
    """
    title = title_of(tiles)
    if len(tiles) == 0:
        raise InputError(f"The tile layer '{title}' is empty. Make tiles first.")
    if not has_geometry(tiles):
        return
    geometry = np.asarray(tiles.geometry.array)
    others = (shapely.get_dimensions(geometry) != 2) | shapely.is_empty(geometry)
    if others.any():
        raise InputError(
            f"{int(others.sum()):,} of {counted(len(tiles), 'feature')} of the tile layer '{title}' "
            f"{by_number(others.sum(), 'is no polygon', 'are no polygons')}. Tiles are polygons: make them with "
            "'Create tiles', or remove features without geometry."
        )


def numbers_in(values: pd.Series) -> FloatArray | None:
    """The values of a field as numbers, NaN where missing; None where the field holds something else.

    Yes and no are 1 and 0. A number beyond single precision is missing: some files write a gap as the lowest double.
    """
    if pd.api.types.infer_dtype(values, skipna=True) == "boolean":
        # Files give yes and no with gaps as objects.
        values = values.astype("boolean")
    if not (pd.api.types.is_numeric_dtype(values) or values.isna().all()):
        return None
    numbers = pd.to_numeric(values).to_numpy(dtype=np.float64, na_value=np.nan)
    return np.where(np.abs(numbers) <= np.finfo(np.float32).max, numbers, np.nan)


def title_of(frame: pd.DataFrame) -> str:
    """The name of a layer for messages."""
    return str(frame.attrs.get("title", UNNAMED))


def names_in_one(name: str, columns: Collection[str]) -> str:
    """What to say beside that there is no field ``name``, where it is several names with commas between; else nothing.

    Names of fields may have commas in them, so that such a text is not taken apart by itself.
    """
    parts = [part.strip() for part in name.split(",")]
    if len(parts) < 2 or not all(part in columns for part in parts):
        return ""
    listed = f"{', '.join(parts[:-1])} and {parts[-1]}"
    return f" There are the fields {listed}: write them with spaces between, not commas: {' '.join(parts)}."


def to_crs(frame: gpd.GeoDataFrame, crs: pyproj.CRS) -> gpd.GeoDataFrame:
    """Reproject ``frame``.

    :raises MMRiskError: when it has no CRS, or when a feature lies where ``crs`` is not defined.
    """
    if require_crs(frame).equals(crs):
        return frame
    try:
        moved = frame.to_crs(crs)
    except pyproj.exceptions.ProjError as error:
        raise InputError(f"Layer '{title_of(frame)}': {no_way_between(require_crs(frame), crs)}") from error
    bounds = shapely.bounds(moved.geometry.array)
    broken = (
        ~np.isfinite(bounds).all(axis=1)
        & ~shapely.is_empty(frame.geometry.array)
        & ~shapely.is_missing(frame.geometry.array)
    )
    if broken.any():
        raise InputError(
            f"{counted(int(broken.sum()), 'feature')} of layer '{title_of(frame)}' "
            f"{by_number(broken.sum(), 'lies', 'lie')} outside the area where {crs.name} is defined. Check the layer's "
            "CRS, or clip it to the area of the tiles."
        )
    return moved


def clean_geometry(geometry: Any) -> Any:
    """Two-dimensional geometry, polygons made valid."""
    return repair_geometry(geometry)[0]


def repair_geometry(geometry: Any) -> tuple[Any, int]:
    """Two-dimensional geometry, polygons made valid; and how many were not."""
    geometry = np.array(geometry)
    if shapely.has_z(geometry).any() or shapely.has_m(geometry).any():
        geometry = shapely.force_2d(geometry)
    polygon = shapely.get_dimensions(geometry) == 2
    invalid = polygon.copy()
    invalid[polygon] = ~shapely.is_valid(geometry[polygon])
    if invalid.any():
        geometry[invalid] = _polygonal_part(shapely.make_valid(geometry[invalid]))
    return geometry, int(invalid.sum())


def _polygonal_part(geometry: Any) -> Any:
    """Repairing a polygon may leave lines and points beside it; only what has an area is kept."""
    parts, index = shapely.get_parts(geometry, return_index=True)
    area = shapely.get_dimensions(parts) == 2
    kept = [shapely.union_all(parts[area & (index == i)]) for i in range(len(geometry))]
    return np.array(kept, dtype=object)
