"""What happens between a click on a tile and what the dock shows of it."""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Callable

from qgis.core import QgsProcessingUtils, QgsProject, QgsRectangle, QgsVectorLayer, QgsWkbTypes
from qgis.gui import QgsRubberBand
from qgis.PyQt.QtCore import QObject, Qt
from qgis.PyQt.QtGui import QColor
from qgis.PyQt.QtWidgets import QAction, QFileDialog

from ...engine_service import engine_environment
from ...i18n import tr
from ...layers.layer_metadata import model_of, remember_model
from ...layers.matching import match_images
from ...locale_numbers import localised
from ...settings import read_settings, write_settings
from ..algorithm_runner import AlgorithmRunner, AlgorithmStep, Outcome
from ..engine.engine_task import describe_model_task
from ..explain_layer import explain_layer
from .inspect_dock import InspectDock
from .sentences import change_sentence, shortened
from .tile_layers import layer_to_inspect, tile_at, tile_of_id
from .tile_tool import TileTool

MAX_SELECTED = 10_000


@dataclass(frozen=True)
class Request:
    """What is to be told.

    :param features: ids of tiles; all is told of the first, the risk with the change of all.
    :param change: other values of attributes.
    """

    layer: str
    features: tuple[int, ...]
    model: str
    change: dict[str, Any] = field(default_factory=dict)


class TileInspector(QObject):
    """The tool on the map, its dock, and the tile that both are about.

    :param iface: the window of QGIS.
    :param runner: what runs algorithms in the background.
    """

    def __init__(self, iface: Any, runner: AlgorithmRunner) -> None:
        super().__init__()
        self._iface = iface
        self._runner = runner
        self._request: Request | None = None
        self._shown: Request | None = None
        self._tile: dict[str, Any] = {}
        self._is_working = self._reads_model = False
        self._manifests: dict[tuple[str, int], dict[str, Any]] = {}
        self._folder: str | None = None
        self.dock = InspectDock()
        self.tool = TileTool(iface.mapCanvas())
        self.band = QgsRubberBand(iface.mapCanvas(), QgsWkbTypes.GeometryType.PolygonGeometry)
        self.band.setStrokeColor(QColor(0, 90, 200))
        self.band.setSecondaryStrokeColor(QColor(255, 255, 255, 220))
        self.band.setFillColor(QColor(0, 0, 0, 0))
        self.band.setWidth(3)
        iface.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.dock)
        self.dock.hide()
        self.tool.clicked.connect(self._clicked)
        self.dock.what_if.connect(self._what_if)
        self.dock.reset.connect(self._reset)
        self.dock.selected_wanted.connect(self._inspect_selected)
        self.dock.explain_wanted.connect(self._explain)
        self.dock.cancelled.connect(runner.cancel)
        self.dock.closed.connect(self.band.hide)
        runner.busy_changed.connect(self._busy_changed)
        runner.progressed.connect(self._progressed)
        QgsProject.instance().layersWillBeRemoved.connect(self._layers_go)

    def attach(self, action: QAction) -> None:
        """Let an action switch the tool on and off."""
        action.setCheckable(True)
        self.tool.setAction(action)
        action.triggered.connect(self._switch)

    def remove(self) -> None:
        """Take everything away again."""
        QgsProject.instance().layersWillBeRemoved.disconnect(self._layers_go)
        self._runner.busy_changed.disconnect(self._busy_changed)
        self._runner.progressed.disconnect(self._progressed)
        self._request = None
        canvas = self._iface.mapCanvas()
        if canvas.mapTool() is self.tool:
            canvas.unsetMapTool(self.tool)
        canvas.scene().removeItem(self.band)
        self._iface.removeDockWidget(self.dock)
        self.dock.deleteLater()
        self.tool.deleteLater()
        self._forget_pictures()

    def inspect(self, layer: QgsVectorLayer, feature: int) -> None:
        """Tell all of a tile."""
        self.dock.setUserVisible(True)
        tile = tile_of_id(layer, feature)
        if tile is None:
            self.dock.say(tr("The tile is not there any more. Click another."), True)
            return
        if not self._may_work():
            return
        model = self._model_of(layer)
        if not model:
            return
        self.band.setToGeometry(tile.geometry(), layer)
        self.band.show()
        self._ask(Request(layer.id(), (feature,), model))

    def _switch(self, on: bool) -> None:
        if on:
            self._iface.mapCanvas().setMapTool(self.tool)
            self.dock.setUserVisible(True)
        else:
            self._iface.mapCanvas().unsetMapTool(self.tool)

    def _clicked(self, box: QgsRectangle) -> None:
        self.dock.setUserVisible(True)
        layer = self._layer_or_say()
        if layer is None:
            return
        tile = tile_at(layer, self.tool.toLayerCoordinates(layer, box))
        if tile is None:
            self.dock.say(tr("There is no tile of the layer '{name}' here.").format(name=layer.name()), True)
            return
        self.inspect(layer, tile.id())

    def _inspect_selected(self) -> None:
        layer = self._layer_or_say()
        if layer is None:
            return
        first = next(iter(layer.getSelectedFeatures()), None)
        if first is None:
            self.dock.say(tr("No tile of the layer '{name}' is selected.").format(name=layer.name()), True)
            return
        self.inspect(layer, first.id())

    def _what_if(self) -> None:
        shown = self._shown
        layer = None if shown is None else QgsProject.instance().mapLayer(shown.layer)
        if shown is None or layer is None or not self._may_work():
            return
        if layer.selectedFeatureCount() > MAX_SELECTED:
            self.dock.say(tr("Select {most} tiles at most.").format(most=localised(f"{MAX_SELECTED:,}")), True)
            return
        first, selected = shown.features[0], layer.selectedFeatureIds()
        features = dict.fromkeys([first, *(sorted(selected) if first in selected else [])])
        self._ask(replace(shown, features=tuple(features), change=self.dock.table.attributes.changes()))

    def _reset(self) -> None:
        self.dock.show_unchanged(self._tile)

    def _explain(self) -> None:
        layer = self._layer_or_say()
        if layer is None or not self._may_work(replaces=False):
            return
        model = self._model_of(layer)
        if model:
            explain_layer(self._runner, layer, model, self.dock.say)

    def _layer_or_say(self) -> QgsVectorLayer | None:
        layer = layer_to_inspect(self._iface.activeLayer(), QgsProject.instance())
        if layer is None:
            self.dock.say(tr("There is no risk layer. Map risk first, or choose a layer of tiles."), True)
        return layer

    def _may_work(self, *, replaces: bool = True) -> bool:
        """Whether the engine is there and free; a tile that is being looked at gives way to another."""
        if engine_environment() is None:
            self.dock.say(tr("The engine is not set up yet."), True)
            return False
        if self._runner.is_busy() and not (replaces and self._is_working):
            self.dock.say(tr("MMRisk is already working. Wait for it, or cancel it."), True)
            return False
        return True

    def _model_of(self, layer: QgsVectorLayer) -> str:
        """The model that a layer was made by; the user is asked where it is not known."""
        model = model_of(layer)
        if not model:
            title = tr("Which model made the layer '{name}'?").format(name=layer.name())
            settings = read_settings()
            model, _ = QFileDialog.getOpenFileName(
                self._iface.mainWindow(), title, settings.last_model, tr("MMRisk model (*.safetensors)")
            )
            if model:
                remember_model(layer, model)
                write_settings(replace(settings, last_model=model))
        return str(model)

    def _ask(self, request: Request) -> None:
        self._request = request
        layer = QgsProject.instance().mapLayer(request.layer)
        if not request.change:
            self.dock.begin(_title(layer, request.model, ""))
        if not self._is_working:
            self._start()
        elif not self._reads_model:
            # It tells when it is over, and then this is begun, as it is when a model was read.
            self._runner.cancel()

    def _start(self) -> None:
        request = self._request
        assert request is not None  # nosec B101  # for the type checker
        self._is_working = True
        known = self._manifests.get(_state_of(request.model))
        if known is not None:
            self._run(request, known)
            return
        self._reads_model = True
        self._runner.run_task(
            lambda done, failed: describe_model_task(request.model, done, failed),
            lambda manifest: self._model_read(request, manifest),
            lambda sentence: self._over(request, lambda: self._fail(request, sentence)),
        )

    def _model_read(self, request: Request, manifest: dict[str, Any]) -> None:
        self._manifests[_state_of(request.model)] = manifest
        if self._request is not None:
            self._start()

    def _run(self, request: Request, manifest: dict[str, Any]) -> None:
        layer = QgsProject.instance().mapLayer(request.layer)
        images, missing = match_images(manifest, QgsProject.instance())
        if layer is None or missing:
            self._is_working = False
            text = tr("The model needs {layers}. Add them to the project under these names.")
            self._fail(request, text.format(layers=", ".join(missing)) if missing else tr("The layer is gone."))
            return
        self._forget_pictures()
        self._folder = tempfile.mkdtemp(prefix="mmrisk-", dir=QgsProcessingUtils.tempFolder())
        parameters = {
            "TILES": layer,
            "FEATURES": ",".join(map(str, request.features)),
            "IMAGES": images,
            "MODEL": request.model,
            "CHANGE": json.dumps(request.change),
            "FOLDER": self._folder,
        }
        self._runner.run(
            [AlgorithmStep("mmrisk:inspecttiles", parameters)],
            lambda outcome: self._over(request, lambda: self._show(request, outcome)),
            lambda sentence: self._over(request, lambda: self._fail(request, sentence)),
            lambda: self._over(request, lambda: self._fail(request, tr("Cancelled."))),
        )

    def _over(self, request: Request, then: Callable[[], None]) -> None:
        """Called when something is over: another tile may have been clicked meanwhile."""
        self._is_working = False
        if self._request is None:
            return
        if self._request is request:
            then()
        else:
            self._start()

    def _fail(self, request: Request, sentence: str) -> None:
        if not request.change:
            # What is still shown is another tile.
            self._shown = None
            self.dock.details.hide()
        self.dock.say(sentence, True)

    def _show(self, request: Request, outcome: Outcome) -> None:
        result = json.loads(outcome.results["INSPECTION"])
        (tile,) = result["tiles"]
        self._shown = request
        if request.change:
            self.dock.show_changed(tile, change_sentence(result, list(request.change)))
        else:
            self._tile = tile
            layer = QgsProject.instance().mapLayer(request.layer)
            self.dock.show_tile(_title(layer, request.model, tile["tile"]), tile)
        self._forget_pictures()

    def _busy_changed(self, busy: bool) -> None:
        if not busy:
            # A model whose reading is cancelled tells nobody.
            self._is_working = self._reads_model = False
        self.dock.show_busy(busy)

    def _progressed(self, percent: float) -> None:
        self.dock.progress.setValue(round(percent))

    def _layers_go(self, identifiers: list[str]) -> None:
        if self._request is not None and self._request.layer in identifiers:
            self._request = self._shown = None
            self.band.reset(QgsWkbTypes.GeometryType.PolygonGeometry)
            self.dock.clear()

    def _forget_pictures(self) -> None:
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None


def _title(layer: QgsVectorLayer, model: str, tile: str) -> str:
    text = tr("Tile {tile} of '{layer}', by {model}") if tile else tr("A tile of '{layer}', by {model}")
    return text.format(tile=tile, layer=shortened(layer.name()), model=shortened(Path(model).name))


def _state_of(model: str) -> tuple[str, int]:
    """A model file as it is now; -1 where it is gone."""
    path = Path(model)
    return model, path.stat().st_mtime_ns if path.is_file() else -1
