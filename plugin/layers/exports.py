"""A QGIS layer -> a temporary file that holds all that the layer shows."""

from __future__ import annotations

from qgis.core import (
    QgsCoordinateTransform,
    QgsFeedback,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingUtils,
    QgsVectorFileWriter,
    QgsVectorLayer,
)

from ..i18n import tr
from .crs import living


def export(
    features: QgsVectorLayer,
    name: str,
    only_selected: bool,
    context: QgsProcessingContext,
    feedback: QgsProcessingFeedback,
) -> str:
    """Write a layer into a temporary file, every field with its name and values, and return the path.

    QGIS's own export gives up a field ``geom``, and puts row numbers in the place of a text ``fid``.
    """
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName, options.layerOptions = "GPKG", ["GEOMETRY_NAME=mmrisk_geometry", "FID=mmrisk_row"]
    # One of its own: how far an export is, is not how far the algorithm is.
    own = QgsFeedback()
    feedback.canceled.connect(own.cancel)
    # Says what the file's CRS is, where the layer has lost its own.
    crs = living(features.crs())
    options.ct = QgsCoordinateTransform(crs, crs, context.transformContext())
    options.onlySelectedFeatures, options.feedback = only_selected, own
    names = [field.name().lower() for field in features.fields()]
    if len(set(names)) < len(names) and features.isSpatial():
        # A GeoPackage does not tell capitals from other letters.
        options.driverName, options.layerOptions = "FlatGeobuf", ["SPATIAL_INDEX=NO"]
    path = QgsProcessingUtils.generateTempFilename("layer.gpkg" if options.driverName == "GPKG" else "layer.fgb")
    error, reason, *_ = QgsVectorFileWriter.writeAsVectorFormatV3(features, path, context.transformContext(), options)
    if feedback.isCanceled():
        raise QgsProcessingException(tr("Cancelled; nothing was written."))
    if error != QgsVectorFileWriter.WriterError.NoError:
        raise QgsProcessingException(
            tr(
                "The layer '{name}' could not be handed to the engine ({reason}). Save it as a GeoPackage, and use that."
            ).format(name=name, reason=reason.strip().rstrip("."))
        )
    return str(path)
