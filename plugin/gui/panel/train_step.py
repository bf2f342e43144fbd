"""Step 3 of the panel: label, training, and what came of it."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

from qgis.core import QgsFieldProxyModel, QgsMapLayer, QgsMapLayerProxyModel, QgsProject, QgsVectorLayer
from qgis.gui import (
    QgsCollapsibleGroupBox,
    QgsDoubleSpinBox,
    QgsFieldComboBox,
    QgsFileWidget,
    QgsMapLayerComboBox,
    QgsSpinBox,
)
from qgis.PyQt.QtCore import QUrl, pyqtSignal
from qgis.PyQt.QtGui import QDesktopServices
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from ...engine.label_formula import fields_in_label
from ...engine.messages import Epoch
from ...i18n import tr
from ...layers.events import likely_events
from ...layers.recipes import read_recipe
from ...layers.results_place import free_file, results_folder
from ...plain_text import literal
from ..algorithm_runner import AlgorithmRunner, AlgorithmStep, Outcome
from ..engine.engine_task import describe_model_task
from ..widgets.narrow import WrappingGroup
from ..widgets.sentence_label import alarm_label, sentence_label
from ..widgets.wrapping_row import WrappingRow
from .check_list import CheckList
from .described_form import add_row, choose, described_form, options, parameter, shrinkable
from .join_sentences import columns, joins_of, label_layer
from .label_preview import LabelPreview
from .ladder_table import LadderTable
from .loss_curve import LossCurve
from .model_card import auc_sentence, circular_sentence, leak_sentence, split_sentence
from .panel_state import TrainChoices
from .qgis_process_command import TEMPORARY
from .step_page import ChoiceError, StepPage, layer_of

# Fields that say which tile it is, or what became of it: nothing to learn from.
NOT_LEARNT_FROM = ("fid", "tile_id", "row", "col", "source_id", "position")
EVENTS = ("events", "label")
ADVANCED = (
    "ARCHITECTURE",
    "BACKBONE",
    "WEIGHTS",
    "VALIDATION",
    "CONTEXT",
    "IMAGE_PIXELS",
    "FOLDS",
    "EPOCHS",
    "SEED",
    "DEVICE",
)
TOP_SHARE = 1


class TrainStep(StepPage):
    """What is to be foreseen, and from what.

    ``model_chosen`` gives the file of a model to map with, ``events_chosen`` the layer of events or None;
    ``crash_data_wanted`` asks for the window that opens a table of crashes.
    """

    model_chosen = pyqtSignal(str)
    events_chosen = pyqtSignal(object)
    crash_data_wanted = pyqtSignal()

    def __init__(self, runner: AlgorithmRunner) -> None:
        super().__init__(runner, tr("Train model"), tr("Learn from tiles whose crashes are known."))
        self._images: list[QgsMapLayer] = []
        self._recipe: str | None = None
        self._report = ""
        self._beware = ""
        self.preview = LabelPreview(self, self._preview_step, runner)
        self.tiles = QgsMapLayerComboBox()
        self.tiles.setFilters(QgsMapLayerProxyModel.Filter.PolygonLayer)
        form = described_form()
        add_row(form, self.tiles, "trainmodel", "TILES")
        self.features = CheckList(parameter("trainmodel", "FEATURES").description())
        attributes = WrappingGroup(tr("Attributes to learn from"))
        attributes.setToolTip(literal(parameter("trainmodel", "FEATURES").help()))
        QVBoxLayout(attributes).addWidget(self.features)
        self.circular = alarm_label()
        self.imagery = sentence_label()
        self.model = QgsFileWidget()
        self.model.setStorageMode(QgsFileWidget.StorageMode.SaveFile)
        self.model.setFilter(tr("MMRisk model (*.safetensors)"))
        self.model.setConfirmOverwrite(False)
        below = described_form()
        add_row(below, self.model, "trainmodel", "MODEL", text=tr("Model file"))
        for part in (form, self._label_box(), attributes, self.circular, self.imagery, below, self._advanced_box()):
            self.body.addLayout(part) if part in (form, below) else self.body.addWidget(part)
        self._add_result()
        self.tiles.layerChanged.connect(self._tiles_changed)
        self.features.changed.connect(self.changed)
        self.model.fileChanged.connect(self.changed)
        self.changed.connect(self._show_circular)
        self.changed.connect(self.preview.refresh)
        for signal in (QgsProject.instance().layersAdded, QgsProject.instance().layersRemoved):
            signal.connect(self._layers_changed)
        runner.trained.connect(self._show_epoch)
        self.restore(TrainChoices())

    def choices(self) -> TrainChoices:
        """What is chosen."""
        tiles, events = self.tiles.currentLayer(), self.events.currentLayer()
        return TrainChoices(
            tiles="" if tiles is None else tiles.id(),
            by_events=self.by_events.isChecked(),
            events="" if events is None else events.id(),
            rule=self.rule.currentIndex(),
            threshold=self.threshold.value(),
            label=self.label.currentField(),
            features=self.features.checked(),
            model=self.model.filePath(),
            advanced={name: _value(widget) for name, widget in self.advanced.items()},
        )

    def restore(self, choices: TrainChoices) -> None:
        """Show choices."""
        if layer_of(choices.tiles) is not None:
            self.tiles.setLayer(layer_of(choices.tiles))
        self.events.setLayer(layer_of(choices.events) or likely_events(QgsProject.instance()))
        (self.by_events if choices.by_events else self.by_field).setChecked(True)
        choose(self.rule, choices.rule)
        self.threshold.setValue(choices.threshold)
        self._tiles_changed(self.tiles.currentLayer())
        if choices.label:
            self.label.setField(choices.label)
        if choices.features:
            self._show_features(choices.features)
        self.model.setFilePath(choices.model)
        for name, widget in self.advanced.items():
            _set_value(widget, choices.advanced.get(name, parameter("trainmodel", name).defaultValue()))

    def set_images(self, images: list[QgsMapLayer]) -> None:
        """Learn from these images as well; they are chosen in the step before."""
        self._images = images
        names = ", ".join(layer.name() for layer in images) or tr("none")
        self.imagery.setText(tr("Imagery (chosen in step 2): {names}").format(names=names))

    def steps(self) -> list[AlgorithmStep]:
        tiles = self.tiles.currentLayer()
        if tiles is None:
            raise ChoiceError(tr("There are no tiles yet. Create them in step 1, or open a layer of polygons."))
        if not self.features.checked() and not self._images:
            raise ChoiceError(tr("Choose attributes here, imagery in step 2, or both: there is nothing to learn from."))
        path = self.model.filePath()
        if not path:
            raise ChoiceError(tr("Say in which file the model is to be saved."))
        model = path if path.endswith(".safetensors") else f"{path}.safetensors"
        parameters: dict[str, Any] = {
            "TILES": tiles,
            "LABEL": "label" if self.by_events.isChecked() else self.label.currentField(),
            "FEATURES": self.features.checked(),
            "IMAGES": self._images,
            **{name: _value(widget) for name, widget in self.advanced.items()},
            "MODEL": model,
            "REPORT": str(Path(model).with_suffix(".html")),
        }
        if self.by_field.isChecked():
            if not parameters["LABEL"]:
                raise ChoiceError(tr("Choose the field with 1 for high-risk tiles and 0 for the rest."))
            return [AlgorithmStep("mmrisk:trainmodel", parameters)]
        return [self._label_step(tiles), AlgorithmStep("mmrisk:trainmodel", parameters, "TILES")]

    def agree(self, steps: list[AlgorithmStep]) -> bool:
        model = Path(steps[-1].parameters["MODEL"])
        if not model.exists():
            return True
        question = tr("{name} exists already. Train anew and replace it and its report?").format(name=model.name)
        answer = QMessageBox.question(self, tr("Train model"), literal(question))
        return bool(answer == QMessageBox.StandardButton.Yes)

    def begin(self) -> None:
        folder = results_folder(QgsProject.instance())
        if Path(self.model.filePath()).parent == folder:
            # Where it cannot be made, the algorithm says so.
            with contextlib.suppress(OSError):
                folder.mkdir(parents=True, exist_ok=True)
        self.curve.clear()
        self.curve.show()
        self.result.hide()
        self.scroll_to(self.curve)

    def finish(self, outcome: Outcome) -> None:
        model = outcome.results["MODEL"]
        self._report = outcome.results["REPORT"] or ""
        self._trained = model
        self.curve.hide()
        self.said.emit(tr("The model was saved as {path}.").format(path=model), False)
        self._runner.run_task(
            lambda done, failed: describe_model_task(model, done, failed), self._show_result, self._fail
        )

    def use_model(self) -> None:
        """Go on with the model; where its figures mean nothing, only if the user wants it all the same."""
        if self._beware:
            question = f"{self._beware} {tr('Use it all the same?')}"
            buttons = QMessageBox.StandardButton.Yes | QMessageBox.StandardButton.No
            answer = QMessageBox.question(
                self, tr("Use this model"), literal(question), buttons, QMessageBox.StandardButton.No
            )
            if answer != QMessageBox.StandardButton.Yes:
                return
        self.model_chosen.emit(self._trained)

    def open_report(self) -> None:
        """Show the report in the browser."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(self._report))

    def showEvent(self, event: Any) -> None:
        super().showEvent(event)
        self.preview.refresh()

    def _preview_step(self) -> AlgorithmStep | None:
        """What would label the tiles; None where that is not chosen yet, or nobody sees what it comes to."""
        tiles, events = self.tiles.currentLayer(), self.events.currentLayer()
        seen = self.isVisible() and self.by_events.isChecked()
        return self._label_step(tiles) if seen and tiles is not None and events is not None else None

    def _label_step(self, tiles: QgsVectorLayer) -> AlgorithmStep:
        events = self.events.currentLayer()
        if events is None:
            raise ChoiceError(tr("Choose the layer of events such as crashes, or a field of the tiles with the label."))
        parameters = {
            "TILES": tiles,
            "EVENTS": events,
            "RULE": self.rule.currentIndex(),
            "THRESHOLD": self.threshold.value(),
            "OUTPUT": TEMPORARY,
        }
        return AlgorithmStep("mmrisk:labeltiles", parameters)

    def _label_box(self) -> WrappingGroup:
        self.by_events = QRadioButton(tr("By events, such as crashes"))
        self.by_field = QRadioButton(tr("By a field of the tiles"))
        self.events, self.rule, self.threshold = QgsMapLayerComboBox(), QComboBox(), QgsDoubleSpinBox()
        self.events.setFilters(QgsMapLayerProxyModel.Filter.PointLayer)
        # Of several layers of points the first by the alphabet would be as good as any.
        self.events.setAllowEmptyLayer(True, tr("choose the events"))
        self.events.setLayer(likely_events(QgsProject.instance()))
        # The third rule needs more than fits here; the toolbox has it.
        self.rule.addItems(options("labeltiles", "RULE")[:2])
        self.threshold.setShowClearButton(False)
        self.label = QgsFieldComboBox()
        self.label.setFilters(QgsFieldProxyModel.Filter.Numeric)
        self._events_part, self._field_part = QWidget(), QWidget()
        events_form, field_form = described_form(), described_form()
        self._events_part.setLayout(events_form)
        self._field_part.setLayout(field_form)
        add_row(events_form, self.events, "labeltiles", "EVENTS")
        self.crash_data_button = QPushButton(tr("Open crash data…"))
        self.crash_data_button.clicked.connect(lambda _checked=False: self.crash_data_wanted.emit())
        events_form.addRow(self.crash_data_button)
        add_row(events_form, self.rule, "labeltiles", "RULE")
        add_row(events_form, self.threshold, "labeltiles", "THRESHOLD")
        events_form.addRow(self.preview.sentence)
        add_row(field_form, self.label, "trainmodel", "LABEL", text=tr("Field"))
        box = WrappingGroup(tr("What makes a tile high-risk"))
        self._rule_changed(self.rule.currentIndex())
        layout = QVBoxLayout(box)
        for widget in (self.by_events, self._events_part, self.by_field, self._field_part):
            layout.addWidget(widget)
        self.by_events.toggled.connect(self._label_changed)
        self.events.layerChanged.connect(self._events_changed)
        self.rule.currentIndexChanged.connect(self._rule_changed)
        self.threshold.valueChanged.connect(self.changed)
        self.label.fieldChanged.connect(self.changed)
        return box

    def _advanced_box(self) -> QgsCollapsibleGroupBox:
        box = QgsCollapsibleGroupBox(tr("Advanced"))
        box.setCollapsed(True)
        form = described_form()
        box.setLayout(form)
        self.advanced: dict[str, QWidget] = {}
        for name in ADVANCED:
            widget = _widget_for(name)
            self.advanced[name] = widget
            add_row(form, widget, "trainmodel", name)
            _change_signal(widget).connect(self.changed)
        return box

    def _add_result(self) -> None:
        self.curve, self.ladder = LossCurve(), LadderTable()
        self.verdict, self.verdict_circular = sentence_label(), alarm_label()
        self.report_button, self.use_button = QPushButton(tr("Open report")), QPushButton(tr("Use this model"))
        self.report_button.clicked.connect(lambda _checked=False: self.open_report())
        self.use_button.clicked.connect(lambda _checked=False: self.use_model())
        self.result = WrappingGroup(tr("What came of it"))
        layout = QVBoxLayout(self.result)
        layout.addWidget(self.verdict)
        layout.addWidget(self.verdict_circular)
        layout.addWidget(self.ladder)
        layout.addLayout(WrappingRow(self.report_button, self.use_button))
        self.below.addWidget(self.curve)
        self.below.addWidget(self.result)
        self.curve.hide()
        self.result.hide()

    def _show_epoch(self, epoch: Epoch) -> None:
        self.curve.add(epoch)

    def _show_result(self, manifest: dict[str, Any]) -> None:
        self.verdict.setText(auc_sentence(manifest["validation"]))
        self._beware = leak_sentence(manifest["validation"])
        alarms = [self._beware, circular_sentence(manifest["validation"])]
        _show_if_any(self.verdict_circular, "\n\n".join(filter(None, alarms)))
        self.ladder.show_ladder(manifest["validation"])
        self.report_button.setEnabled(bool(self._report))
        self.result.show()
        self.scroll_to(self.result)

    def _show_circular(self) -> None:
        """Say before the training where the label was computed from the attributes that are ticked."""
        # What the panel labels by itself it counts.
        label = self.label.currentField() if self.by_field.isChecked() else ""
        names = fields_in_label(self._recipe, label, self.features.checked())
        text = tr(
            "Beware: the label was computed from {names}. The model would learn that formula again, and its figures would "
            "flatter: leave them out."
        ).format(names=", ".join(names))
        alarms = [f"{text} {split_sentence()}"] if names else []
        counted = [name for name in self.features.checked() if name in self._of_events()]
        if counted:
            text = tr(
                "Beware: {names} come from the events that make the label. The model would only learn to count them again: "
                "untick them, unless they are of earlier events."
            )
            alarms.append(text.format(names=", ".join(counted)))
        _show_if_any(self.circular, "\n\n".join(alarms))

    def _of_events(self) -> set[str]:
        """The columns that were joined from the events that make the label."""
        events = self.events.currentLayer()
        name = events.name() if self.by_events.isChecked() and events is not None else label_layer(self._recipe)
        return {column for join in joins_of(self._recipe) if join.layer == name for column in columns(join)}

    def _show_features(self, checked: list[str]) -> None:
        avoided = self._of_events()
        mark = tr("{name} (made from the events)")
        names = _learnable(self.tiles.currentLayer())
        entries = [(name, mark.format(name=name) if name in avoided else name) for name in names]
        self.features.set_entries(entries, checked, avoided)

    def _events_changed(self, layer: QgsMapLayer | None) -> None:
        avoided = self._of_events()
        self._show_features([name for name in self.features.checked() if name not in avoided])
        self.events_chosen.emit(layer)
        self.changed.emit()

    def _layers_changed(self, *_: Any) -> None:
        if self.events.currentLayer() is None:
            self.events.setLayer(likely_events(QgsProject.instance()))

    def _tiles_changed(self, layer: QgsMapLayer | None) -> None:
        self._recipe = None if layer is None else read_recipe(layer)
        before = self.label.currentField()
        self.label.setLayer(layer)
        names = [] if layer is None else layer.fields().names()
        self.label.setField(before if before in names else "label" if "label" in names else "")
        kept = [name for name in self.features.checked() if name in names]
        avoided = self._of_events()
        joined = [name for join in joins_of(self._recipe) for name in columns(join) if name not in avoided]
        self._show_features(kept or joined)
        self.changed.emit()

    def _rule_changed(self, rule: int) -> None:
        share = rule == TOP_SHARE
        self.threshold.setDecimals(2 if share else 0)
        self.threshold.setSingleStep(0.05 if share else 1.0)
        self.threshold.setMaximum(1.0 if share else 1_000_000)
        self.threshold.setValue(0.1 if share else 1.0)
        self.changed.emit()

    def _label_changed(self) -> None:
        self._events_part.setVisible(self.by_events.isChecked())
        self._field_part.setVisible(self.by_field.isChecked())
        self.changed.emit()


def default_model_path(project: QgsProject) -> str:
    """A file among the results, or in the user's folder, that does not exist yet."""
    return str(free_file(results_folder(project), "model", ".safetensors"))


def _learnable(layer: QgsVectorLayer | None) -> list[str]:
    names = [] if layer is None else layer.fields().names()
    return [name for name in names if name not in NOT_LEARNT_FROM and not name.startswith(EVENTS)]


def _show_if_any(label: QLabel, text: str) -> None:
    label.setText(text)
    label.setVisible(bool(text))


def _widget_for(name: str) -> QWidget:
    definition = parameter("trainmodel", name)
    if definition.type() == "enum":
        box = QComboBox()
        box.addItems(definition.options())
        return shrinkable(box)
    if definition.type() == "string":
        return QLineEdit()
    if definition.type() == "file":
        return QgsFileWidget()
    number = QgsSpinBox()
    number.setShowClearButton(False)
    if definition.defaultValue() is None:
        # The least value stands for what is not set.
        number.setRange(0, 100_000)
        number.setSpecialValueText(tr("Automatic"))
    else:
        number.setRange(int(definition.minimum()), min(int(definition.maximum()), 1_000_000))
    return number


def _change_signal(widget: QWidget) -> Any:
    if isinstance(widget, QComboBox):
        return widget.currentIndexChanged
    if isinstance(widget, QgsFileWidget):
        return widget.fileChanged
    return widget.textChanged if isinstance(widget, QLineEdit) else widget.valueChanged


def _value(widget: QWidget) -> Any:
    """The value as the algorithm takes it; None where it is not set."""
    if isinstance(widget, QComboBox):
        return widget.currentIndex()
    if isinstance(widget, QLineEdit):
        return widget.text().strip()
    if isinstance(widget, QgsFileWidget):
        return widget.filePath().strip() or None
    return None if widget.specialValueText() and widget.value() == widget.minimum() else widget.value()


def _set_value(widget: QWidget, value: Any) -> None:
    if isinstance(widget, QComboBox):
        choose(widget, value if isinstance(value, int) else 0)
    elif isinstance(widget, QLineEdit):
        widget.setText(str(value))
    elif isinstance(widget, QgsFileWidget):
        widget.setFilePath(value if isinstance(value, str) else "")
    else:
        known = isinstance(value, (int, float)) and widget.minimum() <= value <= widget.maximum()
        widget.setValue(int(value) if known else widget.minimum())
