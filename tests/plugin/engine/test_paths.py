"""Where the engine's files are, on the three systems."""

from pathlib import Path

import pytest

from plugin.engine.paths import data_folder, engine_requirements_file, environment_interpreter, plugin_root


@pytest.mark.parametrize(
    ("platform", "environ", "expected"),
    [
        ("linux", {"HOME": "/home/ana"}, "/home/ana/.local/share/mmrisk"),
        ("linux", {"HOME": "/home/ana", "XDG_DATA_HOME": "/data"}, "/data/mmrisk"),
        ("linux", {"HOME": "/home/ana", "XDG_DATA_HOME": ""}, "/home/ana/.local/share/mmrisk"),
        ("darwin", {"HOME": "/Users/ana"}, "/Users/ana/Library/Application Support/mmrisk"),
        ("win32", {"LOCALAPPDATA": "C:/Users/Zoë/AppData/Local"}, "C:/Users/Zoë/AppData/Local/mmrisk"),
        ("win32", {"USERPROFILE": "C:/Users/ana"}, "C:/Users/ana/AppData/Local/mmrisk"),
        ("linux", {"HOME": "/home/ana", "MMRISK_HOME": "/scratch/risk"}, "/scratch/risk"),
    ],
)
def test_data_folder_follows_the_system(platform, environ, expected):
    assert data_folder(environ, platform) == Path(expected)


def test_interpreter_of_an_environment():
    assert environment_interpreter(Path("env"), "linux") == Path("env/bin/python")
    assert environment_interpreter(Path("env"), "darwin") == Path("env/bin/python")
    assert environment_interpreter(Path("env"), "win32") == Path("env/Scripts/python.exe")


def test_plugin_root_holds_the_plugin_and_its_requirements():
    assert (plugin_root() / "plugin" / "engine" / "paths.py").is_file()
    assert engine_requirements_file().is_file()
