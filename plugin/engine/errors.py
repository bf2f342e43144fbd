"""What can go wrong with the engine and its environment, told in sentences a GIS user can act on."""

from __future__ import annotations

from .masking import masked
from .messages import ErrorKind


class EngineEnvironmentError(Exception):
    """The engine's Python environment could not be found, built or verified; the message says what to do.

    Passwords and tokens in it are masked, as it may quote addresses and installers.
    """

    def __init__(self, message: str) -> None:
        super().__init__(masked(message))


class EngineEnvironmentCancelledError(EngineEnvironmentError):
    """The user stopped the work; nothing half-made is left behind."""


class EngineError(Exception):
    """A job failed; the message is a sentence for the user.

    ``detail`` holds what helps to report the failure, such as a traceback; it may be empty. ``kind`` says what it is about:
    the input, a model file, an output, a resource such as memory or the engine itself, or a fault of the program.
    """

    def __init__(self, message: str, detail: str = "", kind: ErrorKind = "resource") -> None:
        super().__init__(message)
        self.detail = detail
        self.kind = kind


class EngineCancelledError(Exception):
    """The user cancelled the job."""
