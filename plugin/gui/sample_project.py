"""The sample city as a QGIS project, to learn with."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from qgis.core import QgsProject, QgsRasterLayer, QgsReferencedRectangle, QgsVectorLayer

from ..engine.paths import data_folder
from ..i18n import tr

SEED, SIZE = 1, 24
# From the bottom of the map to its top, as outputs of 'Sample city'.
LAYERS = {"IMAGERY": "imagery", "ZONES": "zones", "ROADS": "roads", "CRASHES": "crashes"}


def sample_folder() -> Path:
    """Where the sample city lies, whether it is there yet or not."""
    return data_folder(os.environ, sys.platform) / "sample_city"


def sample_parameters() -> dict[str, Any]:
    """The parameters of 'Sample city' for the project."""
    return {"FOLDER": str(sample_folder()), "SEED": SEED, "SIZE": SIZE}


def fill_sample_project(project: QgsProject, results: dict[str, Any]) -> None:
    """Add the layers of a sample city to an empty project and save it beside them."""
    for output, name in LAYERS.items():
        source = results[output]
        layer = QgsRasterLayer(source, name) if output == "IMAGERY" else QgsVectorLayer(source, name, "ogr")
        if output == "IMAGERY":
            project.setCrs(layer.crs())
            project.viewSettings().setDefaultViewExtent(QgsReferencedRectangle(layer.extent(), layer.crs()))
        project.addMapLayer(layer)
    # They would hide the imagery below.
    project.layerTreeRoot().findLayer(project.mapLayersByName("zones")[0].id()).setItemVisibilityChecked(False)
    project.setTitle(tr("MMRisk sample city"))
    project.write(str(sample_folder() / "sample_city.qgz"))
