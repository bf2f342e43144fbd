"""The dock beside the map that tells of one tile."""

from __future__ import annotations

from typing import Any

from qgis.core import QgsApplication
from qgis.gui import QgsDockWidget, QgsScrollArea
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ...engine_sentences import in_users_language
from ...i18n import tr
from ...plain_text import literal
from ..widgets.narrow import break_texts
from ..widgets.sentence_label import sentence_label
from ..widgets.wrapping_row import WrappingRow
from .attribute_table import AttributeTable
from .picture_row import PictureRow
from .risk_bar import RiskBar, risk_sentence
from .sentences import learnt_from_sentence, warnings_of


class InspectDock(QgsDockWidget):
    """Pictures, risk, warnings, reasons and attributes of a tile.

    ``what_if`` is emitted when the user wants the risk with other attributes, ``reset`` when as it is, ``selected_wanted``
    when the selected tile is to be shown, ``explain_wanted`` when the whole layer is to be explained, and ``cancelled`` when
    what is running is to stop.
    """

    what_if = pyqtSignal()
    reset = pyqtSignal()
    selected_wanted = pyqtSignal()
    explain_wanted = pyqtSignal()
    cancelled = pyqtSignal()

    def __init__(self) -> None:
        super().__init__(tr("Inspect"))
        self.setObjectName("MMRiskInspect")
        self._busy = False
        self.title = _named_label(tr("The tile"))
        font = self.title.font()
        font.setBold(True)
        self.title.setFont(font)
        self.message_icon, self.message = QLabel(), _named_label(tr("Message"))
        self.pictures = PictureRow()
        self.risk = _named_label(tr("Risk"))
        self.bar = RiskBar()
        self.warning_icon, self.warnings = QLabel(), _named_label(tr("Warnings"))
        self.learnt_from = _named_label(learnt_from_sentence())
        self.learnt_from.setText(learnt_from_sentence())
        self.why = _named_label(tr("What raised and lowered it"))
        self.moved = _named_label(tr("How the risk moves"))
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(tr("Find an attribute"))
        self.filter.setAccessibleName(tr("Find an attribute"))
        self.filter.setClearButtonEnabled(True)
        self.table = AttributeTable()
        self.filter.textChanged.connect(self.table.find)
        self.table.attributes.changed.connect(self._show_buttons)
        self.table.attributes.refused.connect(lambda sentence: self.say(sentence, True))
        self.what_if_button = _button(
            tr("What if"),
            self.what_if,
            tr("The risk with other values: double-click a value in the table, or press F2, to change it."),
        )
        self.reset_button = _button(tr("Reset"), self.reset, tr("The tile as it is."))
        self.selected_button = _button(
            tr("Selected tile"),
            self.selected_wanted,
            tr("Show the selected tile of the layer, as a click on it would."),
        )
        self.explain_button = _button(
            tr("Explain layer"),
            self.explain_wanted,
            tr("What raises and lowers the risk of each tile of the layer, or of the selected ones, as layers."),
        )
        self.details = QWidget()
        details = QVBoxLayout(self.details)
        details.setContentsMargins(0, 0, 0, 0)
        self.warning_row = _row((self.warning_icon, 0), (self.warnings, 1))
        for widget in (self.pictures, self.risk, self.bar, self.moved, self.warning_row, self.learnt_from, self.why):
            details.addWidget(widget)
        details.addWidget(self.filter)
        details.addLayout(WrappingRow(self.what_if_button, self.reset_button))
        details.addWidget(self.table, 1)
        self.message_row = _row((self.message_icon, 0), (self.message, 1))
        self.progress = QProgressBar()
        self.progress.setAccessibleName(tr("Progress"))
        self.busy_row = _row((self.progress, 1), (_button(tr("Cancel"), self.cancelled, ""), 0))
        told = QWidget()
        above = QVBoxLayout(told)
        above.setContentsMargins(0, 0, 0, 0)
        above.addWidget(self.title)
        above.addWidget(self.details, 1)
        above.addStretch(0)
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(6, 6, 6, 6)
        layout.addWidget(_scrolling(told), 1)
        layout.addWidget(self.message_row)
        layout.addWidget(self.busy_row)
        layout.addLayout(WrappingRow(self.selected_button, self.explain_button))
        break_texts(content)
        self.setWidget(content)
        self.clear()

    def clear(self) -> None:
        """Show no tile."""
        self.title.setText(tr("Click a tile of a risk layer on the map."))
        self.details.hide()
        self.table.attributes.show_tile(None)
        self.say("", False)
        self.show_busy(False)

    def begin(self, title: str) -> None:
        """Say that a tile is being looked at."""
        self.title.setText(title)
        self.details.setEnabled(False)
        self.say("", False)

    def show_tile(self, title: str, tile: dict[str, Any]) -> None:
        """Show a tile as it is, as the engine tells of it; the files of its pictures are needed no longer."""
        self.title.setText(title)
        self.pictures.show_images(tile["images"])
        self.show_unchanged(tile)
        self.details.setEnabled(True)
        self.details.show()

    def show_unchanged(self, tile: dict[str, Any]) -> None:
        """Show the figures of a tile as it is, and forget other values of its attributes."""
        self.table.attributes.show_tile(tile)
        self.moved.hide()
        self._show_figures(tile)
        self._show_buttons()

    def show_changed(self, tile: dict[str, Any], moved: str) -> None:
        """Show what the same tile would be with other attributes, and a sentence on how the risk moves."""
        self.table.attributes.show_changed(tile)
        self.moved.setText(moved)
        self.moved.show()
        self._show_figures(tile)

    def say(self, sentence: str, is_problem: bool) -> None:
        """Show a sentence; an empty one hides it."""
        self.message_row.setVisible(bool(sentence))
        self.message.setText(sentence)
        icon = "/mIconWarning.svg" if is_problem else "/mIconSuccess.svg"
        self.message_icon.setPixmap(self._icon(icon))
        self.message_icon.setAccessibleName(tr("Problem") if is_problem else tr("Note"))

    def show_busy(self, busy: bool) -> None:
        """Show whether something is running."""
        self._busy = busy
        self.busy_row.setVisible(busy)
        self.progress.setValue(0)
        self._show_buttons()

    def _show_figures(self, tile: dict[str, Any]) -> None:
        self.risk.setText(risk_sentence(tile))
        self.bar.show_risk(tile)
        warnings = warnings_of(tile)
        self.warning_row.setVisible(bool(warnings))
        self.warning_icon.setPixmap(self._icon("/mIconWarning.svg"))
        self.warnings.setText("\n".join(warnings))
        self.learnt_from.setVisible(tile["learnt_from"])
        why = "; ".join(map(in_users_language, tile["why"].split("; ")))
        self.why.setText(tr("What moves the model's answer: {why}.").format(why=why))

    def _show_buttons(self) -> None:
        changed = bool(self.table.attributes.changes())
        self.what_if_button.setEnabled(changed and not self._busy)
        self.reset_button.setEnabled((changed or not self.moved.isHidden()) and not self._busy)
        self.explain_button.setEnabled(not self._busy)

    def _icon(self, name: str) -> Any:
        height = self.fontMetrics().height()
        return QgsApplication.getThemeIcon(name).pixmap(height, height)


def _named_label(name: str) -> QLabel:
    """A label with a name for screen readers."""
    label = sentence_label()
    label.setAccessibleName(name)
    return label


def _scrolling(page: QWidget) -> QScrollArea:
    """A page that scrolls up and down where the dock is low."""
    area = QgsScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(page)
    return area


def _button(text: str, signal: Any, help_text: str) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(literal(help_text))
    button.setAccessibleDescription(help_text)
    button.clicked.connect(lambda _checked=False: signal.emit())
    return button


def _row(*widgets: tuple[QWidget, int]) -> QWidget:
    row = QWidget()
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    for widget, stretch in widgets:
        layout.addWidget(widget, stretch)
    return row
