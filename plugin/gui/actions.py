"""What the toolbar and the menu do."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Callable

from qgis.core import Qgis, QgsMessageLog, QgsProject, QgsReferencedRectangle, QgsVectorLayer
from qgis.PyQt.QtWidgets import QFileDialog, QMessageBox

from ..engine_service import engine_environment
from ..i18n import tr
from ..settings import read_settings, write_settings
from .algorithm_runner import LOG, AlgorithmRunner, AlgorithmStep, Outcome
from .engine_task import describe_model_task, set_up_engine_task
from .matching_layers import match_layers
from .result_layers import add_risk_layer
from .sample_project import fill_sample_project, sample_parameters
from .tutorial import TutorialDialog


class MMRiskActions:
    """The actions; what takes long runs in the background.

    Args:
        show_panel: called when the panel is to be seen.
    """

    def __init__(self, iface: Any, runner: AlgorithmRunner, show_panel: Callable[[], None]) -> None:
        self._iface = iface
        self._runner = runner
        self._show_panel = show_panel
        self._tutorial: TutorialDialog | None = None

    def set_up_engine(self) -> None:
        """Find or make the engine's environment, in the background."""
        if self._refuse_if_busy():
            return
        self._say(tr("Setting up the engine; this takes some minutes. The task bar shows how far it is."))
        self._runner.run_task(set_up_engine_task, self._engine_ready, self._fail)

    def map_risk_on_canvas(self) -> None:
        """Ask for a model and map the risk of the visible extent."""
        if self._refuse_if_busy():
            return
        if engine_environment() is None:
            self._offer_set_up()
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
            self._offer_set_up()
            return
        self._say(tr("Making the sample city…"))
        self._runner.run(
            [AlgorithmStep("mmrisk:samplecity", sample_parameters())],
            self._sample_made,
            self._fail,
            lambda: self._say(tr("The sample city was cancelled.")),
        )

    def show_tutorial(self) -> None:
        """Show the tutorial in a window of its own."""
        if self._tutorial is None:
            self._tutorial = TutorialDialog(self._iface.mainWindow())
        self._tutorial.show()
        self._tutorial.raise_()

    def close(self) -> None:
        """Close what was opened."""
        if self._tutorial is not None:
            self._tutorial.deleteLater()
            self._tutorial = None

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
        settings = self._iface.mapCanvas().mapSettings()
        extent = QgsReferencedRectangle(settings.visibleExtent(), settings.destinationCrs())
        parameters = {
            "EXTENT": extent,
            "MODEL": model,
            "IMAGES": matched.images,
            "LAYERS": matched.layers,
            "OUTPUT": "TEMPORARY_OUTPUT",
        }
        self._runner.run(
            [AlgorithmStep("mmrisk:maprisk", parameters)],
            self._risk_mapped,
            self._fail,
            lambda: self._say(tr("Map risk was cancelled; nothing was added.")),
        )

    def _risk_mapped(self, outcome: Outcome) -> None:
        assert isinstance(outcome.layer, QgsVectorLayer)  # nosec B101  # for the type checker
        add_risk_layer(outcome.layer)
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
        self._show_panel()
        self.show_tutorial()

    def _engine_ready(self, environment: Any) -> None:
        self._say(tr("The engine is ready ({python}).").format(python=environment.python), Qgis.MessageLevel.Success)

    def _offer_set_up(self) -> None:
        answer = QMessageBox.question(
            self._iface.mainWindow(),
            tr("MMRisk"),
            tr(
                "MMRisk computes in an environment of its own, which is not set up yet. It takes 2 to 7 GB in your user "
                "folder and some minutes; QGIS itself is not changed. Set it up now?"
            ),
        )
        if answer == QMessageBox.StandardButton.Yes:
            self.set_up_engine()

    def _refuse_if_busy(self) -> bool:
        if self._runner.is_busy():
            self._say(
                tr("MMRisk is already working. Wait for it, or cancel it in the task bar."), Qgis.MessageLevel.Warning
            )
        return self._runner.is_busy()

    def _fail(self, sentence: str) -> None:
        QgsMessageLog.logMessage(sentence, LOG, Qgis.MessageLevel.Critical, notifyUser=False)
        self._iface.messageBar().pushMessage(LOG, sentence, Qgis.MessageLevel.Critical, 0)

    def _say(self, sentence: str, level: Qgis.MessageLevel = Qgis.MessageLevel.Info) -> None:
        self._iface.messageBar().pushMessage(LOG, sentence, level, 8)
