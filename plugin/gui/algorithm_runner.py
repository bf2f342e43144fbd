"""Runs the plugin's Processing algorithms in the background, one at a time in this QGIS window."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Callable

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsMapLayer,
    QgsMessageLog,
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingUtils,
    QgsProject,
    QgsTask,
)
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ..i18n import tr
from ..plain_text import logged
from .engine.engine_task import EngineTask

LOG = "MMRisk"
# Longer than the engine is given to stop, and to be stopped by force.
STOP_MILLISECONDS = 45_000
OVER = (QgsTask.TaskStatus.Complete, QgsTask.TaskStatus.Terminated)


@dataclass(frozen=True)
class AlgorithmStep:
    """One algorithm of a chain.

    :param algorithm: its id, such as ``mmrisk:createtiles``.
    :param parameters: by name, as Processing takes them.
    :param chained: the parameter that takes the layer which the step before made; None where there is none.
    """

    algorithm: str
    parameters: dict[str, Any]
    chained: str | None = None


@dataclass(frozen=True)
class Outcome:
    """What a chain came to.

    :param results: the outputs of the last step.
    :param layer: its layer OUTPUT, owned by whoever asked for it; None where it has none.
    :param seconds: how long it took since the first progress, so without the start of the engine; 0 where none was told.
    """

    results: dict[str, Any]
    layer: QgsMapLayer | None
    seconds: float


@dataclass
class _Run:
    """What belongs to one run; QGIS keeps no reference to task, context and feedback."""

    steps: list[AlgorithmStep]
    done: Callable[[Outcome], None]
    failed: Callable[[str], None]
    cancelled: Callable[[], None]
    begun: float | None = None
    next: int = 0
    layer: QgsMapLayer | None = None
    context: QgsProcessingContext | None = None
    feedback: RunFeedback | None = None


_still_working: list[tuple[QgsTask, _Run | None]] = []


class RunFeedback(QgsProcessingFeedback):
    """Feedback of an algorithm that tells the window what it says, from whatever thread."""

    said = pyqtSignal(str)
    trained = pyqtSignal(object)

    def __init__(self) -> None:
        # Not into QGIS's log on the way: it takes all for HTML, and gets the whole at the end.
        super().__init__(False)

    def setProgressText(self, text: str) -> None:
        super().setProgressText(text)
        self.said.emit(text)


class AlgorithmRunner(QObject):
    """Runs chains of algorithms, and work of the engine, in the background; toolbar and panel share one.

    ``progressed`` gives per cent of the whole, ``said`` what an algorithm says of its progress, ``trained`` each epoch
    of a training, and ``busy_changed`` whether something is running.
    """

    progressed = pyqtSignal(float)
    said = pyqtSignal(str)
    trained = pyqtSignal(object)
    busy_changed = pyqtSignal(bool)

    def __init__(self) -> None:
        super().__init__()
        self._task: QgsTask | None = None
        self._run: _Run | None = None

    def is_busy(self) -> bool:
        """Whether something is running."""
        return self._task is not None

    def run(
        self,
        steps: list[AlgorithmStep],
        done: Callable[[Outcome], None],
        failed: Callable[[str], None],
        cancelled: Callable[[], None],
    ) -> None:
        """Run algorithms one after another; one of the three functions is called in the main thread when that is over."""
        self._run = _Run(steps, done, failed, cancelled)
        self._start_step()

    def run_task(
        self,
        make_task: Callable[[Callable[[Any], None], Callable[[str], None]], EngineTask],
        done: Callable[[Any], None],
        failed: Callable[[str], None],
    ) -> None:
        """Run a task that ``make_task(done, failed)`` makes; neither is called after a cancel."""

        def finish(then: Callable[[Any], None], value: Any) -> None:
            self._set_task(None)
            then(value)

        task = make_task(lambda value: finish(done, value), lambda sentence: finish(failed, sentence))
        task.taskTerminated.connect(self._forget_task)
        task.progressChanged.connect(self.progressed)
        self._set_task(task)
        QgsApplication.taskManager().addTask(task)

    def cancel(self) -> None:
        """Ask what is running to stop; it says itself when it has."""
        if self._task is not None:
            self._task.cancel()

    def stop(self) -> None:
        """Cancel and wait, as the engine must be left by the time the plugin is unloaded; nobody is told."""
        task = self._task
        run, self._run = self._run, None
        if task is not None and task.status() not in OVER:
            task.cancel()
            if not task.waitForFinished(STOP_MILLISECONDS):
                # A cancelled algorithm still hands over its results in its context: QGIS crashes where that is gone.
                _still_working.append((task, run))
        self._set_task(None)

    def _start_step(self) -> None:
        run = self._run
        assert run is not None  # nosec B101  # for the type checker
        step = run.steps[run.next]
        parameters = {name: _without_pointers(value) for name, value in step.parameters.items()}
        if step.chained is not None and run.layer is not None:
            parameters[step.chained] = run.layer
        run.context, run.feedback = QgsProcessingContext(), RunFeedback()
        run.context.setProject(QgsProject.instance())
        run.feedback.said.connect(self.said)
        run.feedback.trained.connect(self.trained)
        run.feedback.progressChanged.connect(self._show_progress)
        algorithm = QgsApplication.processingRegistry().createAlgorithmById(step.algorithm)
        can_run, sentence = algorithm.canExecute()
        if can_run:
            can_run, sentence = algorithm.checkParameterValues(parameters, run.context)
        if not can_run:
            self._end(lambda: run.failed(sentence))
            return
        task = QgsProcessingAlgRunnerTask(algorithm, parameters, run.context, run.feedback)
        if task.isCanceled():
            # So it is where an algorithm could not be prepared.
            self._end(lambda: run.failed(_last_line(run.feedback)))
            return
        task.executed.connect(self._step_executed)
        self._set_task(task)
        QgsApplication.taskManager().addTask(task)

    def _step_executed(self, successful: bool, results: dict[str, Any]) -> None:
        run = self._run
        if run is None:
            return
        assert run.context is not None  # nosec B101  # for the type checker
        assert run.feedback is not None  # nosec B101  # for the type checker
        QgsMessageLog.logMessage(
            logged(run.feedback.textLog(), Qgis.versionInt()), LOG, Qgis.MessageLevel.Info, notifyUser=False
        )
        if not successful:
            cancelled = run.feedback.isCanceled()
            self._end(run.cancelled if cancelled else lambda: run.failed(_last_line(run.feedback)))
            return
        run.layer = _take_layer(results, run.context)
        run.next += 1
        if run.next < len(run.steps):
            self._start_step()
            return
        seconds = 0.0 if run.begun is None else time.monotonic() - run.begun
        outcome = Outcome(results, run.layer, seconds)
        self._end(lambda: run.done(outcome))

    def _end(self, tell: Callable[[], None]) -> None:
        self._run = None
        self._set_task(None)
        tell()

    def _show_progress(self, percent: float) -> None:
        if self._run is not None:
            if self._run.begun is None:
                self._run.begun = time.monotonic()
            self.progressed.emit((100 * self._run.next + percent) / len(self._run.steps))

    def _forget_task(self) -> None:
        if self._task is not None and self._task.status() in OVER:
            self._set_task(None)

    def _set_task(self, task: QgsTask | None) -> None:
        was_busy, self._task = self.is_busy(), task
        if was_busy != self.is_busy():
            self.busy_changed.emit(self.is_busy())


def _without_pointers(value: Any) -> Any:
    """Layers of the project by their ids: the user may close it, and pointers to layers that are gone crash QGIS."""
    if isinstance(value, list):
        return [_without_pointers(item) for item in value]
    if isinstance(value, QgsMapLayer) and QgsProject.instance().mapLayer(value.id()) is not None:
        return value.id()
    return value


def _take_layer(results: dict[str, Any], context: QgsProcessingContext) -> QgsMapLayer | None:
    """The layer OUTPUT, whether it is in memory or in a file; None where there is none."""
    layer = QgsProcessingUtils.mapLayerFromString(results["OUTPUT"], context) if "OUTPUT" in results else None
    return None if layer is None else context.takeResultLayer(layer.id())


def _last_line(feedback: QgsProcessingFeedback | None) -> str:
    lines = [line.strip() for line in feedback.textLog().splitlines() if line.strip()] if feedback else []
    return lines[-1] if lines else tr("It failed. The log panel has the details.")
