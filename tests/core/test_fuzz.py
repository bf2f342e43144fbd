"""A short run of the fuzzer in ``tests/fuzz``, in a process of its own, as it watches what the process does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mmrisk_core.errors import MMRiskError
from mmrisk_core.jobs import make_job

RUN = Path(__file__).resolve().parents[1] / "fuzz" / "run.py"


@pytest.mark.slow
def test_nothing_broken_gets_through():
    finished = subprocess.run(
        [sys.executable, str(RUN), "500", "7"],
        capture_output=True,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        timeout=300,
    )
    assert finished.returncode == 0, finished.stderr[-3000:]
    assert "| model_files | 200 |" in finished.stdout
    assert "loaded" in finished.stdout
    assert "refused" in finished.stdout


@pytest.mark.parametrize("name", ["a\x00b", "\ud800"])
def test_texts_that_no_file_can_be_called_are_refused(name):
    with pytest.raises(MMRiskError, match="'output' of 'tiles' holds a character that no file"):
        make_job("tiles", {"output": name})
    with pytest.raises(MMRiskError, match="holds a character that no file"):
        make_job("tiles", json.loads(json.dumps({"output": "a", "input": {"path": name}})))
    with pytest.raises(MMRiskError, match="holds a character that no file"):
        make_job("tiles", {"output": "a", name: 1})


def test_numbers_that_are_not_finite_are_refused():
    with pytest.raises(MMRiskError, match="'tile_size' of 'tiles' does not fit"):
        make_job("tiles", {"output": "a", "tile_size": float("nan")})
