"""The attributes of a tile: values that can be changed, what is typical, and what each adds to the risk."""

from __future__ import annotations

import math
from typing import Any

from qgis.PyQt.QtCore import QAbstractTableModel, QLocale, QModelIndex, QSortFilterProxyModel, Qt, pyqtSignal
from qgis.PyQt.QtGui import QFont
from qgis.PyQt.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from ...i18n import tr
from ...locale_numbers import localised
from ...plain_text import literal
from .effect_delegate import EFFECT_ROLE, SCALE_ROLE, EffectDelegate
from .value_delegate import LEVELS_ROLE, ValueDelegate

NAME, VALUE, TYPICAL, EFFECT = range(4)


class AttributeModel(QAbstractTableModel):
    """Attributes and images of a tile, as the engine tells of them. Values of attributes can be changed.

    ``changed`` is emitted when a value was, ``refused`` with a sentence where it cannot be what was typed.
    """

    changed = pyqtSignal()
    refused = pyqtSignal(str)

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[dict[str, Any]] = []
        self._original: dict[str, Any] = {}
        self._changes: dict[str, float | str] = {}
        self._scale = 1.0

    def show_tile(self, tile: dict[str, Any] | None) -> None:
        """Show a tile as it is, and forget changes; of None, nothing."""
        attributes = [] if tile is None else tile["attributes"]
        self._original = {attribute["name"]: attribute["value"] for attribute in attributes}
        self._changes = {}
        self._show(tile)

    def show_changed(self, tile: dict[str, Any]) -> None:
        """Show what the same tile would be with the changes."""
        self._show(tile)

    def changes(self) -> dict[str, float | str]:
        """New values by name."""
        return dict(self._changes)

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        return len(self._rows)

    def columnCount(self, parent: QModelIndex | None = None) -> int:
        return 4

    def headerData(self, section: int, orientation: Any, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return (tr("Attribute"), tr("Value"), tr("Typical range"), tr("Effect"))[section]
        if role == Qt.ItemDataRole.ToolTipRole:
            return (
                tr("What the model learnt from."),
                tr("Of this tile. Double-click it or press F2 to try another value."),
                tr("What the middle 90 % of the tiles had that the model learnt from; of a text, what most had."),
                tr("What it adds to the model's answer, in logits: 0.1 is little, 1 much."),
            )[section]
        return None

    def flags(self, index: QModelIndex) -> Any:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if index.column() == VALUE and "value" in self._rows[index.row()]:
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = self._rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return (row["name"], self._value_text(row), _typical_text(row), localised(f"{row['effect']:+.2f}"))[column]
        if role == Qt.ItemDataRole.ToolTipRole:
            return literal(self._description(row, column))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._description(row, column)
        if role == Qt.ItemDataRole.EditRole and column == VALUE:
            return _edit_text(self._value(row))
        if role == LEVELS_ROLE:
            return row.get("levels", [])
        if role == EFFECT_ROLE and column == EFFECT:
            return row["effect"]
        if role == SCALE_ROLE:
            return self._scale
        if role == Qt.ItemDataRole.FontRole and row["name"] in self._changes and column in (NAME, VALUE):
            font = QFont()
            font.setBold(True)
            return font
        if role == Qt.ItemDataRole.TextAlignmentRole and column in (VALUE, TYPICAL) and not row.get("levels"):
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def setData(self, index: QModelIndex, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        row, text = self._rows[index.row()], str(value).strip()
        name = row["name"]
        new = text if row["levels"] else _number(text)
        if new is None and text:
            self.refused.emit(tr("'{text}' is no number, which '{name}' has to be.").format(text=text, name=name))
            return False
        if new is None or not text or text == _edit_text(self._original[name]):
            self._changes.pop(name, None)
        else:
            self._changes[name] = new
        self.dataChanged.emit(self.index(index.row(), NAME), self.index(index.row(), EFFECT))
        self.changed.emit()
        return True

    def _show(self, tile: dict[str, Any] | None) -> None:
        self.beginResetModel()
        self._rows = [] if tile is None else [*(_image_row(image) for image in tile["images"]), *tile["attributes"]]
        self._scale = max((abs(row["effect"]) for row in self._rows), default=1.0) or 1.0
        self.endResetModel()

    def _value(self, row: dict[str, Any]) -> Any:
        return self._changes.get(row["name"], self._original.get(row["name"]))

    def _value_text(self, row: dict[str, Any]) -> str:
        if "value" not in row:
            return str(row["shown"])
        if row["name"] in self._changes:
            return f"→ {number_text(self._value(row))}"
        return number_text(row["value"]) + _beyond(row)

    def _description(self, row: dict[str, Any], column: int) -> str:
        unit = f" {row['unit']}" if row.get("unit") else ""
        if column == VALUE and row["name"] in self._changes:
            before, now = (number_text(value) for value in (self._original[row["name"]], self._value(row)))
            return tr("{value}{unit} (was {before})").format(value=now, unit=unit, before=before)
        if column == VALUE and "value" in row:
            beyond = tr(": beyond what 9 in 10 tiles of the training had") if _beyond(row) else ""
            return number_text(row["value"]) + unit + beyond
        if column == TYPICAL and row.get("low") is not None:
            text = tr("{low} to {high}{unit}, median {median}")
            parts = {name: number_text(row[name]) for name in ("low", "high")}
            return text.format(**parts, median=number_text(row["typical"]), unit=unit)
        if column == EFFECT:
            verb = tr("raises the risk") if row["effect"] > 0 else tr("lowers the risk")
            return localised(f"{row['effect']:+.3f}, {verb}")
        return str(row["name"] if column == NAME else self.data(self.index(self._rows.index(row), column)))

    def sort_key(self, index: QModelIndex) -> Any:
        """What a cell is sorted by, within its column."""
        row, column = self._rows[index.row()], index.column()
        if column == EFFECT:
            return abs(row["effect"])
        value = self._value(row) if column == VALUE else row.get("typical") if column == TYPICAL else row["name"]
        is_number = isinstance(value, float)
        return (not is_number, value if is_number else str(value).casefold())


class SortedAttributes(QSortFilterProxyModel):
    """Sorts numbers by their size, and texts by their letters behind all numbers."""

    def lessThan(self, left: QModelIndex, right: QModelIndex) -> bool:
        attributes = self.sourceModel()
        return bool(attributes.sort_key(left) < attributes.sort_key(right))


class AttributeTable(QTableView):
    """The table, the strongest effect first; ``find`` shows only attributes with some letters in their name."""

    def __init__(self) -> None:
        super().__init__()
        self.attributes = AttributeModel()
        self._sorted = SortedAttributes(self)
        self._sorted.setSourceModel(self.attributes)
        self._sorted.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setModel(self._sorted)
        self._delegates = (ValueDelegate(self), EffectDelegate(self))
        self.setItemDelegateForColumn(VALUE, self._delegates[0])
        self.setItemDelegateForColumn(EFFECT, self._delegates[1])
        self.setAccessibleName(tr("Attributes of the tile, and what each adds to the risk"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.DoubleClicked | triggers.EditKeyPressed | triggers.AnyKeyPressed)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        # Long names often differ in their ends only.
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setAlternatingRowColors(True)
        self.setSortingEnabled(True)
        self.sortByColumn(EFFECT, Qt.SortOrder.DescendingOrder)
        metrics = self.fontMetrics()
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(round(1.7 * metrics.height()))
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        header.setMinimumSectionSize(3 * metrics.averageCharWidth())
        for column, text in ((VALUE, "12,345 ▲"), (TYPICAL, "12,345 – 12,345"), (EFFECT, "+00.00 ■■■■")):
            header.resizeSection(column, metrics.horizontalAdvance(text) + 6)
        self.setMinimumHeight(round(8 * metrics.height()))

    def find(self, text: str) -> None:
        """Show only rows with ``text`` in their name."""
        self._sorted.setFilterFixedString(text)


def number_text(value: Any) -> str:
    """A value as a person would write it."""
    if value is None:
        return tr("missing")
    if isinstance(value, str):
        return value
    return localised(f"{value:,.0f}") if abs(value) >= 1000 else localised(f"{value:.4g}")


def _edit_text(value: Any) -> str:
    return "" if value is None else value if isinstance(value, str) else localised(f"{value:.9g}")


def _typical_text(row: dict[str, Any]) -> str:
    if row.get("typical") is None:
        return ""
    if row["levels"]:
        return str(row["typical"])
    return f"{_short(row['low'])} – {_short(row['high'])}"


def _short(value: float) -> str:
    return localised(f"{value:,.0f}") if abs(value) >= 100 else localised(f"{value:.3g}")


def _beyond(row: dict[str, Any]) -> str:
    """A mark behind a value that is not typical."""
    if not row.get("outside"):
        return ""
    return " ?" if row["levels"] else " ▲" if row["value"] > row["high"] else " ▼"


def _image_row(image: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": image_title(image),
        "shown": tr("seen") if image["present"] else tr("missing"),
        "effect": image["effect"],
    }


def image_title(image: dict[str, Any]) -> str:
    """What an image is called, and how much of the surroundings it shows."""
    if image["context"] == 1:
        return tr("Picture '{name}'").format(name=image["name"])
    return tr("Picture '{name}', {n} × the tile").format(name=image["name"], n=localised(f"{image['context']:g}"))


def _number(text: str) -> float | None:
    """A number as the user or a programmer writes it; None for anything else."""
    number, is_number = QLocale().toDouble(text)
    if not is_number:
        try:
            number = float(text)
        except ValueError:
            return None
    return float(number) if math.isfinite(number) else None
