"""Panel and inspector in a dock of 300 pixels, in four languages, on screens of both scales."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize("scale", ["1", "2"])
def test_nothing_is_cut_in_a_narrow_dock(scale):
    finished = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("narrow_windows.py"))],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": scale},
        capture_output=True,
        text=True,
        check=False,
    )
    told = [line for line in finished.stdout.splitlines() if line.startswith("FAULTS ")]
    assert told, finished.stderr
    assert json.loads(told[0].removeprefix("FAULTS ")) == {}
