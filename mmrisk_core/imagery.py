"""Tile -> pixels: what a camera sees from above.

An image input is a raster file. For each tile a square chip is read from it, resampled to a fixed number of pixels, with
a mask of what is valid; with a context of 3 the chip shows three times the tile's width around its centre.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pyproj
import rasterio
import rasterio.errors
import shapely
from pydantic import BaseModel, ConfigDict, model_validator
from rasterio.enums import ColorInterp, Resampling
from rasterio.vrt import WarpedVRT
from rasterio.windows import Window

from mmrisk_core.crs import Bounds, metres_per_unit, metric_crs, transform_bounds
from mmrisk_core.errors import MMRiskError
from mmrisk_core.progress import SILENT, Progress
from mmrisk_core.vectors import require_crs, title_of

MAX_BANDS = 3
BATCH = 64


class RasterSource(BaseModel):
    """Where an image input is: a raster file, and what the user calls it. A plain path is read as such."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: str
    name: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: Any) -> Any:
        return {"path": str(value)} if isinstance(value, (str, Path)) else value

    @property
    def title(self) -> str:
        """The name to use in messages and recipes."""
        return self.name or Path(self.path).stem


@dataclass(frozen=True)
class RasterInfo:
    """What there is to know of a raster before reading it.

    :param bands: the bands that are read (from 1), alpha left out.
    :param pixel_size: ground sample distance in units of ``crs``.
    """

    path: Path
    bands: tuple[int, ...]
    dtype: str
    crs: pyproj.CRS
    bounds: Bounds
    pixel_size: float

    @property
    def metres_per_pixel(self) -> float:
        """Ground sample distance in metres, at the middle of the raster where the CRS is in degrees."""
        unit = metres_per_unit(self.crs)
        if unit is not None:
            return self.pixel_size * unit
        metric = metric_crs(self.crs, self.bounds)
        left, bottom, right, _ = self.bounds
        width = (right - left) / self.pixel_size
        moved = transform_bounds((left, bottom, right, bottom + self.pixel_size), self.crs, metric)
        return (moved[2] - moved[0]) / width


@dataclass(frozen=True)
class Chips:
    """Chips of tiles from one image input.

    :param pixels: (n, bands, pixels, pixels), in the raster's own type; 0 where nothing is valid.
    :param valid: (n, pixels, pixels), 1 where the raster has data.
    """

    pixels: npt.NDArray[np.generic]
    valid: npt.NDArray[np.uint8]

    @property
    def coverage(self) -> npt.NDArray[np.float64]:
        """Share of valid pixels of each chip, (n,)."""
        return np.asarray(self.valid.mean(axis=(1, 2)))


def describe_raster(path: str | Path) -> RasterInfo:
    """Open a raster and say what it is.

    :raises MMRiskError: when it is missing, unreadable or has no CRS.
    """
    path = Path(path)
    if not path.exists():
        raise MMRiskError(f"The raster {path} does not exist. Check the path, or load the layer again.")
    try:
        with rasterio.open(path) as dataset:
            if dataset.crs is None:
                raise MMRiskError(
                    f"The raster {path.name} has no coordinate reference system. Assign one with 'Assign projection'."
                )
            colour = [
                i for i, kind in zip(dataset.indexes, dataset.colorinterp, strict=True) if kind != ColorInterp.alpha
            ]
            return RasterInfo(
                path=path,
                bands=tuple(colour[:MAX_BANDS]),
                dtype=dataset.dtypes[0],
                crs=pyproj.CRS.from_wkt(dataset.crs.to_wkt()),
                bounds=tuple(dataset.bounds),
                pixel_size=float(min(dataset.res)),
            )
    except rasterio.errors.RasterioError as error:
        raise MMRiskError(f"The raster {path.name} cannot be read: {error}") from error


def iterate_chips(
    tiles: gpd.GeoDataFrame,
    path: str | Path,
    *,
    pixels: int,
    context: float = 1.0,
    threads: int = 2,
    must_overlap: bool = True,
    progress: Progress = SILENT,
) -> Iterator[tuple[slice, Chips]]:
    """Chips of ``tiles`` in batches, read ahead by ``threads`` threads with one handle each.

    :param pixels: side of a chip in pixels.
    :param context: side of the window as a multiple of the tile's.
    :param must_overlap: whether it is an error when no tile at all has imagery.
    :return: which tiles a batch holds, and their chips.
    :raises MMRiskError: when the raster cannot be read, or lies elsewhere than the tiles.
    """
    info = describe_raster(path)
    tile_crs = require_crs(tiles)
    windows = square_windows(tiles, context)
    batches = [slice(i, min(i + BATCH, len(tiles))) for i in range(0, len(tiles), BATCH)]
    with _RasterReader(info, tile_crs) as reader, ThreadPoolExecutor(threads) as pool:
        if must_overlap and not reader.overlaps(windows).any():
            raise MMRiskError(
                f"The raster {info.path.name} and the tiles '{title_of(tiles)}' do not overlap. Check the CRS of both, "
                "or choose the imagery of this area."
            )
        waiting: deque[Future[Chips]] = deque()
        try:
            for number, batch in enumerate(batches):
                for ahead in batches[number + len(waiting) : number + threads + 1]:
                    waiting.append(pool.submit(reader.read, windows[ahead], pixels))
                chips = waiting.popleft().result()
                progress.update(batch.stop / len(tiles), f"imagery of {batch.stop} of {len(tiles)} tiles")
                yield batch, chips
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def read_chips(
    tiles: gpd.GeoDataFrame,
    path: str | Path,
    *,
    pixels: int,
    context: float = 1.0,
    must_overlap: bool = True,
    progress: Progress = SILENT,
) -> Chips:
    """All chips of ``tiles`` at once. See :func:`iterate_chips`."""
    batches = iterate_chips(tiles, path, pixels=pixels, context=context, must_overlap=must_overlap, progress=progress)
    parts = [chips for _, chips in batches]
    return Chips(np.concatenate([c.pixels for c in parts]), np.concatenate([c.valid for c in parts]))


def tiles_with_imagery(tiles: gpd.GeoDataFrame, path: str | Path) -> npt.NDArray[np.bool_]:
    """Which tiles the raster may cover, going by its bounds, (n,)."""
    with _RasterReader(describe_raster(path), require_crs(tiles)) as reader:
        return reader.overlaps(square_windows(tiles, 1.0))


def square_windows(tiles: gpd.GeoDataFrame, context: float) -> npt.NDArray[np.float64]:
    """Left, bottom, right, top of the square around each tile's centre, ``context`` times as wide as the tile, (n, 4)."""
    bounds = shapely.bounds(tiles.geometry.array)
    centre = (bounds[:, :2] + bounds[:, 2:]) / 2
    half = (bounds[:, 2:] - bounds[:, :2]).max(axis=1, keepdims=True) / 2 * context
    return np.hstack([centre - half, centre + half])


class _RasterReader:
    """Reads windows of a raster in the CRS of the tiles, from any thread, one file handle per thread."""

    def __init__(self, info: RasterInfo, crs: pyproj.CRS) -> None:
        self._info = info
        self._crs = crs
        self._local = threading.local()
        self._handles: list[rasterio.DatasetBase] = []
        self._lock = threading.Lock()

    def __enter__(self) -> _RasterReader:
        return self

    def __exit__(self, *_: object) -> None:
        for handle in reversed(self._handles):
            handle.close()

    def overlaps(self, windows: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
        left, bottom, right, top = self._dataset().bounds
        inside = (windows[:, 0] < right) & (windows[:, 2] > left) & (windows[:, 1] < top) & (windows[:, 3] > bottom)
        return np.asarray(inside)

    def read(self, windows: npt.NDArray[np.float64], pixels: int) -> Chips:
        dataset = self._dataset()
        chips = np.zeros((len(windows), len(self._info.bands), pixels, pixels), dtype=self._info.dtype)
        valid = np.zeros((len(windows), pixels, pixels), dtype=np.uint8)
        try:
            for i, window in enumerate(windows):
                _read_window(dataset, self._info.bands, window, chips[i], valid[i])
        except rasterio.errors.RasterioError as error:
            raise MMRiskError(
                f"The raster {self._info.path.name} is damaged: it cannot be read at {windows[i].round(1).tolist()} "
                f"({error})."
            ) from error
        return Chips(chips, valid)

    def _dataset(self) -> rasterio.DatasetBase:
        if not hasattr(self._local, "dataset"):
            with self._lock:
                dataset = rasterio.open(self._info.path)
                self._handles.append(dataset)
                if _needs_warping(dataset, self._crs):
                    dataset = WarpedVRT(
                        dataset,
                        crs=self._crs.to_wkt(),
                        resampling=Resampling.bilinear,
                        add_alpha=_counts_everything_as_valid(dataset),
                    )
                    self._handles.append(dataset)
            self._local.dataset = dataset
        return self._local.dataset


def _needs_warping(dataset: rasterio.DatasetBase, crs: pyproj.CRS) -> bool:
    north_up = dataset.transform.b == 0 and dataset.transform.d == 0 and dataset.transform.e < 0
    return not (north_up and pyproj.CRS.from_wkt(dataset.crs.to_wkt()).equals(crs))


def _counts_everything_as_valid(dataset: rasterio.DatasetBase) -> bool:
    """Whether there is no nodata and no alpha; the corners that warping leaves empty then need an alpha band."""
    return dataset.nodata is None and ColorInterp.alpha not in dataset.colorinterp


def _read_window(
    dataset: rasterio.DatasetBase,
    bands: tuple[int, ...],
    window: npt.NDArray[np.float64],
    chip: npt.NDArray[np.generic],
    valid: npt.NDArray[np.uint8],
) -> None:
    """Read one window (left, bottom, right, top) into ``chip`` (bands, pixels, pixels) and ``valid``."""
    if not np.isfinite(window).all():
        return
    left, bottom, right, top = window
    transform = dataset.transform
    col, row = (left - transform.c) / transform.a, (top - transform.f) / transform.e
    width, height = (right - left) / transform.a, (bottom - top) / transform.e
    first_col, first_row = max(col, 0.0), max(row, 0.0)
    last_col, last_row = min(col + width, dataset.width), min(row + height, dataset.height)
    pixels = chip.shape[-1]
    x0, x1 = (round((edge - col) / width * pixels) for edge in (first_col, last_col))
    y0, y1 = (round((edge - row) / height * pixels) for edge in (first_row, last_row))
    if x1 <= x0 or y1 <= y0:
        return
    source = Window(first_col, first_row, last_col - first_col, last_row - first_row)
    shape = (y1 - y0, x1 - x0)
    shrinking = width > pixels
    resampling = Resampling.average if shrinking else Resampling.bilinear
    chip[:, y0:y1, x0:x1] = dataset.read(
        list(bands), window=source, out_shape=(len(bands), *shape), resampling=resampling
    )
    mask = dataset.dataset_mask(window=source, out_shape=shape, resampling=Resampling.nearest) > 0
    valid[y0:y1, x0:x1] = mask
    chip[:, y0:y1, x0:x1][:, ~mask] = 0
