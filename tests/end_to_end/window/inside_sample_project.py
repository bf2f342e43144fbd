"""A user who has no data opens the sample project from the menu; the tutorial comes with it."""

import os
import sys
from pathlib import Path

import pytest

PRODUCTS = Path(os.environ["MMRISK_WINDOW_PRODUCTS"])


@pytest.fixture
def menu(plugin):
    def trigger(name):
        next(action for action in plugin.actions if action.objectName() == f"mmrisk_{name}").trigger()

    return trigger


def tutorials(iface):
    from qgis.PyQt.QtWidgets import QDockWidget

    return iface.mainWindow().findChildren(QDockWidget, "MMRiskTutorial")


def frames(iface):
    from qgis.PyQt.QtWidgets import QWidget

    return iface.mainWindow().findChildren(QWidget, "MMRiskTutorialFrame")


def test_the_sample_project_comes_with_layers_panel_and_tutorial(
    plugin, iface, menu, qtbot, screenshot, note_processes, tmp_path, monkeypatch
):
    import importlib

    from qgis.core import QgsProject

    sample = importlib.import_module(f"{plugin.__module__.rsplit('.', 1)[0]}.gui.sample_project")
    monkeypatch.setattr(sample, "sample_folder", lambda: tmp_path / "city")
    menu("open_sample_project")
    project = QgsProject.instance()
    qtbot.waitUntil(lambda: project.title() == "MMRisk sample city", timeout=120000)
    note_processes()
    assert {layer.name() for layer in project.mapLayers().values()} == {"imagery", "zones", "roads", "crashes"}
    assert all(layer.isValid() for layer in project.mapLayers().values())
    assert (tmp_path / "city" / "sample_city.qgz").is_file()
    qtbot.waitUntil(plugin.panel.isVisible, timeout=5000)
    imagery = project.mapLayersByName("imagery")[0]
    canvas = iface.mapCanvas()
    assert canvas.extent().contains(imagery.extent())
    assert canvas.extent().width() < 3 * imagery.extent().width()
    assert [window.isVisible() for window in tutorials(iface)] == [True]
    qtbot.wait(2500)
    screenshot("sample_project")
    assert [frame.isVisible() for frame in frames(iface)] == [True]


def test_the_tutorial_names_what_the_panel_has(plugin):
    from qgis.PyQt.QtWidgets import QAbstractButton

    plugin_file = Path(sys.modules[plugin.__module__].__file__).resolve()
    text = (plugin_file.parents[1] / "docs" / "tutorial.md").read_text(encoding="utf-8")
    buttons = {button.text().replace("&", "") for button in plugin.panel.findChildren(QAbstractButton)}
    for name in ("Create tiles", "Add", "Join attributes", "Train model", "Open report", "Use this model", "Map risk"):
        assert name in text
        assert name in buttons


def test_unloading_takes_the_tutorial_along(iface):
    from qgis.core import QgsProject
    from qgis.PyQt.QtCore import QCoreApplication, QEvent
    from qgis.utils import loadPlugin, startPlugin, unloadPlugin

    assert unloadPlugin("mmrisk")
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not tutorials(iface)
    assert not frames(iface)
    # For what is tried next in this window.
    QgsProject.instance().clear()
    assert loadPlugin("mmrisk")
    assert startPlugin("mmrisk")
