"""Lengths on the ground in units of a CRS, and extents in another one."""

from __future__ import annotations

import math
from collections.abc import Sequence

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCoordinateTransformContext,
    QgsCsException,
    QgsDistanceArea,
    QgsMapLayer,
    QgsPointXY,
    QgsProcessingException,
    QgsRasterLayer,
    QgsRectangle,
    QgsUnitTypes,
)

from ..i18n import tr
from ..layers.crs import living

# Cylinders around the equator: their unit shrinks on the ground towards the poles.
CYLINDERS = ("merc", "webmerc", "eqc", "cea", "mill")


def transformed_extent(
    extent: QgsRectangle,
    source: QgsCoordinateReferenceSystem,
    target: QgsCoordinateReferenceSystem,
    context: QgsCoordinateTransformContext,
) -> QgsRectangle:
    """The box in ``target`` around an extent in ``source``; a sentence where part of it has no place there."""
    if source == target:
        return extent
    try:
        moved = QgsCoordinateTransform(source, target, context).transformBoundingBox(extent)
    except QgsCsException:
        moved = QgsRectangle(0, 0, math.inf, math.inf)
    if not moved.isFinite():
        raise QgsProcessingException(
            tr("The extent {extent} cannot be brought from {source} into {target}. Choose another CRS, or check the extent.")
            .format(extent=extent.toString(1), source=_name(source), target=_name(target))
        )  # fmt: skip
    return moved


def metres_per_unit(
    crs: QgsCoordinateReferenceSystem, place: QgsPointXY, context: QgsCoordinateTransformContext
) -> float:
    """Metres on the ground in one unit of ``crs``; where that differs from place to place, eastwards at ``place``."""
    if not crs.isGeographic() and crs.projectionAcronym() not in CYLINDERS:
        factor = QgsUnitTypes.fromUnitToUnitFactor(crs.mapUnits(), QgsUnitTypes.DistanceUnit.DistanceMeters)
        return float(factor)
    step = 1e-4 if crs.isGeographic() else 10.0
    measure = QgsDistanceArea()
    measure.setSourceCrs(crs, context)
    measure.setEllipsoid(crs.ellipsoidAcronym() or "EPSG:7030")
    east = QgsPointXY(place.x() + step, place.y())
    return float(measure.measureLine(place, east)) / step


def default_pixel_size(
    layers: Sequence[QgsMapLayer],
    extent: QgsRectangle,
    crs: QgsCoordinateReferenceSystem,
    context: QgsCoordinateTransformContext,
) -> float:
    """The pixel size of the finest raster file within the extent; where there is none, one metre on the ground."""
    sizes = [_pixel_size_in(layer, extent, crs, context) for layer in layers if _is_raster_file(layer)]
    found = [size for size in sizes if size is not None]
    return min(found) if found else 1 / metres_per_unit(crs, extent.center(), context)


def _is_raster_file(layer: QgsMapLayer) -> bool:
    return isinstance(layer, QgsRasterLayer) and layer.providerType() == "gdal"


def _pixel_size_in(
    layer: QgsRasterLayer,
    extent: QgsRectangle,
    crs: QgsCoordinateReferenceSystem,
    context: QgsCoordinateTransformContext,
) -> float | None:
    """The side of a layer's pixels in ``crs``; None where the layer lies elsewhere."""
    width, height = layer.rasterUnitsPerPixelX(), layer.rasterUnitsPerPixelY()
    own = living(layer.crs())
    if own == crs:
        return min(width, height) if layer.extent().intersects(extent) else None
    transform = QgsCoordinateTransform(own, crs, context)
    try:
        shared = transformed_extent(extent, crs, own, context).intersect(layer.extent())
        if shared.isEmpty():
            return None
        corner, side, below = (
            transform.transform(QgsPointXY(shared.center().x() + x, shared.center().y() + y))
            for x, y in ((0, 0), (width, 0), (0, height))
        )
    except (QgsCsException, QgsProcessingException):
        return None
    return float(min(corner.distance(side), corner.distance(below)))


def _name(crs: QgsCoordinateReferenceSystem) -> str:
    return crs.userFriendlyIdentifier() if crs.isValid() else tr("an unknown CRS")
