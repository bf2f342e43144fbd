"""Layers from a web server that drops, delays and hangs: what arrives is right, and what does not is nodata."""

import re

import pytest

from tests.plugin.xyz_server import PIXEL, TILE_PIXELS, XyzServer, tile_extent, tile_file, tiles_in


@pytest.fixture(scope="module")
def xyz(boston):
    """The folder with tiles of real imagery."""
    return boston / "xyz"


@pytest.fixture(scope="module")
def area(xyz):
    """Opaque tiles that make a rectangle: columns, rows."""
    opaque = [tile for tile in tiles_in(xyz) if tile_file(xyz, *tile).suffix == ".jpg"]
    return sorted({x for x, _ in opaque}), sorted({y for _, y in opaque})


def extent_of(area):
    columns, rows = area
    left, _, _, top = tile_extent(columns[0], rows[0])
    _, bottom, right, _ = tile_extent(columns[-1], rows[-1])
    return f"{left!r},{right!r},{bottom!r},{top!r} [EPSG:3857]"


@pytest.fixture
def draw(qgis_application, area, tmp_path):
    """Draw the area from a server; the pixels and the log."""
    import processing
    from osgeo import gdal
    from qgis.core import QgsProcessingFeedback, QgsRasterLayer

    def draw_from(server, **parameters):
        layer = QgsRasterLayer(server.source, "aerial", "wms")
        feedback = QgsProcessingFeedback()
        parameters = {"EXTENT": extent_of(area), "LAYERS": [layer], "PIXEL_SIZE": PIXEL, **parameters}
        picture = tmp_path / "picture.tif"
        processing.run("mmrisk:renderimagery", {**parameters, "OUTPUT": str(picture)}, feedback=feedback)
        return gdal.Open(str(picture)).ReadAsArray(), feedback.textLog()

    return draw_from


def tile_of(pixels, area, tile):
    """The pixels of one tile in the picture of an area."""
    column, row = area[0].index(tile[0]), area[1].index(tile[1])
    return pixels[:, row * TILE_PIXELS : (row + 1) * TILE_PIXELS, column * TILE_PIXELS : (column + 1) * TILE_PIXELS]


def decoded(file):
    """A tile as Qt decodes it: (bands, rows, columns)."""
    import numpy as np
    from qgis.PyQt.QtGui import QImage

    image = QImage(str(file)).convertToFormat(QImage.Format.Format_RGBA8888)
    data = np.frombuffer(image.constBits().asstring(image.sizeInBytes()), dtype=np.uint8)
    return data.reshape(TILE_PIXELS, TILE_PIXELS, 4).transpose(2, 0, 1)


def shows(pixels, expected):
    """Whether a part of the picture is a tile: to the pixel; from QGIS 3.44 on, which widens tiles to whole pixels, nearly.

    There (QGIS pull request 61591) a tile of 256 pixels may be drawn on 258, so that a pixel is one of those around it.
    """
    import numpy as np
    from qgis.core import Qgis

    if Qgis.QGIS_VERSION_INT < 34300:
        return (pixels == expected).all()
    padded = np.pad(expected, ((0, 0), (2, 2), (2, 2)), mode="edge")
    around = np.stack([padded[:, y : y + TILE_PIXELS, x : x + TILE_PIXELS] for y in range(5) for x in range(5)])
    return ((around.min(axis=0) <= pixels) & (pixels <= around.max(axis=0))).mean() > 0.99


def test_every_tile_arrives_to_the_pixel(draw, xyz, area):
    with XyzServer(xyz) as server:
        pixels, log = draw(server)
    for tile in ((x, y) for x in area[0] for y in area[1]):
        assert shows(tile_of(pixels, area, tile), decoded(tile_file(xyz, *tile))), tile
    assert "did not arrive" not in log


@pytest.mark.slow
def test_dropped_tiles_are_transparent_and_counted_and_late_ones_arrive(draw, xyz, area):
    columns, rows = area
    dropped = {(columns[1], rows[2]), (columns[4], rows[9])}
    late = {(columns[0], rows[0]): 1, (columns[3], rows[7]): 2}
    with XyzServer(xyz, dropped=dropped, fail_first=late, delay=0.02) as server:
        pixels, log = draw(server)
        asked = dict(server.requests)
    for tile in ((x, y) for x in columns for y in rows):
        part = tile_of(pixels, area, tile)
        if tile in dropped:
            assert (part[3, 2:-2, 2:-2] == 0).all()
        else:
            assert shows(part, decoded(tile_file(xyz, *tile))), tile
    missing = float(re.search(r"([\d.]+)% of 'aerial' did not arrive", log).group(1))
    assert missing == pytest.approx(100 * len(dropped) / len(columns) / len(rows), rel=0.05)
    # A picture takes more than one request per tile only where something is missing.
    assert all(count == 1 for tile, count in asked.items() if tile not in dropped and tile not in late)
    assert all(asked[tile] >= 3 for tile in dropped)


@pytest.mark.slow
def test_a_layer_below_shows_through_and_the_gap_is_counted(draw, xyz, area, tmp_path):
    """What is transparent in a layer is known from the layer itself, not from the picture."""
    from qgis.core import (
        QgsFeature,
        QgsFillSymbol,
        QgsGeometry,
        QgsRasterLayer,
        QgsRectangle,
        QgsSingleSymbolRenderer,
        QgsVectorLayer,
    )

    columns, rows = area
    left, _, _, top = tile_extent(columns[0], rows[0])
    _, bottom, right, _ = tile_extent(columns[-1], rows[-1])
    ground = QgsVectorLayer("Polygon?crs=EPSG:3857", "ground", "memory")
    feature = QgsFeature()
    feature.setGeometry(QgsGeometry.fromRect(QgsRectangle(left - 99, bottom - 99, right + 99, top + 99)))
    ground.dataProvider().addFeature(feature)
    ground.setRenderer(QgsSingleSymbolRenderer(QgsFillSymbol.createSimple({"color": "0,255,0"})))
    gap = (columns[2], rows[3])
    with XyzServer(xyz, dropped={gap}) as server:
        layer = QgsRasterLayer(server.source, "aerial", "wms")
        pixels, log = draw(server, LAYERS=[layer, ground])
    part = tile_of(pixels, area, gap)[:, 4:-4, 4:-4]
    assert (part == [[[0]], [[255]], [[0]], [[255]]]).all()
    assert "of 'aerial' did not arrive" in log


@pytest.mark.slow
def test_a_server_that_hangs_does_not_hang_us(draw, xyz, area, monkeypatch):
    from plugin.rendering import renderer

    monkeypatch.setattr(renderer, "BLOCK_SECONDS", 2.0)
    columns, rows = area
    # Fewer than Qt has connections to a server: QGIS 3.40 asks for the middle first, and these would keep all of them busy.
    hanging = {(x, rows[2]) for x in columns[1:5]}
    with XyzServer(xyz, hanging=hanging) as server:
        pixels, log = draw(server)
    assert "was not there after 2 s" in log
    assert "did not arrive" in log
    assert (tile_of(pixels, area, (columns[2], rows[2]))[3, 2:-2, 2:-2] == 0).all()
    assert (tile_of(pixels, area, (columns[2], rows[-1]))[3] == 255).all()


@pytest.mark.slow
def test_a_server_that_never_answers_is_given_up(draw, xyz, area, monkeypatch):
    from plugin.rendering import renderer

    monkeypatch.setattr(renderer, "BLOCK_SECONDS", 1.0)
    monkeypatch.setattr(renderer, "LARGE_BLOCK", 512)
    hanging = {(x, y) for x in area[0] for y in area[1]}
    with XyzServer(xyz, hanging=hanging) as server:
        pixels, log = draw(server)
    assert "The server of aerial does not answer in time" in log
    assert "100.00% of 'aerial' did not arrive" in log
    assert not pixels.any()


def test_cancel_while_a_server_hangs_leaves_nothing(qgis_application, xyz, area, tmp_path):
    import processing
    from qgis.core import QgsProcessingException, QgsProcessingFeedback, QgsRasterLayer
    from qgis.PyQt.QtCore import QTimer

    feedback = QgsProcessingFeedback()
    QTimer.singleShot(1500, feedback.cancel)
    with XyzServer(xyz, hanging={(x, y) for x in area[0] for y in area[1]}) as server:
        layer = QgsRasterLayer(server.source, "aerial", "wms")
        parameters = {"EXTENT": extent_of(area), "LAYERS": [layer], "OUTPUT": str(tmp_path / "picture.tif")}
        with pytest.raises(QgsProcessingException, match="Cancelled"):
            processing.run("mmrisk:renderimagery", parameters, feedback=feedback)
    assert not list(tmp_path.iterdir())


def test_too_many_tiles_are_refused_before_any_is_asked_for(draw, xyz, area):
    from qgis.core import QgsProcessingException

    with XyzServer(xyz) as server:
        with pytest.raises(QgsProcessingException, match="about 11,232 of its tiles") as caught:
            draw(server, PIXEL_SIZE=PIXEL / 12)
        assert not server.requests
    assert "a pixel size of at least 0." in str(caught.value)


def test_what_is_a_web_layer(qgis_application, tmp_path):
    from qgis.core import QgsRasterLayer, QgsVectorLayer, QgsVectorTileLayer

    from plugin.rendering.web_layers import is_web_layer

    template = "%7Bz%7D/%7Bx%7D/%7By%7D"
    assert is_web_layer(QgsRasterLayer(f"type=xyz&url=https://tiles.invalid/{template}", "x", "wms"))
    assert not is_web_layer(QgsRasterLayer(f"type=xyz&url=file://{tmp_path}/{template}", "x", "wms"))
    assert is_web_layer(QgsVectorTileLayer(f"type=xyz&url=https://tiles.invalid/{template}", "x"))
    assert not is_web_layer(QgsVectorTileLayer(f"type=mbtiles&url={tmp_path}/tiles.mbtiles", "x"))
    assert not is_web_layer(QgsVectorLayer("Point?crs=EPSG:4326", "x", "memory"))
