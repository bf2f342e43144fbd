"""Layers that come from a server in pieces: how many pieces a picture needs, and what of them is missing."""

from __future__ import annotations

import math
from collections.abc import Sequence

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransformContext,
    QgsMapLayer,
    QgsProcessingException,
    QgsProviderRegistry,
    QgsRasterLayer,
    QgsRectangle,
    QgsVectorTileLayer,
)
from qgis.PyQt.QtGui import QImage

from ..i18n import tr
from ..layers.crs import living
from .ground import transformed_extent
from .pixel_grid import Block, PixelGrid

RASTER_SERVICES = ("wms", "arcgismapserver", "wcs")
WEB_TILE = 256
MAX_TILES = 10_000
# The tile usage policy of the OpenStreetMap Foundation forbids bulk downloads; QGIS itself stops here.
MAX_OPENSTREETMAP_TILES = 5_000


def is_web_layer(layer: QgsMapLayer) -> bool:
    """Whether the layer comes from a server in pieces; tiles in a local file or folder do not."""
    if isinstance(layer, QgsRasterLayer):
        provider = layer.providerType()
        return provider in RASTER_SERVICES and not _is_local(provider, layer.source())
    return isinstance(layer, QgsVectorTileLayer) and not _is_local("vectortile", layer.source())


def has_no_gaps(layer: QgsMapLayer) -> bool:
    """Whether transparent pixels of a web layer may be pieces that did not arrive: drawn vectors have gaps anyway."""
    return isinstance(layer, QgsRasterLayer)


def check_tile_counts(
    layers: Sequence[QgsMapLayer],
    grid: PixelGrid,
    crs: QgsCoordinateReferenceSystem,
    context: QgsCoordinateTransformContext,
) -> None:
    """Refuse a picture that would ask a server for too much at once."""
    for layer in layers:
        if not is_web_layer(layer):
            continue
        most = MAX_OPENSTREETMAP_TILES if "tile.openstreetmap.org" in layer.source() else MAX_TILES
        count = _tile_count(pixels_within(grid, layer, crs, context))
        if count > most:
            raise QgsProcessingException(
                tr(
                    "The layer '{name}' comes from a server, and the picture would need about {count:,} of its tiles; "
                    "MMRisk asks for {most:,} at most. Choose a smaller extent, or a pixel size of at least {size:.3g}."
                ).format(
                    name=layer.name(), count=count, most=most, size=grid.pixel_size * math.sqrt(count / most) * 1.05
                )
            )


def pixels_within(
    grid: PixelGrid, layer: QgsMapLayer, crs: QgsCoordinateReferenceSystem, context: QgsCoordinateTransformContext
) -> Block:
    """The pixels of the grid that lie in the layer's extent; all where that extent is not known in the CRS."""
    whole = Block(0, 0, grid.columns, grid.rows)
    try:
        seen = transformed_extent(grid.extent, crs, living(layer.crs()), context).intersect(layer.extent())
        if seen.isEmpty():
            return Block(0, 0, 0, 0)
        shared = transformed_extent(seen, living(layer.crs()), crs, context).intersect(grid.extent)
    except QgsProcessingException:
        return whole
    return _block_around(shared, grid)


def missing_pixels(image: QImage, block: Block, expected: Block) -> int:
    """How many pixels of a block's picture are empty among those where a layer is expected."""
    left, top = max(block.column, expected.column), max(block.row, expected.row)
    right = min(block.column + block.width, expected.column + expected.width)
    bottom = min(block.row + block.height, expected.row + expected.height)
    if right <= left or bottom <= top:
        return 0
    if image.isNull():
        return (right - left) * (bottom - top)
    part = image.copy(left - block.column, top - block.row, right - left, bottom - top)
    alpha = part.convertToFormat(QImage.Format.Format_Alpha8)
    stride = alpha.bytesPerLine()
    data = alpha.constBits().asstring(stride * alpha.height())
    if stride == alpha.width():
        return data.count(0)
    return sum(data.count(0, start, start + alpha.width()) for start in range(0, len(data), stride))


def _block_around(extent: QgsRectangle, grid: PixelGrid) -> Block:
    left = max(0, math.floor((extent.xMinimum() - grid.left) / grid.pixel_size))
    top = max(0, math.floor((grid.top - extent.yMaximum()) / grid.pixel_size))
    right = min(grid.columns, math.ceil((extent.xMaximum() - grid.left) / grid.pixel_size))
    bottom = min(grid.rows, math.ceil((grid.top - extent.yMinimum()) / grid.pixel_size))
    return Block(left, top, max(0, right - left), max(0, bottom - top))


def _tile_count(block: Block) -> int:
    return math.ceil(block.width / WEB_TILE) * math.ceil(block.height / WEB_TILE)


def _is_local(provider: str, source: str) -> bool:
    parts = QgsProviderRegistry.instance().decodeUri(provider, source)
    return bool(parts.get("path")) or str(parts.get("url", "")).startswith("file:")
