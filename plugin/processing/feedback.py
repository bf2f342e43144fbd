"""A job's feedback, given on to Processing."""

from __future__ import annotations

from qgis.core import QgsProcessingFeedback

from ..engine.messages import Epoch
from ..engine_sentences import in_users_language
from ..plain_text import literal

WARNING = "beware: "
"""What a sentence of the engine begins with, or goes on with after naming what it is of, that must not be overlooked."""


class ProcessingJobFeedback:
    """Progress, log and cancel of a job on a Processing feedback."""

    def __init__(self, feedback: QgsProcessingFeedback, watcher: QgsProcessingFeedback | None = None) -> None:
        """``watcher`` is told of epochs, if it has a signal ``trained``: a feedback around it passes on texts only."""
        self._feedback = feedback
        self._trained = getattr(watcher or feedback, "trained", None)
        self._last_message = ""

    def report(self, fraction: float, message: str) -> None:
        """Show the fraction done, and a message when it changes."""
        self._feedback.setProgress(100 * fraction)
        if message and message != self._last_message:
            self._last_message = message
            self._feedback.setProgressText(literal(in_users_language(message)))

    def log(self, message: str) -> None:
        """Show a sentence in the log; one that says to beware stands out."""
        show = self._feedback.pushWarning if WARNING in message.lower() else self._feedback.pushInfo
        show(literal(in_users_language(message)))

    def trained(self, epoch: Epoch) -> None:
        """Tell of an epoch whoever draws them."""
        if self._trained is not None:
            self._trained.emit(epoch)

    def is_cancelled(self) -> bool:
        """Whether the user pressed Cancel."""
        return bool(self._feedback.isCanceled())
