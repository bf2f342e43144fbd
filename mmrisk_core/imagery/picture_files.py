"""Pictures that are files of their own, one for each row of a table, instead of a raster that covers the tiles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd
import rasterio
from pydantic import BaseModel, ConfigDict
from rasterio.windows import Window

from mmrisk_core.arrays import BoolArray, ByteArray, IntArray
from mmrisk_core.errors import InputError
from mmrisk_core.geo.drivers import PICTURES, is_remote
from mmrisk_core.geo.frames import title_of
from mmrisk_core.geo.layer_io import FOLDER_KEY
from mmrisk_core.imagery import decoding_warnings
from mmrisk_core.imagery.bands import Bands, Mask, Pixels, describe_bands, describe_gaps, read_pixels
from mmrisk_core.imagery.chips import Chips, ReadingPool, read_ahead
from mmrisk_core.imagery.raster_parts import share_of
from mmrisk_core.imagery.raster_source import RasterSource, damage_sentence, opened_raster
from mmrisk_core.imagery.reading_order import Batch
from mmrisk_core.imagery.resampling import resample
from mmrisk_core.wording import counted

COLOURS = ("red", "green", "blue")
SAMPLE_FOR_KIND = 50
NAMED = 3
MAX_BYTES = 2**28
"""Of the pixels of one picture, which are decoded whole: a file of some kilobytes can say that it has gigabytes."""


class PictureColumn(BaseModel):
    """Where an image input is: a field with the path of one picture in each row.

    A path that is not absolute begins at the folder of the table's file, or at the working directory where the table is in
    memory only.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    column: str

    @property
    def title(self) -> str:
        """The name to keep in a model."""
        return self.column

    @property
    def shown(self) -> str:
        """The name to use in messages."""
        return f"the field '{self.column}'"


@dataclass(frozen=True)
class PictureKind:
    """What the pictures of a column have in common.

    :param band_names: of the pixels that are read; a grey picture is read as three equal bands.
    :param dtype: ``uint8`` or ``float32``.
    """

    band_names: tuple[str, ...]
    dtype: Literal["uint8", "float32"]


def describe_pictures(table: pd.DataFrame, source: PictureColumn) -> PictureKind:
    """Open some of the pictures of ``table``, in column ``source``, evenly spread over the rows, and say what they are.

    :raises MMRiskError: when there is no such field, no picture is there, or they are of several kinds.
    """
    paths = picture_paths(table, source)
    there = np.flatnonzero(pictures_there(paths))
    if not there.size:
        raise InputError(_none_there(paths, source))
    some = [paths[row] for row in there[:: max(1, len(there) // SAMPLE_FOR_KIND)]]
    kinds = [_kind_of(path) for path in some]
    for path, kind in zip(some, kinds, strict=True):
        if (len(kind.band_names), kind.dtype) != (len(kinds[0].band_names), kinds[0].dtype):
            raise InputError(
                f"The pictures of {source.shown} are of several kinds: {some[0].name} has {_in_words(kinds[0])}, "
                f"{path.name} has {_in_words(kind)}. Convert them to one kind."
            )
    return kinds[0]


class PictureReader:
    """Reads the pictures of ``table``, in column ``source``, each resampled whole to a square, whatever its shape.

    :param pixels: side of a chip in pixels.
    :param bands, dtype: what the pixels of all pictures must be.
    :raises MMRiskError: when there is no such field.
    """

    def __init__(
        self,
        table: pd.DataFrame,
        source: PictureColumn,
        *,
        pixels: int,
        bands: int,
        dtype: Literal["uint8", "float32"],
    ) -> None:
        self.source = source
        self.pixels = pixels
        self.paths = picture_paths(table, source)
        self.inside = pictures_there(self.paths)
        self._bands = bands
        self._dtype = dtype

    def __enter__(self) -> PictureReader:
        return self

    def __exit__(self, *_: object) -> None:
        """Files are open only while they are read."""

    @property
    def missing(self) -> str:
        """How many pictures are missing, and the names of the first, as words in a sentence."""
        return _missing(self.paths, self.inside)

    def require_some(self) -> None:
        """Check that some picture is there.

        :raises MMRiskError: when none is.
        """
        if not self.inside.any():
            raise InputError(_none_there(self.paths, self.source))

    def iterate(self, batches: Sequence[Batch], pool: ReadingPool) -> Iterator[tuple[IntArray, Chips]]:
        """The pictures of each of ``batches``, read by ``pool`` some batches before they are asked for."""
        return read_ahead(self.read, batches, pool)

    def read(self, rows: IntArray) -> Chips:
        """The pictures at positions ``rows``, (n,); those that are missing have no valid pixel."""
        pixels = np.zeros((len(rows), self._bands, self.pixels, self.pixels), dtype=self._dtype)
        masks = self._bands if self._dtype == "float32" else 1
        valid = np.zeros((len(rows), masks, self.pixels, self.pixels), dtype=np.uint8)
        for i, row in enumerate(rows):
            if self.inside[row]:
                self._read_picture(self.paths[row], pixels[i], valid[i])
        return Chips(pixels, valid)

    def _read_picture(self, path: Path, out: Pixels, out_valid: ByteArray) -> None:
        source = RasterSource(path=str(path))
        try:
            with decoding_warnings.raised(), _opened(source) as (dataset, bands):
                self._require_kind(_kind(bands), path)
                # Whatever else they are, pictures of 8 bits are seen as colours.
                pixels, valid = _read_whole(dataset, replace(bands, own_gaps=bands.own_gaps and bands.dtype != "uint8"))
        except decoding_warnings.DamagedBlockError as error:
            raise InputError(damage_sentence(source, error)) from error
        resample(pixels, valid, out, out_valid)

    def _require_kind(self, kind: PictureKind, path: Path) -> None:
        if len(kind.band_names) != self._bands or kind.dtype != self._dtype:
            wanted = PictureKind(("",) * self._bands, self._dtype)
            raise InputError(
                f"The picture {path.name} of {self.source.shown} has {_in_words(kind)}; the model looks at pictures with "
                f"{_in_words(wanted)}. Convert it."
            )


def _read_whole(dataset: rasterio.DatasetReader, bands: Bands) -> tuple[Pixels, Mask | None]:
    """Pixels (bands, h, w) of a picture, and which are valid, (masks, h, w); None where all are."""
    gaps, width, height = describe_gaps(dataset, bands), dataset.width, dataset.height
    # Asked for a whole PNG at once, GDAL 3.12 gives noise for what a truncated file lacks, and does not say so.
    edges = [0, height - 1, height] if height > 1 else [0, height]
    windows = [Window(0, top, width, bottom - top) for top, bottom in pairwise(edges)]
    parts = [read_pixels(dataset, bands, gaps, window) for window in windows]
    pixels = np.concatenate([values for values, _ in parts], axis=1)
    if all(valid is None for _, valid in parts):
        return pixels, None
    masks = [np.ones((bands.masks, *values.shape[1:]), bool) if valid is None else valid for values, valid in parts]
    return pixels, np.concatenate([np.broadcast_to(mask, (bands.masks, *mask.shape[1:])) for mask in masks], axis=1)


def picture_paths(table: pd.DataFrame, source: PictureColumn) -> list[Path | None]:
    """The path of the picture of each row of ``table``, in column ``source``; None where the field is empty.

    :raises MMRiskError: when there is no such field, it holds no text, or names what is on another computer or no file.
    """
    if source.column not in table.columns:
        raise InputError(
            f"The table '{title_of(table)}' has no field '{source.column}' with the paths of the pictures. Choose the field "
            "that has them."
        )
    values = table[source.column]
    if pd.api.types.infer_dtype(values, skipna=True) not in ("string", "empty", "mixed") and values.notna().any():
        raise InputError(
            f"The field '{source.column}' of the table '{title_of(table)}' holds no text. Choose the field with the paths "
            "of the pictures."
        )
    folder = Path(table.attrs.get(FOLDER_KEY, ""))
    named = [str(value).strip() if pd.notna(value) else "" for value in values]
    elsewhere = next((text for text in named if _is_elsewhere(text, folder)), None)
    if elsewhere is not None:
        raise InputError(
            f"The field '{source.column}' of the table '{title_of(table)}' names {elsewhere}, which is no file of this "
            "computer. Put the pictures on a disk of it, such as into the folder of the table, and name them there."
        )
    return [folder / text if text else None for text in named]


def _is_elsewhere(text: str, folder: Path) -> bool:
    """Whether a field names no file: looking whether it is there would already ask another computer."""
    return text.startswith("/vsi") or is_remote(text) or share_of(text) not in (None, share_of(str(folder)))


def pictures_there(paths: Sequence[Path | None]) -> BoolArray:
    """Which of the pictures at ``paths`` are there, (n,)."""
    return np.array([path is not None and path.is_file() for path in paths], dtype=bool)


def _kind_of(path: Path) -> PictureKind:
    source = RasterSource(path=str(path))
    with _opened(source) as (_, bands):
        return _kind(bands)


@contextmanager
def _opened(source: RasterSource) -> Iterator[tuple[rasterio.DatasetReader, Bands]]:
    """A picture and its bands.

    :raises MMRiskError: when it is none, or would fill the memory.
    """
    with opened_raster(source, PICTURES) as dataset:
        bands = describe_bands(dataset, source.shown)
        pixels = dataset.width * dataset.height
        size = pixels * len(_kind(bands).band_names) * np.dtype(bands.dtype).itemsize
        if size > MAX_BYTES:
            raise InputError(
                f"The picture {source.shown} has {dataset.width:,} x {counted(dataset.height, 'pixel')}, which take "
                f"{size / 2**20:,.0f} MiB; the most is {MAX_BYTES / 2**20:.0f} MiB. Make it smaller, or use it as a raster "
                "under the tiles."
            )
        yield dataset, bands


def _kind(bands: Bands) -> PictureKind:
    return PictureKind(COLOURS if len(bands.names) == 1 else bands.names, bands.dtype)


def _in_words(kind: PictureKind) -> str:
    return f"{counted(len(kind.band_names), 'band')} of {'8 bits' if kind.dtype == 'uint8' else 'more than 8 bits'}"


def _missing(paths: Sequence[Path | None], there: BoolArray) -> str:
    absent = np.flatnonzero(~there)
    names = [str(paths[row]) if paths[row] else f"row {row + 1} names none" for row in absent[:NAMED]]
    more = " and so on" if len(absent) > NAMED else ""
    return f"{len(absent):,} of {counted(len(there), 'picture')} ({', '.join(names)}{more})"


def _none_there(paths: Sequence[Path | None], source: PictureColumn) -> str:
    if not paths:
        return "The table is empty. It needs rows, each with a picture."
    return (
        f"None of the pictures that {source.shown} names is there: {_missing(paths, pictures_there(paths))} are missing. "
        "Paths that are not absolute begin at the folder of the table's file; put the pictures there, or write whole paths."
    )
