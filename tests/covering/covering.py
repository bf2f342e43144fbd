"""Notes which lines of the engine and the plugin a process runs, and writes them to the folder MMRISK_COVERAGE at its end.

Whatever starts with an interpreter of the test environments imports this first where the variable is set (``covering.pth``,
see ``.ci/test_environments.py``), so workers, clusters and processes that share tests count too. QGIS windows import it by
PYQGIS_STARTUP. SlipCover instruments only what is asked for, where coverage.py makes the engine's tests half as slow again.
"""

import atexit
import json
import os
import sys
import uuid
from pathlib import Path

sys.path += filter(None, [os.environ.get("MMRISK_COVERAGE_PACKAGES")])

from slipcover import FileMatcher, ImportManager, Slipcover
from slipcover.importer import SlipcoverLoader

ROOT = Path(__file__).resolve().parents[2]
# Code of Windows alone is left out, as no suite runs there. Lines keep their probes for good: to take them out of functions
# that other threads are running ends in a segmentation fault in QGIS now and then.
_lines = Slipcover(d_miss_threshold=2**31 - 1, exclude_also=['if sys.platform == "win32"'])
_end = os._exit


def write():
    """Write what has been run so far."""
    file = Path(os.environ["MMRISK_COVERAGE"], f"{os.getpid()}-{uuid.uuid4().hex}.json")
    file.write_text(json.dumps(_lines.get_coverage()["files"]), encoding="utf-8")


def _write_and_exit(code):
    write()
    _end(code)


# What is started by "python -m" is not imported.
SlipcoverLoader.get_code = lambda loader, name: loader.sci.instrument(loader.orig_loader.get_code(name))
ImportManager(_lines, FileMatcher(sources=[ROOT / "mmrisk_core", ROOT / "plugin"])).__enter__()
atexit.register(write)
# Workers end so, and what is registered is left out then.
os._exit = _write_and_exit
