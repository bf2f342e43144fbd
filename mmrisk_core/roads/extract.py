"""Picture -> mask: white roads on black, window by window, without seams."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import rasterio
import torch
from rasterio.crs import CRS
from rasterio.windows import Window

from mmrisk_core.compute.devices import DeviceChoice, choose_device
from mmrisk_core.errors import InputError
from mmrisk_core.files import atomic_write
from mmrisk_core.imagery import RasterInfo, RasterSource, describe_raster
from mmrisk_core.imagery.change_guard import guard_unchanged
from mmrisk_core.imagery.raster_source import as_source
from mmrisk_core.imagery.raster_writing import written_raster
from mmrisk_core.progress import NO_PROGRESS, Progress
from mmrisk_core.roads.model import RoadModel, road_probability, to_input
from mmrisk_core.roads.raster_grid import GridRaster, Mask, PixelGrid, opened_grid
from mmrisk_core.wording import counted

STRIDE, OVERLAP = 320, 64
"""Pixels; multiples of 32, the coarsest that the network sees, so that it sees each place alike in every raster."""
SIDE = STRIDE + OVERLAP
BATCH_SIZE = 4
COARSER, FINER = 1.5, 3.0
WHITE = 255

Probability = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Mapped:
    """What was written: the size of the raster, the share of its pixels that are road, and the device."""

    width: int
    height: int
    road_share: float
    device: str


def extract_roads(
    model: RoadModel,
    image: RasterSource | str | Path,
    output: str | Path,
    *,
    probabilities: bool = False,
    batch_size: int | None = None,
    device: DeviceChoice = "auto",
    progress: Progress = NO_PROGRESS,
) -> Mapped:
    """Write where ``model`` sees roads in a raster, as a GeoTIFF on its pixels, or on ones as large as in the training.

    255 on roads and 0 beside them, or with ``probabilities`` how probable a road is (float32). What shows nothing, such as
    nodata and large white areas, is 0 and masked. Only a strip of the raster is in memory at a time.

    :param image: a raster of the same kind as in the training.
    :param output: the GeoTIFF.
    :param batch_size: windows of 384 pixels at once.
    :param device: where to compute.
    :param progress: told how far it is, and asked whether to go on.
    :raises MMRiskError: when the raster cannot be read, is of another kind than that of the training, or much coarser.
    """
    source, output = as_source(image), Path(output)
    if output.suffix.lower() not in (".tif", ".tiff"):
        raise InputError(
            f"Road masks are written as GeoTIFF, but '{output.name}' ends otherwise. End the name in .tif."
        )
    _require_same_kind(model, describe_raster(source), progress)
    chosen = choose_device(device)
    model.network.to(chosen.torch_device).eval()
    dtype = "float32" if probabilities else "uint8"
    roads = seen = 0
    with (
        opened_grid(source, model.manifest.metres_per_pixel) as raster,
        atomic_write(output) as part,
        guard_unchanged([source]),
    ):
        grid = raster.grid
        # A mask beside the file would be lost when the file is moved.
        with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True), written_raster(part, **_profile(grid, dtype)) as written:
            written.update_tags(
                MMRISK_ROAD_MODEL=", ".join(model.manifest.provenance.images),
                MMRISK_VERSION=model.manifest.provenance.versions["mmrisk"],
                MMRISK_DEVICE=chosen.summary,
            )
            strips = probability_strips(
                model, raster, chosen.torch_device, batch_size or BATCH_SIZE, progress.part(0.0, 0.99)
            )
            for row, probability, shows in strips:
                is_road = (probability >= model.manifest.threshold) & shows
                values = np.where(shows, probability, 0) if probabilities else is_road * np.uint8(WHITE)
                window = Window(0, row, grid.width, len(shows))
                written.write(values.astype(dtype), 1, window=window)
                written.write_mask(shows, window=window)
                roads, seen = roads + int(is_road.sum()), seen + int(shows.sum())
        if not seen:
            raise InputError(f"The raster {source.shown} shows nothing: it is nodata, or white or black, all over.")
    model.network.cpu()
    progress.finish("roads extracted")
    return Mapped(grid.width, grid.height, roads / seen, chosen.summary)


def probability_strips(
    model: RoadModel, raster: GridRaster, device: torch.device, batch_size: int, progress: Progress
) -> Iterator[tuple[int, Probability, Mask]]:
    """Strips of the raster from the north: first row, probability of road (h, width), and what shows something, (h, width).

    Windows overlap by 64 pixels, in which one fades into the next. They begin at whole multiples of the stride from the
    zero of the CRS, so that a part that is cut out of a raster is seen in the same windows.
    """
    grid = raster.grid
    first_row, first_col = grid.first
    rows, cols = _starts(first_row, grid.height), _starts(first_col, grid.width)
    probability = np.zeros((SIDE, grid.width), dtype=np.float32)
    shows = np.zeros((SIDE, grid.width), dtype=bool)
    for number, row in enumerate(rows):
        windows = []
        for position, col in enumerate(cols):
            windows.append((col, *raster.read(row, col, SIDE, SIDE)))
            if len(windows) == batch_size or col == cols[-1]:
                done = f"{min(row + SIDE, grid.height):,} of {counted(grid.height, 'row')}"
                progress.update((number + position / len(cols)) / len(rows), done)
                _add(model, device, windows, probability, shows)
                windows = []
        top, bottom = max(row, 0), min(row + STRIDE, grid.height)
        if bottom > top:
            yield top, probability[top - row : bottom - row], shows[top - row : bottom - row]
        probability = np.concatenate([probability[STRIDE:], np.zeros((STRIDE, grid.width), dtype=np.float32)])
        shows = np.concatenate([shows[STRIDE:], np.zeros((STRIDE, grid.width), dtype=bool)])


def _starts(first: int, size: int) -> list[int]:
    """Where windows begin, in pixels from the first of the raster; all that share a pixel with it."""
    lowest, highest = (first - SIDE) // STRIDE + 1, (first + size - 1) // STRIDE
    return [number * STRIDE - first for number in range(lowest, highest + 1)]


def _add(
    model: RoadModel, device: torch.device, windows: list[tuple[int, Any, Mask]], probability: Probability, shows: Mask
) -> None:
    """Add what the network says of windows to a strip, weighted so that the weights of a pixel add up to 1."""
    width = shows.shape[1]
    seen = [window for window in windows if window[2].any()]
    if not seen:
        return
    manifest = model.manifest
    images = torch.stack([to_input(pixels, there, manifest.low, manifest.high) for _, pixels, there in seen])
    for (col, _, there), answer in zip(seen, road_probability(model.network, images, device), strict=True):
        left, right = max(col, 0), min(col + SIDE, width)
        inside = slice(left - col, right - col)
        probability[:, left:right] += (answer * WEIGHT)[:, inside]
        shows[:, left:right] |= there[:, inside]


def _weight() -> Probability:
    rising = (np.arange(OVERLAP, dtype=np.float32) + 0.5) / OVERLAP
    across = np.concatenate([rising, np.ones(STRIDE - OVERLAP, dtype=np.float32), rising[::-1]])
    return np.asarray(across[:, None] * across[None, :])


WEIGHT = _weight()


def _require_same_kind(model: RoadModel, info: RasterInfo, progress: Progress) -> None:
    manifest = model.manifest
    if (len(info.band_names), info.dtype) != (manifest.bands, manifest.dtype):
        raise InputError(
            f"The raster {info.source.shown} has {counted(len(info.band_names), 'band')} of {info.dtype}, but the "
            f"model learnt roads from {manifest.bands} of {manifest.dtype}. Give imagery of the same kind."
        )
    ratio = info.metres_per_pixel / manifest.metres_per_pixel
    if ratio > COARSER:
        raise InputError(
            f"The pixels of {info.source.shown} are {info.metres_per_pixel:.3g} m wide, those that the model learnt roads "
            f"from {manifest.metres_per_pixel:.3g} m: roads look otherwise in them. Give finer imagery."
        )
    if ratio < 1 / FINER:
        progress.log(
            f"The pixels of {info.source.shown} are {info.metres_per_pixel:.3g} m wide; they are averaged to "
            f"{manifest.metres_per_pixel:.3g} m, as the model learnt from."
        )


def _profile(grid: PixelGrid, dtype: str) -> dict[str, Any]:
    return {
        "driver": "GTiff",
        "width": grid.width,
        "height": grid.height,
        "count": 1,
        "dtype": dtype,
        "crs": CRS.from_wkt(grid.crs.to_wkt()),
        "transform": grid.transform,
        "tiled": True,
        "blockxsize": 256,
        "blockysize": 256,
        "compress": "deflate",
        "BIGTIFF": "IF_SAFER",
    }
