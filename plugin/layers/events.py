"""Which layer of a project holds the events that make the label."""

from __future__ import annotations

import re

from qgis.core import QgsMapLayer, QgsProject, QgsVectorLayer, QgsWkbTypes

# Beginnings of words, as English, German, Spanish and French planners call such layers.
NAMES = re.compile(
    r"(?<![^\W\d_])(crash|accident|collision|casualt|injur|ksi|fatal|unfall|unfäll|unfael|verungl|accidente|siniestr|choque|"
    r"atropell|sinistre|victim|baac|stats19|fars)",
    re.IGNORECASE,
)


def is_named_as_events(layer: QgsMapLayer) -> bool:
    """Whether a layer is one of points that is called as crashes are."""
    points = QgsWkbTypes.GeometryType.PointGeometry
    return isinstance(layer, QgsVectorLayer) and layer.geometryType() == points and bool(NAMES.search(layer.name()))


def likely_events(project: QgsProject) -> QgsVectorLayer | None:
    """The layer that is called as crashes are; None where there is none, or several and nobody has chosen."""
    found = [layer for layer in project.mapLayers().values() if is_named_as_events(layer)]
    return found[0] if len(found) == 1 else None
