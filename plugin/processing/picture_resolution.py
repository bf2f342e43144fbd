"""Where and how finely layers are drawn, so that tiles look in them as the model needs."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import Any

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransformContext,
    QgsFeatureRequest,
    QgsFeatureSource,
    QgsProcessingException,
    QgsRectangle,
)

from ..i18n import tr
from ..rendering.ground import metres_per_unit, transformed_extent
from .image_sources import PictureArea

# Resampling looks a little beyond the border of a tile.
MARGIN_PIXELS = 4


def areas_for_training(
    tiles: QgsFeatureSource, contexts: Sequence[float], pixels: int, images: int
) -> list[PictureArea]:
    """For each image: all windows around the tiles, the narrowest of them with about ``pixels`` pixels a side."""
    extent, side = _tiles_and_side(tiles)
    pixel_size = side * min(contexts) / pixels
    area = PictureArea(_grown(extent, side, max(contexts), pixel_size), tiles.sourceCrs(), pixel_size)
    return [area] * images


def areas_for_roads(
    roads: QgsFeatureSource, metres: float, images: int, context: QgsCoordinateTransformContext
) -> list[PictureArea]:
    """For each image: all that a road layer covers, with pixels of ``metres``."""
    crs, extent = roads.sourceCrs(), roads.sourceExtent()
    pixel_size = metres / metres_per_unit(crs, extent.center(), context)
    return [PictureArea(extent.buffered(MARGIN_PIXELS * pixel_size), crs, pixel_size)] * images


def areas_for_tiles(
    manifest: dict[str, Any], tiles: QgsFeatureSource, context: QgsCoordinateTransformContext
) -> list[PictureArea]:
    """For each image of a model: all windows around the tiles, as finely as the model learnt to see."""
    if not _rasters(manifest):
        return []
    extent, side = _tiles_and_side(tiles)
    crs = tiles.sourceCrs()
    return _areas_of_model(manifest, extent, side, crs, metres_per_unit(crs, extent.center(), context))


def areas_for_extent(
    manifest: dict[str, Any],
    extent: QgsRectangle,
    crs: QgsCoordinateReferenceSystem,
    context: QgsCoordinateTransformContext,
) -> list[PictureArea]:
    """For each image of a model: all windows around tiles in an extent, in the model's CRS."""
    if not _rasters(manifest):
        return []
    provenance = manifest["provenance"]
    own = QgsCoordinateReferenceSystem.fromWkt(provenance["crs"])
    if not own.isValid():
        own = QgsCoordinateReferenceSystem(provenance["crs"])
    moved = transformed_extent(extent, crs, own, context)
    unit = metres_per_unit(own, moved.center(), context)
    side = provenance["tile_size"] / unit
    # Tiles may reach beyond the extent, by nearly their side.
    return _areas_of_model(manifest, moved.buffered(side), side, own, unit)


def _areas_of_model(
    manifest: dict[str, Any], extent: QgsRectangle, side: float, crs: QgsCoordinateReferenceSystem, unit: float
) -> list[PictureArea]:
    tile_size = manifest["provenance"]["tile_size"]
    inputs: dict[int, list[dict[str, Any]]] = {}
    for image in _rasters(manifest):
        inputs.setdefault(image["source"], []).append(image)
    areas = []
    for position in sorted(inputs):
        seen = [_metres_seen(image, tile_size) for image in inputs[position]]
        widest = max(image["context"] for image in inputs[position])
        pixel_size = min(seen) / unit
        areas.append(PictureArea(_grown(extent, side, widest, pixel_size), crs, pixel_size))
    return areas


def _rasters(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    """The images of a model that lie on a map, and are no ready-made pictures."""
    return [image for image in manifest["images"] if image.get("kind") != "pictures"]


def _metres_seen(image: dict[str, Any], tile_size: float) -> float:
    """What a pixel was on the ground for the model: finer imagery was reduced to the size of its pictures."""
    return max(image["metres_per_pixel"], tile_size * image["context"] / image["pixels"])


def _tiles_and_side(tiles: QgsFeatureSource) -> tuple[QgsRectangle, float]:
    """What the tiles cover, and how wide a typical one is, in units of their CRS."""
    name, crs = tiles.sourceName(), tiles.sourceCrs()
    if not crs.isValid():
        raise QgsProcessingException(
            tr("The layer '{name}' has no coordinate reference system. Set it in the layer's properties.").format(
                name=name
            )
        )
    extent, sides = QgsRectangle(), []
    for feature in tiles.getFeatures(QgsFeatureRequest().setNoAttributes()):
        box = feature.geometry().boundingBox()
        if box.isEmpty():
            continue
        extent.combineExtentWith(box)
        # A degree is shorter from west to east.
        sides.append(min(box.width(), box.height()) if crs.isGeographic() else max(box.width(), box.height()))
    if not sides:
        raise QgsProcessingException(tr("The layer '{name}' is empty. It needs tiles.").format(name=name))
    return extent, statistics.median(sides)


def _grown(extent: QgsRectangle, side: float, context: float, pixel_size: float) -> QgsRectangle:
    return extent.buffered(side * (context - 1) / 2 + MARGIN_PIXELS * pixel_size)
