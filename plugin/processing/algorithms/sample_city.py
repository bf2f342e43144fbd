"""The algorithm 'Sample city'."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsProcessingOutputDefinition,
    QgsProcessingOutputRasterLayer,
    QgsProcessingOutputVectorLayer,
)

from ...i18n import tr
from .. import parameters
from ..base_algorithm import EngineAlgorithm
from ..inputs import Inputs
from ..parameters import Parameter


class SampleCity(EngineAlgorithm):
    """Makes data to learn with."""

    NAME = "samplecity"
    SECTION = "the-path"
    VERB = "sample"

    def displayName(self) -> str:
        return tr("Sample city")

    def shortHelpString(self) -> str:
        return tr(
            "Makes a city that does not exist, to learn with: aerial-looking imagery, roads with traffic, zones with "
            "population, and crashes drawn from a risk that is known. The risk depends on something only the imagery shows, "
            "on something only the attributes show, and on both together; the true probability of each tile lies beside, in "
            "truth.gpkg."
        )

    def table(self) -> list[Parameter]:
        return [
            parameters.folder("FOLDER", tr("Folder"), tr("Where to write the files.")),
            parameters.number("SEED", tr("Seed"), tr("The same seed and size give the same city.")),
            parameters.number(
                "SIZE",
                tr("Tiles per side"),
                tr("The city is this many tiles of 150 m wide and high. 24 makes 576 tiles."),
            ),
        ]

    def outputs(self) -> list[QgsProcessingOutputDefinition]:
        return [
            QgsProcessingOutputRasterLayer("IMAGERY", tr("Imagery")),
            QgsProcessingOutputVectorLayer("ROADS", tr("Roads")),
            QgsProcessingOutputVectorLayer("ZONES", tr("Zones")),
            QgsProcessingOutputVectorLayer("CRASHES", tr("Crashes")),
        ]

    def do(self, job: dict[str, Any], inputs: Inputs) -> dict[str, Any]:
        return {**super().do(job, inputs), "folder": job["folder"]}
