"""The algorithm 'Inspect tiles', which the tool on the map runs."""

from __future__ import annotations

import json
from typing import Any

from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputDefinition,
    QgsProcessingOutputString,
)

from ...i18n import tr
from ...layers.sources import chosen_features, features_reference
from .. import parameters
from ..image_sources import PictureArea
from ..inputs import Inputs
from ..model_algorithm import ModelAlgorithm
from ..parameters import Parameter, SourceType
from ..picture_resolution import areas_for_tiles


class InspectTiles(ModelAlgorithm):
    """Tells what a model sees of some tiles, what it says of them, and what it would say of other attributes."""

    NAME = "inspecttiles"
    SECTION = "inspect-a-tile"
    VERB = "inspect"

    def flags(self) -> Any:
        # It takes features by their ids, which only the window knows.
        return super().flags() | QgsProcessingAlgorithm.Flag.FlagHideFromToolbox

    def displayName(self) -> str:
        return tr("Inspect tiles")

    def shortHelpString(self) -> str:
        return tr(
            "Tells what a model sees of some tiles, what it says of them and why, and what it would say if attributes had "
            "other values. It is what the tool 'Inspect tile' runs; its output is JSON text."
        )

    def table(self) -> list[Parameter]:
        return [
            parameters.layer(
                "TILES",
                tr("Tiles"),
                tr("Tiles with the fields that the model was trained on."),
                SourceType.TypeVectorPolygon,
                read=False,
            ),
            parameters.text(
                "FEATURES", tr("Features"), tr("The ids of some of the tiles, in order, with commas between.")
            ),
            parameters.images(),
            parameters.model(),
            parameters.device(),
            parameters.image_column(),
            parameters.text(
                "CHANGE",
                tr("Change"),
                tr("Other values of attributes, as JSON by the name of the attribute."),
                default="{}",
                read=lambda inputs, _: json.loads(inputs.text("CHANGE")),
            ),
            parameters.number(
                "DETAILS",
                tr("Details"),
                tr("Of how many of the tiles, the first ones, all is told; of the others the risk with the change."),
            ),
            parameters.folder("FOLDER", tr("Folder"), tr("Where the pictures are written as the model sees them.")),
        ]

    def outputs(self) -> list[QgsProcessingOutputDefinition]:
        return [QgsProcessingOutputString("INSPECTION", tr("Inspection"))]

    def job(self, inputs: Inputs) -> dict[str, Any]:
        ids = [int(text) for text in inputs.text("FEATURES").split(",")]
        self._tiles = chosen_features(self, inputs.parameters, "TILES", ids, inputs.context)
        if self._tiles.featureCount() == 0:
            raise QgsProcessingException(tr("The tile is not there any more. Click another."))
        tiles = features_reference(self._tiles, inputs.parameters, "TILES", inputs.context, inputs.feedback)
        return {**super().job(inputs), "tiles": tiles}

    def areas(self, inputs: Inputs, steps: QgsProcessingFeedback) -> list[PictureArea]:
        return areas_for_tiles(self.manifest(inputs, steps), self._tiles, inputs.context.transformContext())

    def do(self, job: dict[str, Any], inputs: Inputs) -> dict[str, Any]:
        return {"inspection": json.dumps(super().do(job, inputs)), "folder": job["folder"]}
