"""A QGIS application with the plugin's provider, for tests without a window of QGIS itself."""

import json
import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def pytest_sessionfinish(session, exitstatus):
    session.config.exit_status = int(exitstatus)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config):
    """Leave without Python taking QGIS apart.

    It does so in no particular order, and QGIS 3.22 now and then crashes on it, long after every test has been told of.
    How QGIS itself ends is tested in a window of its own (tests/end_to_end/test_window.py).
    """
    if "qgis.core" in sys.modules:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(config.exit_status)


@pytest.fixture(scope="session")
def qgis_application(tmp_path_factory):
    """A running QgsApplication with Processing and MMRisk's provider, in a profile of its own."""
    os.environ["QGIS_CUSTOM_CONFIG_PATH"] = str(tmp_path_factory.mktemp("profile"))
    # The engine's cache of embeddings; the user's own is left alone.
    os.environ["MMRISK_CACHE"] = str(tmp_path_factory.mktemp("cache"))
    os.environ["MMRISK_RESULTS"] = str(tmp_path_factory.mktemp("results") / "MMRisk")
    from qgis.core import QgsApplication, QgsProject, QgsSettings
    from qgis.PyQt.QtCore import QCoreApplication, QEvent, QThreadPool

    QgsApplication.setOrganizationName("MMRiskTests")
    application = QgsApplication([], True)
    application.initQgis()
    sys.path.append(str(Path(QgsApplication.pkgDataPath()) / "python" / "plugins"))
    from processing.core.Processing import Processing

    Processing.initialize()
    QgsSettings().clear()
    from plugin.mmrisk_plugin import MMRiskPlugin

    plugin = MMRiskPlugin(None)
    plugin.initProcessing()
    yield application
    plugin.unload()
    QgsProject.instance().clear()
    # What Qt was told to delete later goes now, while everything it belongs to is still there.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QThreadPool.globalInstance().waitForDone()


@pytest.fixture
def project(qgis_application):
    """The current project, emptied afterwards."""
    from qgis.core import QgsProject

    yield QgsProject.instance()
    QgsProject.instance().clear()


@pytest.fixture(scope="session")
def boston():
    """The folder with the real data of Boston."""
    folder = Path(os.environ.get("MMRISK_TEST_DATA", ROOT.parent / "shared" / "data")) / "boston"
    if not folder.is_dir():
        pytest.skip(f"the real data is not at {folder}; set MMRISK_TEST_DATA to the folder that holds 'boston'")
    return folder


@pytest.fixture(scope="session")
def job_schemas():
    """The JSON schema of every job; ``tests/core/test_cli.py`` holds the file to the engine."""
    return json.loads((ROOT / "resources" / "jobs.json").read_text(encoding="utf-8"))


class RecordingFeedback:
    """A job's feedback that keeps what it was told, and cancels when ``cancel_when`` says so."""

    def __init__(self, cancel_when=lambda fraction, message: False):
        self.reports = []
        self.logs = []
        self.epochs = []
        self.cancelled = False
        self._cancel_when = cancel_when

    def report(self, fraction, message):
        self.reports.append((fraction, message))
        self.cancelled = self.cancelled or self._cancel_when(fraction, message)

    def log(self, message):
        self.logs.append(message)

    def trained(self, epoch):
        self.epochs.append(epoch)

    def is_cancelled(self):
        return self.cancelled


@pytest.fixture
def recording_feedback():
    return RecordingFeedback
