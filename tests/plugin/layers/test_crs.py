"""Somebody who reads between two steps: threads of the pool end meanwhile, and every CRS of QGIS 3.22 made there."""

import itertools
import time

import pytest

# Such as no other test of this process uses, since a CRS that was made in the main thread is not lost.
CODES = itertools.chain([26986, 25830, 2056, 28355, 3006, 27700, 2193, 31983, 5880])
CUSTOM = "+proj=tmerc +lat_0=12.5 +lon_0=7.25 +k=0.9996 +x_0=150000 +y_0=0 +datum=WGS84 +units=m +no_defs"


@pytest.fixture
def short_pool(qgis_application):
    """A pool whose threads end at once instead of after half a minute; the function waits until they have."""
    from qgis.PyQt.QtCore import QCoreApplication, QThreadPool

    pool = QThreadPool.globalInstance()
    before = pool.expiryTimeout()
    pool.setExpiryTimeout(20)

    def wait():
        end = time.monotonic() + 0.5
        while time.monotonic() < end:
            QCoreApplication.processEvents()
            time.sleep(0.01)

    yield wait
    pool.setExpiryTimeout(before)


@pytest.fixture
def from_ended_thread(short_pool, qtbot):
    """A layer that was made in a thread which has ended, as algorithms of QGIS itself and of other plugins make them."""
    from qgis.core import QgsApplication, QgsTask, QgsVectorLayer

    kept = []

    class Making(QgsTask):
        def __init__(self, source):
            super().__init__("make")
            self.source = source
            self.layer = None

        def run(self):
            self.layer = QgsVectorLayer(self.source, "made", "memory")
            self.layer.moveToThread(QgsApplication.instance().thread())
            return True

    def make(crs, geometry="Polygon"):
        task = Making(f"{geometry}?crs={crs}")
        kept.append(task)
        QgsApplication.taskManager().addTask(task)
        qtbot.waitUntil(lambda: task.layer is not None, timeout=5000)
        short_pool()
        return task.layer

    return make


@pytest.fixture
def runner(project):
    from plugin.gui.algorithm_runner import AlgorithmRunner

    runner = AlgorithmRunner()
    yield runner
    runner.stop()


def test_a_lost_crs_is_made_anew(from_ended_thread):
    from plugin.layers.crs import crs_text, living

    code = next(CODES)
    crs = from_ended_thread(f"EPSG:{code}").crs()
    assert crs.authid() == f"EPSG:{code}"
    assert str(code) in crs_text(crs)
    assert living(crs).toWkt()


def test_a_crs_of_the_users_own_without_a_code(from_ended_thread):
    from qgis.core import QgsCoordinateReferenceSystem

    from plugin.layers.crs import crs_text

    wkt = QgsCoordinateReferenceSystem.fromProj(CUSTOM).toWkt()
    assert wkt
    # Another, which no other thread has made.
    crs = from_ended_thread(f"PROJ:{CUSTOM.replace('12.5', '12.25')}").crs()
    assert "12.25" in crs_text(crs)


def test_an_invalid_crs_stays_so(qgis_application):
    from qgis.core import QgsCoordinateReferenceSystem

    from plugin.layers.crs import crs_text, living

    assert not living(QgsCoordinateReferenceSystem()).isValid()
    assert crs_text(QgsCoordinateReferenceSystem()) == ""


def test_what_goes_to_the_engine_has_its_crs(from_ended_thread, project):
    """An input's reference and its export."""
    from qgis.core import QgsApplication, QgsProcessingContext, QgsProcessingFeedback, QgsVectorLayer

    from plugin.layers.sources import vector_source

    code = next(CODES)
    layer = from_ended_thread(f"EPSG:{code}")
    fill(layer, "Polygon ((0 0, 10 0, 10 10, 0 0))")
    project.addMapLayer(layer)
    algorithm = QgsApplication.processingRegistry().algorithmById("mmrisk:joinattributes").create()
    context = QgsProcessingContext()
    context.setProject(project)
    reference = vector_source(algorithm, {"TILES": layer.id()}, "TILES", context, QgsProcessingFeedback())
    assert str(code) in reference["crs"]
    exported = QgsVectorLayer(reference["path"], "exported", "ogr")
    assert exported.crs().authid() == f"EPSG:{code}"


def test_a_picture_drawn_in_it_has_its_crs(from_ended_thread, tmp_path):
    from osgeo import gdal
    from qgis.core import QgsRectangle

    from plugin.rendering.geotiff import GeoTiff
    from plugin.rendering.pixel_grid import PixelGrid

    code = next(CODES)
    crs = from_ended_thread(f"EPSG:{code}").crs()
    with GeoTiff(str(tmp_path / "drawn.tif"), PixelGrid.over(QgsRectangle(0, 0, 100, 100), 10.0), crs, {}):
        pass
    assert str(code) in gdal.Open(str(tmp_path / "drawn.tif")).GetProjection()


@pytest.mark.parametrize("destination", ["memory", "file"])
def test_steps_with_a_pause_between_them(short_pool, runner, project, qtbot, tmp_path, destination):
    """Tiles are made; somebody reads; attributes are joined to them, and labels: nobody says that the layer has no CRS."""
    from qgis.core import QgsVectorLayer

    from plugin.gui.algorithm_runner import AlgorithmStep

    code = next(CODES)
    outcomes, sentences = [], []

    def run(algorithm, parameters):
        parameters["OUTPUT"] = "TEMPORARY_OUTPUT" if destination == "memory" else str(tmp_path / f"{algorithm}.gpkg")
        count = len(outcomes)
        runner.run([AlgorithmStep(f"mmrisk:{algorithm}", parameters)], outcomes.append, sentences.append, lambda: None)
        qtbot.waitUntil(lambda: len(outcomes) > count or bool(sentences), timeout=60000)
        assert not sentences
        layer = outcomes[-1].layer
        project.addMapLayer(layer)
        short_pool()
        assert str(code) in layer.crs().toWkt()
        return layer

    tiles = run("createtiles", {"EXTENT": f"200000,201000,900000,901000 [EPSG:{code}]", "TILE_SIZE": 100})
    roads = QgsVectorLayer(f"LineString?crs=EPSG:{code}", "roads", "memory")
    events = QgsVectorLayer(f"Point?crs=EPSG:{code}", "events", "memory")
    fill(roads, "LineString (200000 900500, 201000 900500)")
    fill(events, "Point (200500 900500)")
    project.addMapLayers([roads, events])
    joined = run("joinattributes", {"TILES": tiles, "INPUT": roads, "STATISTICS": [0, 1]})
    labelled = run("labeltiles", {"TILES": joined, "EVENTS": events})
    assert labelled.featureCount() == 100


def fill(layer, wkt):
    from qgis.core import QgsFeature, QgsGeometry

    feature = QgsFeature(layer.fields())
    feature.setGeometry(QgsGeometry.fromWkt(wkt))
    assert layer.dataProvider().addFeatures([feature])[0]
