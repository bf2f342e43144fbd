"""``python -m plugin.engine``: what goes to standard output, what to standard error, and the exit code."""

import json
import os
import subprocess
import sys

import pytest

from plugin.engine.paths import plugin_root


@pytest.fixture
def command(tmp_path):
    """Run one command with an empty data folder."""

    def run(*arguments, **variables):
        kept = {name for name in os.environ if not name.startswith("MMRISK_") or name == "MMRISK_COVERAGE"}
        environ = {name: os.environ[name] for name in kept}
        return subprocess.run(
            [sys.executable, "-m", "plugin.engine", *arguments],
            cwd=plugin_root(),
            env={**environ, "MMRISK_HOME": str(tmp_path / "empty"), **variables},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    return run


def test_status_without_an_environment(command):
    finished = command("status")
    assert (finished.returncode, finished.stdout) == (1, "")
    assert "ensure" in finished.stderr


def test_failure_is_a_sentence_on_standard_error(command, tmp_path):
    finished = command("python", MMRISK_ENGINE_PYTHON=str(tmp_path / "none"))
    assert (finished.returncode, finished.stdout) == (1, "")
    assert "is not a working Python interpreter" in finished.stderr
    assert "Traceback" not in finished.stderr


def test_verify_refuses_a_python_without_the_engines_packages(command):
    finished = command("verify", sys.executable)
    assert (finished.returncode, finished.stdout) == (1, "")
    assert "engine" in finished.stderr


def test_diagnostics_is_json(command, tmp_path):
    findings = json.loads(command("diagnostics").stdout)
    assert findings["data_folder"] == str(tmp_path / "empty")
    assert findings["environment"] is None


def test_the_engine_package_needs_nothing_but_the_standard_library():
    without_site_packages = [sys.executable, "-S", "-c", "import plugin.engine.__main__"]
    subprocess.run(without_site_packages, cwd=plugin_root(), check=True)


@pytest.mark.slow
def test_an_engine_that_is_there_is_told_and_its_interpreter_printed(command):
    from plugin.engine.environment.engine_environment import find_environment

    python = find_environment().python
    home = str(python.parents[3])
    for verb in ("status", "python", "ensure", "verify"):
        finished = command(verb, MMRISK_HOME=home)
        assert (finished.returncode, finished.stdout.strip()) == (0, str(python)), finished.stderr
