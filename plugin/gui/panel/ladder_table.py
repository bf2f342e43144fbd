"""The ladder of a model: what simpler models reach on the same tiles."""

from __future__ import annotations

from typing import Any

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from ...i18n import tr
from ...locale_numbers import localised
from ...plain_text import literal
from ..widgets.narrow import broken

ROOM_OF_HEADING = 90
"""Pixels, of half the table where the panel is narrow."""


def ladder_rows(validation: dict[str, Any]) -> list[tuple[str, str]]:
    """Name and figures of each simpler model, from the worst on, and of the model itself.

    The figures are the AUC and, in a second line, how much the model is better.

    :param validation: the manifest's part of that name; without figures there are no rows.
    """
    if validation["figures"] is None:
        return []
    simpler = validation["challengers"] or validation["heads"]
    rows = []
    for name, figures in sorted(simpler.items(), key=lambda entry: entry[1]["auc"]):
        difference = validation["differences"].get(name)
        gain = "" if difference is None else "\n" + _gain(difference)
        rows.append((_title(name), _auc(figures) + gain))
    return [*rows, (tr("The model"), _auc(validation["figures"]))]


class LadderTable(QTableWidget):
    """The rows of a ladder; the last is the model itself."""

    def __init__(self) -> None:
        super().__init__(0, 2)
        self.setAccessibleName(tr("What simpler models reach"))
        titles = (tr("On tiles not seen"), tr("AUC (95 %), the model is better by"))
        metrics = self.fontMetrics()
        self.setHorizontalHeaderLabels([broken(title, metrics, ROOM_OF_HEADING) for title in titles])
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setTabKeyNavigation(False)
        self.setWordWrap(True)
        self.verticalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_ladder(self, validation: dict[str, Any]) -> None:
        """Show the ladder of a model."""
        rows = ladder_rows(validation)
        self.setRowCount(len(rows))
        for row, texts in enumerate(rows):
            for column, text in enumerate(texts):
                item = QTableWidgetItem(text)
                item.setToolTip(literal(text))
                font = item.font()
                font.setBold(row == len(rows) - 1)
                item.setFont(font)
                self.setItem(row, column, item)
        self._fit_height()

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        self._fit_height()

    def _fit_height(self) -> None:
        self.resizeRowsToContents()
        rows = sum(self.rowHeight(row) for row in range(self.rowCount()))
        self.setFixedHeight(rows + self.horizontalHeader().sizeHint().height() + 2 * self.frameWidth())


def _title(name: str) -> str:
    titles = {
        "prevalence": tr("How common the label is"),
        "attributes_linear": tr("Attributes, logistic regression"),
        "attributes_boosting": tr("Attributes, gradient boosting"),
        "attributes_tabm": tr("Attributes, TabM network"),
        "image_linear": tr("Imagery alone"),
        "joint_linear": tr("Both, jointly linear"),
        "fused": tr("Fused, end to end"),
    }
    return titles.get(name, name)


def _auc(figures: dict[str, Any]) -> str:
    return localised(f"{figures['auc']:.2f} ({figures['auc_low']:.2f}–{figures['auc_high']:.2f})")


def _gain(difference: dict[str, Any]) -> str:
    return tr("{gain} ({low} to {high})").format(
        gain=localised(f"{difference['auc']:+.2f}"),
        low=localised(f"{difference['low']:+.2f}"),
        high=localised(f"{difference['high']:+.2f}"),
    )
