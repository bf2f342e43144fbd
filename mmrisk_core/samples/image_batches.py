"""The images of tiles in batches, inputs side by side; read from rasters, or from pictures that a field names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from mmrisk_core.arrays import BoolArray
from mmrisk_core.imagery import (
    Batch,
    ChipReader,
    PictureReader,
    ReadingPool,
    plan_in_order,
    plan_reading_order,
    require_overlap,
)
from mmrisk_core.progress import NO_PROGRESS, Progress
from mmrisk_core.samples.image_inputs import ImageInput, ImageReader, ImageSource, open_reader
from mmrisk_core.wording import counted

BLANK_BATCH = 256


@dataclass(frozen=True)
class ImageBatch:
    """The images of some tiles.

    :param rows: the positions of the tiles, (n,).
    :param images: per image input, uint8 (n, bands, pixels, pixels).
    :param present: per image input, (n,) whether any pixel is valid.
    :param coverage: share of valid pixels over all inputs, (n,).
    """

    rows: np.ndarray
    images: list[Tensor]
    present: list[Tensor]
    coverage: np.ndarray


def iterate_images(
    tiles: pd.DataFrame,
    inputs: Sequence[ImageInput],
    sources: Sequence[ImageSource],
    progress: Progress = NO_PROGRESS,
    *,
    only: slice = slice(None),
    must_overlap: bool = True,
) -> Iterator[ImageBatch]:
    """The images of all tiles in batches, inputs side by side, in the order of the files' blocks.

    Nothing is read for tiles that no source covers; they come last.

    :param only: the tiles whose images are wanted; what is said of missing imagery is said of all.
    :param must_overlap: whether it is an error when no tile at all has an image, and the log says what is missing.
    :raises MMRiskError: when a source cannot be read.
    """
    with ExitStack() as stack:
        readers: list[ImageReader] = []
        for image in inputs:
            readers.append(open_reader(tiles, image, sources[image.source]))
            stack.enter_context(readers[-1])
        if must_overlap:
            _require_some_imagery(readers, tiles, progress)
        pool = stack.enter_context(ReadingPool())
        inside = np.any([reader.inside for reader in readers], axis=0)
        asked = np.zeros(len(tiles), dtype=bool)
        asked[only] = True
        batches = _within(_plan(readers, inputs, len(tiles), pool.threads), inside & asked)
        done, wanted = 0, int(asked.sum())
        gaps = [np.zeros(image.bands) for image in inputs]
        for parts in zip(*(reader.iterate(batches, pool) for reader in readers), strict=True):
            coverage = [chips.coverage for _, chips in parts]
            rows = parts[0][0]
            done += len(rows)
            for total, (_, chips) in zip(gaps, parts, strict=True):
                total += chips.own_gaps * len(rows)
            progress.update(done / wanted, f"imagery of {done:,} of {counted(wanted, 'tile')}")
            yield ImageBatch(
                rows=rows,
                images=[image.to_bytes(chips) for image, (_, chips) in zip(inputs, parts, strict=True)],
                present=[torch.from_numpy(share > 0) for share in coverage],
                coverage=np.mean(coverage, axis=0),
            )
    for image, total in zip(inputs, gaps, strict=True):
        _log_own_gaps(image, sources[image.source], total / max(1, done), progress)
    yield from _blank_batches(np.flatnonzero(asked & ~inside), inputs)


def _log_own_gaps(image: ImageInput, source: ImageSource, shares: np.ndarray, progress: Progress) -> None:
    """Name the bands that lack pixels which others have."""
    names = image.band_names or tuple(f"band {number}" for number in range(1, image.bands + 1))
    found = [f"'{name}' {share:.1%}" for name, share in zip(names, shares, strict=True) if share > 0]
    if found:
        progress.log(
            f"Beware: bands of {source.shown} have gaps where other bands have none, in these shares of the pixels: "
            f"{', '.join(found)}. There stands the mean of what the band has in the tile."
        )


def _blank_batches(rows: np.ndarray, inputs: Sequence[ImageInput]) -> Iterator[ImageBatch]:
    """Batches of tiles without any image; their pixels take no memory."""
    for start in range(0, len(rows), BLANK_BATCH):
        part = rows[start : start + BLANK_BATCH]
        shapes = [(len(part), image.bands, image.pixels, image.pixels) for image in inputs]
        yield ImageBatch(
            rows=part,
            images=[torch.zeros(1, dtype=torch.uint8).expand(shape) for shape in shapes],
            present=[torch.zeros(len(part), dtype=torch.bool) for _ in inputs],
            coverage=np.zeros(len(part)),
        )


def require_images(
    tiles: pd.DataFrame, inputs: Sequence[ImageInput], sources: Sequence[ImageSource], progress: Progress = NO_PROGRESS
) -> None:
    """Check that some of ``tiles`` has some image; the log says which inputs are missing everywhere.

    :raises MMRiskError: when none has any, or a source cannot be read.
    """
    with ExitStack() as stack:
        readers = [open_reader(tiles, image, sources[image.source]) for image in inputs]
        for reader in readers:
            stack.enter_context(reader)
        _require_some_imagery(readers, tiles, progress)


def _plan(readers: Sequence[ImageReader], inputs: Sequence[ImageInput], count: int, lanes: int) -> list[Batch]:
    """Batches that suit the rasters; pictures may be read in any order."""
    on_map = [reader for reader in readers if isinstance(reader, ChipReader)]
    if on_map:
        views, sides = [reader.view for reader in on_map], [reader.pixels for reader in on_map]
        return plan_reading_order(on_map[0].centres, views, sides, lanes)
    sizes = [image.pixels**2 * image.bands * np.dtype(image.dtype).itemsize for image in inputs]
    return plan_in_order(count, max(sizes), lanes)


def _within(batches: Sequence[Batch], wanted: BoolArray) -> list[Batch]:
    kept = [Batch(batch.rows[wanted[batch.rows]], batch.lane) for batch in batches]
    return [batch for batch in kept if len(batch.rows)]


def _require_some_imagery(readers: Sequence[ImageReader], tiles: pd.DataFrame, progress: Progress) -> None:
    """An image may be missing everywhere, but not all of them."""
    absent = [reader for reader in readers if not reader.inside.any()]
    if len(absent) == len(readers):
        if isinstance(absent[0], PictureReader):
            absent[0].require_some()
        else:
            require_overlap(absent[0], tiles)
    for name in dict.fromkeys(reader.source.shown for reader in absent):
        progress.log(f"Beware: no tile has imagery of {name}; it counts as missing everywhere.")
    for reader in readers:
        if isinstance(reader, PictureReader) and not reader.inside.all() and reader.inside.any():
            progress.log(f"{reader.missing} of {reader.source.shown} are missing; their rows count as without imagery.")
