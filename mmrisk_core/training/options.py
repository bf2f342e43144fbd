"""How to train: what may be chosen, and whether the choices go together."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import Literal

from mmrisk_core.architectures import ARCHITECTURES, TRAINED_BACKBONES
from mmrisk_core.bundle.manifest import ValidationMethod
from mmrisk_core.compute.devices import DeviceChoice
from mmrisk_core.encoders import FROZEN_ENCODERS, can_be_fine_tuned, encoder_class
from mmrisk_core.errors import MMRiskError

ArchitectureName = Literal["stacked", "concat", "gated", "film"]
BackboneName = Literal["auto", "basic_cnn", "resnet34", "efficientnet_lite0", "rcf"]


@dataclass(frozen=True)
class TrainingOptions:
    """How to train; None leaves the choice to the program.

    :param context: side of the image window as a multiple of the tile's, one image per value.
    :param image_pixels: side of an image in pixels.
    :param backbone: a :data:`BackboneName`, or any classifier of torchvision by its name.
    :param weights: a file with the weights of such a classifier; without it they are looked for in torch's cache.
    :param later_label: field with the label of a later period, on which the model is judged as well.
    :param prevalence: share of high-risk tiles where the model is applied, if the labelled tiles were chosen by label.
    :param block_size: side of a spatial block in metres.
    :param image_column: a field with the path of a ready-made picture for each row, as one more image input.
    :param group_column: a field whose values tell related rows, such as those of a county: they take the place of spatial
        blocks, and no group is on both sides of a split.
    :param fine_tune: train the last stage of a pretrained encoder too, on augmented images.
    """

    context: tuple[float, ...] = (1.0,)
    image_pixels: int = 196
    architecture: ArchitectureName = "stacked"
    backbone: str = "auto"
    weights: str | None = None
    later_label: str | None = None
    prevalence: float | None = None
    validation: ValidationMethod = "spatial"
    folds: int = 5
    block_size: float | None = None
    epochs: int | None = None
    batch_size: int | None = None
    learning_rate: float | None = None
    seed: int = 0
    device: DeviceChoice = "auto"
    image_column: str | None = None
    group_column: str | None = None
    fine_tune: bool = False


def check_choices(options: TrainingOptions) -> str:
    """The backbone to use, after checking that what is asked for is there."""
    if options.architecture not in ARCHITECTURES:
        raise MMRiskError(f"There is no architecture '{options.architecture}'. Use {', '.join(ARCHITECTURES)}.")
    backbone = options.backbone
    if backbone == "auto":
        from_scratch = options.architecture == "concat" and not options.fine_tune
        backbone = "basic_cnn" if from_scratch else "efficientnet_lite0"
    encoder = encoder_class(backbone)
    if encoder is None and backbone not in TRAINED_BACKBONES:
        raise MMRiskError(_unknown(backbone))
    if options.folds < 2:
        raise MMRiskError(f"At least 2 folds are needed; {options.folds} were asked for.")
    if options.prevalence is not None and not 0 < options.prevalence < 1:
        raise MMRiskError(
            f"The prevalence is the share of high-risk tiles, between 0 and 1; {options.prevalence:g} was given."
        )
    if not options.context or min(options.context) < 1:
        raise MMRiskError("The context is a list of multiples of the tile, each at least 1, such as 1,3.")
    if options.weights and not (encoder and encoder.takes_weights):
        raise MMRiskError(
            f"The backbone '{backbone}' takes no weights file: leave WEIGHTS empty, or choose the backbone that they are of."
        )
    if options.fine_tune and not can_be_fine_tuned(backbone):
        raise MMRiskError(
            f"The backbone '{backbone}' has no pretrained last stage that could be fine-tuned. Choose efficientnet_lite0 or "
            "a ResNet, ResNeXt, EfficientNet or ConvNeXt of torchvision, or train without fine-tuning (FINE_TUNE)."
        )
    return backbone


def _unknown(backbone: str) -> str:
    from mmrisk_core.encoders.torchvision_classifier import torchvision_names

    own = (*TRAINED_BACKBONES, *FROZEN_ENCODERS)
    similar = difflib.get_close_matches(backbone, (*own, *torchvision_names()), n=3, cutoff=0.5)
    meant = f" Did you mean {' or '.join(similar)}?" if similar else ""
    return (
        f"There is no backbone '{backbone}'.{meant} Use {', '.join(own)}, or a classifier of torchvision by its name, such "
        "as resnet34, convnext_tiny or vit_b_16."
    )
