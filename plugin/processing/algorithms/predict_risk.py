"""The algorithm 'Predict risk'."""

from __future__ import annotations

from ...i18n import tr
from .. import parameters
from ..parameters import Parameter, SourceType
from ..risk_algorithm import RiskAlgorithm


class PredictRisk(RiskAlgorithm):
    """Gives tiles their risk."""

    NAME = "predictrisk"
    SECTION = "the-risk-layer"
    VERB = "predict"
    KEEPS_TILES = True

    def displayName(self) -> str:
        return tr("Predict risk")

    def shortHelpString(self) -> str:
        return tr(
            "Gives each tile its risk by a trained model: a calibrated probability with a 90 % interval, a class from 1 "
            "(very low) to 5 (very high), a rank, how far imagery and attributes each moved it, how much of the imagery was "
            "there, whether the tile is like those the model has seen (in_domain), and whether it was trained on "
            "(learnt_from): the risk of such a tile is of the part of the model that has not seen it.\n\n"
            "The tiles need the fields that the model was trained on, and the imagery must be given in the same order."
        )

    def table(self) -> list[Parameter]:
        return [
            parameters.tiles_or_table(tr("Tiles with the fields that the model was trained on.")),
            parameters.images(),
            parameters.model(),
            parameters.number(
                "BATCH_SIZE",
                tr("Batch size"),
                tr("Most tiles at once; a smaller number needs less memory."),
                is_advanced=True,
            ),
            parameters.device(),
            parameters.image_column(),
            parameters.sink(tr("Risk"), SourceType.TypeVector),
        ]
