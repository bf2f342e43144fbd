"""The extent that imagery and events share, as tiles outside have no picture, or seem safe since nobody recorded there."""

from __future__ import annotations

import math

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsMapLayer,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsReferencedRectangle,
)

from ...layers.crs import living
from ...layers.events import likely_events


def shared_extent(project: QgsProject) -> QgsReferencedRectangle | None:
    """Where the imagery in files and the layer of events both are, in the imagery's CRS; None where either is missing."""
    events = likely_events(project)
    rasters = [
        layer
        for layer in project.mapLayers().values()
        # Those of the web are everywhere.
        if isinstance(layer, QgsRasterLayer) and layer.providerType() == "gdal" and layer.crs().isValid()
    ]
    if events is None or not rasters or not events.crs().isValid() or events.featureCount() == 0:
        return None
    crs = living(rasters[0].crs())
    try:
        shared = _moved(project, events, crs)
        # The outermost of them lie within the area, by about as much as they lie apart.
        shared.grow(max(shared.width(), shared.height()) / math.sqrt(events.featureCount()))
        for raster in rasters:
            shared = shared.intersect(_moved(project, raster, crs))
    except QgsCsException:
        return None
    return None if shared.isEmpty() else QgsReferencedRectangle(shared, crs)


def _moved(project: QgsProject, layer: QgsMapLayer, crs: QgsCoordinateReferenceSystem) -> QgsRectangle:
    transform = QgsCoordinateTransform(living(layer.crs()), crs, project.transformContext())
    return transform.transformBoundingBox(layer.extent())
