"""Files that are not what their names say: what they hold is an address, other files, or no end."""

from __future__ import annotations

import json
import os
import sqlite3
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

from mmrisk_core.geo.layer_writing import write_layer
from tests.core.factories import LEFT, TOP, UTM, box, make_layer

SECRET = "secret_of_another_file"


def secret_layer(folder: Path) -> Path:
    """A layer of somebody else, which no file may read in their place."""
    path = folder / "theirs.geojson"
    return path if path.exists() else write_layer(make_layer([box(0, 0, 900, 900)], **{SECRET: [1]}), path)


# --- layers --------------------------------------------------------------------------------------------------------------


def _ogr_vrt(source: str, suffix: str) -> Callable[[Path, str], Path]:
    def make(folder: Path, url: str) -> Path:
        place = source.format(url=url, secret=secret_layer(folder))
        return _text(
            folder / f"ogr_vrt{suffix}",
            f'<OGRVRTDataSource><OGRVRTLayer name="theirs"><SrcDataSource>{place}</SrcDataSource></OGRVRTLayer>'
            "</OGRVRTDataSource>",
        )

    return make


def _geojson(crs: Callable[[str], dict]) -> Callable[[Path, str], Path]:
    def make(folder: Path, url: str) -> Path:
        feature = json.loads(secret_layer(folder).read_text())["features"][0] | {"properties": {"a": 1}}
        content = {"type": "FeatureCollection", "features": [feature] * 3, "crs": crs(url)}
        return _text(folder / "linked.geojson", json.dumps(content))

    return make


def _wfs(folder: Path, url: str) -> Path:
    return _text(folder / "wfs.gpkg", f"<OGRWFSDataSource><URL>{url}/wfs?SERVICE=WFS</URL></OGRWFSDataSource>")


def _steps(folder: Path, url: str) -> Path:
    command = f"gdal vector read {secret_layer(folder)}"
    return _text(folder / "steps.geojson", json.dumps({"type": "gdal_streamed_alg", "command_line": command}))


def _view(folder: Path, url: str) -> Path:
    path = write_layer(make_layer([box(0, 0, 900, 900)], a=[1]), folder / "view.gpkg", layer="base")
    with sqlite3.connect(path) as database:
        database.execute("DROP TABLE IF EXISTS gpkg_ogr_contents")
        database.execute("CREATE VIEW asking AS SELECT fid, geom, ogr_geocode('Boston') AS a FROM base")
        for table in ("gpkg_contents", "gpkg_geometry_columns"):
            columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
            values = ", ".join("'asking'" if name in ("table_name", "identifier") else name for name in columns)
            database.execute(f"INSERT INTO {table} SELECT {values} FROM {table}")
        database.execute("DELETE FROM gpkg_geometry_columns WHERE table_name = 'base'")
        database.execute("DELETE FROM gpkg_contents WHERE table_name = 'base'")
    database.close()
    return path


def _gml(folder: Path, url: str) -> Path:
    return _text(
        folder / "linked.gml",
        '<f:FeatureCollection xmlns:f="http://www.opengis.net/wfs" xmlns:gml="http://www.opengis.net/gml" '
        'xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        f'xsi:schemaLocation="{url}/schema {url}/schema.xsd"><gml:featureMember><f:tile gml:id="a">'
        f'<f:more xlink:href="{url}/more#a"/><f:geom><gml:Point srsName="{url}/crs"><gml:pos>1 2</gml:pos></gml:Point>'
        "</f:geom></f:tile></gml:featureMember></f:FeatureCollection>",
    )


def _kml(folder: Path, url: str) -> Path:
    return _text(
        folder / "linked.kml",
        '<kml xmlns="http://www.opengis.net/kml/2.2"><Document><NetworkLink><Link>'
        f"<href>{url}/more.kml</href></Link></NetworkLink></Document></kml>",
    )


LAYERS: dict[str, Callable[[Path, str], Path]] = {
    "OGR VRT of a file, as .gpkg": _ogr_vrt("{secret}", ".gpkg"),
    "OGR VRT of a file, as .geojson": _ogr_vrt("{secret}", ".geojson"),
    "OGR VRT of a server": _ogr_vrt("/vsicurl/{url}/a.geojson", ".gpkg"),
    "OGR VRT of a WFS": _ogr_vrt("WFS:{url}/wfs", ".shp"),
    "WFS": _wfs,
    "steps of a computation": _steps,
    "GeoJSON with a linked CRS": _geojson(lambda url: {"type": "link", "properties": {"href": f"{url}/crs"}}),
    "GeoJSON with the URL of a CRS": _geojson(lambda url: {"type": "URL", "properties": {"url": f"{url}/crs"}}),
    "GeoJSON whose CRS is called like an address": _geojson(
        lambda url: {"type": "name", "properties": {"name": f"{url}/crs"}}
    ),
    "view that asks a server": _view,
    "GML with links": _gml,
    "KML with a link": _kml,
}
"""Each writes a file into a folder, given the address of a server."""
WITH_CONTENT = ("GML with links", "KML with a link", "GeoJSON whose CRS is called like an address")
"""Those that are layers all the same, whatever they link."""


# --- rasters -------------------------------------------------------------------------------------------------------------


def _tile_server(suffix: str, lines: str = "") -> Callable[[Path, str], Path]:
    def make(folder: Path, url: str) -> Path:
        return _text(
            folder / f"tms{suffix}",
            f'<GDAL_WMS><Service name="TMS"><ServerUrl>{url}/${{z}}/${{x}}/${{y}}.png</ServerUrl></Service><DataWindow>'
            f"<UpperLeftX>{LEFT}</UpperLeftX><UpperLeftY>{TOP}</UpperLeftY><LowerRightX>{LEFT + 2048}</LowerRightX>"
            f"<LowerRightY>{TOP - 2048}</LowerRightY><TileLevel>3</TileLevel><TileCountX>1</TileCountX><TileCountY>1"
            f"</TileCountY><YOrigin>top</YOrigin></DataWindow><Projection>{UTM}</Projection><BlockSizeX>256</BlockSizeX>"
            "<BlockSizeY>256</BlockSizeY><BandsCount>3</BandsCount></GDAL_WMS>",
        )

    return make


def _wcs(folder: Path, url: str) -> Path:
    return _text(
        folder / "wcs.tif",
        f"<WCS_GDAL><ServiceURL>{url}/wcs?</ServiceURL><CoverageName>a</CoverageName></WCS_GDAL>",
    )


def _wmts(folder: Path, url: str) -> Path:
    return _text(folder / "wmts.png", f"<GDAL_WMTS><GetCapabilitiesUrl>{url}/wmts</GetCapabilitiesUrl></GDAL_WMTS>")


def _stacta(folder: Path, url: str) -> Path:
    content = {
        "type": "Feature", "stac_extensions": ["https://stac-extensions.github.io/tiled-assets/v1.0.0/schema.json"],
        "properties": {"tiles:tile_matrix_sets": {"a": f"{url}/set.json"}, "tiles:tile_matrix_links": {"a": {}}},
        "asset_templates": {"bands": {"href": f"{url}/{{TileMatrix}}.tif"}},
    }  # fmt: skip
    return _text(folder / "stacta.tif", json.dumps(content))


def virtual_raster(path: Path, part: str) -> Path:
    """A virtual raster as large as the town's, of one part."""
    bands = "".join(
        f'<VRTRasterBand dataType="Byte" band="{band}"><ColorInterp>{colour}</ColorInterp><SimpleSource>'
        f'<SourceFilename relativeToVRT="0">{part}</SourceFilename><SourceBand>{band}</SourceBand>'
        '<SrcRect xOff="0" yOff="0" xSize="512" ySize="512"/><DstRect xOff="0" yOff="0" xSize="512" ySize="512"/>'
        "</SimpleSource></VRTRasterBand>"
        for band, colour in enumerate(("Red", "Green", "Blue"), start=1)
    )
    return _text(
        path,
        f'<VRTDataset rasterXSize="512" rasterYSize="512"><SRS>{UTM}</SRS>'
        f"<GeoTransform>{LEFT}, 3.125, 0, {TOP}, 0, -3.125</GeoTransform>{bands}</VRTDataset>",
    )


def _vrt(name: str, part: str) -> Callable[[Path, str], Path]:
    def make(folder: Path, url: str) -> Path:
        return virtual_raster(folder / name, part.format(url=url, folder=folder))

    return make


def _nested(folder: Path, url: str) -> Path:
    inner = virtual_raster(folder / "inner.tif", f"/vsicurl/{url}/a.tif")
    return virtual_raster(folder / "outer.vrt", str(inner))


def _with_tiles(folder: Path, url: str) -> Path:
    return virtual_raster(folder / "of_tiles.vrt", str(_tile_server(".xml")(folder, url)))


def _with_pipe(folder: Path, url: str) -> Path:
    return virtual_raster(folder / "of_a_pipe.vrt", str(pipe(folder)))


RASTERS: dict[str, Callable[[Path, str], Path]] = {
    "tile server, as .tif": _tile_server(".tif"),
    "tile server, as .png": _tile_server(".png"),
    "WCS": _wcs,
    "WMTS": _wmts,
    "STAC": _stacta,
    "VRT of a server": _vrt("remote.vrt", "/vsicurl/{url}/a.tif"),
    "VRT of a server, as .png": _vrt("remote.png", "/vsicurl_streaming/{url}/a.tif"),
    "VRT of a server, in other letters": _vrt("spelt.tif", "&#47;vsicurl&#x2f;{url}/a.tif"),
    "VRT of an archive on a server": _vrt("zipped.vrt", "/vsizip//vsicurl/{url}/a.zip/a.tif"),
    "VRT of a tile server": _vrt("tiles.vrt", "WMS:{url}/wms?layers=a&amp;bbox=0,0,1,1"),
    "VRT of a share of another computer": _vrt("share.vrt", r"\\192.0.2.1\share\a.tif"),
    "VRT of a VRT of a server": _nested,
    "VRT of the file of a tile server": _with_tiles,
    "VRT of a pipe": _with_pipe,
}
"""The same for rasters."""


# --- no files ------------------------------------------------------------------------------------------------------------


def pipe(folder: Path, name: str = "pipe.gpkg") -> Path:
    """A pipe at whose other end nobody is."""
    path = folder / name
    if not path.exists():
        os.mkfifo(path)
    return path


def _text(path: Path, content: str) -> Path:
    path.write_text(content, encoding="utf-8")
    return path


def huge_picture(path: Path, side: int) -> Path:
    """A white PNG of some kilobytes, and of ``side`` x ``side`` pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    row = b"\0" + b"\xff" * ((side + 7) // 8)
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(row * side, 9))
        + chunk(b"IEND", b"")
    )
    return path
