"""How to train: what may be chosen, and whether the choices go together."""

from __future__ import annotations

import difflib
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, field_validator

from mmrisk_core.architectures import ARCHITECTURES, TRAINED_BACKBONES
from mmrisk_core.bundle.manifest import ValidationMethod
from mmrisk_core.compute.devices import DeviceChoice
from mmrisk_core.encoders import FROZEN_ENCODERS, can_be_fine_tuned, encoder_class
from mmrisk_core.errors import InputError

ArchitectureName = Literal["stacked", "concat", "gated", "film"]
BackboneName = Literal["auto", "basic_cnn", "resnet34", "efficientnet_lite0", "rcf"]


class TrainingOptions(BaseModel):
    """How to train; None leaves the choice to the program."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    context: tuple[float, ...] = Field(
        (1.0,), description="side of the image window as a multiple of the tile's, one image for each"
    )
    image_pixels: int = Field(196, ge=32, le=1024, description="side of an image in pixels")
    architecture: ArchitectureName = Field("stacked", description="how image and attributes are fused")
    backbone: BackboneName | str = Field(
        "auto",
        description=f"image encoder: {', '.join(get_args(BackboneName))}, or a classifier of torchvision by its name",
    )
    weights: str | None = Field(
        None,
        description="file with weights of an encoder of torchvision; without it they are looked for in torch's cache; none "
        "starts the encoder at random",
    )
    later_label: str | None = Field(None, description="field with the label of a later period, to be judged on as well")
    prevalence: float | None = Field(
        None, gt=0, lt=1, description="share of high-risk tiles, if the labelled ones were chosen by their label"
    )
    validation: ValidationMethod = Field("spatial", description="how the model is checked")
    folds: int = Field(5, ge=2, le=20, description="number of folds")
    block_size: float | None = Field(None, gt=0, description="side of a spatial block in metres")
    epochs: int | None = Field(None, ge=1, description="most passes over the tiles")
    batch_size: int | None = Field(None, ge=1, description="tiles in one step")
    learning_rate: float | None = Field(None, gt=0, description="learning rate")
    seed: int = Field(0, ge=0, description="same seed, same model")
    device: DeviceChoice = Field("auto", description="where to compute")
    image_column: str | None = Field(
        None, description="field with the path of a ready-made picture for each tile or row, as one more image"
    )
    group_column: str | None = Field(
        None, description="field that tells related rows, such as those of a county, which stay in one fold"
    )
    fine_tune: bool = Field(False, description="train the last stage of a pretrained image encoder too, true or false")

    @field_validator("context")
    @classmethod
    def _at_least_the_tile(cls, context: tuple[float, ...]) -> tuple[float, ...]:
        if not context or min(context) < 1:
            raise ValueError("the context is a list of multiples of the tile, each at least 1, such as 1,3")
        return context


def check_choices(options: TrainingOptions) -> str:
    """The backbone to use, after checking that what is asked for is there."""
    if options.architecture not in ARCHITECTURES:
        raise InputError(f"There is no architecture '{options.architecture}'. Use {', '.join(ARCHITECTURES)}.")
    backbone = options.backbone
    if backbone == "auto":
        from_scratch = options.architecture == "concat" and not options.fine_tune
        backbone = "basic_cnn" if from_scratch else "efficientnet_lite0"
    encoder = encoder_class(backbone)
    if encoder is None and backbone not in TRAINED_BACKBONES:
        raise InputError(_unknown(backbone))
    if options.folds < 2:
        raise InputError(f"At least 2 folds are needed; {options.folds} were asked for.")
    if options.prevalence is not None and not 0 < options.prevalence < 1:
        raise InputError(
            f"The prevalence is the share of high-risk tiles, between 0 and 1; {options.prevalence:g} was given."
        )
    if not options.context or min(options.context) < 1:
        raise InputError("The context is a list of multiples of the tile, each at least 1, such as 1,3.")
    if options.weights and not (encoder and encoder.takes_weights):
        raise InputError(
            f"The backbone '{backbone}' takes no weights file: leave WEIGHTS empty, or choose the backbone that they are of."
        )
    if options.fine_tune and not can_be_fine_tuned(backbone):
        raise InputError(
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
