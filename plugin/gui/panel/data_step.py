"""Step 2 of the panel: imagery and attributes."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from qgis.core import QgsMapLayer, QgsMapLayerProxyModel, QgsProject, QgsRasterLayer, QgsVectorLayer, QgsWkbTypes
from qgis.gui import QgsCheckableComboBox, QgsMapLayerComboBox
from qgis.PyQt.QtCore import Qt, QTimer, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QMenu,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ...i18n import tr
from ...layers.events import is_named_as_events
from ...layers.results import ATTRIBUTES, show_tiles
from ...plain_text import literal
from ..algorithm_runner import AlgorithmRunner, AlgorithmStep, Outcome
from ..widgets.narrow import WrappingGroup
from ..widgets.sentence_label import sentence_label
from .check_list import CheckList
from .described_form import add_row, described_form, set_row_visible
from .join_sentences import STATISTICS, WITHOUT_FIELD, fitting_statistics, sentence, statistic_names, what_is_taken
from .panel_state import DataChoices, JoinChoices
from .qgis_process_command import TEMPORARY
from .step_page import ChoiceError, StepPage, layer_of

ROWS_SHOWN = 4


class DataStep(StepPage):
    """What is known of the tiles. ``tiles_made`` gives the tiles with their new columns."""

    RESULT = ATTRIBUTES
    tiles_made = pyqtSignal(QgsVectorLayer)

    def __init__(self, runner: AlgorithmRunner) -> None:
        super().__init__(runner, tr("Join attributes"), tr("What a camera sees from above, and what the records say."))
        self._joins: list[JoinChoices] = []
        self._events = ""
        self.tiles = QgsMapLayerComboBox()
        self.tiles.setFilters(QgsMapLayerProxyModel.Filter.PolygonLayer)
        form = described_form()
        add_row(form, self.tiles, "joinattributes", "TILES")
        self.images = CheckList(tr("Imagery"), movable=True)
        imagery = WrappingGroup(tr("Imagery to learn from, in this order"))
        column = QVBoxLayout(imagery)
        column.addWidget(self.images)
        column.addWidget(self._roads_button(), 0, Qt.AlignmentFlag.AlignLeft)
        self.sentences = sentence_label()
        self.sentences.setAccessibleName(tr("What will be made"))
        self.body.addLayout(form)
        self.body.addWidget(imagery)
        self.body.addWidget(self._attributes_box())
        self.body.addWidget(self.sentences)
        self.tiles.layerChanged.connect(self.changed)
        self.images.changed.connect(self.changed)
        project = QgsProject.instance()
        project.layersAdded.connect(self._layers_changed)
        project.layersRemoved.connect(self._layers_changed)
        self._layers_changed()
        self._show_joins(0)

    def _roads_button(self) -> QToolButton:
        self.roads = QToolButton()
        self.roads.setText(tr("Roads from imagery"))
        self.roads.setToolTip(tr("A mask of the roads that the imagery shows can be one more image to learn from."))
        self.roads.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.roads)
        menu.addAction(tr("Train road extraction…")).triggered.connect(lambda _checked=False: self._train_roads())
        menu.addAction(tr("Extract roads…")).triggered.connect(lambda _checked=False: self._extract_roads())
        self.roads.setMenu(menu)
        return self.roads

    def _train_roads(self) -> None:
        lines = [layer for layer in _vector_layers() if layer.geometryType() == QgsWkbTypes.GeometryType.LineGeometry]
        roads = {"ROADS": lines[0]} if lines else {}
        self.show_dialog(AlgorithmStep("mmrisk:trainroads", {"IMAGES": self.chosen_images(), **roads}))

    def _extract_roads(self) -> None:
        images = self.chosen_images()
        self.show_dialog(AlgorithmStep("mmrisk:extractroads", {"IMAGE": images[0]} if images else {}))

    def choices(self) -> DataChoices:
        """What is chosen."""
        self._take_pending_edits()
        tiles = self.tiles.currentLayer()
        return DataChoices("" if tiles is None else tiles.id(), self.images.checked(), list(self._joins))

    def restore(self, choices: DataChoices) -> None:
        """Show choices."""
        if layer_of(choices.tiles) is not None:
            self.tiles.setLayer(layer_of(choices.tiles))
        self.images.set_entries(_raster_layers(), choices.images)
        self._joins = [
            replace(join, statistics=[name for name in join.statistics if name in STATISTICS]) for join in choices.joins
        ]
        self._show_joins(0)

    def chosen_images(self) -> list[QgsMapLayer]:
        """The layers of the imagery, in order."""
        return [layer for layer in map(layer_of, self.images.checked()) if layer is not None]

    def steps(self) -> list[AlgorithmStep]:
        self._take_pending_edits()
        tiles = self.tiles.currentLayer()
        if tiles is None:
            raise ChoiceError(tr("There are no tiles yet. Create them in step 1, or open a layer of polygons."))
        if not self._joins:
            raise ChoiceError(
                tr("Add a layer whose attributes describe the tiles, such as roads, with the button 'Add'.")
            )
        return [self._step(join, tiles, chained=number > 0) for number, join in enumerate(self._joins)]

    def finish(self, outcome: Outcome) -> None:
        assert isinstance(outcome.layer, QgsVectorLayer)  # nosec B101  # for the type checker
        self.tiles_made.emit(show_tiles(outcome.layer, ATTRIBUTES))
        self.said.emit(tr("The attributes were joined. Next: train a model, or map risk with one."), False)

    def set_events(self, layer: QgsMapLayer | None) -> None:
        """Do not propose the layer of the events that make the label."""
        self._events = "" if layer is None else layer.id()

    def add_join(self) -> None:
        """Add a layer: the first that is neither joined yet nor the tiles, and of no events."""
        self._take_pending_edits()
        used = {join.layer for join in self._joins}
        tiles = self.tiles.currentLayer()
        others = [layer for layer in _vector_layers() if layer != tiles]
        layers = [layer for layer in others if layer.id() != self._events and not is_named_as_events(layer)]
        if not layers:
            text = tr("The project has no vector layer to join. Open one first.")
            if others:
                text = tr(
                    "The project has no vector layer to join but the events, which say what is high-risk and cannot "
                    "describe it as well. Open one first."
                )
            self.said.emit(text, True)
            return
        layer = next((layer for layer in layers if layer.id() not in used), layers[0])
        self._joins.append(_first_choices(layer))
        self._show_joins(len(self._joins) - 1)
        self.changed.emit()

    def remove_join(self) -> None:
        """Remove the join that is selected."""
        row = self.table.currentRow()
        if 0 <= row < len(self._joins):
            del self._joins[row]
            self._show_joins(max(0, row - 1))
            self.changed.emit()

    def _step(self, join: JoinChoices, tiles: QgsVectorLayer, *, chained: bool) -> AlgorithmStep:
        layer = layer_of(join.layer)
        if layer is None:
            raise ChoiceError(tr("The layer is no longer in the project."))
        needs_fields = [name for name in join.statistics if name not in WITHOUT_FIELD]
        if not join.statistics:
            raise ChoiceError(tr("Choose what to take of the layer '{name}'.").format(name=layer.name()))
        if needs_fields and not join.fields:
            text = tr("Choose the fields of the layer '{name}' that are to be taken.")
            raise ChoiceError(text.format(name=layer.name()))
        parameters: dict[str, Any] = {
            "TILES": tiles,
            "INPUT": layer,
            "FIELDS": list(join.fields) if needs_fields else None,
            "STATISTICS": [STATISTICS.index(name) for name in join.statistics],
            "PREFIX": join.prefix,
            "OUTPUT": TEMPORARY,
        }
        return AlgorithmStep("mmrisk:joinattributes", parameters, "TILES" if chained else None)

    def _attributes_box(self) -> WrappingGroup:
        self.table = QTableWidget(0, 2)
        self.table.setHorizontalHeaderLabels([tr("Layer"), tr("Taken of it")])
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.table.verticalHeader().hide()
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setTabKeyNavigation(False)
        self.table.setAccessibleName(tr("Layers whose attributes are joined"))
        self.table.currentCellChanged.connect(lambda row, *_: self._edit(row))
        self.add_button, self.remove_button = QPushButton(tr("Add")), QPushButton(tr("Remove"))
        self.add_button.clicked.connect(lambda _checked=False: self.add_join())
        self.remove_button.clicked.connect(lambda _checked=False: self.remove_join())
        buttons = QHBoxLayout()
        buttons.addWidget(self.add_button)
        buttons.addWidget(self.remove_button)
        buttons.addStretch(1)
        self.editor = QWidget()
        form = self._form = described_form()
        self.editor.setLayout(form)
        self.layer, self.prefix = QgsMapLayerComboBox(), QLineEdit()
        self.layer.setFilters(QgsMapLayerProxyModel.Filter.HasGeometry)
        self.statistics = QgsCheckableComboBox()
        self.fields = CheckList(tr("Fields"))
        add_row(form, self.layer, "joinattributes", "INPUT", text=tr("Layer"))
        add_row(form, self.statistics, "joinattributes", "STATISTICS")
        add_row(form, self.fields, "joinattributes", "FIELDS")
        add_row(form, self.prefix, "joinattributes", "PREFIX", text=tr("Prefix"))
        # Only what the user chose: when a layer is removed from the project, the box turns to another by itself.
        self.layer.activated.connect(lambda _: self._layer_edited(self.layer.currentLayer()))
        # What changes at once is one edit.
        self._edits = QTimer(self)
        self._edits.setSingleShot(True)
        self._edits.timeout.connect(self._take_edits)
        self.statistics.checkedItemsChanged.connect(lambda _: self._edits.start(0))
        self.fields.changed.connect(lambda: self._edits.start(0))
        self.prefix.textChanged.connect(lambda _: self._edits.start(0))
        box = WrappingGroup(tr("Attributes of other layers"))
        layout = QVBoxLayout(box)
        layout.addWidget(self.table)
        layout.addLayout(buttons)
        layout.addWidget(self.editor)
        return box

    def _show_joins(self, row: int) -> None:
        self.table.setRowCount(len(self._joins))
        for number, join in enumerate(self._joins):
            self._show_row(number, join)
        shown = min(max(len(self._joins), 1), ROWS_SHOWN)
        height = (
            self.table.verticalHeader().defaultSectionSize() * shown + self.table.horizontalHeader().sizeHint().height()
        )
        self.table.setFixedHeight(height + 2 * self.table.frameWidth())
        self.remove_button.setEnabled(bool(self._joins))
        self.table.setCurrentCell(min(row, len(self._joins) - 1), 0)
        self._edit(self.table.currentRow())
        self._show_sentences()

    def _show_row(self, row: int, join: JoinChoices) -> None:
        for column, text in enumerate((_name(join), what_is_taken(join))):
            item = QTableWidgetItem(text)
            item.setToolTip(literal(text))
            self.table.setItem(row, column, item)

    def _show_fields(self, join: JoinChoices) -> None:
        """Fields are asked for where a statistic is of fields."""
        set_row_visible(self._form, self.fields, any(name not in WITHOUT_FIELD for name in join.statistics))

    def _show_sentences(self) -> None:
        lines = [sentence(join, _name(join)) for join in self._joins]
        self.sentences.setText("\n".join(lines))
        self.sentences.setVisible(bool(lines))

    def _edit(self, row: int) -> None:
        """Show one join in the editor."""
        self._edits.stop()
        self.editor.setVisible(0 <= row < len(self._joins))
        if not self.editor.isVisibleTo(self):
            return
        join = self._joins[row]
        layer = layer_of(join.layer)
        if layer is None:
            return
        for widget in (self.layer, self.statistics, self.fields, self.prefix):
            widget.blockSignals(True)
        self.layer.setLayer(layer)
        self.prefix.setText(join.prefix)
        names = statistic_names()
        _fill(self.statistics, [(name, names[name]) for name in fitting_statistics(layer)], join.statistics)
        self.fields.set_entries([(name, name) for name in layer.fields().names()], join.fields)
        for widget in (self.layer, self.statistics, self.fields, self.prefix):
            widget.blockSignals(False)
        self._show_fields(join)

    def _layer_edited(self, layer: QgsMapLayer | None) -> None:
        row = self.table.currentRow()
        if layer is not None and 0 <= row < len(self._joins) and layer.id() != self._joins[row].layer:
            self._joins[row] = _first_choices(layer)
            self._show_joins(row)
            self.changed.emit()

    def _take_edits(self) -> None:
        self._edits.stop()
        row = self.table.currentRow()
        if not 0 <= row < len(self._joins):
            return
        self._joins[row] = replace(
            self._joins[row],
            statistics=_checked(self.statistics),
            fields=self.fields.checked(),
            prefix=self.prefix.text().strip(),
        )
        self._show_row(row, self._joins[row])
        self._show_fields(self._joins[row])
        self._show_sentences()
        self.changed.emit()

    def _take_pending_edits(self) -> None:
        if self._edits.isActive():
            self._take_edits()

    def _layers_changed(self, *_: Any) -> None:
        self.images.set_entries(_raster_layers(), self.images.checked())
        kept = [join for join in self._joins if layer_of(join.layer) is not None]
        if kept != self._joins:
            self._joins = kept
            self._show_joins(0)


def _vector_layers() -> list[QgsVectorLayer]:
    layers = QgsProject.instance().mapLayers().values()
    return [layer for layer in layers if isinstance(layer, QgsVectorLayer) and layer.isSpatial()]


def _raster_layers() -> list[tuple[str, str]]:
    layers = QgsProject.instance().mapLayers().values()
    return [(layer.id(), layer.name()) for layer in layers if isinstance(layer, QgsRasterLayer)]


def _first_choices(layer: QgsVectorLayer) -> JoinChoices:
    """What is taken of a layer before the user says more."""
    fitting = fitting_statistics(layer)
    statistics: list[str] = [name for name in ("count", "length", "share") if name in fitting]
    prefix = re.sub(r"\W+", "_", layer.name().casefold()).strip("_")
    return JoinChoices(layer.id(), [], statistics, f"{prefix}_")


def _name(join: JoinChoices) -> str:
    layer = layer_of(join.layer)
    return "" if layer is None else str(layer.name())


def _fill(box: QgsCheckableComboBox, entries: list[tuple[str, str]], checked: list[str]) -> None:
    box.clear()
    for key, text in entries:
        state = Qt.CheckState.Checked if key in checked else Qt.CheckState.Unchecked
        box.addItemWithCheckState(text, state, key)


def _checked(box: QgsCheckableComboBox) -> list[str]:
    return [str(key) for key in box.checkedItemsData()]
