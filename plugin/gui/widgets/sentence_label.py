"""Sentences in windows."""

from __future__ import annotations

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QPalette
from qgis.PyQt.QtWidgets import QLabel, QSizePolicy

# Each can be read on the ground that it is for, at more than 4.5 to 1.
RED_ON_LIGHT, RED_ON_DARK = "#b3261e", "#ff8a80"


def sentence_label(text: str = "") -> QLabel:
    """A label for sentences, which wrap and can be selected. It shows plain text, as sentences quote what others wrote."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    policy = label.sizePolicy()
    policy.setHorizontalPolicy(QSizePolicy.Policy.Ignored)
    label.setSizePolicy(policy)
    return label


def alarm_label(text: str = "") -> QLabel:
    """The same in red, for what must not be overlooked."""
    label = sentence_label(text)
    is_light = label.palette().color(QPalette.ColorRole.Window).lightness() > 127
    label.setStyleSheet(f"color: {RED_ON_LIGHT if is_light else RED_ON_DARK}; font-weight: bold")
    return label
