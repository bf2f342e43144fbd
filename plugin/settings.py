"""The plugin's settings, in one typed place."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from qgis.core import QgsSettings

GROUP = "mmrisk"


@dataclass(frozen=True)
class PluginSettings:
    """What the user chose once for all projects.

    :param engine_python: an interpreter to use instead of the plugin's own environment; empty for the latter.
    :param last_model: the model file used last.
    :param tiles_created_per_second: as measured last on this computer; 0 while nothing was.
    :param tiles_mapped_per_second: the same of *Map risk*.
    :param scheduler: address of the Dask scheduler whose workers predict; empty to predict on this computer.
    :param fade_uncertain: whether uncertain tiles of a risk layer are shown faintly.
    :param wheels: a folder of wheels to install the engine from, without a network; empty to use the internet.
    :param device: ``cpu`` or ``gpu`` for every tool whose own choice is 'auto'; ``auto`` for a GPU where one works.
    :param threads: how many threads the engine computes with; 0 leaves it to the engine.
    :param raster_megabytes: memory in which the engine keeps what it has read of rasters; 0 leaves it to the engine.
    """

    engine_python: str = ""
    last_model: str = ""
    tiles_created_per_second: float = 0.0
    tiles_mapped_per_second: float = 0.0
    scheduler: str = ""
    fade_uncertain: bool = False
    wheels: str = ""
    device: str = "auto"
    threads: int = 0
    raster_megabytes: int = 0


def read_settings() -> PluginSettings:
    """The settings as they are kept by QGIS."""
    kept = QgsSettings()
    defaults = asdict(PluginSettings())
    return PluginSettings(**{name: _read(kept, name, value) for name, value in defaults.items()})


def write_settings(settings: PluginSettings) -> None:
    """Keep the settings."""
    kept = QgsSettings()
    for name, value in asdict(settings).items():
        kept.setValue(f"{GROUP}/{name}", value)


def _read(kept: QgsSettings, name: str, default: Any) -> Any:
    """A value of the type of its default, whatever the file of the settings makes of it."""
    try:
        value = kept.value(f"{GROUP}/{name}", default)
        # Files of settings keep words, of which 'false' counts as true in Python.
        return str(value).lower() == "true" if isinstance(default, bool) else type(default)(value)
    except (TypeError, ValueError):
        return default
