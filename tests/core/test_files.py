"""Outputs are whole or not there, and what was left by a killed process goes with the next run."""

import shutil
import subprocess
import sys
from types import SimpleNamespace

import pytest

from mmrisk_core.errors import Cancelled, MMRiskError
from mmrisk_core.files import atomic_write

KILLED = """
import os, signal, sys
from mmrisk_core.files import atomic_write
with atomic_write(sys.argv[1]) as part:
    part.write_text("half")
    part.with_suffix(".gpkg-journal").write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="what is left behind stays on Windows")
def test_what_a_killed_process_left_goes_with_the_next_run(tmp_path):
    others = [
        tmp_path / name for name in (".risk.gpkg", ".risk.0f0f0f0f-1-ab.part.gpkg", ".risky.part.gpkg", "a.part.gpkg")
    ]
    for other in others:
        other.touch()
    subprocess.run([sys.executable, "-c", KILLED, str(tmp_path / "risk.gpkg")], check=False)
    assert len(list(tmp_path.iterdir())) == len(others) + 2
    with atomic_write(tmp_path / "risk.gpkg") as part:
        part.write_text("whole")
    assert {file.name for file in tmp_path.iterdir()} == {"risk.gpkg", *(other.name for other in others)}


def test_a_run_leaves_the_file_of_another_that_goes_on(tmp_path):
    path = tmp_path / "risk.gpkg"
    with atomic_write(path) as first:
        first.write_text("first")
        with atomic_write(path) as second:
            second.write_text("second")
        assert first.read_text() == "first"
    assert path.read_text() == "first"


def test_a_failure_leaves_nothing(tmp_path):
    def fail():
        with atomic_write(tmp_path / "risk.gpkg") as part:
            part.write_text("half")
            raise MMRiskError("no")

    with pytest.raises(MMRiskError, match="no"):
        fail()
    assert not list(tmp_path.iterdir())


def test_what_fails_on_a_full_disk_says_so(tmp_path, monkeypatch):
    def fail(error):
        with atomic_write(tmp_path / "out.gpkg") as part:
            part.write_bytes(b"half")
            raise error

    with pytest.raises(ValueError, match="no such table"):
        fail(ValueError("no such table"))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=4096))
    with pytest.raises(MMRiskError, match=r"The disk of .* is full, so out.gpkg was not written"):
        fail(ValueError("no such table"))
    with pytest.raises(Cancelled):
        fail(Cancelled())
    assert list(tmp_path.iterdir()) == []
