"""Parts of a picture that show nothing, though the file does not say so."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from mmrisk_core.arrays import AnyArray, BoolArray

BLANK_SIDE = 16
"""Pixels; no roof or car park is so evenly white or black over so large a square."""


def blank_areas(pixels: AnyArray) -> BoolArray:
    """Where all bands are purely white, or all purely black, over a square of 16 pixels at the least, (h, w).

    What lies beyond the border counts as blank. Only bytes can be so.

    :param pixels: (bands, h, w).
    """
    if pixels.dtype != np.uint8:
        return np.zeros(pixels.shape[1:], dtype=bool)
    blank = np.zeros(pixels.shape[1:], dtype=bool)
    for value in (0, 255):
        same = (pixels == value).all(axis=0)
        if same.any():
            wide = np.pad(same, BLANK_SIDE, constant_values=True)
            opened = ndimage.binary_opening(wide, np.ones((BLANK_SIDE, BLANK_SIDE), dtype=bool))
            blank |= opened[BLANK_SIDE:-BLANK_SIDE, BLANK_SIDE:-BLANK_SIDE] & same
    return blank
