"""What is done on systems that are not at hand: their files and variables as recorded, and what follows from them.

Each file of ``recorded_layouts/`` says where it is from. What is inferred in it and not recorded says so.
"""

import fnmatch
import json
from pathlib import Path

import pytest

from plugin.engine.child_process import popen_options, scrubbed_environment
from plugin.engine.environment.python_discovery import Host, candidate_commands, find_uv
from plugin.engine.paths import data_folder, environment_interpreter

LAYOUTS = {
    file.stem: json.loads(file.read_text(encoding="utf-8"))
    for file in sorted((Path(__file__).parent / "recorded_layouts").glob("*.json"))
}


@pytest.fixture(params=LAYOUTS)
def layout(request):
    return LAYOUTS[request.param]


def host_of(layout):
    return Host(
        platform=layout["platform"],
        environ=layout["environ"],
        executable=layout["executable"],
        prefix=layout["prefix"],
        base_prefix=layout["prefix"],
        list_files=lambda pattern: [file for file in layout["files"] if fnmatch.fnmatchcase(file, pattern)],
        which=layout["on_path"].get,
    )


def test_the_pythons_that_are_tried_in_order(layout):
    commands = [list(command) for command in candidate_commands(host_of(layout))]
    assert commands == layout["expected"]["candidates"]


def test_uv_is_found_where_its_installer_puts_it(layout):
    assert find_uv(host_of(layout)) == layout["expected"]["uv"]


def test_where_the_engine_goes(layout):
    assert str(data_folder(layout["environ"], layout["platform"])) == layout["expected"]["data_folder"]


def test_no_variable_of_qgis_reaches_the_engine(layout):
    child = scrubbed_environment(layout["environ"], layout["platform"], python_path="plugin")
    own = {"PYTHONNOUSERSITE", "PYTHONUTF8", "PYTHONUNBUFFERED", "PYTHONPATH", "NoDefaultCurrentDirectoryInExePath"}
    assert child["PATH"] == layout["expected"]["path"]
    handed_down = {name for name in child if name not in own}
    assert handed_down - ({"PATH"} if layout["platform"] == "win32" else set()) == set(
        layout["expected"]["handed_down"]
    )


def test_how_it_is_started(layout):
    is_windows = layout["platform"] == "win32"
    assert ("creationflags" in popen_options(layout["platform"])) == is_windows
    assert environment_interpreter(Path("env"), layout["platform"]).name == ("python.exe" if is_windows else "python")
