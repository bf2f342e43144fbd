"""Frozen image encoders, by registered name; any other name is that of a classifier of torchvision."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from mmrisk_core.encoders.base import FrozenEncoder, PictureEncoder
from mmrisk_core.encoders.efficientnet_lite0 import EfficientNetLite0
from mmrisk_core.encoders.last_stage import LastStage, make_last_stage, see_early
from mmrisk_core.encoders.rcf import RandomConvolutionalFeatures, fit_rcf
from mmrisk_core.encoders.torchvision_classifier import (
    COMPUTED,
    TorchvisionClassifier,
    has_last_stage,
    least_elements,
    pretrained_classifier,
    torchvision_names,
)

__all__ = [
    "FROZEN_ENCODERS",
    "FrozenEncoder",
    "LastStage",
    "PictureEncoder",
    "can_be_fine_tuned",
    "encoder_class",
    "fit_rcf",
    "make_frozen_encoder",
    "make_last_stage",
    "restore_frozen_encoder",
    "see_early",
    "torchvision_names",
]

FROZEN_ENCODERS: dict[str, type[FrozenEncoder]] = {
    "efficientnet_lite0": EfficientNetLite0,
    "rcf": RandomConvolutionalFeatures,
}


def encoder_class(name: str) -> type[FrozenEncoder] | None:
    """The class of the frozen encoder ``name``; None where there is no such encoder."""
    if name in FROZEN_ENCODERS:
        return FROZEN_ENCODERS[name]
    return TorchvisionClassifier if name in torchvision_names() else None


def can_be_fine_tuned(name: str) -> bool:
    """Whether the encoder ``name`` has a last stage that can be told and trained."""
    return name == "efficientnet_lite0" or (name in torchvision_names() and has_last_stage(name))


def make_frozen_encoder(name: str, weights: str | Path | None = None) -> FrozenEncoder:
    """The frozen encoder ``name`` with its weights; ``rcf`` has none, and is fitted by :func:`fit_rcf`.

    :param weights: a file for encoders that take one; without it they look in torch's cache.
    :raises MMRiskError: when weights are missing or do not fit.
    """
    encoder = EfficientNetLite0() if name == "efficientnet_lite0" else pretrained_classifier(name, weights)
    return encoder.to(memory_format=torch.channels_last)


def restore_frozen_encoder(name: str, config: dict[str, Any], state: dict[str, Tensor]) -> FrozenEncoder:
    """The frozen encoder ``name`` as a model file keeps it.

    :param state: its tensors, empty where they come with the engine's packages.
    :raises RuntimeError, ValueError, KeyError, TypeError: when these do not belong together.
    """
    encoder: FrozenEncoder
    if name == "efficientnet_lite0":
        if state or config:
            raise ValueError(f"{name} comes with the engine, and the model file brings another")
        return EfficientNetLite0().to(memory_format=torch.channels_last)
    if name.startswith(COMPUTED) and sum(tensor.numel() for tensor in state.values()) < least_elements(name):
        raise ValueError(f"{name} is larger than what the model file brings of it")
    # Without memory for its tensors, so that a file cannot ask for more than it brings.
    with torch.device("cpu" if name.startswith(COMPUTED) else "meta"):
        encoder = RandomConvolutionalFeatures(config) if name == "rcf" else TorchvisionClassifier(name, config)
    expected = encoder.state_dict()
    for key, tensor in state.items():
        if key in expected and tensor.dtype != expected[key].dtype:
            raise ValueError(f"{key} is {tensor.dtype}, not {expected[key].dtype}")
    named = OrderedDict(state)
    # MNASNet asks of which version its tensors are, which model files do not keep: they are of the layers as they are now.
    named._metadata = getattr(expected, "_metadata")  # type: ignore[attr-defined]  # noqa: B009
    encoder.load_state_dict(named, strict=True, assign=True)
    return encoder.to(memory_format=torch.channels_last)
