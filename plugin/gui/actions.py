"""What the toolbar and the menu do."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsMessageLog,
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProject,
    QgsReferencedRectangle,
    QgsTask,
    QgsVectorLayer,
)
from qgis.PyQt.QtWidgets import QFileDialog, QMessageBox

from ..engine_service import engine_environment
from ..i18n import tr
from ..settings import read_settings, write_settings
from ..styling import style_risk_layer
from .engine_task import describe_model_task, set_up_engine_task
from .matching_layers import match_layers

LOG = "MMRisk"


class MMRiskActions:
    """The actions; one map is made at a time, in the background."""

    def __init__(self, iface: Any) -> None:
        self._iface = iface
        self._task: QgsTask | None = None
        # QGIS keeps no reference to these while a task runs.
        self._context: QgsProcessingContext | None = None
        self._feedback: QgsProcessingFeedback | None = None

    def cancel(self) -> None:
        """Stop what is running; its task is waited for, as the engine must be left by then."""
        task = self._task
        if task is not None and task.status() not in (QgsTask.TaskStatus.Complete, QgsTask.TaskStatus.Terminated):
            task.cancel()
            task.waitForFinished(15000)
        self._task = None

    def is_busy(self) -> bool:
        """Whether something is running."""
        return self._task is not None

    def set_up_engine(self) -> None:
        """Find or make the engine's environment, in the background."""
        if self._refuse_if_busy():
            return
        self._say(tr("Setting up the engine; this takes some minutes. The task bar shows how far it is."))
        self._start(set_up_engine_task(self._engine_ready, self._fail))

    def map_risk_on_canvas(self) -> None:
        """Ask for a model and map the risk of the visible extent."""
        if self._refuse_if_busy():
            return
        if engine_environment() is None:
            self._offer_set_up()
            return
        model = self.choose_model()
        if model:
            self._start(describe_model_task(model, lambda manifest: self._map_risk(model, manifest), self._fail))

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
        self._task = None
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
        algorithm = QgsApplication.processingRegistry().createAlgorithmById("mmrisk:maprisk")
        self._context = QgsProcessingContext()
        self._context.setProject(QgsProject.instance())
        self._feedback = QgsProcessingFeedback()
        task = QgsProcessingAlgRunnerTask(algorithm, parameters, self._context, self._feedback)
        task.executed.connect(self._risk_mapped)
        self._start(task)

    def _risk_mapped(self, successful: bool, results: dict[str, Any]) -> None:
        self._task = None
        feedback, context = self._feedback, self._context
        assert feedback is not None
        assert context is not None
        QgsMessageLog.logMessage(feedback.textLog(), LOG, Qgis.MessageLevel.Info, notifyUser=False)
        if not successful:
            if not feedback.isCanceled():
                self._fail(_last_line(feedback.textLog()))
            else:
                self._say(tr("Map risk was cancelled; nothing was added."))
            return
        layer = context.takeResultLayer(results["OUTPUT"])
        assert isinstance(layer, QgsVectorLayer)
        layer.setName(tr("Risk"))
        style_risk_layer(layer)
        QgsProject.instance().addMapLayer(layer)
        node = QgsProject.instance().layerTreeRoot().findLayer(layer.id())
        # A node counts as expanded from the start, but its view shows that only after a change.
        node.setExpanded(False)
        node.setExpanded(True)
        self._say(
            tr("Risk of {count} tiles, computed on {device}.").format(
                count=results["TILE_COUNT"], device=results["DEVICE_USED"]
            ),
            Qgis.MessageLevel.Success,
        )

    def _start(self, task: QgsTask) -> None:
        self._task = task
        task.taskTerminated.connect(self._forget_task)
        QgsApplication.taskManager().addTask(task)

    def _forget_task(self) -> None:
        self._task = None

    def _engine_ready(self, environment: Any) -> None:
        self._task = None
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
        if self._task is not None:
            self._say(
                tr("MMRisk is already working. Wait for it, or cancel it in the task bar."), Qgis.MessageLevel.Warning
            )
        return self._task is not None

    def _fail(self, sentence: str) -> None:
        self._task = None
        QgsMessageLog.logMessage(sentence, LOG, Qgis.MessageLevel.Critical, notifyUser=False)
        self._iface.messageBar().pushMessage(LOG, sentence, Qgis.MessageLevel.Critical, 0)

    def _say(self, sentence: str, level: Qgis.MessageLevel = Qgis.MessageLevel.Info) -> None:
        self._iface.messageBar().pushMessage(LOG, sentence, level, 8)


def _last_line(log: str) -> str:
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    return lines[-1] if lines else tr("Map risk failed. The log panel has the details.")
