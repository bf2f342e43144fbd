"""The algorithm 'Evaluate model'."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterFileDestination,
)

from ...i18n import tr
from ...layers.sources import vector_source
from ..base_algorithm import EngineAlgorithm
from ..image_sources import ImageLayers, PictureArea
from ..picture_areas import areas_for_tiles
from ..shared_parameters import (
    DEVICES,
    FIGURES,
    device_parameter,
    image_column_parameter,
    images_parameter,
    label_parameter,
    model_parameter,
    tiles_or_table_parameter,
)


class EvaluateModel(EngineAlgorithm):
    """Judges a model on other labelled tiles."""

    NAME = "evaluatemodel"
    VERB = "evaluate"

    def displayName(self) -> str:
        return tr("Evaluate model")

    def shortHelpString(self) -> str:
        return tr(
            "Judges a trained model on labelled tiles that it was not trained on, and writes a report: does it keep there "
            "what its validation promised?\n\n"
            "Take tiles of another area, with labels made by the same rule over as long a period. Tiles in the extent of "
            "the training are no test of new places, and log and report say so. The report also tells how many tiles are "
            "like those the model has seen, and whether its probabilities are right on the whole.\n\n"
            "The tiles need the fields that the model was trained on, and the imagery must be given in the same order."
        )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add(
            *tiles_or_table_parameter(
                tr("Labelled tiles with the fields that the model was trained on, from another area.")
            )
        )
        self.add(*label_parameter())
        self.add(*images_parameter(tr("Layers of the same kind as in training, in the same order.")))
        self.add(*model_parameter())
        self.add(*device_parameter(), advanced=True)
        self.add(
            *image_column_parameter(
                tr("The field with the paths of the pictures, if it is not called as in the training of the model.")
            ),
            advanced=True,
        )
        self.add(
            QgsProcessingParameterFileDestination("REPORT", tr("Report"), tr("HTML files (*.html)"), optional=True),
            tr("How good the model is on these tiles, as one page."),
        )
        for name in FIGURES:
            self.addOutput(QgsProcessingOutputNumber(name, name))
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

        job = {
            "tiles": vector_source(self, parameters, "TILES", context, feedback),
            "label": self.parameterAsString(parameters, "LABEL", context),
            "model": self.parameterAsFile(parameters, "MODEL", context),
            "device": DEVICES[self.parameterAsEnum(parameters, "DEVICE", context)],
            "image_column": self.optional_text(parameters, "IMAGE_COLUMN", context),
            "report": self.file_destination(parameters, "REPORT", context),
        }
        with self._images.files(areas, feedback) as images:
            result = self.run_job({**job, "images": images.sources}, images.feedback)
        figures = {name: result[name.lower()] for name in FIGURES}
        for name, value in figures.items():
            feedback.pushInfo(f"{name}: {value:.3f}")
        return {"REPORT": result["report"], **figures, "DEVICE_USED": result["device_used"]}
