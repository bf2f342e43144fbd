"""Which bands of a raster are read, and how their values become pixels with a mask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import rasterio
from rasterio.enums import ColorInterp, MaskFlags
from rasterio.windows import Window

from mmrisk_core.arrays import AnyArray, BoolArray, ByteArray
from mmrisk_core.errors import InputError

Pixels = AnyArray
Mask = BoolArray

MAX_BANDS = 256
COLOURS = (ColorInterp.red, ColorInterp.green, ColorInterp.blue)


@dataclass(frozen=True)
class Bands:
    """The bands of a picture, and what their values mean.

    :param indexes: the bands that are read (from 1): red, green and blue first where the file says which is which, alpha
        left out.
    :param names: a name for each band of the pixels.
    :param dtype: ``uint8`` or ``float32``.
    :param palette: (256, 4) red, green, blue and opacity of each value, for a picture with a palette.
    :param scale, offset: (bands,) by which values become quantities; None where they are quantities already.
    """

    indexes: tuple[int, ...]
    names: tuple[str, ...]
    dtype: Literal["uint8", "float32"]
    palette: ByteArray | None = None
    scale: npt.NDArray[np.float32] | None = None
    offset: npt.NDArray[np.float32] | None = None

    @property
    def bytes_per_pixel(self) -> int:
        """Memory of one pixel and its mask."""
        return len(self.names) * np.dtype(self.dtype).itemsize + 1


def describe_bands(dataset: rasterio.DatasetReader, shown: str) -> Bands:
    """Which bands to read of a raster.

    :param shown: the raster's name for messages.
    :raises MMRiskError: when there is nothing but alpha, or more bands than are read.
    """
    kinds = dict(zip(dataset.indexes, dataset.colorinterp, strict=True))
    palette = _palette(dataset) if kinds[1] == ColorInterp.palette and dataset.dtypes[0] == "uint8" else None
    if palette is not None:
        return Bands((1,), ("red", "green", "blue"), "uint8", palette)
    indexes = [index for index, kind in kinds.items() if kind != ColorInterp.alpha]
    if not indexes:
        raise InputError(f"The raster {shown} is no picture: it has nothing but an alpha band.")
    if len(indexes) > MAX_BANDS:
        raise InputError(
            f"The raster {shown} has {len(indexes)} bands; at most {MAX_BANDS} are read. Keep the ones that matter with "
            "'Rearrange bands'."
        )
    if all(colour in kinds.values() for colour in COLOURS):
        first = [next(index for index, kind in kinds.items() if kind == colour) for colour in COLOURS]
        indexes = first + [index for index in indexes if index not in first]
    names = tuple(_name(dataset, index, kinds[index]) for index in indexes)
    scale = np.array([dataset.scales[index - 1] for index in indexes], dtype=np.float32)
    offset = np.array([dataset.offsets[index - 1] for index in indexes], dtype=np.float32)
    if (scale != 1).any() or (offset != 0).any():
        return Bands(tuple(indexes), names, "float32", None, scale, offset)
    is_bytes = all(dataset.dtypes[index - 1] == "uint8" for index in indexes)
    return Bands(tuple(indexes), names, "uint8" if is_bytes else "float32")


@dataclass(frozen=True)
class Gaps:
    """How an open raster says where it has no data.

    :param alpha: the band that says it, if one does.
    :param has_mask: whether a mask says it.
    :param nodata: the value of each band that says it, if one does.
    """

    alpha: int | None = None
    has_mask: bool = False
    nodata: tuple[float | None, ...] | None = None


def describe_gaps(dataset: rasterio.DatasetReader, bands: Bands) -> Gaps:
    """How ``dataset`` says where it has no data; asked once, as GDAL takes its time to answer."""
    flags = dataset.mask_flag_enums[bands.indexes[0] - 1]
    kinds = zip(dataset.indexes, dataset.colorinterp, strict=True)
    alpha = next((index for index, kind in kinds if kind == ColorInterp.alpha), None)
    if MaskFlags.nodata in flags:
        return Gaps(nodata=tuple(dataset.nodatavals[index - 1] for index in bands.indexes))
    # GDAL takes an alpha band of floats, as a warp adds one, for no mask.
    if alpha is not None:
        return Gaps(alpha=alpha)
    return Gaps(has_mask=MaskFlags.per_dataset in flags)


def read_pixels(
    dataset: rasterio.DatasetReader, bands: Bands, gaps: Gaps, window: Window
) -> tuple[Pixels, Mask | None]:
    """Pixels (bands, h, w) of a window, and which are valid, (h, w); None where all are.

    Invalid is what the file's mask, alpha band or nodata value says, and what is not finite.
    """
    indexes = [*bands.indexes, *([gaps.alpha] if gaps.alpha else [])]
    values = dataset.read(indexes, window=window)
    valid: Mask | None = None
    if gaps.alpha:
        valid = values[-1] > 0
        values = values[:-1]
    elif gaps.has_mask:
        valid = dataset.read_masks(bands.indexes[0], window=window) > 0
    elif gaps.nodata:
        valid = _holds_data(values, gaps.nodata)
    if values.dtype.kind == "f":
        finite = (np.abs(values) <= np.finfo(np.float32).max).all(axis=0)
        valid = finite if valid is None else valid & finite
    return _to_pixels(values, valid, bands)


def _to_pixels(values: Pixels, valid: Mask | None, bands: Bands) -> tuple[Pixels, Mask | None]:
    if bands.palette is not None:
        colours = np.moveaxis(bands.palette[values[0]], -1, 0)
        opaque = colours[3] > 0
        return np.ascontiguousarray(colours[:3]), opaque if valid is None else valid & opaque
    if bands.dtype == "float32":
        with np.errstate(over="ignore", invalid="ignore"):
            values = values.astype(np.float32)
        if valid is not None:
            values = np.where(valid, values, np.float32(0))
        if bands.scale is not None and bands.offset is not None:
            values = values * bands.scale[:, None, None] + bands.offset[:, None, None]
    if valid is not None and valid.all():
        valid = None
    return values, valid


def _holds_data(values: Pixels, nodata: tuple[float | None, ...]) -> Mask:
    """Where at least one band has data."""
    valid = np.zeros(values.shape[1:], dtype=bool)
    for band, gap in zip(values, nodata, strict=True):
        if gap is None:
            return np.ones(values.shape[1:], dtype=bool)
        if np.isnan(gap):
            valid |= ~np.isnan(band) if band.dtype.kind == "f" else True
        elif band.dtype.kind == "f":
            # Some files write the gap in more digits than single precision holds.
            with np.errstate(over="ignore"):
                valid |= band != np.asarray(gap).astype(band.dtype)
        else:
            valid |= band != gap
    return valid


def _palette(dataset: rasterio.DatasetReader) -> ByteArray | None:
    try:
        entries = dataset.colormap(1)
    except ValueError:
        return None
    palette = np.zeros((256, 4), dtype=np.uint8)
    for value, colour in entries.items():
        if 0 <= value < len(palette):
            palette[value] = colour
    return palette


def _name(dataset: rasterio.DatasetReader, index: int, kind: ColorInterp) -> str:
    if kind in COLOURS:
        return str(kind.name)
    return dataset.descriptions[index - 1] or f"band {index}"
