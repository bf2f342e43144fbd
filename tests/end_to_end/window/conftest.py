"""What tests inside a QGIS window share."""

import os
import sys
import threading
import time
import traceback
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def iface():
    from qgis.utils import iface

    return iface


@pytest.fixture(scope="module")
def plugin():
    """Of each file, as the one before may have loaded it anew."""
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
def open_project(iface, sample_folder):
    """Bring the sample city's imagery and roads to the canvas."""

    def open_layers():
        from qgis.core import QgsProject, QgsRasterLayer, QgsVectorLayer

        project = QgsProject.instance()
        imagery = QgsRasterLayer(str(sample_folder / "city" / "imagery.tif"), "imagery")
        roads = QgsVectorLayer(str(sample_folder / "city" / "roads.gpkg"), "roads", "ogr")
        project.addMapLayers([imagery, roads])
        project.setCrs(imagery.crs())
        iface.mapCanvas().setExtent(imagery.extent())
        iface.mapCanvas().refresh()
        return project

    return open_layers


@pytest.fixture(scope="session")
def opened_project(open_project):
    """The sample city's imagery and roads on the canvas."""
    return open_project()


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


class EventLoop:
    """How long QGIS's event loop stands still, and in what."""

    # Worth a look at what is being done; how long it stands still on a quiet machine is noted, and hangs on the machine.
    NOTABLE = 0.1
    # Whoever lets the loop run lets it beat more often than this, however busy the machine.
    FEWEST_BEATS = 10

    def __init__(self):
        from qgis.PyQt.QtCore import QTimer

        self._timer = QTimer()
        self._timer.setInterval(5)
        self._timer.timeout.connect(self._beat)
        self._timer.start()
        self._main = threading.get_ident()
        self._runs = True
        self.start()
        threading.Thread(target=self._watch, daemon=True).start()

    def start(self):
        """Forget what was."""
        self._last, self.longest, self.stack, self._seen = time.monotonic(), 0.0, "", ""
        self.beats = 0

    def stop(self):
        self._timer.stop()
        self._runs = False

    def _beat(self):
        now = time.monotonic()
        self.beats += 1
        if now - self._last > self.longest:
            self.longest, self.stack = now - self._last, self._seen
        self._last, self._seen = now, ""

    def _watch(self):
        while self._runs:
            time.sleep(0.02)
            if time.monotonic() - self._last > self.NOTABLE:
                self._seen = "".join(traceback.format_stack(sys._current_frames()[self._main])[-6:])


@pytest.fixture
def event_loop():
    loop = EventLoop()
    yield loop
    loop.stop()


@pytest.fixture(scope="session")
def note_wait():
    """Keep the longest wait of the event loop as a product of the tests, and check that the loop ran meanwhile."""

    def note(name, loop):
        file = Path(os.environ["MMRISK_WINDOW_PRODUCTS"]) / "event_loop.txt"
        others = (
            [line for line in file.read_text().splitlines() if not line.startswith(f"{name}:")]
            if file.is_file()
            else []
        )
        file.write_text("\n".join(sorted([*others, f"{name}: {1000 * loop.longest:.0f} ms"])) + "\n")
        assert loop.beats >= loop.FEWEST_BEATS, f"{name}\n{loop.stack}"

    return note
