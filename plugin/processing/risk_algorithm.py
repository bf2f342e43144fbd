"""What algorithms share whose output is a risk layer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qgis.core import (
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterFeatureSink,
    QgsVectorLayer,
)

from ..i18n import tr
from ..layers.layer_metadata import remember_model, write_abstract
from ..layers.styling import RISK_LAYER_STYLER, save_style_with_file, style_risk_layer
from ..settings import read_settings
from .base_algorithm import EngineAlgorithm
from .image_sources import ImageLayers, PictureArea


class RiskAlgorithm(EngineAlgorithm):
    """An algorithm whose output is a styled risk layer."""

    def declare_risk_outputs(self, kind: int = QgsProcessing.SourceType.TypeVectorPolygon) -> None:
        """Add the risk layer and what is told of it; ``kind`` is that of the layer."""
        risk = QgsProcessingParameterFeatureSink("OUTPUT", tr("Risk"), kind)
        self.addParameter(risk)
        self.addOutput(QgsProcessingOutputNumber("TILE_COUNT", tr("Number of tiles")))
        self.addOutput(QgsProcessingOutputString("DEVICE_USED", tr("Device used")))

    def prepareAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> bool:
        self._images = ImageLayers(self, parameters, context)
        return True

    def run_into_risk_layer(
        self,
        job: dict[str, Any],
        areas: Callable[[QgsProcessingFeedback], list[PictureArea]],
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        """Let the engine do the job with the images; return the outputs of the algorithm.

        ``areas``: see :meth:`ImageLayers.files`.
        """
        scheduler = read_settings().scheduler
        if scheduler:
            job = {**job, "scheduler": scheduler}
        with self._images.files(areas, feedback) as images:
            result = self.run_job_into_sink({**job, "images": images.sources}, parameters, context, images.feedback)
        feedback.pushInfo(result["device_used"])
        self._model = job["model"]
        return {
            "OUTPUT": result["output"],
            "TILE_COUNT": result["tile_count"],
            "DEVICE_USED": result["device_used"],
        }

    def finish_layer(self, layer: QgsVectorLayer, result: dict[str, Any], context: QgsProcessingContext) -> None:
        super().finish_layer(layer, result, context)
        write_abstract(layer, tr("Risk"), result["about"], self._images.rights)
        if not layer.isSpatial():
            return
        style_risk_layer(layer)
        if layer.providerType() == "ogr":
            save_style_with_file(layer)
        if context.willLoadLayerOnCompletion(result["output"]):
            context.layerToLoadOnCompletionDetails(result["output"]).setPostProcessor(RISK_LAYER_STYLER)
        # Last, since a style that is saved takes what is kept with the layer along.
        remember_model(layer, self._model)
