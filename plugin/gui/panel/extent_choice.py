"""An extent to choose: what the canvas shows, unless another one is given."""

from __future__ import annotations

import re

from qgis.core import QgsCoordinateReferenceSystem, QgsRectangle, QgsReferencedRectangle
from qgis.gui import QgsExtentWidget, QgsMapCanvas

from ...i18n import tr
from ...layers.crs import living
from .qgis_process_command import extent_text


class ExtentChoice(QgsExtentWidget):
    """QGIS's own extent widget; left empty it follows the canvas.

    :param canvas: the map whose visible extent is taken.
    :param name: for screen readers.
    """

    def __init__(self, canvas: QgsMapCanvas, name: str) -> None:
        super().__init__(None, QgsExtentWidget.WidgetStyle.CondensedStyle)
        self._canvas = canvas
        self.setAccessibleName(name)
        self.setNullValueAllowed(True, tr("Canvas"))
        self.setMapCanvas(canvas)
        canvas.extentsChanged.connect(self._offer_canvas)
        canvas.destinationCrsChanged.connect(self._offer_canvas)
        self._offer_canvas()
        self.clear()

    def follows_canvas(self) -> bool:
        """Whether no extent is given."""
        return bool(self.outputExtent().isNull())

    def chosen(self) -> QgsReferencedRectangle:
        """The extent, with its CRS."""
        if self.follows_canvas():
            settings = self._canvas.mapSettings()
            return QgsReferencedRectangle(settings.visibleExtent(), settings.destinationCrs())
        return QgsReferencedRectangle(self.outputExtent(), living(self.outputCrs()))

    def kept(self) -> str:
        """The choice as text; empty where it follows the canvas."""
        return "" if self.follows_canvas() else extent_text(self.chosen())

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
