"""How to train: what may be chosen, and whether the choices go together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mmrisk_core.architectures import ARCHITECTURES, TRAINED_BACKBONES
from mmrisk_core.devices import DeviceChoice
from mmrisk_core.encoders import FROZEN_ENCODERS
from mmrisk_core.errors import MMRiskError
from mmrisk_core.manifest import Validation

ArchitectureName = Literal["stacked", "concat", "gated", "film"]
BackboneName = Literal["auto", "basic_cnn", "resnet34", "efficientnet_lite0", "rcf"]


@dataclass(frozen=True)
class TrainingOptions:
    """How to train; None leaves the choice to the program.

    :param context: side of the image window as a multiple of the tile's, one image per value.
    :param image_pixels: side of an image in pixels.
    :param block_size: side of a spatial block in metres.
    """

    context: tuple[float, ...] = (1.0,)
    image_pixels: int = 196
    architecture: ArchitectureName = "stacked"
    backbone: BackboneName = "auto"
    weights: str | None = None
    validation: Validation = "spatial"
    folds: int = 5
    block_size: float | None = None
    epochs: int | None = None
    batch_size: int | None = None
    learning_rate: float | None = None
    seed: int = 0
    device: DeviceChoice = "auto"


def check_choices(options: TrainingOptions) -> str:
    """The backbone to use, after checking that what is asked for is there."""
    if options.architecture not in ARCHITECTURES:
        raise MMRiskError(f"There is no architecture '{options.architecture}'. Use {', '.join(ARCHITECTURES)}.")
    known = (*TRAINED_BACKBONES, *FROZEN_ENCODERS)
    backbone: str = options.backbone
    if backbone == "auto":
        backbone = "basic_cnn" if options.architecture == "concat" else "efficientnet_lite0"
    if backbone not in known:
        raise MMRiskError(f"The backbone '{backbone}' is not available in this version. Use {' or '.join(known)}.")
    if options.folds < 2:
        raise MMRiskError(f"At least 2 folds are needed; {options.folds} were asked for.")
    if not options.context or min(options.context) < 1:
        raise MMRiskError("The context is a list of multiples of the tile, each at least 1, such as 1,3.")
    if options.weights:
        raise MMRiskError(f"The backbone '{backbone}' takes no weights file: leave WEIGHTS empty.")
    return backbone
