"""QGIS layers as the engine reads them: a file, a layer in it, and what QGIS knows better than the file."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsMapLayer,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingUtils,
    QgsProject,
    QgsRasterLayer,
)

from ..i18n import tr
from ..recipes import read_recipe

# Formats that the engine's own GDAL reads for certain; layers in others are exported for it.
ENGINE_FORMATS = ["gpkg", "shp", "geojson", "json", "fgb", "csv"]


def vector_source(
    algorithm: QgsProcessingAlgorithm,
    parameters: dict[str, Any],
    name: str,
    context: QgsProcessingContext,
    feedback: QgsProcessingFeedback,
) -> dict[str, Any] | None:
    """A vector layer; None where the parameter is not set.

    The layer's own file where that says it all, else a temporary export (selection, filter, memory layer and so on).
    """
    if not parameters.get(name):
        return None
    layer = algorithm.parameterAsVectorLayer(parameters, name, context)
    if layer is None or not layer.isValid():
        raise QgsProcessingException(
            tr("The layer '{value}' of {name} cannot be loaded. Check that its file exists.").format(
                value=_shown(parameters[name]), name=name
            )
        )
    path, layer_name = algorithm.parameterAsCompatibleSourceLayerPathAndLayerName(
        parameters, name, context, ENGINE_FORMATS, "gpkg", feedback
    )
    return _vector_reference(layer, path, layer_name)


def vector_sources(
    algorithm: QgsProcessingAlgorithm,
    parameters: dict[str, Any],
    name: str,
    context: QgsProcessingContext,
    feedback: QgsProcessingFeedback,
) -> list[dict[str, Any]]:
    """Several vector layers, in order."""
    sources = []
    for layer in algorithm.parameterAsLayerList(parameters, name, context):
        path, layer_name = QgsProcessingUtils.convertToCompatibleFormatAndLayerName(
            layer, False, name, ENGINE_FORMATS, "gpkg", context, feedback
        )
        sources.append(_vector_reference(layer, path, layer_name))
    return sources


def raster_sources(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], name: str, context: QgsProcessingContext
) -> list[dict[str, str]]:
    """Raster layers, in order."""
    if not parameters.get(name):
        return []
    sources = []
    for layer in algorithm.parameterAsLayerList(parameters, name, context):
        if not isinstance(layer, QgsRasterLayer) or layer.providerType() != "gdal":
            raise QgsProcessingException(
                tr("The layer '{name}' is not a raster file. Save it as GeoTIFF first (Export > Save as).").format(
                    name=layer.name()
                )
            )
        sources.append({"path": layer.source(), "name": layer.name()})
    if not sources:
        raise QgsProcessingException(
            tr("The imagery '{value}' cannot be loaded. Check that its file exists.").format(
                value=_shown(parameters[name])
            )
        )
    return sources


def _vector_reference(layer: QgsMapLayer, path: str, layer_name: str) -> dict[str, Any]:
    return {
        "path": path,
        "layer": layer_name or None,
        "crs": layer.crs().toWkt() if layer.crs().isValid() else None,
        "name": _name(layer, layer_name),
        "recipe": read_recipe(layer),
    }


def _name(layer: QgsMapLayer, layer_name: str) -> str:
    """What the user calls a layer: its name in the project, else that in its file."""
    in_project = QgsProject.instance().mapLayer(layer.id()) is not None
    return layer.name() if in_project or not layer_name else layer_name


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_shown, value))
    return value.name() if isinstance(value, QgsMapLayer) else str(value)
