"""How the risk layer looks: five classes that colour-blind readers can tell apart."""

from __future__ import annotations

from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsFillSymbol,
    QgsLayerNotesUtils,
    QgsLinePatternFillSymbolLayer,
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingLayerPostProcessorInterface,
    QgsProperty,
    QgsRendererCategory,
    QgsSymbol,
    QgsVectorLayer,
    QgsWkbTypes,
)
from qgis.PyQt.QtGui import QColor

from ..engine.job_schema import known_of
from ..i18n import tr
from ..plain_text import escaped_expression
from .recipes import layer_in_file

OPACITY = 0.75
# Per cent of opacity: a tile whose interval spans everything is faint, but still there.
SURE = 'max(15, 100 * (1 - ("risk_high" - "risk_low")))'
RISK_FIELDS = ("risk", "risk_low", "risk_high", "risk_class", "in_domain")
# Beyond the area of applicability a class would claim more than is known.
OUTSIDE = 0
CLASS_SHOWN = f'if("in_domain" = 1, "risk_class", {OUTSIDE})'
# A layer of somebody else may hold anything there.
RANK = escaped_expression('"rank"')
MAP_TIP = (
    '<b>[% round("risk" * 100) %] %</b> risk, between [% round("risk_low" * 100) %] and '
    f'[% round("risk_high" * 100) %] % (90 % interval)<br>rank [% {RANK} %]'
    "[% CASE WHEN \"in_domain\" = 0 THEN '<br>outside the area of applicability' ELSE '' END %]"
    # Layers of earlier versions do not have the field.
    "[% CASE WHEN attribute($currentfeature, 'learnt_from') = 1 THEN "
    "'<br>learnt from: its risk is from members that have not seen it' ELSE '' END %]"
)
PLAIN_MAP_TIP = f"[% {escaped_expression('display_expression()')} %]"


def class_names() -> tuple[str, ...]:
    """The names of classes 1 to 5."""
    return (tr("Very low"), tr("Low"), tr("Medium"), tr("High"), tr("Very high"))


def meanings() -> dict[str, str]:
    """What fields hold whose names do not say it."""
    return {
        "risk_low": tr("lower end of the 90 % interval of the tile's own probability"),
        "risk_high": tr("upper end of the 90 % interval of the tile's own probability"),
        "learnt_from": tr("1: the model was trained on this tile; its risk is from members that have not seen it"),
    }


def is_risk_layer(layer: object) -> bool:
    """Whether a layer is one of polygons with what the style shows."""
    polygons = QgsWkbTypes.GeometryType.PolygonGeometry
    if not isinstance(layer, QgsVectorLayer) or not layer.isValid() or layer.geometryType() != polygons:
        return False
    return set(RISK_FIELDS) <= set(layer.fields().names())


def show_plain_map_tips(layer: QgsVectorLayer) -> None:
    """Let the map tips of a layer show what QGIS would show, but as text."""
    layer.setMapTipTemplate(PLAIN_MAP_TIP)


def style_risk_layer(layer: QgsVectorLayer, *, fade_uncertain: bool = False) -> None:
    """Give a risk layer its symbols, legend and map tips.

    :param layer: has the fields of a risk layer.
    :param fade_uncertain: the wider the interval of a tile, the more of the map below is seen through it.
    """
    categories = []
    for number, (colour, name) in enumerate(zip(known_of("predict")["class_colours"], class_names()), start=1):
        symbol = QgsFillSymbol.createSimple(
            {"color": colour, "outline_color": "90,90,90,110", "outline_width": "0.1", "outline_style": "solid"}
        )
        if fade_uncertain:
            symbol.setDataDefinedProperty(QgsSymbol.Property.PropertyOpacity, QgsProperty.fromExpression(SURE))
        categories.append(QgsRendererCategory(number, symbol, name))
    # Over dark imagery hatching alone is hard to see.
    outside = QgsFillSymbol.createSimple({"color": "240,240,240,150", "style": "solid", "outline_style": "no"})
    hatching = QgsLinePatternFillSymbolLayer()
    hatching.setLineAngle(45)
    hatching.setDistance(2)
    hatching.setColor(QColor(110, 110, 110, 160))
    outside.appendSymbolLayer(hatching)
    categories.append(QgsRendererCategory(OUTSIDE, outside, tr("Outside what the model knows")))
    layer.setRenderer(QgsCategorizedSymbolRenderer(CLASS_SHOWN, categories))
    layer.setOpacity(OPACITY)
    layer.setMapTipTemplate(MAP_TIP)
    # Layers of earlier versions do not have all fields.
    there = {name: meaning for name, meaning in meanings().items() if layer.fields().indexOf(name) >= 0}
    for name, meaning in there.items():
        layer.setFieldAlias(layer.fields().indexOf(name), f"{name} ({meaning})")
    # The user's own notes stay.
    if not QgsLayerNotesUtils.layerHasNotes(layer):
        notes = "".join(f"<p><b>{name}</b>: {meaning}</p>" for name, meaning in there.items())
        QgsLayerNotesUtils.setLayerNotes(layer, notes)
    layer.setDisplayExpression("round(\"risk\" * 100) || ' %'")
    layer.triggerRepaint()


def save_style_with_file(layer: QgsVectorLayer) -> None:
    """Style a risk layer and keep the style with its file, in a GeoPackage or else beside it, for whoever opens it."""
    stored = layer_in_file(layer)
    style_risk_layer(stored)
    if stored.storageType() == "GPKG":
        stored.saveStyleToDatabase("risk", "MMRisk", True, "")
    else:
        stored.saveDefaultStyle()


class RiskLayerStyler(QgsProcessingLayerPostProcessorInterface):
    """Styles a risk layer when Processing loads it."""

    def postProcessLayer(
        self, layer: QgsMapLayer, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> None:
        if isinstance(layer, QgsVectorLayer):
            style_risk_layer(layer)


# Processing keeps no reference of its own, so one instance lives as long as the plugin.
RISK_LAYER_STYLER = RiskLayerStyler()
