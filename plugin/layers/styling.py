"""How the risk layer looks: five classes that colour-blind readers can tell apart."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsEditorWidgetSetup,
    QgsFeatureRenderer,
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
from .risk_classes import AS_THE_MODEL, BREAKS, Classes, cut

OPACITY = 0.75
# Per cent of opacity: a tile whose interval spans everything is faint, but still there.
SURE = f'{OPACITY} * max(15, 100 * (1 - ("risk_high" - "risk_low")))'
LOOK = "mmrisk/look"
ROUNDED = ("risk", "risk_low", "risk_high", "image_effect", "attribute_effect", "coverage")
RISK_FIELDS = ("risk", "risk_low", "risk_high", "risk_class", "in_domain")
# Beyond the area of applicability a class would claim more than is known.
OUTSIDE, WITHOUT_IMAGERY = 0, -1
# A layer of somebody else may hold anything there.
RANK = escaped_expression('"rank"')
MAP_TIP = (
    '<b>[% round("risk" * 100) %] %</b> risk, between [% round("risk_low" * 100) %] and '
    f'[% round("risk_high" * 100) %] % (90 % interval)<br>rank [% {RANK} %]'
    "[% CASE WHEN \"in_domain\" = 0 THEN '<br>outside the area of applicability' ELSE '' END %]"
    "[% CASE WHEN attribute($currentfeature, 'coverage') = 0 THEN '<br>without imagery' ELSE '' END %]"
    # Layers of earlier versions do not have the field.
    "[% CASE WHEN attribute($currentfeature, 'learnt_from') = 1 THEN "
    "'<br>learnt from: its risk is from members that have not seen it' ELSE '' END %]"
)
PLAIN_MAP_TIP = f"[% {escaped_expression('display_expression()')} %]"


def meanings() -> dict[str, str]:
    """What fields hold whose names do not say it."""
    return {
        "risk_low": tr("lower end of the 90 % interval of the tile's own probability"),
        "risk_high": tr("upper end of the 90 % interval of the tile's own probability"),
        "learnt_from": tr("1: the model was trained on this tile; its risk is from members that have not seen it"),
    }


def headings() -> dict[str, str]:
    """What the columns are called in the attribute table."""
    return {
        "risk": tr("Risk"),
        "risk_low": tr("Risk at least"),
        "risk_high": tr("Risk at most"),
        "risk_class": tr("Class"),
        "rank": tr("Rank"),
        "image_effect": tr("Effect of imagery"),
        "attribute_effect": tr("Effect of attributes"),
        "coverage": tr("Share with imagery"),
        "in_domain": tr("Like the training"),
        "learnt_from": tr("Learnt from"),
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


def style_risk_layer(
    layer: QgsVectorLayer,
    *,
    fade_uncertain: bool = False,
    classes: Classes = AS_THE_MODEL,
    breaks: Sequence[float] = (),
) -> None:
    """Give a new risk layer its symbols, legend, map tips and attribute table.

    :param layer: has the fields of a risk layer.
    :param fade_uncertain: the wider the interval of a tile, the more of the map below is seen through it.
    :param classes: how the map is classed.
    :param breaks: the risk at which each class of the model but the lowest begins, where that is known.
    """
    if breaks:
        layer.setCustomProperty(BREAKS, " ".join(map(repr, breaks)))
    _draw(layer, fade_uncertain, classes)
    layer.setMapTipTemplate(MAP_TIP)
    # Layers of earlier versions do not have all fields.
    there = {name: meaning for name, meaning in meanings().items() if layer.fields().indexOf(name) >= 0}
    # The user's own notes stay.
    if not QgsLayerNotesUtils.layerHasNotes(layer):
        notes = "".join(f"<p><b>{name}</b>: {meaning}</p>" for name, meaning in there.items())
        QgsLayerNotesUtils.setLayerNotes(layer, notes)
    layer.setDisplayExpression("round(\"risk\" * 100) || ' %'")
    for name, heading in headings().items():
        number = layer.fields().indexOf(name)
        if number >= 0:
            layer.setFieldAlias(number, heading)
            if name in ROUNDED:
                layer.setEditorWidgetSetup(number, QgsEditorWidgetSetup("Range", {"Precision": 3, "AllowNull": True}))
    table = layer.attributeTableConfig()
    table.setSortExpression('"rank"')
    layer.setAttributeTableConfig(table)
    layer.triggerRepaint()


def restyle_risk_layer(layer: QgsVectorLayer, *, fade_uncertain: bool, classes: Classes) -> bool:
    """Draw a risk layer in another way; one whose symbols the user has changed stays as it is.

    :return: whether it was ours to change.
    """
    if not is_drawn_by_us(layer):
        return False
    _draw(layer, fade_uncertain, classes)
    layer.triggerRepaint()
    layer.emitStyleChanged()
    return True


def is_drawn_by_us(layer: QgsVectorLayer) -> bool:
    """Whether the symbols of a layer are those that it was given here, and nobody has changed them."""
    return layer.renderer() is not None and str(layer.customProperty(LOOK, "")) == _look(layer.renderer())


def _draw(layer: QgsVectorLayer, fade_uncertain: bool, classes: Classes) -> None:
    expression, shown = cut(layer, classes)
    colours = known_of("predict")["class_colours"]
    categories = []
    for each in reversed(shown):
        symbol = QgsFillSymbol.createSimple(
            {
                "color": colours[each.colour],
                "outline_color": "90,90,90,110",
                "outline_width": "0.1",
                "outline_style": "solid",
            }
        )
        # Of the symbol and not of the layer, so that the legend is as pale as the map.
        symbol.setOpacity(OPACITY)
        if fade_uncertain:
            symbol.setDataDefinedProperty(QgsSymbol.Property.PropertyOpacity, QgsProperty.fromExpression(SURE))
        categories.append(QgsRendererCategory(each.number, symbol, each.name))
    categories.append(QgsRendererCategory(OUTSIDE, _hatched(45), tr("Outside what the model knows")))
    has_coverage = layer.fields().indexOf("coverage") >= 0
    if has_coverage:
        categories.append(QgsRendererCategory(WITHOUT_IMAGERY, _hatched(-45), tr("Without imagery")))
    known = f'if("in_domain" = 1, {expression}, {OUTSIDE})'
    shown_by = f'if("coverage" = 0, {WITHOUT_IMAGERY}, {known})' if has_coverage else known
    layer.setRenderer(QgsCategorizedSymbolRenderer(shown_by, categories))
    layer.setCustomProperty(LOOK, _look(layer.renderer()))


def _hatched(angle: int) -> QgsFillSymbol:
    # Over dark imagery hatching alone is hard to see.
    symbol = QgsFillSymbol.createSimple({"color": "240,240,240,150", "style": "solid", "outline_style": "no"})
    hatching = QgsLinePatternFillSymbolLayer()
    hatching.setLineAngle(angle)
    hatching.setDistance(2)
    hatching.setColor(QColor(110, 110, 110, 160))
    symbol.appendSymbolLayer(hatching)
    symbol.setOpacity(OPACITY)
    return symbol


def _look(renderer: QgsFeatureRenderer) -> str:
    """What would change if somebody changed the symbols of a layer, as a short text."""
    parts: list[Any] = [renderer.type(), renderer.orderByEnabled(), renderer.usingSymbolLevels()]
    parts.append(bool(renderer.paintEffect() and renderer.paintEffect().enabled()))
    if isinstance(renderer, QgsCategorizedSymbolRenderer):
        parts.append(renderer.classAttribute())
        parts += [
            [category.label(), str(category.value()), category.renderState(), *_look_of(category.symbol())]
            for category in renderer.categories()
        ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def _look_of(symbol: QgsSymbol) -> list[Any]:
    faded = symbol.dataDefinedProperties().property(QgsSymbol.Property.PropertyOpacity).asExpression()
    drawn = [[layer.layerType(), layer.enabled(), layer.color().name()] for layer in symbol.symbolLayers()]
    return [round(symbol.opacity(), 4), symbol.color().name(), faded, drawn, _outline(symbol)]


def _outline(symbol: QgsSymbol) -> list[str]:
    properties = symbol.symbolLayer(0).properties()
    names = ("style", "outline_style", "outline_width", "outline_width_unit", "joinstyle", "offset")
    return [str(properties.get(name)) for name in names] + [symbol.symbolLayer(0).strokeColor().name()]


def save_style_with_file(layer: QgsVectorLayer, breaks: Sequence[float] = ()) -> None:
    """Style a risk layer and keep the style with its file, in a GeoPackage or else beside it, for whoever opens it."""
    stored = layer_in_file(layer)
    style_risk_layer(stored, breaks=breaks)
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
