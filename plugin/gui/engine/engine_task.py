"""Work on the engine in the background, as QGIS tasks."""

from __future__ import annotations

from typing import Any, Callable

from qgis.core import QgsApplication, QgsTask
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ...engine.errors import EngineCancelledError, EngineEnvironmentCancelledError, EngineEnvironmentError, EngineError
from ...engine.messages import Epoch
from ...engine_sentences import in_users_language
from ...engine_service import engine
from ...i18n import tr

WAIT_MILLISECONDS = 15000

# QGIS owns what is written in C++ of a task only.
_running: set[EngineTask] = set()


class EngineTask(QgsTask):
    """Runs ``work(task)`` in the background and gives its result, or a sentence on its failure, to the main thread.

    ``said`` gives what the work says of its progress.

    :param work: called in the background; it may report to the task as to a job's feedback.
    :param done: called in the main thread with the result.
    :param failed: called in the main thread with a sentence; not called after a cancel.
    """

    said = pyqtSignal(str)

    def __init__(
        self,
        description: str,
        work: Callable[[EngineTask], Any],
        done: Callable[[Any], None],
        failed: Callable[[str], None],
    ) -> None:
        super().__init__(description, QgsTask.Flag.CanCancel)
        self._work = work
        self._done = done
        self._failed = failed
        self._result: Any = None
        self._error = ""

    def run(self) -> bool:
        try:
            self._result = self._work(self)
        except (EngineCancelledError, EngineEnvironmentCancelledError):
            return False
        except (EngineError, EngineEnvironmentError) as error:
            self._error = in_users_language(str(error))
            return False
        return True

    def finished(self, result: bool) -> None:
        if result:
            self._done(self._result)
        elif self._error:
            self._failed(self._error)

    def report(self, fraction: float | None, message: str) -> None:
        """Show the fraction done."""
        if fraction is not None:
            self.setProgress(100 * fraction)
        if message:
            self.said.emit(in_users_language(message))

    def log(self, message: str) -> None:
        """Progress is all that is shown of such short work."""

    def trained(self, epoch: Epoch) -> None:
        """Nobody watches a training here."""

    def is_cancelled(self) -> bool:
        """Whether the user cancelled."""
        return bool(self.isCanceled())


def run_in_background(
    owner: QObject,
    description: str,
    work: Callable[[EngineTask], Any],
    done: Callable[[Any], None],
    failed: Callable[[str], None],
) -> EngineTask:
    """Start a task of a window; neither ``done`` nor ``failed`` is called once the window is gone."""

    def tell(then: Callable[[Any], None], value: Any) -> None:
        if not sip.isdeleted(owner):
            then(value)

    task = EngineTask(description, work, lambda value: tell(done, value), lambda sentence: tell(failed, sentence))
    _running.add(task)
    for signal in (task.taskCompleted, task.taskTerminated):
        signal.connect(lambda: _running.discard(task))
    QgsApplication.taskManager().addTask(task)
    return task


def stop_task(task: EngineTask | None) -> None:
    """Cancel a task that still runs, and wait for it."""
    if task is None or sip.isdeleted(task) or task not in _running:
        return
    task.cancel()
    task.waitForFinished(WAIT_MILLISECONDS)


def describe_model_task(model: str, done: Callable[[Any], None], failed: Callable[[str], None]) -> EngineTask:
    """Read a model's manifest."""

    def work(task: EngineTask) -> Any:
        return engine().run("describe", {"model": model}, task)["manifest"]

    return EngineTask(tr("Reading the model"), work, done, failed)
