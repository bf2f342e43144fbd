"""The one engine of this QGIS process, shared by toolbar and Processing."""

from __future__ import annotations

import atexit
import threading

from .engine.client import EngineClient
from .engine.environment import EngineEnvironment, find_environment
from .engine.errors import EngineError
from .engine.paths import plugin_root
from .settings import read_settings

MISSING = (
    "MMRisk's engine is not set up on this computer. Choose Plugins > MMRisk > Set up engine, or run "
    "'python3 -m plugin.engine ensure' in the plugin's folder."
)

_client: EngineClient | None = None
_lock = threading.Lock()


def engine_environment() -> EngineEnvironment | None:
    """The environment the engine would run in; None when it is not set up."""
    return find_environment(read_settings().engine_python or None)


def engine() -> EngineClient:
    """The engine's client; its process starts with the first job.

    Raises:
        EngineError: the engine is not set up.
    """
    global _client
    environment = engine_environment()
    if environment is None:
        raise EngineError(MISSING)
    with _lock:
        if _client is None or _client.python != environment.python:
            _stop()
            _client = EngineClient(environment.python, plugin_root())
        return _client


def running_engine() -> EngineClient | None:
    """The client, if one was made."""
    return _client


def stop_engine() -> None:
    """End the engine process, if there is one."""
    with _lock:
        _stop()


def _stop() -> None:
    global _client
    if _client is not None:
        _client.stop()
        _client = None


atexit.register(stop_engine)
