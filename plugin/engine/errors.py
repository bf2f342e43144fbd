"""What can go wrong with the engine's environment, told in sentences a GIS user can act on."""


class EngineEnvironmentError(Exception):
    """The engine's Python environment could not be found, built or verified; the message says what to do."""


class EngineEnvironmentCancelledError(EngineEnvironmentError):
    """The user stopped the work; nothing half-made is left behind."""
