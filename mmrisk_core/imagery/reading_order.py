"""In which order tiles are read, and by which thread, so that each block of a file is decoded once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mmrisk_core.arrays import FloatArray, IntArray
from mmrisk_core.imagery.raster_view import RasterView

CACHE_BYTES = 96 * 2**20
BATCH_BYTES = 32 * 2**20
MIN_BATCH, MAX_BATCH = 16, 64
FEW = 32


@dataclass(frozen=True)
class Batch:
    """Tiles that are read together.

    :param rows: their positions.
    :param lane: the thread that reads them; one thread reads what lies side by side in the file.
    """

    rows: IntArray
    lane: int


def plan_reading_order(
    centres: FloatArray, views: Sequence[RasterView], pixels: Sequence[int], lanes: int
) -> list[Batch]:
    """Batches of tiles, row by row from the north, each thread in a part of its own.

    The parts are stripes from north to south, in which GDAL's cache keeps the few blocks that the next row of tiles needs
    again; of a file whose blocks are as wide as itself they are bands from west to east.

    :param centres: (n, 2) middles of the tiles in the reading CRS.
    :param views: of the rasters that the tiles are read from.
    :param pixels: side of the chips of each view.
    :param lanes: number of threads.
    """
    if len(centres) == 0:
        return []
    known = np.where(np.isfinite(centres), centres, 0.0)
    x, y = known[:, 0], -known[:, 1]
    part = _parts(x, y, views, lanes)
    chip = max(view.info.bands.bytes_per_pixel * side * side for view, side in zip(views, pixels, strict=True))
    most = int(np.clip(BATCH_BYTES // chip, 1, MAX_BATCH))
    order = np.lexsort((x, y, part))
    begins = np.flatnonzero(np.diff(part[order], prepend=-1))
    cut = [_batches(rows, y, most) for rows in np.split(order, begins[1:])]
    # The threads take turns: batch k of each of their parts, then batch k + 1.
    batches: list[Batch] = []
    for first in range(0, len(cut), lanes):
        together = cut[first : first + lanes]
        for k in range(max(map(len, together))):
            batches += [Batch(rows[k], lane) for lane, rows in enumerate(together) if k < len(rows)]
    return batches


def plan_in_order(count: int, bytes_per_chip: int, lanes: int) -> list[Batch]:
    """Batches of ``count`` pictures that are files of their own, in their order; ``lanes`` threads take turns.

    :param bytes_per_chip: memory of one picture, which limits a batch.
    """
    most = int(np.clip(BATCH_BYTES // bytes_per_chip, 1, MAX_BATCH))
    starts = range(0, count, most)
    return [Batch(np.arange(i, min(i + most, count)), number % lanes) for number, i in enumerate(starts)]


def _parts(x: FloatArray, y: FloatArray, views: Sequence[RasterView], lanes: int) -> IntArray:
    """The part that each tile belongs to, 0 and up; as many tiles in each as can be."""
    if len(x) <= FEW:
        return np.zeros(len(x), dtype=np.int64)
    width = max(float(x.max() - x.min()), 1e-9)
    room = min(_stripe_width(view, lanes) for view in views)
    stripes = max(lanes, lanes * int(np.ceil(width / room / lanes)))
    wide_blocks = any(view.frame.block[1] * view.frame.transform.a > width / stripes for view in views)
    place, count = (y, lanes) if wide_blocks or len(np.unique(x)) < 2 * lanes else (x, stripes)
    edges = np.quantile(place, np.arange(1, count) / count)
    _, part = np.unique(np.searchsorted(edges, place, side="right"), return_inverse=True)
    return np.asarray(part, dtype=np.int64)


def _stripe_width(view: RasterView, lanes: int) -> float:
    """How wide, in units of the reading CRS, a stripe may be for its blocks to stay in GDAL's cache."""
    windows = view.windows[view.inside]
    tallest = float(np.median(windows[:, 3] - windows[:, 1])) if len(windows) else 0.0
    rows = 2 * view.frame.block[0] + tallest
    cols = max(CACHE_BYTES / lanes / (view.info.bands.bytes_per_pixel * rows), 4 * view.frame.block[1])
    return float(cols * view.frame.transform.a)


def _batches(rows: IntArray, y: FloatArray, most: int) -> list[IntArray]:
    """Cut ``rows`` into batches of at most ``most``, where a new row of tiles begins if that leaves enough."""
    new_row = np.flatnonzero(np.diff(y[rows]) > 0) + 1
    batches = []
    start = 0
    while start < len(rows):
        stop = min(start + most, len(rows))
        ends = new_row[(new_row >= start + min(MIN_BATCH, most)) & (new_row <= stop)]
        stop = int(ends[0]) if ends.size else stop
        batches.append(rows[start:stop])
        start = stop
    return batches
