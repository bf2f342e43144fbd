"""A probability and its interval as a bar, with an arrow from where it was before a change."""

from __future__ import annotations

from typing import Any

from qgis.PyQt.QtCore import QPointF, QRectF, QSize, Qt
from qgis.PyQt.QtGui import QColor, QPainter, QPalette, QPen, QPolygonF
from qgis.PyQt.QtWidgets import QLabel, QSizePolicy

from ...i18n import tr
from ...locale_numbers import localised
from ...plain_text import literal

TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)
INTERVAL_ALPHA = 110
FAINT = 110


class RiskBar(QLabel):
    """A scale from 0 to 100 %: a band for the interval, a line for the risk, an arrow from the risk before.

    It is a label, so that themes of QGIS give it the colour of text.
    """

    def __init__(self) -> None:
        super().__init__()
        self._tile: dict[str, Any] | None = None
        self.setAccessibleName(tr("Risk on a scale from 0 to 100 %"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_risk(self, tile: dict[str, Any] | None) -> None:
        """Draw the risk of a tile as the engine tells it; of None, an empty scale."""
        self._tile = tile
        self.setAccessibleDescription("" if tile is None else risk_sentence(tile))
        self.setToolTip(literal(self.accessibleDescription()))
        self.update()

    def sizeHint(self) -> QSize:
        height = self.fontMetrics().height()
        return QSize(12 * height, round(2.9 * height))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def paintEvent(self, event: Any) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics = self.fontMetrics()
        line = metrics.height()
        margin = metrics.horizontalAdvance("100 %") / 2 + 1
        track = QRectF(margin, line * 0.2, self.width() - 2 * margin, line * 1.2)
        painter.setPen(QPen(self._ink(FAINT), 1))
        painter.drawRoundedRect(track, 3, 3)
        self._draw_ticks(painter, track, line)
        if self._tile is not None:
            self._draw_risk(painter, track, self._tile, line)

    def _draw_ticks(self, painter: QPainter, track: QRectF, line: float) -> None:
        for share in TICKS:
            x = track.left() + share * track.width()
            painter.setPen(QPen(self._ink(FAINT), 1))
            painter.drawLine(QPointF(x, track.bottom()), QPointF(x, track.bottom() + line * 0.2))
            painter.setPen(self._ink())
            text = localised(f"{100 * share:.0f} %")
            width = self.fontMetrics().horizontalAdvance(text)
            painter.drawText(QPointF(x - width / 2, self.height() - self.fontMetrics().descent()), text)

    def _draw_risk(self, painter: QPainter, track: QRectF, tile: dict[str, Any], line: float) -> None:
        def across(share: float) -> float:
            return track.left() + share * track.width()

        ink = self._ink()
        band = QColor(self.palette().color(QPalette.ColorRole.Highlight))
        band.setAlpha(INTERVAL_ALPHA)
        low, high, risk = (across(tile[name]) for name in ("risk_low", "risk_high", "risk"))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(band)
        painter.drawRect(QRectF(low, track.top() + 1, max(high - low, 2), track.height() - 2))
        painter.setPen(QPen(ink, max(3, line / 5), Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        painter.drawLine(QPointF(risk, track.top()), QPointF(risk, track.bottom()))
        if tile["risk_before"] is not None:
            self._draw_arrow(painter, across(tile["risk_before"]), risk, track.center().y(), line, ink)

    def _draw_arrow(self, painter: QPainter, start: float, end: float, y: float, line: float, ink: QColor) -> None:
        painter.setPen(QPen(ink, 1.5, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(start, y - line * 0.6), QPointF(start, y + line * 0.6))
        head = line * 0.4 * (1 if end > start else -1)
        if abs(end - start) < abs(head):
            return
        painter.setPen(QPen(ink, 1.5))
        painter.drawLine(QPointF(start, y), QPointF(end - head, y))
        painter.setBrush(ink)
        painter.drawPolygon(
            QPolygonF([QPointF(end, y), QPointF(end - head, y - line * 0.3), QPointF(end - head, y + line * 0.3)])
        )

    def _ink(self, alpha: int = 255) -> QColor:
        ink = QColor(self.palette().color(QPalette.ColorRole.WindowText))
        ink.setAlpha(alpha)
        return ink


def risk_sentence(tile: dict[str, Any]) -> str:
    """The risk of a tile in words, as the engine tells of it."""
    text = tr("Risk {risk}, between {low} and {high} (90 % interval)")
    if tile["risk_before"] is not None:
        text = tr("Risk {before} → {risk}, between {low} and {high} (90 % interval)")
    return text.format(
        risk=percent(tile["risk"]),
        low=percent(tile["risk_low"]),
        high=percent(tile["risk_high"]),
        before=percent(tile["risk_before"]),
    )


def percent(share: float | None) -> str:
    """A probability as per cent; finer where it is near 0 or 1."""
    if share is None:
        return ""
    return localised(f"{100 * share:.1f} %") if min(share, 1 - share) < 0.1 else localised(f"{100 * share:.0f} %")
