"""Work on the engine in the background, as QGIS tasks."""

from __future__ import annotations

from typing import Any, Callable

from qgis.core import QgsTask

from ..engine.environment import ensure_environment
from ..engine.errors import EngineCancelledError, EngineEnvironmentCancelledError, EngineEnvironmentError, EngineError
from ..engine_service import engine
from ..i18n import tr
from ..settings import read_settings


class EngineTask(QgsTask):
    """Runs ``work(task)`` in the background and gives its result, or a sentence on its failure, to the main thread.

    Args:
        work: called in the background; it may report to the task as to a job's feedback.
        done: called in the main thread with the result.
        failed: called in the main thread with a sentence; not called after a cancel.
    """

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
            self._error = str(error)
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

    def log(self, message: str) -> None:
        """Progress is all that is shown of such short work."""

    def is_cancelled(self) -> bool:
        """Whether the user cancelled."""
        return bool(self.isCanceled())


def describe_model_task(model: str, done: Callable[[Any], None], failed: Callable[[str], None]) -> EngineTask:
    """Read a model's manifest."""

    def work(task: EngineTask) -> Any:
        return engine().run("describe", {"model": model}, task)["manifest"]

    return EngineTask(tr("Reading the model"), work, done, failed)


def set_up_engine_task(done: Callable[[Any], None], failed: Callable[[str], None]) -> EngineTask:
    """Find or make the engine's environment."""

    def work(task: EngineTask) -> Any:
        return ensure_environment(task.report, task.is_cancelled, read_settings().engine_python or None)

    return EngineTask(tr("Setting up the MMRisk engine"), work, done, failed)
