"""Step 4 of the panel: the risk of an area, by a model."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from qgis.core import QgsProject, QgsReferencedRectangle, QgsVectorLayer
from qgis.gui import QgsDoubleSpinBox, QgsFileWidget, QgsMapCanvas
from qgis.PyQt.QtCore import Qt, QTimer
from qgis.PyQt.QtWidgets import QCheckBox, QComboBox, QPushButton, QVBoxLayout

from ...i18n import tr
from ...layers.layer_metadata import model_of
from ...layers.matching import match_layers
from ...layers.results import RISK, restyle_risk_layers, show_risk
from ...layers.risk_classes import COST, Classes, way_names
from ...locale_numbers import localised
from ...plain_text import escaped, literal
from ...settings import read_settings, write_settings
from ..algorithm_runner import AlgorithmRunner, AlgorithmStep, Outcome
from ..engine.engine_task import describe_model_task
from ..explain_layer import explain_layer
from ..inspect.tile_layers import risk_layers
from ..widgets.narrow import WrappingGroup
from ..widgets.sentence_label import sentence_label
from .described_form import add_row, choose, described_form, set_row_visible, shrinkable
from .durations import estimate, remember_rate
from .extent_choice import ExtentChoice
from .grid_preview import preview_grid
from .model_card import card_sentences, circular_sentence, crs_of, layers_sentence, leak_sentence, place_sentence
from .panel_state import MapChoices
from .qgis_process_command import TEMPORARY, extent_text
from .step_page import ChoiceError, StepPage

RATE = "tiles_mapped_per_second"
CARD_DELAY = 100


class MapStep(StepPage):
    """Which model, and where."""

    RESULT = RISK

    def __init__(self, canvas: QgsMapCanvas, runner: AlgorithmRunner) -> None:
        super().__init__(runner, tr("Map risk"), tr("The risk of every tile of an area, as a styled layer."))
        self.manifest: dict[str, Any] | None = None
        self._read = ""
        self.model = QgsFileWidget()
        self.model.setFilter(tr("MMRisk model (*.safetensors)"))
        self.extent = ExtentChoice(canvas, tr("Extent"))
        form = described_form()
        add_row(form, self.model, "maprisk", "MODEL")
        add_row(form, self.extent, "maprisk", "EXTENT")
        self.card = sentence_label()
        self.card.setTextFormat(Qt.TextFormat.RichText)
        self.card.setAccessibleName(tr("The model and whether it fits"))
        box = WrappingGroup(tr("The model, and whether it fits"))
        QVBoxLayout(box).addWidget(self.card)
        self.body.addLayout(form)
        self.body.addWidget(box)
        self.fade = QCheckBox(tr("Show uncertain tiles faintly"))
        self.fade.setToolTip(
            tr("The wider the interval of a tile's risk, the more of the map below is seen through it.")
        )
        self.fade.setChecked(read_settings().fade_uncertain)
        self.fade.toggled.connect(self._fade)
        self.classes, self.cost = QComboBox(), QgsDoubleSpinBox()
        self.classes.addItems(way_names())
        self.classes.setAccessibleName(tr("Classes"))
        self.cost.setAccessibleName(tr("A miss costs, in visits"))
        self.classes.setToolTip(tr("Where one class of the map ends and the next begins. Nothing is computed anew."))
        self.cost.setDecimals(0)
        self.cost.setRange(1, 10_000)
        self.cost.setShowClearButton(False)
        self.cost.setToolTip(
            tr(
                "How many visits in vain a high-risk tile is worth that would be missed otherwise. With 10, tiles from a "
                "risk of 1 in 11 on are worth a visit."
            )
        )
        self.look_form = described_form()
        self.look_form.addRow(tr("Classes"), shrinkable(self.classes))
        self.look_form.addRow(tr("A miss costs, in visits"), self.cost)
        look = WrappingGroup(tr("How the map looks"))
        column = QVBoxLayout(look)
        column.addLayout(self.look_form)
        column.addWidget(self.fade)
        self.body.addWidget(look)
        self.classes.currentIndexChanged.connect(self._classes_changed)
        self.cost.valueChanged.connect(self._classes_changed)
        self._show_cost()
        self.explain_button = QPushButton(tr("Explain"))
        help_text = tr(
            "What raises and lowers the risk of each tile of the topmost risk layer, or of the selected ones."
        )
        self.explain_button.setToolTip(literal(help_text))
        self.explain_button.setAccessibleDescription(help_text)
        self.explain_button.clicked.connect(lambda _checked=False: self.explain())
        self.below.addWidget(self.explain_button)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(CARD_DELAY)
        self._timer.timeout.connect(self.update_card)
        for signal in (self.model.fileChanged, self.extent.extentChanged):
            signal.connect(self._choice_made)
        project = QgsProject.instance()
        for signal in (canvas.extentsChanged, canvas.destinationCrsChanged, project.layersAdded, project.layersRemoved):
            signal.connect(self._update_soon)
        runner.busy_changed.connect(self._update_soon)
        runner.busy_changed.connect(lambda busy: self.explain_button.setEnabled(not busy))
        self.update_card()

    def choices(self) -> MapChoices:
        """What is chosen."""
        return MapChoices(self.model.filePath(), self.extent.kept(), self.classes.currentIndex(), self.cost.value())

    def restore(self, choices: MapChoices) -> None:
        """Show choices."""
        self.extent.restore(choices.extent)
        for widget in (self.classes, self.cost):
            widget.blockSignals(True)
        choose(self.classes, choices.classes)
        self.cost.setValue(choices.cost)
        for widget in (self.classes, self.cost):
            widget.blockSignals(False)
        self._show_cost()
        self.choose_model(choices.model or read_settings().last_model)

    def take_extent(self, extent: QgsReferencedRectangle) -> None:
        """Map where the tiles of step 1 lie, unless the user says otherwise."""
        self.extent.restore(extent_text(extent))
        self._choice_made()

    def choose_model(self, path: str) -> None:
        """Take a model file, whose card is read in the background."""
        self.model.setFilePath(path)
        self._timer.start()

    def steps(self) -> list[AlgorithmStep]:
        model = self.model.filePath()
        if not model:
            raise ChoiceError(tr("Choose a model: train one in step 3, or open one that somebody made."))
        if not Path(model).is_file():
            raise ChoiceError(tr("There is no file {path}. Choose another model.").format(path=model))
        if self.manifest is None:
            raise ChoiceError(tr("The model has not been read yet. Try again in a moment."))
        matched = match_layers(self.manifest, QgsProject.instance())
        if matched.missing:
            raise ChoiceError(layers_sentence(matched))
        parameters = {
            "EXTENT": self.extent.chosen(),
            "MODEL": model,
            "IMAGES": matched.images,
            "LAYERS": matched.layers,
            "OUTPUT": TEMPORARY,
        }
        return [AlgorithmStep("mmrisk:maprisk", parameters)]

    def begin(self) -> None:
        write_settings(replace(read_settings(), last_model=self.model.filePath()))

    def finish(self, outcome: Outcome) -> None:
        assert isinstance(outcome.layer, QgsVectorLayer)  # nosec B101  # for the type checker
        count = outcome.results["TILE_COUNT"]
        remember_rate(RATE, count, outcome.seconds)
        show_risk(outcome.layer, self.chosen_classes())
        text = tr("Risk of {count} tiles, computed on {device}.")
        self.said.emit(text.format(count=localised(f"{count:,}"), device=outcome.results["DEVICE_USED"]), False)

    def explain(self) -> None:
        """Explain the topmost risk layer whose model is known."""
        found = [layer for layer in risk_layers(QgsProject.instance()) if model_of(layer)]
        if not found:
            self.said.emit(tr("There is no risk layer whose model is known. Map risk first."), True)
        elif not self._runner.is_busy():
            explain_layer(self._runner, found[0], model_of(found[0]), self.said.emit)

    def update_card(self) -> None:
        """Say what the model is and whether it fits; read it first where that was not done yet."""
        path = self.model.filePath()
        if path != self._read:
            self.manifest = None
        if not path:
            self.card.setText(tr("No model is chosen yet."))
        elif not Path(path).is_file():
            self.card.setText(tr("There is no file of this name."))
        elif self.manifest is not None:
            self.card.setText(self._fits(self.manifest))
        elif path != self._read and self.isVisible() and not self._runner.is_busy():
            self._read = path
            self.card.setText(tr("Reading the model…"))
            self._runner.run_task(
                lambda done, failed: describe_model_task(path, done, failed), self._show_model, self._show_failure
            )

    def showEvent(self, event: Any) -> None:
        super().showEvent(event)
        self._timer.start()

    def _show_model(self, manifest: dict[str, Any]) -> None:
        self.manifest = manifest
        self._timer.start()

    def _show_failure(self, sentence: str) -> None:
        self.card.setText(escaped(sentence))

    def _fits(self, manifest: dict[str, Any]) -> str:
        extent = self.extent.chosen()
        matched = match_layers(manifest, QgsProject.instance())
        place, careful = place_sentence(manifest, extent)
        paragraphs = [escaped(sentence) for sentence in card_sentences(manifest)]
        for sentence, is_warning in (
            (leak_sentence(manifest["validation"]), True),
            (circular_sentence(manifest["validation"]), True),
            (layers_sentence(matched), bool(matched.missing)),
            (place, careful),
        ):
            paragraphs.append(f"<b>{escaped(sentence)}</b>" if is_warning and sentence else escaped(sentence))
        tiles = self._tiles_sentence(manifest)
        return "".join(f"<p style='margin:0 0 4px 0'>{text}</p>" for text in [*paragraphs, tiles] if text)

    def _tiles_sentence(self, manifest: dict[str, Any]) -> str:
        step = manifest["recipe"].get("tiles")
        if not step or step["layout"] != "grid":
            return ""
        size = step["tile_size"]
        grid = preview_grid(self.extent.chosen(), crs_of(manifest["provenance"]), size, step.get("spacing") or size)
        if grid is None:
            return ""
        text = tr("{count} tiles of {size} m.").format(count=localised(f"{grid.count:,}"), size=localised(f"{size:g}"))
        return f"{text} {estimate(RATE, grid.count)}"

    def chosen_classes(self) -> Classes:
        """How the map is to be classed."""
        return Classes(self.classes.currentIndex(), self.cost.value())

    def _fade(self, checked: bool) -> None:
        write_settings(replace(read_settings(), fade_uncertain=checked))
        self._restyle()

    def _classes_changed(self, *_: Any) -> None:
        self._show_cost()
        self._restyle()
        self.changed.emit()

    def _show_cost(self) -> None:
        set_row_visible(self.look_form, self.cost, self.classes.currentIndex() == COST)

    def _restyle(self) -> None:
        own = restyle_risk_layers(QgsProject.instance(), self.chosen_classes())
        if own:
            text = tr("The style of {names} is your own, and stays as it is.")
            self.said.emit(text.format(names=", ".join(f"'{name}'" for name in own)), False)

    def _update_soon(self, *_: Any) -> None:
        self._timer.start()

    def _choice_made(self) -> None:
        self._timer.start()
        self.changed.emit()
