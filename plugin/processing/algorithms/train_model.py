"""The algorithm 'Train model'."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterEnum,
    QgsProcessingParameterField,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
)

from ...i18n import tr
from ...layers.sources import vector_source
from ..base_algorithm import EngineAlgorithm
from ..image_sources import ImageLayers, PictureArea
from ..picture_areas import areas_for_training
from ..shared_parameters import (
    DEVICES,
    FIGURES,
    device_parameter,
    image_column_parameter,
    images_parameter,
    label_parameter,
    tiles_or_table_parameter,
)

ARCHITECTURES = ("stacked", "concat", "gated", "film")
BACKBONES = ("auto", "basic_cnn", "resnet34", "efficientnet_lite0", "rcf")
VALIDATIONS = ("spatial", "random", "none")


class TrainModel(EngineAlgorithm):
    """Trains, checks and calibrates a model."""

    NAME = "trainmodel"
    VERB = "train"

    def displayName(self) -> str:
        return tr("Train model")

    def shortHelpString(self) -> str:
        return tr(
            "Learns from labelled tiles how imagery and attributes go with the label, and writes a model and a report.\n\n"
            "The model is checked on tiles it has not seen. With spatial blocks, these lie in other places than those it "
            "learnt from; with random folds they lie next door, and the figures flatter. AUC is 0.5 for a coin and 1 for a "
            "perfect ranking; its 95 % interval is given with it.\n\n"
            "'Stacked' suits some hundred to some thousand tiles and is the default. The others train one network end to "
            "end and need many tiles: 'Gated' learns how far to go by imagery and by attributes tile by tile, 'FiLM' lets "
            "the attributes say how the imagery is read, 'Concatenated' is the reference method.\n\n"
            "Instead of polygons, a table without geometry will do: a field names a ready-made picture for each row."
        )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        number = QgsProcessingParameterNumber
        self.add(*tiles_or_table_parameter(tr("Tiles with a label and attributes. Tiles without label are left out.")))
        self.add(*label_parameter())
        self.add(
            QgsProcessingParameterField(
                "FEATURES",
                tr("Attributes"),
                None,
                "TILES",
                QgsProcessingParameterField.DataType.Any,
                allowMultiple=True,
                optional=True,
            ),
            tr(
                "The fields to learn from: numbers, yes or no, or text with few different values, such as a land use. Do "
                "not take fields made from the events, nor names or identifiers."
            ),
        )
        self.add(
            *images_parameter(
                tr("Layers that cover the tiles, such as an orthophoto. When predicting, give them in the same order.")
            )
        )
        self.add(
            QgsProcessingParameterString("CONTEXT", tr("Image windows (multiples of the tile)"), "1"),
            tr("'1' looks at the tile itself; '1,3' also at a window three times as wide around it."),
            advanced=True,
        )
        self.add(
            number("IMAGE_PIXELS", tr("Image size (pixels)"), number.Type.Integer, 196, minValue=32, maxValue=1024),
            tr("Each window is resampled to this many pixels per side."),
            advanced=True,
        )
        self.add(
            QgsProcessingParameterEnum(
                "ARCHITECTURE",
                tr("Architecture"),
                [tr("Stacked"), tr("Concatenated"), tr("Gated"), tr("FiLM")],
                defaultValue=0,
            ),
            tr("How imagery and attributes are fused. 'Stacked' is the safe choice below some thousand tiles."),
        )
        self.add(
            QgsProcessingParameterEnum(
                "BACKBONE",
                tr("Image encoder"),
                [tr("Automatic"), "BasicCNN", "ResNet34", "EfficientNet-Lite0", "RCF"],
                defaultValue=0,
            ),
            tr(
                "What looks at the imagery. Automatic takes BasicCNN, trained from scratch, for 'Concatenated', and the "
                "pretrained EfficientNet-Lite0 for the others. RCF (random convolutional features) draws its filters from "
                "your own imagery: it is the fastest and takes any number of bands. ResNet34 needs a file with its weights."
            ),
            advanced=True,
        )
        self.add(
            QgsProcessingParameterFile("WEIGHTS", tr("Weights of the image encoder"), optional=True),
            tr(
                "For ResNet34 and other networks of torchvision: the file with their weights, .pth as torchvision offers it "
                "or .safetensors. Without one they are looked for in torch's cache. The others take none."
            ),
            advanced=True,
        )
        self.add(
            QgsProcessingParameterEnum(
                "VALIDATION", tr("Validation"), [tr("Spatial blocks"), tr("Random folds"), tr("None")], defaultValue=0
            ),
            tr("How the model is checked. Spatial blocks ask how it does in places it has not seen."),
        )
        self.add(
            number("FOLDS", tr("Folds"), number.Type.Integer, 5, minValue=2, maxValue=20),
            tr("The model is trained this many times, each time without one fold of the tiles."),
            advanced=True,
        )
        self.add(
            number("BLOCK_SIZE", tr("Block size (metres)"), number.Type.Double, None, optional=True, minValue=0.01),
            tr("Side of a spatial block. By default it is chosen so that each fold has several blocks."),
            advanced=True,
        )
        self.add(
            number("EPOCHS", tr("Epochs"), number.Type.Integer, None, optional=True, minValue=1),
            tr("Most passes over the tiles. By default the architecture's own."),
            advanced=True,
        )
        self.add(
            number("BATCH_SIZE", tr("Batch size"), number.Type.Integer, None, optional=True, minValue=1),
            tr("Tiles in one training step. By default the architecture's own."),
            advanced=True,
        )
        self.add(
            number("LEARNING_RATE", tr("Learning rate"), number.Type.Double, None, optional=True, minValue=0),
            tr("Size of a training step. By default the architecture's own."),
            advanced=True,
        )
        self.add(
            number("SEED", tr("Seed"), number.Type.Integer, 0, minValue=0),
            tr("The same seed on the same computer gives the same model."),
            advanced=True,
        )
        self.add(*device_parameter(), advanced=True)
        self.add(
            QgsProcessingParameterString(
                "TORCHVISION_BACKBONE", tr("Image encoder: another network of torchvision"), optional=True
            ),
            tr(
                "Instead of the image encoder above: any classifier of torchvision by its name, such as resnet50, "
                "convnext_tiny or vit_b_16, with its weights."
            ),
            advanced=True,
        )
        self.add(
            QgsProcessingParameterField(
                "LATER_LABEL", tr("Label of a later period"), parentLayerParameterName="TILES", optional=True
            ),
            tr(
                "A field with 0 and 1 of a later period, such as 'label_later' of 'Label tiles' with a date. The model "
                "still learns from the label above, and is judged on this one as well: does it foresee?"
            ),
            advanced=True,
        )
        self.add(
            number(
                "PREVALENCE",
                tr("Share of high-risk tiles"),
                number.Type.Double,
                None,
                optional=True,
                minValue=0,
                maxValue=1,
            ),
            tr(
                "Only where the labelled tiles were chosen by their label, such as all high-risk tiles and as many others: "
                "the share of high-risk tiles among all (0 to 1), so that risk means what it does there."
            ),
            advanced=True,
        )
        self.add(
            *image_column_parameter(
                tr(
                    "A field with the path of a ready-made picture for each tile or row, as one more image to learn from. "
                    "Paths that are not absolute begin at the folder of the table's file."
                )
            ),
            advanced=True,
        )
        self.add(
            QgsProcessingParameterField(
                "GROUP_COLUMN",
                tr("Field of groups"),
                None,
                "TILES",
                QgsProcessingParameterField.DataType.Any,
                optional=True,
            ),
            tr(
                "A field that tells related rows, such as a county: its groups take the place of spatial blocks. A table "
                "without geometry and groups is checked on random folds, which flatter."
            ),
            advanced=True,
        )
        self.add(
            QgsProcessingParameterBoolean("FINE_TUNE", tr("Fine-tune the image encoder"), False),
            tr(
                "Train the last stage of a pretrained image encoder too, on turned, mirrored and relit images. Takes many "
                "times as long, and with few tiles is rarely better: compare the reports."
            ),
            advanced=True,
        )
        self.add(
            QgsProcessingParameterFileDestination("MODEL", tr("Model"), tr("MMRisk model (*.safetensors)")),
            tr("The model file. It holds all that is needed to predict, and never runs code when opened."),
        )
        self.add(
            QgsProcessingParameterFileDestination("REPORT", tr("Report"), tr("HTML files (*.html)"), optional=True),
            tr("How good the model is and what it rests on, as one page."),
        )
        for name in FIGURES:
            self.addOutput(QgsProcessingOutputNumber(name, name))
        self.addOutput(QgsProcessingOutputString("DEVICE_USED", tr("Device used")))

    def checkParameterValues(self, parameters: dict[str, Any], context: QgsProcessingContext) -> tuple[bool, str]:
        if not any(parameters.get(name) for name in ("FEATURES", "IMAGES", "IMAGE_COLUMN")):
            return False, tr("There is nothing to learn from. Choose attributes, imagery, or both.")
        try:
            _numbers(self.parameterAsString(parameters, "CONTEXT", context))
        except QgsProcessingException as error:
            return False, str(error)
        return super().checkParameterValues(parameters, context)

    def prepareAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> bool:
        self._images = ImageLayers(self, parameters, context)
        return True

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        contexts = _numbers(self.parameterAsString(parameters, "CONTEXT", context))
        pixels = self.parameterAsInt(parameters, "IMAGE_PIXELS", context)

        def areas(_: QgsProcessingFeedback) -> list[PictureArea]:
            tiles = self.parameterAsSource(parameters, "TILES", context)
            return areas_for_training(tiles, contexts, pixels, len(self._images))

        job = {
            "tiles": vector_source(self, parameters, "TILES", context, feedback),
            "label": self.parameterAsString(parameters, "LABEL", context),
            "features": self.fields_chosen(parameters, "FEATURES", context),
            "context": contexts,
            "image_pixels": pixels,
            "architecture": ARCHITECTURES[self.parameterAsEnum(parameters, "ARCHITECTURE", context)],
            "backbone": self.optional_text(parameters, "TORCHVISION_BACKBONE", context)
            or BACKBONES[self.parameterAsEnum(parameters, "BACKBONE", context)],
            "weights": self.optional_text(parameters, "WEIGHTS", context),
            "later_label": self.optional_text(parameters, "LATER_LABEL", context),
            "prevalence": self.optional_number(parameters, "PREVALENCE", context),
            "validation": VALIDATIONS[self.parameterAsEnum(parameters, "VALIDATION", context)],
            "folds": self.parameterAsInt(parameters, "FOLDS", context),
            "block_size": self.optional_number(parameters, "BLOCK_SIZE", context),
            "epochs": self.optional_number(parameters, "EPOCHS", context),
            "batch_size": self.optional_number(parameters, "BATCH_SIZE", context),
            "learning_rate": self.optional_number(parameters, "LEARNING_RATE", context),
            "seed": self.parameterAsInt(parameters, "SEED", context),
            "device": DEVICES[self.parameterAsEnum(parameters, "DEVICE", context)],
            "image_column": self.optional_text(parameters, "IMAGE_COLUMN", context),
            "group_column": self.optional_text(parameters, "GROUP_COLUMN", context),
            "fine_tune": self.parameterAsBoolean(parameters, "FINE_TUNE", context),
            "model": self.file_destination(parameters, "MODEL", context),
            "report": self.file_destination(parameters, "REPORT", context),
        }
        with self._images.files(areas, feedback) as images:
            result = self.run_job({**job, "images": images.sources}, images.feedback)
        figures = {name: result[name.lower()] for name in FIGURES if result[name.lower()] is not None}
        for name, value in figures.items():
            feedback.pushInfo(f"{name}: {value:.3f}")
        return {
            "MODEL": result["model"],
            "REPORT": result["report"],
            **figures,
            "DEVICE_USED": result["device_used"],
        }


def _numbers(text: str) -> list[float]:
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if not numbers or min(numbers) < 1:
        raise QgsProcessingException(
            tr("The image windows '{text}' must be numbers of at least 1, separated by commas, such as 1,3.").format(
                text=text
            )
        )
    return numbers
