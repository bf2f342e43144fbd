"""What keeps windows usable where they are narrow: texts go on in a further line instead of being cut or taking room."""

from __future__ import annotations

from typing import Any

from qgis.PyQt.QtCore import QSize, Qt
from qgis.PyQt.QtGui import QFontMetrics, QPalette
from qgis.PyQt.QtWidgets import QAbstractButton, QGroupBox, QStyle, QStyleOptionTab, QStylePainter, QTabBar, QWidget

from .sentence_label import sentence_label

NARROWEST = 300
"""Pixels that a dock is wide at least, at any scale of the screen."""
ROOM_OF_BUTTON = 185
"""Pixels for the text of a button within a group of a page that is so narrow."""


class WrappingGroup(QGroupBox):
    """A group whose title wraps."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.setAccessibleName(title)
        self.heading = sentence_label(title)
        self.heading.setParent(self)
        self._make_room()

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        edge = self.fontMetrics().height() // 3
        width = max(self.width() - 2 * edge, 1)
        height = self.heading.heightForWidth(width)
        self.heading.setGeometry(edge, edge, width, height)
        self.setContentsMargins(0, height + edge, 0, 0)


def break_texts(window: QWidget) -> None:
    """Break the texts of all buttons and boxes to tick that are too long for a narrow window."""
    for button in window.findChildren(QAbstractButton):
        button.setText(broken(button.text(), button.fontMetrics(), ROOM_OF_BUTTON))


def broken(text: str, metrics: QFontMetrics, room: int) -> str:
    """The text in lines no wider than ``room`` pixels, as far as its words allow."""
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and metrics.horizontalAdvance(longer) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return "\n".join(lines)


class NarrowTabBar(QTabBar):
    """Tabs with no more room around their texts than it takes to tell them apart."""

    def tabSizeHint(self, index: int) -> QSize:
        hint, metrics = super().tabSizeHint(index), self.fontMetrics()
        text = metrics.size(0, self.tabText(index))
        around = hint.height() - metrics.height()
        return QSize(min(hint.width(), text.width() + metrics.height() // 2), text.height() + max(around, 0))

    def paintEvent(self, event: Any) -> None:
        # The style keeps the room that was taken away here free of text.
        painter = QStylePainter(self)
        for index in sorted(range(self.count()), key=lambda index: index == self.currentIndex()):
            option = QStyleOptionTab()
            self.initStyleOption(option, index)
            painter.drawControl(QStyle.ControlElement.CE_TabBarTabShape, option)
            painter.drawItemText(
                option.rect,
                int(Qt.AlignmentFlag.AlignCenter),
                option.palette,
                self.isTabEnabled(index),
                self.tabText(index),
                QPalette.ColorRole.WindowText,
            )

    def break_titles(self) -> None:
        """Put the numbers of the tabs above their names where they do not fit side by side."""
        if self.sizeHint().width() > NARROWEST - 2 * self.fontMetrics().height():
            for number in range(self.count()):
                self.setTabText(number, self.tabText(number).replace(" ", "\n", 1))
