"""What algorithms share that look at IMAGES with a model, or to make one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputDefinition,
    QgsProcessingOutputString,
)

from ..i18n import tr
from ..plain_text import literal
from .base_algorithm import EngineAlgorithm, number_output
from .image_sources import ImageLayers, PictureArea
from .inputs import Inputs
from .picture_resolution import areas_for_tiles
from .plain_failures import plain_failures

METRICS = ("AUC", "AUC_LOW", "AUC_HIGH", "AVERAGE_PRECISION", "BRIER", "ECE")


class ModelAlgorithm(EngineAlgorithm):
    """An algorithm whose job gets images; those that are no files are drawn first."""

    @plain_failures
    def prepareAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> bool:
        self.images = ImageLayers(self, parameters, context)
        return True

    def areas(self, inputs: Inputs, steps: QgsProcessingFeedback) -> list[PictureArea]:
        """Where and how finely each image is drawn, if it has to be: around the tiles, as the model looks at them."""
        return areas_for_tiles(
            self.manifest(inputs, steps), inputs.features("TILES"), inputs.context.transformContext()
        )

    def do(self, job: dict[str, Any], inputs: Inputs) -> dict[str, Any]:
        with self.images.files(lambda steps: self.areas(inputs, steps), inputs.feedback) as images:
            result = super().do({**job, "images": images.sources}, replace(inputs, feedback=images.feedback))
        for name in METRICS:
            if result.get(name.lower()) is not None:
                inputs.feedback.pushInfo(literal(f"{name}: {result[name.lower()]:.3f}"))
        if "device_used" in result:
            inputs.feedback.pushInfo(literal(result["device_used"]))
        return result

    def manifest(self, inputs: Inputs, feedback: QgsProcessingFeedback) -> dict[str, Any]:
        """What the model file says of itself."""
        return dict(self.run_job({"model": inputs.file("MODEL")}, feedback, verb="describe")["manifest"])


def metrics_outputs() -> list[QgsProcessingOutputDefinition]:
    """How good a model is."""
    return [number_output(name) for name in METRICS]


def tile_count_output() -> QgsProcessingOutputDefinition:
    """How many tiles there are in a layer."""
    return number_output("TILE_COUNT", tr("Number of tiles"))


def device_output() -> QgsProcessingOutputDefinition:
    """What computed."""
    return QgsProcessingOutputString("DEVICE_USED", tr("Device used"))
