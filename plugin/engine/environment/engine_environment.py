"""The engine's own Python environment: found if it is there, made if not, never half-made.

Environments live in ``<data folder>/environments/<key>``, where the key is a hash of what goes into them. The marker
file is written last: a folder without one is the rest of an interrupted build and is made anew.
"""

from __future__ import annotations

import itertools
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Callable

from ..errors import EngineEnvironmentCancelledError, EngineEnvironmentError
from ..paths import (
    build_log_file,
    data_folder,
    engine_lock_file,
    engine_requirements_file,
    environment_interpreter,
    environments_folder,
    plugin_root,
    torch_lock_file,
)
from .install import TEMPORARY_FOLDER_NAME, Report, install
from .lock import exclusive_lock
from .marker import Marker, read_marker, write_marker
from .plan import EnvironmentSpec, gigabytes_needed, plan_installation, torch_variant
from .python_discovery import SUPPORTED_PYTHONS, this_host
from .requirements import environment_key, read_requirements
from .verify import VerifiedPython, verify_interpreter

__all__ = [
    "EngineEnvironment",
    "EngineEnvironmentCancelledError",
    "EngineEnvironmentError",
    "EnvironmentSpec",
    "VerifiedPython",
    "default_spec",
    "ensure_environment",
    "find_environment",
    "verify_python",
]

_LOCK_NAME = "build.lock"
_PATH_FILE_NAME = "mmrisk_core.pth"


@dataclass(frozen=True)
class EngineEnvironment:
    """An interpreter for the engine, and what is known of it.

    ``origin`` is ``built`` (the plugin's own), ``variable`` (MMRISK_ENGINE_PYTHON) or ``option`` (the caller's choice).
    An interpreter of the user's that has only been found, not verified, has no versions.
    """

    python: Path
    origin: str
    python_version: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)
    torch_build: str = ""
    device_summary: str = ""
    decisions: Sequence[str] = ()


def default_spec() -> EnvironmentSpec:
    """Return the specification for this user and system."""
    host = this_host()
    return EnvironmentSpec(
        requirements_file=engine_requirements_file(),
        lock_file=engine_lock_file(),
        torch_lock_file=torch_lock_file(),
        data_folder=data_folder(host.environ, host.platform),
        plugin_root=plugin_root(),
        host=host,
    )


def find_environment(
    use_python: str | Path | None = None, *, spec: EnvironmentSpec | None = None
) -> EngineEnvironment | None:
    """Look for a ready environment without building, verifying or starting anything; None if there is none.

    The variable MMRISK_ENGINE_PYTHON wins over ``use_python``, and both over an environment of the plugin's own.
    """
    spec = spec or default_spec()
    chosen = _chosen_python(use_python, spec)
    if chosen is None:
        return next(_ready_environments(spec, ("cuda", "cpu")), None)
    python, origin = chosen
    if not python.is_absolute() or not python.is_file():
        return None
    return _own_environment_of(python, origin, spec) or EngineEnvironment(python, origin)


def ensure_environment(
    report: Report,
    cancelled: Callable[[], bool],
    use_python: str | Path | None = None,
    *,
    spec: EnvironmentSpec | None = None,
) -> EngineEnvironment:
    """Return an environment that runs the engine, making it if need be (some minutes, up to 7 GB).

    :param report: called with a fraction (None: unchanged) and a message.
    :param cancelled: asked several times a second.
    :param use_python: an interpreter of the user's own, which is verified and never changed.
    :param spec: what to make and where; the default is this user's.

    :raises EngineEnvironmentCancelledError: cancelled; the half-made environment has been removed.
    :raises EngineEnvironmentError: a sentence on what went wrong and what to do.
    """
    spec = spec or default_spec()
    chosen = _chosen_python(use_python, spec)
    if chosen is not None:
        python, origin = chosen
        return _own_environment_of(python, origin, spec) or _verified_choice(python, origin, spec, report, cancelled)
    variant = torch_variant(spec.host)
    return _serving_environment(spec, variant) or _build_alone(spec, variant, report, cancelled)


def verify_python(
    path: str | Path, *, cancelled: Callable[[], bool] = lambda: False, spec: EnvironmentSpec | None = None
) -> VerifiedPython:
    """Check an interpreter of the user's own: its version, every package, and a real convolution.

    :raises EngineEnvironmentCancelledError: cancelled.
    :raises EngineEnvironmentError: names everything that is missing, too old or broken in one sentence.
    """
    spec = spec or default_spec()
    if not Path(path).is_absolute():
        raise EngineEnvironmentError(
            f"{path} is not the whole path of a Python, so it would depend on the current folder. Name the interpreter "
            "from the root or the drive on."
        )
    requirements = read_requirements(spec.requirements_file)
    return verify_interpreter(Path(path), requirements, spec.host.environ, spec.host.platform, cancelled)


def _chosen_python(use_python: str | Path | None, spec: EnvironmentSpec) -> tuple[Path, str] | None:
    variable = spec.host.environ.get("MMRISK_ENGINE_PYTHON")
    if variable:
        return Path(variable), "variable"
    return (Path(use_python), "option") if use_python else None


def _verified_choice(
    python: Path, origin: str, spec: EnvironmentSpec, report: Report, cancelled: Callable[[], bool]
) -> EngineEnvironment:
    report(None, f"Verifying {python}")
    verified = verify_python(python, cancelled=cancelled, spec=spec)
    return EngineEnvironment(
        python=verified.python,
        origin=origin,
        python_version="{}.{}".format(*verified.version),
        versions=verified.versions,
        torch_build=verified.torch_build,
        device_summary=verified.device_summary,
    )


def _own_environment_of(python: Path, origin: str, spec: EnvironmentSpec) -> EngineEnvironment | None:
    """Return the environment of an interpreter that the plugin made for these packages: no need to verify it."""
    ready = _ready_environments(spec, ("cuda", "cpu"))
    return next((replace(environment, origin=origin) for environment in ready if environment.python == python), None)


def _ready_environments(spec: EnvironmentSpec, variants: Sequence[str]) -> Iterator[EngineEnvironment]:
    """Yield the complete environments of these packages, the first variant and the newest Python first."""
    pins = spec.pins()
    for variant, version in itertools.product(variants, SUPPORTED_PYTHONS):
        folder = environments_folder(spec.data_folder) / environment_key(pins, version, variant)
        marker = read_marker(folder)
        python = environment_interpreter(folder, spec.host.platform)
        # The base Python goes when QGIS is updated on Windows; its environments then don't start any more.
        if marker and python.is_file() and Path(marker.base_python).is_file() and _is_still(python, marker):
            yield _described(python, marker)


def _is_still(python: Path, marker: Marker) -> bool:
    """Whether the link to the base Python leads to the version it led to: a newer Debian puts another in its place."""
    now = re.fullmatch(r"python(3\.\d+)", python.resolve().name)
    return now is None or now.group(1) == marker.python_version


def _serving_environment(spec: EnvironmentSpec, variant: str) -> EngineEnvironment | None:
    """Return a ready environment that uses this machine's hardware: a GPU added later asks for torch's CUDA build."""
    if variant == "cpu":
        return next(_ready_environments(spec, ("cpu", "cuda")), None)
    with_cuda = (ready for ready in _ready_environments(spec, ("cpu",)) if "CUDA" in ready.torch_build)
    return next(itertools.chain(_ready_environments(spec, ("cuda",)), with_cuda), None)


def _build_alone(
    spec: EnvironmentSpec, variant: str, report: Report, cancelled: Callable[[], bool]
) -> EngineEnvironment:
    """Build under the lock, unless another process has just done so."""
    environments = environments_folder(spec.data_folder)
    try:
        environments.mkdir(parents=True, exist_ok=True)
        with exclusive_lock(
            environments / _LOCK_NAME,
            lambda: report(None, "Another QGIS window is setting up the engine; waiting for it"),
            cancelled,
        ):
            return _serving_environment(spec, variant) or _build(spec, variant, report, cancelled)
    except OSError as error:
        raise EngineEnvironmentError(
            f"The engine's folder {environments} cannot be written: {error.strerror or error}. Set the variable "
            "MMRISK_HOME to a folder of yours with enough space, or free some."
        ) from error


def _build(spec: EnvironmentSpec, variant: str, report: Report, cancelled: Callable[[], bool]) -> EngineEnvironment:
    installation = plan_installation(spec, variant)
    for decision in installation.decisions:
        report(None, decision)
    if installation.folder.exists():
        shutil.rmtree(installation.folder)
    _check_space(spec.data_folder, gigabytes_needed(installation))
    try:
        install(installation, build_log_file(spec.data_folder), report, cancelled)
        report(0.95, "Verifying the engine's packages")
        python = environment_interpreter(installation.folder, spec.host.platform)
        verified = verify_python(python, cancelled=cancelled, spec=spec)
        _make_core_importable(verified.site_packages, spec.plugin_root)
        shutil.rmtree(installation.folder / TEMPORARY_FOLDER_NAME)
        marker = Marker(
            base_python=installation.base.executable,
            python_version="{}.{}".format(*verified.version),
            variant=variant,
            built_at=datetime.now(timezone.utc).isoformat(timespec="seconds"),
            versions=verified.versions,
            torch_build=verified.torch_build,
            device_summary=verified.device_summary,
            decisions=installation.decisions,
        )
        write_marker(installation.folder, marker)
    except BaseException:
        # What a virus scanner keeps open stays behind; without a marker, the next build removes it.
        shutil.rmtree(installation.folder, ignore_errors=True)
        raise
    report(1.0, "The engine is ready")
    return _described(python, marker)


def _check_space(folder: Path, gigabytes: int) -> None:
    free = shutil.disk_usage(folder).free / 1e9
    if free < gigabytes:
        raise EngineEnvironmentError(
            f"The engine needs about {gigabytes} GB in {folder}, but only {free:.1f} GB are free. Free some space, or "
            "set the variable MMRISK_HOME to a folder on a larger disk."
        )


def _make_core_importable(site_packages: Path, root: Path) -> None:
    """Let a notebook on this interpreter import mmrisk_core; for the worker, PYTHONPATH comes first."""
    # A line of code with an ASCII literal, because before 3.13 path files are read in the locale's encoding.
    line = f"import sys; sys.path.append({str(root)!a})\n"
    (site_packages / _PATH_FILE_NAME).write_text(line, encoding="ascii")


def _described(python: Path, marker: Marker) -> EngineEnvironment:
    return EngineEnvironment(
        python=python,
        origin="built",
        python_version=marker.python_version,
        versions=marker.versions,
        torch_build=marker.torch_build,
        device_summary=marker.device_summary,
        decisions=tuple(marker.decisions),
    )
