"""The plugin's settings, in one typed place."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from qgis.core import QgsSettings

GROUP = "mmrisk"


@dataclass(frozen=True)
class PluginSettings:
    """What the user chose once for all projects.

    Args:
        engine_python: an interpreter to use instead of the plugin's own environment; empty for the latter.
        last_model: the model file used last.
        scheduler: address of the Dask scheduler whose workers predict; empty to predict on this computer.
    """

    engine_python: str = ""
    last_model: str = ""
    scheduler: str = ""


def read_settings() -> PluginSettings:
    """The settings as they are kept by QGIS."""
    kept = QgsSettings()
    defaults = asdict(PluginSettings())
    return PluginSettings(**{name: str(kept.value(f"{GROUP}/{name}", value)) for name, value in defaults.items()})


def write_settings(settings: PluginSettings) -> None:
    """Keep the settings."""
    kept = QgsSettings()
    for name, value in asdict(settings).items():
        kept.setValue(f"{GROUP}/{name}", value)
