"""A model that sees roads: network, and what is known of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import torch
from pydantic import Field, model_validator
from torch import Tensor

from mmrisk_core.arrays import AnyArray, BoolArray, ByteArray
from mmrisk_core.bundle.header import Upgrade
from mmrisk_core.bundle.manifest import ManifestPart
from mmrisk_core.imagery import MAX_BANDS
from mmrisk_core.roads.scores import Counts
from mmrisk_core.roads.unet import RoadBackbone, UNet
from mmrisk_core.wording import counted

ROAD_SCHEMA_VERSION: Literal[1] = 1
ROAD_UPGRADES: dict[int, Upgrade] = {}
"""From each older schema version to the next."""


class RoadScores(ManifestPart):
    """How right a mask is; relaxed ones allow for 3 pixels (Mnih 2013)."""

    iou: float = Field(ge=0, le=1)
    precision: float = Field(ge=0, le=1)
    recall: float = Field(ge=0, le=1)
    f1: float = Field(ge=0, le=1)

    @classmethod
    def of(cls, counts: Counts) -> RoadScores:
        """The scores of the pixels in ``counts``."""
        return cls(iou=counts.iou, precision=counts.precision, recall=counts.recall, f1=counts.f1)


class RoadProvenance(ManifestPart):
    """Where, when and with what the model was trained.

    :param images, roads: what the layers were called; the road layer is None where masks were given.
    :param blocks: how many squares of imagery were learnt from, stopped by and judged on.
    """

    images: tuple[str, ...]
    roads: str | None
    road_width: float | None
    width_field: str | None
    class_widths: str | None = None
    crs: str | None
    blocks: tuple[int, int, int]
    block_pixels: int
    seed: int
    created: str
    device: str
    versions: dict[str, str]


class RoadManifest(ManifestPart):
    """Everything in the file of a road model but its tensors.

    :param low, high: the values of each band that become -1 and 1.
    :param threshold: the probability from which a pixel is road, chosen on blocks that were not learnt from.
    :param scores: on blocks that neither training nor threshold has seen.
    :param baselines: the same of simpler ways, by name.
    """

    schema_version: Literal[1] = ROAD_SCHEMA_VERSION
    backbone: RoadBackbone
    pretrained: bool
    bands: int = Field(ge=1, le=MAX_BANDS)
    band_names: tuple[str, ...]
    dtype: Literal["uint8", "float32"]
    low: tuple[float, ...]
    high: tuple[float, ...]
    metres_per_pixel: float = Field(gt=0)
    threshold: float = Field(gt=0, lt=1)
    scores: RoadScores
    baselines: dict[str, RoadScores]
    provenance: RoadProvenance

    @model_validator(mode="after")
    def _one_contrast_per_band(self) -> RoadManifest:
        if not len(self.low) == len(self.high) == len(self.band_names) == self.bands:
            raise ValueError(f"names and contrasts of {counted(len(self.low), 'band')} for {self.bands}")
        if any(low >= high for low, high in zip(self.low, self.high, strict=True)):
            raise ValueError("a band has no contrast")
        return self


@dataclass(frozen=True)
class RoadExample:
    """A held-out block to look at: ``picture`` (h, w, 3) uint8, ``truth`` and ``mask`` (h, w)."""

    picture: ByteArray
    truth: ByteArray
    mask: BoolArray


@dataclass(frozen=True)
class RoadModel:
    """A trained U-Net, ``network``, and what is known of it, ``manifest``.

    :param examples: held-out blocks; only straight from training.
    """

    manifest: RoadManifest
    network: UNet
    examples: tuple[RoadExample, ...] = ()


def to_input(pixels: AnyArray, shows: BoolArray, low: tuple[float, ...], high: tuple[float, ...]) -> Tensor:
    """Pixels (bands, h, w) as the network takes them: stretched to -1..1, and 0 where nothing shows."""
    first, last = (np.asarray(v, dtype=np.float32)[:, None, None] for v in (low, high))
    stretched = np.clip((pixels.astype(np.float32) - first) / (last - first) * 2 - 1, -1, 1)
    return torch.from_numpy(np.where(shows, stretched, np.float32(0)))


@torch.inference_mode()
def road_probability(network: UNet, images: Tensor, device: torch.device) -> npt.NDArray[np.float32]:
    """The probability of road, (n, h, w), from images (n, bands, h, w) as :func:`to_input` gives them."""
    return np.asarray(torch.sigmoid(network(images.to(device))).float().cpu().numpy())
