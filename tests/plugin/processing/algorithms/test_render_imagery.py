"""Layers, themes and the canvas drawn into GeoTIFFs: to the pixel, without seams, and nothing left behind on failure."""

import time

import pytest

CRS = "EPSG:32619"
LEFT, TOP, PIXEL = 300000.0, 4701500.0, 0.5
WIDTH, HEIGHT = 900, 700


@pytest.fixture(scope="module")
def run(qgis_application):
    import processing

    def run_algorithm(feedback=None, context=None, **parameters):
        parameters.setdefault("OUTPUT", "TEMPORARY_OUTPUT")
        return processing.run("mmrisk:renderimagery", parameters, feedback=feedback, context=context)["OUTPUT"]

    return run_algorithm


def write_raster(file, bands, crs=CRS, pixel=PIXEL, left=LEFT, top=TOP):
    """A GeoTIFF from arrays (bands, rows, columns) of bytes."""
    from osgeo import gdal, osr

    count, rows, columns = bands.shape
    dataset = gdal.GetDriverByName("GTiff").Create(str(file), columns, rows, count, gdal.GDT_Byte)
    system = osr.SpatialReference()
    system.SetFromUserInput(crs)
    dataset.SetProjection(system.ExportToWkt())
    dataset.SetGeoTransform((left, pixel, 0, top, 0, -pixel))
    dataset.WriteArray(bands)
    del dataset
    return str(file)


def read(file):
    from osgeo import gdal

    return gdal.Open(str(file)).ReadAsArray()


@pytest.fixture(scope="module")
def noise():
    import numpy as np

    return np.random.default_rng(1).integers(0, 256, (3, HEIGHT, WIDTH), dtype="uint8")


@pytest.fixture(scope="module")
def ortho(qgis_application, noise, tmp_path_factory):
    from qgis.core import QgsRasterLayer

    return QgsRasterLayer(write_raster(tmp_path_factory.mktemp("ortho") / "ortho.tif", noise), "ortho")


def make_vectors(kind, rows, renderer=None, crs=CRS):
    from qgis.core import QgsFeature, QgsGeometry, QgsVectorLayer

    layer = QgsVectorLayer(f"{kind}?crs={crs}", kind.lower(), "memory")
    for wkt in rows:
        feature = QgsFeature()
        feature.setGeometry(QgsGeometry.fromWkt(wkt))
        layer.dataProvider().addFeature(feature)
    layer.updateExtents()
    if renderer is not None:
        layer.setRenderer(renderer)
    return layer


def single(symbol):
    from qgis.core import QgsSingleSymbolRenderer

    return QgsSingleSymbolRenderer(symbol)


@pytest.fixture
def square(qgis_application):
    """A blue square without outline, 100 m wide, 100 m right of and below the corner."""
    from qgis.core import QgsFillSymbol

    symbol = QgsFillSymbol.createSimple({"color": "0,0,255,255", "outline_style": "no"})
    left, top = LEFT + 100, TOP - 100
    corners = [(left, top), (left + 100, top), (left + 100, top - 100), (left, top - 100), (left, top)]
    return make_vectors("Polygon", [f"Polygon(({','.join(f'{x} {y}' for x, y in corners)}))"], single(symbol))


def extent_text(left, bottom, right, top, crs=CRS):
    return f"{left!r},{right!r},{bottom!r},{top!r} [{crs}]"


EXTENT = extent_text(LEFT, TOP - HEIGHT * PIXEL, LEFT + WIDTH * PIXEL, TOP)


@pytest.fixture(params=[256, 1024])
def block_size(request, monkeypatch):
    """Blocks that do and do not cut the picture."""
    from plugin.rendering import renderer

    monkeypatch.setattr(renderer, "BLOCK", request.param)
    monkeypatch.setattr(renderer, "LARGE_BLOCK", request.param)
    return request.param


def test_a_raster_on_its_own_grid_keeps_every_pixel(run, ortho, noise, block_size):
    from osgeo import gdal

    picture = run(EXTENT=ortho, LAYERS=[ortho])
    assert gdal.Open(picture).GetGeoTransform() == (LEFT, PIXEL, 0, TOP, 0, -PIXEL)
    pixels = read(picture)
    assert (pixels[:3] == noise).all()
    assert (pixels[3] == 255).all()


@pytest.mark.parametrize(("pixel", "left", "top"), [(0.3, 300000.1, 4701499.7), (1.46484375, 231986.5, 893771.5)])
def test_part_of_a_raster_on_its_own_grid_keeps_every_pixel(run, noise, tmp_path, pixel, left, top):
    """Pixel sizes with and without an exact binary number; any origin."""
    from qgis.core import QgsRasterLayer

    layer = QgsRasterLayer(write_raster(tmp_path / "o.tif", noise, pixel=pixel, left=left, top=top), "o")
    rows, columns = slice(37, 613), slice(101, 801)
    extent = extent_text(left + 101 * pixel, top - 613 * pixel, left + 801 * pixel, top - 37 * pixel)
    pixels = read(run(EXTENT=extent, LAYERS=[layer], PIXEL_SIZE=pixel))
    assert pixels.shape == (4, 576, 700)
    assert (pixels[:3] == noise[:, rows, columns]).all()


def test_real_imagery_keeps_every_pixel(run, boston):
    from qgis.core import QgsRasterLayer

    layer = QgsRasterLayer(str(boston / "imagery" / "boston_roslindale_mattapan.tif"), "ortho")
    assert (read(run(EXTENT=layer, LAYERS=[layer]))[:3] == read(layer.source())).all()


def test_an_extent_of_no_whole_number_of_pixels_is_enlarged_right_and_below(run, ortho):
    from osgeo import gdal

    picture = gdal.Open(run(EXTENT=extent_text(LEFT, TOP - 10.2, LEFT + 20.7, TOP), LAYERS=[ortho]))
    assert (picture.RasterXSize, picture.RasterYSize) == (42, 21)
    assert picture.GetGeoTransform()[0] == LEFT
    assert picture.GetGeoTransform()[3] == TOP


def test_rounded_coordinates_make_no_extra_pixels(run, ortho):
    from osgeo import gdal

    picture = gdal.Open(run(EXTENT=extent_text(LEFT, TOP - 10, LEFT + 20.0000000004, TOP), LAYERS=[ortho]))
    assert (picture.RasterXSize, picture.RasterYSize) == (40, 20)
    tiny = gdal.Open(run(EXTENT=extent_text(LEFT, TOP - 0.01, LEFT + 0.01, TOP), LAYERS=[ortho]))
    assert (tiny.RasterXSize, tiny.RasterYSize) == (1, 1)


def test_what_was_not_drawn_is_transparent(run, square):
    pixels = read(run(EXTENT=EXTENT, LAYERS=[square], PIXEL_SIZE=PIXEL))
    assert (pixels[:, 200:400, 200:400] == [[[0]], [[0]], [[255]], [[255]]]).all()
    assert (pixels[3] > 0).sum() == 200 * 200


def test_beyond_a_raster_is_transparent(run, ortho, noise):
    extent = extent_text(LEFT - 10, TOP - HEIGHT * PIXEL, LEFT + WIDTH * PIXEL, TOP + 5)
    pixels = read(run(EXTENT=extent, LAYERS=[ortho]))
    assert (pixels[3, :10] == 0).all()
    assert (pixels[3, :, :20] == 0).all()
    assert (pixels[:3, 10:, 20:] == noise).all()


def test_the_file_says_what_it_is(run, ortho, square):
    from osgeo import gdal

    metadata = square.metadata()
    metadata.setRights(["City of Somewhere, CC BY 4.0"])
    square.setMetadata(metadata)
    picture = gdal.Open(run(EXTENT=EXTENT, LAYERS=[square, ortho]))
    kinds = [picture.GetRasterBand(i).GetColorInterpretation() for i in (1, 2, 3, 4)]
    assert kinds == [gdal.GCI_RedBand, gdal.GCI_GreenBand, gdal.GCI_BlueBand, gdal.GCI_AlphaBand]
    assert picture.GetRasterBand(1).GetBlockSize() == [512, 512]
    assert picture.GetSpatialRef().GetAuthorityCode(None) == "32619"
    told = picture.GetMetadata()
    assert told["TIFFTAG_COPYRIGHT"] == "City of Somewhere, CC BY 4.0"
    assert told["MMRISK_LAYERS"] == "polygon, ortho"
    assert told["TIFFTAG_SOFTWARE"].startswith("MMRisk")
    assert told["MMRISK_DRAWN"].startswith(told["TIFFTAG_DATETIME"][:4])


def styles():
    """Symbols whose drawing could depend on where a block begins."""
    from qgis.core import (
        QgsFillSymbol,
        QgsLinePatternFillSymbolLayer,
        QgsLineSymbol,
        QgsMarkerLineSymbolLayer,
        QgsMarkerSymbol,
    )

    hatching, marked = QgsFillSymbol(), QgsLineSymbol()
    hatching.changeSymbolLayer(0, QgsLinePatternFillSymbolLayer())
    marked.changeSymbolLayer(0, QgsMarkerLineSymbolLayer(True, 7))
    dashes = {"line_color": "200,30,30", "line_width": "1.2", "use_custom_dash": "1", "customdash": "5;2"}
    return {
        "dashes": ("LineString", QgsLineSymbol.createSimple(dashes)),
        "markers along lines": ("LineString", marked),
        "hatching": ("Polygon", hatching),
        "overlapping stars": ("Point", QgsMarkerSymbol.createSimple({"name": "star", "size": "15"})),
    }


@pytest.mark.parametrize("style", ["dashes", "markers along lines", "hatching", "overlapping stars"])
def test_borders_of_blocks_do_not_show(run, style, monkeypatch):
    import numpy as np

    from plugin.rendering import renderer

    kind, symbol = styles()[style]
    numbers = np.random.default_rng(2).uniform([LEFT, TOP - 350], [LEFT + 450, TOP], (60, 2))
    places = [f"{x:.2f} {y:.2f}" for x, y in numbers]
    threes = [places[i : i + 3] for i in range(0, 60, 3)]
    rows = {
        "Point": [f"Point({place})" for place in places],
        "LineString": [f"LineString({a},{b},{c})" for a, b, c in threes],
        "Polygon": [f"Polygon(({a},{b},{c},{a}))" for a, b, c in threes[::3]],
    }[kind]
    layer = make_vectors(kind, rows, single(symbol))
    pictures = []
    for size in (4096, 256):
        monkeypatch.setattr(renderer, "LARGE_BLOCK", size)
        pixels = read(run(EXTENT=EXTENT, LAYERS=[layer], PIXEL_SIZE=PIXEL)).astype(float)
        pictures.append(np.concatenate([pixels[:3] * pixels[3] / 255, pixels[3:]]))
    assert (pictures[0][3] > 0).mean() > 0.005
    # Corners of lines are the last bit of a number apart, so edges may differ by some shades of 255.
    assert np.abs(pictures[0] - pictures[1]).max() <= 8


def test_another_crs_than_the_layers_shifts_less_than_a_pixel(run, tmp_path):
    """Ramps to the right and downwards: a shift changes their mean. QGIS reprojects to the nearest pixel, twice."""
    import numpy as np
    from osgeo import gdal
    from qgis.core import QgsRasterLayer

    across = np.broadcast_to(np.linspace(10, 240, WIDTH), (HEIGHT, WIDTH))
    down = np.broadcast_to(np.linspace(10, 240, HEIGHT)[:, None], (HEIGHT, WIDTH))
    bands = np.stack([across, down, across]).round().astype("uint8")
    layer = QgsRasterLayer(write_raster(tmp_path / "ramps.tif", bands), "ramps")
    picture = run(EXTENT=layer, LAYERS=[layer], CRS="EPSG:26986")
    assert gdal.Open(picture).GetSpatialRef().GetAuthorityCode(None) == "26986"
    back = gdal.Warp(
        "", picture, format="MEM", dstSRS=CRS, resampleAlg="bilinear", xRes=PIXEL, yRes=PIXEL,
        outputBounds=(LEFT, TOP - HEIGHT * PIXEL, LEFT + WIDTH * PIXEL, TOP),
    ).ReadAsArray()  # fmt: skip
    inner = (slice(20, -20), slice(20, -20))
    assert (back[3][inner] == 255).all()
    for band, slope in ((0, 230 / WIDTH), (1, 230 / HEIGHT)):
        difference = back[band][inner].astype(float) - bands[band][inner]
        assert abs(difference.mean()) / slope < 0.6
        assert np.abs(difference).max() <= 2


def test_default_pixel_size_is_that_of_the_finest_raster_else_a_metre(run, ortho, square):
    from osgeo import gdal

    def width(**parameters):
        picture = gdal.Open(run(**parameters))
        return picture.GetGeoTransform()[1]

    assert width(EXTENT=EXTENT, LAYERS=[square, ortho]) == PIXEL
    assert width(EXTENT=EXTENT, LAYERS=[square]) == 1
    assert width(EXTENT=EXTENT, LAYERS=[ortho], CRS="EPSG:26986") == pytest.approx(PIXEL, rel=2e-3)
    web = width(EXTENT=EXTENT, LAYERS=[square], CRS="EPSG:3857")
    assert web == pytest.approx(1 / 0.7396, rel=1e-2)
    elsewhere = extent_text(LEFT + 5000, TOP - 100, LEFT + 5100, TOP)
    assert width(EXTENT=elsewhere, LAYERS=[square, ortho]) == 1


def test_the_canvas_is_the_visible_layers_in_their_order(run, project, ortho, square):
    import numpy as np

    below, above = ortho.clone(), square.clone()
    project.addMapLayers([below, above])
    root = project.layerTreeRoot()
    root.setHasCustomLayerOrder(True)
    root.setCustomLayerOrder([above, below])
    pixels = read(run(EXTENT=EXTENT))
    assert (pixels[:3, 250, 250] == [0, 0, 255]).all()
    root.setCustomLayerOrder([below, above])
    assert (read(run(EXTENT=EXTENT))[:3] == read(ortho.source())).all()
    root.findLayer(below.id()).setItemVisibilityChecked(False)
    pixels = read(run(EXTENT=EXTENT, PIXEL_SIZE=PIXEL))
    assert np.count_nonzero(pixels[3]) == 200 * 200


def test_a_theme_has_its_own_layers_and_styles(run, project, ortho, square):
    from qgis.core import QgsMapThemeCollection
    from qgis.PyQt.QtGui import QColor

    raster, shape = ortho.clone(), square.clone()
    project.addMapLayers([raster, shape])
    record = QgsMapThemeCollection.MapThemeLayerRecord(shape)
    shape.styleManager().addStyleFromLayer("red")
    shape.styleManager().setCurrentStyle("red")
    shape.renderer().symbol().setColor(QColor(255, 0, 0))
    record.usingCurrentStyle = True
    record.currentStyle = "red"
    theme = QgsMapThemeCollection.MapThemeRecord()
    theme.addLayerRecord(record)
    project.mapThemeCollection().insert("only red", theme)
    shape.styleManager().setCurrentStyle("default")
    pixels = read(run(EXTENT=EXTENT, THEME="only red", PIXEL_SIZE=PIXEL))
    assert (pixels[:, 250, 250] == [255, 0, 0, 255]).all()
    assert (pixels[3] > 0).sum() == 200 * 200


def test_a_background_thread_does_it_too(qgis_application, ortho, noise, tmp_path, monkeypatch):
    from qgis.core import (
        QgsApplication,
        QgsProcessingAlgRunnerTask,
        QgsProcessingContext,
        QgsProcessingFeedback,
        QgsProject,
    )
    from qgis.PyQt.QtCore import QEventLoop, QThread, QTimer

    from plugin.processing.algorithms import render_imagery

    threads = []
    original = render_imagery.draw_picture

    def noted(*arguments):
        threads.append(QThread.currentThread())
        return original(*arguments)

    monkeypatch.setattr(render_imagery, "draw_picture", noted)
    algorithm = QgsApplication.processingRegistry().createAlgorithmById("mmrisk:renderimagery")
    context, feedback = QgsProcessingContext(), QgsProcessingFeedback()
    context.setProject(QgsProject.instance())
    output = tmp_path / "picture.tif"
    parameters = {"EXTENT": EXTENT, "LAYERS": [ortho], "OUTPUT": str(output)}
    task = QgsProcessingAlgRunnerTask(algorithm, parameters, context, feedback)
    done, loop = [], QEventLoop()
    task.executed.connect(lambda successful, results: done.append(successful))
    task.executed.connect(lambda *_: loop.quit())
    QTimer.singleShot(60000, loop.quit)
    QgsApplication.taskManager().addTask(task)
    loop.exec()
    assert done == [True], feedback.textLog()
    assert len(threads) == 1
    assert threads[0] != qgis_application.thread()
    assert (read(output)[:3] == noise).all()


def test_a_pool_of_one_thread_does_not_lock_up(qgis_application, ortho, noise, tmp_path, monkeypatch):
    """A task that waits for renderers of the pool it came from itself."""
    from qgis.PyQt.QtCore import QThreadPool

    pool = QThreadPool.globalInstance()
    threads = pool.maxThreadCount()
    pool.setMaxThreadCount(1)
    try:
        test_a_background_thread_does_it_too(qgis_application, ortho, noise, tmp_path, monkeypatch)
    finally:
        pool.setMaxThreadCount(threads)


def failing(run, feedback=None, **parameters):
    from qgis.core import QgsProcessingException

    with pytest.raises(QgsProcessingException) as caught:
        run(feedback=feedback, **parameters)
    return str(caught.value)


def test_cancel_within_a_block_leaves_nothing(run, square, tmp_path):
    """The layer's renderer is slow and the cancel comes in the middle of its only block."""
    from qgis.core import QgsExpression, QgsFeatureRequest, QgsProcessingFeedback, qgsfunction
    from qgis.PyQt.QtCore import QTimer

    @qgsfunction(args=0, group="test")
    def mmrisk_wait(values, feature, parent):
        waits.append(feature.id())
        time.sleep(0.05)
        return 1

    waits: list = []
    layer = make_vectors("Point", [f"Point({LEFT + i % 30} {TOP - 1 - i // 30})" for i in range(3000)])
    clause = QgsFeatureRequest.OrderByClause("mmrisk_wait()")
    layer.renderer().setOrderBy(QgsFeatureRequest.OrderBy([clause]))
    layer.renderer().setOrderByEnabled(True)
    feedback = QgsProcessingFeedback()
    QTimer.singleShot(700, feedback.cancel)
    output = tmp_path / "picture.tif"
    try:
        message = failing(run, feedback, EXTENT=EXTENT, LAYERS=[layer], OUTPUT=str(output))
    finally:
        QgsExpression.unregisterFunction("mmrisk_wait")
    assert "Cancelled" in message
    assert 0 < len(waits) < 1500
    assert not list(tmp_path.iterdir())


def test_a_full_disk_keeps_the_file_that_was_there(run, ortho, tmp_path):
    """A limit on the size of files acts as a disk that is full in the middle of the work."""
    import resource
    import signal

    output = tmp_path / "picture.tif"
    output.write_bytes(b"the user's own")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, hard))
    try:
        message = failing(run, EXTENT=EXTENT, LAYERS=[ortho], OUTPUT=str(output))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, handler)
    assert "cannot be written" in message
    assert [file.name for file in tmp_path.iterdir()] == ["picture.tif"]
    assert output.read_bytes() == b"the user's own"


def test_what_cannot_be_done_is_said(run, project, ortho, square, tmp_path):
    assert "no layer to draw" in failing(run, EXTENT=EXTENT)
    assert "no map theme 'night'" in failing(run, EXTENT=EXTENT, THEME="night")
    assert "cannot both be drawn" in failing(run, EXTENT=EXTENT, THEME="night", LAYERS=[square])
    assert "empty" in failing(run, EXTENT=extent_text(LEFT, TOP, LEFT, TOP), LAYERS=[square])
    far = extent_text(1e12, 1e12, 1e12 + 100, 1e12 + 100)
    assert "cannot be brought from" in failing(run, EXTENT=far, LAYERS=[square], CRS="EPSG:4326")
    assert "too many" in failing(run, EXTENT=EXTENT, LAYERS=[square], PIXEL_SIZE=0.0005)
    assert "does not exist" in failing(run, EXTENT=EXTENT, LAYERS=[square], OUTPUT=str(tmp_path / "no" / "p.tif"))
    assert "/nowhere.tif" in failing(run, EXTENT=EXTENT, LAYERS=["/nowhere.tif"])


def test_an_extent_without_crs_is_said(run, project, square):
    assert "in which CRS the extent is" in failing(run, EXTENT="0,100,0,100", LAYERS=[square])


def test_a_visible_layer_whose_data_is_gone_is_named(run, project, noise, tmp_path):
    from qgis.core import QgsRasterLayer

    file = write_raster(tmp_path / "gone.tif", noise[:, :9, :9])
    layer = QgsRasterLayer(file, "gone")
    project.addMapLayer(layer)
    (tmp_path / "gone.tif").unlink()
    layer.setDataSource(file, "gone", "gdal")
    assert "'gone' cannot be drawn" in failing(run, EXTENT=EXTENT)


def test_only_geotiffs_are_written(run, square, tmp_path):
    message = failing(run, EXTENT=EXTENT, LAYERS=[square], OUTPUT=str(tmp_path / "picture.png"))
    assert "ending in .tif" in message
