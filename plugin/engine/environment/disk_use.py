"""What the engine keeps on the disk: its environments and its cache, how large they are, and their removal."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..errors import EngineEnvironmentError
from ..paths import environments_folder
from .engine_environment import EnvironmentSpec
from .lock import exclusive_lock
from .watched_process import tree_size

_CACHED = ("embeddings.sqlite3", "embeddings.sqlite3-journal", "predictions")


@dataclass(frozen=True)
class DiskUse:
    """Bytes of what the engine keeps; ``old`` are environments other than the one in use."""

    environment: int
    old: int
    cache: int


def measure(spec: EnvironmentSpec, python: Path | None) -> DiskUse:
    """Add up the files; takes seconds, so never in the window's thread.

    :param spec: says where the environments are.
    :param python: the interpreter in use; None where there is none.
    """
    old = old_environments(spec, python)
    every = sum(map(tree_size, _environments(spec)))
    unused = sum(map(tree_size, old))
    cache = sum(_size(path) for path in cached_paths(os.environ, sys.platform))
    return DiskUse(every - unused, unused, cache)


def old_environments(spec: EnvironmentSpec, python: Path | None) -> list[Path]:
    """The environments of the plugin's own that ``python`` does not lie in."""
    return [folder for folder in _environments(spec) if python is None or folder not in python.parents]


def remove_old_environments(spec: EnvironmentSpec, python: Path | None) -> None:
    """Remove the environments that are not in use; waits for one that is being made.

    :raises EngineEnvironmentError: one of them cannot be removed, as it is in use by another program.
    """
    environments = environments_folder(spec.data_folder)
    if not environments.is_dir():
        return
    try:
        with exclusive_lock(environments / "build.lock", lambda: None, lambda: False):
            for folder in old_environments(spec, python):
                shutil.rmtree(folder)
    except OSError as error:
        raise EngineEnvironmentError(
            f"{error.filename} cannot be removed ({error.strerror}). Close other QGIS windows and notebooks, then try again."
        ) from error


def clear_cache() -> None:
    """Remove embeddings and kept predictions; all of it can be computed again.

    :raises EngineEnvironmentError: a file is in use or may not be removed.
    """
    for path in cached_paths(os.environ, sys.platform):
        try:
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        except OSError as error:
            raise EngineEnvironmentError(
                f"{error.filename} cannot be removed ({error.strerror}). Wait for the engine to finish, then try again."
            ) from error


def cache_folder(environ: Mapping[str, str], platform: str) -> Path:
    """The folder of the engine's cache (not created), as ``mmrisk_core`` finds it; a test holds both together."""
    chosen = environ.get("MMRISK_CACHE")
    if chosen:
        return Path(chosen).expanduser()
    home = Path(environ.get("USERPROFILE" if platform == "win32" else "HOME") or Path.home())
    if platform == "win32":
        return Path(environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "mmrisk" / "cache"
    if platform == "darwin":
        return home / "Library" / "Caches" / "mmrisk"
    return Path(environ.get("XDG_CACHE_HOME") or home / ".cache") / "mmrisk"


def cached_paths(environ: Mapping[str, str], platform: str) -> list[Path]:
    """What the engine keeps in its cache folder; nothing else there is touched."""
    return [cache_folder(environ, platform) / name for name in _CACHED]


def _environments(spec: EnvironmentSpec) -> list[Path]:
    folder = environments_folder(spec.data_folder)
    return [entry for entry in folder.iterdir() if entry.is_dir() and not entry.is_symlink()] if folder.is_dir() else []


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else tree_size(path)
