"""The algorithm 'Inspect tiles', which the tool on the map runs."""

from __future__ import annotations

import json
from typing import Any

from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputString,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
)

from ...i18n import tr
from ...layers.sources import chosen_features, features_reference
from ..base_algorithm import EngineAlgorithm
from ..image_sources import ImageLayers, PictureArea
from ..picture_areas import areas_for_tiles
from ..shared_parameters import (
    DEVICES,
    device_parameter,
    image_column_parameter,
    images_parameter,
    model_parameter,
    tiles_parameter,
)


class InspectTiles(EngineAlgorithm):
    """Tells what a model sees of some tiles, what it says of them, and what it would say of other attributes."""

    NAME = "inspecttiles"
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

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        number = QgsProcessingParameterNumber
        self.add(*tiles_parameter(tr("Tiles with the fields that the model was trained on.")))
        self.add(
            QgsProcessingParameterString("FEATURES", tr("Features")),
            tr("The ids of some of the tiles, in order, with commas between."),
        )
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
            QgsProcessingParameterString("CHANGE", tr("Change"), "{}"),
            tr("Other values of attributes, as JSON by the name of the attribute."),
        )
        self.add(
            number("DETAILS", tr("Details"), number.Type.Integer, 1, minValue=1, maxValue=100),
            tr("Of how many of the tiles, the first ones, all is told; of the others the risk with the change."),
        )
        self.add(
            QgsProcessingParameterFolderDestination("FOLDER", tr("Folder")),
            tr("Where the pictures are written as the model sees them."),
        )
        self.addOutput(QgsProcessingOutputString("INSPECTION", tr("Inspection")))

    def prepareAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> bool:
        self._images = ImageLayers(self, parameters, context)
        return True

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        features = self.parameterAsString(parameters, "FEATURES", context)
        tiles = chosen_features(self, parameters, "TILES", [int(text) for text in features.split(",")], context)
        if tiles.featureCount() == 0:
            raise QgsProcessingException(tr("The tile is not there any more. Click another."))

        def areas(steps: QgsProcessingFeedback) -> list[PictureArea]:
            return areas_for_tiles(self.manifest(parameters, context, steps), tiles, context.transformContext())

        job = {
            "tiles": features_reference(tiles, parameters, "TILES", context, feedback),
            "model": self.parameterAsFile(parameters, "MODEL", context),
            "device": DEVICES[self.parameterAsEnum(parameters, "DEVICE", context)],
            "image_column": self.optional_text(parameters, "IMAGE_COLUMN", context),
            "change": json.loads(self.parameterAsString(parameters, "CHANGE", context)),
            "details": self.parameterAsInt(parameters, "DETAILS", context),
            "folder": self.parameterAsString(parameters, "FOLDER", context),
        }
        with self._images.files(areas, feedback) as images:
            result = self.run_job({**job, "images": images.sources}, images.feedback)
        return {"INSPECTION": json.dumps(result), "FOLDER": job["folder"]}
