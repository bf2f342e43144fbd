"""'Evaluate model' in QGIS with the real engine: a model of one half of an area, judged on the other."""

import pytest

NORTH, SOUTH = "300000,301500,4701500,4703000 [EPSG:32619]", "300000,301500,4700000,4701500 [EPSG:32619]"


@pytest.fixture(scope="module")
def run(qgis_application):
    import processing

    def run_algorithm(name, **parameters):
        return processing.run(f"mmrisk:{name}", parameters)

    return run_algorithm


@pytest.fixture(scope="module")
def halves(run):
    """Labelled tiles north and south: those whose column is larger have the events."""
    from qgis.core import QgsFeature, QgsGeometry, QgsVectorLayer

    events = QgsVectorLayer("Point?crs=EPSG:32619", "crashes", "memory")
    for i in range(5, 10):
        for j in range(20):
            if (i + j) % 4:
                feature = QgsFeature()
                feature.setGeometry(QgsGeometry.fromWkt(f"Point({300075 + 150 * i} {4700075 + 150 * j})"))
                events.dataProvider().addFeature(feature)
    events.updateExtents()
    layers = []
    for extent in (NORTH, SOUTH):
        tiles = run("createtiles", EXTENT=extent, TILE_SIZE=150, OUTPUT="TEMPORARY_OUTPUT")["OUTPUT"]
        layers.append(run("labeltiles", TILES=tiles, EVENTS=events, OUTPUT="TEMPORARY_OUTPUT")["OUTPUT"])
    return layers


@pytest.fixture(scope="module")
def model(run, halves, tmp_path_factory):
    path = str(tmp_path_factory.mktemp("model") / "model.safetensors")
    run(
        "trainmodel", TILES=halves[0], LABEL="label", FEATURES=["col"], FOLDS=2, BLOCK_SIZE=300, EPOCHS=2, DEVICE=1,
        MODEL=path,
    )  # fmt: skip
    return path


def failing(run, **parameters):
    from qgis.core import QgsProcessingException

    with pytest.raises(QgsProcessingException) as caught:
        run("evaluatemodel", **parameters)
    return str(caught.value)


def test_the_other_half_is_judged(run, halves, model, tmp_path):
    report = tmp_path / "report.html"
    result = run("evaluatemodel", TILES=halves[1], LABEL="label", MODEL=model, DEVICE=1, REPORT=str(report))
    assert result["AUC"] > 0.8
    assert result["AUC_LOW"] <= result["AUC"] <= result["AUC_HIGH"]
    assert 0 < result["BRIER"] < 0.25
    assert result["AVERAGE_PRECISION"] > 0.5
    assert 0 <= result["ECE"] < 0.5
    assert result["DEVICE_USED"].startswith("cpu")
    assert result["REPORT"] == str(report)
    html = report.read_text(encoding="utf-8")
    assert f"{result['AUC']:.3f}" in html
    assert "this is no test" not in html


def test_a_report_is_not_asked_for(run, halves, model):
    result = run("evaluatemodel", TILES=halves[1], LABEL="label", MODEL=model, DEVICE=1)
    assert result["AUC"] > 0.8
    assert not result.get("REPORT")


def test_the_half_of_the_training_is_no_test(run, halves, model, tmp_path):
    report = tmp_path / "report.html"
    run("evaluatemodel", TILES=halves[0], LABEL="label", MODEL=model, DEVICE=1, REPORT=str(report))
    assert "The model learnt from 100 of 100 tiles." in report.read_text(encoding="utf-8")


def test_what_cannot_be_judged_is_said(run, halves, model, tmp_path):
    from qgis.core import QgsProcessingFeatureSourceDefinition, QgsProject

    fake = tmp_path / "fake.safetensors"
    fake.write_bytes(b"not a model")
    given = {"TILES": halves[1], "LABEL": "label", "MODEL": model}
    assert "fake.safetensors is not a model" in failing(run, **{**given, "MODEL": str(fake)})
    assert "'row' must be 0 or 1" in failing(run, **{**given, "LABEL": "row"})
    assert "does not exist" in failing(run, **given, REPORT=str(tmp_path / "missing" / "report.html"))
    QgsProject.instance().addMapLayer(halves[1], False)
    halves[1].selectByExpression('"label" = 1')
    chosen = QgsProcessingFeatureSourceDefinition(halves[1].id(), True)
    assert "An evaluation needs both 0 and 1" in failing(run, **{**given, "TILES": chosen})
    halves[1].removeSelection()
    QgsProject.instance().takeMapLayer(halves[1])


def test_the_address_of_a_cluster_goes_along_with_a_prediction(run, halves, model):
    from qgis.core import QgsProcessingException

    from plugin.settings import PluginSettings, write_settings

    write_settings(PluginSettings(scheduler="tcp://127.0.0.1:9"))
    try:
        # The engine of users has no Dask, and says so; one that has it says that nobody answers.
        with pytest.raises(QgsProcessingException, match=r"needs Dask|tcp://127\.0\.0\.1:9 does not answer"):
            run("predictrisk", TILES=halves[1], MODEL=model, DEVICE=1, OUTPUT="TEMPORARY_OUTPUT")
    finally:
        write_settings(PluginSettings())


@pytest.mark.slow
def test_twenty_predictions_start_the_engine_once(run, halves, model):
    import time

    from plugin.engine_service import engine, stop_engine

    stop_engine()
    seconds, processes = [], set()
    for _ in range(20):
        begin = time.perf_counter()
        result = run("predictrisk", TILES=halves[1], MODEL=model, DEVICE=1, OUTPUT="TEMPORARY_OUTPUT")
        seconds.append(time.perf_counter() - begin)
        processes.add(engine().process_id)
        assert result["TILE_COUNT"] == 100
    assert len(processes) == 1
    print(f"the first took {seconds[0]:.2f} s, the others {sorted(seconds[1:])[9]:.2f} s in the median")
