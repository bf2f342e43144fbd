"""The algorithm 'Extract roads'."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputDefinition,
)

from ...i18n import tr
from ...layers.user_nodata import user_nodata, with_nodata
from ...rendering.raster_files import readable_elsewhere
from .. import parameters
from ..base_algorithm import EngineAlgorithm, number_output
from ..image_sources import raster_source, temporary_folder
from ..inputs import Inputs
from ..model_algorithm import device_output
from ..parameters import Parameter
from ..plain_failures import plain_failures


class ExtractRoads(EngineAlgorithm):
    """Draws the roads that a raster shows."""

    NAME = "extractroads"
    SECTION = "roads-from-imagery"
    VERB = "roads-extract"

    def displayName(self) -> str:
        return tr("Extract roads")

    def shortHelpString(self) -> str:
        return tr(
            "Draws the roads that a raster shows, white on black, by a model of 'Train road extraction'. The mask can be "
            "given to 'Train model' as one more image.\n\n"
            "The mask lies on the pixels of the raster, or on pixels as large as in the training where those of the raster "
            "are of another size. Where the raster shows nothing, such as nodata and large white areas, the mask is "
            "transparent. Rasters of any size are read strip by strip."
        )

    def table(self) -> list[Parameter]:
        return [
            parameters.raster(
                "IMAGE",
                tr("Imagery"),
                tr(
                    "A raster file with the same bands as in the training. Web layers become files with 'Render imagery'."
                ),
            ),
            parameters.model(tr("Road model"), tr("A model made by 'Train road extraction'.")),
            parameters.yes_or_no(
                "PROBABILITIES",
                tr("Write probabilities"),
                tr("Write the probability of road, 0 to 1, instead of white and black."),
            ),
            parameters.number(
                "BATCH_SIZE",
                tr("Batch size"),
                tr("Windows of the raster that are looked at at once, by default 4."),
                is_advanced=True,
            ),
            parameters.device(),
            parameters.new_raster("OUTPUT", tr("Road mask")),
        ]

    def outputs(self) -> list[QgsProcessingOutputDefinition]:
        return [number_output("ROAD_SHARE", tr("Share of road")), device_output()]

    @plain_failures
    def prepareAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> bool:
        layer = self.parameterAsRasterLayer(parameters, "IMAGE", context)
        if layer is None or not layer.isValid():
            raise QgsProcessingException(
                tr("The layer of IMAGE cannot be loaded. Check that its file exists and that QGIS can open it.")
            )
        if not readable_elsewhere(layer):
            raise QgsProcessingException(
                tr("'{name}' is no raster file. Make one of it with 'Render imagery' first.").format(name=layer.name())
            )
        self._image, self._nodata = raster_source(layer), user_nodata(layer)
        return True

    def job(self, inputs: Inputs) -> dict[str, Any]:
        return {**super().job(inputs), "image": self._image}

    def do(self, job: dict[str, Any], inputs: Inputs) -> dict[str, Any]:
        with temporary_folder() as folder:
            image = with_nodata(job["image"], self._nodata, folder / "image.vrt")
            return super().do({**job, "image": image}, inputs)
