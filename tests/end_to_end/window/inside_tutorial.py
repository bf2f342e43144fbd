"""A new user: empty profile, the zip by QGIS's own installer, and the tutorial done with mouse and keyboard."""

import os
from pathlib import Path

import pytest

PRODUCTS = Path(os.environ["MMRISK_WINDOW_PRODUCTS"])
ZIP = os.environ["MMRISK_WINDOW_ZIP"]
PANEL_WIDTH = 420


@pytest.fixture(scope="module")
def mouse():
    return Mouse()


class Mouse:
    """What a hand does; nothing is set in any other way."""

    def click(self, widget, position=None):
        from qgis.PyQt.QtCore import QPoint, Qt
        from qgis.PyQt.QtTest import QTest

        show(widget)
        place = position if position is not None else QPoint(widget.width() // 2, widget.height() // 2)
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)

    def tab(self, bar, number):
        self.click(bar, bar.tabRect(number).center())

    def tick(self, items, text):
        """Tick the entry of a list, on its box."""
        from qgis.PyQt.QtCore import QPoint

        item = next(items.item(row) for row in range(items.count()) if items.item(row).text() == text)
        box = items.visualItemRect(item)
        show(items)
        self.click(items.viewport(), QPoint(box.left() + 10, box.center().y()))

    def choose(self, combo, text):
        """Type the first letters of an entry."""
        from qgis.PyQt.QtTest import QTest

        show(combo)
        combo.setFocus()
        QTest.keyClicks(combo, text)
        QTest.qWait(200)
        assert combo.currentText().startswith(text), combo.currentText()

    def toggle(self, combo, text):
        """Open a list of boxes and click one."""
        from qgis.PyQt.QtTest import QTest

        self.click(combo)
        QTest.qWait(300)
        view = combo.view()
        index = combo.model().index(combo.findText(text), combo.modelColumn())
        view.scrollTo(index)
        self.click(view.viewport(), view.visualRect(index).center())
        QTest.qWait(200)
        combo.hidePopup()

    def menu(self, button, *texts):
        """Open the menu of a button and click through it."""
        from qgis.PyQt.QtCore import QPoint, QTimer
        from qgis.PyQt.QtWidgets import QToolButton

        QTimer.singleShot(300, lambda: self._follow(texts))
        # From QGIS 3.40 on the button of an extent does something itself, and has its menu at an arrow on the right.
        is_split = button.popupMode() == QToolButton.ToolButtonPopupMode.MenuButtonPopup
        # Returns when the menu is closed.
        self.click(button, QPoint(button.width() - 4, button.height() // 2) if is_split else None)

    def _follow(self, texts, tries=100):
        from qgis.PyQt.QtCore import QTimer
        from qgis.PyQt.QtWidgets import QApplication

        menu = QApplication.activePopupWidget()
        if menu is None and tries:
            QTimer.singleShot(100, lambda: self._follow(texts, tries - 1))
            return
        action = next(action for action in menu.actions() if action.text().replace("&", "").startswith(texts[0]))
        if len(texts) > 1:
            QTimer.singleShot(500, lambda: self._follow(texts[1:]))
        self.click(menu, menu.actionGeometry(action).center())

    def type(self, widget, text):
        from qgis.PyQt.QtCore import Qt
        from qgis.PyQt.QtTest import QTest

        self.click(widget)
        QTest.keyClick(widget, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClicks(widget, text)
        QTest.keyClick(widget, Qt.Key.Key_Tab)


def show(widget):
    from qgis.PyQt.QtWidgets import QApplication

    parent = widget.parent()
    while parent is not None:
        if hasattr(parent, "ensureWidgetVisible"):
            parent.ensureWidgetVisible(widget)
        parent = parent.parent()
    QApplication.processEvents()


def loaded_plugin():
    from qgis.utils import plugins

    return plugins["mmrisk"]


def wait_until_done(qtbot, seconds):
    runner = loaded_plugin().panel._runner
    qtbot.waitUntil(runner.is_busy, timeout=10000)
    qtbot.waitUntil(lambda: not runner.is_busy(), timeout=1000 * seconds)


def layer_names():
    from qgis.core import QgsProject

    return {layer.name() for layer in QgsProject.instance().mapLayers().values()}


def test_the_zip_is_installed_by_qgis(qtbot, iface):
    from qgis.utils import plugins

    assert "mmrisk" not in plugins
    import pyplugin_installer

    # What 'Install plugin' in the tab 'Install from ZIP' calls.
    pyplugin_installer.instance().installFromZipFile(ZIP)
    qtbot.waitUntil(lambda: "mmrisk" in plugins, timeout=30000)
    qtbot.waitUntil(lambda: loaded_plugin().toolbar.isVisible(), timeout=5000)
    assert Path(loaded_plugin().__class__.__module__.split(".")[0]) == Path("mmrisk")
    iface.messageBar().clearWidgets()


def test_the_sample_project_is_opened_from_the_menu(mouse, iface, qtbot):
    from qgis.core import QgsProject
    from qgis.PyQt.QtCore import QTimer

    bar = iface.mainWindow().menuBar()
    plugins = iface.pluginMenu().menuAction()
    QTimer.singleShot(300, lambda: mouse._follow(("MMRisk", "Open sample project")))
    mouse.click(bar, bar.actionGeometry(plugins).center())
    qtbot.waitUntil(lambda: QgsProject.instance().title() == "MMRisk sample city", timeout=120000)
    panel = loaded_plugin().panel
    qtbot.waitUntil(panel.isVisible, timeout=10000)
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtWidgets import QDockWidget

    tutorial = iface.mainWindow().findChild(QDockWidget, "MMRiskTutorial")
    assert tutorial.isVisible()
    iface.mainWindow().resizeDocks([panel], [PANEL_WIDTH], Qt.Orientation.Horizontal)
    qtbot.wait(1500)


def go_on_to(mouse, qtbot, mark):
    """Press 'Next' until the tutorial speaks of a widget, which it then frames."""
    from qgis.PyQt.QtWidgets import QDockWidget
    from qgis.utils import iface

    window = iface.mainWindow()
    tutorial = window.findChild(QDockWidget, "MMRiskTutorial")
    while tutorial.steps[tutorial.number].mark != mark:
        mouse.click(tutorial.next_button)
    qtbot.waitUntil(lambda: window.findChild(QDockWidget, "MMRiskTutorial").marked() is not None, timeout=2000)


def test_step_1_makes_tiles(mouse, qtbot, screenshot):
    from qgis.PyQt.QtWidgets import QToolButton

    panel = loaded_plugin().panel
    go_on_to(mouse, qtbot, "area.extent")
    button = next(b for b in panel.area.extent.findChildren(QToolButton) if b.isVisible() and b.menu() is not None)
    mouse.menu(button, "Calculate from Layer", "imagery")
    assert not panel.area.extent.follows_canvas()
    go_on_to(mouse, qtbot, "area.run_button")
    mouse.click(panel.area.run_button)
    wait_until_done(qtbot, 60)
    assert "Tiles" in layer_names()
    qtbot.wait(1500)
    screenshot("tutorial_1")


def test_step_2_joins_attributes(mouse, qtbot, screenshot):
    panel = loaded_plugin().panel
    data = panel.data
    mouse.tab(panel.tabs.tabBar(), 1)
    go_on_to(mouse, qtbot, "data.images")
    mouse.tick(data.images.list, "imagery")
    go_on_to(mouse, qtbot, "data.add_button")
    for layer, field, statistics in (
        ("roads", "aadt", ("Count", "Length (m)", "Mean")),
        ("zones", "population", ("Sum",)),
    ):
        mouse.click(data.add_button)
        mouse.choose(data.layer, layer)
        for number in range(data.statistics.count()):
            text = data.statistics.itemText(number)
            if (text in data.statistics.checkedItems()) != (text in statistics):
                mouse.toggle(data.statistics, text)
        assert sorted(data.statistics.checkedItems()) == sorted(statistics)
        qtbot.waitUntil(data.fields.isVisible, timeout=2000)
        if field not in data.fields.checked():
            mouse.tick(data.fields.list, field)
        for other in data.fields.checked():
            if other != field:
                mouse.tick(data.fields.list, other)
    go_on_to(mouse, qtbot, "data.run_button")
    qtbot.wait(300)
    screenshot("tutorial_2")
    mouse.click(data.run_button)
    wait_until_done(qtbot, 60)
    assert "Tiles with attributes" in layer_names()


def test_step_3_trains(mouse, qtbot, screenshot, tmp_path_factory):
    panel = loaded_plugin().panel
    train = panel.train
    mouse.tab(panel.tabs.tabBar(), 2)
    go_on_to(mouse, qtbot, "train.events")
    mouse.click(train.by_events)
    mouse.choose(train.events, "crashes")
    assert train.events.currentLayer().name() == "crashes"
    all_button = train.features.buttons[0]
    mouse.click(all_button)
    assert {"roads_count", "roads_length", "roads_aadt_mean", "zones_population_sum"} <= set(train.features.checked())
    model = tmp_path_factory.mktemp("model") / "city.safetensors"
    mouse.type(train.model.lineEdit(), str(model))
    # Less than those of the tutorial, which take a minute.
    train.advanced["EPOCHS"].parentWidget().setCollapsed(False)
    for name, number in (("FOLDS", "2"), ("EPOCHS", "5"), ("IMAGE_PIXELS", "64")):
        mouse.type(train.advanced[name], number)
        assert train.advanced[name].value() == int(number)
    train.advanced["EPOCHS"].parentWidget().setCollapsed(True)
    go_on_to(mouse, qtbot, "train.run_button")
    mouse.click(train.run_button)
    qtbot.waitUntil(lambda: train.curve.isVisible() and len(train.curve.epochs) > 2, timeout=200000)
    screenshot("tutorial_3_training")
    qtbot.waitUntil(lambda: not panel._runner.is_busy(), timeout=400000)
    assert model.is_file()
    assert train.verdict.text().startswith("AUC ")
    show(train.use_button)
    go_on_to(mouse, qtbot, "train.use_button")
    screenshot("tutorial_3")


def test_step_4_maps_risk(mouse, qtbot, iface, screenshot, note_processes):
    from qgis.core import QgsProject

    panel = loaded_plugin().panel
    mouse.click(panel.train.use_button)
    qtbot.waitUntil(lambda: panel.map.manifest is not None, timeout=30000)
    qtbot.wait(500)
    go_on_to(mouse, qtbot, "map.run_button")
    mouse.click(panel.map.run_button)
    wait_until_done(qtbot, 200)
    note_processes()
    layer = QgsProject.instance().mapLayersByName("Risk")[0]
    risks = [feature["risk"] for feature in layer.getFeatures()]
    assert len(risks) >= 576
    assert 0 < min(risks) < max(risks) < 1
    assert layer.renderer().type() == "categorizedSymbol"
    qtbot.wait(3000)
    screenshot("tutorial_4")
