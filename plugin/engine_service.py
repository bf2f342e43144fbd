"""The one engine of this QGIS process, shared by toolbar and Processing."""

from __future__ import annotations

import atexit
import threading
from dataclasses import replace

from .engine.client import EngineClient
from .engine.environment.engine_environment import EngineEnvironment, EnvironmentSpec, default_spec, find_environment
from .engine.errors import EngineError
from .engine.paths import plugin_root
from .i18n import tr
from .network_settings import network_variables
from .settings import PluginSettings, read_settings

_client: EngineClient | None = None
_lock = threading.Lock()


def missing_sentence() -> str:
    """That the engine is not set up, and what to do."""
    return tr(
        "MMRisk's engine is not set up on this computer. Choose Plugins > MMRisk > Set up engine, or run "
        "'python3 -m plugin.engine ensure' in the plugin's folder."
    )


def engine_environment() -> EngineEnvironment | None:
    """The environment the engine would run in; None when it is not set up."""
    return find_environment(read_settings().engine_python or None)


def engine() -> EngineClient:
    """The engine's client; its process starts with the first job.

    :raises EngineError: the engine is not set up.
    """
    global _client
    environment = engine_environment()
    if environment is None:
        raise EngineError(missing_sentence())
    with _lock:
        variables = engine_variables(read_settings())
        is_other = _client is None or (_client.python, _client.variables) != (environment.python, variables)
        # Other settings count from the next job on: the one in hand is not to die of them.
        if _client is None or (is_other and not _client.is_busy):
            _stop()
            _client = EngineClient(environment.python, plugin_root(), variables)
        return _client


def engine_variables(settings: PluginSettings) -> dict[str, str]:
    """Environment variables by which the engine obeys the settings."""
    variables = {}
    if settings.device in ("cpu", "gpu"):
        variables["MMRISK_DEVICE"] = settings.device
    if settings.threads > 0:
        variables["OMP_NUM_THREADS"] = str(settings.threads)
    if settings.raster_megabytes > 0:
        variables["GDAL_CACHEMAX"] = str(settings.raster_megabytes)
    return variables


def installation_spec(settings: PluginSettings) -> EnvironmentSpec:
    """What an installation is made of, with QGIS's own proxy and certificates. To be called in the main thread."""
    spec = default_spec()
    environ = {**spec.host.environ, **network_variables(spec.data_folder)}
    if settings.wheels:
        environ["MMRISK_WHEELS"] = settings.wheels
    return replace(spec, host=replace(spec.host, environ=environ))


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
