"""QGIS without a window, for benches."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from qgis.core import QgsApplication

ROOT = Path(__file__).resolve().parents[4]


def start_qgis(profile: Path) -> tuple[QgsApplication, object]:
    """QGIS with Processing and the plugin's provider; both have to be kept."""
    os.environ["QGIS_CUSTOM_CONFIG_PATH"] = str(profile)
    application = QgsApplication([], True)
    application.initQgis()
    sys.path.append(str(Path(QgsApplication.pkgDataPath()) / "python" / "plugins"))
    sys.path.append(str(ROOT))
    from processing.core.Processing import Processing
    from qgis.analysis import QgsNativeAlgorithms

    Processing.initialize()
    if QgsApplication.processingRegistry().providerById("native") is None:
        QgsApplication.processingRegistry().addProvider(QgsNativeAlgorithms())
    from plugin.mmrisk_plugin import MMRiskPlugin

    plugin = MMRiskPlugin(None)
    plugin.initProcessing()
    return application, plugin
