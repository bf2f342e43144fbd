"""Which Pythons are tried on each system, and what is said when none will do."""

import fnmatch
import sys
from dataclasses import replace

import pytest

from plugin.engine.environment.python_discovery import (
    Host,
    PythonFacts,
    candidate_commands,
    find_base_python,
    this_host,
    unsuitability,
)
from plugin.engine.errors import EngineEnvironmentError


def recorded_host(platform, executable, files=(), prefix="", environ=None, on_path=None):
    """A system of which only these files are known."""
    return Host(
        platform=platform,
        environ=environ or {},
        executable=executable,
        prefix=prefix,
        base_prefix=prefix,
        list_files=lambda pattern: [file for file in files if fnmatch.fnmatchcase(file, pattern)],
        which=(on_path or {}).get,
    )


def test_debian_qgis_uses_the_systems_python():
    host = recorded_host(
        "linux", "/usr/bin/python3", ["/usr/bin/python3"], "/usr", {}, {"python3.11": "/opt/python3.11"}
    )
    assert candidate_commands(host) == [("/usr/bin/python3",), ("/opt/python3.11",)]


def test_qgis_itself_is_never_started_on_linux():
    host = recorded_host("linux", "/usr/bin/qgis_process", ["/usr/bin/python3"], "/usr")
    assert candidate_commands(host) == [("/usr/bin/python3",)]


def test_windows_standalone_installer():
    root = r"C:\Program Files\QGIS 3.34.4"
    python = rf"{root}\apps\Python312\python.exe"
    host = recorded_host(
        "win32",
        rf"{root}\bin\qgis-bin.exe",
        [python, rf"{root}\apps\Python312\pythonw.exe"],
        rf"{root}\apps\Python312",
        {"OSGEO4W_ROOT": root},
        {"py": r"C:\Windows\py.exe", "python": r"C:\Python311\python.exe"},
    )
    commands = candidate_commands(host)
    assert commands[0] == (python,)
    assert commands[1] == (r"C:\Windows\py.exe", "-3.14")
    assert commands[-1] == (r"C:\Python311\python.exe",)
    assert not any("qgis-bin" in command[0] for command in commands)


@pytest.mark.parametrize(
    "python",
    [
        "/Applications/QGIS-LTR.app/Contents/MacOS/bin/python3",
        "/Applications/QGIS-LTR.app/Contents/MacOS/python3.12",
        "/Applications/QGIS-LTR.app/Contents/Frameworks/bin/python3",
        "/Applications/QGIS-LTR.app/Contents/Frameworks/Python.framework/Versions/3.12/bin/python3",
    ],
)
def test_macos_bundle_layouts_come_before_other_pythons(python):
    executable = "/Applications/QGIS-LTR.app/Contents/MacOS/QGIS-LTR"
    homebrew = "/opt/homebrew/bin/python3.13"
    host = recorded_host("darwin", executable, [executable, python, homebrew], "/Applications/QGIS-LTR.app/Contents")
    assert candidate_commands(host) == [(python,), (homebrew,)]


def facts(**changes):
    usual = {"executable": "python", "version": (3, 11), "bits": 64, "machine": "x86_64", "broken": ()}
    return PythonFacts(**{**usual, **changes})


@pytest.mark.parametrize(
    ("changes", "platform", "problem"),
    [
        ({}, "linux", None),
        ({"version": (3, 10)}, "linux", None),
        ({"version": (3, 14)}, "linux", None),
        ({"version": (3, 9)}, "linux", "is Python 3.9"),
        ({"version": (3, 15)}, "linux", "is Python 3.15"),
        ({"bits": 32}, "win32", "is a 32-bit Python"),
        ({"machine": "arm64"}, "darwin", None),
        ({}, "darwin", "is a Python for Intel Macs, for which PyTorch is no longer made"),
        ({"broken": ("ensurepip",)}, "linux", "is Python 3.11 without its standard module ensurepip"),
    ],
)
def test_what_makes_a_python_unsuitable(changes, platform, problem):
    assert unsuitability(facts(**changes), platform, uv_available=False) == problem


def test_uv_needs_neither_venv_nor_ensurepip():
    assert unsuitability(facts(broken=("venv", "ensurepip")), "linux", uv_available=True) is None


def test_the_running_python_is_found():
    host = replace(this_host(), executable=sys.executable)
    found = find_base_python(host, uv_available=True)
    assert found.version >= (3, 10)


BUNDLED = """#!/bin/sh
case "$*" in
*"-m venv"*)
    echo "Fatal Python error: init_fs_encoding: failed to get the Python codec of the filesystem encoding" >&2
    echo "ModuleNotFoundError: No module named 'encodings'" >&2
    echo "<no Python frame>" >&2
    exit 1 ;;
*) echo '{{"executable": "{path}", "version": [3, 12], "bits": 64, "machine": "arm64", "broken": []}}' ;;
esac
"""


def test_a_python_whose_environments_do_not_work_is_passed_over(tmp_path):
    """As in the bundles of QGIS 4 on macOS, which start and then look for their library where they were built."""
    bundled = tmp_path / "python3.12"
    bundled.write_text(BUNDLED.format(path=bundled))
    bundled.chmod(0o755)
    host = recorded_host("linux", str(bundled), on_path={"python3.11": sys.executable})
    assert find_base_python(host, uv_available=False).executable != str(bundled)
    alone = recorded_host("linux", str(bundled))
    with pytest.raises(
        EngineEnvironmentError, match=r"makes environments that do not work .*No module named 'encodings'"
    ):
        find_base_python(alone, uv_available=False)


def test_a_mac_with_apple_silicon_is_told_of_a_native_python(tmp_path):
    intel = tmp_path / "python3.12"
    intel.write_text(BUNDLED.replace("arm64", "x86_64").format(path=intel))
    intel.chmod(0o755)
    host = recorded_host("darwin", str(intel))
    with pytest.raises(EngineEnvironmentError, match=r"Intel Macs.*brew install python@3.12"):
        find_base_python(host, uv_available=False)


def test_without_a_python_the_sentence_says_what_was_tried_and_the_cure():
    host = recorded_host("linux", "", [], "", {}, {"python3.12": "/nowhere/python3.12"})
    with pytest.raises(EngineEnvironmentError) as caught:
        find_base_python(host, uv_available=False)
    sentence = str(caught.value)
    assert "64-bit Python 3.10 to 3.14" in sentence
    assert "/nowhere/python3.12 cannot be started (No such file or directory)" in sentence
    assert "sudo apt install python3 python3-venv" in sentence


@pytest.mark.parametrize(
    ("platform", "environ", "cure"),
    [
        ("win32", {}, "python.org"),
        ("darwin", {}, "brew install"),
        ("linux", {"FLATPAK_ID": "org.qgis.qgis"}, "sandbox"),
    ],
)
def test_the_cure_fits_the_system(platform, environ, cure):
    with pytest.raises(EngineEnvironmentError, match=cure):
        find_base_python(recorded_host(platform, "", environ=environ), uv_available=False)
