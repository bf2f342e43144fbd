"""What can go wrong with the engine and its environment, told in sentences a GIS user can act on."""


class EngineEnvironmentError(Exception):
    """The engine's Python environment could not be found, built or verified; the message says what to do."""


class EngineEnvironmentCancelledError(EngineEnvironmentError):
    """The user stopped the work; nothing half-made is left behind."""


class EngineError(Exception):
    """A job failed; the message is a sentence for the user.

    ``detail`` holds what helps to report the failure, such as a traceback; it may be empty.
    """

    def __init__(self, message: str, detail: str = "") -> None:
        super().__init__(message)
        self.detail = detail


class EngineCancelledError(Exception):
    """The user cancelled the job."""
