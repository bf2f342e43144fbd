"""Roads drawn from the picture, in real QGIS with the real engine."""

from pathlib import Path

import pytest

PART = "232100,232500,891500,891900 [EPSG:26986]"
QUICK = {"BACKBONE": 1, "PIXEL_SIZE": 2.0, "EPOCHS": 1, "BATCH_SIZE": 4, "ROAD_WIDTH": 9.0, "DEVICE": 1}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("roads")


@pytest.fixture(scope="module")
def image(qgis_application, boston, folder):
    """400 m of real imagery, at 2 m."""
    import processing

    whole = str(boston / "imagery" / "boston_roslindale_mattapan.tif")
    return processing.run(
        "gdal:warpreproject",
        {"INPUT": whole, "TARGET_EXTENT": PART, "TARGET_RESOLUTION": 2.0, "OUTPUT": str(folder / "part.tif")},
    )["OUTPUT"]


@pytest.fixture(scope="module")
def roads(qgis_application, boston):
    """The real roads, in degrees."""
    import processing

    source = f"{boston / 'vectors' / 'boston.gpkg'}|layername=roads"
    return processing.run(
        "native:reprojectlayer", {"INPUT": source, "TARGET_CRS": "EPSG:4326", "OUTPUT": "TEMPORARY_OUTPUT"}
    )["OUTPUT"]


@pytest.fixture(scope="module")
def trained(image, roads, folder):
    import processing

    given = {"IMAGES": [image], "ROADS": roads, "MODEL": str(folder / "roads.safetensors")}
    return processing.run("mmrisk:trainroads", {**given, **QUICK, "REPORT": str(folder / "report.html")})


def refusal(algorithm, parameters):
    import processing
    from qgis.core import QgsProcessingException

    with pytest.raises(QgsProcessingException) as refused:
        processing.run(algorithm, parameters)
    return str(refused.value)


@pytest.mark.slow
def test_training_tells_its_figures_and_writes_a_report(trained, folder):
    assert 0 <= trained["IOU"] <= 1
    assert 0 <= trained["RELAXED_F1"] <= 1
    assert "How right are the masks?" in (folder / "report.html").read_text(encoding="utf-8")


def test_gaps_that_were_set_in_qgis_go_to_the_engine(image, folder, monkeypatch):
    import processing
    from osgeo import gdal
    from qgis.core import QgsRasterLayer, QgsRasterRange

    from plugin.processing.algorithms.extract_roads import ExtractRoads

    plain, model, given = str(folder / "plain.tif"), folder / "none.safetensors", []
    model.touch()
    gdal.Translate(plain, image, noData="none")

    def look(algorithm, job, feedback, **options):
        raster = gdal.Open(job["image"]["path"])
        given.append(raster.GetRasterBand(1).GetNoDataValue())
        return {"output": job["output"]}

    monkeypatch.setattr(ExtractRoads, "run_job", look)
    for gaps in ([], [QgsRasterRange(7, 7)]):
        picture = QgsRasterLayer(plain, "picture")
        for band in range(1, picture.bandCount() + 1):
            picture.dataProvider().setUserNoDataValue(band, gaps)
        parameters = {"IMAGE": picture, "MODEL": str(model), "OUTPUT": str(folder / "mask.tif")}
        processing.run("mmrisk:extractroads", parameters)
    assert given == [None, 7]


@pytest.mark.slow
def test_the_mask_lies_on_the_pixels_of_the_image(trained, image, folder):
    import processing
    from qgis.core import QgsRasterLayer

    mask = processing.run(
        "mmrisk:extractroads",
        {"IMAGE": image, "MODEL": trained["MODEL"], "OUTPUT": str(folder / "mask.tif"), "DEVICE": 1},
    )
    drawn, picture = QgsRasterLayer(mask["OUTPUT"]), QgsRasterLayer(image)
    assert drawn.isValid()
    assert drawn.crs() == picture.crs()
    assert drawn.extent() == picture.extent()
    assert (drawn.width(), drawn.height()) == (picture.width(), picture.height())
    block = drawn.dataProvider().block(1, drawn.extent(), drawn.width(), drawn.height())
    values = {block.value(row, column) for row in range(block.height()) for column in range(block.width())}
    assert values <= {0.0, 255.0}
    assert 0 <= mask["ROAD_SHARE"] <= 1


@pytest.mark.slow
def test_the_mask_is_one_more_image_of_a_risk_model(trained, image, folder):
    import processing

    mask = processing.run(
        "mmrisk:extractroads",
        {"IMAGE": image, "MODEL": trained["MODEL"], "PROBABILITIES": True, "OUTPUT": str(folder / "share.tif")},
    )["OUTPUT"]
    tiles = processing.run(
        "mmrisk:createtiles", {"EXTENT": PART, "TILE_SIZE": 80, "OUTPUT": str(folder / "tiles.gpkg")}
    )
    labelled = processing.run(
        "native:fieldcalculator",
        {
            "INPUT": tiles["OUTPUT"], "FIELD_NAME": "label", "FIELD_TYPE": 1, "FORMULA": "(\"row\" + \"col\") % 2",
            "OUTPUT": str(folder / "labelled.gpkg"),
        },
    )["OUTPUT"]  # fmt: skip
    given = {
        "TILES": labelled,
        "LABEL": "label",
        "IMAGES": [image, mask],
        "IMAGE_PIXELS": 32,
        "BACKBONE": 4,
        "DEVICE": 1,
    }
    short = {"VALIDATION": 1, "FOLDS": 2, "EPOCHS": 1, "MODEL": str(folder / "risk.safetensors")}
    model = processing.run("mmrisk:trainmodel", {**given, **short})["MODEL"]
    risk = processing.run(
        "mmrisk:predictrisk",
        {"TILES": labelled, "IMAGES": [image, mask], "MODEL": model, "DEVICE": 1, "OUTPUT": "TEMPORARY_OUTPUT"},
    )
    assert risk["TILE_COUNT"] == 25
    assert "Extract roads" in refusal(
        "mmrisk:predictrisk",
        {"TILES": labelled, "IMAGES": [image], "MODEL": trained["MODEL"], "OUTPUT": "TEMPORARY_OUTPUT"},
    )
    assert "Predict risk" in refusal(
        "mmrisk:extractroads", {"IMAGE": image, "MODEL": model, "OUTPUT": str(folder / "refused.tif")}
    )
    assert not (folder / "refused.tif").exists()


@pytest.mark.slow
def test_a_road_model_has_a_card(trained):
    import processing

    card = processing.run("mmrisk:describemodel", {"MODEL": trained["MODEL"], "HTML": "TEMPORARY_OUTPUT"})
    text = Path(card["HTML"]).read_text(encoding="utf-8")
    assert "IoU" in text
    assert "Extract roads" in text


def test_roads_elsewhere_are_refused(image, folder):
    from qgis.core import QgsFeature, QgsGeometry, QgsVectorLayer

    far = QgsVectorLayer("LineString?crs=EPSG:26986", "far away", "memory")
    feature = QgsFeature()
    feature.setGeometry(QgsGeometry.fromWkt("LineString (0 0, 100 0)"))
    far.dataProvider().addFeature(feature)
    model = folder / "never.safetensors"
    words = refusal("mmrisk:trainroads", {"IMAGES": [image], "ROADS": far, "MODEL": str(model), **QUICK})
    assert "far away" in words
    assert not model.exists()
