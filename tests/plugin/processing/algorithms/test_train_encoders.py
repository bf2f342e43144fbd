"""The image encoders of 'Train model', in real QGIS with the real engine."""

import pytest

AREA = "232100,232700,891500,892100 [EPSG:26986]"
RCF, RESNET34 = 4, 2


@pytest.fixture(scope="module")
def train(qgis_application, boston, tmp_path_factory):
    """Trains on 25 tiles with real imagery, of which every second is labelled 1."""
    import processing
    from qgis.core import QgsProcessingFeedback

    folder = tmp_path_factory.mktemp("trained")
    tiles = processing.run(
        "mmrisk:createtiles", {"EXTENT": AREA, "TILE_SIZE": 120, "OUTPUT": str(folder / "tiles.gpkg")}
    )["OUTPUT"]
    labelled = processing.run(
        "native:fieldcalculator",
        {
            "INPUT": tiles, "FIELD_NAME": "label", "FIELD_TYPE": 1, "FORMULA": "(\"row\" + \"col\") % 2",
            "OUTPUT": str(folder / "labelled.gpkg"),
        },
    )["OUTPUT"]  # fmt: skip

    def run(**parameters):
        feedback = QgsProcessingFeedback()
        image = str(boston / "imagery" / "boston_roslindale_mattapan.tif")
        fixed = {"TILES": labelled, "LABEL": "label", "IMAGES": [image], "IMAGE_PIXELS": 64, "DEVICE": 1}
        short = {"VALIDATION": 1, "FOLDS": 2, "EPOCHS": 1, "MODEL": str(folder / "model.safetensors")}
        return processing.run("mmrisk:trainmodel", {**fixed, **short, **parameters}, feedback=feedback)["MODEL"]

    return run


def described(model):
    from qgis.core import QgsProcessingFeedback

    from plugin.engine_service import engine
    from plugin.processing.feedback import ProcessingJobFeedback

    return engine().run("describe", {"model": model}, ProcessingJobFeedback(QgsProcessingFeedback()))["manifest"]


@pytest.mark.slow
def test_random_convolutional_features_need_no_weights(train):
    manifest = described(train(BACKBONE=RCF))
    assert manifest["ensemble"]["backbone"] == "rcf"
    assert manifest["ensemble"]["encoder_config"]["bands"] == [len(manifest["images"][0]["band_names"])]


@pytest.mark.slow
def test_the_word_none_in_the_place_of_weights_starts_at_random(train):
    manifest = described(train(BACKBONE=RESNET34, WEIGHTS="none"))
    assert manifest["ensemble"]["backbone"] == "resnet34"
    assert manifest["ensemble"]["encoder_config"]["random"] is True


@pytest.mark.slow
def test_weights_and_names_of_torchvision_reach_the_engine(train, tmp_path):
    from qgis.core import QgsProcessingException

    weights = tmp_path / "weights.pth"
    weights.write_text("no weights")
    for parameters, words in (
        ({"BACKBONE": RESNET34, "WEIGHTS": str(weights)}, r"weights\.pth cannot be read"),
        ({"BACKBONE": RCF, "WEIGHTS": str(weights)}, "'rcf' takes no weights file"),
        ({"TORCHVISION_BACKBONE": "vit_b_17"}, "no backbone 'vit_b_17'. Did you mean vit_b_1"),
        ({"TORCHVISION_BACKBONE": "convnext_tiny", "WEIGHTS": "/nowhere.pth"}, r"/nowhere\.pth does not exist"),
    ):
        with pytest.raises(QgsProcessingException, match=words):
            train(**parameters)
