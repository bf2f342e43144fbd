"""What the toolbar and the menu do."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Callable

from qgis.core import Qgis, QgsMessageLog, QgsProject, QgsReferencedRectangle, QgsVectorLayer
from qgis.PyQt.QtCore import Qt, QUrl
from qgis.PyQt.QtGui import QDesktopServices
from qgis.PyQt.QtWidgets import QFileDialog

from ..engine_service import engine_environment
from ..help_pages import GUIDE, TUTORIAL, help_address
from ..i18n import tr
from ..layers.matching import match_layers
from ..layers.results import RISK, show_risk
from ..layers.results_place import new_result_file, no_folder_sentence
from ..plain_text import escaped, logged
from ..settings import read_settings, write_settings
from .algorithm_runner import LOG, AlgorithmRunner, AlgorithmStep, Outcome
from .crash_data.crash_data_dialog import CrashDataDialog
from .engine.engine_task import describe_model_task
from .engine.setup_assistant import SetupAssistant
from .sample_project import fill_sample_project, sample_parameters
from .tutorial import Tutorial


class MMRiskActions:
    """The actions; what takes long runs in the background.

    :param panel: gives the panel.
    :param engine_changed: called when another engine, or one at all, can be used.
    """

    def __init__(
        self,
        iface: Any,
        runner: AlgorithmRunner,
        panel: Callable[[], Any],
        engine_changed: Callable[[], None],
    ) -> None:
        self._iface = iface
        self._runner = runner
        self._panel = panel
        self._engine_changed = engine_changed
        self._tutorial: Tutorial | None = None
        self._assistant: SetupAssistant | None = None
        self._crash_data: CrashDataDialog | None = None

    def set_up_engine(self, why: str = "") -> None:
        """Show the set-up assistant.

        :param why: a sentence on why it is shown, where the user has not asked for it.
        """
        if self._assistant is None:
            self._assistant = SetupAssistant(self._iface.mainWindow())
            self._assistant.engine_changed.connect(self._engine_changed)
        self._assistant.show()
        self._assistant.raise_()
        if why and not self._assistant.is_working():
            self._assistant.tell_why(why)

    def map_risk_on_canvas(self) -> None:
        """Ask for a model and map the risk of the visible extent."""
        if self._refuse_if_busy():
            return
        if engine_environment() is None:
            self.set_up_engine(tr("This needs the engine, which is not set up yet. 'Set up' does it in some minutes."))
            return
        model = self.choose_model()
        if model:
            self._runner.run_task(
                lambda done, failed: describe_model_task(model, done, failed),
                lambda manifest: self._map_risk(model, manifest),
                self._fail,
            )

    def open_sample_project(self) -> None:
        """Make the sample city, open it as a new project, and show the tutorial beside it."""
        if self._refuse_if_busy():
            return
        if engine_environment() is None:
            self.set_up_engine(tr("This needs the engine, which is not set up yet. 'Set up' does it in some minutes."))
            return
        self._say(tr("Making the sample city…"))
        self._runner.run(
            [AlgorithmStep("mmrisk:samplecity", sample_parameters())],
            self._sample_made,
            self._fail,
            lambda: self._say(tr("The sample city was cancelled.")),
        )

    def open_crash_data(self) -> None:
        """Show the window that opens a table of crashes."""
        if engine_environment() is None:
            self.set_up_engine(tr("This needs the engine, which is not set up yet. 'Set up' does it in some minutes."))
            return
        if self._crash_data is None:
            self._crash_data = CrashDataDialog(self._iface.mapCanvas(), self._runner, self._iface.mainWindow())
        self._crash_data.show()
        self._crash_data.raise_()

    def show_tutorial(self) -> None:
        """Show the tutorial below the map, from its beginning, and the panel that it speaks of."""
        if self._tutorial is None:
            self._tutorial = Tutorial(self._panel(), lambda: self.show_help(TUTORIAL))
            self._iface.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, self._tutorial)
            # As low as it can be: the map is what the tutorial is about.
            self._iface.mainWindow().resizeDocks([self._tutorial], [1], Qt.Orientation.Vertical)
        self._panel().setUserVisible(True)
        self._tutorial.setUserVisible(True)
        self._tutorial.show_step(0)

    def show_help(self, page: str = GUIDE) -> None:
        """Show a page of the guide in the browser."""
        QDesktopServices.openUrl(QUrl(help_address(page)))

    def close(self) -> None:
        """Close what was opened."""
        if self._crash_data is not None:
            self._crash_data.close()
            self._crash_data.deleteLater()
            self._crash_data = None
        if self._tutorial is not None:
            self._tutorial.remove()
            self._iface.removeDockWidget(self._tutorial)
            self._tutorial.deleteLater()
            self._tutorial = None
        if self._assistant is not None:
            self._assistant.stop()
            self._assistant.close()
            self._assistant.deleteLater()
            self._assistant = None

    def choose_model(self) -> str:
        """Ask for a model file; empty when the user cancels."""
        settings = read_settings()
        path, _ = QFileDialog.getOpenFileName(
            self._iface.mainWindow(),
            tr("Map risk on canvas: choose a model"),
            settings.last_model,
            tr("MMRisk model (*.safetensors)"),
        )
        if path:
            write_settings(replace(settings, last_model=path))
        return str(path)

    def _map_risk(self, model: str, manifest: dict[str, Any]) -> None:
        matched = match_layers(manifest, QgsProject.instance())
        if matched.missing:
            self._fail(
                tr("The model needs {layers}. Add them to the project under these names.").format(
                    layers=", ".join(matched.missing)
                )
            )
            return
        try:
            output = new_result_file(QgsProject.instance(), RISK, ".gpkg")
        except OSError as error:
            self._fail(no_folder_sentence(error))
            return
        settings = self._iface.mapCanvas().mapSettings()
        extent = QgsReferencedRectangle(settings.visibleExtent(), settings.destinationCrs())
        parameters = {
            "EXTENT": extent,
            "MODEL": model,
            "IMAGES": matched.images,
            "LAYERS": matched.layers,
            "OUTPUT": str(output),
        }
        self._runner.run(
            [AlgorithmStep("mmrisk:maprisk", parameters)],
            self._risk_mapped,
            self._fail,
            lambda: self._say(tr("Map risk was cancelled; nothing was added.")),
        )

    def _risk_mapped(self, outcome: Outcome) -> None:
        assert isinstance(outcome.layer, QgsVectorLayer)  # nosec B101  # for the type checker
        show_risk(outcome.layer, instead=False)
        self._say(
            tr("Risk of {count} tiles, computed on {device}.").format(
                count=outcome.results["TILE_COUNT"], device=outcome.results["DEVICE_USED"]
            ),
            Qgis.MessageLevel.Success,
        )

    def _sample_made(self, outcome: Outcome) -> None:
        if not self._iface.newProject(True):
            self._say(tr("The sample city lies in {folder}.").format(folder=outcome.results["FOLDER"]))
            return
        project = QgsProject.instance()
        fill_sample_project(project, outcome.results)
        self._iface.mapCanvas().setReferencedExtent(project.viewSettings().defaultViewExtent())
        self.show_tutorial()

    def _refuse_if_busy(self) -> bool:
        if self._runner.is_busy():
            self._say(
                tr("MMRisk is already working. Wait for it, or cancel it in the task bar."), Qgis.MessageLevel.Warning
            )
        return self._runner.is_busy()

    def _fail(self, sentence: str) -> None:
        QgsMessageLog.logMessage(logged(sentence, Qgis.versionInt()), LOG, Qgis.MessageLevel.Critical, notifyUser=False)
        self._iface.messageBar().pushMessage(LOG, escaped(sentence), Qgis.MessageLevel.Critical, 0)

    def _say(self, sentence: str, level: Qgis.MessageLevel = Qgis.MessageLevel.Info) -> None:
        self._iface.messageBar().pushMessage(LOG, escaped(sentence), level, 8)
