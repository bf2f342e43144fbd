"""Rasters that are whole when they are closed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import rasterio
from rasterio.errors import RasterioError
from rasterio.io import DatasetWriter

from mmrisk_core.errors import OutputError


@contextmanager
def written_raster(path: Path, **profile: Any) -> Iterator[DatasetWriter]:
    """Open a raster to write, as ``rasterio.open`` does, and read it once it is closed.

    What finds no room while GDAL closes a file is not reported: rasterio gives back no error, and the file is cut off.

    :raises MMRiskError: when what was written cannot be read.
    """
    with rasterio.open(path, "w", **profile) as raster:
        yield raster
    try:
        with rasterio.open(path) as raster:
            for _, window in raster.block_windows(1):
                raster.read(window=window)
                raster.read_masks(1, window=window)
    except RasterioError as error:
        raise OutputError(
            f"The raster could not be written whole ({error}). Make room on its disk, or choose another folder."
        ) from error
