"""Programs are named from the root, so that none is taken from the current folder."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from plugin.engine.child_process import ask, scrubbed_environment
from plugin.engine.environment.python_discovery import SUPPORTED_PYTHONS
from plugin.engine.environment.watched_process import run_watched
from plugin.engine.paths import plugin_root
from plugin.engine.programs import find_program, whole_folders

FAKES = (
    "uv",
    "nvidia-smi",
    "py",
    "python",
    "uname",
    *("python{}.{}".format(*version) for version in SUPPORTED_PYTHONS),
)
LOOK_FOR_ALL = """
import json, sys
from plugin.engine.environment.diagnosis import diagnose
from plugin.engine.environment.engine_environment import default_spec
from plugin.engine.environment.python_discovery import find_base_python
spec = default_spec()
print(json.dumps({**diagnose(spec), "base": find_base_python(spec.host, uv_available=False).executable}))
"""
LOOK_LIKE_WINDOWS = """
import os, sys
from dataclasses import replace
from plugin.engine.environment.plan import torch_variant
from plugin.engine.environment.python_discovery import candidate_commands, find_uv, this_host
host = replace(this_host(), platform="win32")
print(candidate_commands(host), find_uv(host), torch_variant(host))
"""


@pytest.fixture
def folder_of_fakes(tmp_path):
    """A current folder with programs of the names that are looked for; each leaves a file behind when it runs."""
    folder = tmp_path / "sent by somebody"
    (folder / "bin").mkdir(parents=True)
    for place in (folder, folder / "bin"):
        for name in FAKES:
            for file in (place / name, place / f"{name}.exe"):
                file.write_text(f'#!/bin/sh\ntouch "{tmp_path}/ran {name}"\necho GPU 0: fake\n')
                file.chmod(0o755)
    return folder


@pytest.mark.skipif(sys.platform == "win32", reason="fakes are scripts")
@pytest.mark.parametrize("path", [":/usr/bin:/bin", ".:/usr/bin:/bin", "bin:./bin:/usr/bin:/bin", "/usr/bin:/bin:"])
@pytest.mark.parametrize("code", [LOOK_FOR_ALL, LOOK_LIKE_WINDOWS])
def test_nothing_is_taken_from_the_current_folder(folder_of_fakes, code, path):
    environ = {name: value for name, value in os.environ.items() if not name.startswith("MMRISK_")}
    environ.update(PATH=path, PYTHONPATH=str(plugin_root()), MMRISK_HOME=str(folder_of_fakes / "data"))
    command = [sys.executable, "-c", code]
    told = subprocess.run(command, cwd=folder_of_fakes, env=environ, capture_output=True, text=True, check=True).stdout
    assert [file.name for file in folder_of_fakes.parent.glob("ran *")] == []
    assert str(folder_of_fakes / "bin") not in told
    if code == LOOK_FOR_ALL:
        findings = json.loads(told)
        assert (findings["uv"], findings["torch_variant"]) == (None, "cpu")
        assert all(Path(candidate).is_absolute() for candidate in findings["candidates"])


@pytest.mark.parametrize(
    ("platform", "path", "folders"),
    [
        ("linux", "/usr/bin::.:bin:~/bin:/opt/uv/bin:", ["/usr/bin", "/opt/uv/bin"]),
        ("darwin", "", []),
        (
            "win32",
            r'.;;bin;\tools;C:tools;%APPDATA%\uv;"C:\Program Files\uv";\\server\tools',
            [r"C:\Program Files\uv", r"\\server\tools"],
        ),
    ],
)
def test_entries_of_the_path_that_depend_on_the_current_folder_do_not_count(platform, path, folders):
    assert whole_folders(path, platform) == folders


def test_windows_looks_for_programs_that_no_shell_runs():
    looked_at = []
    environ = {"Path": r".;C:\uv;C:\more", "PATHEXT": ".BAT;.EXE"}
    assert find_program("uv", environ, "win32", lambda file: looked_at.append(file)) is None
    assert looked_at == [r"C:\uv\uv.exe", r"C:\more\uv.exe"]
    assert find_program("uv", environ, "win32", lambda file: file.startswith(r"C:\more")) == r"C:\more\uv.exe"


def test_what_cannot_be_started_is_passed_over(tmp_path):
    for name in ("folder", "text", "program"):
        (tmp_path / name).mkdir()
    (tmp_path / "folder" / "tool").mkdir()
    (tmp_path / "text" / "tool").touch(mode=0o644)
    (tmp_path / "program" / "tool").touch(mode=0o755)
    environ = {"PATH": ":".join(str(tmp_path / name) for name in ("folder", "text", "program"))}
    assert find_program("tool", environ, "linux") == str(tmp_path / "program" / "tool")


def test_children_do_not_look_in_the_current_folder_either():
    assert scrubbed_environment({"PATH": ".::bin:/usr/bin"}, "linux")["PATH"] == "/usr/bin"
    assert scrubbed_environment({"Path": "."}, "win32")["NoDefaultCurrentDirectoryInExePath"] == "1"


@pytest.mark.parametrize("name", ["python3", "./python3", "bin/python3"])
def test_a_program_that_is_not_named_from_the_root_is_not_started(name):
    with pytest.raises(FileNotFoundError, match="whole path"):
        ask([name, "-c", ""], os.environ, sys.platform, 10)
    with pytest.raises(FileNotFoundError, match="whole path"):
        run_watched(
            [name],
            environment=os.environ,
            working_folder=plugin_root(),
            on_line=print,
            cancelled=lambda: False,
            growing_folders=(),
            stall_seconds=10,
        )


STARTERS = {
    "subprocess": {"run", "Popen", "call", "check_call", "check_output", "getoutput", "getstatusoutput"},
    "os": {
        "system",
        "popen",
        "startfile",
        *(name for name in dir(os) if name.startswith(("exec", "spawn", "posix_spawn"))),
    },
    "pty": {"spawn"},
    "asyncio": {"create_subprocess_exec", "create_subprocess_shell"},
}
# They look for a program, or start one that they look for: "uname", "ifconfig", "gcc", a browser.
LOOKERS = {
    "shutil": {"which"},
    "platform": {"platform", "processor"},
    "uuid": {"getnode", "uuid1"},
    "util": {"find_library"},
    "webbrowser": {"open"},
}


def calls():
    """Every call in what users run: its file and line, where its function is from, and the call."""
    files = [
        plugin_root() / "__init__.py",
        *(plugin_root() / "plugin").rglob("*.py"),
        *(plugin_root() / "mmrisk_core").rglob("*.py"),
    ]
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                function = node.func
                owner = getattr(
                    getattr(function, "value", None), "id", getattr(getattr(function, "value", None), "attr", "")
                )
                yield (
                    f"{file.relative_to(plugin_root())}:{node.lineno}",
                    owner,
                    getattr(function, "attr", getattr(function, "id", "")),
                    node,
                )


def test_whatever_is_started_is_named_from_the_root():
    started = []
    for place, owner, name, call in calls():
        assert name not in LOOKERS.get(owner, ()), f"{place}: {owner}.{name} looks for a program; use find_program"
        assert name != "QProcess", f"{place}: start programs by plugin/engine/child_process.py"
        if name in STARTERS.get(owner, ()):
            first = call.args[0] if call.args else None
            assert isinstance(first, ast.Call), f"{place}: what is started goes through whole_command"
            assert getattr(first.func, "id", "") == "whole_command", (
                f"{place}: what is started goes through whole_command"
            )
            started.append(place)
    assert len(started) == 4


def test_those_that_start_programs_are_called_by_their_module():
    """So that the calls above are all there are."""
    modules = {*STARTERS, *LOOKERS} - {"os", "platform", "util", "uuid"}
    for file in (*(plugin_root() / "plugin").rglob("*.py"), *(plugin_root() / "mmrisk_core").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.level == 0:
                names = {alias.name for alias in node.names}
                forbidden = STARTERS.get(node.module, set()) | LOOKERS.get(node.module, set())
                assert not names & forbidden, f"{file}: from {node.module} import {names & forbidden}"
            if isinstance(node, ast.Import):
                assert not any(alias.name in modules and alias.asname for alias in node.names), file
