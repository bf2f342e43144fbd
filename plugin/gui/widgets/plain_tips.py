"""Tool tips of QGIS's own widgets, as plain text."""

from __future__ import annotations

from typing import Any, Callable

from qgis.PyQt.QtCore import QEvent, QObject, QPoint
from qgis.PyQt.QtWidgets import QComboBox, QToolTip, QWidget

from ...plain_text import literal


class _PlainTips(QObject):
    """Shows a text in the place of a tool tip.

    :param owner: what lives as long; of the list of a box, Python keeps nothing alive.
    :param watched: where the mouse rests.
    :param text: what there is to tell of a place.
    """

    def __init__(self, owner: QWidget, watched: QWidget, text: Callable[[QPoint], str | None]) -> None:
        super().__init__(owner)
        self._text = text
        watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.ToolTip:
            return False
        at: Any = event
        QToolTip.showText(at.globalPos(), literal(self._text(at.pos()) or ""))
        return True


def show_plain_tips(box: QComboBox) -> None:
    """Let entries of a box tell their whole text; boxes of QGIS put names of layers and fields into HTML."""
    _PlainTips(box, box.view().viewport(), lambda place: box.view().indexAt(place).data())


def show_plain_tip(widget: QWidget) -> None:
    """Show the tool tips of a widget, and of the boxes in it, as text, whatever they are set to.

    :param widget: of which Python keeps hold.
    """
    boxes = widget.findChildren(QComboBox)
    for box in boxes:
        show_plain_tips(box)
    # What Python knows of these boxes goes when nobody holds it, and what watches them with it.
    widget.plain_tips = [_PlainTips(widget, widget, lambda _: widget.toolTip()), *boxes]
