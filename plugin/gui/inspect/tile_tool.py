"""The map tool: a click on a tile."""

from __future__ import annotations

from qgis.core import QgsPointXY, QgsRectangle
from qgis.gui import QgsMapCanvas, QgsMapMouseEvent, QgsMapTool
from qgis.PyQt.QtCore import Qt, pyqtSignal

HALF_PIXEL = 0.5


class TileTool(QgsMapTool):
    """Tells where the map was clicked: ``clicked`` gives a box of one pixel in the CRS of the map."""

    clicked = pyqtSignal(QgsRectangle)

    def __init__(self, canvas: QgsMapCanvas) -> None:
        super().__init__(canvas)
        self.setCursor(Qt.CursorShape.WhatsThisCursor)

    def canvasReleaseEvent(self, event: QgsMapMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit(self.box_around(event.mapPoint()))

    def box_around(self, point: QgsPointXY) -> QgsRectangle:
        """What a pixel of the map covers at a point."""
        half = HALF_PIXEL * self.canvas().mapUnitsPerPixel()
        return QgsRectangle.fromCenterAndSize(point, 2 * half, 2 * half)
