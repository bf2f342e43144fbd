"""Assistant, options and the engine's dot in a window; then the plugin is unloaded and loaded again."""

import os
import tempfile
from pathlib import Path

import pytest

PRODUCTS = Path(os.environ["MMRISK_WINDOW_PRODUCTS"])
SUFFIX = os.environ.get("MMRISK_WINDOW_SUFFIX", "")


@pytest.fixture(scope="module", autouse=True)
def theme():
    from qgis.core import QgsApplication

    if "dark" in SUFFIX:
        QgsApplication.setUITheme("Night Mapping")


def action(plugin, name):
    return next(action for action in plugin.actions if action.objectName() == f"mmrisk_{name}")


def save(widget, name):
    from qgis.PyQt.QtWidgets import QApplication

    QApplication.processEvents()
    assert widget.grab().save(str(PRODUCTS / f"{name}{SUFFIX}.png"))


def assistant_of(iface):
    from qgis.PyQt.QtWidgets import QDialog

    return iface.mainWindow().findChild(QDialog, "MMRiskSetup")


def shown_texts(widget):
    """Texts that are cut off where they stand."""
    from qgis.PyQt.QtWidgets import QAbstractButton

    return [
        button.text()
        for button in widget.findChildren(QAbstractButton)
        if button.isVisible() and button.text() and button.sizeHint().width() > button.width()
    ]


def test_the_dot_is_at_rest_and_leads_to_the_assistant(plugin, iface, click, qtbot):
    from mmrisk.plugin.engine_service import stop_engine

    stop_engine()
    qtbot.waitUntil(lambda: action(plugin, "engine_state").text() == "Engine: at rest", timeout=5000)
    button = plugin.toolbar.widgetForAction(action(plugin, "engine_state"))
    assert button.isVisible()
    click("mmrisk_engine_state")
    assistant = assistant_of(iface)
    qtbot.waitUntil(lambda: "The engine is set up" in assistant.plan.text(), timeout=10000)


def test_verify_runs_the_model_and_the_dot_turns_green(plugin, iface, qtbot, note_processes):
    assistant = assistant_of(iface)
    qtbot.waitUntil(assistant.verify_button.isEnabled, timeout=5000)
    with qtbot.waitSignal(assistant.engine_changed, timeout=60000):
        assistant.verify_button.click()
    assert "its model ran once" in assistant.sentence.text()
    qtbot.waitUntil(lambda: action(plugin, "engine_state").text() == "Engine: ready", timeout=5000)
    assert "cpu" in action(plugin, "engine_state").toolTip() or "gpu" in action(plugin, "engine_state").toolTip()
    note_processes()
    qtbot.wait(500)
    save(assistant, "setup_verified")
    assert not shown_texts(assistant)


def test_before_an_installation_the_plan_is_shown(iface, qtbot, monkeypatch):
    monkeypatch.setenv("MMRISK_HOME", "/home/planner/.local/share/mmrisk")
    assistant = assistant_of(iface)
    assistant.close()
    assistant.show()
    qtbot.waitUntil(lambda: "Computes on" in assistant.plan.text(), timeout=30000)
    assert "GB of the" in assistant.plan.text()
    assert "/home/planner/.local/share/mmrisk/environments/" in assistant.plan.text()
    qtbot.wait(300)
    save(assistant, "setup_plan")
    assistant.close()


def test_the_options_have_a_page(plugin, iface, qtbot):
    from qgis.PyQt.QtCore import QTimer
    from qgis.PyQt.QtWidgets import QApplication

    seen = []

    def look(tries=40):
        dialog = QApplication.activeModalWidget()
        page = dialog.findChild(object_of(plugin, "OptionsPage"))
        if tries and (page is None or "Old environments" not in page.sizes.text()):
            QTimer.singleShot(300, lambda: look(tries - 1))
            return
        # Closed whatever is found: the window would wait for ever.
        QTimer.singleShot(100, dialog.reject)
        save(dialog, "options")
        seen.append((page.isVisible(), page.device.currentData(), shown_texts(page)))

    QTimer.singleShot(500, look)
    iface.showOptionsDialog(iface.mainWindow(), "mmriskOptions")
    assert seen == [(True, "auto", [])]


def object_of(plugin, name):
    import importlib

    package = plugin.__module__.rsplit(".", 1)[0]
    return getattr(importlib.import_module(f"{package}.gui.engine.options_page"), name)


def test_the_toolbar_leads_to_the_training(plugin, click, qtbot):
    assert not plugin.panel.isVisible()
    click("mmrisk_train_model")
    qtbot.waitUntil(plugin.panel.isVisible, timeout=5000)
    assert plugin.panel.tabs.currentWidget().isAncestorOf(plugin.panel.train)
    save(plugin.toolbar, "toolbar")


def left_behind(iface):
    """All that a plugin may add to QGIS."""
    from qgis.core import QgsApplication
    from qgis.PyQt.QtWidgets import QAction, QApplication, QDialog, QDockWidget, QMenu, QToolBar

    window = iface.mainWindow()
    kinds = (QAction, QDialog, QDockWidget, QMenu, QToolBar)
    names = [w.objectName() or getattr(w, "title", str)() for kind in kinds for w in window.findChildren(kind)]
    names += [widget.objectName() for widget in QApplication.topLevelWidgets()]
    names += [provider.id() for provider in QgsApplication.processingRegistry().providers()]
    return sorted(name for name in names if "mmrisk" in name.lower())


def temporary_files():
    # Not the folders below, which belong to others and come and go.
    return {path.name for path in Path(tempfile.gettempdir()).iterdir() if "mmrisk" in path.name.lower()}


def test_unload_leaves_nothing_and_load_brings_one_of_everything(plugin, iface, qtbot):
    from qgis.core import QgsApplication
    from qgis.PyQt.QtCore import QCoreApplication, QEvent
    from qgis.utils import loadPlugin, startPlugin, unloadPlugin

    engine = int(Path(os.environ["MMRISK_WINDOW_ENGINE_PID"]).read_text())
    before = left_behind(iface)
    assert "MMRiskToolbar" in before
    items = len(iface.mapCanvas().scene().items())
    for _ in range(2):
        assert unloadPlugin("mmrisk")
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        assert left_behind(iface) == []
        assert QgsApplication.taskManager().countActiveTasks() == 0
        assert len(iface.mapCanvas().scene().items()) <= items
        assert not Path(f"/proc/{engine}").exists()
        assert temporary_files() <= TEMPORARY_BEFORE
        loadPlugin("mmrisk")
        assert startPlugin("mmrisk")
        again = left_behind(iface)
        # The assistant is made when first shown.
        assert again == [name for name in before if name != "MMRiskSetup"]


TEMPORARY_BEFORE = temporary_files()
