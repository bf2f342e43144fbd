"""Layers that algorithms made, in the project."""

from __future__ import annotations

from qgis.core import QgsFillSymbol, QgsProject, QgsSingleSymbolRenderer, QgsVectorLayer

from ..i18n import tr
from ..settings import read_settings
from .risk_classes import AS_THE_MODEL, Classes
from .styling import is_risk_layer, restyle_risk_layer, style_risk_layer


def add_risk_layer(layer: QgsVectorLayer, classes: Classes = AS_THE_MODEL) -> None:
    """Add a risk layer with its style and its legend open."""
    style_risk_layer(layer, fade_uncertain=read_settings().fade_uncertain, classes=classes)
    add_layer(layer, tr("Risk"))
    node = QgsProject.instance().layerTreeRoot().findLayer(layer.id())
    # A node counts as expanded from the start, but its view shows that only after a change.
    node.setExpanded(False)
    node.setExpanded(True)


def restyle_risk_layers(project: QgsProject, classes: Classes = AS_THE_MODEL) -> list[str]:
    """Show the project's risk layers as the settings say.

    :return: the names of those whose style is the user's own, which stay as they are.
    """
    layers = [layer for layer in project.mapLayers().values() if is_risk_layer(layer)]
    fade = read_settings().fade_uncertain
    return [layer.name() for layer in layers if not restyle_risk_layer(layer, fade_uncertain=fade, classes=classes)]


def add_tiles(layer: QgsVectorLayer, name: str) -> None:
    """Add a layer of tiles under a name, as outlines that let the map below be seen."""
    symbol = QgsFillSymbol.createSimple({"style": "no", "outline_color": "225,30,120,190", "outline_width": "0.2"})
    layer.setRenderer(QgsSingleSymbolRenderer(symbol))
    add_layer(layer, name)


def add_layer(layer: QgsVectorLayer, name: str) -> None:
    """Add a layer under a name."""
    layer.setName(name)
    QgsProject.instance().addMapLayer(layer)
