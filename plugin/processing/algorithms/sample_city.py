"""The algorithm 'Sample city'."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputRasterLayer,
    QgsProcessingOutputVectorLayer,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterNumber,
)

from ...i18n import tr
from ..base_algorithm import EngineAlgorithm


class SampleCity(EngineAlgorithm):
    """Makes data to learn with."""

    NAME = "samplecity"
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

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        number = QgsProcessingParameterNumber
        self.add(
            QgsProcessingParameterFolderDestination("FOLDER", tr("Folder")),
            tr("Where to write the files."),
        )
        self.add(
            number("SEED", tr("Seed"), number.Type.Integer, 1, minValue=0),
            tr("The same seed and size give the same city."),
        )
        self.add(
            number("SIZE", tr("Tiles per side"), number.Type.Integer, 24, minValue=4, maxValue=200),
            tr("The city is this many tiles of 150 m wide and high. 24 makes 576 tiles."),
        )
        self.addOutput(QgsProcessingOutputRasterLayer("IMAGERY", tr("Imagery")))
        self.addOutput(QgsProcessingOutputVectorLayer("ROADS", tr("Roads")))
        self.addOutput(QgsProcessingOutputVectorLayer("ZONES", tr("Zones")))
        self.addOutput(QgsProcessingOutputVectorLayer("CRASHES", tr("Crashes")))

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        job = {
            "folder": self.parameterAsString(parameters, "FOLDER", context),
            "seed": self.parameterAsInt(parameters, "SEED", context),
            "size": self.parameterAsInt(parameters, "SIZE", context),
        }
        result = self.run_job(job, feedback)
        return {
            "FOLDER": job["folder"],
            "IMAGERY": result["imagery"],
            "ROADS": result["roads"],
            "ZONES": result["zones"],
            "CRASHES": result["crashes"],
        }
