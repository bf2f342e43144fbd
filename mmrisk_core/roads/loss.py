"""What the network is trained by: right pixels, and the right share of road among them."""

from __future__ import annotations

import numpy as np
import torch
from scipy import ndimage
from torch import Tensor
from torch.nn import functional

from mmrisk_core.arrays import BoolArray, ByteArray

UNKNOWN = 255
"""The label of a pixel that nothing is known of."""

Label = ByteArray


def road_loss(logits: Tensor, label: Tensor) -> Tensor:
    """Binary cross entropy plus soft Dice (Milletari 2016) over the pixels that are known, of the whole batch.

    Dice does not care for how rare roads are, which cross entropy alone would answer by drawing too few.

    :param logits, label: (n, h, w); the label is 0, 1 or :data:`UNKNOWN`.
    """
    known = label != UNKNOWN
    truth, logits = label[known].to(logits.dtype), logits[known]
    if truth.numel() == 0:
        return logits.sum()
    road = torch.sigmoid(logits)
    dice = (2 * (road * truth).sum() + 1) / (road.sum() + truth.sum() + 1)
    return functional.binary_cross_entropy_with_logits(logits, truth) + 1 - dice


def without_edges(label: Label, pixels: int) -> Label:
    """The label with what lies within ``pixels`` of the edge of a road unknown, as lines are never quite in place.

    Of a road too narrow to have a middle, all stays road.
    """
    if pixels == 0:
        return label
    # A line of which everything is edge would not be learnt at all.
    disk = _disk(pixels)
    road = label == 1
    middle = ndimage.binary_erosion(road, disk, border_value=1)
    inner_edge = ndimage.binary_dilation(middle, disk) & road & ~middle
    outer_edge = ndimage.binary_dilation(road, disk) & ~road
    return np.where(inner_edge | outer_edge, np.uint8(UNKNOWN), label)


def _disk(radius: int) -> BoolArray:
    rows, cols = np.ogrid[-radius : radius + 1, -radius : radius + 1]
    return np.asarray(rows**2 + cols**2 <= radius**2)
