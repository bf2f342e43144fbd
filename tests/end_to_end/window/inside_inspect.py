"""A user maps risk, clicks a tile on the map, tries another value, and has the layer explained."""

import os
import time
from pathlib import Path

import pytest

PRODUCTS = Path(os.environ["MMRISK_WINDOW_PRODUCTS"])
DOCK_WIDTH = 400
SCALE = os.environ.get("QT_SCALE_FACTOR", "1")
SUFFIX = "" if SCALE == "1" else "_200"
at_usual_size = pytest.mark.skipif(SCALE != "1", reason="told once")


@pytest.fixture(scope="module")
def inspector(plugin):
    return plugin.inspector


@pytest.fixture
def blocks():
    """How long the event loop stood still, in seconds."""
    from qgis.PyQt.QtCore import QTimer

    gaps, last = [], [time.monotonic()]

    def beat():
        now = time.monotonic()
        gaps.append(now - last[0])
        last[0] = now

    timer = QTimer()
    timer.setInterval(5)
    timer.timeout.connect(beat)
    timer.start()
    yield gaps
    timer.stop()


@pytest.fixture
def risk_layer(iface, opened_project, chosen_model, click, qtbot):
    """The layer that 'Map risk on canvas' made."""
    if not opened_project.mapLayersByName("Risk"):
        click("mmrisk_map_risk_on_canvas")
        qtbot.waitUntil(lambda: bool(opened_project.mapLayersByName("Risk")), timeout=120000)
        iface.messageBar().clearWidgets()
        qtbot.wait(500)
    layer = opened_project.mapLayersByName("Risk")[0]
    assert layer.customProperty("mmrisk/model") == chosen_model
    return layer


def note_waits(while_what, blocks):
    file = PRODUCTS / f"inspect_event_loop{SUFFIX}.txt"
    told = file.read_text() if file.is_file() and while_what != "looking at a tile" else ""
    file.write_text(f"{told}longest wait while {while_what}: {1000 * max(blocks):.0f} ms\n")


def click_map(iface, qtbot, point, layer):
    from qgis.core import QgsCoordinateTransform
    from qgis.PyQt.QtCore import Qt

    canvas = iface.mapCanvas()
    move = QgsCoordinateTransform(layer.crs(), canvas.mapSettings().destinationCrs(), layer.transformContext())
    place = canvas.getCoordinateTransform().transform(move.transform(point))
    qtbot.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=place.toQPointF().toPoint())


def covered_tile(layer):
    """The tile of highest risk in the middle of the imagery."""
    seen = [feature for feature in layer.getFeatures() if feature["coverage"] == 1]
    return max(seen, key=lambda feature: feature["risk"])


def scroll_to(widget):
    parent = widget.parent()
    while parent is not None:
        if hasattr(parent, "ensureWidgetVisible"):
            parent.ensureWidgetVisible(widget)
        parent = parent.parent()


def test_a_click_tells_of_the_tile(
    inspector, plugin, iface, risk_layer, click, qtbot, screenshot, blocks, note_processes
):
    from qgis.core import QgsProcessingUtils
    from qgis.PyQt.QtCore import Qt

    click("mmrisk_inspect_tile")
    assert iface.mapCanvas().mapTool() is inspector.tool
    qtbot.waitUntil(inspector.dock.isVisible, timeout=5000)
    plugin.panel.setUserVisible(True)
    window = iface.mainWindow()
    qtbot.waitUntil(lambda: plugin.panel in window.tabifiedDockWidgets(inspector.dock), timeout=5000)
    plugin.panel.setUserVisible(False)
    inspector.dock.setUserVisible(True)
    iface.mainWindow().resizeDocks([inspector.dock], [DOCK_WIDTH], Qt.Orientation.Horizontal)
    qtbot.wait(1500)
    tile = covered_tile(risk_layer)
    blocks.clear()
    click_map(iface, qtbot, tile.geometry().centroid().asPoint(), risk_layer)
    qtbot.waitUntil(lambda: inspector.dock.title.text().startswith(f"Tile {tile['tile_id']} of 'Risk'"), timeout=60000)
    note_waits("looking at a tile", blocks)
    told = inspector._tile
    assert told["risk"] == pytest.approx(tile["risk"], abs=1e-5)
    assert told["risk_low"] == pytest.approx(tile["risk_low"], abs=1e-5)
    assert inspector.dock.bar.accessibleDescription() == inspector.dock.risk.text()
    assert not inspector.dock.pictures.pictures[0].pixmap().isNull()
    assert inspector.dock.table.model().rowCount() == 4
    assert inspector.dock.why.text()
    assert list(Path(QgsProcessingUtils.tempFolder()).rglob("*.png")) == []
    note_processes()
    qtbot.wait(500)
    screenshot(f"inspect_tile{SUFFIX}")


def test_another_value_moves_the_risk(inspector, qtbot, screenshot, blocks):
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtWidgets import QLineEdit

    dock = inspector.dock
    model = dock.table.model()
    row = next(row for row in range(model.rowCount()) if model.index(row, 0).data() == "roads_length")
    cell = dock.table.visualRect(model.index(row, 1)).center()
    qtbot.mouseClick(dock.table.viewport(), Qt.MouseButton.LeftButton, pos=cell)
    qtbot.mouseDClick(dock.table.viewport(), Qt.MouseButton.LeftButton, pos=cell)
    editor = dock.table.viewport().findChild(QLineEdit)
    editor.setText("0")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: dock.table.attributes.changes() == {"roads_length": 0.0}, timeout=2000)
    qtbot.mouseClick(dock.what_if_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(dock.moved.isVisible, timeout=60000)
    note_waits("trying another value", blocks)
    assert "→" in dock.risk.text()
    assert "roads_length the model would say" in dock.moved.text()
    qtbot.wait(300)
    screenshot(f"inspect_what_if{SUFFIX}")
    qtbot.mouseClick(dock.reset_button, Qt.MouseButton.LeftButton)
    assert "→" not in dock.risk.text()


@at_usual_size
def test_a_tile_beside_the_imagery_has_warnings(inspector, iface, risk_layer, qtbot, screenshot):
    beside = next(feature for feature in risk_layer.getFeatures() if feature["coverage"] == 0)
    inspector.inspect(risk_layer, beside.id())
    name = f"Tile {beside['tile_id']} of"
    qtbot.waitUntil(lambda: inspector.dock.title.text().startswith(name), timeout=60000)
    assert "no imagery" in inspector.dock.warnings.text()
    qtbot.wait(300)
    screenshot(f"inspect_beside{SUFFIX}")


@at_usual_size
def test_explaining_adds_contributions_and_saliency(
    inspector, iface, risk_layer, opened_project, qtbot, screenshot, note_processes, blocks
):
    from qgis.PyQt.QtCore import Qt

    tile = covered_tile(risk_layer)
    risk_layer.selectByIds([tile.id()])
    qtbot.mouseClick(inspector.dock.explain_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(opened_project.mapLayersByName("Contributions")), timeout=120000)
    note_waits("explaining tiles", blocks)
    layer = opened_project.mapLayersByName("Contributions")[0]
    assert layer.featureCount() == 1
    assert "why" in layer.fields().names()
    assert opened_project.mapLayersByName("Saliency")[0].renderer().type() == "singlebandpseudocolor"
    assert "1 tile explained." in inspector.dock.message.text()
    note_processes()
    qtbot.wait(2000)
    screenshot(f"inspect_explained{SUFFIX}")


def test_500_attributes_in_the_dark(inspector, qtbot, screenshot):
    import random

    from qgis.core import QgsApplication

    chance, told = random.Random(1), inspector._tile
    long = "an attribute with a name that is much longer than any dock is wide, as those of a geodatabase often are "
    rows = []
    for number in range(500):
        value = chance.gauss(5, 3)
        rows.append({"name": f"{long}{number:03d}", "unit": "", "value": value, "typical": 5.0, "low": 0.5, "high": 9.5,
                     "levels": [], "outside": not 0.5 <= value <= 9.5, "effect": chance.gauss(0, 0.4)})  # fmt: skip
    QgsApplication.setUITheme("Night Mapping")
    qtbot.wait(300)
    inspector.dock.show_tile("Tile 7 of 'Risk', by model", {**told, "attributes": rows, "in_domain": False})
    inspector.dock.say("", False)
    inspector.dock.table.selectRow(2)
    qtbot.wait(300)
    scroll_to(inspector.dock.table)
    screenshot(f"inspect_dark_500{SUFFIX}")
    assert inspector.dock.minimumSizeHint().width() <= DOCK_WIDTH
    # QGIS keeps some of a theme until it is closed, so this comes last.
    QgsApplication.setUITheme("default")


@at_usual_size
def test_unload_and_load_leave_one_of_everything(plugin, inspector, iface, risk_layer, qtbot):
    from qgis.gui import QgsRubberBand
    from qgis.PyQt.QtCore import QCoreApplication, QEvent
    from qgis.PyQt.QtWidgets import QAction, QDockWidget

    window = iface.mainWindow()

    def left():
        bands = [item for item in iface.mapCanvas().scene().items() if isinstance(item, QgsRubberBand)]
        actions = [a for a in window.findChildren(QAction) if a.objectName() == "mmrisk_inspect_tile"]
        return {
            "bands": len(bands),
            "actions": len(actions),
            "docks": len(window.findChildren(QDockWidget, "MMRiskInspect")),
        }

    before = left()
    assert iface.mapCanvas().mapTool() is inspector.tool
    plugin.unload()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    after = left()
    assert (after["actions"], after["docks"]) == (0, 0)
    # The grid preview of the panel has a rubber band of its own.
    assert after["bands"] == before["bands"] - 2
    assert iface.mapCanvas().mapTool() is None
    iface.mapCanvas().zoomOut()
    risk_layer.removeSelection()
    qtbot.wait(300)
    plugin.initGui()
    assert left() == before
