"""An extent to choose: what the canvas shows, unless another one is given."""

from __future__ import annotations

import re
from typing import Callable

from qgis.core import QgsCoordinateReferenceSystem, QgsRectangle, QgsReferencedRectangle
from qgis.gui import QgsExtentWidget, QgsMapCanvas

from ...i18n import tr
from ...layers.crs import living
from .qgis_process_command import extent_text


class ExtentChoice(QgsExtentWidget):
    """QGIS's own extent widget; left empty it follows the canvas.

    :param canvas: the map whose visible extent is taken.
    :param name: for screen readers.
    :param otherwise: gives the extent to take before that of the canvas, or None.
    """

    def __init__(
        self,
        canvas: QgsMapCanvas,
        name: str,
        otherwise: Callable[[], QgsReferencedRectangle | None] = lambda: None,
    ) -> None:
        super().__init__(None, QgsExtentWidget.WidgetStyle.CondensedStyle)
        self._canvas = canvas
        self._otherwise = otherwise
        self.setAccessibleName(name)
        self.setNullValueAllowed(True, tr("Canvas"))
        self.setMapCanvas(canvas)
        canvas.extentsChanged.connect(self._offer_canvas)
        canvas.destinationCrsChanged.connect(self._offer_canvas)
        self._offer_canvas()
        self.clear()

    def is_left_open(self) -> bool:
        """Whether no extent is given."""
        return bool(self.outputExtent().isNull())

    def follows_canvas(self) -> bool:
        """Whether what the canvas shows is meant: no extent is given, and no other is better known."""
        return self.is_left_open() and self._otherwise() is None

    def chosen(self) -> QgsReferencedRectangle:
        """The extent, with its CRS."""
        otherwise = self._otherwise() if self.is_left_open() else None
        if otherwise is not None:
            return otherwise
        if self.is_left_open():
            settings = self._canvas.mapSettings()
            return QgsReferencedRectangle(settings.visibleExtent(), settings.destinationCrs())
        return QgsReferencedRectangle(self.outputExtent(), living(self.outputCrs()))

    def kept(self) -> str:
        """The choice as text; empty where it follows the canvas."""
        return "" if self.is_left_open() else extent_text(self.chosen())

    def restore(self, text: str) -> None:
        """Make the choice that :meth:`kept` gave."""
        found = re.fullmatch(r"([^,\s]+),([^,\s]+),([^,\s]+),([^,\s]+) \[(.+)\]", text)
        try:
            edges = [float(edge) for edge in found.groups()[:4]] if found else []
        except ValueError:
            edges = []
        if found is None or not edges:
            self.clear()
            return
        left, right, bottom, top = edges
        self.setOutputExtentFromUser(
            QgsRectangle(left, bottom, right, top), QgsCoordinateReferenceSystem.fromOgcWmsCrs(found.group(5))
        )

    def _offer_canvas(self) -> None:
        settings = self._canvas.mapSettings()
        self.setCurrentExtent(settings.visibleExtent(), settings.destinationCrs())
