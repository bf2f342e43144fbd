"""How the loss falls while a network is trained, drawn as it is told."""

from __future__ import annotations

from typing import Any

from qgis.PyQt.QtCore import QPointF, QRectF, QSize, Qt
from qgis.PyQt.QtGui import QPainter, QPalette, QPen, QPolygonF
from qgis.PyQt.QtWidgets import QSizePolicy, QWidget

from ...engine.messages import Epoch
from ...i18n import tr
from ...locale_numbers import localised


class LossCurve(QWidget):
    """The loss of the network that is being trained: solid on the tiles it learns from, dashed on held-out ones."""

    def __init__(self) -> None:
        super().__init__()
        self.epochs: list[Epoch] = []
        self.setAccessibleName(tr("Loss while training"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def clear(self) -> None:
        """Forget all epochs."""
        self.epochs = []
        self.update()

    def add(self, epoch: Epoch) -> None:
        """Take an epoch. A new network starts a new curve."""
        last = self.epochs[-1] if self.epochs else epoch
        if last["network"] != epoch["network"] or last["epoch"] > epoch["epoch"]:
            self.epochs = []
        self.epochs.append(epoch)
        values = {tr("loss"): epoch["loss"], tr("loss on held-out tiles"): epoch["held_out"]}
        told = ", ".join(localised(f"{name} {value:.4f}") for name, value in values.items() if value is not None)
        self.setAccessibleDescription(f"{_title(epoch)}, {told}")
        self.update()

    def sizeHint(self) -> QSize:
        height = self.fontMetrics().height()
        return QSize(20 * height, 8 * height)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def paintEvent(self, event: Any) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette, metrics = self.palette(), self.fontMetrics()
        painter.fillRect(self.rect(), palette.color(QPalette.ColorRole.Base))
        painter.setPen(palette.color(QPalette.ColorRole.Text))
        line = metrics.height()
        if not self.epochs:
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, tr("Nothing is being trained yet."))
            return
        last = self.epochs[-1]
        values = [value for epoch in self.epochs for value in (epoch["loss"], epoch["held_out"]) if value is not None]
        low, high = min(values), max(values)
        margin = metrics.horizontalAdvance("0.000 ") + 4
        plot = QRectF(margin, line * 1.5, self.width() - margin - 8, self.height() - line * 3.2)
        top = QRectF(4, 2, self.width() - 8, line)
        painter.drawText(top, Qt.AlignmentFlag.AlignLeft, _title(last))
        painter.drawText(QPointF(4, plot.top() + metrics.ascent() / 2), localised(f"{high:.3f}"))
        painter.drawText(QPointF(4, plot.bottom() + metrics.ascent() / 2), localised(f"{low:.3f}"))
        painter.setPen(QPen(palette.color(QPalette.ColorRole.Mid), 1))
        painter.drawRect(plot)
        self._draw(painter, plot, [(e["epoch"], e["loss"]) for e in self.epochs], low, high, self._pen(held_out=False))
        held_out = [(e["epoch"], e["held_out"]) for e in self.epochs if e["held_out"] is not None]
        self._draw(painter, plot, held_out, low, high, self._pen(held_out=True))
        self._draw_legend(painter, plot, bool(held_out))

    def _draw(
        self,
        painter: QPainter,
        plot: QRectF,
        points: list[tuple[int, float]],
        low: float,
        high: float,
        pen: QPen,
    ) -> None:
        across, down = max(self.epochs[-1]["epochs"] - 1, 1), max(high - low, 1e-9)
        curve = QPolygonF(
            [
                QPointF(
                    plot.left() + plot.width() * (epoch - 1) / across,
                    plot.bottom() - plot.height() * (value - low) / down,
                )
                for epoch, value in points
            ]
        )
        painter.setPen(pen)
        painter.drawPolyline(curve)

    def _draw_legend(self, painter: QPainter, plot: QRectF, has_held_out: bool) -> None:
        metrics = self.fontMetrics()
        x, y = plot.left(), self.height() - metrics.height() * 0.6
        entries = [(tr("loss"), False)] + ([(tr("loss on held-out tiles"), True)] if has_held_out else [])
        for text, held_out in entries:
            painter.setPen(self._pen(held_out=held_out))
            painter.drawLine(QPointF(x, y - metrics.ascent() / 3), QPointF(x + 24, y - metrics.ascent() / 3))
            painter.setPen(self.palette().color(QPalette.ColorRole.Text))
            painter.drawText(QPointF(x + 30, y), text)
            x += 46 + metrics.horizontalAdvance(text)

    def _pen(self, *, held_out: bool) -> QPen:
        role = QPalette.ColorRole.Link if held_out else QPalette.ColorRole.Text
        return QPen(self.palette().color(role), 2, Qt.PenStyle.DashLine if held_out else Qt.PenStyle.SolidLine)


def _title(epoch: Epoch) -> str:
    return tr("{member}, epoch {epoch} of {epochs}").format(
        member=epoch["network"], epoch=epoch["epoch"], epochs=epoch["epochs"]
    )
