"""Image inputs: what a raster or a picture must be like, and how its pixels become tensors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd
import torch
from pydantic import BaseModel, ConfigDict, Field
from torch import Tensor

from mmrisk_core.arrays import BoolArray
from mmrisk_core.imagery import (
    MAX_BANDS,
    ChipReader,
    Chips,
    PictureColumn,
    PictureKind,
    PictureReader,
    RasterSource,
    describe_pictures,
    describe_raster,
    picture_paths,
    pictures_there,
    read_chips,
    tiles_with_imagery,
)

ImageSource = RasterSource | PictureColumn
"""Where the images of an input come from."""


ImageReader = ChipReader | PictureReader


SAMPLE_FOR_CONTRAST = 200


CONTRAST_PERCENTILES = (1.0, 99.0)


MIDDLE = 127
"""Of a band's contrast, 0 to 255."""


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
        """Chips as uint8 (n, bands, pixels, pixels); a band's gaps get the mean of what the band has in the chip.

        Black would be a colour that the ground does not have there, with an edge around it. A band that has nothing in a
        chip of which others have something gets the middle of its contrast.
        """
        pixels = chips.pixels
        if self.dtype != "uint8":
            low = np.asarray(self.low, dtype=np.float32)[:, None, None]
            high = np.asarray(self.high, dtype=np.float32)[:, None, None]
            scaled = (pixels - low) / (high - low) * 255
            pixels = np.clip(np.nan_to_num(scaled), 0, 255).round().astype(np.uint8)
        has_data = chips.has_data
        partly = np.flatnonzero((chips.coverage > 0) & (has_data.mean(axis=(1, 2, 3)) < 1))
        pixels = pixels.copy() if partly.size else pixels
        for i in partly:
            each = np.broadcast_to(has_data[i].astype(bool), pixels[i].shape)
            for band, valid in zip(pixels[i], each, strict=True):
                band[~valid] = band[valid].mean().round() if valid.any() else MIDDLE
        return torch.from_numpy(pixels)


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
    masks = np.moveaxis(np.broadcast_to(chips.has_data.astype(bool), chips.pixels.shape), 1, 0)
    low, high = [], []
    for band, has_data in zip(bands, masks, strict=True):
        values = band[has_data].astype(np.float64)
        values = values[np.isfinite(values)]
        first, last = np.percentile(values, CONTRAST_PERCENTILES) if values.size else (0.0, 1.0)
        low.append(float(first))
        high.append(float(last) if last > first else float(first) + 1.0)
    return tuple(low), tuple(high)


def tiles_with_image(tiles: pd.DataFrame, source: ImageSource) -> BoolArray:
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
