"""Chips of tiles, read ahead by several threads, each block of the file decoded once."""

from __future__ import annotations

import os
from collections import OrderedDict, deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt

from mmrisk_core.errors import MMRiskError
from mmrisk_core.imagery.bands import Mask, Pixels
from mmrisk_core.imagery.reading_order import CACHE_BYTES, ReadingOrder, plan_reading_order
from mmrisk_core.imagery.resampling import resample, shrink_columns, shrink_rows
from mmrisk_core.imagery.source import RasterSource, as_source, describe_raster
from mmrisk_core.imagery.view import RasterView
from mmrisk_core.imagery.windows import IntArray, reading_crs, square_windows
from mmrisk_core.progress import SILENT, Progress
from mmrisk_core.vectors import title_of

THREADS = min(8, os.cpu_count() or 2)
LARGE_WINDOW = 4_000_000
PART_PIXELS = 1_000_000

Unit = tuple[int, int]
Piece = tuple[Pixels, "Mask | None"]


@dataclass(frozen=True)
class Chips:
    """Chips of tiles from one image input.

    :param pixels: (n, bands, pixels, pixels), uint8 or float32; 0 where nothing is valid.
    :param valid: (n, pixels, pixels), 1 where the raster has data.
    """

    pixels: Pixels
    valid: npt.NDArray[np.uint8]

    @property
    def coverage(self) -> npt.NDArray[np.float64]:
        """Share of valid pixels of each chip, (n,)."""
        return np.asarray(self.valid.mean(axis=(1, 2)))


class ChipReader:
    """Reads chips of ``tiles`` from one raster. Used as a context manager, which closes the file.

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

    def read(self, row: int) -> Chips:
        """The chip of one tile, read on the spot."""
        rows = np.array([row])
        pieces: dict[Unit, Future[Piece]] = {}
        for unit in self._units_of(rows):
            pieces[unit] = Future()
            pieces[unit].set_result(decode(self.view, unit))
        return self._assemble(rows, pieces)

    def iterate(self, order: ReadingOrder, pool: ReadingPool) -> Iterator[tuple[IntArray, Chips]]:
        """The chips of each batch of ``order``, read by ``pool`` some batches before they are asked for."""
        ahead = pool.threads + 1
        units = self.units = Units(self.view, pool)
        batches = order.batches()
        waiting: deque[tuple[IntArray, list[Unit], Future[Chips]]] = deque()
        for number in range(len(batches) + ahead):
            if number < len(batches):
                rows = batches[number]
                needed = self._units_of(rows)
                pieces = units.request(needed)
                # The pool takes work in order: all pieces are decoded, or being so, when their tiles are put together.
                waiting.append((rows, needed, pool.submit(self._assemble, rows, pieces)))
            if number >= ahead and waiting:
                rows, needed, future = waiting.popleft()
                chips = future.result()
                units.release(needed)
                yield rows, chips

    def _units_of(self, rows: IntArray) -> list[Unit]:
        """The pieces of the view that the tiles ``rows`` lie on."""
        windows = self.view.windows[rows][self.view.inside[rows]]
        windows = windows[~_is_large(windows)]
        frame = self.view.frame
        first_col, first_row = np.maximum(windows[:, 0], 0), np.maximum(windows[:, 1], 0)
        last_col, last_row = np.minimum(windows[:, 2], frame.width), np.minimum(windows[:, 3], frame.height)
        real = (last_col > first_col) & (last_row > first_row)
        height, width = frame.unit
        edges = [first_row // height, (last_row - 1) // height, first_col // width, (last_col - 1) // width]
        units: dict[Unit, None] = {}
        for top, bottom, left, right in np.unique(np.stack(edges, axis=1)[real], axis=0).tolist():
            for row in range(top, bottom + 1):
                for col in range(left, right + 1):
                    units[row, col] = None
        return list(units)

    def _assemble(self, rows: IntArray, pieces: dict[Unit, Future[Piece]]) -> Chips:
        bands = self.view.info.bands
        chips = np.empty((len(rows), len(bands.names), self.pixels, self.pixels), dtype=bands.dtype)
        valid = np.empty((len(rows), self.pixels, self.pixels), dtype=np.uint8)
        decoded = {unit: future.result() for unit, future in pieces.items()}
        for i, row in enumerate(rows):
            window = self.view.windows[row]
            if not self.view.inside[row]:
                chips[i], valid[i] = 0, 0
            elif _is_large(window):
                self._read_large(window, chips[i], valid[i])
            elif _side_lengths(window) == (self.pixels, self.pixels):
                self._cut_out(window, decoded, chips[i], valid[i])
            else:
                pixels, mask = self._window(window, decoded)
                resample(pixels, mask, chips[i], valid[i])
        return Chips(chips, valid)

    def _window(self, window: IntArray, pieces: dict[Unit, Piece]) -> Piece:
        """The pixels of a window, and which are valid; None where all are."""
        width, height = _side_lengths(window)
        bands = self.view.info.bands
        pixels = np.empty((len(bands.names), height, width), dtype=bands.dtype)
        valid = np.empty((height, width), dtype=np.uint8)
        self._cut_out(window, pieces, pixels, valid)
        return pixels, None if valid.all() else valid.view(bool)

    def _cut_out(
        self, window: IntArray, pieces: dict[Unit, Piece], out: Pixels, out_valid: npt.NDArray[np.uint8]
    ) -> None:
        """Put the pixels of a window together from pieces; what lies outside the view is 0 and not valid."""
        first_col, first_row, last_col, last_row = window.tolist()
        frame = self.view.frame
        height, width = frame.unit
        top, left = max(first_row, 0), max(first_col, 0)
        bottom, right = min(last_row, frame.height), min(last_col, frame.width)
        if (top, left, bottom, right) != (first_row, first_col, last_row, last_col):
            out[:], out_valid[:] = 0, 0
        for row in range(top // height, (bottom - 1) // height + 1):
            y0, y1 = max(top, row * height), min(bottom, (row + 1) * height)
            for col in range(left // width, (right - 1) // width + 1):
                x0, x1 = max(left, col * width), min(right, (col + 1) * width)
                piece, mask = pieces[row, col]
                here = slice(y0 - first_row, y1 - first_row), slice(x0 - first_col, x1 - first_col)
                there = slice(y0 - row * height, y1 - row * height), slice(x0 - col * width, x1 - col * width)
                out[(slice(None), *here)] = piece[(slice(None), *there)]
                if mask is None:
                    out_valid[here] = 1
                else:
                    out_valid[here] = mask[there]
                    out[(slice(None), *here)] *= mask[there]

    def _read_large(self, window: IntArray, out: Pixels, out_valid: npt.NDArray[np.uint8]) -> None:
        """Fill a chip from a window too large for memory, some rows at a time."""
        first_col, first_row, last_col, last_row = window.tolist()
        frame, bands = self.view.frame, self.view.info.bands
        left, right = max(first_col, 0), min(last_col, frame.width)
        top, bottom = max(first_row, 0), min(last_row, frame.height)
        if left >= right or top >= bottom:
            return
        total = np.zeros((len(bands.names), last_row - first_row, self.pixels), dtype=np.float32)
        share = np.zeros((1, last_row - first_row, self.pixels), dtype=np.float32)
        step = max(frame.unit[0], PART_PIXELS // (right - left))
        for row in range(top, bottom, step):
            height = min(step, bottom - row)
            pixels, mask = self.view.read(left, row, right - left, height)
            padded = np.zeros((len(bands.names) + 1, height, last_col - first_col), dtype=np.float32)
            padded[:-1, :, left - first_col : right - first_col] = pixels if mask is None else np.where(mask, pixels, 0)
            padded[-1, :, left - first_col : right - first_col] = 1 if mask is None else mask
            shrunk = shrink_rows(padded, self.pixels)
            here = slice(row - first_row, row - first_row + height)
            total[:, here], share[:, here] = shrunk[:-1], shrunk[-1:]
        whole = shrink_columns(share, self.pixels)[0]
        kept = whole >= 0.5
        mean = np.where(kept, shrink_columns(total, self.pixels) / np.where(kept, whole, 1), 0)
        out[:] = np.rint(mean) if out.dtype == np.uint8 else mean
        out_valid[:] = kept


class Units:
    """The decoded pieces of a view, kept while tiles wait for them and as long as there is room."""

    def __init__(self, view: RasterView, pool: ThreadPoolExecutor) -> None:
        self._view = view
        self._pool = pool
        self.kept: OrderedDict[Unit, Future[Piece]] = OrderedDict()
        self._in_use: dict[Unit, int] = {}
        height, width = view.frame.unit
        self._room = max(1, CACHE_BYTES // (height * width * view.info.bands.bytes_per_pixel))

    def request(self, units: list[Unit]) -> dict[Unit, Future[Piece]]:
        """The pieces ``units``, decoded or being so."""
        for unit in units:
            if unit in self.kept:
                self.kept.move_to_end(unit)
            else:
                self.kept[unit] = self._pool.submit(decode, self._view, unit)
            self._in_use[unit] = self._in_use.get(unit, 0) + 1
        return {unit: self.kept[unit] for unit in units}

    def release(self, units: list[Unit]) -> None:
        """Say that a batch is done with ``units``; those used longest ago go when there is no more room."""
        for unit in units:
            self._in_use[unit] -= 1
            if not self._in_use[unit]:
                del self._in_use[unit]
        for unit in [unit for unit in self.kept if unit not in self._in_use]:
            if len(self.kept) <= self._room:
                break
            del self.kept[unit]


def decode(view: RasterView, unit: Unit) -> Piece:
    """A piece of a view: its pixels, and which are valid."""
    height, width = view.frame.unit
    row, col = unit[0] * height, unit[1] * width
    return view.read(col, row, min(width, view.frame.width - col), min(height, view.frame.height - row))


def iterate_chips(
    tiles: gpd.GeoDataFrame,
    source: RasterSource | str | Path,
    *,
    pixels: int,
    context: float = 1.0,
    threads: int = THREADS,
    must_overlap: bool = True,
    progress: Progress = SILENT,
) -> Iterator[tuple[IntArray, Chips]]:
    """Chips of ``tiles`` in batches, in the order of the file's blocks, read ahead by ``threads`` threads.

    :param pixels: side of a chip in pixels.
    :param context: side of the window as a multiple of the tile's.
    :param must_overlap: whether it is an error when no tile at all has imagery.
    :return: the positions of the tiles of a batch, (n,), and their chips.
    :raises MMRiskError: when the raster cannot be read, or lies elsewhere than the tiles.
    """
    with ChipReader(tiles, source, pixels=pixels, context=context) as reader, ReadingPool(threads) as pool:
        if must_overlap:
            require_overlap(reader, tiles)
        order = plan_reading_order(reader.centres, [reader.view], [pixels])
        done = 0
        for rows, chips in reader.iterate(order, pool):
            done += len(rows)
            progress.update(done / len(tiles), f"imagery of {done} of {len(tiles)} tiles")
            yield rows, chips


class ReadingPool(ThreadPoolExecutor):
    """A pool of threads that drops what it has not begun when it is left."""

    def __init__(self, threads: int = THREADS) -> None:
        self.threads = threads
        # One more than are asked for, as one may wait for pieces while it puts tiles together.
        super().__init__(threads + 1, thread_name_prefix="imagery")

    def __exit__(self, *_: object) -> None:
        self.shutdown(wait=True, cancel_futures=True)


def require_overlap(reader: ChipReader, tiles: gpd.GeoDataFrame) -> None:
    """Check that some tile has imagery.

    :raises MMRiskError: when none has.
    """
    if not reader.view.inside.any():
        raise MMRiskError(
            f"The raster {reader.source.shown} and the tiles '{title_of(tiles)}' do not overlap. Check the CRS of both, or "
            "choose the imagery of this area."
        )


def read_chips(
    tiles: gpd.GeoDataFrame,
    source: RasterSource | str | Path,
    *,
    pixels: int,
    context: float = 1.0,
    must_overlap: bool = True,
    progress: Progress = SILENT,
) -> Chips:
    """All chips of ``tiles`` at once, in their order. See :func:`iterate_chips`."""
    parts = list(
        iterate_chips(tiles, source, pixels=pixels, context=context, must_overlap=must_overlap, progress=progress)
    )
    back = np.argsort(np.concatenate([rows for rows, _ in parts]))
    return Chips(
        np.concatenate([chips.pixels for _, chips in parts])[back],
        np.concatenate([chips.valid for _, chips in parts])[back],
    )


def tiles_with_imagery(tiles: gpd.GeoDataFrame, source: RasterSource | str | Path) -> npt.NDArray[np.bool_]:
    """Which tiles the raster may cover, (n,)."""
    with ChipReader(tiles, source, pixels=16) as reader:
        return reader.view.inside


def _side_lengths(window: IntArray) -> tuple[int, int]:
    first_col, first_row, last_col, last_row = window.tolist()
    return last_col - first_col, last_row - first_row


def _is_large(windows: IntArray) -> npt.NDArray[np.bool_]:
    sides = windows[..., 2:] - windows[..., :2]
    return np.asarray(sides[..., 0] * sides[..., 1] > LARGE_WINDOW)
