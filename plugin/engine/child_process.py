"""How the plugin starts child processes: with an environment free of QGIS's, without a window, stoppable as a tree.

QGIS sets variables for its own Python, Qt, GDAL and PROJ. Handed down, they make another Python load QGIS's libraries
and crash, or torch fail beside Qt's DLLs (WinError 1114). OSGEO4W_ROOT goes too: where it is set, QGIS's Python on Windows
looks for its DLLs on a PATH that has them, which that of the child has not; where it is not, it finds them by itself.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess  # nosec B404  # programs of our own choice, never through a shell
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from .installer_variables import is_ignored
from .programs import whole_command, whole_folders

_DROPPED_PREFIXES = (
    *("PYTHON", "PYQGIS", "CONDA", "QT_", "QTWEBENGINE", "QGIS", "OSGEO4W", "O4W_", "DYLD_"),
    *("GDAL_", "PROJ_", "GEOTIFF_", "OGR_", "VSI_", "PDAL_", "GRASS_"),
)
_DROPPED_NAMES = frozenset(
    {
        *("VIRTUAL_ENV", "VIRTUAL_ENV_PROMPT", "__PYVENV_LAUNCHER__", "LD_LIBRARY_PATH", "LD_PRELOAD"),
        *("GISBASE", "GS_LIB", "JPEGMEM", "OPENSSL_ENGINES", "PGEO_DRIVER_TEMPLATE"),
    }
)
_CERTIFICATE_NAMES = frozenset({"SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"})
_SYSTEM_PREFIXES = frozenset({"", "/usr", "/usr/local"})
# A bundle on macOS, and the folders of the installers on Windows, whose variables may have short names (QGIS34~1.15).
_QGIS_FOLDER = re.compile(r"/([^/]*qgis[^/]*\.app|qgis \d[^/]*|qgis\w*~[^/]*|osgeo4w[^/]*)/")


def scrubbed_environment(
    environ: Mapping[str, str], platform: str, *, python_path: str | Path | None = None
) -> dict[str, str]:
    """Return the environment variables for a child process: the user's without what belongs to QGIS.

    Proxies, certificates of the user's own, ``MMRISK_*``, CUDA and locale variables pass through, and of ``PIP_*`` and
    ``UV_*`` what :mod:`plugin.engine.installer_variables` lists. No program is found in the current folder.

    :param environ: the variables of this process.
    :param platform: as in ``sys.platform``. On Windows ``PATH`` is made anew from the system's folders.
    :param python_path: becomes ``PYTHONPATH``, so that the child can import what lies there.
    """
    installations = _qgis_installations(environ)
    child = {
        name: value
        for name, value in environ.items()
        if not _is_dropped(name.upper())
        and not (name.upper() in _CERTIFICATE_NAMES and _belongs_to_qgis(value, installations))
    }
    if platform == "win32":
        child = {name: value for name, value in child.items() if name.upper() != "PATH"}
        child.update(PATH=_windows_system_path(environ), NoDefaultCurrentDirectoryInExePath="1")
    elif "PATH" in child:
        child["PATH"] = ":".join(whole_folders(child["PATH"], platform))
    child.update(PYTHONNOUSERSITE="1", PYTHONUTF8="1", PYTHONUNBUFFERED="1")
    if python_path is not None:
        child["PYTHONPATH"] = str(python_path)
    return child


def popen_options(platform: str) -> dict[str, Any]:
    """Return the ``subprocess.Popen`` options that every child gets: no console window; its own process group."""
    if platform == "win32":
        return {"creationflags": getattr(subprocess, "CREATE_NO_WINDOW", 0x08000000)}
    return {"start_new_session": True}


def ask(
    command: Sequence[str], environ: Mapping[str, str], platform: str, seconds: float, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run a short command in the scrubbed environment, and ``variables``; return its exit code and what it wrote.

    :raises OSError: it cannot be started, or is not named by its whole path.
    :raises subprocess.TimeoutExpired: it took longer than ``seconds``.
    """
    return subprocess.run(  # nosec B603  # no shell; the program is a path of our own
        whole_command(command),
        cwd=Path(command[0]).anchor,  # where neither programs nor libraries nor settings are
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=seconds,
        env={**scrubbed_environment(environ, platform), **variables},
        check=False,
        **popen_options(platform),
    )


def stop_process_tree(process: subprocess.Popen[Any], patience_seconds: float = 5.0) -> None:
    """End a process started with ``popen_options``, and its children; politely, then by force. Wait for its end."""
    if sys.platform == "win32":
        taskkill = Path(os.environ.get("SYSTEMROOT", r"C:\Windows")) / "System32" / "taskkill.exe"
        subprocess.run(  # nosec B603  # no shell; the program is a path of our own
            whole_command([str(taskkill), "/T", "/F", "/PID", str(process.pid)]),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
            **popen_options(sys.platform),
        )
        process.wait()
        return
    _signal_group(process.pid, signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(patience_seconds)
    # The leader may be gone while one of its children ignored the first signal.
    _signal_group(process.pid, signal.SIGKILL)
    process.wait()


def _signal_group(group: int, signal_number: int) -> None:
    # macOS answers "not permitted" for a group of ended processes.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal_number)


def _is_dropped(name: str) -> bool:
    return name in _DROPPED_NAMES or name.startswith(_DROPPED_PREFIXES) or is_ignored(name)


def _qgis_installations(environ: Mapping[str, str]) -> list[str]:
    folders = (environ.get(name, "") for name in ("OSGEO4W_ROOT", "QGIS_PREFIX_PATH", "APPDIR"))
    return [folder for folder in map(_comparable, folders) if folder not in _SYSTEM_PREFIXES]


def _belongs_to_qgis(file: str, installations: Iterable[str]) -> bool:
    path = _comparable(file)
    return bool(_QGIS_FOLDER.search(path + "/")) or any(path.startswith(folder + "/") for folder in installations)


def _comparable(path: str) -> str:
    return path.replace("\\", "/").rstrip("/").lower()


def _windows_system_path(environ: Mapping[str, str]) -> str:
    variables = {name.upper(): value for name, value in environ.items()}
    root = variables.get("SYSTEMROOT", r"C:\Windows")
    folders = (rf"{root}\System32", root, rf"{root}\System32\Wbem", rf"{root}\System32\WindowsPowerShell\v1.0")
    return ";".join(folders)
