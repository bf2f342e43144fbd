"""The algorithm 'Map risk': tiles, joins and prediction in one step."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingParameterExtent,
    QgsProcessingParameterMultipleLayers,
)

from ...i18n import tr
from ...layers.sources import crs_text, vector_sources
from ..image_sources import PictureArea
from ..picture_areas import areas_for_extent
from ..risk_algorithm import RiskAlgorithm
from ..shared_parameters import DEVICES, device_parameter, images_parameter, model_parameter


class MapRisk(RiskAlgorithm):
    """Maps the risk of an extent by the recipe kept in the model."""

    NAME = "maprisk"
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

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add(QgsProcessingParameterExtent("EXTENT", tr("Extent")), tr("The area to map, in any CRS."))
        self.add(*model_parameter())
        self.add(*images_parameter(tr("Layers of the same kind as in training, in the same order.")))
        self.add(
            QgsProcessingParameterMultipleLayers(
                "LAYERS", tr("Layers to join"), QgsProcessing.SourceType.TypeVector, optional=True
            ),
            tr("The layers of the model's recipe, in its order."),
        )
        self.add(*device_parameter(), advanced=True)
        self.declare_risk_outputs()

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        extent = self.parameterAsExtent(parameters, "EXTENT", context)
        crs = self.parameterAsExtentCrs(parameters, "EXTENT", context)
        if not crs.isValid():
            raise QgsProcessingException(
                tr("It is not known in which CRS the extent is. Set the CRS of the project, or take a layer's extent.")
            )

        def areas(steps: QgsProcessingFeedback) -> list[PictureArea]:
            return areas_for_extent(self.manifest(parameters, context, steps), extent, crs, context.transformContext())

        job = {
            "extent": [extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum()],
            "crs": crs_text(crs),
            "model": self.parameterAsFile(parameters, "MODEL", context),
            "layers": vector_sources(self, parameters, "LAYERS", context, feedback),
            "device": DEVICES[self.parameterAsEnum(parameters, "DEVICE", context)],
        }
        return self.run_into_risk_layer(job, areas, parameters, context, feedback)
