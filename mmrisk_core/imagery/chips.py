"""Chips of tiles, read ahead by several threads, each block of the file decoded once."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import geopandas as gpd
import numpy as np
from numpy.lib.stride_tricks import as_strided

from mmrisk_core.arrays import BoolArray, ByteArray, FloatArray, IntArray
from mmrisk_core.errors import InputError
from mmrisk_core.geo.apart import Place, apart
from mmrisk_core.geo.frames import title_of
from mmrisk_core.imagery.bands import Pixels
from mmrisk_core.imagery.raster_source import RasterSource, as_source, describe_raster
from mmrisk_core.imagery.raster_view import RasterView
from mmrisk_core.imagery.reading_order import Batch, plan_reading_order
from mmrisk_core.imagery.resampling import MIN_VALID, resample, shrink_columns, shrink_rows
from mmrisk_core.imagery.tile_windows import reading_crs, square_windows
from mmrisk_core.progress import NO_PROGRESS, Progress
from mmrisk_core.wording import counted

THREADS = min(8, os.cpu_count() or 2)
LARGE_WINDOW = 4_000_000
PART_PIXELS = 1_000_000
RUN_PIXELS = 8_000_000


@dataclass(frozen=True)
class Chips:
    """Chips of tiles from one image input.

    :param pixels: (n, bands, pixels, pixels), uint8 or float32; 0 where there is no data. It may be a view in which chips
        share memory: copy it before writing to it.
    :param has_data: (n, masks, pixels, pixels), 1 where the raster has data; one mask for each band or one for all;
        read-only.
    """

    pixels: Pixels
    has_data: ByteArray

    @cached_property
    def valid(self) -> ByteArray:
        """(n, pixels, pixels), 1 where some band has data; read-only."""
        return self.has_data[:, 0] if self.has_data.shape[1] == 1 else self.has_data.max(axis=1)

    @cached_property
    def coverage(self) -> FloatArray:
        """Share of valid pixels of each chip, (n,)."""
        return np.asarray(self.valid.mean(axis=(1, 2)))

    @cached_property
    def own_gaps(self) -> FloatArray:
        """Share of each band's gaps in the valid pixels of all chips, (masks,)."""
        known = max(1, int(self.valid.sum(dtype=np.int64)))
        return np.asarray(1 - self.has_data.sum(axis=(0, 2, 3), dtype=np.int64) / known)


class ChipReader:
    """Reads chips of ``tiles`` from one raster, ``source``. Used as a context manager, which closes the file.

    :param pixels: side of a chip in pixels.
    :param context: side of the window as a multiple of the tile's.
    :raises MMRiskError: when the raster cannot be read.
    """

    def __init__(
        self, tiles: gpd.GeoDataFrame, source: RasterSource | str | Path, *, pixels: int, context: float = 1.0
    ) -> None:
        self.source = as_source(source)
        self.pixels = pixels
        windows = square_windows(tiles, context)
        self.centres = (windows[:, :2] + windows[:, 2:]) / 2
        self.view = RasterView(describe_raster(self.source), reading_crs(tiles), windows, pixels)

    def __enter__(self) -> ChipReader:
        return self

    def __exit__(self, *_: object) -> None:
        self.view.__exit__()

    @property
    def inside(self) -> BoolArray:
        """Which tiles the raster may cover, (n,)."""
        return self.view.inside

    def iterate(self, batches: Sequence[Batch], pool: ReadingPool) -> Iterator[tuple[IntArray, Chips]]:
        """The chips of each of ``batches``, read by ``pool`` some batches before they are asked for."""
        return read_ahead(self.read, batches, pool)

    def read(self, rows: IntArray) -> Chips:
        """The chips of the tiles at positions ``rows``, (n,); neighbours of one row are read together."""
        runs = self._runs(rows)
        if len(runs) == 1:
            whole = self._as_views(rows)
            if whole is not None:
                return whole
        bands = self.view.info.bands
        chips = np.zeros((len(rows), len(bands.names), self.pixels, self.pixels), dtype=bands.dtype)
        valid = np.zeros((len(rows), bands.masks, self.pixels, self.pixels), dtype=np.uint8)
        for run in runs:
            self._read_run(self.view.windows[rows[run]], chips[run], valid[run])
        return Chips(chips, valid)

    def _runs(self, rows: IntArray) -> list[slice]:
        """Neighbours that touch or overlap and lie in the same rows of the raster; tiles without imagery are left out."""
        windows, inside = self.view.windows[rows], self.view.inside[rows]
        joins = (windows[1:, [1, 3]] == windows[:-1, [1, 3]]).all(axis=1) & inside[1:] & inside[:-1]
        joins &= (windows[1:, 0] >= windows[:-1, 0]) & (windows[1:, 0] <= windows[:-1, 2])
        joins &= ~(_is_large(windows[1:]) | _is_large(windows[:-1]))
        begins = np.flatnonzero(np.concatenate([[True], ~joins])).tolist()
        runs: list[slice] = []
        for first, last in zip(begins, [*begins[1:], len(rows)], strict=True):
            if inside[first]:
                height = int(windows[first, 3] - windows[first, 1])
                width = max(1, int(windows[last - 1, 2] - windows[first, 0]) // (last - first))
                step = max(1, RUN_PIXELS // max(1, height * width))
                runs += [slice(i, min(i + step, last)) for i in range(first, last, step)]
        return runs

    def _as_views(self, rows: IntArray) -> Chips | None:
        """The chips as views of one array, where they are pixels of the raster as they are, evenly spaced."""
        windows, side = self.view.windows[rows], self.pixels
        if not self.view.inside[rows].all() or not _within(windows, self.view):
            return None
        if (windows[:, 2:] - windows[:, :2] != side).any() or np.unique(np.diff(windows[:, 0])).size > 1:
            return None
        first_col, first_row = windows[0, :2].tolist()
        pixels, mask = self.view.read(first_col, first_row, int(windows[-1, 2]) - first_col, side)
        step = int(windows[1, 0] - windows[0, 0]) if len(rows) > 1 else 0
        if mask is not None:
            pixels = pixels * mask
        shape = (len(rows), len(pixels), side, side)
        per_band, per_row, per_pixel = pixels.strides
        chips = as_strided(pixels, shape, (step * per_pixel, per_band, per_row, per_pixel))
        if mask is None:
            return Chips(chips, np.broadcast_to(np.uint8(1), (len(rows), 1, side, side)))
        valid = mask.view(np.uint8)
        per_mask, down, across = valid.strides
        shape = (len(rows), len(valid), side, side)
        return Chips(chips, as_strided(valid, shape, (step * across, per_mask, down, across)))

    def _read_run(self, windows: IntArray, out: Pixels, out_valid: ByteArray) -> None:
        if _is_large(windows[0]):
            self._read_large(windows[0], out[0], out_valid[0])
            return
        frame, n_bands = self.view.frame, out.shape[1]
        first_row, last_row = windows[0, [1, 3]].tolist()
        first_col, last_col = int(windows[0, 0]), int(windows[:, 2].max())
        top, bottom = max(first_row, 0), min(last_row, frame.height)
        left, right = max(first_col, 0), min(last_col, frame.width)
        if left >= right or top >= bottom:
            return
        pixels, mask = self.view.read(left, top, right - left, bottom - top)
        if (top, bottom, left, right) != (first_row, last_row, first_col, last_col):
            whole = np.zeros((n_bands, last_row - first_row, last_col - first_col), dtype=pixels.dtype)
            there = slice(top - first_row, bottom - first_row), slice(left - first_col, right - first_col)
            whole[(slice(None), *there)] = pixels
            valid = np.zeros((1 if mask is None else len(mask), *whole.shape[1:]), dtype=bool)
            valid[(slice(None), *there)] = True if mask is None else mask
            pixels, mask = whole, valid
        for i, (start, _, stop, _) in enumerate(windows.tolist()):
            part = slice(start - first_col, stop - first_col)
            resample(pixels[:, :, part], None if mask is None else mask[:, :, part], out[i], out_valid[i])

    def _read_large(self, window: IntArray, out: Pixels, out_valid: ByteArray) -> None:
        """Fill a chip from a window too large for memory, some rows at a time."""
        first_col, first_row, last_col, last_row = window.tolist()
        frame, bands = self.view.frame, self.view.info.bands
        left, right = max(first_col, 0), min(last_col, frame.width)
        top, bottom = max(first_row, 0), min(last_row, frame.height)
        if left >= right or top >= bottom:
            return
        total = np.zeros((len(bands.names), last_row - first_row, self.pixels), dtype=np.float32)
        share = np.zeros((bands.masks, last_row - first_row, self.pixels), dtype=np.float32)
        step = max(frame.block[0], PART_PIXELS // (right - left))
        for row in range(top, bottom, step):
            height = min(step, bottom - row)
            pixels, mask = self.view.read(left, row, right - left, height)
            count = len(bands.names)
            padded = np.zeros((count + bands.masks, height, last_col - first_col), dtype=np.float32)
            padded[:count, :, left - first_col : right - first_col] = (
                pixels if mask is None else np.where(mask, pixels, 0)
            )
            padded[count:, :, left - first_col : right - first_col] = 1 if mask is None else mask
            shrunk = shrink_rows(padded, self.pixels)
            here = slice(row - first_row, row - first_row + height)
            total[:, here], share[:, here] = shrunk[:count], shrunk[count:]
        whole = shrink_columns(share, self.pixels)
        kept = whole >= MIN_VALID
        mean = np.where(kept, shrink_columns(total, self.pixels) / np.where(kept, whole, 1), 0)
        out[:] = np.rint(mean) if out.dtype == np.uint8 else mean
        out_valid[:] = kept


def iterate_chips(
    tiles: gpd.GeoDataFrame,
    source: RasterSource | str | Path,
    *,
    pixels: int,
    context: float = 1.0,
    threads: int = THREADS,
    must_overlap: bool = True,
    progress: Progress = NO_PROGRESS,
) -> Iterator[tuple[IntArray, Chips]]:
    """Chips of ``tiles`` from ``source`` in batches, in the order of its blocks, read ahead by ``threads`` threads.

    :param pixels: side of a chip in pixels.
    :param context: side of the window as a multiple of the tile's.
    :param must_overlap: whether it is an error when no tile at all has imagery.
    :param progress: told how far it is, and asked whether to go on.
    :return: the positions of the tiles of a batch, (n,), and their chips.
    :raises MMRiskError: when the raster cannot be read, or lies elsewhere than the tiles.
    """
    with ChipReader(tiles, source, pixels=pixels, context=context) as reader, ReadingPool(threads) as pool:
        if must_overlap:
            require_overlap(reader, tiles)
        batches = plan_reading_order(reader.centres, [reader.view], [pixels], threads)
        done = 0
        for rows, chips in reader.iterate(batches, pool):
            done += len(rows)
            progress.update(done / len(tiles), f"imagery of {done:,} of {counted(len(tiles), 'tile')}")
            yield rows, chips


class ReadingPool:
    """A number of ``threads`` that read, each in a lane of its own; what is not begun is dropped when the pool is left."""

    def __init__(self, threads: int = THREADS) -> None:
        self.threads = threads
        self.ahead = 2 * threads
        self._lanes = [ThreadPoolExecutor(1, thread_name_prefix="imagery") for _ in range(threads)]

    def __enter__(self) -> ReadingPool:
        return self

    def __exit__(self, *_: object) -> None:
        for lane in self._lanes:
            lane.shutdown(wait=False, cancel_futures=True)
        for lane in self._lanes:
            lane.shutdown(wait=True)

    def submit(self, lane: int, read: Callable[[IntArray], Chips], rows: IntArray) -> Future[Chips]:
        """Let the thread of ``lane`` call ``read`` with ``rows``, after what it was given before."""
        return self._lanes[lane].submit(read, rows)


def read_ahead(
    read: Callable[[IntArray], Chips], batches: Sequence[Batch], pool: ReadingPool
) -> Iterator[tuple[IntArray, Chips]]:
    """What ``read`` gives for each of ``batches``, in their order, read by ``pool`` before it is asked for."""
    waiting: deque[tuple[IntArray, Future[Chips]]] = deque()
    for number in range(len(batches) + pool.ahead):
        if number < len(batches):
            batch = batches[number]
            waiting.append((batch.rows, pool.submit(batch.lane, read, batch.rows)))
        if number >= pool.ahead and waiting:
            rows, future = waiting.popleft()
            yield rows, future.result()


def require_overlap(reader: ChipReader, tiles: gpd.GeoDataFrame) -> None:
    """Check that ``reader`` has imagery of some of its ``tiles``.

    :raises MMRiskError: when none has.
    """
    if not reader.inside.any():
        info = reader.view.info
        raise InputError(
            f"The raster {reader.source.shown} and the tiles '{title_of(tiles)}' do not overlap. "
            f"{apart('The raster', Place(info.crs, info.bounds), Place.of(tiles))}"
        )


def read_chips(
    tiles: gpd.GeoDataFrame,
    source: RasterSource | str | Path,
    *,
    pixels: int,
    context: float = 1.0,
    must_overlap: bool = True,
    progress: Progress = NO_PROGRESS,
) -> Chips:
    """All chips of ``tiles`` at once, in their order.

    ``source``, ``pixels``, ``context``, ``must_overlap`` and ``progress`` are as of :func:`iterate_chips`.
    """
    parts = list(
        iterate_chips(tiles, source, pixels=pixels, context=context, must_overlap=must_overlap, progress=progress)
    )
    back = np.argsort(np.concatenate([rows for rows, _ in parts]))
    return Chips(
        np.concatenate([chips.pixels for _, chips in parts])[back],
        np.concatenate([chips.has_data for _, chips in parts])[back],
    )


def tiles_with_imagery(tiles: gpd.GeoDataFrame, source: RasterSource | str | Path) -> BoolArray:
    """Which of ``tiles`` the raster ``source`` may cover, (n,)."""
    with ChipReader(tiles, source, pixels=16) as reader:
        return reader.inside


def _within(windows: IntArray, view: RasterView) -> bool:
    first, last = windows[:, :2].min(axis=0), windows[:, 2:].max(axis=0)
    return bool((first >= 0).all() and last[0] <= view.frame.width and last[1] <= view.frame.height)


def _is_large(windows: IntArray) -> BoolArray:
    sides = windows[..., 2:] - windows[..., :2]
    return np.asarray(sides[..., 0] * sides[..., 1] > LARGE_WINDOW)
