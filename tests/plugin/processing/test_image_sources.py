"""Imagery that the engine cannot read as a file is drawn for it, as finely as needed, and the file is gone afterwards."""

from pathlib import Path

import pytest

from tests.file_server import serving
from tests.plugin.xyz_server import XyzServer, tile_extent, tiles_in

CRS = "EPSG:26986"
AREA = "232100,233000,891500,892400 [EPSG:26986]"


@pytest.fixture(scope="module")
def run(qgis_application):
    import processing

    def run_algorithm(name, feedback=None, **parameters):
        return processing.run(f"mmrisk:{name}", parameters, feedback=feedback)

    return run_algorithm


@pytest.fixture(scope="module")
def xyz(boston):
    return boston / "xyz"


@pytest.fixture(scope="module")
def tiles(run):
    """36 tiles in the middle of the imagery, every second one labelled 1."""
    from qgis.core import QgsField
    from qgis.PyQt.QtCore import QVariant

    layer = run("createtiles", EXTENT=AREA, TILE_SIZE=150, OUTPUT="TEMPORARY_OUTPUT")["OUTPUT"]
    layer.dataProvider().addAttributes([QgsField("label", QVariant.Int)])
    layer.updateFields()
    position = layer.fields().indexOf("label")
    values = {f.id(): {position: (f["row"] + f["col"]) % 2} for f in layer.getFeatures()}
    layer.dataProvider().changeAttributeValues(values)
    return layer


def web_layer(server, name="aerial"):
    from qgis.core import QgsRasterLayer

    return QgsRasterLayer(server.source, name, "wms")


@pytest.fixture(scope="module")
def model(run, tiles, xyz, tmp_path_factory):
    """A model that learnt from tiles of the web alone."""
    from qgis.core import QgsProcessingFeedback

    feedback = QgsProcessingFeedback()
    with XyzServer(xyz) as server:
        trained = run(
            "trainmodel", feedback, TILES=tiles, LABEL="label", IMAGES=[web_layer(server)], IMAGE_PIXELS=64,
            VALIDATION=1, FOLDS=2, EPOCHS=2, MODEL=str(tmp_path_factory.mktemp("m") / "m.safetensors"),
        )  # fmt: skip
    assert "'aerial' is no raster file" in feedback.textLog()
    return trained["MODEL"]


@pytest.fixture(scope="module")
def manifest(model):
    from qgis.core import QgsProcessingFeedback

    from plugin.engine_service import engine
    from plugin.processing.feedback import ProcessingJobFeedback

    return engine().run("describe", {"model": model}, ProcessingJobFeedback(QgsProcessingFeedback()))["manifest"]


def temporary_pictures():
    from qgis.core import QgsProcessingUtils

    return list(Path(QgsProcessingUtils.tempFolder()).rglob("image_*.tif"))


@pytest.mark.slow
def test_training_sees_the_web_as_finely_as_its_pictures_are(manifest):
    assert [image["name"] for image in manifest["images"]] == ["aerial"]
    assert manifest["images"][0]["metres_per_pixel"] == pytest.approx(150 / 64, rel=1e-6)
    assert manifest["images"][0]["dtype"] == "uint8"
    assert manifest["images"][0]["bands"] == 3
    assert not temporary_pictures()


def shares_missing(layer, dropped):
    """How much of each tile lies in dropped tiles of the web, by tile_id."""
    from qgis.core import QgsCoordinateReferenceSystem, QgsCoordinateTransform, QgsGeometry, QgsProject, QgsRectangle

    to_tiles = QgsCoordinateTransform(QgsCoordinateReferenceSystem("EPSG:3857"), layer.crs(), QgsProject.instance())
    holes = []
    for tile in dropped:
        hole = QgsGeometry.fromRect(QgsRectangle(*tile_extent(*tile))).densifyByCount(9)
        hole.transform(to_tiles)
        holes.append(hole)
    gone = QgsGeometry.unaryUnion(holes)
    return {f["tile_id"]: f.geometry().intersection(gone).area() / f.geometry().area() for f in layer.getFeatures()}


@pytest.mark.slow
@pytest.mark.parametrize("algorithm", ["predictrisk", "maprisk"])
def test_coverage_is_right_where_tiles_of_the_web_are_missing(run, tiles, model, xyz, algorithm):
    from qgis.core import QgsProcessingFeedback

    left, top = tiles_in(xyz)[0]
    dropped = {(left + 3, top + 8), (left + 3, top + 9), (left + 4, top + 7)}
    feedback = QgsProcessingFeedback()
    given = {"predictrisk": {"TILES": tiles}, "maprisk": {"EXTENT": AREA}}[algorithm]
    with XyzServer(xyz, dropped=dropped, fail_first={(left + 4, top + 9): 1}, delay=0.01) as server:
        risk = run(algorithm, feedback, **given, IMAGES=[web_layer(server)], MODEL=model, OUTPUT="TEMPORARY_OUTPUT")[
            "OUTPUT"
        ]
    missing = shares_missing(risk, dropped)
    assert risk.featureCount() == 36
    assert sum(share > 0.2 for share in missing.values()) >= 4
    assert sum(share == 0 for share in missing.values()) >= 10
    for feature in risk.getFeatures():
        # A picture has 64 x 64 pixels; those on the border of a hole are in it or not.
        assert feature["coverage"] == pytest.approx(1 - missing[feature["tile_id"]], abs=0.03)
        assert feature["coverage"] == 1 or missing[feature["tile_id"]] > 0
    assert "of 'aerial' did not arrive" in feedback.textLog()
    assert not temporary_pictures()


@pytest.mark.slow
def test_a_vector_layer_is_drawn_in_its_style(run, tiles, boston, tmp_path):
    from qgis.core import QgsProcessingFeedback, QgsVectorLayer

    roads = QgsVectorLayer(f"{boston}/vectors/boston.gpkg|layername=roads", "roads", "ogr")
    feedback = QgsProcessingFeedback()
    run(
        "trainmodel", feedback, TILES=tiles, LABEL="label", IMAGES=[roads], IMAGE_PIXELS=64, VALIDATION=1, FOLDS=2, EPOCHS=2,
        MODEL=str(tmp_path / "m.safetensors"),
    )  # fmt: skip
    assert "'roads' is no raster file" in feedback.textLog()
    assert (tmp_path / "m.safetensors").is_file()
    assert not temporary_pictures()


@pytest.mark.slow
def test_more_images_than_the_model_has_are_refused_before_anything_is_drawn(run, tiles, model, xyz):
    from qgis.core import QgsProcessingException

    with XyzServer(xyz) as server:
        images = [web_layer(server), web_layer(server, "another")]
        with pytest.raises(QgsProcessingException, match="looks at 1 images, and 2 were given"):
            run("predictrisk", TILES=tiles, IMAGES=images, MODEL=model, OUTPUT="TEMPORARY_OUTPUT")
        assert not server.requests


class PretendAlgorithm:
    """An algorithm with some layers, whose engine reads some formats."""

    def __init__(self, layers, drivers=()):
        self.layers, self.drivers, self.asked = layers, drivers, 0

    def parameterAsLayerList(self, *_):
        return self.layers

    def run_job(self, job, feedback, verb):
        assert verb == "doctor"
        self.asked += 1
        return {"raster_drivers": list(self.drivers)}


@pytest.fixture
def files_of(qgis_application):
    """What the engine would get for some layers, and whether the files were there."""
    from qgis.core import QgsProcessingContext, QgsProcessingFeedback

    from plugin.processing.image_sources import ImageLayers, PictureArea

    def files(algorithm, areas=None):
        images = ImageLayers(algorithm, {"IMAGES": True}, QgsProcessingContext())
        extent = algorithm.layers[0].extent()
        area = PictureArea(extent, algorithm.layers[0].crs(), extent.width() / 8)
        with images.files(lambda _: areas or [area] * len(images), QgsProcessingFeedback()) as found:
            return found.sources, [Path(source["path"]).is_file() for source in found.sources]

    return files


def raster(file, driver="GTiff", crs="EPSG:26986"):
    from osgeo import gdal, osr
    from qgis.core import QgsRasterLayer

    made = gdal.GetDriverByName("MEM").Create("", 8, 8, 1)
    if crs:
        system = osr.SpatialReference()
        system.SetFromUserInput(crs)
        made.SetProjection(system.ExportToWkt())
    made.SetGeoTransform((1000, 1, 0, 2000, 0, -1))
    made.GetRasterBand(1).Fill(7)
    gdal.GetDriverByName(driver).CreateCopy(str(file), made)
    return QgsRasterLayer(str(file), "ortho")


def test_raster_files_are_given_as_they_are(files_of, tmp_path):
    algorithm = PretendAlgorithm([raster(tmp_path / "ortho.tif"), raster(tmp_path / "ortho.png", "PNG")])
    sources, _ = files_of(algorithm)
    assert [source["path"] for source in sources] == [str(tmp_path / "ortho.tif"), str(tmp_path / "ortho.png")]
    assert sources[0] == {"path": str(tmp_path / "ortho.tif"), "name": "ortho", "crs": None}
    assert algorithm.asked == 0


def test_a_crs_that_only_qgis_knows_goes_with_the_file(files_of, tmp_path):
    from qgis.core import QgsCoordinateReferenceSystem

    layer = raster(tmp_path / "ortho.tif", crs=None)
    layer.setCrs(QgsCoordinateReferenceSystem("EPSG:32619"))
    (source,), _ = files_of(PretendAlgorithm([layer]))
    assert "32619" in source["crs"]


@pytest.mark.parametrize(("drivers", "drawn"), [(["HFA", "GTiff"], False), (["GTiff"], True)])
def test_formats_that_the_engine_lacks_are_drawn(files_of, tmp_path, drivers, drawn):
    layer = raster(tmp_path / "ortho.img", "HFA")
    (source,), (there,) = files_of(PretendAlgorithm([layer], drivers))
    assert there
    assert (source["path"] != layer.source()) == drawn
    assert source["name"] == "ortho"
    assert not temporary_pictures()


def test_layers_in_memory_are_drawn(files_of, tmp_path):
    from osgeo import gdal

    raster("/vsimem/ortho.tif")
    from qgis.core import QgsRasterLayer

    layer = QgsRasterLayer("/vsimem/ortho.tif", "ortho")
    (source,), (there,) = files_of(PretendAlgorithm([layer]))
    gdal.Unlink("/vsimem/ortho.tif")
    assert there
    assert not source["path"].startswith("/vsimem")


def test_gaps_of_a_raster_on_the_network_are_drawn_by_qgis_which_may_ask_for_it(files_of, tmp_path):
    """The engine would refuse a virtual raster that names another computer, ours too."""
    from qgis.core import QgsRasterLayer, QgsRasterRange

    raster(tmp_path / "ortho.tif")
    with serving(tmp_path) as server:
        layer = QgsRasterLayer(f"/vsicurl/{server.url}/ortho.tif", "ortho")
        assert layer.isValid()
        (source,), _ = files_of(PretendAlgorithm([layer]))
        assert source["path"] == layer.source()
        layer.dataProvider().setUserNoDataValue(1, [QgsRasterRange(7, 7)])
        (source,), (there,) = files_of(PretendAlgorithm([layer]))
    assert there
    assert source["path"].endswith("image_1.tif")


def test_order_and_names_are_kept_when_some_are_drawn(files_of, tmp_path):
    from qgis.core import QgsVectorLayer

    roads = QgsVectorLayer("LineString?crs=EPSG:26986", "roads", "memory")
    sources, there = files_of(PretendAlgorithm([raster(tmp_path / "ortho.tif"), roads]))
    assert [source["name"] for source in sources] == ["ortho", "roads"]
    assert sources[0]["path"] == str(tmp_path / "ortho.tif")
    assert all(there)


def test_pictures_are_gone_after_a_failure(qgis_application, files_of, tmp_path):
    from qgis.core import QgsProcessingContext, QgsProcessingFeedback, QgsVectorLayer

    from plugin.processing.image_sources import ImageLayers, PictureArea

    roads = QgsVectorLayer("LineString?crs=EPSG:26986", "roads", "memory")
    images = ImageLayers(PretendAlgorithm([roads]), {"IMAGES": True}, QgsProcessingContext())
    area = PictureArea(raster(tmp_path / "o.tif").extent(), roads.crs(), 1.0)
    drawn = []

    def fail():
        with images.files(lambda _: [area], QgsProcessingFeedback()) as files:
            drawn.append(Path(files.sources[0]["path"]).is_file())
            raise ValueError("job failed")

    with pytest.raises(ValueError, match="job failed"):
        fail()
    assert drawn == [True]
    assert not temporary_pictures()


def test_a_cancel_ends_the_drawing(qgis_application, tmp_path):
    from qgis.core import QgsProcessingContext, QgsProcessingException, QgsProcessingFeedback, QgsVectorLayer

    from plugin.processing.image_sources import ImageLayers, PictureArea

    roads = QgsVectorLayer("LineString?crs=EPSG:26986", "roads", "memory")
    images = ImageLayers(PretendAlgorithm([roads]), {"IMAGES": True}, QgsProcessingContext())
    area = PictureArea(raster(tmp_path / "o.tif").extent(), roads.crs(), 1.0)
    feedback = QgsProcessingFeedback()
    feedback.cancel()

    def draw():
        with images.files(lambda _: [area], feedback):
            raise AssertionError("a cancelled job was started")

    with pytest.raises(QgsProcessingException, match="Cancelled"):
        draw()
    assert not temporary_pictures()


def tile_layer(crs, side, count=4):
    from qgis.core import QgsFeature, QgsGeometry, QgsRectangle, QgsVectorLayer

    layer = QgsVectorLayer(f"Polygon?crs={crs}", "tiles", "memory")
    for i in range(count):
        feature = QgsFeature()
        feature.setGeometry(QgsGeometry.fromRect(QgsRectangle(i * side, 40, (i + 1) * side, 40 + side)))
        layer.dataProvider().addFeature(feature)
    return layer


def test_training_area_holds_the_widest_window_at_the_narrowest_ones_resolution(qgis_application):
    from plugin.processing.picture_resolution import MARGIN_PIXELS, areas_for_training

    areas = areas_for_training(tile_layer("EPSG:32619", 100.0), [1.0, 3.0], 50, 2)
    assert len(areas) == 2
    assert areas[0].pixel_size == 2
    margin = 100 + MARGIN_PIXELS * 2
    extent = areas[0].extent
    assert (extent.xMinimum(), extent.xMaximum()) == (-margin, 400 + margin)
    assert (extent.yMinimum(), extent.yMaximum()) == (40 - margin, 140 + margin)
    assert areas[0].crs.authid() == "EPSG:32619"


MANIFEST = {
    "images": [
        {"source": 0, "context": 1.0, "pixels": 100, "metres_per_pixel": 0.1},
        {"source": 0, "context": 3.0, "pixels": 100, "metres_per_pixel": 0.1},
        {"source": 1, "context": 1.0, "pixels": 100, "metres_per_pixel": 10.0},
    ],
    "provenance": {"crs": "EPSG:2249", "tile_size": 150.0},
}
# QGIS takes the survey foot of this CRS for a foot.
FOOT = 0.3048


def test_areas_of_a_model_are_as_fine_as_it_learnt_to_see(qgis_application):
    """Feet, imagery finer and coarser than the model's pictures, and one of two scales."""
    from qgis.core import QgsCoordinateTransformContext

    from plugin.processing.picture_resolution import areas_for_tiles

    tiles = tile_layer("EPSG:2249", 150 / FOOT)
    near, far = areas_for_tiles(MANIFEST, tiles, QgsCoordinateTransformContext())
    assert near.pixel_size == pytest.approx(1.5 / FOOT, rel=1e-5)
    assert far.pixel_size == pytest.approx(10 / FOOT, rel=1e-5)
    assert near.extent.xMinimum() == pytest.approx(-150 / FOOT - 4 * near.pixel_size)
    assert far.extent.xMinimum() == pytest.approx(-4 * far.pixel_size)


def test_area_of_an_extent_is_in_the_models_crs(qgis_application):
    from qgis.core import QgsCoordinateReferenceSystem, QgsCoordinateTransformContext, QgsRectangle

    from plugin.processing.picture_resolution import areas_for_extent

    extent = QgsRectangle(231986, 890771, 233486, 893771)
    crs = QgsCoordinateReferenceSystem("EPSG:26986")
    near, _ = areas_for_extent(MANIFEST, extent, crs, QgsCoordinateTransformContext())
    assert near.crs.authid() == "EPSG:2249"
    # One tile for the grid and one for the window of three times its width, on each side.
    assert near.extent.width() * FOOT == pytest.approx(1500 + 4 * 150 + 8 * 1.5, rel=1e-3)


def test_tiles_in_degrees_are_no_coarser_than_wanted(qgis_application):
    from plugin.processing.picture_resolution import areas_for_training

    (area,) = areas_for_training(tile_layer("EPSG:4326", 0.001), [1.0], 100, 1)
    assert area.pixel_size == pytest.approx(1e-5)


@pytest.mark.parametrize(("crs", "count", "sentence"), [("", 4, "no coordinate reference"), ("EPSG:32619", 0, "empty")])
def test_tiles_without_a_place_are_named(qgis_application, crs, count, sentence):
    from qgis.core import QgsProcessingException

    from plugin.processing.picture_resolution import areas_for_training

    with pytest.raises(QgsProcessingException, match=f"'tiles'.*{sentence}"):
        areas_for_training(tile_layer(crs, 100.0, count), [1.0], 100, 1)


@pytest.mark.slow
def test_a_risk_layer_says_what_it_is_and_whose_its_pictures_are(run, tiles, model, xyz, tmp_path):
    from qgis.core import QgsVectorLayer

    with XyzServer(xyz) as server:
        layer = web_layer(server)
        metadata = layer.metadata()
        metadata.setRights(["© Somebody"])
        layer.setMetadata(metadata)
        file = str(tmp_path / "risk.gpkg")
        run("predictrisk", TILES=tiles, IMAGES=[layer], MODEL=model, OUTPUT=file)
    opened = QgsVectorLayer(file, "risk", "ogr")
    told = opened.metadata()
    assert "by the model m.safetensors" in told.abstract()
    assert "Its AUC" in told.abstract() or "its AUC" in told.abstract() or "not validated" in told.abstract()
    assert "MMRisk" in told.abstract()
    assert told.rights() == ["© Somebody"]
    assert told.title() == "Risk"
    assert any(entry.startswith("MMRisk recipe: ") for entry in told.history())
