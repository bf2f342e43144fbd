"""Gaps of a raster that the user set in QGIS ('Layer Properties > Transparency'), which its file does not know."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from osgeo import gdal
from qgis.core import QgsMapLayer, QgsProcessingException, QgsRasterLayer

from ..i18n import tr


def user_nodata(layer: QgsMapLayer) -> float | None:
    """The value that counts as a gap in all bands beside what the file says; None where the user set none.

    :raises QgsProcessingException: the user set what no file can say.
    """
    if not isinstance(layer, QgsRasterLayer):
        return None
    provider = layer.dataProvider()
    bands = range(1, provider.bandCount() + 1)
    gaps = [[(gap.min(), gap.max()) for gap in provider.userNoDataValues(band)] for band in bands]
    if not any(gaps):
        return None
    values = {value for of_band in gaps for gap in of_band for value in gap}
    own = {
        provider.sourceNoDataValue(band)
        for band in bands
        if provider.sourceHasNoDataValue(band) and provider.useSourceNoDataValue(band)
    }
    if len(values | own) > 1 or not all(gaps):
        raise QgsProcessingException(
            tr(
                "The layer '{name}' has gaps that were set in QGIS and differ between its bands, are ranges, or come on top "
                "of those of its file. Set one value for all bands, or save the layer as a new file."
            ).format(name=layer.name())
        )
    return float(values.pop())


def with_nodata(source: dict[str, Any], value: float | None, path: Path) -> dict[str, Any]:
    """A raster as the engine reads it, with ``value`` as its gaps by a virtual raster at ``path``; None changes nothing."""
    if value is None:
        return source
    gdal.Translate(str(path), source["path"], format="VRT", noData=value)
    return {**source, "path": str(path)}
