"""Lines -> mask: a layer of roads as pixels, with a width."""

from __future__ import annotations

import math
from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import shapely
from rasterio.features import rasterize
from rasterio.transform import from_bounds

from mmrisk_core.arrays import FloatArray, GeometryArray
from mmrisk_core.errors import InputError
from mmrisk_core.geo.frames import geometry_kind, numbers_in, title_of, to_crs
from mmrisk_core.roads.loss import UNKNOWN, Label
from mmrisk_core.roads.raster_grid import PixelGrid

KNOWN_AROUND = 50.0
"""Metres around the road layer in which other roads would be in it too."""


class BurntRoads:
    """Roads on the grid of a raster, burnt where they are asked for.

    :param shapes: polygons (n,), the roads with their width, in the CRS of ``grid``.
    :param known: the box that the road layer covers; beyond it nothing is known.
    """

    def __init__(self, grid: PixelGrid, shapes: GeometryArray, known: shapely.Polygon) -> None:
        self._grid = grid
        self._tree = shapely.STRtree(shapes)
        self._known = known

    def __len__(self) -> int:
        return len(self._tree)

    def burn(self, row: int, col: int, height: int, width: int) -> Label:
        """1 on roads and 0 beside them, (height, width); :data:`UNKNOWN` beyond the road layer."""
        bounds = self._grid.bounds_of(row, col, height, width)
        box = shapely.box(*bounds)
        transform = from_bounds(*bounds, width, height)
        label = np.zeros((height, width), dtype=np.uint8)
        if not shapely.covers(self._known, box):
            inside = shapely.intersection(self._known, box)
            label[:] = UNKNOWN
            if shapely.area(inside) > 0:
                rasterize([(inside, 0)], out=label, transform=transform)
        near = self._tree.geometries[self._tree.query(box)]
        if len(near):
            # A road at the edge of the layer is known on both of its sides.
            rasterize(((shape, 1) for shape in near), out=label, transform=transform)
        return label


def rasterised_roads(
    roads: gpd.GeoDataFrame,
    grid: PixelGrid,
    width: float,
    width_field: str | None = None,
    class_widths: Mapping[str, float] | None = None,
) -> BurntRoads:
    """The roads of a line layer that lie in a raster.

    :param roads: lines in any CRS.
    :param width: of a road in metres; of those without a width of their own, if a field has it.
    :param width_field: the field with the width of each road in metres, or with its class.
    :param class_widths: the width in metres of each class; those of other classes have ``width``.
    :raises MMRiskError: when the layer has no lines, or the field no widths.
    """
    title = title_of(roads)
    kind = geometry_kind(roads)
    if kind != "line":
        raise InputError(
            f"The layer '{title}' has {kind}s, but roads are learnt from lines. Choose a line layer of roads."
        )
    widths = _widths(roads, width, width_field, class_widths or {})
    lines = to_crs(roads, grid.crs).geometry.array
    there = ~(shapely.is_missing(lines) | shapely.is_empty(lines))
    if not there.any():
        raise InputError(f"The layer '{title}' has no lines. Choose a line layer of roads.")
    lines, widths = np.asarray(lines)[there], widths[there] * grid.units_per_metre
    # A road narrower than a pixel would leave gaps.
    half = np.maximum(widths, float(grid.transform.a)) / 2
    around = KNOWN_AROUND * grid.units_per_metre
    left, bottom, right, top = shapely.total_bounds(lines).tolist()
    known = shapely.box(left - around, bottom - around, right + around, top + around)
    box = shapely.box(*grid.bounds_of(0, 0, grid.height, grid.width))
    near = shapely.intersects(lines, shapely.buffer(box, float(half.max(initial=0.0))))
    return BurntRoads(grid, shapely.buffer(lines[near], half[near]), known)


def class_widths_in(text: str) -> dict[str, float]:
    """Widths by class, in metres, from text such as ``motorway=20, residential=8``.

    :raises MMRiskError: when it is written otherwise.
    """
    widths = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, _, number = part.rpartition("=")
        try:
            width = float(number)
        except ValueError:
            width = math.nan
        if not name.strip() or not 0 < width < math.inf:
            raise InputError(
                f"The width by class '{part}' cannot be read. Write classes and metres like motorway=20, residential=8."
            )
        widths[name.strip()] = width
    return widths


def _widths(roads: gpd.GeoDataFrame, width: float, field: str | None, class_widths: Mapping[str, float]) -> FloatArray:
    if field is None:
        if class_widths:
            raise InputError("There are widths by class, but no field with the class. Choose it as WIDTH_FIELD.")
        return np.full(len(roads), float(width))
    if field not in roads.columns:
        raise InputError(
            f"The layer '{title_of(roads)}' has no field '{field}'. Choose a field with the width of roads in metres."
        )
    if class_widths:
        classes = roads[field].map(str)
        if not classes.isin(list(class_widths)).any():
            raise InputError(
                f"No road of the layer '{title_of(roads)}' has one of the classes {', '.join(class_widths)} in the field "
                f"'{field}'. It has {', '.join(sorted(set(classes))[:5])}. Check how they are written."
            )
        return np.asarray(classes.map(class_widths).fillna(width), dtype=np.float64)
    widths = numbers_in(roads[field])
    if widths is None:
        raise InputError(
            f"The field '{field}' of layer '{title_of(roads)}' is no number. If it has classes, give the width of each in "
            "CLASS_WIDTHS, like motorway=20, residential=8; else choose a field with metres."
        )
    return np.where(np.isfinite(widths) & (widths > 0), widths, float(width))
