"""The engine's state as a coloured dot on the toolbar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from qgis.PyQt.QtCore import QObject, QRectF, Qt, QTimer
from qgis.PyQt.QtGui import QColor, QIcon, QPainter, QPen, QPixmap

from ...engine_service import engine_environment, running_engine
from ...i18n import tr
from ...plain_text import literal

LOOK_MILLISECONDS = 1000
DOT_PIXELS = 64

# Okabe and Ito's colours, which people with a colour vision deficiency can tell apart; each state has a shape as well.
GREY, BLUE, GREEN, RED = "#7f7f7f", "#0072b2", "#009e73", "#d55e00"


@dataclass(frozen=True)
class State:
    """What the dot shows.

    :param colour: of the dot.
    :param shape: ``ring``, ``half``, ``dot`` or ``cross``.
    :param name: for menu and screen reader.
    :param detail: for the tooltip: the device, or what is wrong.
    """

    colour: str
    shape: str
    name: str
    detail: str = ""


def engine_state(is_set_up: bool, client: Any) -> State:
    """The state of the engine.

    :param is_set_up: whether there is an environment for it.
    :param client: the EngineClient; None before the first job.
    """
    if client is not None and client.failure:
        return State(RED, "cross", tr("Engine: failed"), client.failure)
    if not is_set_up:
        return State(GREY, "ring", tr("Engine: not set up"), tr("Click to set it up."))
    if client is not None and client.is_busy:
        return State(BLUE, "half", tr("Engine: working"), device_of(client))
    if client is not None and client.process_id is not None:
        return State(GREEN, "dot", tr("Engine: ready"), device_of(client))
    return State(GREEN, "ring", tr("Engine: at rest"), tr("It is set up and starts with the first job."))


def device_of(client: Any) -> str:
    """What the running engine computes on; empty while it is starting."""
    return str(client.introduction.get("device", ""))


class EngineStateDot(QObject):
    """Keeps the icon, text and tooltip of an action at the engine's state.

    It looks at what this process knows, so that it neither starts the engine nor waits for it; whether the engine is set
    up is looked up on the disk only when ``refresh`` is called.

    :param action: gets icon, text and tooltip.
    """

    def __init__(self, action: Any) -> None:
        super().__init__(action)
        self._action = action
        self.state: State | None = None
        self._is_set_up = False
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MILLISECONDS)
        self._timer.timeout.connect(self._look)
        self._timer.start()
        self.refresh()

    def refresh(self, *_: Any) -> None:
        """Look again, on the disk too."""
        self._is_set_up = engine_environment() is not None
        self._look()

    def stop(self) -> None:
        """Look no more."""
        self._timer.stop()

    def _look(self) -> None:
        state = engine_state(self._is_set_up, running_engine())
        if state == self.state:
            return
        self.state = state
        self._action.setIcon(dot_icon(state))
        self._action.setText(state.name)
        self._action.setToolTip(literal(f"{state.name}\n{state.detail}".strip()))


def dot_icon(state: State) -> QIcon:
    """The dot of a state."""
    pixmap = QPixmap(DOT_PIXELS, DOT_PIXELS)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    colour, width = QColor(state.colour), DOT_PIXELS // 9
    box = QRectF(0, 0, DOT_PIXELS, DOT_PIXELS).adjusted(10, 10, -10, -10)
    painter.setPen(QPen(colour, width))
    painter.setBrush(colour if state.shape in ("dot", "cross") else Qt.BrushStyle.NoBrush)
    painter.drawEllipse(box)
    if state.shape == "half":
        painter.setBrush(colour)
        painter.drawPie(box, 90 * 16, 180 * 16)
    if state.shape == "cross":
        painter.setPen(QPen(QColor("white"), width))
        middle = box.adjusted(14, 14, -14, -14)
        painter.drawLine(middle.topLeft(), middle.bottomRight())
        painter.drawLine(middle.topRight(), middle.bottomLeft())
    painter.end()
    return QIcon(pixmap)
