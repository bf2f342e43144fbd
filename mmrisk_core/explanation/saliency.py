"""Where in the picture: how the logit falls when a patch is hidden, as a raster over all tiles.

Occlusion (Zeiler and Fergus 2014) works for every encoder: a patch is painted in the mean colour of its picture, and the
change of the logit is what the patch contributed. Of one image input, windows that overlap are averaged with weights that
fall to their edges: each speaks of another tile. Those of several inputs are added up, as effects are.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
from rasterio.transform import from_origin
from torch import Tensor

from mmrisk_core.arrays import FloatArray, IntArray
from mmrisk_core.errors import InputError
from mmrisk_core.files import atomic_write
from mmrisk_core.imagery.raster_writing import written_raster
from mmrisk_core.imagery.tile_windows import reading_crs, square_windows
from mmrisk_core.inference.ensemble_on_device import EnsembleOnDevice
from mmrisk_core.samples.image_batches import ImageBatch
from mmrisk_core.samples.image_inputs import ImageInput
from mmrisk_core.wording import counted

PATCHES = 8
"""On each side of a picture."""
MAX_CELLS = 50_000_000
EDGE_WEIGHT = 0.1
NODATA = np.nan


def patch_effects(network: EnsembleOnDevice, batch: ImageBatch, tabular: Tensor, fold: IntArray) -> FloatArray:
    """What each patch of each picture adds to the logit, (n, K, PATCHES, PATCHES); NaN where a picture is missing.

    :param fold: in which each tile was learnt from, (n,), or -1.
    """
    n = len(tabular)
    seen = network.encode_images(batch.images, batch.present, n)
    whole = network.logits(network.pool_images(seen), tabular, fold)
    effects = np.full((n, len(batch.images), PATCHES, PATCHES), np.nan)
    for number, image in enumerate(batch.images):
        side = image.shape[2]
        edges = np.linspace(0, side, PATCHES + 1).round().astype(int)
        mean = image.float().mean(dim=(2, 3), keepdim=True).round().to(image.dtype)
        there = batch.present[number].numpy()
        # Of the other images it is known already what is seen in them.
        alone = [present & (other == number) for other, present in enumerate(batch.present)]
        columns = network.columns_of_images[number]
        for row in range(PATCHES):
            for column in range(PATCHES):
                hidden = image.clone()
                hidden[:, :, edges[row] : edges[row + 1], edges[column] : edges[column + 1]] = mean
                images = [*batch.images[:number], hidden, *batch.images[number + 1 :]]
                seen_hidden = seen.clone()
                seen_hidden[:, :, columns] = network.encode_images(images, alone, n)[:, :, columns]
                without = network.logits(network.pool_images(seen_hidden), tabular, fold)
                effects[:, number, row, column] = np.where(there, whole - without, np.nan)
    return effects


class SaliencyRaster:
    """A raster over tiles that is filled tile by tile.

    It lies in the CRS of the tiles, or a metric one where theirs is in degrees; a cell is an eighth of the smallest window
    wide. The effect of a patch is spread over its area, so that the cells of a tile that no other overlaps add up to the
    effects of its patches.

    :raises MMRiskError: when the tiles lie too far apart for one raster.
    """

    def __init__(self, tiles: gpd.GeoDataFrame, inputs: Sequence[ImageInput]) -> None:
        self._crs = reading_crs(tiles)
        self._windows = [square_windows(tiles, image.context) for image in inputs]
        smallest = min(float((windows[:, 2] - windows[:, 0]).min()) for windows in self._windows)
        everything = np.concatenate(self._windows)
        self._cell = smallest / PATCHES
        self._left, self._top = float(everything[:, 0].min()), float(everything[:, 3].max())
        columns = round((float(everything[:, 2].max()) - self._left) / self._cell)
        rows = round((self._top - float(everything[:, 1].min())) / self._cell)
        if columns * rows * len(inputs) > MAX_CELLS:
            raise InputError(
                f"The saliency of these tiles would be {columns:,} x {rows:,} cells for each of "
                f"{counted(len(inputs), 'image')}, and {MAX_CELLS:,} in all are the most. Select fewer tiles, or tiles "
                "that lie closer together."
            )
        self._sum = np.zeros((len(inputs), rows, columns), dtype=np.float32)
        self._weight = np.zeros((len(inputs), rows, columns), dtype=np.float32)

    def add(self, rows: IntArray, effects: FloatArray) -> None:
        """Blend in the patches (n, K, PATCHES, PATCHES) of the tiles at ``rows``."""
        for position, tile in enumerate(rows):
            for number, windows in enumerate(self._windows):
                if np.isfinite(effects[position, number]).all():
                    self._blend(number, windows[tile], effects[position, number])

    def write(self, path: str | Path) -> Path:
        """Write a GeoTIFF of float32, in logits per cell; nodata where no picture is.

        :raises MMRiskError: when the output cannot be written.
        """
        path = Path(path)
        values = np.full(self._sum.shape[1:], NODATA, dtype=np.float32)
        for total, weight in zip(self._sum, self._weight, strict=True):
            seen = weight > 0
            values[seen] = np.nan_to_num(values[seen]) + total[seen] / weight[seen]
        profile = {"driver": "GTiff", "count": 1, "dtype": "float32", "height": len(values), "width": values.shape[1]}
        placed = {"crs": self._crs.to_wkt(), "transform": from_origin(self._left, self._top, self._cell, self._cell)}
        stored = {"nodata": NODATA, "compress": "deflate", "tiled": True}
        with atomic_write(path) as part, written_raster(part, **profile, **placed, **stored) as raster:
            raster.write(values, 1)
            raster.set_band_description(1, "saliency")
        return path

    def _blend(self, number: int, window: FloatArray, effects: FloatArray) -> None:
        left, bottom, right, top = window
        columns = slice(*_cells(left - self._left, right - self._left, self._cell, self._sum.shape[2]))
        rows = slice(*_cells(self._top - top, self._top - bottom, self._cell, self._sum.shape[1]))
        x = ((np.arange(columns.start, columns.stop) + 0.5) * self._cell + self._left - left) / (right - left)
        y = ((np.arange(rows.start, rows.stop) + 0.5) * self._cell - (self._top - top)) / (top - bottom)
        weight = np.outer(_hat(y), _hat(x))
        column, row = ((share.clip(0, 1 - 1e-9) * PATCHES).astype(int) for share in (x, y))
        cells_of_patch = (right - left) * (top - bottom) / (PATCHES * self._cell) ** 2
        self._sum[number, rows, columns] += weight * effects[np.ix_(row, column)] / cells_of_patch
        self._weight[number, rows, columns] += weight


def _cells(first: float, last: float, cell: float, count: int) -> tuple[int, int]:
    """The cells whose middle lies between two distances."""
    return max(0, round(first / cell)), min(count, max(round(first / cell) + 1, round(last / cell)))


def _hat(share: FloatArray) -> FloatArray:
    """1 in the middle of a window, little at its edges."""
    return np.asarray(np.maximum(1 - np.abs(2 * share - 1), EDGE_WEIGHT))
