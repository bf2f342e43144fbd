"""Which bands of a raster are read, and how their values become pixels with a mask.

A gap of a band is a gap of that band, whether a value or NaN marks it, and a pixel is missing where no band has it. The
colours of an 8-bit picture are the exception: they are one value, as a dark pixel of an orthophoto with nodata 0 may well
have a red of 0. An alpha band and a mask say it of all bands.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import rasterio
from rasterio.enums import ColorInterp, MaskFlags
from rasterio.windows import Window

from mmrisk_core.arrays import AnyArray, BoolArray, ByteArray
from mmrisk_core.errors import InputError
from mmrisk_core.wording import counted

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
    :param own_gaps: whether each band may have gaps where the others have none.
    """

    indexes: tuple[int, ...]
    names: tuple[str, ...]
    dtype: Literal["uint8", "float32"]
    palette: ByteArray | None = None
    scale: npt.NDArray[np.float32] | None = None
    offset: npt.NDArray[np.float32] | None = None
    own_gaps: bool = False

    @property
    def masks(self) -> int:
        """How many masks the pixels have: one for each band, or one for all."""
        return len(self.names) if self.own_gaps else 1

    @property
    def bytes_per_pixel(self) -> int:
        """Memory of one pixel and its mask."""
        return len(self.names) * np.dtype(self.dtype).itemsize + self.masks


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
            f"The raster {shown} has {counted(len(indexes), 'band')}; at most {MAX_BANDS} are read. Keep the ones that "
            "matter with 'Rearrange bands'."
        )
    has_colours = all(colour in kinds.values() for colour in COLOURS)
    if has_colours:
        first = [next(index for index, kind in kinds.items() if kind == colour) for colour in COLOURS]
        indexes = first + [index for index in indexes if index not in first]
    names = tuple(_name(dataset, index, kinds[index]) for index in indexes)
    scale = np.array([dataset.scales[index - 1] for index in indexes], dtype=np.float32)
    offset = np.array([dataset.offsets[index - 1] for index in indexes], dtype=np.float32)
    is_bytes = all(dataset.dtypes[index - 1] == "uint8" for index in indexes)
    own_gaps = len(indexes) > 1 and not (is_bytes and has_colours) and _marks_gaps_by_values(dataset, indexes)
    if (scale != 1).any() or (offset != 0).any():
        return Bands(tuple(indexes), names, "float32", None, scale, offset, own_gaps)
    return Bands(tuple(indexes), names, "uint8" if is_bytes else "float32", own_gaps=own_gaps)


def _marks_gaps_by_values(dataset: rasterio.DatasetReader, indexes: Sequence[int]) -> bool:
    """Whether a value of a band, be it NaN, can say that there is no data."""
    flags, dtypes = dataset.mask_flag_enums, dataset.dtypes
    return any(MaskFlags.nodata in flags[index - 1] or "float" in dtypes[index - 1] for index in indexes)


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
    flags = {flag for index in bands.indexes for flag in dataset.mask_flag_enums[index - 1]}
    kinds = zip(dataset.indexes, dataset.colorinterp, strict=True)
    alpha = next((index for index, kind in kinds if kind == ColorInterp.alpha), None)
    if MaskFlags.nodata in flags:
        return Gaps(nodata=tuple(dataset.nodatavals[index - 1] for index in bands.indexes))
    # GDAL takes an alpha band of floats, as a warp adds one, for no mask.
    if alpha is not None:
        return Gaps(alpha=alpha)
    return Gaps(has_mask=MaskFlags.per_dataset in flags)


def gaps_while_warping(dataset: rasterio.DatasetReader, bands: Bands, shown: str) -> dict[str, Any]:
    """What to tell GDAL of gaps when it warps ``dataset``, so that what they hold is not mixed into what lies beside them.

    :param shown: the raster's name for messages.
    :raises MMRiskError: where bands mark their gaps by different values, which cannot be told.
    """
    values = {str(dataset.nodatavals[index - 1]) for index in bands.indexes}
    if len(values) > 1:
        raise InputError(
            f"The bands of the raster {shown} mark their gaps by different values ({', '.join(sorted(values))}), and it has "
            "to be warped to the CRS of the tiles. Give all bands one value with 'Translate', or warp it first."
        )
    each = {"UNIFIED_SRC_NODATA": "NO"} if bands.own_gaps else {}
    flags = {flag for index in bands.indexes for flag in dataset.mask_flag_enums[index - 1]}
    if flags == {MaskFlags.all_valid} and all("float" in dataset.dtypes[index - 1] for index in bands.indexes):
        return each | {"src_nodata": math.nan, "nodata": math.nan}
    # The corners that warping leaves empty need something that says so.
    return each | {"add_alpha": dataset.nodata is None and ColorInterp.alpha not in dataset.colorinterp}


def read_pixels(
    dataset: rasterio.DatasetReader, bands: Bands, gaps: Gaps, window: Window
) -> tuple[Pixels, Mask | None]:
    """Pixels (bands, h, w) of a window, and which are valid, (masks, h, w) with one for all bands or for each; None where
    all are.

    Invalid is what the file's mask, alpha band or nodata value says, and what is not finite.
    """
    indexes = [*bands.indexes, *([gaps.alpha] if gaps.alpha else [])]
    values = dataset.read(indexes, window=window)
    valid: Mask | None = None
    if gaps.alpha:
        valid = values[-1:] > 0
        values = values[:-1]
    elif gaps.has_mask:
        valid = dataset.read_masks([bands.indexes[0]], window=window) > 0
    elif gaps.nodata:
        valid = _holds_data(values, gaps.nodata)
    if values.dtype.kind == "f":
        finite: Mask = np.asarray(np.abs(values) <= np.finfo(np.float32).max)
        valid = finite if valid is None else valid & finite
    if valid is not None and not bands.own_gaps and len(valid) > 1:
        valid = np.asarray(valid.any(axis=0, keepdims=True))
    return _to_pixels(values, valid, bands)


def _to_pixels(values: Pixels, valid: Mask | None, bands: Bands) -> tuple[Pixels, Mask | None]:
    if bands.palette is not None:
        colours = np.moveaxis(bands.palette[values[0]], -1, 0)
        opaque = colours[3:] > 0
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
    """Where each band has data, (bands, h, w)."""
    valid = np.ones(values.shape, dtype=bool)
    for band, gap, has_data in zip(values, nodata, valid, strict=True):
        if gap is None:
            continue
        if band.dtype.kind == "f":
            # Some files write the gap in more digits than single precision holds.
            with np.errstate(over="ignore"):
                np.not_equal(band, np.asarray(gap).astype(band.dtype), out=has_data)
        elif not np.isnan(gap):
            np.not_equal(band, gap, out=has_data)
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
