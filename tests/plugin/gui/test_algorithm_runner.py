"""Chains of algorithms in the background: what they hand on, how they fail, and how they are stopped."""

import weakref

import pytest

TEMPORARY = "TEMPORARY_OUTPUT"


@pytest.fixture
def runner(project, qtbot):
    from plugin.gui.algorithm_runner import AlgorithmRunner

    runner = AlgorithmRunner()
    yield runner
    runner.stop()


@pytest.fixture
def told():
    """What the runner told at the end."""

    class Told:
        outcome = None
        sentence = ""
        cancelled = False

        def done(self, outcome):
            self.outcome = outcome

        def failed(self, sentence):
            self.sentence = sentence

        def was_cancelled(self):
            self.cancelled = True

    return Told()


def tiles(extent, size=100.0):
    from plugin.gui.algorithm_runner import AlgorithmStep

    parameters = {"EXTENT": f"{extent} [EPSG:32619]", "TILE_SIZE": size, "OUTPUT": TEMPORARY}
    return AlgorithmStep("mmrisk:createtiles", parameters)


def join(layer, prefix):
    from plugin.gui.algorithm_runner import AlgorithmStep

    parameters = {"INPUT": layer, "STATISTICS": [0], "PREFIX": prefix, "OUTPUT": TEMPORARY}
    return AlgorithmStep("mmrisk:joinattributes", parameters, "TILES")


@pytest.fixture
def points(project):
    from qgis.core import QgsFeature, QgsGeometry, QgsVectorLayer

    layer = QgsVectorLayer("Point?crs=EPSG:32619", "points", "memory")
    feature = QgsFeature()
    feature.setGeometry(QgsGeometry.fromWkt("Point(300050 4600050)"))
    layer.dataProvider().addFeature(feature)
    project.addMapLayer(layer)
    return layer


def run(runner, steps, told, qtbot):
    runner.run(steps, told.done, told.failed, told.was_cancelled)
    qtbot.waitUntil(lambda: not runner.is_busy(), timeout=60000)


def test_each_step_takes_the_layer_of_the_one_before(runner, told, points, project, qtbot):
    percents = []
    runner.progressed.connect(percents.append)
    steps = [tiles("300000,300200,4600000,4600200"), join(points, "a_"), join(points, "b_")]
    run(runner, steps, told, qtbot)
    layer = told.outcome.layer
    assert [field.name() for field in layer.fields()][-2:] == ["a_count", "b_count"]
    assert sorted(feature["a_count"] for feature in layer.getFeatures()) == [0, 0, 0, 1]
    # Only the last layer is handed out, and it is left to the caller what becomes of it.
    assert list(project.mapLayers().values()) == [points]
    assert percents == sorted(percents)
    assert max(percents) == pytest.approx(100)


def test_a_failure_is_a_sentence_and_ends_the_chain(runner, told, points, qtbot):
    run(runner, [tiles("300000,300000,4600000,4600000"), join(points, "a_")], told, qtbot)
    assert told.outcome is None
    assert "extent" in told.sentence.casefold()
    assert not told.cancelled


def test_what_cannot_start_says_so(runner, told, qtbot):
    run(runner, [join("/nowhere/layer.gpkg", "a_")], told, qtbot)
    assert "/nowhere/layer.gpkg" in told.sentence


def test_a_cancel_is_no_failure_and_the_next_run_works(runner, told, qtbot):
    runner.run([tiles("0,100000,0,100000")], told.done, told.failed, told.was_cancelled)
    with qtbot.waitSignal(runner.progressed, timeout=60000):
        pass
    runner.cancel()
    qtbot.waitUntil(lambda: not runner.is_busy(), timeout=20000)
    assert told.cancelled
    assert told.sentence == ""
    run(runner, [tiles("300000,300200,4600000,4600200")], told, qtbot)
    assert told.outcome.results["TILE_COUNT"] == 4


@pytest.mark.slow
def test_stop_waits_and_tells_nobody(runner, told, qtbot):
    runner.run([tiles("0,100000,0,100000")], told.done, told.failed, told.was_cancelled)
    with qtbot.waitSignal(runner.progressed, timeout=60000):
        pass
    runner.stop()
    assert not runner.is_busy()
    qtbot.wait(300)
    assert (told.outcome, told.sentence, told.cancelled) == (None, "", False)


@pytest.mark.slow
def test_an_algorithm_that_goes_on_after_a_stop_has_what_it_needs(runner, told, qtbot, monkeypatch):
    """On a busy machine the wait ends first, and QGIS writes to a context that must be there still."""
    from qgis.core import QgsApplication

    monkeypatch.setattr("plugin.gui.algorithm_runner.STOP_MILLISECONDS", 1)
    runner.run([tiles("0,100000,0,100000")], told.done, told.failed, told.was_cancelled)
    with qtbot.waitSignal(runner.progressed, timeout=60000):
        pass
    context = weakref.ref(runner._run.context)
    runner.stop()
    assert QgsApplication.taskManager().countActiveTasks() > 0
    assert context() is not None
    qtbot.waitUntil(lambda: QgsApplication.taskManager().countActiveTasks() == 0, timeout=60000)
    qtbot.wait(100)
    assert (told.outcome, told.sentence, told.cancelled) == (None, "", False)


def test_work_of_the_engine_ends_with_its_result_or_a_sentence(runner, told, qtbot):
    from plugin.gui.engine.engine_task import describe_model_task

    runner.run_task(
        lambda done, failed: describe_model_task("/nowhere/model.safetensors", done, failed), told.done, told.failed
    )
    assert runner.is_busy()
    qtbot.waitUntil(lambda: not runner.is_busy(), timeout=60000)
    assert "model.safetensors" in told.sentence


def test_layers_of_the_project_go_by_their_ids(points, project):
    """A pointer to a layer of a project that was closed meanwhile would crash QGIS."""
    from plugin.gui.algorithm_runner import _without_pointers

    alone = points.clone()
    project.addMapLayer(points)
    given = {"INPUT": points, "LAYERS": [points, alone], "SIZE": 150.0}
    assert [_without_pointers(value) for value in given.values()] == [points.id(), [points.id(), alone], 150.0]
