"""Which layer is meant by a click, and which of its tiles."""

from __future__ import annotations

from qgis.core import (
    QgsFeature,
    QgsFeatureRequest,
    QgsMapLayer,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
    QgsWkbTypes,
)

from ...layers.layer_metadata import model_of
from ...layers.styling import is_risk_layer


def layer_to_inspect(active: QgsMapLayer | None, project: QgsProject) -> QgsVectorLayer | None:
    """The active layer if it has risk or was inspected before, else the topmost risk layer, else active polygons."""
    if has_polygons(active) and (is_risk_layer(active) or model_of(active)):
        return active
    found = risk_layers(project)
    return found[0] if found else active if has_polygons(active) else None


def risk_layers(project: QgsProject) -> list[QgsVectorLayer]:
    """The risk layers of a project, the topmost first."""
    return [layer for layer in project.layerTreeRoot().layerOrder() if is_risk_layer(layer)]


def has_polygons(layer: QgsMapLayer | None) -> bool:
    """Whether a layer is one of polygons whose data can be reached."""
    return (
        isinstance(layer, QgsVectorLayer)
        and layer.isValid()
        and layer.geometryType() == QgsWkbTypes.GeometryType.PolygonGeometry
    )


def tile_at(layer: QgsVectorLayer, box: QgsRectangle) -> QgsFeature | None:
    """The tile at a small box in the CRS of the layer; of several the one whose middle is nearest. None where none is."""
    request = QgsFeatureRequest(box).setNoAttributes().setFlags(QgsFeatureRequest.Flag.ExactIntersect)
    place = box.center()
    return min(
        layer.getFeatures(request),
        key=lambda tile: tile.geometry().boundingBox().center().sqrDist(place),
        default=None,
    )


def tile_of_id(layer: QgsVectorLayer, number: int) -> QgsFeature | None:
    """The tile with a feature id, without its attributes; None where it is gone."""
    return next(layer.getFeatures(QgsFeatureRequest(number).setNoAttributes()), None)
