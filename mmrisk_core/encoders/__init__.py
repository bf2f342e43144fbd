"""Frozen image encoders, by registered name; any other name is that of a classifier of torchvision.

Torchvision loads the compiler of torch, which takes seconds: it is imported where a network of its is asked for.
"""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from mmrisk_core.encoders.base import FrozenEncoder, PictureEncoder
from mmrisk_core.encoders.last_stage import LastStage, early_activations, make_last_stage
from mmrisk_core.encoders.rcf import RandomConvolutionalFeatures, fit_rcf

__all__ = [
    "FROZEN_ENCODERS",
    "FrozenEncoder",
    "LastStage",
    "PictureEncoder",
    "can_be_fine_tuned",
    "early_activations",
    "encoder_class",
    "fit_rcf",
    "is_random",
    "make_frozen_encoder",
    "make_last_stage",
    "restore_frozen_encoder",
]

RANDOM = "none"
"""In the place of a weights file: the encoder begins at random."""

FROZEN_ENCODERS = ("efficientnet_lite0", "rcf")
"""The names of those that the engine brings."""


def encoder_class(name: str) -> type[FrozenEncoder] | None:
    """The class of the frozen encoder ``name``; None where there is no such encoder."""
    if name == "rcf":
        return RandomConvolutionalFeatures
    if name == "efficientnet_lite0":
        from mmrisk_core.encoders.efficientnet_lite0 import EfficientNetLite0

        return EfficientNetLite0
    from mmrisk_core.encoders.torchvision_classifier import TorchvisionClassifier, torchvision_names

    return TorchvisionClassifier if name in torchvision_names() else None


def can_be_fine_tuned(name: str) -> bool:
    """Whether the encoder ``name`` has a last stage that can be told and trained."""
    if name in FROZEN_ENCODERS:
        return name == "efficientnet_lite0"
    from mmrisk_core.encoders.torchvision_classifier import has_last_stage, torchvision_names

    return name in torchvision_names() and has_last_stage(name)


def make_frozen_encoder(name: str, weights: str | Path | None = None, seed: int = 0) -> FrozenEncoder:
    """The frozen encoder ``name`` with its weights; ``rcf`` has none, and is fitted by :func:`fit_rcf`.

    :param weights: a file for encoders that take one; without it they look in torch's cache. ``none`` makes them at random.
    :param seed: of an encoder that is made at random.
    :raises MMRiskError: when weights are missing or do not fit.
    """
    if name == "efficientnet_lite0":
        from mmrisk_core.encoders.efficientnet_lite0 import EfficientNetLite0

        return EfficientNetLite0().to(memory_format=torch.channels_last)
    from mmrisk_core.encoders.torchvision_classifier import pretrained_classifier, random_classifier

    encoder = random_classifier(name, seed) if is_random(weights) else pretrained_classifier(name, weights)
    return encoder.to(memory_format=torch.channels_last)


def is_random(weights: str | Path | None) -> bool:
    """Whether an encoder is to begin at random, for which ``weights`` says ``none`` in the place of a file."""
    return str(weights).strip().lower() == RANDOM if weights else False


def restore_frozen_encoder(name: str, config: dict[str, Any], state: dict[str, Tensor]) -> FrozenEncoder:
    """The frozen encoder ``name`` with ``config`` as a model file keeps it.

    :param state: its tensors, empty where they come with the engine's packages.
    :raises RuntimeError, ValueError, KeyError, TypeError: when these do not belong together.
    """
    if name == "efficientnet_lite0":
        if state or config:
            raise ValueError(f"{name} comes with the engine, and the model file brings another")
        return make_frozen_encoder(name)
    encoder = _empty_encoder(name, config, sum(tensor.numel() for tensor in state.values()))
    expected = encoder.state_dict()
    for key, tensor in state.items():
        if key in expected and tensor.dtype != expected[key].dtype:
            raise ValueError(f"{key} is {tensor.dtype}, not {expected[key].dtype}")
    named = OrderedDict(state)
    # MNASNet asks of which version its tensors are, which model files do not keep: they are of the layers as they are now.
    named._metadata = getattr(expected, "_metadata")  # type: ignore[attr-defined]  # noqa: B009
    encoder.load_state_dict(named, strict=True, assign=True)
    return encoder.to(memory_format=torch.channels_last)


def _empty_encoder(name: str, config: dict[str, Any], brought: int) -> FrozenEncoder:
    """An encoder without memory for its tensors, so that a file cannot ask for more than the ``brought`` numbers."""
    if name == "rcf":
        with torch.device("meta"):
            return RandomConvolutionalFeatures(config)
    from mmrisk_core.encoders.torchvision_classifier import COMPUTED, TorchvisionClassifier, min_elements

    if name.startswith(COMPUTED) and brought < min_elements(name):
        raise ValueError(f"{name} is larger than what the model file brings of it")
    # Widths of these are computed with tensors, which the meta device cannot.
    with torch.device("cpu" if name.startswith(COMPUTED) else "meta"):
        return TorchvisionClassifier(name, config)
