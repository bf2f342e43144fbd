"""The algorithm 'Create tiles'."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsCoordinateReferenceSystem,
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

from ...i18n import tr
from ...layers.sources import crs_text, vector_source
from ..base_algorithm import EngineAlgorithm

LAYOUTS = ("grid", "lines", "points", "polygons")


class CreateTiles(EngineAlgorithm):
    """Lays out the units of risk."""

    NAME = "createtiles"
    VERB = "tiles"

    def displayName(self) -> str:
        return tr("Create tiles")

    def shortHelpString(self) -> str:
        return tr(
            "Lays out tiles, the units of risk, in one of four ways.\n\n"
            "Grid: squares over an extent, from its upper left corner; rows count from the north, columns from the west. "
            "Along lines: squares with their middles on each line, at a spacing, at least one a line. Around points: a "
            "square around every point. The polygons themselves: each polygon of a layer is a tile.\n\n"
            "Squares are always measured in metres: where the CRS is in degrees or is Web Mercator, they are laid out in "
            "the local UTM zone, and the log says so.\n\n"
            "Tiles may overlap: those of a grid whose spacing is less than the tile size, and those around crossing lines "
            "or near points. An event then lies in, and counts for, each of several tiles.\n\n"
            "Tiles that follow a layer have the field source_id, the id of the feature in its file, and position: metres "
            "from the start of the line, the number of the part of a multi-point, or 0. Of a selection or a filter in a "
            "layer that keeps no ids, source_id is the number of the feature among those taken."
        )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        layouts = [tr("Grid"), tr("Along lines"), tr("Around points"), tr("The polygons themselves")]
        self.add(
            QgsProcessingParameterEnum("LAYOUT", tr("Layout"), layouts, defaultValue=0),
            tr("How tiles are laid out. A grid needs an extent; the other layouts need a layer that they follow."),
        )
        self.add(
            QgsProcessingParameterExtent("EXTENT", tr("Extent"), optional=True),
            tr(
                "The area, in any CRS. A grid covers it. Of the other layouts it keeps the tiles whose middle lies in it; "
                "without it, they take the whole layer."
            ),
        )
        self.add(
            QgsProcessingParameterFeatureSource(
                "INPUT",
                tr("Lines, points or polygons"),
                [QgsProcessing.SourceType.TypeVectorAnyGeometry],
                optional=True,
            ),
            tr(
                "The layer that the other layouts follow: lines such as roads, points such as junctions, or polygons. A "
                "grid needs none. Parts of a multi-part line are measured one after another."
            ),
        )
        self.add(
            QgsProcessingParameterNumber(
                "TILE_SIZE", tr("Tile size (metres)"), QgsProcessingParameterNumber.Type.Double, 150.0, minValue=0.01
            ),
            tr(
                "Side of a square tile in metres. 100 to 250 m suits streets seen from the air. Where the polygons are the "
                "tiles, it plays no part."
            ),
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
            tr(
                "Metres from one tile to the next, across and down a grid or along each line; what is left of a line is "
                "shared by its ends. By default the tile size. Less makes tiles overlap, more leaves gaps between them."
            ),
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
            tr(
                "Coordinate reference system of the tiles, best a projected one. By default that of the extent for a grid, "
                "and that of the layer for the other layouts."
            ),
        )
        self.addParameter(
            QgsProcessingParameterFeatureSink("OUTPUT", tr("Tiles"), QgsProcessing.SourceType.TypeVectorPolygon)
        )
        self.addOutput(QgsProcessingOutputNumber("TILE_COUNT", tr("Number of tiles")))

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        layout = LAYOUTS[self.parameterAsEnum(parameters, "LAYOUT", context)]
        crs = self.parameterAsCrs(parameters, "CRS", context)
        if layout == "grid":
            place = self._place_of_grid(parameters, context, crs)
        else:
            place = self._place_of_layer(parameters, context, crs, layout)
        job = {
            "layout": layout,
            "tile_size": self.parameterAsDouble(parameters, "TILE_SIZE", context),
            "spacing": self.optional_number(parameters, "SPACING", context),
            "mask": vector_source(self, parameters, "MASK", context, feedback),
            **place,
        }
        if layout != "grid":
            job["input"] = vector_source(self, parameters, "INPUT", context, feedback)
        result = self.run_job_into_sink(job, parameters, context, feedback)
        return {"OUTPUT": result["output"], "TILE_COUNT": result["tile_count"]}

    def _place_of_grid(
        self, parameters: dict[str, Any], context: QgsProcessingContext, crs: QgsCoordinateReferenceSystem
    ) -> dict[str, Any]:
        """Extent and CRS of a grid: the CRS asked for, else that of the extent."""
        if not parameters.get("EXTENT"):
            raise QgsProcessingException(tr("A grid needs an extent. Draw one, or take that of a layer."))
        if not crs.isValid():
            crs = self.parameterAsExtentCrs(parameters, "EXTENT", context)
        if not crs.isValid():
            raise QgsProcessingException(
                tr("It is not known in which CRS the extent is. Choose a CRS for the tiles, or one for the project.")
            )
        return {"extent": self._extent(parameters, context, crs), "crs": crs_text(crs)}

    def _place_of_layer(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        crs: QgsCoordinateReferenceSystem,
        layout: str,
    ) -> dict[str, Any]:
        """Extent, if any, and CRS of tiles that follow a layer: the CRS asked for, else the layer's own."""
        source = self.parameterAsSource(parameters, "INPUT", context)
        if source is None:
            wanted = {"lines": tr("lines"), "points": tr("points"), "polygons": tr("polygons")}[layout]
            raise QgsProcessingException(
                tr("This layout needs a layer of {wanted} to follow. Choose one as '{parameter}'.").format(
                    wanted=wanted, parameter=self.parameterDefinition("INPUT").description()
                )
            )
        place: dict[str, Any] = {"crs": crs_text(crs)} if crs.isValid() else {}
        if parameters.get("EXTENT"):
            place["extent"] = self._extent(parameters, context, crs if crs.isValid() else source.sourceCrs())
        return place

    def _extent(
        self, parameters: dict[str, Any], context: QgsProcessingContext, crs: QgsCoordinateReferenceSystem
    ) -> list[float]:
        extent = self.parameterAsExtent(parameters, "EXTENT", context, crs)
        return [extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum()]
