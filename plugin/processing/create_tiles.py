"""The algorithm 'Create tiles'."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterCrs,
    QgsProcessingParameterEnum,
    QgsProcessingParameterExtent,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterNumber,
)

from ..i18n import tr
from .base_algorithm import EngineAlgorithm
from .layer_sources import crs_text, vector_source

LAYOUTS = ("grid", "lines", "points", "polygons")


class CreateTiles(EngineAlgorithm):
    """Lays out the units of risk."""

    NAME = "createtiles"
    VERB = "tiles"

    def displayName(self) -> str:
        return tr("Create tiles")

    def shortHelpString(self) -> str:
        return tr(
            "Cuts an extent into square tiles, the units of risk. The grid starts at the upper left corner of the extent; "
            "rows count from the north, columns from the west.\n\n"
            "Tiles are always measured in metres: where the CRS is in degrees or is Web Mercator, the tiles are laid out in "
            "the local UTM zone, and the log says so."
        )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        layouts = [tr("Grid"), tr("Along lines"), tr("Around points"), tr("The polygons themselves")]
        self.add(
            QgsProcessingParameterEnum("LAYOUT", tr("Layout"), layouts, defaultValue=0),
            tr("How tiles are laid out. This version has the grid."),
        )
        self.add(
            QgsProcessingParameterExtent("EXTENT", tr("Extent"), optional=True),
            tr("The area to cut into tiles, in any CRS."),
        )
        self.add(
            QgsProcessingParameterFeatureSource(
                "INPUT",
                tr("Lines, points or polygons"),
                [QgsProcessing.SourceType.TypeVectorAnyGeometry],
                optional=True,
            ),
            tr("The layer that the other layouts follow; a grid needs none."),
        )
        self.add(
            QgsProcessingParameterNumber(
                "TILE_SIZE", tr("Tile size (metres)"), QgsProcessingParameterNumber.Type.Double, 150.0, minValue=0.01
            ),
            tr("Side of a tile in metres. 100 to 250 m suits streets seen from the air."),
        )
        self.add(
            QgsProcessingParameterNumber(
                "SPACING",
                tr("Spacing (metres)"),
                QgsProcessingParameterNumber.Type.Double,
                None,
                optional=True,
                minValue=0.01,
            ),
            tr("Distance between tiles along lines, in metres."),
            advanced=True,
        )
        self.add(
            QgsProcessingParameterFeatureSource(
                "MASK", tr("Mask"), [QgsProcessing.SourceType.TypeVectorPolygon], optional=True
            ),
            tr("Polygons such as a municipality; tiles that share no area with them are left out."),
        )
        self.add(
            QgsProcessingParameterCrs("CRS", tr("CRS of the tiles"), optional=True),
            tr("Coordinate reference system of the tiles, best a projected one. By default that of the extent."),
        )
        self.addParameter(
            QgsProcessingParameterFeatureSink("OUTPUT", tr("Tiles"), QgsProcessing.SourceType.TypeVectorPolygon)
        )
        self.addOutput(QgsProcessingOutputNumber("TILE_COUNT", tr("Number of tiles")))

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        if not parameters.get("EXTENT"):
            raise QgsProcessingException(tr("A grid needs an extent. Draw one, or take that of a layer."))
        crs = self.parameterAsCrs(parameters, "CRS", context)
        if not crs.isValid():
            crs = self.parameterAsExtentCrs(parameters, "EXTENT", context)
        if not crs.isValid():
            raise QgsProcessingException(
                tr("It is not known in which CRS the extent is. Choose a CRS for the tiles, or one for the project.")
            )
        extent = self.parameterAsExtent(parameters, "EXTENT", context, crs)
        job = {
            "layout": LAYOUTS[self.parameterAsEnum(parameters, "LAYOUT", context)],
            "extent": [extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum()],
            "input": vector_source(self, parameters, "INPUT", context, feedback),
            "tile_size": self.parameterAsDouble(parameters, "TILE_SIZE", context),
            "spacing": self.optional_number(parameters, "SPACING", context),
            "mask": vector_source(self, parameters, "MASK", context, feedback),
            "crs": crs_text(crs),
        }
        result = self.run_job_into_sink(job, parameters, context, feedback)
        return {"OUTPUT": result["output"], "TILE_COUNT": result["tile_count"]}
