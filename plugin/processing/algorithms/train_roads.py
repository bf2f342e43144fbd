"""The algorithm 'Train road extraction'."""

from __future__ import annotations

from qgis.core import (
    QgsProcessingFeedback,
    QgsProcessingOutputDefinition,
)

from ...i18n import tr
from .. import parameters
from ..base_algorithm import number_output
from ..image_sources import PictureArea
from ..inputs import Inputs
from ..model_algorithm import ModelAlgorithm, device_output
from ..parameters import Parameter, SourceType
from ..picture_resolution import areas_for_roads

METRES_DRAWN = 1.0


class TrainRoads(ModelAlgorithm):
    """Trains a U-Net that sees roads."""

    NAME = "trainroads"
    SECTION = "roads-from-imagery"
    VERB = "roads-train"

    def displayName(self) -> str:
        return tr("Train road extraction")

    def shortHelpString(self) -> str:
        return tr(
            "Learns from imagery and a line layer what roads look like, and writes a model for 'Extract roads' and "
            "a report.\n\n"
            "Lines are drawn with their width and need not lie quite in the middle of the road, nor be seen under "
            "trees. Where the layer lacks roads that can be seen, the model learns to leave them out. A few square "
            "kilometres with complete lines do better than a county with gaps.\n\n"
            "The figures are of squares of the imagery that were not learnt from. IoU is the share of right pixels among "
            "those that are road in mask or layer; the relaxed F1 allows for 3 pixels."
        )

    def table(self) -> list[Parameter]:
        return [
            parameters.images(
                tr(
                    "Rasters to learn from, all with the same bands, such as orthophotos. Web and vector layers are drawn "
                    "first where the road layer lies, into a file that is deleted afterwards."
                ),
                is_optional=False,
            ),
            parameters.layer(
                "ROADS",
                tr("Roads"),
                tr("Lines of the roads in the imagery. Beyond the extent of this layer nothing is learnt."),
                SourceType.TypeVectorLine,
            ),
            parameters.number(
                "ROAD_WIDTH",
                tr("Road width (metres)"),
                tr("How wide roads are drawn, of those without a width of their own."),
                minimum=0.1,
            ),
            parameters.field(
                "WIDTH_FIELD",
                tr("Field with the width or class"),
                tr("The width of each road in metres, or its class if there are widths by class."),
                "ROADS",
            ),
            parameters.text(
                "CLASS_WIDTHS",
                tr("Widths by class (metres)"),
                tr("For a field with classes, such as: motorway=20, residential=8. Other classes have the road width."),
            ),
            parameters.number(
                "PIXEL_SIZE",
                tr("Pixel size (metres)"),
                tr(
                    "Pixels to learn at, by default those of the first raster. One metre is fine enough for most roads, and "
                    "the time goes with the square of it."
                ),
                minimum=0.05,
                is_advanced=True,
            ),
            parameters.choice(
                "BACKBONE",
                tr("Image encoder"),
                tr(
                    "What the U-Net sees with. Automatic takes the pretrained EfficientNet-Lite0 for pictures of three "
                    "bands, and plain convolutions for others."
                ),
                [tr("Automatic"), tr("Plain"), "EfficientNet-Lite0", "ResNet18", "ResNet34"],
                is_advanced=True,
            ),
            parameters.file(
                "WEIGHTS",
                tr("Weights of the image encoder"),
                tr(
                    "For ResNet18 and ResNet34: the file with their weights, as torchvision has it. Without, they begin "
                    "anew."
                ),
                is_advanced=True,
            ),
            parameters.number(
                "TOLERANCE",
                tr("Tolerance (pixels)"),
                tr(
                    "Pixels on both sides of the edge of a road that are not learnt from, as lines are never quite in "
                    "place."
                ),
                is_advanced=True,
            ),
            parameters.number(
                "EPOCHS",
                tr("Epochs"),
                tr("Most passes over the imagery, by default 40. The training stops where it gets no better."),
                is_advanced=True,
            ),
            parameters.number(
                "BATCH_SIZE",
                tr("Batch size"),
                tr("Crops of the imagery in one training step, by default 8."),
                is_advanced=True,
            ),
            parameters.number(
                "LEARNING_RATE",
                tr("Learning rate"),
                tr("Size of a training step, by default 0.001."),
                is_advanced=True,
            ),
            parameters.seed(),
            parameters.device(),
            parameters.new_file(
                "MODEL",
                tr("Road model"),
                tr("The model file, for 'Extract roads'. It never runs code when opened."),
                tr("MMRisk model (*.safetensors)"),
            ),
            parameters.report(tr("How right the masks are, with pictures, as one page.")),
        ]

    def outputs(self) -> list[QgsProcessingOutputDefinition]:
        return [number_output("IOU"), number_output("RELAXED_F1"), device_output()]

    def areas(self, inputs: Inputs, steps: QgsProcessingFeedback) -> list[PictureArea]:
        metres = inputs.number("PIXEL_SIZE") if inputs.is_given("PIXEL_SIZE") else METRES_DRAWN
        roads, transforms = inputs.features("ROADS"), inputs.context.transformContext()
        return areas_for_roads(roads, metres, len(self.images), transforms)
