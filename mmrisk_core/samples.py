"""Image inputs: what a tile looks like, as tensors; read from rasters, or from pictures that a field names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
import torch
from pydantic import BaseModel, ConfigDict, Field
from torch import Tensor

from mmrisk_core.imagery import (
    MAX_BANDS,
    Batch,
    ChipReader,
    Chips,
    PictureColumn,
    PictureKind,
    PictureReader,
    RasterSource,
    ReadingPool,
    describe_pictures,
    describe_raster,
    picture_paths,
    pictures_there,
    plan_in_order,
    plan_reading_order,
    read_chips,
    require_overlap,
    tiles_with_imagery,
)
from mmrisk_core.progress import SILENT, Progress

ImageSource = RasterSource | PictureColumn
"""Where the images of an input come from."""
ImageReader = ChipReader | PictureReader

BLANK_BATCH = 256
SAMPLE_FOR_CONTRAST = 200
CONTRAST_PERCENTILES = (1.0, 99.0)


class ImageInput(BaseModel):
    """One image of a tile: what a raster or a picture must be like, and how its pixels become numbers.

    :param kind: a raster that covers the tiles, or pictures of which a field names one for each row.
    :param source: position of the raster among those given; several inputs with other contexts may share one. Pictures come
        after the rasters.
    :param name: what the raster was called while training, or the field.
    :param band_names: of its bands, in order; ``red``, ``green`` and ``blue`` where the file says so.
    :param dtype: ``uint8``, or ``float32`` for all that has to be stretched.
    :param pixels: side of a chip in pixels.
    :param context: side of the window as a multiple of the tile's.
    :param low, high: the values of each band that become 0 and 255.
    :param metres_per_pixel: ground sample distance of the raster while training; None of pictures.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["raster", "pictures"] = "raster"
    source: int = Field(ge=0)
    name: str
    bands: int = Field(ge=1, le=MAX_BANDS)
    band_names: tuple[str, ...] = ()
    dtype: Literal["uint8", "float32"]
    pixels: int = Field(ge=16, le=4096)
    context: float = Field(ge=1, le=100)
    low: tuple[float, ...]
    high: tuple[float, ...]
    metres_per_pixel: float | None = Field(gt=0)

    def to_bytes(self, chips: Chips) -> Tensor:
        """Chips as uint8 (n, bands, pixels, pixels); invalid pixels get the mean of the chip's valid ones.

        Black would be a colour that the ground does not have there, with an edge around it.
        """
        pixels = chips.pixels
        if self.dtype != "uint8":
            low = np.asarray(self.low, dtype=np.float32)[:, None, None]
            high = np.asarray(self.high, dtype=np.float32)[:, None, None]
            scaled = (pixels - low) / (high - low) * 255
            pixels = np.clip(np.nan_to_num(scaled), 0, 255).round().astype(np.uint8)
        partly = np.flatnonzero((chips.coverage > 0) & (chips.coverage < 1))
        pixels = pixels.copy() if partly.size else pixels
        for i in partly:
            valid = chips.valid[i].astype(bool)
            pixels[i][:, ~valid] = pixels[i][:, valid].mean(axis=1).round().astype(np.uint8)[:, None]
        return torch.from_numpy(pixels)


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


def plan_image_inputs(
    tiles: pd.DataFrame, sources: Sequence[ImageSource], contexts: Sequence[float], pixels: int
) -> tuple[ImageInput, ...]:
    """One image input for each raster and context, and one for a field of pictures, which show no more than they show.

    The contrast of other types than uint8 comes from the tiles themselves.

    :raises MMRiskError: when a raster cannot be read or lies elsewhere, or pictures are missing or of several kinds.
    """
    inputs = []
    for position, source in enumerate(sources):
        pictures = isinstance(source, PictureColumn)
        info = describe_pictures(tiles, source) if isinstance(source, PictureColumn) else describe_raster(source)
        bands = len(info.band_names)
        low, high = (0.0,) * bands, (255.0,) * bands
        if info.dtype != "uint8":
            low, high = _contrast(_sample(tiles, source, bands))
        for context in (1.0,) if pictures else contexts:
            inputs.append(
                ImageInput(
                    kind="pictures" if pictures else "raster",
                    source=position,
                    name=source.title,
                    bands=bands,
                    band_names=info.band_names,
                    dtype=info.dtype,
                    pixels=pixels,
                    context=context,
                    low=low,
                    high=high,
                    metres_per_pixel=None if isinstance(info, PictureKind) else info.metres_per_pixel,
                )
            )
    return tuple(inputs)


def _sample(tiles: pd.DataFrame, source: ImageSource, bands: int) -> Chips:
    near = tiles[tiles_with_image(tiles, source)]
    step = max(1, len(near) // SAMPLE_FOR_CONTRAST)
    some = near.iloc[::step] if len(near) else tiles
    if isinstance(source, PictureColumn):
        reader = PictureReader(some, source, pixels=32, bands=bands, dtype="float32")
        return reader.read(np.arange(len(some)))
    return read_chips(some, source, pixels=32)


def _contrast(chips: Chips) -> tuple[tuple[float, ...], tuple[float, ...]]:
    bands = np.moveaxis(chips.pixels, 1, 0)
    low, high = [], []
    for band in bands:
        values = band[chips.valid.astype(bool)].astype(np.float64)
        values = values[np.isfinite(values)]
        first, last = np.percentile(values, CONTRAST_PERCENTILES) if values.size else (0.0, 1.0)
        low.append(float(first))
        high.append(float(last) if last > first else float(first) + 1.0)
    return tuple(low), tuple(high)


def tiles_with_image(tiles: pd.DataFrame, source: ImageSource) -> npt.NDArray[np.bool_]:
    """Which tiles may have an image of ``source``, (n,)."""
    if isinstance(source, PictureColumn):
        return pictures_there(picture_paths(tiles, source))
    return tiles_with_imagery(tiles, source)


def open_reader(tiles: pd.DataFrame, image: ImageInput, source: ImageSource) -> ImageReader:
    """What reads the images of ``tiles`` for an input; used as a context manager.

    :raises MMRiskError: when the raster cannot be read, or there is no such field.
    """
    if isinstance(source, PictureColumn):
        return PictureReader(tiles, source, pixels=image.pixels, bands=image.bands, dtype=image.dtype)
    return ChipReader(tiles, source, pixels=image.pixels, context=image.context)


def iterate_images(
    tiles: pd.DataFrame,
    inputs: Sequence[ImageInput],
    sources: Sequence[ImageSource],
    progress: Progress = SILENT,
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
        for parts in zip(*(reader.iterate(batches, pool) for reader in readers), strict=True):
            coverage = [chips.coverage for _, chips in parts]
            rows = parts[0][0]
            done += len(rows)
            progress.update(done / wanted, f"imagery of {done} of {wanted} tiles")
            yield ImageBatch(
                rows=rows,
                images=[image.to_bytes(chips) for image, (_, chips) in zip(inputs, parts, strict=True)],
                present=[torch.from_numpy(share > 0) for share in coverage],
                coverage=np.mean(coverage, axis=0),
            )
    yield from _blank_batches(np.flatnonzero(asked & ~inside), inputs)


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
    tiles: pd.DataFrame, inputs: Sequence[ImageInput], sources: Sequence[ImageSource], progress: Progress = SILENT
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


def _within(batches: Sequence[Batch], wanted: npt.NDArray[np.bool_]) -> list[Batch]:
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
