"""Where things are: the plugin, the user's data folder, the interpreter inside an environment.

Pure functions of ``platform`` (as in ``sys.platform``) and ``environ`` (as in ``os.environ``), so that every system's
layout can be tested on any system.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path


def plugin_root() -> Path:
    """Return the repository root, which is also the installed plugin's folder."""
    return Path(__file__).resolve().parents[2]


def engine_requirements_file() -> Path:
    """Return the file that pins the engine's dependencies."""
    return plugin_root() / "resources" / "engine-requirements.txt"


def engine_lock_file() -> Path:
    """Return the file that locks every package but PyTorch to one version and its hashes."""
    return plugin_root() / "resources" / "engine-lock.txt"


def torch_lock_file() -> Path:
    """Return the file that does so for PyTorch, as the default index has it, and for what only it needs."""
    return plugin_root() / "resources" / "torch-lock.txt"


def data_folder(environ: Mapping[str, str], platform: str) -> Path:
    """Return the user's MMRisk folder (not created): ``MMRISK_HOME``, else the system's place for local data."""
    chosen = environ.get("MMRISK_HOME")
    if chosen:
        return Path(chosen).expanduser()
    home = Path(environ.get("USERPROFILE" if platform == "win32" else "HOME") or Path.home())
    if platform == "win32":
        parent = Path(environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif platform == "darwin":
        parent = home / "Library" / "Application Support"
    else:
        parent = Path(environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    return parent / "mmrisk"


def environments_folder(data: Path) -> Path:
    """Return the folder that holds one sub-folder for each engine environment."""
    return data / "environments"


def build_log_file(data: Path) -> Path:
    """Return the log of the latest build of an environment."""
    return data / "environment-build.log"


def environment_interpreter(environment: Path, platform: str) -> Path:
    """Return the interpreter inside a virtual environment."""
    if platform == "win32":
        return environment / "Scripts" / "python.exe"
    return environment / "bin" / "python"
