"""Translation of the plugin's texts."""

from __future__ import annotations

from qgis.PyQt.QtCore import QCoreApplication, QLocale, QSettings


def tr(text: str) -> str:
    """The text in the user's language."""
    return QCoreApplication.translate("MMRisk", text)


def language() -> str:
    """The two letters of the user's language, as it is chosen in QGIS."""
    return str(QSettings().value("locale/userLocale", QLocale().name()))[:2]
