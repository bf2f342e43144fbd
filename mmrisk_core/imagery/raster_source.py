"""Which raster an image input is, and what there is to know of it before reading it."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pyproj
import rasterio
import rasterio.errors
from pydantic import BaseModel, ConfigDict, model_validator
from rasterio.enums import Interleaving
from rasterio.env import ensure_env_with_credentials
from rasterio.transform import get_transformer

from mmrisk_core.errors import InputError, MMRiskError
from mmrisk_core.geo.crs import Bounds, metric_crs, metric_unit, parse_crs, transformer_between
from mmrisk_core.geo.drivers import RASTERS
from mmrisk_core.imagery.bands import Bands, describe_bands
from mmrisk_core.imagery.raster_parts import require_local_parts
from mmrisk_core.wording import counted

SHOWN_SUBDATASETS = 5
MAX_BLOCK_BYTES = 2**30
"""Of a block, which is decoded whole however little of it is read."""


class RasterSource(BaseModel):
    """Where an image input is: a raster, and what QGIS knows better than the file. A plain path is read as such.

    :param path: anything GDAL opens: a file, a VRT that joins several, ``/vsizip/...``, a subdataset.
    :param name: what the user calls it.
    :param crs: any text that pyproj reads; overrules the file's own.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: str
    name: str | None = None
    crs: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: Any) -> Any:
        return {"path": str(value)} if isinstance(value, (str, Path)) else value

    @property
    def title(self) -> str:
        """The name to use in recipes."""
        return self.name or Path(self.path).stem

    @property
    def shown(self) -> str:
        """The name to use in messages, which says which file is meant."""
        # A raster inside a file is named by the file and by its place in it.
        file = Path(self.path).name if Path(self.path).exists() else re.sub(r'[^":]*[/\\]', "", self.path)
        return file if self.name in (None, file, Path(self.path).stem) else f"'{self.name}' ({file})"


@dataclass(frozen=True)
class RasterInfo:
    """What there is to know of the raster ``source`` before reading it.

    :param bands: which bands are read, and how their values become pixels.
    :param crs: of the raster, or of its ground control points.
    :param bounds: around the raster, in ``crs``.
    :param pixel_size: ground sample distance in units of ``crs``.
    :param metres_per_pixel: the same in metres, at the middle of the raster.
    """

    source: RasterSource
    bands: Bands
    crs: pyproj.CRS
    bounds: Bounds
    pixel_size: float
    metres_per_pixel: float

    @property
    def band_names(self) -> tuple[str, ...]:
        """The names of the bands, in the order in which they are read."""
        return self.bands.names

    @property
    def dtype(self) -> Literal["uint8", "float32"]:
        """``uint8`` or ``float32``: the type of the pixels that are read."""
        return self.bands.dtype


def as_source(source: RasterSource | str | Path) -> RasterSource:
    """A raster source from itself or from a path."""
    return source if isinstance(source, RasterSource) else RasterSource.model_validate(source)


@ensure_env_with_credentials  # type: ignore[untyped-decorator]
def open_raster(path: str, drivers: Sequence[str] = RASTERS, **options: Any) -> rasterio.DatasetReader:
    """As ``rasterio.open``, which takes no list of drivers."""
    return rasterio.DatasetReader(path, driver=list(drivers), **options)


@contextmanager
def opened_raster(
    source: RasterSource, drivers: Sequence[str] = RASTERS, **options: Any
) -> Iterator[rasterio.DatasetReader]:
    """The raster, open.

    :param drivers: the formats that it may be in.
    :param options: open options of GDAL.
    :raises MMRiskError: when it is missing or is no raster, also for what goes wrong while it is open.
    """
    if "VRT" in drivers:
        require_local_parts(source.path, source.shown)
    try:
        with warnings.catch_warnings():
            # What is not georeferenced is refused in a sentence where it matters.
            warnings.simplefilter("ignore", rasterio.errors.NotGeoreferencedWarning)
            dataset = open_raster(source.path, drivers, **options)
    except (rasterio.errors.RasterioError, OSError) as error:
        raise InputError(_why_not_opened(source, error)) from error
    with dataset:
        try:
            yield dataset
        except rasterio.errors.RasterioError as error:
            raise InputError(damage_sentence(source, error)) from error


def damage_sentence(source: RasterSource, error: Exception, place: str = "") -> str:
    """What to say of a raster that opens, but cannot be read."""
    reason = error.__cause__ or error
    return f"The raster {source.shown} is damaged: it cannot be read{place} ({reason}). Get the file again."


def crs_of(dataset: rasterio.DatasetReader, source: RasterSource) -> pyproj.CRS:
    """The CRS that the coordinates of a raster are in.

    :raises MMRiskError: when it has none.
    """
    if source.crs:
        return parse_crs(source.crs)
    points, points_crs = dataset.gcps
    found = points_crs if points and not has_transform(dataset) else dataset.crs
    if not found:
        raise InputError(
            f"The raster {source.shown} has no coordinate reference system. Set it in the layer's properties, or write "
            "it into the file with 'Assign projection'."
        )
    try:
        return pyproj.CRS.from_wkt(found.to_wkt(version="WKT2_2018"))
    except (pyproj.exceptions.CRSError, rasterio.errors.CRSError) as error:
        raise InputError(
            f"The coordinate reference system of the raster {source.shown} is not understood ({error}). Assign one with "
            "'Assign projection'."
        ) from error


def describe_raster(source: RasterSource | str | Path) -> RasterInfo:
    """Open the raster ``source`` and say what it is.

    :raises MMRiskError: when it is missing, unreadable, holds no picture or has no CRS.
    """
    source = as_source(source)
    with opened_raster(source) as dataset:
        _require_picture(dataset, source)
        _require_small_blocks(dataset, source)
        _require_place(dataset, source)
        crs = crs_of(dataset, source)
        x, y = _outline(dataset)
        if not (np.isfinite(x).all() and np.isfinite(y).all()):
            raise InputError(f"The raster {source.shown} is damaged: its georeference is not finite.")
        bounds = (float(x.min()), float(y.min()), float(x.max()), float(y.max()))
        size = _pixel_size(dataset)
        return RasterInfo(
            source=source,
            bands=describe_bands(dataset, source.shown),
            crs=crs,
            bounds=bounds,
            pixel_size=size,
            metres_per_pixel=_metres_per_pixel(size, bounds, crs, source),
        )


def _why_not_opened(source: RasterSource, error: Exception) -> str:
    path = Path(source.path)
    looks_like_file = not source.path.startswith("/vsi") and ":" not in source.path[2:]
    if looks_like_file and not path.exists():
        return f"The raster {source.path} does not exist. Check the path, or load the layer again."
    if looks_like_file and path.is_file() and path.stat().st_size == 0:
        return f"The raster {source.shown} is empty: the file has no bytes. Get it again."
    reason = str(error).replace(f"'{source.path}' not", "it is not").rstrip(".")
    return f"The raster {source.shown} cannot be read: {reason}. If QGIS shows it, make a file of it with 'Render imagery'."


def _require_picture(dataset: rasterio.DatasetReader, source: RasterSource) -> None:
    if dataset.count == 0:
        parts = dataset.subdatasets[:SHOWN_SUBDATASETS]
        hint = f"It holds several rasters; choose one of them: {', '.join(parts)}." if parts else "It has no bands."
        raise InputError(f"The raster {source.shown} is no picture. {hint}")
    if any("complex" in dtype for dtype in dataset.dtypes):
        raise InputError(
            f"The raster {source.shown} has complex numbers, which are no picture. Use its amplitude, for example by "
            "the 'Raster calculator'."
        )


def _require_small_blocks(dataset: rasterio.DatasetReader, source: RasterSource) -> None:
    height, width = dataset.block_shapes[0]
    together = dataset.count if dataset.interleaving == Interleaving.pixel else 1
    size = height * width * together * np.dtype(dataset.dtypes[0]).itemsize
    if size > MAX_BLOCK_BYTES:
        raise InputError(
            f"The raster {source.shown} is compressed in blocks of {width:,} x {counted(height, 'pixel')}, each of "
            f"which takes {size / 2**30:.1f} GiB of memory. Write it in tiles first, with 'Translate (convert format)' "
            "and the option "
            "TILED=YES."
        )


def _require_place(dataset: rasterio.DatasetReader, source: RasterSource) -> None:
    if not has_transform(dataset) and dataset.rpcs:
        raise InputError(
            f"The raster {source.shown} is placed by a sensor model (RPC), which needs the heights of the ground. Make an "
            "orthophoto of it first, with 'Warp (reproject)' and an elevation model."
        )
    if not has_transform(dataset) and not dataset.gcps[0]:
        raise InputError(
            f"The raster {source.shown} is not georeferenced: it does not say where on the map it lies. Place it with the "
            "'Georeferencer' first."
        )
    if dataset.transform.determinant == 0:
        raise InputError(f"The raster {source.shown} is damaged: its pixels have no size.")


def _outline(dataset: rasterio.DatasetReader) -> tuple[np.ndarray, np.ndarray]:
    """The four corners in the raster's CRS."""
    rows = [0, 0, dataset.height, dataset.height]
    cols = [0, dataset.width, 0, dataset.width]
    with transformer_of(dataset) as transformer:
        x, y = transformer.xy(rows, cols, offset="ul")
    return np.asarray(x), np.asarray(y)


def transformer_of(dataset: rasterio.DatasetReader) -> Any:
    """What turns rows and columns into coordinates and back: by ground control points, or affine."""
    if has_transform(dataset):
        return get_transformer(dataset.transform)()
    return get_transformer(dataset.gcps[0])()


def has_transform(dataset: rasterio.DatasetReader) -> bool:
    """Whether an affine transform places the raster, and not ground control points."""
    return not dataset.transform.is_identity


def _pixel_size(dataset: rasterio.DatasetReader) -> float:
    row, col = dataset.height / 2, dataset.width / 2
    with transformer_of(dataset) as transformer:
        x, y = transformer.xy([row, row, row + 1], [col, col + 1, col], offset="ul")
    return shorter_side(np.asarray(x), np.asarray(y))


def shorter_side(x: np.ndarray, y: np.ndarray) -> float:
    """The shorter side of a pixel, from the coordinates of a corner and of its two neighbours, (3,)."""
    return float(min(np.hypot(x[1] - x[0], y[1] - y[0]), np.hypot(x[2] - x[0], y[2] - y[0])))


def _metres_per_pixel(size: float, bounds: Bounds, crs: pyproj.CRS, source: RasterSource) -> float:
    try:
        metric = metric_crs(crs, bounds)
    except MMRiskError as error:
        raise InputError(f"The raster {source.shown} lies nowhere on earth: {error}") from error
    unit = metric_unit(metric)
    x, y = (bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2
    to_metric = transformer_between(crs, metric)
    return unit * shorter_side(*map(np.asarray, to_metric.transform([x, x + size, x], [y, y, y + size])))
