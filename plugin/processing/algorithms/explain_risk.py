"""The algorithm 'Explain risk'."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterRasterDestination,
)

from ...i18n import tr
from ...layers.sources import vector_source
from ..base_algorithm import EngineAlgorithm, check_writable
from ..image_sources import ImageLayers, PictureArea
from ..picture_areas import areas_for_tiles
from ..shared_parameters import (
    DEVICES,
    device_parameter,
    image_column_parameter,
    images_parameter,
    model_parameter,
    tiles_or_table_parameter,
)


class ExplainRisk(EngineAlgorithm):
    """Says why tiles have their risk."""

    NAME = "explainrisk"
    VERB = "explain"

    def displayName(self) -> str:
        return tr("Explain risk")

    def shortHelpString(self) -> str:
        return tr(
            "Says for each tile what raised and what lowered its risk: the contribution of each attribute and of each image "
            "in logits, which with base_logit add up to the logit of the risk, and the strongest reasons in words.\n\n"
            "A contribution is measured against the typical value of the attribute in the training, and against the image "
            "being absent (Shapley values). It says what moves the model's answer, not what makes crashes happen: an "
            "attribute may stand for another one that goes along with it.\n\n"
            "The saliency raster says where in the imagery: how much the logit falls when a patch of the picture is hidden. "
            "It looks at each picture 64 times, so choose some tiles for it."
        )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add(*tiles_or_table_parameter(tr("Tiles with the fields that the model was trained on.")))
        self.add(*images_parameter(tr("Layers of the same kind as in training, in the same order.")))
        self.add(*model_parameter())
        self.add(*device_parameter(), advanced=True)
        self.add(
            *image_column_parameter(
                tr("The field with the paths of the pictures, if it is not called as in the training of the model.")
            ),
            advanced=True,
        )
        self.addParameter(
            QgsProcessingParameterFeatureSink("OUTPUT", tr("Contributions"), QgsProcessing.SourceType.TypeVector)
        )
        self.add(
            QgsProcessingParameterRasterDestination("SALIENCY", tr("Saliency"), optional=True, createByDefault=False),
            tr("Where in the imagery the risk is raised (above 0) and lowered (below 0), in logits."),
        )
        self.addOutput(QgsProcessingOutputNumber("TILE_COUNT", tr("Number of tiles")))
        self.addOutput(QgsProcessingOutputString("DEVICE_USED", tr("Device used")))

    def prepareAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> bool:
        self._images = ImageLayers(self, parameters, context)
        return True

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        def areas(steps: QgsProcessingFeedback) -> list[PictureArea]:
            tiles = self.parameterAsSource(parameters, "TILES", context)
            manifest = self.manifest(parameters, context, steps)
            return areas_for_tiles(manifest, tiles, context.transformContext())

        saliency = self.parameterAsOutputLayer(parameters, "SALIENCY", context) or None
        if saliency:
            check_writable(saliency)
        job = {
            "tiles": vector_source(self, parameters, "TILES", context, feedback),
            "model": self.parameterAsFile(parameters, "MODEL", context),
            "device": DEVICES[self.parameterAsEnum(parameters, "DEVICE", context)],
            "image_column": self.optional_text(parameters, "IMAGE_COLUMN", context),
            "saliency": saliency,
        }
        with self._images.files(areas, feedback) as images:
            result = self.run_job_into_sink({**job, "images": images.sources}, parameters, context, images.feedback)
        feedback.pushInfo(result["device_used"])
        outputs = {"OUTPUT": result["output"], "TILE_COUNT": result["tile_count"], "DEVICE_USED": result["device_used"]}
        return {**outputs, "SALIENCY": result["saliency"]} if saliency else outputs
