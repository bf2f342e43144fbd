"""Raster layers that are files which another program can open."""

from __future__ import annotations

from osgeo import gdal
from qgis.core import QgsMapLayer, QgsProviderRegistry, QgsRasterLayer


def readable_elsewhere(layer: QgsMapLayer) -> bool:
    """Whether the layer's source says all that GDAL in another process needs to open it."""
    if not isinstance(layer, QgsRasterLayer) or layer.providerType() != "gdal":
        return False
    source = layer.source()
    options = QgsProviderRegistry.instance().decodeUri("gdal", source).get("openOptions")
    return not options and "authcfg=" not in source and not source.startswith(("/vsimem/", "MEM:"))


def driver_of(source: str) -> str:
    """GDAL's name of a raster's format; empty where it cannot be opened."""
    try:
        dataset = gdal.OpenEx(source, gdal.OF_RASTER)
    except RuntimeError:
        return ""
    return dataset.GetDriver().ShortName if dataset is not None else ""
