"""Form rows that say what the algorithm's own dialog says, so that panel and toolbox never differ in words."""

from __future__ import annotations

from qgis.core import QgsApplication, QgsProcessingParameterDefinition
from qgis.PyQt.QtWidgets import QComboBox, QFormLayout, QLabel, QSizePolicy, QWidget

from ...plain_text import literal
from ..widgets.plain_tips import show_plain_tips


def parameter(algorithm: str, name: str) -> QgsProcessingParameterDefinition:
    """The definition of a parameter, such as ``TILE_SIZE`` of ``createtiles``."""
    return QgsApplication.processingRegistry().algorithmById(f"mmrisk:{algorithm}").parameterDefinition(name)


def options(algorithm: str, name: str) -> list[str]:
    """The names of what can be chosen of a parameter."""
    return list(parameter(algorithm, name).options())


def described_form() -> QFormLayout:
    """An empty form, each label above its field, that stays usable where it is narrow."""
    form = QFormLayout()
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
    form.setContentsMargins(0, 0, 0, 0)
    return form


def add_row(form: QFormLayout, widget: QWidget, algorithm: str, name: str, *, text: str | None = None) -> QLabel:
    """Add a row with the label, the tool tip and the accessible name of a parameter; ``text`` is another label."""
    definition = parameter(algorithm, name)
    label = QLabel(text or definition.description())
    label.setWordWrap(True)
    for part in (label, widget):
        part.setToolTip(literal(definition.help()))
    widget.setAccessibleName(label.text())
    widget.setAccessibleDescription(definition.help())
    label.setBuddy(widget)
    shrinkable(widget)
    if isinstance(widget, QComboBox):
        show_plain_tips(widget)
    form.addRow(label, widget)
    return label


def shrinkable(widget: QWidget) -> QWidget:
    """Let a widget become narrower than its longest text."""
    if isinstance(widget, QComboBox):
        widget.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        widget.setMinimumContentsLength(8)
    for box in widget.findChildren(QComboBox):
        shrinkable(box)
    widget.setSizePolicy(QSizePolicy.Policy.Expanding, widget.sizePolicy().verticalPolicy())
    return widget


def choose(box: QComboBox, index: int) -> None:
    """Choose an entry; the first where there is none of that index."""
    box.setCurrentIndex(index if 0 <= index < box.count() else 0)


def set_row_visible(form: QFormLayout, widget: QWidget, visible: bool) -> None:
    """Show or hide a row, its label included."""
    widget.setVisible(visible)
    form.labelForField(widget).setVisible(visible)
