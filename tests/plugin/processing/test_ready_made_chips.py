"""'Train model', 'Predict risk' and 'Evaluate model' in QGIS with the real engine, on a table whose rows name pictures."""

import random

import pytest

ROWS = 40
TRAINING = {
    "LABEL": "label", "FEATURES": ["x1"], "IMAGE_COLUMN": "path", "IMAGE_PIXELS": 32, "BACKBONE": 4, "FOLDS": 2,
    "EPOCHS": 2, "SEED": 1, "DEVICE": 1,
}  # fmt: skip


@pytest.fixture(scope="module")
def run(qgis_application):
    import processing

    def run_algorithm(name, feedback=None, **parameters):
        return processing.run(f"mmrisk:{name}", parameters, feedback=feedback)

    return run_algorithm


@pytest.fixture(scope="module")
def folder(qgis_application, tmp_path_factory):
    """Grey pictures, brighter where the label is 1, and a table that names them."""
    from qgis.PyQt.QtGui import QColor, QImage

    folder = tmp_path_factory.mktemp("chips")
    (folder / "tiles").mkdir()
    draw = random.Random(1)
    lines = ["path,x1,county,label"]
    for i in range(ROWS):
        bright, x1 = draw.gauss(0, 1), draw.gauss(0, 1)
        image = QImage(24, 24, QImage.Format.Format_RGB32)
        for column in range(24):
            for row in range(24):
                value = min(255, max(0, int(draw.gauss(120 + 40 * bright, 20))))
                image.setPixelColor(column, row, QColor(value, value, value))
        assert image.save(str(folder / "tiles" / f"{i}.png"))
        lines.append(f"tiles/{i}.png,{x1:.4f},county {i % 8},{int(bright + x1 > 0)}")
    (folder / "table.csv").write_text("\n".join(lines), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def table(folder):
    from qgis.core import QgsVectorLayer

    layer = QgsVectorLayer(str(folder / "table.csv"), "table", "ogr")
    assert layer.isValid()
    return layer


@pytest.fixture(scope="module")
def model(run, table, tmp_path_factory):
    folder = tmp_path_factory.mktemp("model")
    return run(
        "trainmodel", TILES=table, GROUP_COLUMN="county", **TRAINING,
        MODEL=str(folder / "model.safetensors"), REPORT=str(folder / "report.html"),
    )  # fmt: skip


def test_a_table_of_pictures_trains(model):
    from pathlib import Path

    assert model["AUC"] > 0.7
    assert "whole groups by the field" in Path(model["REPORT"]).read_text(encoding="utf-8")


@pytest.mark.parametrize("output", ["TEMPORARY_OUTPUT", "risk.gpkg", "risk.csv"])
def test_the_risk_of_a_table_is_a_table(run, table, model, tmp_path, output):
    from qgis.core import QgsVectorLayer

    destination = output if output == "TEMPORARY_OUTPUT" else str(tmp_path / output)
    result = run("predictrisk", TILES=table, MODEL=model["MODEL"], DEVICE=1, OUTPUT=destination)
    layer = result["OUTPUT"]
    if not isinstance(layer, QgsVectorLayer):
        layer = QgsVectorLayer(layer, "risk", "ogr")
    assert not layer.isSpatial()
    assert result["TILE_COUNT"] == layer.featureCount() == ROWS
    assert [field.name() for field in layer.fields() if field.name() != "fid"][:2] == ["risk", "risk_low"]
    risk = [float(feature["risk"]) for feature in layer.getFeatures()]
    assert all(0 < value < 1 for value in risk)
    assert min(float(feature["coverage"]) for feature in layer.getFeatures()) == 1


def test_a_layer_that_has_to_be_exported_finds_its_pictures_all_the_same(run, folder, model, project):
    from qgis.core import QgsProcessingFeatureSourceDefinition, QgsVectorLayer

    uri = f"{(folder / 'table.csv').as_uri()}?type=csv&detectTypes=yes&geomType=none"
    layer = QgsVectorLayer(uri, "typed in", "delimitedtext")
    assert layer.isValid()
    project.addMapLayer(layer)
    layer.selectByIds([feature.id() for feature in layer.getFeatures()][:10])
    for tiles, rows in ((layer, ROWS), (QgsProcessingFeatureSourceDefinition(layer.id(), True), 10)):
        result = run("predictrisk", TILES=tiles, MODEL=model["MODEL"], DEVICE=1, OUTPUT="TEMPORARY_OUTPUT")
        assert result["TILE_COUNT"] == rows
        assert all(feature["coverage"] == 1 for feature in result["OUTPUT"].getFeatures())


def test_a_table_is_judged(run, table, model, tmp_path):
    report = tmp_path / "report.html"
    result = run(
        "evaluatemodel", TILES=table, LABEL="label", MODEL=model["MODEL"], IMAGE_COLUMN="path", DEVICE=1,
        REPORT=str(report),
    )  # fmt: skip
    assert result["AUC"] > 0.7
    text = report.read_text(encoding="utf-8")
    assert f"The model learnt from {ROWS} of {ROWS} tiles." in text
    # Of rows that it knows by what is in them, where they lie does not matter.
    assert "does not say where its rows lie" not in text


def test_what_is_missing_is_said(run, table, model, tmp_path):
    from qgis.core import QgsProcessingException, QgsVectorLayer

    tiles = run("createtiles", EXTENT="0,600,0,600 [EPSG:32619]", TILE_SIZE=150, OUTPUT="TEMPORARY_OUTPUT")["OUTPUT"]
    with pytest.raises(QgsProcessingException, match="has no field 'path' with their paths"):
        run("predictrisk", TILES=tiles, MODEL=model["MODEL"], DEVICE=1, OUTPUT="TEMPORARY_OUTPUT")
    with pytest.raises(QgsProcessingException, match="which an extent does not have"):
        run(
            "maprisk", EXTENT="0,600,0,600 [EPSG:32619]", MODEL=model["MODEL"], DEVICE=1, OUTPUT="TEMPORARY_OUTPUT"
        )  # fmt: skip
    drawn = QgsVectorLayer("Point?crs=EPSG:32619", "drawn", "memory")
    with pytest.raises(QgsProcessingException, match="The model looks at 0 images, and 1 were given"):
        run("predictrisk", TILES=table, IMAGES=[drawn], MODEL=model["MODEL"], DEVICE=1, OUTPUT="TEMPORARY_OUTPUT")
    with pytest.raises(QgsProcessingException, match="There is nothing to learn from"):
        run(
            "trainmodel", TILES=table, MODEL=str(tmp_path / "m.safetensors"),
            **{**TRAINING, "FEATURES": [], "IMAGE_COLUMN": None},
        )  # fmt: skip
