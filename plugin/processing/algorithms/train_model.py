"""The algorithm 'Train model'."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputDefinition,
)

from ...i18n import tr
from ...plain_text import literal
from .. import parameters
from ..image_sources import PictureArea
from ..inputs import Inputs
from ..model_algorithm import ModelAlgorithm, device_output, metrics_outputs
from ..parameters import Parameter
from ..picture_resolution import areas_for_training


class TrainModel(ModelAlgorithm):
    """Trains, checks and calibrates a model."""

    NAME = "trainmodel"
    SECTION = "attributes-and-architectures"
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

    def table(self) -> list[Parameter]:
        return [
            parameters.tiles_or_table(tr("Tiles with a label and attributes. Tiles without label are left out.")),
            parameters.label(),
            parameters.fields(
                "FEATURES",
                tr("Attributes"),
                tr(
                    "The fields to learn from: numbers, yes or no, or text with few different values, such as a land use. "
                    "Do not take fields made from the events, nor names or identifiers."
                ),
                "TILES",
            ),
            parameters.images(
                tr("Layers that cover the tiles, such as an orthophoto. When predicting, give them in the same order.")
            ),
            parameters.text(
                "CONTEXT",
                tr("Image windows (multiples of the tile)"),
                tr("'1' looks at the tile itself; '1,3' also at a window three times as wide around it."),
                default="1",
                read=lambda inputs, _: _numbers(inputs.text("CONTEXT")),
                is_advanced=True,
            ),
            parameters.number(
                "IMAGE_PIXELS",
                tr("Image size (pixels)"),
                tr("Each window is resampled to this many pixels per side."),
                is_advanced=True,
            ),
            parameters.choice(
                "ARCHITECTURE",
                tr("Architecture"),
                tr("How imagery and attributes are fused. 'Stacked' is the safe choice below some thousand tiles."),
                [
                    tr("Combined model (stacked)"),
                    tr("Both side by side (concatenated)"),
                    tr("Weighed tile by tile (gated)"),
                    tr("Attributes guide the reading (FiLM)"),
                ],
                is_advanced=True,
            ),
            parameters.choice(
                "BACKBONE",
                tr("Image encoder"),
                tr(
                    "What looks at the imagery. Automatic takes BasicCNN, trained from scratch, for 'Concatenated', and the "
                    "pretrained EfficientNet-Lite0 for the others. RCF (random convolutional features) draws its filters "
                    "from your own imagery: it is the fastest and takes any number of bands. ResNet34 needs a file with its "
                    "weights, or 'none' in their place."
                ),
                [tr("Automatic"), "BasicCNN", "ResNet34", "EfficientNet-Lite0", "RCF"],
                is_advanced=True,
            ),
            parameters.file(
                "WEIGHTS",
                tr("Weights of the image encoder"),
                tr(
                    "For ResNet34 and other networks of torchvision: the file with their weights, .pth as torchvision "
                    "offers it or .safetensors. Without one they are looked for in torch's cache. The word none starts the "
                    "network at random, as one that has never seen a picture. The others take none."
                ),
                is_advanced=True,
            ),
            parameters.choice(
                "VALIDATION",
                tr("Validation"),
                tr("How the model is checked. Spatial blocks ask how it does in places it has not seen."),
                [tr("In other places (spatial blocks)"), tr("Next door (random folds)"), tr("None")],
            ),
            parameters.number(
                "FOLDS",
                tr("Folds"),
                tr("The model is trained this many times, each time without one fold of the tiles."),
                is_advanced=True,
            ),
            parameters.number(
                "BLOCK_SIZE",
                tr("Block size (metres)"),
                tr("Side of a spatial block. By default it is chosen so that each fold has several blocks."),
                minimum=0.01,
                is_advanced=True,
            ),
            parameters.number(
                "EPOCHS",
                tr("Epochs"),
                tr("Most passes over the tiles. By default the architecture's own."),
                is_advanced=True,
            ),
            parameters.number(
                "BATCH_SIZE",
                tr("Batch size"),
                tr("Tiles in one training step. By default the architecture's own."),
                is_advanced=True,
            ),
            parameters.number(
                "LEARNING_RATE",
                tr("Learning rate"),
                tr("Size of a training step. By default the architecture's own."),
                is_advanced=True,
            ),
            parameters.seed(),
            parameters.device(),
            parameters.text(
                "TORCHVISION_BACKBONE",
                tr("Image encoder: another network of torchvision"),
                tr(
                    "Instead of the image encoder above: any classifier of torchvision by its name, such as resnet50, "
                    "convnext_tiny or vit_b_16, with its weights."
                ),
                is_advanced=True,
            ),
            parameters.field(
                "LATER_LABEL",
                tr("Label of a later period"),
                tr(
                    "A field with 0 and 1 of a later period, such as 'label_later' of 'Label tiles' with a date. The model "
                    "still learns from the label above, and is judged on this one as well: does it foresee?"
                ),
                "TILES",
                is_advanced=True,
            ),
            parameters.number(
                "PREVALENCE",
                tr("Share of high-risk tiles"),
                tr(
                    "Only where the labelled tiles were chosen by their label, such as all high-risk tiles and as many "
                    "others: the share of high-risk tiles among all (0 to 1), so that risk means what it does there."
                ),
                is_advanced=True,
            ),
            parameters.image_column(
                tr(
                    "A field with the path of a ready-made picture for each tile or row, as one more image to learn from. "
                    "Paths that are not absolute begin at the folder of the table's file."
                )
            ),
            parameters.field(
                "GROUP_COLUMN",
                tr("Field of groups"),
                tr(
                    "A field that tells related rows, such as a county: its groups take the place of spatial blocks. A "
                    "table without geometry and groups is checked on random folds, which flatter."
                ),
                "TILES",
                is_advanced=True,
            ),
            parameters.yes_or_no(
                "FINE_TUNE",
                tr("Fine-tune the image encoder"),
                tr(
                    "Train the last stage of a pretrained image encoder too, on turned, mirrored and relit images. Takes "
                    "many times as long, and with few tiles is rarely better: compare the reports."
                ),
                is_advanced=True,
            ),
            parameters.new_file(
                "MODEL",
                tr("Model"),
                tr("The model file. It holds all that is needed to predict, and never runs code when opened."),
                tr("MMRisk model (*.safetensors)"),
            ),
            parameters.report(tr("How good the model is and what it rests on, as one page.")),
        ]

    def outputs(self) -> list[QgsProcessingOutputDefinition]:
        return [*metrics_outputs(), device_output()]

    def checkParameterValues(self, parameters: dict[str, Any], context: QgsProcessingContext) -> tuple[bool, str]:
        if not any(parameters.get(name) for name in ("FEATURES", "IMAGES", "IMAGE_COLUMN")):
            return False, tr("There is nothing to learn from. Choose attributes, imagery, or both.")
        try:
            _numbers(self.parameterAsString(parameters, "CONTEXT", context))
        except QgsProcessingException as error:
            return False, literal(str(error))
        return super().checkParameterValues(parameters, context)

    def job(self, inputs: Inputs) -> dict[str, Any]:
        job, other = super().job(inputs), inputs.optional_text("TORCHVISION_BACKBONE")
        return {**job, "backbone": other} if other else job

    def areas(self, inputs: Inputs, steps: QgsProcessingFeedback) -> list[PictureArea]:
        contexts, pixels = _numbers(inputs.text("CONTEXT")), inputs.whole("IMAGE_PIXELS")
        return areas_for_training(inputs.features("TILES"), contexts, pixels, len(self.images))


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
