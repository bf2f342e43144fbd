"""The algorithm 'Evaluate model'."""

from __future__ import annotations

from qgis.core import QgsProcessingOutputDefinition

from ...i18n import tr
from .. import parameters
from ..model_algorithm import ModelAlgorithm, device_output, metrics_outputs
from ..parameters import Parameter


class EvaluateModel(ModelAlgorithm):
    """Judges a model on other labelled tiles."""

    NAME = "evaluatemodel"
    SECTION = "a-model-in-another-area"
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

    def table(self) -> list[Parameter]:
        return [
            parameters.tiles_or_table(
                tr("Labelled tiles with the fields that the model was trained on, from another area.")
            ),
            parameters.label(),
            parameters.images(),
            parameters.model(),
            parameters.device(),
            parameters.image_column(),
            parameters.report(tr("How good the model is on these tiles, as one page.")),
        ]

    def outputs(self) -> list[QgsProcessingOutputDefinition]:
        return [*metrics_outputs(), device_output()]
