"""Small real layers and rasters for the tests of the engine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import rasterio
from rasterio.transform import from_origin

from mmrisk_core import create_tiles

UTM = "EPSG:32619"
LEFT, TOP = 330000.0, 4690000.0


def make_tiles(rows: int = 3, cols: int = 4, size: float = 100.0, crs: str = UTM, **options: Any) -> gpd.GeoDataFrame:
    """A grid whose upper left corner is at (LEFT, TOP)."""
    return create_tiles((LEFT, TOP - rows * size, LEFT + cols * size, TOP), size, crs, **options)


def make_layer(geometry: list[Any], title: str = "things", crs: str | None = UTM, **columns: Any) -> gpd.GeoDataFrame:
    layer = gpd.GeoDataFrame(columns, geometry=list(geometry), crs=crs)
    layer.attrs["title"] = title
    return layer


def place(x: float, y: float) -> tuple[float, float]:
    """A place ``x`` metres right of and ``y`` metres below the upper left corner."""
    return LEFT + x, TOP - y


def write_raster(
    path: Path,
    bands: np.ndarray,
    *,
    left: float = LEFT,
    top: float = TOP,
    pixel: float = 1.0,
    crs: str | None = UTM,
    transform: Any = None,
    **profile: Any,
) -> Path:
    """``bands`` (bands, rows, columns) as a GeoTIFF."""
    options: dict[str, Any] = {"driver": "GTiff", "count": bands.shape[0], "dtype": bands.dtype, "crs": crs, **profile}
    options["transform"] = transform or from_origin(left, top, pixel, pixel)
    with rasterio.open(path, "w", height=bands.shape[1], width=bands.shape[2], **options) as raster:
        raster.write(bands)
    return path
