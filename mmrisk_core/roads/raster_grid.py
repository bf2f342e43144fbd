"""A raster as a grid of square pixels of a given size on the ground, read window by window."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyproj
import rasterio
import rasterio.errors
from affine import Affine
from rasterio.enums import Resampling
from rasterio.transform import from_origin
from rasterio.vrt import WarpedVRT
from rasterio.windows import Window

from mmrisk_core.arrays import AnyArray, BoolArray
from mmrisk_core.errors import InputError
from mmrisk_core.geo.crs import metres_per_unit, metric_crs, transform_bounds
from mmrisk_core.imagery import RasterInfo, RasterSource, decoding_warnings, describe_raster
from mmrisk_core.imagery.bands import Gaps, describe_gaps, gaps_while_warping, read_pixels
from mmrisk_core.imagery.raster_source import damage_sentence, has_transform, opened_raster
from mmrisk_core.roads.blank_areas import BLANK_SIDE, blank_areas

Pixels = AnyArray
Mask = BoolArray

AS_IT_IS = 1.2
"""Up to this ratio, pixels of another size are taken as they are."""
SQUARE = 1.01


@dataclass(frozen=True)
class PixelGrid:
    """Where the pixels of a raster lie.

    :param transform: north-up, in ``crs``.
    :param metres_per_pixel: ground sample distance.
    """

    crs: pyproj.CRS
    transform: Affine
    width: int
    height: int
    metres_per_pixel: float

    @property
    def units_per_metre(self) -> float:
        """Units of ``crs`` in a metre on the ground."""
        return float(self.transform.a) / self.metres_per_pixel

    @property
    def first(self) -> tuple[int, int]:
        """Row and column of the first pixel among all pixels of this size, which begin where the CRS has its zero.

        A raster and a part cut out of it have the same ones.
        """
        return round(self.transform.f / self.transform.e), round(self.transform.c / self.transform.a)

    def bounds_of(self, row: int, col: int, height: int, width: int) -> tuple[float, float, float, float]:
        """Left, bottom, right, top of a window."""
        size, left, top = self.transform.a, self.transform.c, self.transform.f
        down = self.transform.e
        return left + col * size, top + (row + height) * down, left + (col + width) * size, top + row * down


class GridRaster:
    """An open raster, on its grid; made by :func:`opened_grid`."""

    def __init__(self, info: RasterInfo, grid: PixelGrid, dataset: Any, gaps: Gaps) -> None:
        self.info = info
        self.grid = grid
        self._dataset = dataset
        self._gaps = gaps

    def read(self, row: int, col: int, height: int, width: int) -> tuple[Pixels, Mask]:
        """Pixels (bands, height, width) of a window, and which of them show something, (height, width).

        The window may lie across the border. Large blank areas show nothing, see :func:`blank_areas`; a margin is read for
        them, so that they do not depend on the window.

        :raises MMRiskError: when the file is damaged there.
        """
        top, left = row - BLANK_SIDE, col - BLANK_SIDE
        down, across = height + 2 * BLANK_SIDE, width + 2 * BLANK_SIDE
        first_row, first_col = max(top, 0), max(left, 0)
        last_row, last_col = min(top + down, self.grid.height), min(left + across, self.grid.width)
        bands = self.info.bands
        if last_row <= first_row or last_col <= first_col:
            return np.zeros((len(bands.names), height, width), bands.dtype), np.zeros((height, width), dtype=bool)
        window = Window(first_col, first_row, last_col - first_col, last_row - first_row)
        try:
            with decoding_warnings.raised():
                inside, valid = read_pixels(self._dataset, bands, self._gaps, window)
        except (rasterio.errors.RasterioError, decoding_warnings.DamagedBlockError) as error:
            place = f" at column {first_col}, row {first_row}"
            raise InputError(damage_sentence(self.info.source, error, place)) from error
        shows = ~blank_areas(inside) if valid is None else valid.any(axis=0) & ~blank_areas(inside)
        around = ((first_row - top, top + down - last_row), (first_col - left, left + across - last_col))
        core = (slice(BLANK_SIDE, BLANK_SIDE + height), slice(BLANK_SIDE, BLANK_SIDE + width))
        return np.pad(inside, ((0, 0), *around))[(slice(None), *core)], np.pad(shows, around)[core]


@contextmanager
def opened_grid(source: RasterSource, metres_per_pixel: float | None = None) -> Iterator[GridRaster]:
    """The raster, open: as it is, or resampled where it is rotated, in degrees, or has pixels of another size.

    :param metres_per_pixel: the wanted ground sample distance; None takes the raster's own.
    :raises MMRiskError: when the raster cannot be read or placed.
    """
    info = describe_raster(source)
    with opened_raster(source) as dataset:
        if _fits(dataset, info, metres_per_pixel):
            grid = PixelGrid(info.crs, dataset.transform, dataset.width, dataset.height, info.metres_per_pixel)
            yield GridRaster(info, grid, dataset, describe_gaps(dataset, info.bands))
            return
        grid = _resampled_grid(info, metres_per_pixel or info.metres_per_pixel)
        options = {} if has_transform(dataset) else {"src_transform": rasterio.transform.from_gcps(dataset.gcps[0])}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", rasterio.errors.NotGeoreferencedWarning)
            warped = WarpedVRT(
                dataset,
                src_crs=info.crs.to_wkt(),
                crs=grid.crs.to_wkt(),
                transform=grid.transform,
                width=grid.width,
                height=grid.height,
                resampling=_resampling(info, grid),
                **gaps_while_warping(dataset, info.bands, info.source.shown),
                **options,
            )
        with warped:
            yield GridRaster(info, grid, warped, describe_gaps(warped, info.bands))


def _fits(dataset: rasterio.DatasetReader, info: RasterInfo, wanted: float | None) -> bool:
    """Whether the pixels of the file are square, north-up and of the wanted size."""
    transform = dataset.transform
    if not has_transform(dataset) or not (transform.b == 0 == transform.d and transform.a > 0 > transform.e):
        return False
    square = 1 / SQUARE < transform.a / -transform.e < SQUARE
    ratio = 1.0 if wanted is None else info.metres_per_pixel / wanted
    return bool(info.crs.is_projected and square and 1 / AS_IT_IS < ratio < AS_IT_IS)


def _resampled_grid(info: RasterInfo, metres_per_pixel: float) -> PixelGrid:
    crs = info.crs if info.crs.is_projected else metric_crs(info.crs, info.bounds)
    unit = metres_per_unit(crs)
    # A unit of Web Mercator is another length at each latitude.
    size = metres_per_pixel / unit if unit else metres_per_pixel * info.pixel_size / info.metres_per_pixel
    left, bottom, right, top = transform_bounds(info.bounds, info.crs, crs)
    left, top = math.floor(left / size) * size, math.ceil(top / size) * size
    width, height = math.ceil((right - left) / size), math.ceil((top - bottom) / size)
    return PixelGrid(crs, from_origin(left, top, size, size), max(width, 1), max(height, 1), metres_per_pixel)


def _resampling(info: RasterInfo, grid: PixelGrid) -> Resampling:
    if info.bands.palette is not None:
        return Resampling.nearest
    return Resampling.average if grid.metres_per_pixel > info.metres_per_pixel * AS_IT_IS else Resampling.bilinear
