"""From a click to the dock, without a window of QGIS: what the engine is asked, what is left behind."""

import json
from pathlib import Path

import pytest

from tests.plugin.gui.inspect.inspected_tile import edit, make_tile


class FakeWindow:
    """What the inspector needs of iface."""

    def __init__(self, canvas):
        self.canvas, self.active, self.docks = canvas, None, []

    def mapCanvas(self):
        return self.canvas

    def mainWindow(self):
        return None

    def activeLayer(self):
        return self.active

    def addDockWidget(self, area, dock):
        self.docks.append(dock)

    def removeDockWidget(self, dock):
        self.docks.remove(dock)


@pytest.fixture
def window(qgis_application, qtbot):
    from qgis.core import QgsCoordinateReferenceSystem, QgsRectangle
    from qgis.gui import QgsMapCanvas

    canvas = QgsMapCanvas()
    qtbot.addWidget(canvas)
    canvas.resize(400, 400)
    canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:32619"))
    canvas.setExtent(QgsRectangle(300000, 4600000, 300400, 4600400))
    canvas.show()
    return FakeWindow(canvas)


@pytest.fixture
def risk_layer(project, tmp_path):
    """Four tiles, 100 m wide, in a row; made by a model that is a file of no meaning."""
    from qgis.core import QgsFeature, QgsGeometry, QgsRectangle, QgsVectorLayer

    from plugin.layers.layer_metadata import remember_model

    fields = "&".join(
        f"field={name}:double"
        for name in ("tile_id", "risk", "risk_low", "risk_high", "in_domain", "aadt", "risk_class")
    )
    layer = QgsVectorLayer(f"Polygon?crs=EPSG:32619&{fields}", "Risk", "memory")
    for number in range(4):
        feature = QgsFeature(layer.fields())
        left = 300000 + 100 * number
        feature.setGeometry(QgsGeometry.fromRect(QgsRectangle(left, 4600000, left + 100, 4600100)))
        feature.setAttributes([number, 0.1, 0.1, 0.1, 1, 5, 1])
        layer.dataProvider().addFeature(feature)
    project.addMapLayer(layer)
    model = tmp_path / "model.safetensors"
    model.write_text("a model")
    remember_model(layer, str(model))
    return layer


class FakeEngine:
    """EnsembleOutput 'describe' and 'inspect' and keeps what it was asked; ``hold`` makes inspecting last until a cancel."""

    def __init__(self):
        self.asked, self.hold, self.tile_ids = [], False, []

    def run(self, verb, parameters, feedback):
        import time

        from osgeo import ogr

        from plugin.engine.errors import EngineCancelledError

        if verb == "describe":
            return {"manifest": {"images": [], "recipe": {"tiles": None, "joins": []}}}
        self.asked.append(parameters)
        file = ogr.Open(parameters["tiles"]["path"])
        self.tile_ids.append([feature["tile_id"] for feature in file.GetLayer()])
        while self.hold:
            if feedback.is_cancelled():
                raise EngineCancelledError
            time.sleep(0.02)
        count = len(self.tile_ids[-1])
        changed = bool(parameters["change"])
        tile = make_tile(tile=str(self.tile_ids[-1][0]), images=[], risk_before=0.2 if changed else None)
        risks = (
            {"risk_before": [0.2] * count, "risk": [0.3] * count} if changed else {"risk_before": None, "risk": None}
        )
        return {"tiles": [tile], "tile_count": count, **risks}


@pytest.fixture
def fake_engine(monkeypatch):
    from plugin.gui.engine import engine_task
    from plugin.gui.inspect import inspector
    from plugin.processing import base_algorithm

    fake = FakeEngine()
    for module in (engine_task, base_algorithm):
        monkeypatch.setattr(module, "engine", lambda: fake)
    for module in (inspector, base_algorithm):
        monkeypatch.setattr(module, "engine_environment", lambda: "here")
    return fake


@pytest.fixture
def inspector(window, project, qtbot):
    from qgis.PyQt.QtWidgets import QAction

    from plugin.gui.algorithm_runner import AlgorithmRunner
    from plugin.gui.inspect.inspector import TileInspector

    runner = AlgorithmRunner()
    inspector = TileInspector(window, runner)
    inspector.action = QAction("Inspect tile", window.canvas)
    inspector.attach(inspector.action)
    inspector.dock.show()
    yield inspector
    runner.stop()
    if inspector.dock in window.docks:
        inspector.remove()


def click(inspector, window, qtbot, x, y):
    """Click the map at metres from the lower left corner."""
    from qgis.core import QgsPointXY
    from qgis.PyQt.QtCore import Qt

    inspector.action.trigger() if window.canvas.mapTool() is not inspector.tool else None
    place = window.canvas.getCoordinateTransform().transform(QgsPointXY(300000 + x, 4600000 + y))
    qtbot.mouseClick(window.canvas.viewport(), Qt.MouseButton.LeftButton, pos=place.toQPointF().toPoint())


def wait_for_tile(inspector, qtbot, tile):
    qtbot.waitUntil(lambda: inspector.dock.title.text().startswith(f"Tile {tile}"), timeout=10000)


def test_a_click_tells_of_the_tile_below_it(inspector, window, risk_layer, fake_engine, qtbot):
    click(inspector, window, qtbot, 250, 50)
    wait_for_tile(inspector, qtbot, 2)
    assert inspector.dock.details.isVisible()
    assert inspector.action.isChecked()
    asked = fake_engine.asked[0]
    assert asked["model"].endswith("model.safetensors")
    assert asked["change"] == {}
    assert fake_engine.tile_ids == [[2]]
    assert inspector.band.isVisible()
    assert inspector.band.asGeometry().boundingBox().xMinimum() == 300200
    assert not Path(asked["folder"]).exists()


def test_beside_all_tiles_it_says_so(inspector, window, risk_layer, fake_engine, qtbot):
    click(inspector, window, qtbot, 250, 250)
    assert inspector.dock.message.text() == "There is no tile of the layer 'Risk' here."
    assert fake_engine.asked == []


def test_a_what_if_asks_for_the_selected_tiles_and_names_the_clicked_one_first(
    inspector, window, risk_layer, fake_engine, qtbot
):
    ids = [feature.id() for feature in risk_layer.getFeatures()]
    risk_layer.selectByIds(ids[:3])
    click(inspector, window, qtbot, 250, 50)
    wait_for_tile(inspector, qtbot, 2)
    edit(inspector.dock, "people", "3")
    inspector.dock.what_if_button.click()
    qtbot.waitUntil(inspector.dock.moved.isVisible, timeout=10000)
    assert fake_engine.asked[1]["change"] == {"people": 3.0}
    assert fake_engine.tile_ids[1] == [2, 0, 1]
    assert "as a mean of 3 selected tiles" in inspector.dock.moved.text()
    inspector.dock.reset_button.click()
    assert not inspector.dock.moved.isVisible()
    assert inspector.dock.table.attributes.changes() == {}
    # A tile that is not among the selected ones is changed alone.
    click(inspector, window, qtbot, 350, 50)
    wait_for_tile(inspector, qtbot, 3)
    edit(inspector.dock, "people", "3")
    inspector.dock.what_if_button.click()
    qtbot.waitUntil(inspector.dock.moved.isVisible, timeout=10000)
    assert fake_engine.tile_ids[-1] == [3]


def test_another_click_replaces_the_tile_that_is_looked_at(inspector, window, risk_layer, fake_engine, qtbot):
    fake_engine.hold = True
    click(inspector, window, qtbot, 50, 50)
    qtbot.waitUntil(lambda: len(fake_engine.asked) == 1, timeout=10000)
    click(inspector, window, qtbot, 150, 50)
    click(inspector, window, qtbot, 350, 50)
    qtbot.waitUntil(lambda: len(fake_engine.asked) == 2, timeout=10000)
    fake_engine.hold = False
    wait_for_tile(inspector, qtbot, 3)
    qtbot.wait(200)
    assert fake_engine.tile_ids == [[0], [3]]


def test_clicks_while_the_model_is_read_are_not_lost(inspector, window, risk_layer, fake_engine, qtbot):
    click(inspector, window, qtbot, 50, 50)
    click(inspector, window, qtbot, 350, 50)
    wait_for_tile(inspector, qtbot, 3)
    assert fake_engine.tile_ids[-1] == [3]
    assert not inspector._runner.is_busy()


def test_while_something_else_runs_a_click_says_so(inspector, window, risk_layer, fake_engine, qtbot, monkeypatch):
    monkeypatch.setattr(inspector._runner, "is_busy", lambda: True)
    click(inspector, window, qtbot, 50, 50)
    assert "already working" in inspector.dock.message.text()
    assert fake_engine.asked == []


def test_the_selected_tile_is_shown_without_the_mouse(inspector, window, risk_layer, fake_engine, qtbot):
    inspector.dock.selected_button.click()
    assert inspector.dock.message.text() == "No tile of the layer 'Risk' is selected."
    risk_layer.selectByExpression('"tile_id" = 1')
    inspector.dock.selected_button.click()
    wait_for_tile(inspector, qtbot, 1)


def test_where_the_model_is_not_known_the_user_is_asked_once(
    inspector, window, risk_layer, fake_engine, qtbot, monkeypatch, tmp_path
):
    from qgis.PyQt.QtWidgets import QFileDialog

    from plugin.gui.inspect import inspector as module

    asked, kept = [], []
    # Settings outlive the test.
    monkeypatch.setattr(module, "write_settings", kept.append)
    other = tmp_path / "other.safetensors"
    other.write_text("another model")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *texts: asked.append(texts[1]) or (str(other), ""))
    risk_layer.removeCustomProperty("mmrisk/model")
    click(inspector, window, qtbot, 50, 50)
    wait_for_tile(inspector, qtbot, 0)
    click(inspector, window, qtbot, 150, 50)
    wait_for_tile(inspector, qtbot, 1)
    assert asked == ["Which model made the layer 'Risk'?"]
    assert [settings.last_model for settings in kept] == [str(other)]
    assert fake_engine.asked[1]["model"] == str(other)


def test_a_failure_hides_the_tile_before_and_says_why(inspector, window, risk_layer, fake_engine, qtbot, monkeypatch):
    from plugin.engine.errors import EngineError

    click(inspector, window, qtbot, 50, 50)
    wait_for_tile(inspector, qtbot, 0)

    def fail(*_):
        raise EngineError("The tiles 'Risk' have no field 'aadt'.")

    monkeypatch.setattr(fake_engine, "run", fail)
    click(inspector, window, qtbot, 150, 50)
    qtbot.waitUntil(lambda: "no field 'aadt'" in inspector.dock.message.text(), timeout=10000)
    assert not inspector.dock.details.isVisible()


def test_a_layer_that_goes_takes_the_tile_along(inspector, window, risk_layer, fake_engine, qtbot, project):
    click(inspector, window, qtbot, 50, 50)
    wait_for_tile(inspector, qtbot, 0)
    project.removeMapLayer(risk_layer.id())
    assert not inspector.dock.details.isVisible()
    assert inspector.band.numberOfVertices() == 0
    inspector.dock.selected_button.click()
    assert "no risk layer" in inspector.dock.message.text()


def test_removing_it_leaves_nothing_on_the_canvas(inspector, window, risk_layer, fake_engine, qtbot, project):
    from qgis.gui import QgsRubberBand

    def bands():
        return [item for item in window.canvas.scene().items() if isinstance(item, QgsRubberBand)]

    fake_engine.hold = True
    click(inspector, window, qtbot, 50, 50)
    qtbot.waitUntil(lambda: len(fake_engine.asked) == 1, timeout=10000)
    folder = Path(fake_engine.asked[0]["folder"])
    assert folder.is_dir()
    assert len(bands()) == 1
    inspector._runner.stop()
    inspector.remove()
    assert bands() == []
    assert window.docks == []
    assert window.canvas.mapTool() is None
    assert not folder.exists()
    project.removeMapLayer(risk_layer.id())
    qtbot.wait(100)


# --- explaining a layer ------------------------------------------------------------------------------------------------


def test_explaining_takes_the_selection_and_leaves_saliency_of_many_tiles_out(risk_layer, monkeypatch):
    from plugin.gui import explain_layer
    from plugin.gui.explain_layer import explain_parameters

    seeing = {"images": [{"kind": "raster"}]}
    whole = explain_parameters(risk_layer, "m", seeing, [])
    assert whole["TILES"] is risk_layer
    assert whole["SALIENCY"] == "TEMPORARY_OUTPUT"
    assert "SALIENCY" not in explain_parameters(risk_layer, "m", {"images": [{"kind": "pictures"}]}, [])
    monkeypatch.setattr(explain_layer, "MAX_WITH_SALIENCY", 3)
    assert "SALIENCY" not in explain_parameters(risk_layer, "m", seeing, [])
    risk_layer.selectByExpression('"tile_id" < 2')
    some = explain_parameters(risk_layer, "m", seeing, [])
    assert some["SALIENCY"] == "TEMPORARY_OUTPUT"
    assert some["TILES"].selectedFeaturesOnly


def test_the_step_of_the_panel_explains_the_topmost_risk_layer(window, risk_layer, project, monkeypatch):
    from plugin.gui.algorithm_runner import AlgorithmRunner
    from plugin.gui.panel import map_step

    told, said = [], []
    monkeypatch.setattr(map_step, "explain_layer", lambda *given: told.append(given[1:3]))
    step = map_step.MapStep(window.canvas, AlgorithmRunner())
    step.said.connect(lambda text, _: said.append(text))
    step.explain_button.click()
    assert [(layer.name(), Path(model).name) for layer, model in told] == [("Risk", "model.safetensors")]
    project.removeMapLayer(risk_layer.id())
    step.explain_button.click()
    assert said == ["There is no risk layer whose model is known. Map risk first."]
    step.deleteLater()


def test_which_layer_a_click_means(project, risk_layer):
    from qgis.core import QgsVectorLayer

    from plugin.gui.inspect.tile_layers import layer_to_inspect

    zones = QgsVectorLayer("Polygon?crs=EPSG:32619&field=people:int", "zones", "memory")
    roads = QgsVectorLayer("LineString?crs=EPSG:32619", "roads", "memory")
    project.addMapLayers([zones, roads])
    assert layer_to_inspect(zones, project) is risk_layer
    assert layer_to_inspect(roads, project) is risk_layer
    assert layer_to_inspect(None, project) is risk_layer
    project.removeMapLayer(risk_layer.id())
    assert layer_to_inspect(zones, project) is zones
    assert layer_to_inspect(roads, project) is None


def test_the_change_travels_as_json(fake_engine, inspector, window, risk_layer, qtbot):
    click(inspector, window, qtbot, 50, 50)
    wait_for_tile(inspector, qtbot, 0)
    edit(inspector.dock, "road", "trunk")
    inspector.dock.what_if_button.click()
    qtbot.waitUntil(inspector.dock.moved.isVisible, timeout=10000)
    assert json.dumps(fake_engine.asked[-1]["change"]) == '{"road": "trunk"}'
