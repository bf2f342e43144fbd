"""Tile -> pixels: what a camera sees from above.

An image input is a raster. For each tile a square chip is read from it, resampled to a fixed number of pixels, with a mask
of what is valid; with a context of 3 the chip shows three times the tile's width around its centre. Or it is a field of a
table that names a picture for each row.
"""

from __future__ import annotations

import os

# The order of reading needs a row of blocks to be kept, not the twentieth of the machine's memory that GDAL would take.
os.environ.setdefault("GDAL_CACHEMAX", "128")

from mmrisk_core.imagery.bands import MAX_BANDS
from mmrisk_core.imagery.chips import (
    ChipReader,
    Chips,
    ReadingPool,
    iterate_chips,
    read_chips,
    require_overlap,
    tiles_with_imagery,
)
from mmrisk_core.imagery.picture_files import (
    PictureColumn,
    PictureKind,
    PictureReader,
    describe_pictures,
    picture_paths,
    pictures_there,
)
from mmrisk_core.imagery.raster_source import RasterInfo, RasterSource, describe_raster
from mmrisk_core.imagery.reading_order import Batch, plan_in_order, plan_reading_order
from mmrisk_core.imagery.tile_windows import pixel_windows, reading_crs, square_windows, typical_width

__all__ = [
    "MAX_BANDS",
    "Batch",
    "ChipReader",
    "Chips",
    "PictureColumn",
    "PictureKind",
    "PictureReader",
    "RasterInfo",
    "RasterSource",
    "ReadingPool",
    "describe_pictures",
    "describe_raster",
    "iterate_chips",
    "picture_paths",
    "pictures_there",
    "pixel_windows",
    "plan_in_order",
    "plan_reading_order",
    "read_chips",
    "reading_crs",
    "require_overlap",
    "square_windows",
    "tiles_with_imagery",
    "typical_width",
]
