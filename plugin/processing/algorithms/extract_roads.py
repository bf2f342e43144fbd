"""The algorithm 'Extract roads'."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterFile,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterRasterLayer,
)

from ...i18n import tr
from ...rendering.raster_files import readable_elsewhere
from ..base_algorithm import EngineAlgorithm, check_writable
from ..image_sources import raster_source
from ..shared_parameters import DEVICES, device_parameter


class ExtractRoads(EngineAlgorithm):
    """Draws the roads that a raster shows."""

    NAME = "extractroads"
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

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add(
            QgsProcessingParameterRasterLayer("IMAGE", tr("Imagery")),
            tr("A raster file with the same bands as in the training. Web layers become files with 'Render imagery'."),
        )
        self.add(
            QgsProcessingParameterFile("MODEL", tr("Road model"), fileFilter=tr("MMRisk model (*.safetensors)")),
            tr("A model made by 'Train road extraction'."),
        )
        self.add(
            QgsProcessingParameterBoolean("PROBABILITIES", tr("Write probabilities"), False),
            tr("Write the probability of road, 0 to 1, instead of white and black."),
        )
        self.add(
            QgsProcessingParameterNumber(
                "BATCH_SIZE",
                tr("Batch size"),
                QgsProcessingParameterNumber.Type.Integer,
                None,
                optional=True,
                minValue=1,
            ),
            tr("Windows of the raster that are looked at at once, by default 4."),
            advanced=True,
        )
        self.add(*device_parameter(), advanced=True)
        self.addParameter(QgsProcessingParameterRasterDestination("OUTPUT", tr("Road mask")))
        self.addOutput(QgsProcessingOutputNumber("ROAD_SHARE", tr("Share of road")))
        self.addOutput(QgsProcessingOutputString("DEVICE_USED", tr("Device used")))

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
        self._image = raster_source(layer)
        return True

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        output = self.parameterAsOutputLayer(parameters, "OUTPUT", context)
        check_writable(output)
        job = {
            "image": self._image,
            "model": self.parameterAsFile(parameters, "MODEL", context),
            "probabilities": self.parameterAsBoolean(parameters, "PROBABILITIES", context),
            "batch_size": self.optional_number(parameters, "BATCH_SIZE", context),
            "device": DEVICES[self.parameterAsEnum(parameters, "DEVICE", context)],
            "output": output,
        }
        result = self.run_job(job, feedback)
        return {
            "OUTPUT": result["output"],
            "ROAD_SHARE": result["road_share"],
            "DEVICE_USED": result["device_used"],
        }
