"""Find a Python from which the engine's environment can be made.

``sys.executable`` is QGIS itself on Windows and macOS, so that the Python beside it has to be looked for.
"""

from __future__ import annotations

import glob
import json
import os
import subprocess  # nosec B404  # programs of our own choice, never through a shell
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath
from typing import Callable

from ..child_process import ask
from ..errors import EngineEnvironmentError
from ..paths import environment_interpreter
from ..programs import find_program

OLDEST_PYTHON = (3, 10)
NEWEST_PYTHON = (3, 14)
SUPPORTED_PYTHONS = tuple((3, minor) for minor in range(NEWEST_PYTHON[1], OLDEST_PYTHON[1] - 1, -1))

_PART = "standard module"
_INTEL = "Intel Macs"
_PROBE_SECONDS = 30
_PROBE = """
import json, platform, struct, sys
broken = []
for name in ("venv", "ensurepip", "ssl"):
    try:
        __import__(name)
    except ImportError:
        broken.append(name)
in_venv = sys.prefix != sys.base_prefix
print(json.dumps({
    "executable": getattr(sys, "_base_executable", sys.executable) if in_venv else sys.executable,
    "version": list(sys.version_info[:2]),
    "bits": 8 * struct.calcsize("P"),
    "machine": platform.machine(),
    "broken": broken,
}))
"""


@dataclass(frozen=True)
class Host:
    """What the search depends on, so that any system's layout can be recorded and replayed.

    ``list_files`` is ``glob.glob``; ``which`` is ``find_program`` on the user's own ``PATH``.
    """

    platform: str
    environ: Mapping[str, str]
    executable: str
    prefix: str
    base_prefix: str
    list_files: Callable[[str], Sequence[str]]
    which: Callable[[str], str | None]


@dataclass(frozen=True)
class PythonFacts:
    """What a started Python says of itself; ``broken`` names the modules that it needs and cannot import."""

    executable: str
    version: tuple[int, int]
    bits: int
    machine: str
    broken: tuple[str, ...]


@dataclass(frozen=True)
class BasePython:
    """A Python that was started and can make the engine's environment."""

    executable: str
    version: tuple[int, int]


def this_host() -> Host:
    """Describe the process we are in."""
    environ = dict(os.environ)
    return Host(
        platform=sys.platform,
        environ=environ,
        executable=sys.executable or "",
        prefix=sys.prefix,
        base_prefix=sys.base_prefix,
        list_files=glob.glob,
        which=partial(find_program, environ=environ, platform=sys.platform),
    )


def candidate_commands(host: Host) -> list[tuple[str, ...]]:
    """Return the commands that may start a suitable Python on this system, best first, without starting any."""
    candidates = {"win32": _windows_candidates, "darwin": _macos_candidates}.get(host.platform, _linux_candidates)
    return list(dict.fromkeys(candidates(host)))


def find_base_python(host: Host, uv_available: bool) -> BasePython:
    """Start the candidates in turn and return the first that is suitable.

    :param host: where to look.
    :param uv_available: uv makes environments by itself, so that ``venv`` and pip's needs don't matter.

    :raises EngineEnvironmentError: there is none; says what was looked at, what was wrong with each, and the cure.
    """
    problems: dict[str, str] = {}
    for command in candidate_commands(host):
        try:
            facts = _probe(command, host)
        except _ProbeError as error:
            problems[" ".join(command)] = str(error)
            continue
        problem = unsuitability(facts, host.platform, uv_available) or _environment_problem(facts, host)
        if problem is None:
            return BasePython(facts.executable, facts.version)
        problems[" ".join(command)] = problem
    raise EngineEnvironmentError(no_python_sentence(problems, host))


def unsuitability(facts: PythonFacts, platform: str, uv_available: bool) -> str | None:
    """Say why a Python that answered the probe cannot be used, or return None if it can."""
    name = "Python {}.{}".format(*facts.version)
    if not OLDEST_PYTHON <= facts.version <= NEWEST_PYTHON:
        return f"is {name}"
    if facts.bits != 64:
        return f"is a {facts.bits}-bit Python"
    if platform == "darwin" and facts.machine == "x86_64":
        return f"is a Python for {_INTEL}, for which PyTorch is no longer made"
    if facts.broken and not uv_available:
        return f"is {name} without its {_PART} {', '.join(facts.broken)}"
    return None


def no_python_sentence(problems: Mapping[str, str], host: Host) -> str:
    """Tell which Pythons were looked at, what was wrong with each, and the cure."""
    looked_at = "; ".join(f"{command} {problem}" for command, problem in problems.items()) or "nothing was there to try"
    return (
        f"No Python was found for the MMRisk engine; it needs a 64-bit Python 3.{OLDEST_PYTHON[1]} to "
        f"3.{NEWEST_PYTHON[1]} that can make virtual environments. Looked at: {looked_at}. {_cure(problems, host)}"
    )


def _cure(problems: Mapping[str, str], host: Host) -> str:
    if "FLATPAK_ID" in host.environ or "SNAP" in host.environ:
        return (
            "QGIS runs in a Flatpak or Snap sandbox, which hides the system's Pythons: make an environment with the "
            "engine's requirements outside of it and choose its interpreter in MMRisk's options."
        )
    if host.platform == "win32":
        return "Install Python 3.12 (64-bit) from python.org for your user, then try again."
    if host.platform == "darwin" and any(_INTEL in problem for problem in problems.values()):
        return (
            "On a Mac with Apple silicon run 'brew install python@3.12', whose Python is no Intel one even where QGIS is, "
            "then try again."
        )
    if host.platform == "darwin":
        return "Install Python 3.12 from python.org or with 'brew install python@3.12', then try again."
    if any(_PART in problem for problem in problems.values()):
        return "On Debian or Ubuntu run 'sudo apt install python3-venv', then try again."
    return "Install Python 3.10 or newer (Debian, Ubuntu: 'sudo apt install python3 python3-venv'), then try again."


def _linux_candidates(host: Host) -> Iterable[tuple[str, ...]]:
    if _is_python(PurePosixPath(host.executable)):
        yield (host.executable,)
    yield from ((file,) for file in host.list_files("/usr/bin/python3"))
    yield from _on_path(host, "python3.{minor}")


def _windows_candidates(host: Host) -> Iterable[tuple[str, ...]]:
    if _is_python(PureWindowsPath(host.executable)):
        yield (host.executable,)
    for prefix in (host.base_prefix, host.prefix):
        yield from ((file,) for file in host.list_files(rf"{glob.escape(prefix)}\python.exe"))
    root = host.environ.get("OSGEO4W_ROOT")
    if root:
        yield from ((file,) for file in host.list_files(rf"{glob.escape(root)}\apps\Python3*\python.exe"))
    # QGIS starts with a PATH of its own, so that what is installed for the user alone has to be looked for.
    programs = [rf"{glob.escape(folder)}\Programs\Python" for folder in _folders(host, "LOCALAPPDATA")]
    launchers = [file for folder in programs for file in host.list_files(rf"{folder}\Launcher\py.exe")]
    for launcher in filter(None, (host.which("py"), *launchers)):
        yield from ((launcher, f"-3.{minor}") for _, minor in SUPPORTED_PYTHONS)
    for folder in (*programs, *map(glob.escape, _folders(host, "ProgramFiles", "ProgramW6432"))):
        yield from ((file,) for file in sorted(host.list_files(rf"{folder}\Python3*\python.exe"), reverse=True))
    # In its bin folder is one that only works with the variables that were dropped.
    yield from (command for command in _on_path(host, "python") if not (root and _is_below(command[0], root)))


def _macos_candidates(host: Host) -> Iterable[tuple[str, ...]]:
    if _is_python(PurePosixPath(host.executable)):
        yield (host.executable,)
    contents = [str(folder) for folder in PurePosixPath(host.executable).parents if folder.name == "Contents"]
    for folder in [*contents, host.base_prefix, host.prefix]:
        start = glob.escape(folder)
        for pattern in (
            f"{start}/MacOS/bin/python3",
            f"{start}/MacOS/python3*",
            f"{start}/Frameworks/bin/python3",
            f"{start}/Frameworks/Python.framework/Versions/3.*/bin/python3",
            f"{start}/bin/python3",
        ):
            yield from ((file,) for file in host.list_files(pattern))
    for _, minor in SUPPORTED_PYTHONS:
        for pattern in (
            f"/opt/homebrew/bin/python3.{minor}",
            f"/usr/local/bin/python3.{minor}",
            f"/Library/Frameworks/Python.framework/Versions/3.{minor}/bin/python3",
        ):
            yield from ((file,) for file in host.list_files(pattern))
    yield from _on_path(host, "python3.{minor}")


def find_uv(host: Host) -> str | None:
    """Return uv's program, also where it is not on the PATH that QGIS was started with; None if it is not there."""
    home = host.environ.get("USERPROFILE" if host.platform == "win32" else "HOME")
    usual = rf"{home}\.local\bin\uv.exe" if host.platform == "win32" else f"{home}/.local/bin/uv"
    places = [usual] if home else []
    if host.platform == "darwin":
        places.append("/opt/homebrew/bin/uv")
    there = (file for place in places for file in host.list_files(glob.escape(place)))
    return host.which("uv") or next(there, None)


def _folders(host: Host, *names: str) -> list[str]:
    variables = {name.upper(): value for name, value in host.environ.items()}
    return list(dict.fromkeys(filter(None, (variables.get(name.upper()) for name in names))))


def _is_below(file: str, folder: str) -> bool:
    return PureWindowsPath(folder) in PureWindowsPath(file).parents


def _on_path(host: Host, name: str) -> Iterable[tuple[str, ...]]:
    found = (host.which(name.format(minor=minor)) for _, minor in SUPPORTED_PYTHONS)
    return ((file,) for file in found if file)


def _is_python(executable: PurePath) -> bool:
    return executable.name.lower().startswith("python")


class _ProbeError(Exception):
    """A candidate said nothing of itself; the message, after the candidate's name, says why."""


def _environment_problem(facts: PythonFacts, host: Host) -> str | None:
    """What is wrong with an environment made from a Python, after its name; None if it works.

    Pythons in bundles may start, and still make environments that look for their library where the bundle was built.
    """
    if "venv" in facts.broken:
        return None
    with tempfile.TemporaryDirectory(prefix="mmrisk-") as folder:
        made = [facts.executable, "-I", "-m", "venv", "--without-pip", folder]
        tried = [str(environment_interpreter(Path(folder), host.platform)), "-I", "-c", "import ssl"]
        try:
            for command in (made, tried):
                finished = ask(command, host.environ, host.platform, _PROBE_SECONDS)
                if finished.returncode != 0:
                    return f"makes environments that do not work ({_last_words(finished)})"
        except (OSError, subprocess.TimeoutExpired) as error:
            return f"makes environments that do not work ({error})"
    return None


def _last_words(finished: subprocess.CompletedProcess[str]) -> str:
    """The line that tells most: of an error at the start of Python the last one does not."""
    lines = finished.stderr.strip().splitlines()
    telling = [line for line in lines if "Error" in line] or lines or [f"exit code {finished.returncode}"]
    return telling[-1][:120]


def _probe(command: tuple[str, ...], host: Host) -> PythonFacts:
    try:
        finished = ask([*command, "-I", "-c", _PROBE], host.environ, host.platform, _PROBE_SECONDS)
    except subprocess.TimeoutExpired:
        raise _ProbeError(f"did not answer within {_PROBE_SECONDS} seconds") from None
    except OSError as error:
        raise _ProbeError(f"cannot be started ({error.strerror or error})") from error
    try:
        facts = json.loads(finished.stdout)
        return PythonFacts(**{**facts, "version": tuple(facts["version"]), "broken": tuple(facts["broken"])})
    except ValueError:
        raise _ProbeError(f"does not run ({_last_words(finished)})") from None
