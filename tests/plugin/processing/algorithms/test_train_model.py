"""'Train model' and 'Predict risk' in QGIS with the real engine: fields of text, and every architecture."""

import pytest

# 100 tiles of 150 m.
EXTENT = "300000,301500,4700000,4701500 [EPSG:32619]"
QUICK = {"LABEL": "label", "VALIDATION": 1, "FOLDS": 2, "EPOCHS": 20, "LEARNING_RATE": 0.01, "SEED": 1, "DEVICE": 1}


@pytest.fixture(scope="module")
def run(qgis_application):
    import processing

    def run_algorithm(name, feedback=None, **parameters):
        return processing.run(name, parameters, feedback=feedback)

    return run_algorithm


@pytest.fixture(scope="module")
def labelled(run):
    """Tiles with the text ``use`` that goes with the label, a date, and a name that each has by itself."""
    layer = run("mmrisk:createtiles", EXTENT=EXTENT, TILE_SIZE=150, OUTPUT="TEMPORARY_OUTPUT")["OUTPUT"]
    for field, kind, formula in (
        ("use", 2, "if(col < 5, 'homes', if(row < 9, 'shops', 'port'))"),
        ("name", 2, "'tile ' || tile_id"),
        ("day", 3, "to_date('2024-05-01')"),
        ("label", 1, "if((col >= 5) = (tile_id % 7 > 0), 1, 0)"),
    ):
        parameters = {"INPUT": layer, "FIELD_NAME": field, "FIELD_TYPE": kind, "FORMULA": formula}
        layer = run("native:fieldcalculator", **parameters, OUTPUT="TEMPORARY_OUTPUT")["OUTPUT"]
    return layer


@pytest.mark.parametrize("architecture", range(4))
def test_every_architecture_learns_from_text_and_predicts(run, labelled, architecture, tmp_path):
    model = run(
        "mmrisk:trainmodel", TILES=labelled, FEATURES=["use", "row"], ARCHITECTURE=architecture,
        MODEL=str(tmp_path / "model.safetensors"), REPORT=str(tmp_path / "report.html"), **QUICK,
    )  # fmt: skip
    assert model["AUC"] > 0.65
    assert "homes, shops, port" in (tmp_path / "report.html").read_text()
    parameters = {"TILES": labelled, "MODEL": model["MODEL"], "DEVICE": 1, "OUTPUT": "TEMPORARY_OUTPUT"}
    risk = run("mmrisk:predictrisk", **parameters)["OUTPUT"]
    of_use = {use: [f["risk"] for f in risk.getFeatures() if f["use"] == use] for use in ("homes", "shops")}
    assert max(of_use["homes"]) < min(of_use["shops"])


@pytest.mark.parametrize(
    ("field", "words"),
    [("name", "'name' has another text in each tile"), ("day", "'day' of the tiles is neither a number nor text")],
)
def test_fields_that_nothing_can_be_learnt_from_are_named(run, labelled, field, words, tmp_path):
    from qgis.core import QgsProcessingException

    with pytest.raises(QgsProcessingException, match=words):
        run("mmrisk:trainmodel", TILES=labelled, FEATURES=[field], MODEL=str(tmp_path / "m.safetensors"), **QUICK)
    assert not list(tmp_path.iterdir())
