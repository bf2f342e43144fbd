"""Samples: what a tile looks like and what is known of it, as tensors."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypedDict

import geopandas as gpd
import numpy as np
import pandas as pd
import torch
from pydantic import BaseModel, ConfigDict, Field
from torch import Tensor
from torch.utils.data import Dataset

from mmrisk_core.errors import MMRiskError
from mmrisk_core.imagery import (
    MAX_BANDS,
    ChipReader,
    Chips,
    RasterSource,
    ReadingPool,
    describe_raster,
    plan_reading_order,
    read_chips,
    require_overlap,
    tiles_with_imagery,
)
from mmrisk_core.progress import SILENT, Progress
from mmrisk_core.tile_attributes import Categories, find_categories, read_attributes

SAMPLE_FOR_CONTRAST = 200
CONTRAST_PERCENTILES = (1.0, 99.0)


class ImageInput(BaseModel):
    """One image of a tile: what a raster must be like, and how its pixels become numbers.

    :param source: position of the raster among those given; several inputs with other contexts may share one.
    :param name: what the raster was called while training.
    :param band_names: of its bands, in order; ``red``, ``green`` and ``blue`` where the file says so.
    :param dtype: ``uint8``, or ``float32`` for all that has to be stretched.
    :param pixels: side of a chip in pixels.
    :param context: side of the window as a multiple of the tile's.
    :param low, high: the values of each band that become 0 and 255.
    :param metres_per_pixel: ground sample distance of the raster while training.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: int = Field(ge=0)
    name: str
    bands: int = Field(ge=1, le=MAX_BANDS)
    band_names: tuple[str, ...] = ()
    dtype: Literal["uint8", "float32"]
    pixels: int = Field(ge=16, le=4096)
    context: float = Field(ge=1, le=100)
    low: tuple[float, ...]
    high: tuple[float, ...]
    metres_per_pixel: float = Field(gt=0)

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
    tiles: gpd.GeoDataFrame, sources: Sequence[RasterSource], contexts: Sequence[float], pixels: int
) -> tuple[ImageInput, ...]:
    """One image input for each raster and context; contrast of other types than uint8 from the tiles themselves.

    :raises MMRiskError: when a raster cannot be read or lies elsewhere.
    """
    inputs = []
    for position, source in enumerate(sources):
        info = describe_raster(source)
        bands = len(info.band_names)
        low, high = (0.0,) * bands, (255.0,) * bands
        if info.dtype != "uint8":
            low, high = _contrast(tiles, source)
        for context in contexts:
            inputs.append(
                ImageInput(
                    source=position,
                    name=source.title,
                    bands=bands,
                    band_names=info.band_names,
                    dtype=info.dtype,
                    pixels=pixels,
                    context=context,
                    low=low,
                    high=high,
                    metres_per_pixel=info.metres_per_pixel,
                )
            )
    return tuple(inputs)


def _contrast(tiles: gpd.GeoDataFrame, source: RasterSource) -> tuple[tuple[float, ...], tuple[float, ...]]:
    near = tiles[tiles_with_imagery(tiles, source)]
    step = max(1, len(near) // SAMPLE_FOR_CONTRAST)
    chips = read_chips(near.iloc[::step] if len(near) else tiles, source, pixels=32)
    bands = np.moveaxis(chips.pixels, 1, 0)
    low, high = [], []
    for band in bands:
        values = band[chips.valid.astype(bool)].astype(np.float64)
        values = values[np.isfinite(values)]
        first, last = np.percentile(values, CONTRAST_PERCENTILES) if values.size else (0.0, 1.0)
        low.append(float(first))
        high.append(float(last) if last > first else float(first) + 1.0)
    return tuple(low), tuple(high)


def check_sources(inputs: Sequence[ImageInput], sources: Sequence[RasterSource], progress: Progress = SILENT) -> None:
    """Whether rasters are what a model expects; what may still do is said in the log.

    :raises MMRiskError: naming what is expected and what was given.
    """
    expected = sorted({i.source: i.name for i in inputs}.items())
    if len(sources) != len(expected):
        names = ", ".join(f"'{name}'" for _, name in expected) or "none"
        raise MMRiskError(
            f"The model expects {len(expected)} rasters ({names}), in this order; {len(sources)} were given."
        )
    for image in {i.source: i for i in inputs}.values():
        _check_source(image, sources[image.source], progress)


def _check_source(image: ImageInput, source: RasterSource, progress: Progress) -> None:
    info = describe_raster(source)
    same_kind = "Choose imagery of the same kind as the model was trained on."
    if len(info.band_names) != image.bands:
        raise MMRiskError(
            f"The model expects {image.bands} bands in '{image.name}' ({', '.join(image.band_names)}); {source.shown} has "
            f"{len(info.band_names)} ({', '.join(info.band_names)}). {same_kind}"
        )
    if info.dtype != image.dtype:
        raise MMRiskError(
            f"The model expects {'8-bit' if image.dtype == 'uint8' else 'more than 8-bit'} pixels in '{image.name}'; "
            f"{source.shown} has others. {same_kind}"
        )
    if image.band_names and info.band_names != image.band_names:
        progress.log(
            f"Beware: the bands of {source.shown} are called {', '.join(info.band_names)}; the model learnt from "
            f"{', '.join(image.band_names)} in '{image.name}'. If they show something else, the risk means nothing."
        )


def iterate_images(
    tiles: gpd.GeoDataFrame,
    inputs: Sequence[ImageInput],
    sources: Sequence[RasterSource],
    progress: Progress = SILENT,
) -> Iterator[ImageBatch]:
    """The images of all tiles in batches, inputs side by side, in the order of the files' blocks."""
    with ExitStack() as stack:
        readers = [
            stack.enter_context(ChipReader(tiles, sources[image.source], pixels=image.pixels, context=image.context))
            for image in inputs
        ]
        _require_some_imagery(readers, tiles, progress)
        pool = stack.enter_context(ReadingPool())
        views, sides = [reader.view for reader in readers], [image.pixels for image in inputs]
        batches = plan_reading_order(readers[0].centres, views, sides, pool.threads)
        done = 0
        for parts in zip(*(reader.iterate(batches, pool) for reader in readers), strict=True):
            coverage = [chips.coverage for _, chips in parts]
            rows = parts[0][0]
            done += len(rows)
            progress.update(done / len(tiles), f"imagery of {done} of {len(tiles)} tiles")
            yield ImageBatch(
                rows=rows,
                images=[image.to_bytes(chips) for image, (_, chips) in zip(inputs, parts, strict=True)],
                present=[torch.from_numpy(share > 0) for share in coverage],
                coverage=np.mean(coverage, axis=0),
            )


def _require_some_imagery(readers: Sequence[ChipReader], tiles: gpd.GeoDataFrame, progress: Progress) -> None:
    """An image may be missing everywhere, but not all of them."""
    absent = [reader for reader in readers if not reader.view.inside.any()]
    if len(absent) == len(readers):
        require_overlap(absent[0], tiles)
    for name in dict.fromkeys(reader.source.shown for reader in absent):
        progress.log(f"Beware: no tile has imagery of {name}; it counts as missing everywhere.")


class Sample(TypedDict, total=False):
    """One sample of the method: image (bands, pixels, pixels) in 0..1 (one per input), attributes (F,), label."""

    image: Tensor | list[Tensor]
    tabular: Tensor
    label: Tensor


class TileDataset(Dataset[Sample]):
    """Tiles as a torch dataset of dictionaries with ``image``, ``tabular`` and ``label``.

    :param tiles: a GeoDataFrame of tiles, or a table with a column of image paths.
    :param features: attribute columns; of text ones the samples hold codes of ``categories``, found here where not given.
    :param label: the column with 0 and 1; without it samples have no label.
    :param images: rasters that cover the tiles.
    :param image_column: the column with one ready-made image per row, instead of ``images``.
    :param pixels: side of an image in pixels.
    """

    def __init__(
        self,
        tiles: gpd.GeoDataFrame | pd.DataFrame,
        *,
        features: Sequence[str] = (),
        label: str | None = None,
        images: Sequence[str | Path] = (),
        image_column: str | None = None,
        pixels: int = 196,
        context: Sequence[float] = (1.0,),
        categories: Categories | None = None,
    ) -> None:
        self.categories = find_categories(tiles, features) if categories is None else categories
        self._tabular = read_attributes(tiles, features, self.categories)
        self._label = read_attributes(tiles, [label])[:, 0] if label else None
        self._tiles = tiles
        self._paths = [Path(path) for path in tiles[image_column]] if image_column else None
        self._pixels = pixels
        self._sources = [RasterSource.model_validate(image) for image in images]
        self._inputs = plan_image_inputs(tiles, self._sources, context, pixels) if self._sources else ()
        self._readers: list[ChipReader] | None = None
        self._process = 0

    def __len__(self) -> int:
        return len(self._tiles)

    def __getitem__(self, index: int) -> Sample:
        sample: Sample = {"tabular": self._tabular[index]}
        images = self._images(index)
        if images:
            sample["image"] = images[0] if len(images) == 1 else images
        if self._label is not None:
            sample["label"] = self._label[index]
        return sample

    def _images(self, index: int) -> list[Tensor]:
        if self._paths is not None:
            return [read_picture(self._paths[index], self._pixels).float() / 255]
        chips = [reader.read(np.array([index])) for reader in self._opened_readers()]
        return [image.to_bytes(c)[0].float() / 255 for image, c in zip(self._inputs, chips, strict=True)]

    def _opened_readers(self) -> list[ChipReader]:
        """Files are opened in the process that reads them: a DataLoader's workers must not share its handles."""
        if self._readers is None or self._process != os.getpid():
            self._process = os.getpid()
            self._readers = [
                ChipReader(self._tiles, self._sources[image.source], pixels=image.pixels, context=image.context)
                for image in self._inputs
            ]
        return self._readers

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_readers": None}


def read_picture(path: Path, pixels: int) -> Tensor:
    """A picture file without place on the map, resampled to (3, pixels, pixels) uint8."""
    import warnings

    import rasterio
    from rasterio.enums import Resampling
    from rasterio.errors import NotGeoreferencedWarning, RasterioError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            with rasterio.open(path) as picture:
                bands = [1, 2, 3] if picture.count >= 3 else [1, 1, 1]
                return torch.from_numpy(
                    picture.read(bands, out_shape=(3, pixels, pixels), resampling=Resampling.average)
                )
    except RasterioError as error:
        raise MMRiskError(f"The picture {path} cannot be read: {error}") from error
