"""The tool 'Inspect tile' without a window of QGIS: what the dock shows, what a change asks for, what is left behind."""

import json
import random
from pathlib import Path

import pytest

LONG = (
    "an attribute with a name that is much longer than any dock is wide, as those of a geodatabase often are, number "
)
DOCK_WIDTH = 380
TOOL_TIP = 3


def attribute(name, value, effect, **others):
    told = {"name": name, "unit": "", "value": value, "typical": 5.0, "low": 1.0, "high": 9.0, "levels": [],
            "outside": False, "effect": effect}  # fmt: skip
    return {**told, **others}


def make_tile(**others):
    levels = ["lane", "trunk"]
    attributes = [
        attribute("aadt", 18400.0, 0.8, unit="vehicles", typical=6200.0, low=300.0, high=15000.0, outside=True),
        attribute("people", 7.0, -0.31),
        attribute("road", "lane", 0.02, typical="lane", low=None, high=None, levels=levels),
        attribute("width", None, -0.05),
    ]
    image = {"name": "ortho", "context": 1.0, "present": True, "effect": -0.5, "picture": None}
    told = {
        "tile": "17", "risk": 0.31, "risk_low": 0.18, "risk_high": 0.47, "coverage": 1.0, "in_domain": True,
        "logit": -0.8, "base_logit": -0.76, "why": "aadt 18,400 against a typical 6,200 raises it", "risk_before": None,
        "attributes": attributes, "images": [image],
    }  # fmt: skip
    return {**told, **others}


@pytest.fixture
def dock(qgis_application, qtbot):
    from plugin.gui.inspect.inspect_dock import InspectDock

    dock = InspectDock()
    qtbot.addWidget(dock)
    dock.resize(DOCK_WIDTH, 800)
    dock.show()
    qtbot.waitExposed(dock)
    return dock


def cells(dock):
    model = dock.table.model()
    return [[model.index(row, column).data() for column in range(4)] for row in range(model.rowCount())]


def cell(dock, name, column):
    names = [row[0] for row in cells(dock)]
    return dock.table.model().index(names.index(name), column)


# --- the dock ----------------------------------------------------------------------------------------------------------


def test_the_strongest_effect_comes_first(dock):
    dock.show_tile("Tile 17", make_tile())
    assert cells(dock) == [
        ["aadt", "18,400 ▲", "300 – 15,000", "+0.80"],
        ["Picture 'ortho'", "seen", "", "-0.50"],
        ["people", "7", "1 – 9", "-0.31"],
        ["width", "missing", "1 – 9", "-0.05"],
        ["road", "lane", "lane", "+0.02"],
    ]
    assert dock.risk.text() == "Risk 31 %, between 18 % and 47 % (90 % interval)"
    assert "aadt 18,400 against a typical 6,200 raises it" in dock.why.text()


def test_numbers_are_sorted_by_their_size(dock):
    from qgis.PyQt.QtCore import Qt

    attributes = [attribute(f"a{number}", float(number), 0.1) for number in (9, 100, -20, 3)]
    dock.show_tile("Tile", make_tile(attributes=[*attributes, attribute("none", None, 0.1)], images=[]))
    dock.table.sortByColumn(1, Qt.SortOrder.AscendingOrder)
    assert [row[1].split()[0] for row in cells(dock)] == ["-20", "3", "9", "100", "missing"]
    dock.filter.setText("A1")
    assert [row[0] for row in cells(dock)] == ["a100"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, ["Beyond what 9 in 10 tiles of the training had: aadt.", "Missing: width."]),
        ({"coverage": 0.9, "attributes": []}, ["90 % of the imagery is there; the rest counts as unseen."]),
        ({"coverage": 0.3, "in_domain": False, "attributes": []}, ["Only 30 % of the imagery is there"]),
        ({"coverage": 0.0, "in_domain": False, "attributes": []}, ["There is no imagery here"]),
        ({"in_domain": False, "attributes": []}, ["unlike all that the model learnt from"]),
        ({"coverage": 0.0, "images": [], "attributes": []}, []),
    ],
)
def test_why_to_be_careful(dock, changes, words):
    dock.show_tile("Tile", make_tile(**changes))
    said = dock.warnings.text().splitlines()
    assert dock.warning_row.isVisible() == bool(words)
    assert len(said) == len(words)
    assert all(word in sentence for word, sentence in zip(words, said, strict=False))


def test_nothing_that_is_said_speaks_of_causes(dock):
    from qgis.PyQt.QtWidgets import QAbstractButton, QLabel

    dock.show_tile("Tile", make_tile(in_domain=False))
    dock.show_changed(make_tile(risk_before=0.2), "The model would say 31 % instead of 20 %.")
    texts = [label.text() + label.toolTip() for label in dock.findChildren(QLabel)]
    texts += [button.text() + button.toolTip() for button in dock.findChildren(QAbstractButton)]
    assert len(texts) > 10
    assert not any("caus" in text.casefold() for text in texts)


# --- another value -----------------------------------------------------------------------------------------------------


def edit(dock, name, text):
    from qgis.PyQt.QtCore import Qt

    return dock.table.model().setData(cell(dock, name, 1), text, Qt.ItemDataRole.EditRole)


def test_a_value_is_typed_and_taken_back(dock, qtbot):
    dock.show_tile("Tile", make_tile())
    assert not dock.what_if_button.isEnabled()
    assert edit(dock, "aadt", "5000")
    assert cell(dock, "aadt", 1).data() == "→ 5,000"
    assert cell(dock, "aadt", 1).data(TOOL_TIP) == "5,000 vehicles (was 18,400)"
    assert cell(dock, "aadt", 2).data(TOOL_TIP) == "300 to 15,000 vehicles, median 6,200"
    assert edit(dock, "road", "trunk")
    assert dock.table.attributes.changes() == {"aadt": 5000.0, "road": "trunk"}
    assert dock.what_if_button.isEnabled()
    with qtbot.waitSignal(dock.what_if, timeout=1000):
        dock.what_if_button.click()
    edit(dock, "aadt", "18400")
    edit(dock, "road", "")
    assert dock.table.attributes.changes() == {}
    assert not dock.what_if_button.isEnabled()


def test_what_is_no_number_is_refused_with_a_sentence(dock):
    dock.show_tile("Tile", make_tile())
    for text in ("much", "nan", "inf"):
        assert not edit(dock, "aadt", text)
        assert f"'{text}' is no number, which 'aadt' has to be." == dock.message.text()
    assert dock.table.attributes.changes() == {}


def test_a_value_is_changed_by_the_keyboard_alone(dock, qtbot):
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtWidgets import QComboBox, QLineEdit

    dock.show_tile("Tile", make_tile())
    dock.activateWindow()
    dock.table.setFocus()
    dock.table.setCurrentIndex(cell(dock, "people", 1))
    qtbot.keyClick(dock.table, Qt.Key.Key_F2)
    editor = dock.table.viewport().findChild(QLineEdit)
    assert editor.accessibleName() == "New value"
    editor.setText("3")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: dock.table.attributes.changes() == {"people": 3.0}, timeout=2000)
    dock.table.edit(cell(dock, "road", 1))
    box = dock.table.viewport().findChild(QComboBox)
    assert [box.itemText(row) for row in range(box.count())] == ["lane", "trunk"]


def test_pictures_and_effects_cannot_be_edited(dock):
    from qgis.PyQt.QtCore import Qt

    dock.show_tile("Tile", make_tile())
    for name, column, editable in (("Picture 'ortho'", 1, False), ("aadt", 1, True), ("aadt", 3, False)):
        assert bool(dock.table.model().flags(cell(dock, name, column)) & Qt.ItemFlag.ItemIsEditable) == editable


def test_a_changed_tile_is_told_beside_what_it_was(dock):
    dock.show_tile("Tile", make_tile())
    edit(dock, "people", "3")
    changed = make_tile(risk=0.44, risk_low=0.3, risk_high=0.6, risk_before=0.31)
    changed["attributes"][1] = attribute("people", 3.0, 0.4)
    dock.show_changed(changed, "moves")
    assert dock.risk.text() == "Risk 31 % → 44 %, between 30 % and 60 % (90 % interval)"
    assert cell(dock, "people", 1).data() == "→ 3"
    assert cell(dock, "people", 3).data() == "+0.40"
    assert dock.moved.isVisible()
    dock.show_unchanged(make_tile())
    assert cell(dock, "people", 1).data() == "7"
    assert not dock.moved.isVisible()


def test_how_the_risk_moves_is_told_of_one_and_of_many(qgis_application):
    from plugin.gui.inspect.sentences import change_sentence

    one = change_sentence({"risk_before": [0.31], "risk": [0.44]}, ["aadt"])
    assert one == "With other values of aadt the model would say 44 % instead of 31 %."
    many = change_sentence({"risk_before": [0.2, 0.4, 0.3], "risk": [0.3, 0.3, 0.6]}, list("abcde"))
    assert "of a, b, c and 2 more" in many
    assert "40 % instead of 30 %, as a mean of 3 selected tiles; more for 2, less for 1 of them" in many


# --- 500 attributes, accessibility -------------------------------------------------------------------------------------


def wide_tile():
    chance = random.Random(1)
    return make_tile(
        attributes=[attribute(f"{LONG}{n:03d}", chance.gauss(5, 3), chance.gauss(0, 0.4)) for n in range(500)],
        images=[{**make_tile()["images"][0], "name": LONG, "context": 3.0}] * 3,
    )


def test_500_attributes_with_long_names_leave_the_dock_narrow(dock, qtbot):
    import time

    tile = wide_tile()
    begun = time.monotonic()
    dock.show_tile(LONG * 3, tile)
    dock.table.sortByColumn(0, dock.table.horizontalHeader().sortIndicatorOrder())
    seconds = time.monotonic() - begun
    assert dock.table.model().rowCount() == 503
    assert dock.minimumSizeHint().width() <= DOCK_WIDTH
    assert dock.table.columnWidth(0) > 60
    assert cell(dock, f"{LONG}007", 0).data(TOOL_TIP) == f"{LONG}007"
    # Far above what it takes, so that only something quadratic fails.
    assert seconds < 2


def test_everything_that_takes_the_focus_has_a_name(dock):
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtWidgets import QAbstractButton, QLineEdit, QTableView

    dock.show_tile("Tile", make_tile())
    own = list(vars(dock).values())
    buttons = [value for value in own if isinstance(value, QAbstractButton)]
    assert len(buttons) == 4
    assert all(button.text() and button.focusPolicy() != Qt.FocusPolicy.NoFocus for button in buttons)
    assert all(v.accessibleName() for v in own if isinstance(v, (QLineEdit, QTableView)))
    assert dock.bar.accessibleDescription() == dock.risk.text()
    effect = cell(dock, "people", 3).data(Qt.ItemDataRole.AccessibleTextRole)
    assert effect == "-0.310, lowers the risk"


# --- from a click to the dock ------------------------------------------------------------------------------------------


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

    from plugin.layer_metadata import remember_model

    fields = "&".join(
        f"field={name}:double" for name in ("tile_id", "risk", "risk_low", "risk_high", "in_domain", "aadt")
    )
    layer = QgsVectorLayer(f"Polygon?crs=EPSG:32619&{fields}", "Risk", "memory")
    for number in range(4):
        feature = QgsFeature(layer.fields())
        left = 300000 + 100 * number
        feature.setGeometry(QgsGeometry.fromRect(QgsRectangle(left, 4600000, left + 100, 4600100)))
        feature.setAttributes([number, 0.1, 0.1, 0.1, 1, 5])
        layer.dataProvider().addFeature(feature)
    project.addMapLayer(layer)
    model = tmp_path / "model.safetensors"
    model.write_text("a model")
    remember_model(layer, str(model))
    return layer


class FakeEngine:
    """Answers 'describe' and 'inspect' and keeps what it was asked; ``hold`` makes inspecting last until a cancel."""

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
    from plugin.gui import engine_task
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
    monkeypatch.setattr(explain_layer, "MOST_WITH_SALIENCY", 3)
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
