"""Copies of layers that a background thread may draw while the user goes on working with the originals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import MappingProxyType

from qgis.core import (
    QgsContrastEnhancement,
    QgsFeatureRequest,
    QgsMapLayer,
    QgsMapLayerStyle,
    QgsMultiBandColorRenderer,
    QgsProcessingException,
    QgsRasterLayer,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QThread

from ..i18n import tr


class LayerCopies:
    """Made in the main thread, used in whichever thread draws.

    :param styles: the style that a map theme has for a layer, as XML by the layer's id.
    """

    def __init__(self, layers: Sequence[QgsMapLayer], styles: Mapping[str, str] = MappingProxyType({})) -> None:
        self._copies: list[QgsMapLayer] = []
        self._unusable: list[str] = []
        for layer in layers:
            copy = layer.clone() if layer.isValid() else None
            if copy is None:
                self._unusable.append(layer.name())
            else:
                if layer.id() in styles:
                    QgsMapLayerStyle(styles[layer.id()]).writeToLayer(copy)
                _fix_order(copy)
                _drop_idle_stretch(copy)
                # An object that belongs to no thread can be taken over by any.
                copy.moveToThread(None)
                self._copies.append(copy)

    @contextmanager
    def in_this_thread(self) -> Iterator[list[QgsMapLayer]]:
        """The copies, for the calling thread; they are given up afterwards.

        :raises QgsProcessingException: a layer cannot be drawn.
        """
        if self._unusable:
            raise QgsProcessingException(
                tr(
                    "The layer '{name}' cannot be drawn: its data cannot be reached. Repair it, or leave it out."
                ).format(name=self._unusable[0])
            )
        for copy in self._copies:
            copy.moveToThread(QThread.currentThread())
        try:
            yield list(self._copies)
        finally:
            self._copies.clear()


def _fix_order(layer: QgsMapLayer) -> None:
    """Let features be drawn in the order of their ids where none is set, or it would change from block to block."""
    renderer = layer.renderer() if isinstance(layer, QgsVectorLayer) else None
    if renderer is not None and not renderer.orderByEnabled():
        renderer.setOrderBy(QgsFeatureRequest.OrderBy([QgsFeatureRequest.OrderByClause("$id")]))
        renderer.setOrderByEnabled(True)


def _drop_idle_stretch(layer: QgsMapLayer) -> None:
    """Take away a stretch of bytes that changes no value: QGIS would still go through it for every pixel."""
    renderer = layer.renderer() if isinstance(layer, QgsRasterLayer) else None
    if not isinstance(renderer, QgsMultiBandColorRenderer):
        return
    stretches = [
        renderer.redContrastEnhancement(),
        renderer.greenContrastEnhancement(),
        renderer.blueContrastEnhancement(),
    ]
    if all(stretch is not None and _is_idle(stretch) for stretch in stretches):
        renderer.setRedContrastEnhancement(None)
        renderer.setGreenContrastEnhancement(None)
        renderer.setBlueContrastEnhancement(None)


def _is_idle(stretch: QgsContrastEnhancement) -> bool:
    none = QgsContrastEnhancement.ContrastEnhancementAlgorithm.NoEnhancement
    whole_range = (stretch.minimumValue(), stretch.maximumValue()) == (0, 255)
    return bool(stretch.contrastEnhancementAlgorithm() == none and whole_range)
