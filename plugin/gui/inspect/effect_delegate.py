"""Draws an effect as its number and a bar, to the right where it raises the risk and to the left where it lowers it."""

from __future__ import annotations

from typing import Any

from qgis.PyQt.QtCore import QModelIndex, QRectF, Qt
from qgis.PyQt.QtGui import QColor, QPainter, QPalette, QPen
from qgis.PyQt.QtWidgets import QApplication, QStyle, QStyledItemDelegate, QStyleOptionViewItem

EFFECT_ROLE = Qt.ItemDataRole.UserRole + 1
SCALE_ROLE = Qt.ItemDataRole.UserRole + 2
# ColorBrewer's RdBu (Brewer 2003), which colour-blind readers can tell apart, and which is seen on dark and light.
RAISES, LOWERS = QColor("#d6604d"), QColor("#4393c3")
NUMBER_TEXT = "+00.00 "


class EffectDelegate(QStyledItemDelegate):
    """The longest bar is that of the largest effect of the tile."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        self.initStyleOption(option, index)
        text, option.text = option.text, ""
        style = option.widget.style() if option.widget is not None else QApplication.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        ink = option.palette.color(QPalette.ColorRole.HighlightedText if selected else QPalette.ColorRole.Text)
        area = QRectF(option.rect).adjusted(4, 3, -4, -3)
        number = min(option.fontMetrics.horizontalAdvance(NUMBER_TEXT), area.width())
        painter.save()
        painter.setPen(ink)
        painter.drawText(
            QRectF(area.left(), area.top(), number, area.height()),
            int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter),
            text,
        )
        bars = area.adjusted(number, 0, 0, 0)
        if bars.width() > 0:
            self._draw_bar(painter, bars, index.data(EFFECT_ROLE) / index.data(SCALE_ROLE), ink)
        painter.restore()

    def _draw_bar(self, painter: QPainter, area: QRectF, share: float, ink: Any) -> None:
        """``share`` of half the area, from its middle."""
        middle = area.center().x()
        length = share * area.width() / 2
        painter.fillRect(
            QRectF(middle, area.top(), length, area.height()).normalized(), RAISES if share > 0 else LOWERS
        )
        painter.setPen(QPen(ink, 1))
        painter.drawLine(round(middle), round(area.top()), round(middle), round(area.bottom()))
