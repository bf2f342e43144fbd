"""Which formats are read, and that no file makes this computer send a request.

GDAL goes by what a file holds and not by its name: an ``ortho.png`` may be a virtual raster of other files, or the
address of a server. So rasters are opened by lists of drivers, and an engine's process begins without all others. That
also holds for what a virtual raster is made of, and for layers, which pyogrio opens without a list.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

PICTURES = ("GTiff", "PNG", "JPEG", "WEBP", "BMP", "GIF", "BIGGIF", "JP2OpenJPEG", "PNM", "TGA", "SGI")
"""Formats that hold a picture, and name no other file: those of a column of pictures, which others may have written."""
RASTERS = (
    *PICTURES,
    *("VRT", "GPKG", "MBTiles", "HFA", "ENVI", "EHdr", "AAIGrid", "AIG", "XYZ", "GRIB", "HDF5", "HDF5Image", "netCDF"),
    *("NITF", "DTED", "SRTMHGT", "USGSDEM", "BT", "GRASSASCIIGrid", "GSAG", "GSBG", "GS7BG", "NWT_GRD", "PCRaster"),
    *("RRASTER", "RST", "SAGA"),
)
"""Formats of a raster that the user chose."""
LAYERS = (
    *("GPKG", "ESRI Shapefile", "FlatGeobuf", "GeoJSON", "GeoJSONSeq", "TopoJSON", "ESRIJSON", "JSONFG", "CSV"),
    *("OpenFileGDB", "SQLite", "MapInfo File", "GML", "GPX", "KML", "LIBKML", "GeoRSS", "XLSX", "ODS"),
    *("DXF", "DGN", "S57", "OSM"),
)
"""Formats of a layer."""
SKIPPED = (
    # Servers, and files that hold nothing but the address of one or the steps of a computation.
    *("ADBC", "AmigoCloud", "Carto", "CSW", "DAAS", "EEDA", "EEDAI", "Elasticsearch", "GDALG", "GPSBabel", "HANA"),
    *("HTTP", "MongoDBv3", "MSSQLSpatial", "MySQL", "NGW", "OAPIF", "OCI", "ODBC", "OGCAPI", "PGDUMP", "PLMOSAIC"),
    *("PLSCENES", "PostGISRaster", "PostgreSQL", "STACIT", "STACTA", "WCS", "WFS", "WMS", "WMTS"),
    # Files that name others, and which QGIS draws or exports for the engine.
    *("DERIVED", "DIMAP", "ECRGTOC", "ERS", "GMLAS", "GNMDatabase", "GNMFile", "GTI", "ILWIS", "ISIS3"),
    *("KMLSUPEROVERLAY", "MRF", "OGR_VRT", "PCIDSK", "PDF", "PDS4", "Rasterlite", "RPFTOC", "RS2", "SAFE"),
    *("SENTINEL2", "TIL", "TSX", "VICAR", "Zarr"),
    # What is not needed.
    *("ACE2", "ADRG", "AirSAR", "AIVector", "AVCBin", "AVCE00", "BAG", "BLX", "BSB", "BYN", "CALS", "CEOS", "COASP"),
    *(
        "COSAR",
        "CPG",
        "CTable2",
        "CTG",
        "DIPEx",
        "DOQ1",
        "DOQ2",
        "EDIGEO",
        "EIR",
        "ELAS",
        "ESAT",
        "ESRIC",
        "FAST",
        "FIT",
    ),
    *("GenBin", "GFF", "GSC", "GTFS", "GTX", "GXF", "HF2", "Idrisi", "IRIS", "ISCE", "ISG", "ISIS2", "JAXAPALSAR"),
    *("JDEM", "JML", "KRO", "L1B", "LAN", "LCP", "Leveller", "LOSLAS", "LVBAG", "MAP", "MapML", "MFF", "MFF2"),
    *("MiraMonVector", "MSGN", "MVT", "NDF", "NGSGEOID", "NOAA_B", "NSIDCbin", "NTv2", "NWT_GRC", "OGR_GMT", "OGR_PDS"),
    *("OZI", "PAux", "PDS", "PMTiles", "PRF", "R", "RIK", "RMF", "ROI_PAC", "S102", "S104", "S111", "SAR_CEOS"),
    *(
        "SDTS",
        "Selafin",
        "SIGDEM",
        "SNAP_TIFF",
        "SNODAS",
        "SRP",
        "SXF",
        "Terragen",
        "VDV",
        "VFK",
        "WAsP",
        "XPM",
        "ZMap",
    ),
)
"""Everything else that the GDALs of rasterio and pyogrio bring; a test holds that nothing is left over."""

NO_PROXY_IS = "off://"
_OFF: dict[str, str | None] = {
    # A proxy that cannot be one fails before a name is looked up; lists of exceptions from proxies would get round it.
    "GDAL_HTTP_PROXY": NO_PROXY_IS,
    "GDAL_HTTPS_PROXY": NO_PROXY_IS,
    "NO_PROXY": None,
    "no_proxy": None,
    "CPL_VSIL_CURL_ALLOWED_FILENAME": "none",
    "PROJ_NETWORK": "OFF",
}
_REMOTE = re.compile(
    r"(?<![\w.-])/vsi(curl|s3|gs|az|adls|oss|swift|webhdfs|hdfs)(_streaming)?[/?]|(^|:)(https?|ftp|s3|gs|az|adls|oss|swift)://",
    re.IGNORECASE,
)


class _Network:
    """Whether GDAL may send requests from this process, and the environment to put back where it may."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.before: dict[str, str | None] | None = None
        self.users = 0


_network = _Network()


def confine_gdal() -> None:
    """Take from this process, and those that it starts, what is in no list above, and the network.

    For processes of the engine alone, at their very beginning: drivers are registered when pyogrio is imported, which is
    done here, and rasterio first used. A notebook keeps the GDAL that it has.
    """
    with _network.lock:
        if _network.before is not None:
            return
        skipped = os.environ.get("GDAL_SKIP", "")
        # As GDAL reads it.
        given = [name for name in skipped.split("," if "," in skipped else " ") if name]
        os.environ["GDAL_SKIP"] = ",".join(dict.fromkeys([*given, *SKIPPED]))
        _network.before = {name: os.environ.get(name) for name in _OFF}
        _set(_OFF)
        with _silence():
            import pyogrio  # noqa: F401


@contextmanager
def _silence() -> Iterator[None]:
    """Keep what libraries write to this process's standard error to themselves.

    While pyogrio is imported its GDAL says of every driver to be skipped that it does not have one of that name, and no
    handler of errors can be in place so early. A failing import still raises.
    """
    try:
        stderr = os.dup(2)
    except OSError:
        # A process without standard error, as Windows makes them.
        yield
        return
    nothing = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nothing, 2)
        yield
    finally:
        os.dup2(stderr, 2)
        os.close(nothing)
        os.close(stderr)


@contextmanager
def network_for(paths: Iterable[str]) -> Iterator[None]:
    """Let requests through meanwhile if one of ``paths``, all of which the user gave, is itself on the network."""
    if _network.before is None or not any(map(is_remote, paths)):
        yield
        return
    with _network.lock:
        _network.users += 1
        if _network.users == 1:
            _set(_network.before)
    try:
        yield
    finally:
        with _network.lock:
            _network.users -= 1
            if _network.users == 0:
                _set(_OFF)


def is_remote(path: str) -> bool:
    """Whether what GDAL is to open is said to be on the network."""
    return _REMOTE.search(path) is not None


def _set(variables: dict[str, str | None]) -> None:
    for name, value in variables.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
