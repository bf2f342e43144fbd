"""The algorithm 'Train road extraction'."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
)

from ...i18n import tr
from ...layers.sources import vector_source
from ..base_algorithm import EngineAlgorithm
from ..image_sources import ImageLayers, PictureArea
from ..picture_areas import areas_for_roads
from ..shared_parameters import DEVICES, device_parameter

BACKBONES = ("auto", "plain", "efficientnet_lite0", "resnet18", "resnet34")
METRES_DRAWN = 1.0


class TrainRoads(EngineAlgorithm):
    """Trains a U-Net that sees roads."""

    NAME = "trainroads"
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

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        number = QgsProcessingParameterNumber
        self.add(
            QgsProcessingParameterMultipleLayers("IMAGES", tr("Imagery"), QgsProcessing.SourceType.TypeMapLayer),
            tr(
                "Rasters to learn from, all with the same bands, such as orthophotos. Web and vector layers are drawn first "
                "where the road layer lies, into a file that is deleted afterwards."
            ),
        )
        self.add(
            QgsProcessingParameterFeatureSource("ROADS", tr("Roads"), [QgsProcessing.SourceType.TypeVectorLine]),
            tr("Lines of the roads in the imagery. Beyond the extent of this layer nothing is learnt."),
        )
        self.add(
            number("ROAD_WIDTH", tr("Road width (metres)"), number.Type.Double, 8.0, minValue=0.1),
            tr("How wide roads are drawn, of those without a width of their own."),
        )
        self.add(
            QgsProcessingParameterField(
                "WIDTH_FIELD",
                tr("Field with the width or class"),
                None,
                "ROADS",
                optional=True,
            ),
            tr("The width of each road in metres, or its class if there are widths by class."),
        )
        self.add(
            QgsProcessingParameterString("CLASS_WIDTHS", tr("Widths by class (metres)"), optional=True),
            tr("For a field with classes, such as: motorway=20, residential=8. Other classes have the road width."),
        )
        self.add(
            number("PIXEL_SIZE", tr("Pixel size (metres)"), number.Type.Double, None, optional=True, minValue=0.05),
            tr(
                "Pixels to learn at, by default those of the first raster. One metre is fine enough for most roads, and the "
                "time goes with the square of it."
            ),
            advanced=True,
        )
        self.add(
            QgsProcessingParameterEnum(
                "BACKBONE",
                tr("Image encoder"),
                [tr("Automatic"), tr("Plain"), "EfficientNet-Lite0", "ResNet18", "ResNet34"],
                defaultValue=0,
            ),
            tr(
                "What the U-Net sees with. Automatic takes the pretrained EfficientNet-Lite0 for pictures of three bands, "
                "and plain convolutions for others."
            ),
            advanced=True,
        )
        self.add(
            QgsProcessingParameterFile("WEIGHTS", tr("Weights of the image encoder"), optional=True),
            tr(
                "For ResNet18 and ResNet34: the file with their weights, as torchvision has it. Without, they begin anew."
            ),
            advanced=True,
        )
        self.add(
            number("TOLERANCE", tr("Tolerance (pixels)"), number.Type.Integer, 1, minValue=0, maxValue=10),
            tr(
                "Pixels on both sides of the edge of a road that are not learnt from, as lines are never quite in place."
            ),
            advanced=True,
        )
        self.add(
            number("EPOCHS", tr("Epochs"), number.Type.Integer, None, optional=True, minValue=1),
            tr("Most passes over the imagery, by default 40. The training stops where it gets no better."),
            advanced=True,
        )
        self.add(
            number("BATCH_SIZE", tr("Batch size"), number.Type.Integer, None, optional=True, minValue=1),
            tr("Crops of the imagery in one training step, by default 8."),
            advanced=True,
        )
        self.add(
            number("LEARNING_RATE", tr("Learning rate"), number.Type.Double, None, optional=True, minValue=0),
            tr("Size of a training step, by default 0.001."),
            advanced=True,
        )
        self.add(
            number("SEED", tr("Seed"), number.Type.Integer, 0, minValue=0),
            tr("The same seed on the same computer gives the same model."),
            advanced=True,
        )
        self.add(*device_parameter(), advanced=True)
        self.add(
            QgsProcessingParameterFileDestination("MODEL", tr("Road model"), tr("MMRisk model (*.safetensors)")),
            tr("The model file, for 'Extract roads'. It never runs code when opened."),
        )
        self.add(
            QgsProcessingParameterFileDestination("REPORT", tr("Report"), tr("HTML files (*.html)"), optional=True),
            tr("How right the masks are, with pictures, as one page."),
        )
        self.addOutput(QgsProcessingOutputNumber("IOU", "IOU"))
        self.addOutput(QgsProcessingOutputNumber("RELAXED_F1", "RELAXED_F1"))
        self.addOutput(QgsProcessingOutputString("DEVICE_USED", tr("Device used")))

    def prepareAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> bool:
        self._images = ImageLayers(self, parameters, context)
        return True

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        pixel_size = self.optional_number(parameters, "PIXEL_SIZE", context)

        def areas(_: QgsProcessingFeedback) -> list[PictureArea]:
            roads = self.parameterAsSource(parameters, "ROADS", context)
            return areas_for_roads(roads, pixel_size or METRES_DRAWN, len(self._images), context.transformContext())

        job = {
            "roads": vector_source(self, parameters, "ROADS", context, feedback),
            "road_width": self.parameterAsDouble(parameters, "ROAD_WIDTH", context),
            "width_field": self.optional_text(parameters, "WIDTH_FIELD", context),
            "class_widths": self.optional_text(parameters, "CLASS_WIDTHS", context),
            "pixel_size": pixel_size,
            "backbone": BACKBONES[self.parameterAsEnum(parameters, "BACKBONE", context)],
            "weights": self.optional_text(parameters, "WEIGHTS", context),
            "tolerance": self.parameterAsInt(parameters, "TOLERANCE", context),
            "epochs": self.optional_number(parameters, "EPOCHS", context),
            "batch_size": self.optional_number(parameters, "BATCH_SIZE", context),
            "learning_rate": self.optional_number(parameters, "LEARNING_RATE", context),
            "seed": self.parameterAsInt(parameters, "SEED", context),
            "device": DEVICES[self.parameterAsEnum(parameters, "DEVICE", context)],
            "model": self.file_destination(parameters, "MODEL", context),
            "report": self.file_destination(parameters, "REPORT", context),
        }
        with self._images.files(areas, feedback) as images:
            result = self.run_job({**job, "images": images.sources}, images.feedback)
        return {
            "MODEL": result["model"],
            "REPORT": result["report"],
            "IOU": result["iou"],
            "RELAXED_F1": result["relaxed_f1"],
            "DEVICE_USED": result["device_used"],
        }
