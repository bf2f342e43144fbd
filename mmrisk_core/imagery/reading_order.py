"""In which order tiles are read, so that each part of a file is decoded once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mmrisk_core.imagery.view import RasterView
from mmrisk_core.imagery.windows import FloatArray, IntArray

CACHE_BYTES = 64 * 2**20
BATCH_BYTES = 32 * 2**20
MAX_BATCH = 64


@dataclass(frozen=True)
class ReadingOrder:
    """The positions of all tiles in the order in which they are read, and how many are read at a time."""

    rows: IntArray
    batch: int

    def batches(self) -> list[IntArray]:
        """The positions of the tiles of each batch."""
        return [self.rows[i : i + self.batch] for i in range(0, len(self.rows), self.batch)]


def plan_reading_order(centres: FloatArray, views: Sequence[RasterView], pixels: Sequence[int]) -> ReadingOrder:
    """Row by row from the north, in stripes narrow enough for the decoded blocks of two rows to be kept in memory.

    :param centres: (n, 2) middles of the tiles in the reading CRS.
    :param pixels: side of the chips of each view.
    """
    stripe = min(_stripe_width(view) for view in views)
    known = np.where(np.isfinite(centres), centres, 0.0)
    number = np.floor((known[:, 0] - known[:, 0].min()) / stripe) if len(known) else known[:, 0]
    rows = np.lexsort((known[:, 0], -known[:, 1], number))
    chip = max(view.info.bands.bytes_per_pixel * side * side for view, side in zip(views, pixels, strict=True))
    return ReadingOrder(rows, int(np.clip(BATCH_BYTES // chip, 1, MAX_BATCH)))


def _stripe_width(view: RasterView) -> float:
    """In units of the reading CRS."""
    windows = view.windows[view.inside]
    tallest = float(np.median(windows[:, 3] - windows[:, 1])) if len(windows) else 0.0
    rows = 2 * view.frame.unit[0] + tallest
    cols = max(CACHE_BYTES / (view.info.bands.bytes_per_pixel * rows), view.frame.unit[1])
    return cols * view.frame.transform.a
