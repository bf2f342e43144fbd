"""Verify that a Python can run the engine, by asking it: every package imports, and torch computes."""

from __future__ import annotations

import json
import subprocess  # nosec B404  # programs of our own choice, never through a shell
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable

from ..child_process import ask, scrubbed_environment
from ..errors import EngineEnvironmentCancelledError, EngineEnvironmentError
from .probe import ANSWER_PREFIX
from .python_discovery import NEWEST_PYTHON, OLDEST_PYTHON
from .requirements import Requirement
from .watched_process import ProcessCancelledError, ProcessStalledError, run_watched

_PROBE_SCRIPT = Path(__file__).with_name("probe.py")
_VERSION_SCRIPT = "import sys; sys.stdout.write('{} {}'.format(*sys.version_info[:2]))"
_VERSION_SECONDS = 60
# The first import of a fresh torch under a virus scanner takes minutes.
_SILENT_SECONDS = 600


@dataclass(frozen=True)
class VerifiedPython:
    """A Python in which every package of the engine imports and torch computed."""

    python: Path
    version: tuple[int, int]
    site_packages: Path
    versions: Mapping[str, str]
    torch_build: str
    device_summary: str


def verify_interpreter(
    python: Path,
    requirements: Sequence[Requirement],
    environ: Mapping[str, str],
    platform: str,
    cancelled: Callable[[], bool],
) -> VerifiedPython:
    """Run the checks in ``python`` with the environment variables that the engine will have.

    :raises EngineEnvironmentCancelledError: cancelled.
    :raises EngineEnvironmentError: it does not start, is too old, or a package is missing, too old or does not load; the
        sentence names each package and the cure.
    """
    version = _python_version(python, environ, platform)
    if version < OLDEST_PYTHON:
        raise EngineEnvironmentError(
            f"{python} is Python {version[0]}.{version[1]}; the engine needs Python {OLDEST_PYTHON[0]}."
            f"{OLDEST_PYTHON[1]} to {NEWEST_PYTHON[0]}.{NEWEST_PYTHON[1]}. Choose another interpreter."
        )
    request = [
        {"name": requirement.name, "module": requirement.module, "version": requirement.version}
        for requirement in requirements
        if requirement.applies_to(version)
    ]
    answer = _probe(python, request, scrubbed_environment(environ, platform), cancelled)
    if answer["problems"]:
        raise EngineEnvironmentError(problems_sentence(python, answer["problems"]))
    return VerifiedPython(
        python=python,
        version=version,
        site_packages=Path(answer["site_packages"]),
        versions=answer["versions"],
        torch_build=answer["torch_build"],
        device_summary=answer["device_summary"],
    )


def problems_sentence(python: Path, problems: Sequence[Mapping[str, str]]) -> str:
    """Name every package that is missing, too old or broken, and the cure."""
    missing = [f"{problem['name']}=={problem['detail']}" for problem in problems if problem["kind"] == "missing"]
    old = [f"{problem['name']} ({problem['detail']})" for problem in problems if problem["kind"] == "old"]
    broken = [f"{problem['name']} ({problem['detail']})" for problem in problems if problem["kind"] == "broken"]
    clauses = [
        f"{verb} {', '.join(names)}"
        for verb, names in (("it lacks", missing), ("it has too old", old), ("it fails to load", broken))
        if names
    ]
    sentence = f"{python} cannot run the MMRisk engine: {'; '.join(clauses)}."
    if any("WinError 1114" in name or "WinError 126" in name for name in broken):
        return (
            f"{sentence} Install the Microsoft Visual C++ Redistributable (x64, 2015-2022) from Microsoft's site, "
            "restart the computer, and try again."
        )
    if missing or old:
        return f"{sentence} Install these packages into it, or let MMRisk make its own environment."
    return f"{sentence} Let MMRisk make its own environment, or repair this one."


def _python_version(python: Path, environ: Mapping[str, str], platform: str) -> tuple[int, int]:
    try:
        finished = ask([str(python), "-I", "-c", _VERSION_SCRIPT], environ, platform, _VERSION_SECONDS)
        major, minor = map(int, finished.stdout.split())
    except subprocess.TimeoutExpired:
        problem = f"it did not answer within {_VERSION_SECONDS} seconds"
    except OSError as error:
        problem = error.strerror or str(error)
    except ValueError:
        problem = (finished.stderr.strip().splitlines() or ["it told no version"])[-1]
    else:
        return major, minor
    raise EngineEnvironmentError(f"{python} is not a working Python interpreter: {problem}. Choose another one.")


def _probe(
    python: Path, request: list[dict[str, str]], environment: Mapping[str, str], cancelled: Callable[[], bool]
) -> dict[str, Any]:
    try:
        finished = run_watched(
            [str(python), "-I", "-X", "utf8", str(_PROBE_SCRIPT), json.dumps(request)],
            environment=environment,
            working_folder=_PROBE_SCRIPT.parent,
            on_line=lambda _line: None,
            cancelled=cancelled,
            growing_folders=(),
            stall_seconds=_SILENT_SECONDS,
        )
    except ProcessCancelledError:
        raise EngineEnvironmentCancelledError("Verifying the engine's Python was cancelled.") from None
    except ProcessStalledError:
        raise EngineEnvironmentError(
            f"{python} did not load the engine's packages within {_SILENT_SECONDS // 60} minutes. Restart the "
            "computer, check your virus scanner, and try again."
        ) from None
    # Not simply the last line: a library may write another one as it is unloaded.
    answer = next((line for line in reversed(finished.last_lines) if line.startswith(ANSWER_PREFIX)), None)
    if answer is None:
        last_line = (finished.last_lines or ("it said nothing",))[-1]
        raise EngineEnvironmentError(
            f"{python} stopped while loading the engine's packages (exit code {finished.exit_code}): {last_line}. Let "
            "MMRisk make its environment anew, or choose another interpreter."
        )
    return dict(json.loads(answer[len(ANSWER_PREFIX) :]))
