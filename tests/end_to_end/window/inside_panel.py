"""A user goes through the four steps of the panel by mouse: from an empty map to a styled layer of risk."""

import os
import tempfile
from pathlib import Path

import pytest

PRODUCTS = Path(os.environ["MMRISK_WINDOW_PRODUCTS"])
PANEL_WIDTH = 380


@pytest.fixture(scope="module")
def panel(plugin):
    return plugin.panel


@pytest.fixture
def press(qtbot):
    """Click a button with the mouse, once it can be seen."""

    def press_button(button):
        from qgis.PyQt.QtCore import Qt

        scroll_to(button)
        qtbot.waitUntil(lambda: button.isVisible() and button.isEnabled(), timeout=5000)
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    return press_button


@pytest.fixture
def show_step(panel, qtbot):
    """Click the tab of a step."""

    def show(number):
        from qgis.PyQt.QtCore import Qt

        bar = panel.tabs.tabBar()
        qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.tabRect(number).center())
        assert panel.tabs.currentIndex() == number
        qtbot.wait(100)
        assert not too_wide(panel)

    return show


def too_wide(panel):
    """What makes a page wider than the panel, which then scrolls sideways; nothing where it does not."""
    from qgis.PyQt.QtWidgets import QWidget

    area = panel.tabs.currentWidget()
    if not area.horizontalScrollBar().isVisible():
        return []
    parts = [part for part in area.widget().findChildren(QWidget) if part.isVisible()]
    widths = [(part.minimumSizeHint().width(), type(part).__name__, part.accessibleName()) for part in parts]
    return [area.viewport().width(), *sorted(widths, reverse=True)[:6]]


def scroll_to(widget):
    parent = widget.parent()
    while parent is not None:
        if hasattr(parent, "ensureWidgetVisible"):
            parent.ensureWidgetVisible(widget)
        parent = parent.parent()


def wait_until_done(panel, qtbot, seconds=120):
    qtbot.waitUntil(lambda: not panel._runner.is_busy(), timeout=1000 * seconds)


def layer_named(project, name):
    found = project.mapLayersByName(name)
    assert found, [layer.name() for layer in project.mapLayers().values()]
    return found[0]


def test_the_toolbar_shows_and_hides_the_panel(plugin, panel, iface, click, opened_project, sample_folder, qtbot):
    from qgis.core import QgsVectorLayer

    assert not panel.isVisible()
    click("mmrisk_panel")
    qtbot.waitUntil(panel.isVisible, timeout=5000)
    click("mmrisk_panel")
    qtbot.waitUntil(lambda: not panel.isVisible(), timeout=5000)
    click("mmrisk_panel")
    qtbot.waitUntil(panel.isVisible, timeout=5000)
    crashes = QgsVectorLayer(str(sample_folder / "city" / "crashes.gpkg"), "crashes", "ogr")
    opened_project.addMapLayer(crashes)
    opened_project.layerTreeRoot().findLayer(crashes.id()).setItemVisibilityChecked(False)
    iface.mainWindow().resizeDocks([panel], [PANEL_WIDTH], iface_orientation())
    qtbot.wait(1500)
    iface.mapCanvas().setExtent(layer_named(opened_project, "imagery").extent())
    qtbot.wait(500)


def iface_orientation():
    from qgis.PyQt.QtCore import Qt

    return Qt.Orientation.Horizontal


def test_first_step_makes_tiles(panel, iface, press, show_step, opened_project, qtbot, screenshot):
    show_step(0)
    layer = layer_named(opened_project, "imagery")
    panel.area.extent.setOutputExtentFromLayer(layer)
    panel.area.preview.click()
    qtbot.waitUntil(lambda: "144 tiles" in panel.area.summary.text(), timeout=5000)
    qtbot.waitUntil(panel.area.grid_preview.is_shown, timeout=5000)
    qtbot.wait(500)
    screenshot("panel_1_area")
    press(panel.area.copy_button)
    (PRODUCTS / "panel_command.txt").write_text(clipboard())
    press(panel.area.run_button)
    wait_until_done(panel, qtbot)
    assert layer_named(opened_project, "Tiles").featureCount() == 144
    qtbot.waitUntil(lambda: not panel.area.grid_preview.is_shown(), timeout=2000)


def clipboard():
    from qgis.PyQt.QtWidgets import QApplication

    return QApplication.clipboard().text()


def test_second_step_joins_attributes(panel, press, show_step, opened_project, qtbot, screenshot):
    show_step(1)
    panel.data.images.set_entries([(layer_named(opened_project, "imagery").id(), "imagery")], [])
    panel.data.images.list.item(0).setCheckState(checked())
    press(panel.data.add_button)
    if panel.data.layer.currentLayer().name() != "roads":
        panel.data.layer.setLayer(layer_named(opened_project, "roads"))
        panel.data.layer.activated.emit(panel.data.layer.currentIndex())
    panel.data.statistics.setCheckedItems(["Count", "Length (m)", "Mean"])
    qtbot.waitUntil(panel.data.fields.isVisible, timeout=2000)
    panel.data.fields.list.item(panel.data.fields.keys().index("aadt")).setCheckState(checked())
    made = "roads_count, roads_length, roads_aadt_mean"
    qtbot.waitUntil(lambda: made in panel.data.sentences.text(), timeout=2000)
    screenshot("panel_2_data")
    press(panel.data.run_button)
    wait_until_done(panel, qtbot)
    names = layer_named(opened_project, "Tiles with attributes").fields().names()
    assert {"roads_count", "roads_length", "roads_aadt_mean"} <= set(names)


def checked():
    from qgis.PyQt.QtCore import Qt

    return Qt.CheckState.Checked


def test_third_step_trains(
    panel, press, show_step, opened_project, qtbot, screenshot, tmp_path_factory, event_loop, note_wait
):
    show_step(2)
    assert panel.train.tiles.currentLayer().name() == "Tiles with attributes"
    assert panel.train.features.checked() == ["roads_count", "roads_length", "roads_aadt_mean"]
    assert panel.train.imagery.text().endswith("imagery")
    assert panel.train.events.currentLayer().name() == "crashes"
    model = tmp_path_factory.mktemp("model") / "model.safetensors"
    panel.train.model.setFilePath(str(model))
    advanced = panel.train.advanced
    advanced["IMAGE_PIXELS"].setValue(64)
    advanced["FOLDS"].setValue(3)
    advanced["EPOCHS"].setValue(40)
    # Random features need no network, which takes a minute on two busy cores.
    advanced["BACKBONE"].setCurrentText("RCF")
    assert not too_wide(panel)
    screenshot("panel_3_train_choices")
    event_loop.start()
    press(panel.train.run_button)
    # Where epochs are quick, the engine tells of some of them only.
    qtbot.waitUntil(lambda: panel.train.curve.epochs != [], timeout=60000)
    assert panel.train.curve.isVisible()
    assert all(epoch["held_out"] is not None for epoch in panel.train.curve.epochs)
    qtbot.wait(300)
    note_wait("beginning to train", event_loop)
    screenshot("panel_3_train_running")
    event_loop.start()
    wait_until_done(panel, qtbot)
    qtbot.waitUntil(panel.train.result.isVisible, timeout=20000)
    note_wait("training", event_loop)
    assert model.is_file()
    assert model.with_suffix(".html").is_file()
    assert panel.train.ladder.rowCount() >= 4
    assert panel.train.verdict.text().startswith("AUC ")
    scroll_to(panel.train.use_button)
    screenshot("panel_3_train")
    press(panel.train.use_button)
    assert panel.tabs.currentIndex() == 3
    assert panel.map.model.filePath() == str(model)


def test_fourth_step_maps_risk(panel, press, show_step, opened_project, qtbot, screenshot):
    show_step(3)
    qtbot.waitUntil(lambda: panel.map.manifest is not None, timeout=30000)
    panel.map.extent.setOutputExtentFromLayer(layer_named(opened_project, "imagery"))
    qtbot.waitUntil(lambda: "where it was trained" in panel.map.card.text(), timeout=5000)
    assert "The project has all it needs: imagery, roads." in panel.map.card.text()
    assert "144 tiles of 150 m" in panel.map.card.text()
    press(panel.map.run_button)
    wait_until_done(panel, qtbot)
    risk = layer_named(opened_project, "Risk")
    assert risk.featureCount() == 144
    assert risk.renderer().type() == "categorizedSymbol"
    assert "Risk of 144 tiles" in panel.message.text()
    qtbot.wait(3000)
    screenshot("panel_4_map")


def test_dark_theme_and_narrow_panel(panel, show_step, qtbot, screenshot):
    from qgis.core import QgsApplication

    QgsApplication.setUITheme("Night Mapping")
    for number, page in enumerate(panel.pages()):
        show_step(number)
        qtbot.wait(300)
        screenshot(f"panel_dark_{number + 1}")
        assert page.minimumSizeHint().width() <= PANEL_WIDTH
    QgsApplication.setUITheme("default")


def test_toolbox_dialogs_have_the_choices(panel, press, show_step, qtbot):
    show_step(0)
    press(panel.area.toolbox_button)
    dialog = panel.area._dialogs[0]
    assert dialog.isVisible()
    assert dialog.algorithm().id() == "mmrisk:createtiles"
    assert dialog.createProcessingParameters()["TILE_SIZE"] == 150
    dialog.close()
    press(panel.area.toolbox_button)
    assert len(panel.area._dialogs) == 1


def test_roads_become_one_more_image(panel, show_step, opened_project, qtbot):
    show_step(1)
    train, extract = panel.data.roads.menu().actions()
    for action, algorithm in ((train, "mmrisk:trainroads"), (extract, "mmrisk:extractroads")):
        action.trigger()
        dialog = panel.data._dialogs[-1]
        assert dialog.isVisible()
        assert dialog.algorithm().id() == algorithm
        dialog.close()
    # What is made comes into the project, and so into the list.
    from qgis.core import QgsRasterLayer

    mask = QgsRasterLayer(layer_named(opened_project, "imagery").source(), "Road mask")
    opened_project.addMapLayer(mask)
    assert panel.data.images.keys().count(mask.id()) == 1
    opened_project.removeMapLayer(mask.id())


def start_training(panel, press, show_step, qtbot, folder):
    show_step(2)
    panel.train.model.setFilePath(str(folder / "other.safetensors"))
    # Another seed, so that the cache does not answer for the training.
    panel.train.advanced["SEED"].setValue(panel.train.advanced["SEED"].value() + 1)
    press(panel.train.run_button)
    # The first half is that of the labels.
    qtbot.waitUntil(lambda: panel.progress.value() > 50, timeout=60000)


def test_training_can_be_cancelled(panel, press, show_step, qtbot, tmp_path):
    start_training(panel, press, show_step, qtbot, tmp_path)
    press(panel.cancel_button)
    wait_until_done(panel, qtbot, 20)
    assert panel.message.text() == "Cancelled; nothing was added."
    assert list(tmp_path.iterdir()) == []
    assert panel.train.run_button.isEnabled()


def test_unload_and_load_leave_one_of_everything(
    plugin, panel, iface, press, show_step, opened_project, qtbot, tmp_path, note_processes
):
    from qgis.core import QgsApplication
    from qgis.gui import QgsRubberBand
    from qgis.PyQt.QtCore import QCoreApplication, QEvent
    from qgis.PyQt.QtWidgets import QAction, QDockWidget, QToolBar

    window = iface.mainWindow()

    def left():
        bands = [item for item in iface.mapCanvas().scene().items() if isinstance(item, QgsRubberBand)]
        return {
            "bands": len(bands),
            "actions": len([a for a in window.findChildren(QAction) if a.objectName().startswith("mmrisk")]),
            "docks": len(window.findChildren(QDockWidget, "MMRiskPanel")),
            "toolbars": len(window.findChildren(QToolBar, "MMRiskToolbar")),
        }

    before = left()
    folders = list(Path(tempfile.gettempdir()).glob("mmrisk-*"))
    assert before["docks"] == 1
    start_training(panel, press, show_step, qtbot, tmp_path)
    note_processes()
    plugin.unload()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    qtbot.wait(200)
    after = left()
    assert {name: after[name] for name in ("actions", "docks", "toolbars")} == {"actions": 0, "docks": 0, "toolbars": 0}
    assert QgsApplication.processingRegistry().providerById("mmrisk") is None
    assert QgsApplication.taskManager().countActiveTasks() == 0
    assert list(Path(tempfile.gettempdir()).glob("mmrisk-*")) == folders
    assert list(tmp_path.iterdir()) == []
    # Layers that come and go, and the canvas that moves, speak to nobody who is gone.
    opened_project.removeMapLayer(layer_named(opened_project, "crashes").id())
    iface.mapCanvas().zoomOut()
    qtbot.wait(300)
    plugin.initGui()
    assert left() == before
    assert plugin.panel.map.model.filePath() == panel_model(opened_project)


def panel_model(project):
    import json

    return json.loads(project.readEntry("mmrisk", "/panel", "")[0])["map"]["model"]
