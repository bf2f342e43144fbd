"""A raster as a north-up picture in the CRS of the tiles, whatever it is in its file."""

from __future__ import annotations

import math
import threading
import warnings
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

from mmrisk_core.arrays import BoolArray, FloatArray
from mmrisk_core.errors import InputError
from mmrisk_core.geo.crs import transformer_between
from mmrisk_core.imagery import decoding_warnings
from mmrisk_core.imagery.bands import Gaps, Mask, Pixels, describe_gaps, gaps_while_warping, read_pixels
from mmrisk_core.imagery.raster_source import (
    RasterInfo,
    damage_sentence,
    has_transform,
    open_raster,
    opened_raster,
    shorter_side,
    transformer_of,
)
from mmrisk_core.imagery.tile_windows import pixel_windows

WARPED_BLOCK = (512, 512)
MAX_SIDE = 2_000_000_000
SHRINKING = 1.05

_NATIVE: dict[str, Any] = {}


@dataclass(frozen=True)
class Frame:
    """How a view lies on the map, and the blocks it is decoded in.

    :param transform: of the view, north-up, in the reading CRS.
    :param block: rows and columns of a block of the file.
    :param overview: which overview of the file is read; None is the file itself.
    :param warp: options of the warp that makes the view; None where the file already lies so.
    """

    width: int
    height: int
    transform: Affine
    block: tuple[int, int]
    overview: int | None = None
    warp: dict[str, Any] | None = None


class RasterView:
    """Reads pixels of a raster from any thread, with one file handle per thread.

    :param windows: (n, 4) the boxes that will be read, in units of ``crs``.
    :param pixels: how many pixels per side each of them becomes, by which overview and resolution are chosen.
    :raises MMRiskError: when the raster cannot be laid out in ``crs``.
    """

    def __init__(self, info: RasterInfo, crs: pyproj.CRS, windows: FloatArray, pixels: int) -> None:
        self.info = info
        self._local = threading.local()
        self._handles: list[Any] = []
        self._lock = threading.Lock()
        finite = np.isfinite(windows).all(axis=1)
        self.inside = np.zeros(len(windows), dtype=bool)
        self.inside[finite] = _overlaps(info, crs, windows[finite])
        self.frame = _choose_frame(info, crs, windows[self.inside], pixels)
        self.windows = np.zeros((len(windows), 4), dtype=np.int64)
        self.windows[self.inside] = pixel_windows(windows[self.inside], self.frame.transform)

    def __enter__(self) -> RasterView:
        return self

    def __exit__(self, *_: object) -> None:
        for handle in reversed(self._handles):
            handle.close()

    def read(self, col: int, row: int, width: int, height: int) -> tuple[Pixels, Mask | None]:
        """Pixels (bands, height, width) of a window inside the view, and which are data, as :func:`read_pixels`.

        :raises MMRiskError: when the file is damaged there.
        """
        try:
            dataset, gaps = self._dataset()
            with decoding_warnings.raised():
                return read_pixels(dataset, self.info.bands, gaps, Window(col, row, width, height))
        except (rasterio.errors.RasterioError, decoding_warnings.DamagedBlockError) as error:
            raise InputError(damage_sentence(self.info.source, error, f" at column {col}, row {row}")) from error

    def _dataset(self) -> tuple[Any, Gaps]:
        if not hasattr(self._local, "dataset"):
            with self._lock:
                dataset = self._open()
                self._local.dataset = dataset, describe_gaps(dataset, self.info.bands)
        return self._local.dataset  # type: ignore[no-any-return]

    def _open(self) -> Any:
        options = _NATIVE if self.frame.overview is None else {"overview_level": self.frame.overview}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", rasterio.errors.NotGeoreferencedWarning)
            # Threads must not share a handle, which GDAL would give them for the same path.
            dataset = open_raster(self.info.source.path, sharing=False, **options)
        self._handles.append(dataset)
        if self.frame.warp is not None:
            dataset = WarpedVRT(dataset, **self.frame.warp)
            self._handles.append(dataset)
        return dataset


def _choose_frame(info: RasterInfo, crs: pyproj.CRS, windows: FloatArray, pixels: int) -> Frame:
    """The view of the raster that suits boxes (n, 4) that become ``pixels`` per side."""
    with opened_raster(info.source) as dataset:
        if _lies_straight(dataset) and info.crs.equals(crs):
            return _straight_frame(info, dataset, windows, pixels)
        if len(windows) == 0:
            return Frame(0, 0, Affine.identity(), (1, 1))
        return _warped_frame(info, dataset, crs, windows, pixels)


def _lies_straight(dataset: rasterio.DatasetReader) -> bool:
    transform = dataset.transform
    return bool(has_transform(dataset) and transform.b == 0 == transform.d and transform.a > 0 > transform.e)


def _straight_frame(info: RasterInfo, dataset: rasterio.DatasetReader, windows: FloatArray, pixels: int) -> Frame:
    shrinking = float((windows[:, 2] - windows[:, 0]).min()) / dataset.transform.a / pixels if len(windows) else 1.0
    level = _overview(dataset, shrinking)
    if level is None:
        return Frame(dataset.width, dataset.height, dataset.transform, dataset.block_shapes[0])
    with opened_raster(info.source, overview_level=level) as overview:
        return Frame(overview.width, overview.height, overview.transform, overview.block_shapes[0], overview=level)


def _overview(dataset: rasterio.DatasetReader, shrinking: float) -> int | None:
    """The coarsest overview that is still twice as fine as needed; None where the file itself has to be read.

    Overviews are often made by leaving pixels out. Of twice as fine ones, a mean of four makes good for that.
    """
    finer = [
        (factor, level) for level, factor in enumerate(dataset.overviews(1)) if 2 * factor <= shrinking * SHRINKING
    ]
    return max(finer)[1] if finer else None


def _warped_frame(
    info: RasterInfo, dataset: rasterio.DatasetReader, crs: pyproj.CRS, windows: FloatArray, pixels: int
) -> Frame:
    """A grid on which the typical box is just ``pixels`` wide, so that pixels are resampled only once."""
    left, top = float(windows[:, 0].min()), float(windows[:, 3].max())
    across, down = float(windows[:, 2].max()) - left, top - float(windows[:, 1].min())
    widths = windows[:, 2] - windows[:, 0]
    size = max(float(np.median(widths)) / pixels, across / MAX_SIDE, down / MAX_SIDE)
    middle = windows[int(np.argsort(widths)[len(widths) // 2])]
    native = _native_size(dataset, info.crs, crs, ((middle[0] + middle[2]) / 2, (middle[1] + middle[3]) / 2))
    if info.bands.palette is not None and size > native:
        # Between two entries of a palette lies another colour altogether: they are averaged as colours, after the warp.
        size /= math.ceil(size / native)
    transform = from_origin(left, top, size, size)
    warp = {
        "src_crs": info.crs.to_wkt(),
        "crs": crs.to_wkt(),
        "transform": transform,
        "width": max(1, round(across / size)),
        "height": max(1, round(down / size)),
        "resampling": _resampling(info, shrinking=size > native * SHRINKING),
        **gaps_while_warping(dataset, info.bands, info.source.shown),
    }
    overview = _overview(dataset, size / native) if has_transform(dataset) else None
    if not has_transform(dataset):
        warp["src_transform"] = rasterio.transform.from_gcps(dataset.gcps[0])
    return Frame(int(warp["width"]), int(warp["height"]), transform, WARPED_BLOCK, overview=overview, warp=warp)


def _resampling(info: RasterInfo, *, shrinking: bool) -> Resampling:
    if info.bands.palette is not None:
        return Resampling.nearest
    return Resampling.average if shrinking else Resampling.bilinear


def _native_size(
    dataset: rasterio.DatasetReader, own: pyproj.CRS, crs: pyproj.CRS, place: tuple[float, float]
) -> float:
    """Ground sample distance of the raster at ``place``, in units of ``crs``."""
    to_own = transformer_between(crs, own)
    x, y = to_own.transform(*place)
    with transformer_of(dataset) as transformer:
        rows, cols = transformer.rowcol([x], [y], op=np.positive)
        row, col = float(rows[0]), float(cols[0])
        xs, ys = transformer.xy([row, row, row + 1], [col, col + 1, col], offset="ul")
    size = shorter_side(*map(np.asarray, to_own.transform(xs, ys, direction="INVERSE")))
    return size if math.isfinite(size) else math.inf


def _overlaps(info: RasterInfo, crs: pyproj.CRS, windows: FloatArray) -> BoolArray:
    """Which boxes (n, 4) share some pixel with the raster, going by their corners and middles."""
    if len(windows) == 0:
        return np.zeros(0, dtype=bool)
    left, bottom, right, top = windows.T
    x = np.stack([left, right, left, right, (left + right) / 2])
    y = np.stack([bottom, bottom, top, top, (bottom + top) / 2])
    if not info.crs.equals(crs):
        x, y = transformer_between(crs, info.crs).transform(x, y)
    known = np.isfinite(x).all(axis=0) & np.isfinite(y).all(axis=0)
    x, y = np.where(known, x, 0.0), np.where(known, y, 0.0)
    with opened_raster(info.source) as dataset:
        with transformer_of(dataset) as transformer:
            rows, cols = transformer.rowcol(x.ravel(), y.ravel(), op=np.positive)
        rows, cols = np.reshape(rows, x.shape), np.reshape(cols, x.shape)
        inside = (cols.min(axis=0) < dataset.width) & (cols.max(axis=0) > 0)
        inside &= (rows.min(axis=0) < dataset.height) & (rows.max(axis=0) > 0)
    return np.asarray(inside & known)
