"""What algorithms share whose output is a risk layer."""

from __future__ import annotations

from typing import Any

from qgis.core import QgsProcessingContext, QgsProcessingOutputDefinition, QgsVectorLayer

from ..i18n import tr
from ..layers.layer_metadata import remember_model, write_abstract
from ..layers.styling import RISK_LAYER_STYLER, save_style_with_file, style_risk_layer
from ..settings import read_settings
from .inputs import Inputs
from .model_algorithm import ModelAlgorithm, device_output, tile_count_output


class RiskAlgorithm(ModelAlgorithm):
    """An algorithm whose output is a styled risk layer."""

    def outputs(self) -> list[QgsProcessingOutputDefinition]:
        return [tile_count_output(), device_output()]

    def job(self, inputs: Inputs) -> dict[str, Any]:
        job, scheduler = super().job(inputs), read_settings().scheduler
        self._model = job["model"]
        return {**job, "scheduler": scheduler} if scheduler else job

    def finish_layer(self, layer: QgsVectorLayer, result: dict[str, Any], context: QgsProcessingContext) -> None:
        super().finish_layer(layer, result, context)
        write_abstract(layer, tr("Risk"), result["about"], self.images.rights)
        if not layer.isSpatial():
            return
        style_risk_layer(layer, breaks=result["class_breaks"])
        if layer.providerType() == "ogr":
            save_style_with_file(layer, result["class_breaks"])
        if context.willLoadLayerOnCompletion(result["output"]):
            context.layerToLoadOnCompletionDetails(result["output"]).setPostProcessor(RISK_LAYER_STYLER)
        # Last, since a style that is saved takes what is kept with the layer along.
        remember_model(layer, self._model)
