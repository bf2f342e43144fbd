"""Windows of any size -> chips of a fixed number of pixels."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from mmrisk_core.arrays import ByteArray, IntArray
from mmrisk_core.imagery.bands import Mask, Pixels

MIN_VALID = 0.5

Taps = tuple[IntArray, npt.NDArray[np.float32]]


def resample(pixels: Pixels, valid: Mask | None, out: Pixels, out_valid: ByteArray) -> None:
    """Fill ``out`` (bands, p, p) and ``out_valid`` (masks, p, p) from a window (bands, h, w) and its masks (masks, h, w).

    Shrinking takes the mean over the area of each new pixel, enlarging interpolates linearly; invalid pixels count for
    nothing, and a new pixel is valid where at least half of its area is.
    """
    height, width = pixels.shape[1:]
    side = out.shape[-1]
    if height == side == width:
        out[:] = pixels if valid is None else np.where(valid, pixels, 0)
        out_valid[:] = 1 if valid is None else valid
        return
    if valid is None:
        mean = _along_width(_along_height(pixels.astype(np.float32), side), side)
        out[:] = _as_type(mean, out.dtype)
        out_valid[:] = 1
        return
    weight = valid.astype(np.float32)
    total = _along_width(_along_height(np.where(valid, pixels, 0).astype(np.float32), side), side)
    share = _along_width(_along_height(weight, side), side)
    kept = share >= MIN_VALID
    out[:] = _as_type(np.where(kept, total / np.where(kept, share, 1), 0), out.dtype)
    out_valid[:] = kept


def shrink_rows(pixels: Pixels, side: int) -> npt.NDArray[np.float32]:
    """(bands, h, w) -> (bands, h, side), each row for itself; so that a window can be read in parts."""
    return _along_width(pixels.astype(np.float32), side)


def shrink_columns(rows: npt.NDArray[np.float32], side: int) -> npt.NDArray[np.float32]:
    """(bands, h, side) -> (bands, side, side)."""
    return _along_height(rows, side)


def _as_type(values: npt.NDArray[np.float32], dtype: np.dtype[np.generic]) -> Pixels:
    return np.rint(values) if dtype == np.uint8 else values


def _along_height(pixels: npt.NDArray[np.float32], side: int) -> npt.NDArray[np.float32]:
    if pixels.shape[1] == side:
        return pixels
    indexes, weights = _taps(pixels.shape[1], side)
    result = np.zeros((pixels.shape[0], side, pixels.shape[2]), dtype=np.float32)
    for index, weight in zip(indexes, weights, strict=True):
        result += pixels[:, index] * weight[:, None]
    return result


def _along_width(pixels: npt.NDArray[np.float32], side: int) -> npt.NDArray[np.float32]:
    if pixels.shape[2] == side:
        return pixels
    indexes, weights = _taps(pixels.shape[2], side)
    result = np.zeros((*pixels.shape[:2], side), dtype=np.float32)
    for index, weight in zip(indexes, weights, strict=True):
        result += np.take(pixels, index, axis=2) * weight
    return result


@lru_cache(maxsize=256)
def _taps(length: int, side: int) -> Taps:
    """For each of ``side`` new pixels which of ``length`` old ones it is made of, and their weights, (k, side)."""
    scale = length / side
    if scale > 1:
        start = np.arange(side) * scale
        first = np.floor(start).astype(np.int64)
        index = first + np.arange(int(np.ceil(scale)) + 1)[:, None]
        overlap = np.minimum(index + 1, start + scale) - np.maximum(index, start)
        weight = np.maximum(overlap, 0) / scale
    else:
        middle = (np.arange(side) + 0.5) * scale - 0.5
        first = np.floor(middle).astype(np.int64)
        index = np.stack([first, first + 1])
        weight = np.stack([first + 1 - middle, middle - first])
    return np.clip(index, 0, length - 1), weight.astype(np.float32)
