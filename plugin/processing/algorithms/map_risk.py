"""The algorithm 'Map risk': tiles, joins and prediction in one step."""

from __future__ import annotations

from typing import Any

from qgis.core import QgsProcessingException, QgsProcessingFeedback

from ...i18n import tr
from ...layers.crs import crs_text
from .. import parameters
from ..image_sources import PictureArea
from ..inputs import Inputs, edges
from ..parameters import Parameter
from ..picture_resolution import areas_for_extent
from ..risk_algorithm import RiskAlgorithm


class MapRisk(RiskAlgorithm):
    """Maps the risk of an extent by the recipe kept in the model."""

    NAME = "maprisk"
    SECTION = "what-a-recipe-is"
    VERB = "map"

    def displayName(self) -> str:
        return tr("Map risk")

    def shortHelpString(self) -> str:
        return tr(
            "Maps the risk of an extent in one step. The model knows how its tiles were made: their size, the layers that "
            "were joined, and the columns taken from them. The same is done here, with the layers you give, and the tiles "
            "get their risk as in 'Predict risk'.\n\n"
            "'Describe model' lists the layers and the imagery that a model needs, in order."
        )

    def table(self) -> list[Parameter]:
        return [
            parameters.extent("EXTENT", tr("Extent"), tr("The area to map, in any CRS.")),
            parameters.model(),
            parameters.images(),
            parameters.layers("LAYERS", tr("Layers to join"), tr("The layers of the model's recipe, in its order.")),
            parameters.device(),
            parameters.sink(tr("Risk")),
        ]

    def job(self, inputs: Inputs) -> dict[str, Any]:
        crs = inputs.extent_crs("EXTENT")
        if not crs.isValid():
            raise QgsProcessingException(
                tr("It is not known in which CRS the extent is. Set the CRS of the project, or take a layer's extent.")
            )
        return {**super().job(inputs), "extent": edges(inputs.extent("EXTENT")), "crs": crs_text(crs)}

    def areas(self, inputs: Inputs, steps: QgsProcessingFeedback) -> list[PictureArea]:
        manifest, crs = self.manifest(inputs, steps), inputs.extent_crs("EXTENT")
        return areas_for_extent(manifest, inputs.extent("EXTENT"), crs, inputs.context.transformContext())
