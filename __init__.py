"""MMRisk: crash risk from imagery and attributes, in QGIS."""

from __future__ import annotations

from typing import Any


def classFactory(iface: Any) -> Any:  # noqa: N802
    """Give QGIS the plugin."""
    from .plugin.mmrisk_plugin import MMRiskPlugin

    return MMRiskPlugin(iface)
