"""What tests inside a QGIS window share."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def iface():
    from qgis.utils import iface

    return iface


@pytest.fixture(scope="session")
def plugin():
    from qgis.utils import plugins

    return plugins["mmrisk"]


@pytest.fixture(scope="session")
def sample_folder():
    return Path(os.environ["MMRISK_WINDOW_SAMPLE"])


@pytest.fixture(scope="session")
def note_processes():
    """Note the process ids of QGIS and of its engine for the test outside."""

    def note():
        from mmrisk.plugin.engine_service import running_engine

        file = Path(os.environ["MMRISK_WINDOW_ENGINE_PID"])
        file.with_suffix(".qgis").write_text(str(os.getpid()))
        part = file.with_suffix(".part")
        part.write_text(str(running_engine().process_id))
        part.replace(file)

    return note


@pytest.fixture
def screenshot(iface):
    def take(name):
        from qgis.PyQt.QtWidgets import QApplication

        QApplication.processEvents()
        assert iface.mainWindow().grab().save(str(Path(os.environ["MMRISK_WINDOW_PRODUCTS"]) / f"{name}.png"))

    return take


@pytest.fixture(scope="session")
def opened_project(iface, sample_folder):
    """The sample city's imagery and roads on the canvas."""
    from qgis.core import QgsProject, QgsRasterLayer, QgsVectorLayer

    imagery = QgsRasterLayer(str(sample_folder / "city" / "imagery.tif"), "imagery")
    roads = QgsVectorLayer(str(sample_folder / "city" / "roads.gpkg"), "roads", "ogr")
    QgsProject.instance().addMapLayers([imagery, roads])
    QgsProject.instance().setCrs(imagery.crs())
    iface.mapCanvas().setExtent(imagery.extent())
    iface.mapCanvas().refresh()
    return QgsProject.instance()


@pytest.fixture
def chosen_model(sample_folder, monkeypatch):
    """The file dialog answers with the sample's model."""
    from qgis.PyQt.QtWidgets import QFileDialog

    model = str(sample_folder / "model.safetensors")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (model, ""))
    return model


@pytest.fixture
def click(plugin, qtbot):
    """Click the toolbar button of an action with the mouse."""

    def click_action(name):
        from qgis.PyQt.QtCore import Qt

        action = next(a for a in plugin.actions if a.objectName() == name)
        qtbot.mouseClick(plugin.toolbar.widgetForAction(action), Qt.MouseButton.LeftButton)

    return click_action
