"""Layers that algorithms made, in the project."""

from __future__ import annotations

from qgis.core import QgsFillSymbol, QgsMapLayer, QgsProject, QgsSingleSymbolRenderer, QgsVectorLayer

from ..i18n import tr
from ..settings import read_settings
from .layer_metadata import MODEL
from .results_place import file_of, remove_result
from .risk_classes import AS_THE_MODEL, BREAKS, Classes
from .styling import is_risk_layer, restyle_risk_layer, style_risk_layer

TILES, ATTRIBUTES, RISK = "tiles", "attributes", "risk"
ROLE = "mmrisk/role"
KEPT = (BREAKS, MODEL)


def show_risk(layer: QgsVectorLayer, classes: Classes = AS_THE_MODEL, *, instead: bool = True) -> QgsVectorLayer:
    """Show a risk layer with its style and its legend open.

    :param instead: whether in the place of an earlier one.
    :return: the layer of the project.
    """
    fade = read_settings().fade_uncertain
    style_risk_layer(layer, fade_uncertain=fade, classes=classes)
    shown = _put(layer, RISK, tr("Risk"), instead=instead)
    if shown is not layer:
        restyle_risk_layer(shown, fade_uncertain=fade, classes=classes)
    node = QgsProject.instance().layerTreeRoot().findLayer(shown.id())
    # A node counts as expanded from the start, but its view shows that only after a change.
    node.setExpanded(False)
    node.setExpanded(True)
    return shown


def restyle_risk_layers(project: QgsProject, classes: Classes = AS_THE_MODEL) -> list[str]:
    """Show the project's risk layers as the settings say.

    :return: the names of those whose style is the user's own, which stay as they are.
    """
    layers = [layer for layer in project.mapLayers().values() if is_risk_layer(layer)]
    fade = read_settings().fade_uncertain
    return [layer.name() for layer in layers if not restyle_risk_layer(layer, fade_uncertain=fade, classes=classes)]


def show_tiles(layer: QgsVectorLayer, role: str) -> QgsVectorLayer:
    """Show the tiles that a step made, in the place of those that it made before.

    :param role: ``TILES`` or ``ATTRIBUTES``.
    :return: the layer of the project.
    """
    _outline(layer)
    return _put(layer, role, tr("Tiles") if role == TILES else tr("Tiles with attributes"), instead=True)


def add_tiles(layer: QgsVectorLayer, name: str) -> None:
    """Add a layer of tiles under a name, as outlines that let the map below be seen."""
    _outline(layer)
    _add(layer, name)


def _outline(layer: QgsVectorLayer) -> None:
    symbol = QgsFillSymbol.createSimple({"style": "no", "outline_color": "225,30,120,190", "outline_width": "0.2"})
    layer.setRenderer(QgsSingleSymbolRenderer(symbol))


def _put(layer: QgsVectorLayer, role: str, name: str, *, instead: bool) -> QgsVectorLayer:
    """Add a result, or let the earlier one show it, which keeps its place and whatever the user made of it.

    One that the user renamed, copied or is editing is the user's own.
    """
    project = QgsProject.instance()
    if not instead:
        # Without the role, no later result takes its place.
        _add(layer, name)
        return layer
    layer.setCustomProperty(ROLE, role)
    earlier = next((known for known in project.mapLayers().values() if _is_result(known, role, name)), None)
    if earlier is None:
        _add(layer, name)
        return layer
    file = file_of(earlier)
    earlier.setDataSource(layer.source(), name, layer.providerType(), False)
    earlier.setCrs(layer.crs())
    earlier.setMetadata(layer.metadata())
    for key in KEPT:
        earlier.setCustomProperty(key, layer.customProperty(key, ""))
    earlier.triggerRepaint()
    if file is not None and file != file_of(earlier):
        remove_result(file, project)
    return earlier


def _is_result(layer: QgsMapLayer, role: str, name: str) -> bool:
    known = isinstance(layer, QgsVectorLayer) and layer.customProperty(ROLE, "") == role
    # A layer in memory ends with its window, and cannot turn to a file.
    return known and layer.name() == name and layer.providerType() == "ogr" and not layer.isEditable()


def _add(layer: QgsVectorLayer, name: str) -> None:
    layer.setName(name)
    QgsProject.instance().addMapLayer(layer)
