"""The algorithm 'Explain risk', in real QGIS with the real engine."""

import pytest

AREA = "232100,232700,891500,892100 [EPSG:26986]"


@pytest.fixture(scope="module")
def explained(qgis_application, boston, tmp_path_factory):
    """25 real tiles with real imagery, and what a model says of them."""
    import processing

    folder = tmp_path_factory.mktemp("explained")
    image = str(boston / "imagery" / "boston_roslindale_mattapan.tif")
    roads = f"{boston / 'vectors' / 'boston.gpkg'}|layername=roads"
    tiles = processing.run(
        "mmrisk:createtiles", {"EXTENT": AREA, "TILE_SIZE": 120, "OUTPUT": str(folder / "tiles.gpkg")}
    )["OUTPUT"]
    joined = processing.run(
        "mmrisk:joinattributes",
        {
            "TILES": tiles,
            "INPUT": roads,
            "STATISTICS": [0, 1],
            "PREFIX": "roads_",
            "OUTPUT": str(folder / "joined.gpkg"),
        },
    )["OUTPUT"]
    labelled = processing.run(
        "native:fieldcalculator",
        {
            "INPUT": joined, "FIELD_NAME": "label", "FIELD_TYPE": 1, "FORMULA": "\"roads_length\" > 300",
            "OUTPUT": str(folder / "labelled.gpkg"),
        },
    )["OUTPUT"]  # fmt: skip
    model = processing.run(
        "mmrisk:trainmodel",
        {
            "TILES": labelled, "LABEL": "label", "FEATURES": ["roads_count"], "IMAGES": [image], "IMAGE_PIXELS": 32,
            "BACKBONE": 4, "VALIDATION": 1, "FOLDS": 2, "EPOCHS": 1, "DEVICE": 1, "MODEL": str(folder / "m.safetensors"),
        },
    )["MODEL"]  # fmt: skip
    given = {"TILES": labelled, "IMAGES": [image], "MODEL": model, "DEVICE": 1}
    outputs = {"OUTPUT": str(folder / "why.gpkg"), "SALIENCY": str(folder / "why.tif")}
    return given, processing.run("mmrisk:explainrisk", {**given, **outputs})


@pytest.mark.slow
def test_effects_add_up_and_are_told_in_words(explained):
    from qgis.core import QgsVectorLayer

    layer = QgsVectorLayer(explained[1]["OUTPUT"], "why", "ogr")
    assert layer.featureCount() == explained[1]["TILE_COUNT"] == 25
    for feature in layer.getFeatures():
        parts = feature["base_logit"] + feature["effect_roads_count"] + feature["effect_image_1"]
        assert parts == pytest.approx(feature["logit"], abs=1e-4)
        assert feature["why"]


@pytest.mark.slow
def test_the_saliency_lies_on_the_tiles(explained):
    from qgis.core import QgsRasterLayer, QgsVectorLayer

    raster, tiles = QgsRasterLayer(explained[1]["SALIENCY"]), QgsVectorLayer(explained[1]["OUTPUT"], "why", "ogr")
    assert raster.isValid()
    assert raster.crs() == tiles.crs()
    assert raster.extent() == tiles.extent()
    assert raster.width() == raster.height() == 40


@pytest.mark.slow
def test_without_saliency_there_is_none(explained):
    import processing

    results = processing.run("mmrisk:explainrisk", {**explained[0], "OUTPUT": "TEMPORARY_OUTPUT"})
    assert "SALIENCY" not in results
    assert results["OUTPUT"].featureCount() == 25
