"""A text on this computer and its engine, for whoever is asked for help. It names no data and no password."""

from __future__ import annotations

import configparser
import json
import locale
from dataclasses import asdict
from typing import Any

from qgis.core import Qgis
from qgis.PyQt.QtCore import QT_VERSION_STR, QSysInfo

from .engine.environment.diagnosis import diagnose, end_of_build_log
from .engine.environment.engine_environment import EnvironmentSpec
from .engine.masking import masked_values
from .engine.paths import plugin_root
from .engine_service import running_engine
from .settings import PluginSettings

_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")


def diagnostics_text(spec: EnvironmentSpec, settings: PluginSettings) -> str:
    """The text. Takes seconds, so not for the window's thread.

    :param spec: with the variables that an installation would have, see ``installation_spec``.
    :param settings: the plugin's.
    """
    client = running_engine()
    findings: dict[str, Any] = {
        "mmrisk": _plugin_version(),
        "qgis": Qgis.QGIS_VERSION,
        "qt": QT_VERSION_STR,
        "system": " ".join((QSysInfo.prettyProductName(), QSysInfo.kernelVersion(), QSysInfo.currentCpuArchitecture())),
        "locale": locale.setlocale(locale.LC_ALL),
        "settings": asdict(settings),
        "proxy": {name: spec.host.environ[name] for name in _PROXIES if name in spec.host.environ},
        "certificates_of_qgis": "PIP_CERT" in spec.host.environ,
        "engine": client.introduction if client else {},
        "engine_failure": client.failure if client else "",
        **diagnose(spec, settings.engine_python or None),
    }
    log = end_of_build_log(spec)
    return json.dumps(masked_values(findings), indent=2) + (
        "\n\nEnd of the latest installation:\n" + "\n".join(log) if log else ""
    )


def _plugin_version() -> str:
    metadata = configparser.ConfigParser(interpolation=None)
    metadata.read(plugin_root() / "metadata.txt", encoding="utf-8")
    return metadata.get("general", "version", fallback="unknown")
