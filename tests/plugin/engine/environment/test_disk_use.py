"""How large the engine's files are, and that removing them leaves all others alone."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from plugin.engine.child_process import scrubbed_environment
from plugin.engine.environment.disk_use import (
    cache_folder,
    clear_cache,
    measure,
    old_environments,
    remove_old_environments,
)
from plugin.engine.environment.engine_environment import default_spec, find_environment
from plugin.engine.paths import environments_folder, plugin_root


@pytest.fixture
def spec(tmp_path, monkeypatch):
    """Two environments of 10 and 20 bytes, and a cache of 7."""
    spec = replace(default_spec(), data_folder=tmp_path)
    for name, size in (("used", 10), ("old", 20)):
        folder = environments_folder(tmp_path) / name / "bin"
        folder.mkdir(parents=True)
        (folder / "python").write_bytes(b"x" * size)
    cache = tmp_path / "cache"
    (cache / "predictions" / "key").mkdir(parents=True)
    (cache / "predictions" / "key" / "0.safetensors").write_bytes(b"x" * 3)
    (cache / "embeddings.sqlite3").write_bytes(b"x" * 4)
    (cache / "of the user").write_bytes(b"x")
    monkeypatch.setenv("MMRISK_CACHE", str(cache))
    return spec


@pytest.fixture
def python(spec):
    return environments_folder(spec.data_folder) / "used" / "bin" / "python"


def test_sizes_are_told_apart(spec, python):
    use = measure(spec, python)
    assert (use.environment, use.old, use.cache) == (10, 20, 7)


def test_only_environments_that_are_not_in_use_are_removed(spec, python):
    assert [folder.name for folder in old_environments(spec, python)] == ["old"]
    remove_old_environments(spec, python)
    assert python.is_file()
    assert measure(spec, python).old == 0


def test_clearing_the_cache_leaves_other_files(spec, python):
    clear_cache()
    assert measure(spec, python).cache == 0
    assert [file.name for file in Path(os.environ["MMRISK_CACHE"]).iterdir()] == ["of the user"]
    clear_cache()


def test_the_cache_is_where_the_engine_has_it():
    environment = find_environment()
    assert environment is not None, "set up the engine first: python3 -m plugin.engine ensure"
    environs = (
        {"HOME": "/h", "USERPROFILE": "/u"},
        {"MMRISK_CACHE": "/c"},
        {"XDG_CACHE_HOME": "/x", "LOCALAPPDATA": "/l"},
    )
    code = f"""
from mmrisk_core.training.embedding_cache import cache_folder
for platform in ("linux", "darwin", "win32"):
    for environ in {environs!r}:
        print(cache_folder(environ, platform))
"""
    told = subprocess.run(
        [str(environment.python), "-c", code],
        env=scrubbed_environment(os.environ, sys.platform, python_path=plugin_root()),
        capture_output=True,
        text=True,
        check=True,
    )
    expected = [str(cache_folder(environ, name)) for name in ("linux", "darwin", "win32") for environ in environs]
    assert told.stdout.splitlines() == expected
