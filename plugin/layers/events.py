"""Which layer of a project holds the events that make the label."""

from __future__ import annotations

import re

from qgis.core import QgsMapLayer, QgsProject, QgsVectorLayer, QgsWkbTypes

# Beginnings of words, as English, Spanish and French planners call such layers; German ones end in it too.
NAMES = re.compile(
    r"(?<![^\W\d_])(crash|accident|collision|casualt|injur|ksi|fatal|verungl|siniestr|choque|atropell|sinistre|victim|baac|"
    r"stats19|fars)|unf(a|ä|ae)ll",
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
