"""Make a virtual environment and install the engine's requirements into it, with uv or with venv and pip."""

from __future__ import annotations

import subprocess  # nosec B404  # programs of our own choice, never through a shell
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Optional

from ..child_process import ask, scrubbed_environment
from ..errors import EngineEnvironmentCancelledError, EngineEnvironmentError
from ..installer_variables import without_sources
from ..paths import environment_interpreter
from .install_failures import failure_sentence
from .pip_settings import without_pip_files
from .plan import Installation
from .watched_process import ProcessCancelledError, ProcessStalledError, run_watched

Report = Callable[[Optional[float], str], None]

TEMPORARY_FOLDER_NAME = "tmp"
_STALL_SECONDS = 600
_UV_CACHE_SECONDS = 20


@dataclass(frozen=True)
class InstallationStep:
    """One command and what it does, in the user's words. ``has_sources``: packages may come from where the user has set."""

    message: str
    command: tuple[str, ...]
    has_sources: bool = True


def installation_steps(installation: Installation) -> list[InstallationStep]:
    """Return the commands that make the environment, in order."""
    steps = [InstallationStep("Making the engine's Python environment", _make_command(installation))]
    install_packages = _install_command(installation)
    if installation.torch_index:
        # PyTorch alone, by a secure connection and from nowhere else: of these builds no hashes are known.
        command = (*install_packages, "--index-url", installation.torch_index, *installation.torch_pins)
        command += ("--no-config",) if installation.uv else ()
        steps.append(InstallationStep("Installing PyTorch", command, has_sources=False))
    offline = ("--no-index", "--find-links", installation.wheels) if installation.wheels else ()
    locks = [installation.lock_file, *([] if installation.torch_index else [installation.torch_lock_file])]
    files = (word for lock in locks for word in ("--requirement", str(lock)))
    command = (*install_packages, *offline, "--require-hashes", *files)
    steps.append(InstallationStep("Installing the engine's packages (some minutes)", command))
    return steps


def install(installation: Installation, log_file: Path, report: Report, cancelled: Callable[[], bool]) -> None:
    """Run the steps, with their output in ``log_file`` and in ``report``.

    :raises EngineEnvironmentCancelledError: cancelled; all processes are gone.
    :raises EngineEnvironmentError: a step failed or stalled; the sentence names the cure.
    """
    temporary = installation.folder / TEMPORARY_FOLDER_NAME
    environment = scrubbed_environment(installation.host.environ, installation.host.platform)
    # Here, since /tmp is often too small for torch, and so that a silent download can be seen to grow.
    environment.update(TMPDIR=str(temporary), TEMP=str(temporary), TMP=str(temporary))
    python = environment_interpreter(installation.folder, installation.host.platform)
    steps = installation_steps(installation)
    growing_folders = [installation.folder, *_uv_cache(installation)]
    with log_file.open("w", encoding="utf-8") as log:

        def on_line(line: str) -> None:
            log.write(f"{line}\n")
            log.flush()
            report(None, line[:200])

        for number, step in enumerate(steps):
            report(number / (len(steps) + 1), step.message)
            log.write(f"== {step.message}\n")
            with _told_as_sentences(step, log_file):
                finished = run_watched(
                    step.command,
                    environment=environment if step.has_sources else without_sources(environment),
                    # The root, for uv takes settings also from the folders above the current one.
                    working_folder=Path(installation.folder.anchor),
                    on_line=on_line,
                    cancelled=cancelled,
                    growing_folders=growing_folders,
                    stall_seconds=_STALL_SECONDS,
                )
            if finished.exit_code != 0:
                raise EngineEnvironmentError(failure_sentence(step.message, finished, log_file))
            temporary.mkdir(exist_ok=True)  # not earlier: uv makes environments in empty folders only
            if number == 0 and not installation.uv:
                environment = without_pip_files(python, environment, installation.host.platform)


@contextmanager
def _told_as_sentences(step: InstallationStep, log_file: Path) -> Iterator[None]:
    try:
        yield
    except ProcessCancelledError:
        raise EngineEnvironmentCancelledError("Setting up the engine was cancelled.") from None
    except ProcessStalledError:
        raise EngineEnvironmentError(
            f"{step.message}: nothing has arrived for {_STALL_SECONDS // 60} minutes. Check the network and the proxy, "
            f"then try again; finished downloads are kept. Details: {log_file}"
        ) from None
    except FileNotFoundError as error:
        raise EngineEnvironmentError(f"{step.message}: {step.command[0]} is not there. Details: {log_file}") from error


def _make_command(installation: Installation) -> tuple[str, ...]:
    base, folder = installation.base.executable, str(installation.folder)
    if installation.uv:
        return (installation.uv, "venv", "--no-project", "--python", base, folder)
    return (base, "-I", "-m", "venv", folder)


def _install_command(installation: Installation) -> tuple[str, ...]:
    # Wheels only: a package that is built from source runs code of its own, and without a compiler fails obscurely. No
    # dependencies: the locks name them all.
    python = str(environment_interpreter(installation.folder, installation.host.platform))
    what = ("--only-binary", ":all:", "--no-deps")
    if installation.uv:
        return (installation.uv, "pip", "install", "--python", python, *what)
    pip = (python, "-I", "-m", "pip", "--disable-pip-version-check", "--no-input", "install")
    return (*pip, "--progress-bar", "off", *what)


def _uv_cache(installation: Installation) -> list[Path]:
    """Return uv's cache folder, where its downloads grow."""
    if not installation.uv:
        return []
    host = installation.host
    try:
        answer = ask([installation.uv, "cache", "dir"], host.environ, host.platform, _UV_CACHE_SECONDS)
    except (OSError, subprocess.TimeoutExpired):
        return []
    return [Path(answer.stdout.strip())] if answer.returncode == 0 else []
