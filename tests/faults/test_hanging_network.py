"""Servers of map tiles that take the question and never answer, in QGIS itself."""

import pytest

from tests.plugin.xyz_server import PIXEL, TILE_PIXELS, ZOOM, XyzServer, tile_extent

pytestmark = pytest.mark.slow
COLUMNS, ROWS = range(39646, 39649), range(48513, 48516)


@pytest.fixture
def tiles(qgis_application, tmp_path):
    """A folder with a grey tile for each place."""
    from qgis.PyQt.QtGui import QColor, QImage

    image = QImage(TILE_PIXELS, TILE_PIXELS, QImage.Format.Format_RGB32)
    image.fill(QColor(120, 120, 120))
    for column in COLUMNS:
        (tmp_path / "xyz" / str(ZOOM) / str(column)).mkdir(parents=True)
        for row in ROWS:
            assert image.save(str(tmp_path / "xyz" / str(ZOOM) / str(column) / f"{row}.png"))
    return tmp_path / "xyz"


@pytest.mark.parametrize("share", ["one tile", "every tile"])
def test_tiles_that_hang(tiles, monkeypatch, tmp_path, share, note):
    import processing
    from qgis.core import QgsProcessingFeedback, QgsRasterLayer

    from plugin.rendering import renderer

    monkeypatch.setattr(renderer, "BLOCK_SECONDS", 2.0)
    monkeypatch.setattr(renderer, "LARGE_BLOCK", 512)
    places = [(column, row) for column in COLUMNS for row in ROWS]
    left, _, _, top = tile_extent(COLUMNS[0], ROWS[0])
    _, bottom, right, _ = tile_extent(COLUMNS[-1], ROWS[-1])
    extent = f"{left!r},{right!r},{bottom!r},{top!r} [EPSG:3857]"
    feedback, output = QgsProcessingFeedback(), tmp_path / "picture.tif"
    with XyzServer(tiles, hanging=places[4:5] if share == "one tile" else places) as server:
        layer = QgsRasterLayer(server.source, "aerial", "wms")
        parameters = {"EXTENT": extent, "LAYERS": [layer], "PIXEL_SIZE": PIXEL, "OUTPUT": str(output)}
        processing.run("mmrisk:renderimagery", parameters, feedback=feedback)
    said = next(line for line in feedback.textLog().splitlines() if "did not arrive" in line)
    assert output.is_file()
    note(f"the tile server never answers for {share}", said.strip(), "the rest is drawn; what is missing is no data")
