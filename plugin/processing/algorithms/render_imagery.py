"""The algorithm 'Render imagery'."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsMapSettings,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingParameterMapTheme,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterNumber,
    QgsProject,
)

from ...i18n import tr
from ...plain_text import literal
from ...rendering.ground import default_pixel_size, transformed_extent
from ...rendering.layer_copies import LayerCopies
from ...rendering.renderer import Picture, draw_picture, map_settings
from .. import parameters
from ..base_algorithm import MMRiskAlgorithm
from ..destinations import check_output
from ..inputs import Inputs
from ..parameters import Parameter, SourceType
from ..plain_failures import plain_failures


class RenderImagery(MMRiskAlgorithm):
    """Draws what QGIS can show into a GeoTIFF."""

    NAME = "renderimagery"
    SECTION = "imagery-that-is-not-a-file"

    def displayName(self) -> str:
        return tr("Render imagery")

    def shortHelpString(self) -> str:
        return tr(
            "Draws layers, a map theme or the canvas into a GeoTIFF that models can look at: XYZ, WMS and WMTS layers, and "
            "vector layers and rasters in their style. It has red, green, blue and alpha, and is transparent where nothing "
            "was drawn.\n\n"
            "Pixels begin at the upper left corner of the extent; an extent that is no whole number of pixels is enlarged "
            "to the right and below. A raster drawn in its own CRS on its own pixels keeps them unchanged. Large pictures "
            "are drawn in blocks; labels are placed in each block by itself.\n\n"
            "What a server does not deliver is asked for again with pauses; what is missing in the end stays transparent, "
            "and the log says how much that is. Whom the layers belong to is written into the file. Respect the terms of "
            "web services: some forbid to keep their tiles."
        )

    def table(self) -> list[Parameter]:
        return [
            parameters.extent("EXTENT", tr("Extent"), tr("The area to draw, in any CRS.")),
            Parameter(
                "LAYERS",
                tr(
                    "Layers to draw in their style, the topmost first. Without layers and theme: the canvas as it looks."
                ),
                lambda _: QgsProcessingParameterMultipleLayers(
                    "LAYERS", tr("Layers"), SourceType.TypeMapLayer, optional=True
                ),
            ),
            Parameter(
                "THEME",
                tr("A map theme of the project to draw instead of chosen layers."),
                lambda _: QgsProcessingParameterMapTheme("THEME", tr("Map theme"), optional=True),
            ),
            Parameter(
                "PIXEL_SIZE",
                tr(
                    "Side of a pixel in units of the CRS. By default that of the finest raster file among the layers; "
                    "without one, one metre on the ground."
                ),
                lambda _: QgsProcessingParameterNumber(
                    "PIXEL_SIZE",
                    tr("Pixel size (units of the CRS)"),
                    QgsProcessingParameterNumber.Type.Double,
                    None,
                    optional=True,
                    minValue=1e-9,
                ),
            ),
            parameters.crs(
                "CRS",
                tr("CRS of the picture"),
                tr("Coordinate reference system of the picture. By default that of the extent."),
            ),
            parameters.new_raster("OUTPUT", tr("Rendered imagery")),
        ]

    def checkParameterValues(self, parameters: dict[str, Any], context: QgsProcessingContext) -> tuple[bool, str]:
        if parameters.get("LAYERS") and parameters.get("THEME"):
            return False, tr("Layers and a map theme cannot both be drawn. Choose one of them.")
        return super().checkParameterValues(parameters, context)

    @plain_failures
    def prepareAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> bool:
        self._theme = self.parameterAsString(parameters, "THEME", context)
        self._theme_exists = False
        self._settings: QgsMapSettings = map_settings(context.project())
        if parameters.get("LAYERS"):
            self._layers = LayerCopies(self.parameterAsLayerList(parameters, "LAYERS", context))
        elif self._theme:
            self._layers = self._layers_of_theme(context.project())
        else:
            self._layers = _layers_of_canvas(context.project())
        return True

    @plain_failures
    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        inputs = Inputs(self, parameters, context, feedback)
        if self._theme and not self._theme_exists:
            raise QgsProcessingException(
                tr("The project has no map theme '{name}'. Choose one of its themes.").format(name=self._theme)
            )
        path = self.parameterAsOutputLayer(parameters, "OUTPUT", context)
        if not path.lower().endswith((".tif", ".tiff")):
            raise QgsProcessingException(
                tr(
                    "Pictures are written as GeoTIFF, but '{path}' ends otherwise. Choose a name ending in .tif."
                ).format(path=path)
            )
        check_output(path, self, parameters, context)
        given = self.parameterAsExtentCrs(parameters, "EXTENT", context)
        chosen = self.parameterAsCrs(parameters, "CRS", context)
        crs = chosen if chosen.isValid() else given
        if not given.isValid():
            raise QgsProcessingException(
                tr("It is not known in which CRS the extent is. Set the CRS of the project, or take a layer's extent.")
            )
        extent = self.parameterAsExtent(parameters, "EXTENT", context)
        if extent.isEmpty():
            raise QgsProcessingException(tr("The extent is empty. Draw one, or take that of a layer."))
        extent = transformed_extent(extent, given, crs, self._settings.transformContext())
        with self._layers.in_this_thread() as layers:
            if not layers:
                raise QgsProcessingException(
                    tr("There is no layer to draw. Choose layers, or make some visible in the project.")
                )
            pixel_size = (inputs.number("PIXEL_SIZE") if inputs.is_given("PIXEL_SIZE") else 0) or default_pixel_size(
                layers, extent, crs, self._settings.transformContext()
            )
            drawn = draw_picture(Picture(layers, self._settings, extent, crs, pixel_size, path), feedback)
        text = tr("{columns} x {rows} pixels of {size:g} units of {crs}.").format(
            columns=drawn.columns, rows=drawn.rows, size=pixel_size, crs=crs.userFriendlyIdentifier()
        )
        feedback.pushInfo(literal(text))
        return {"OUTPUT": drawn.path}

    def _layers_of_theme(self, project: QgsProject | None) -> LayerCopies:
        themes = project.mapThemeCollection() if project is not None else None
        self._theme_exists = themes is not None and themes.hasMapTheme(self._theme)
        if themes is None or not self._theme_exists:
            return LayerCopies([])
        styles = themes.mapThemeStyleOverrides(self._theme)
        return LayerCopies(themes.mapThemeVisibleLayers(self._theme), styles)


def _layers_of_canvas(project: QgsProject | None) -> LayerCopies:
    """The visible layers of a project, the topmost first."""
    if project is None:
        return LayerCopies([])
    root = project.layerTreeRoot()
    visible = {node.layerId() for node in root.findLayers() if node.isVisible()}
    return LayerCopies([layer for layer in root.layerOrder() if layer.id() in visible])
