"""The grid that 'Create tiles' would lay out, as lines on the canvas.

The count follows the rule of the engine (``mmrisk_core/tiles/grid.py``), so that what is announced is what comes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsGeometry,
    QgsPointXY,
    QgsProject,
    QgsReferencedRectangle,
    QgsUnitTypes,
    QgsWkbTypes,
)
from qgis.gui import QgsMapCanvas, QgsRubberBand
from qgis.PyQt.QtGui import QColor

ROUND_OFF = 1e-9
MAX_LINES = 2000
MIN_PIXELS = 4
# Straight lines of a grid are bent in another CRS.
POINTS_ON_LINE = 9
COLOUR = QColor(225, 30, 120, 190)


@dataclass(frozen=True)
class PreviewGrid:
    """A grid in a metric CRS; ``size`` and ``spacing`` are in its units, rows count from ``top``, columns from ``left``."""

    left: float
    top: float
    size: float
    spacing: float
    rows: int
    cols: int
    crs: QgsCoordinateReferenceSystem

    @property
    def count(self) -> int:
        """The number of tiles, before any mask."""
        return self.rows * self.cols

    def lines(self) -> list[list[QgsPointXY]]:
        """The edges of all tiles; neighbouring tiles share theirs."""
        x = _edges(self.left, self.spacing, self.size, self.cols)
        y = [-value for value in _edges(-self.top, self.spacing, self.size, self.rows)]
        return _lines(x, y)

    def border(self) -> list[list[QgsPointXY]]:
        """The four sides of the whole grid."""
        right = self.left + (self.cols - 1) * self.spacing + self.size
        bottom = self.top - (self.rows - 1) * self.spacing - self.size
        return _lines([self.left, right], [self.top, bottom])


def preview_grid(
    extent: QgsReferencedRectangle, crs: QgsCoordinateReferenceSystem, tile_size: float, spacing: float
) -> PreviewGrid | None:
    """The grid over an extent; None where there is no area or no CRS.

    :param extent: in any CRS.
    :param crs: of the tiles; where it is not valid, that of the extent.
    :param tile_size: in metres.
    :param spacing: in metres, from one tile to the next.
    """
    crs = crs if crs.isValid() else extent.crs()
    if not crs.isValid() or extent.isEmpty() or not extent.isFinite():
        return None
    try:
        box = _transform(extent.crs(), crs).transformBoundingBox(extent)
        if not _is_metric(crs):
            degrees = _transform(crs, QgsCoordinateReferenceSystem("EPSG:4326")).transform(box.center())
            utm = _utm_zone(degrees.x(), degrees.y())
            box, crs = _transform(crs, utm).transformBoundingBox(box), utm
    except QgsCsException:
        return None
    metres = QgsUnitTypes.fromUnitToUnitFactor(crs.mapUnits(), QgsUnitTypes.DistanceUnit.DistanceMeters)
    size, step = tile_size / metres, spacing / metres
    if box.isEmpty() or not box.isFinite():
        return None
    cols, rows = _steps(box.width(), size, step), _steps(box.height(), size, step)
    return PreviewGrid(box.xMinimum(), box.yMaximum(), size, step, rows, cols, crs)


class GridPreview:
    """The lines of a grid on a canvas, above all layers."""

    def __init__(self, canvas: QgsMapCanvas) -> None:
        self._canvas = canvas
        self._band = QgsRubberBand(canvas, QgsWkbTypes.GeometryType.LineGeometry)
        self._band.setColor(COLOUR)
        self._band.setWidth(1)

    def show(self, grid: PreviewGrid) -> bool:
        """Draw a grid; False where its tiles are too many or too small to be seen, and only its border is drawn."""
        target = self._canvas.mapSettings().destinationCrs()
        transform = _transform(grid.crs, target)
        lines = 2 * (grid.rows + grid.cols)
        visible = lines <= MAX_LINES and self._pixels(grid, transform) >= MIN_PIXELS
        geometry = QgsGeometry.fromMultiPolylineXY(grid.lines() if visible else grid.border())
        try:
            geometry.transform(transform)
        except QgsCsException:
            self.clear()
            return False
        self._band.setToGeometry(geometry, None)
        return visible

    def clear(self) -> None:
        """Draw nothing."""
        self._band.reset(QgsWkbTypes.GeometryType.LineGeometry)

    def is_shown(self) -> bool:
        """Whether anything is drawn."""
        return self._band.numberOfVertices() > 0

    def remove(self) -> None:
        """Take the rubber band off the canvas."""
        self._canvas.scene().removeItem(self._band)

    def _pixels(self, grid: PreviewGrid, transform: QgsCoordinateTransform) -> float:
        """The width of a tile on the screen."""
        try:
            left = transform.transform(QgsPointXY(grid.left, grid.top))
            right = transform.transform(QgsPointXY(grid.left + grid.size, grid.top))
        except QgsCsException:
            return 0.0
        return left.distance(right) / self._canvas.mapUnitsPerPixel()


def _steps(length: float, size: float, spacing: float) -> int:
    overlap = max(size - spacing, 0.0)
    return max(1, math.ceil((length - overlap) / spacing * (1 - ROUND_OFF)))


def _edges(start: float, spacing: float, size: float, count: int) -> list[float]:
    starts = [start + number * spacing for number in range(count)]
    if spacing == size:
        return [*starts, start + count * spacing]
    return [edge for begin in starts for edge in (begin, begin + size)]


def _lines(x: list[float], y: list[float]) -> list[list[QgsPointXY]]:
    """Upright lines at each x and level ones at each y, each as long as the others reach."""
    upright = [_line(QgsPointXY(value, y[0]), QgsPointXY(value, y[-1])) for value in x]
    return upright + [_line(QgsPointXY(x[0], value), QgsPointXY(x[-1], value)) for value in y]


def _line(start: QgsPointXY, end: QgsPointXY) -> list[QgsPointXY]:
    parts = POINTS_ON_LINE - 1
    dx, dy = (end.x() - start.x()) / parts, (end.y() - start.y()) / parts
    return [QgsPointXY(start.x() + number * dx, start.y() + number * dy) for number in range(POINTS_ON_LINE)]


def _is_metric(crs: QgsCoordinateReferenceSystem) -> bool:
    """Whether a unit is a fixed length on the ground; not so in degrees and in cylinders around the equator."""
    cylinders = ("+proj=merc", "+proj=webmerc", "+proj=eqc", "+proj=cea", "+proj=mill")
    return not crs.isGeographic() and not any(name in crs.toProj() for name in cylinders)


def _utm_zone(longitude: float, latitude: float) -> QgsCoordinateReferenceSystem:
    zone = min(int((longitude + 180) // 6) + 1, 60)
    return QgsCoordinateReferenceSystem(f"EPSG:{32600 + zone if latitude >= 0 else 32700 + zone}")


def _transform(source: QgsCoordinateReferenceSystem, target: QgsCoordinateReferenceSystem) -> QgsCoordinateTransform:
    return QgsCoordinateTransform(source, target, QgsProject.instance().transformContext())
