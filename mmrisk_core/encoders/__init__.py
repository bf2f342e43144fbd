"""Frozen image encoders, by registered name."""

from __future__ import annotations

import torch

from mmrisk_core.encoders.base import FrozenEncoder
from mmrisk_core.encoders.efficientnet_lite0 import EfficientNetLite0

__all__ = ["FROZEN_ENCODERS", "FrozenEncoder", "make_frozen_encoder"]

FROZEN_ENCODERS: dict[str, type[FrozenEncoder]] = {"efficientnet_lite0": EfficientNetLite0}


def make_frozen_encoder(name: str) -> FrozenEncoder:
    """The frozen encoder registered as ``name``, with its weights."""
    return FROZEN_ENCODERS[name]().to(memory_format=torch.channels_last)
