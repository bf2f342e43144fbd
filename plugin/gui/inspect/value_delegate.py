"""Edits the value of an attribute: a number in a line, a text by a list of what the model knows."""

from __future__ import annotations

from typing import Any

from qgis.PyQt.QtCore import QAbstractItemModel, QModelIndex, Qt
from qgis.PyQt.QtWidgets import QComboBox, QLineEdit, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ...i18n import tr

LEVELS_ROLE = Qt.ItemDataRole.UserRole + 3


class ValueDelegate(QStyledItemDelegate):
    """The editor of a value."""

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: QModelIndex) -> QWidget:
        levels = index.data(LEVELS_ROLE)
        editor: Any = QComboBox(parent) if levels else QLineEdit(parent)
        if levels:
            editor.addItems(levels)
        editor.setAccessibleName(tr("New value"))
        return editor

    def setEditorData(self, editor: Any, index: QModelIndex) -> None:
        text = index.data(Qt.ItemDataRole.EditRole)
        if isinstance(editor, QComboBox):
            editor.setCurrentText(text)
        else:
            editor.setText(text)

    def setModelData(self, editor: Any, model: QAbstractItemModel, index: QModelIndex) -> None:
        model.setData(index, editor.currentText() if isinstance(editor, QComboBox) else editor.text())
