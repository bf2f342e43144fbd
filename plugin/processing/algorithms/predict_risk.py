"""The algorithm 'Predict risk'."""

from __future__ import annotations

from typing import Any

from qgis.core import QgsProcessing, QgsProcessingContext, QgsProcessingFeedback, QgsProcessingParameterNumber

from ...i18n import tr
from ...layers.sources import vector_source
from ..image_sources import PictureArea
from ..picture_areas import areas_for_tiles
from ..risk_algorithm import RiskAlgorithm
from ..shared_parameters import (
    DEVICES,
    device_parameter,
    image_column_parameter,
    images_parameter,
    model_parameter,
    tiles_or_table_parameter,
)


class PredictRisk(RiskAlgorithm):
    """Gives tiles their risk."""

    NAME = "predictrisk"
    VERB = "predict"

    def displayName(self) -> str:
        return tr("Predict risk")

    def shortHelpString(self) -> str:
        return tr(
            "Gives each tile its risk by a trained model: a calibrated probability with a 90 % interval, a class from 1 "
            "(very low) to 5 (very high), a rank, how far imagery and attributes each moved it, how much of the imagery was "
            "there, and whether the tile is like those the model has seen (in_domain).\n\n"
            "The tiles need the fields that the model was trained on, and the imagery must be given in the same order."
        )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        number = QgsProcessingParameterNumber
        self.add(*tiles_or_table_parameter(tr("Tiles with the fields that the model was trained on.")))
        self.add(*images_parameter(tr("Layers of the same kind as in training, in the same order.")))
        self.add(*model_parameter())
        self.add(
            number("BATCH_SIZE", tr("Batch size"), number.Type.Integer, None, optional=True, minValue=1),
            tr("Most tiles at once; a smaller number needs less memory."),
            advanced=True,
        )
        self.add(*device_parameter(), advanced=True)
        self.add(
            *image_column_parameter(
                tr("The field with the paths of the pictures, if it is not called as in the training of the model.")
            ),
            advanced=True,
        )
        self.declare_risk_outputs(QgsProcessing.SourceType.TypeVector)

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        def areas(steps: QgsProcessingFeedback) -> list[PictureArea]:
            tiles = self.parameterAsSource(parameters, "TILES", context)
            manifest = self.manifest(parameters, context, steps)
            return areas_for_tiles(manifest, tiles, context.transformContext())

        job = {
            "tiles": vector_source(self, parameters, "TILES", context, feedback),
            "model": self.parameterAsFile(parameters, "MODEL", context),
            "batch_size": self.optional_number(parameters, "BATCH_SIZE", context),
            "device": DEVICES[self.parameterAsEnum(parameters, "DEVICE", context)],
            "image_column": self.optional_text(parameters, "IMAGE_COLUMN", context),
        }
        return self.run_into_risk_layer(job, areas, parameters, context, feedback)
