"""A list to tick entries in, with a box to find them by."""

from __future__ import annotations

from typing import AbstractSet as Set
from typing import Callable

from qgis.gui import QgsFilterLineEdit
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QToolButton, QVBoxLayout, QWidget

from ...i18n import tr
from ...plain_text import literal

FEW = 8
ROWS_SHOWN = 6


class CheckList(QWidget):
    """Entries with a check box each; with many there is a filter, and the buttons act on what it leaves.

    :param name: what the entries are, for screen readers.
    :param movable: whether the order counts and can be changed.
    """

    changed = pyqtSignal()

    def __init__(self, name: str, *, movable: bool = False) -> None:
        super().__init__()
        self._movable = movable
        self._avoided: Set[str] = frozenset()
        self.filter = QgsFilterLineEdit()
        self.filter.setShowSearchIcon(True)
        self.filter.setPlaceholderText(tr("Find…"))
        self.filter.setAccessibleName(tr("Find in {name}").format(name=name))
        self.filter.textChanged.connect(self._apply_filter)
        self.list = QListWidget()
        self.list.setAccessibleName(name)
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setUniformItemSizes(True)
        self.list.itemChanged.connect(lambda _: self.changed.emit())
        if movable:
            actions = ((tr("Up"), lambda: self._move(-1)), (tr("Down"), lambda: self._move(1)))
        else:
            actions = ((tr("All"), lambda: self._check_shown(True)), (tr("None"), lambda: self._check_shown(False)))
        self.buttons = [self._button(text, action) for text, action in actions]
        row = QHBoxLayout()
        row.addWidget(self.filter, 1)
        row.addStretch(0)
        for button in self.buttons:
            row.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.list)
        layout.addLayout(row)
        self._show_what_is_needed()

    def set_entries(self, entries: list[tuple[str, str]], checked: list[str], avoided: Set[str] = frozenset()) -> None:
        """Show ``(key, text)`` entries; the checked ones come first, in their order, where the order counts.

        :param avoided: keys of those that are ticked one by one only, and not by 'All'.
        """
        self._avoided = avoided
        if self._movable:
            first = {key: position for position, key in enumerate(checked)}
            entries = sorted(entries, key=lambda entry: first.get(entry[0], len(first)))
        self.list.blockSignals(True)
        self.list.clear()
        chosen = set(checked)
        for key, text in entries:
            item = QListWidgetItem(text)
            item.setData(Qt.ItemDataRole.UserRole, key)
            item.setToolTip(literal(text))
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if key in chosen else Qt.CheckState.Unchecked)
            self.list.addItem(item)
        self.list.blockSignals(False)
        self._show_what_is_needed()
        self._apply_filter()

    def keys(self) -> list[str]:
        """The keys of all entries, in order."""
        return [item.data(Qt.ItemDataRole.UserRole) for item in self._items()]

    def checked(self) -> list[str]:
        """The keys of the checked entries, in order, whether the filter shows them or not."""
        return [item.data(Qt.ItemDataRole.UserRole) for item in self._items() if _is_checked(item)]

    def _items(self) -> list[QListWidgetItem]:
        return [self.list.item(row) for row in range(self.list.count())]

    def _button(self, text: str, action: Callable[[], None]) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setAutoRaise(True)
        button.setAccessibleName(f"{text}: {self.list.accessibleName()}")
        button.clicked.connect(lambda _checked=False: action())
        return button

    def _show_what_is_needed(self) -> None:
        count = self.list.count()
        self.filter.setVisible(not self._movable and count > FEW)
        for button in self.buttons:
            button.setVisible(count > 1)
        row = self.list.sizeHintForRow(0) if count else self.fontMetrics().height()
        self.list.setFixedHeight(row * min(max(count, 2), ROWS_SHOWN) + 2 * self.list.frameWidth())

    def _apply_filter(self) -> None:
        wanted = self.filter.text().casefold()
        for item in self._items():
            item.setHidden(wanted not in item.text().casefold())

    def _check_shown(self, checked: bool) -> None:
        self.list.blockSignals(True)
        for item in self._items():
            if not item.isHidden() and not (checked and item.data(Qt.ItemDataRole.UserRole) in self._avoided):
                item.setCheckState(Qt.CheckState.Checked if checked else Qt.CheckState.Unchecked)
        self.list.blockSignals(False)
        self.changed.emit()

    def _move(self, by: int) -> None:
        row = self.list.currentRow()
        if row >= 0 and 0 <= row + by < self.list.count():
            self.list.insertItem(row + by, self.list.takeItem(row))
            self.list.setCurrentRow(row + by)
            self.changed.emit()


def _is_checked(item: QListWidgetItem) -> bool:
    return bool(item.checkState() == Qt.CheckState.Checked)
