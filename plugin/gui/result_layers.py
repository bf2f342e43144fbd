"""Layers that algorithms made, in the project."""

from __future__ import annotations

from qgis.core import QgsFillSymbol, QgsProject, QgsSingleSymbolRenderer, QgsVectorLayer

from ..i18n import tr
from ..styling import style_risk_layer


def add_risk_layer(layer: QgsVectorLayer) -> None:
    """Add a risk layer with its style and its legend open."""
    style_risk_layer(layer)
    add_layer(layer, tr("Risk"))
    node = QgsProject.instance().layerTreeRoot().findLayer(layer.id())
    # A node counts as expanded from the start, but its view shows that only after a change.
    node.setExpanded(False)
    node.setExpanded(True)


def add_tiles(layer: QgsVectorLayer, name: str) -> None:
    """Add a layer of tiles under a name, as outlines that let the map below be seen."""
    symbol = QgsFillSymbol.createSimple({"style": "no", "outline_color": "225,30,120,190", "outline_width": "0.2"})
    layer.setRenderer(QgsSingleSymbolRenderer(symbol))
    add_layer(layer, name)


def add_layer(layer: QgsVectorLayer, name: str) -> None:
    """Add a layer under a name."""
    layer.setName(name)
    QgsProject.instance().addMapLayer(layer)
