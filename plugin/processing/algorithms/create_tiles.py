"""The algorithm 'Create tiles'."""

from __future__ import annotations

from typing import Any

from qgis.core import QgsCoordinateReferenceSystem, QgsProcessingException, QgsProcessingOutputDefinition

from ...i18n import tr
from ...layers.crs import crs_text
from .. import parameters
from ..base_algorithm import EngineAlgorithm
from ..inputs import Inputs, edges
from ..model_algorithm import tile_count_output
from ..parameters import Parameter, SourceType

METRES = 0.01
"""The least length that a dialog takes."""


class CreateTiles(EngineAlgorithm):
    """Lays out the units of risk."""

    NAME = "createtiles"
    SECTION = "which-tiles"
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

    def table(self) -> list[Parameter]:
        return [
            parameters.choice(
                "LAYOUT",
                tr("Layout"),
                tr("How tiles are laid out. A grid needs an extent; the other layouts need a layer that they follow."),
                [tr("Grid"), tr("Along lines"), tr("Around points"), tr("The polygons themselves")],
            ),
            parameters.extent(
                "EXTENT",
                tr("Extent"),
                tr(
                    "The area, in any CRS. A grid covers it. Of the other layouts it keeps the tiles whose middle lies in "
                    "it; without it, they take the whole layer."
                ),
                is_optional=True,
            ),
            parameters.layer(
                "INPUT",
                tr("Lines, points or polygons"),
                tr(
                    "The layer that the other layouts follow: lines such as roads, points such as junctions, or polygons. A "
                    "grid needs none. Parts of a multi-part line are measured one after another."
                ),
                SourceType.TypeVectorAnyGeometry,
                is_optional=True,
                read=False,
            ),
            parameters.number(
                "TILE_SIZE",
                tr("Tile size (metres)"),
                tr(
                    "Side of a square tile in metres. 100 to 250 m suits streets seen from the air. Where the polygons are "
                    "the tiles, it plays no part."
                ),
                minimum=METRES,
            ),
            parameters.number(
                "SPACING",
                tr("Spacing (metres)"),
                tr(
                    "Metres from one tile to the next, across and down a grid or along each line; what is left of a line is "
                    "shared by its ends. By default the tile size. Less makes tiles overlap, more leaves gaps between them."
                ),
                minimum=METRES,
                is_advanced=True,
            ),
            parameters.layer(
                "MASK",
                tr("Mask"),
                tr("Polygons such as a municipality; tiles that share no area with them are left out."),
                SourceType.TypeVectorPolygon,
                is_optional=True,
            ),
            parameters.crs(
                "CRS",
                tr("CRS of the tiles"),
                tr(
                    "Coordinate reference system of the tiles, best a projected one. By default that of the extent for a "
                    "grid, and that of the layer for the other layouts."
                ),
            ),
            parameters.sink(tr("Tiles")),
        ]

    def outputs(self) -> list[QgsProcessingOutputDefinition]:
        return [tile_count_output()]

    def job(self, inputs: Inputs) -> dict[str, Any]:
        job, crs = super().job(inputs), inputs.crs("CRS")
        if job["layout"] == "grid":
            return {**job, **_place_of_grid(inputs, crs)}
        return {**job, **_place_of_layer(inputs, crs, job["layout"]), "input": inputs.layer("INPUT")}


def _place_of_grid(inputs: Inputs, crs: QgsCoordinateReferenceSystem) -> dict[str, Any]:
    """Extent and CRS of a grid: the CRS asked for, else that of the extent."""
    if not inputs.parameters.get("EXTENT"):
        raise QgsProcessingException(tr("A grid needs an extent. Draw one, or take that of a layer."))
    if not crs.isValid():
        crs = inputs.extent_crs("EXTENT")
    if not crs.isValid():
        raise QgsProcessingException(
            tr("It is not known in which CRS the extent is. Choose a CRS for the tiles, or one for the project.")
        )
    return {"extent": edges(inputs.extent("EXTENT", crs)), "crs": crs_text(crs)}


def _place_of_layer(inputs: Inputs, crs: QgsCoordinateReferenceSystem, layout: str) -> dict[str, Any]:
    """Extent, if any, and CRS of tiles that follow a layer: the CRS asked for, else the layer's own."""
    source = inputs.features("INPUT")
    if source is None:
        wanted = {"lines": tr("lines"), "points": tr("points"), "polygons": tr("polygons")}[layout]
        raise QgsProcessingException(
            tr("This layout needs a layer of {wanted} to follow. Choose one as '{parameter}'.").format(
                wanted=wanted, parameter=inputs.algorithm.parameterDefinition("INPUT").description()
            )
        )
    place: dict[str, Any] = {"crs": crs_text(crs)} if crs.isValid() else {}
    if inputs.parameters.get("EXTENT"):
        place["extent"] = edges(inputs.extent("EXTENT", crs if crs.isValid() else source.sourceCrs()))
    return place
