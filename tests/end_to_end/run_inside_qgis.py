"""Runs pytest inside a QGIS window, so that tests see the real ``iface`` and pytest-qt drives the real event loop."""

import sys
import traceback
from pathlib import Path

import pytest
from qgis.PyQt.QtCore import QTimer
from qgis.utils import iface


def start(targets, result, close):
    """Run the tests in these files once QGIS is up, write exit code to ``result``, and close QGIS if asked to."""

    def run():
        fill_screen()
        try:
            code = int(pytest.main([*targets, "-p", "no:cacheprovider", "-x", "--override-ini=addopts="]))
            text = f"{code}\n"
            sys.stdout.flush()
        except BaseException:
            text = traceback.format_exc()
        if "covering" in sys.modules:
            # How QGIS ends is not left to Python.
            sys.modules["covering"].write()
        part = Path(result).with_suffix(".part")
        part.write_text(text)
        part.replace(result)
        if close:
            QTimer.singleShot(0, close_qgis)

    iface.initializationCompleted.connect(lambda: QTimer.singleShot(0, run))


def fill_screen():
    """There is no window manager that would do it, and from QGIS 3.40 on a new profile's window is small."""
    window = iface.mainWindow()
    window.showNormal()
    window.setGeometry(window.screen().availableGeometry())


def close_qgis():
    """Close QGIS as a user does; with an empty project it does not ask about unsaved changes and temporary layers."""
    from qgis.core import QgsProject

    QgsProject.instance().clear()
    QgsProject.instance().setDirty(False)
    iface.actionExit().trigger()
