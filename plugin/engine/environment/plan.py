"""Decide, before anything is written, with which Python, installer and build of torch the environment is made."""

from __future__ import annotations

import ssl
import subprocess  # nosec B404  # programs of our own choice, never through a shell
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..child_process import ask
from ..errors import EngineEnvironmentError
from ..installer_variables import ignored_names
from ..paths import environments_folder
from .python_discovery import BasePython, Host, find_base_python, find_uv
from .requirements import Requirement, environment_key, read_lock, read_requirements

PYTORCH_INDEX = "https://download.pytorch.org/whl"
_CPU_INDEX = f"{PYTORCH_INDEX}/cpu"
_CUDA_INDEX = f"{PYTORCH_INDEX}/cu130"
_TORCH_PACKAGES = ("torch", "torchvision")
_INDEX_SECONDS = 5
_GPU_SECONDS = 20


@dataclass(frozen=True)
class EnvironmentSpec:
    """What the environment is made of and where.

    ``requirements_file`` says what the engine imports, the two locks what is installed for it.
    """

    requirements_file: Path
    lock_file: Path
    torch_lock_file: Path
    data_folder: Path
    plugin_root: Path
    host: Host

    def pins(self) -> tuple[str, ...]:
        """Return every package and its version."""
        return read_lock(self.lock_file) + read_lock(self.torch_lock_file)


@dataclass(frozen=True)
class Installation:
    """All that is decided before the first command runs; ``decisions`` says why, in sentences.

    ``variant`` is the build of torch: ``cuda`` or ``cpu``.
    """

    folder: Path
    variant: str
    base: BasePython
    host: Host
    lock_file: Path
    torch_lock_file: Path
    torch_pins: tuple[str, ...]
    torch_index: str | None
    uv: str | None
    wheels: str | None
    decisions: tuple[str, ...]


def plan_installation(spec: EnvironmentSpec, variant: str) -> Installation:
    """Look at the machine and decide. Starts Pythons to try them, and asks PyTorch's index whether it is there.

    :raises EngineEnvironmentError: no suitable Python, or no such wheel folder.
    """
    host = spec.host
    requirements = read_requirements(spec.requirements_file)
    uv = find_uv(host)
    base = find_base_python(host, uv is not None)
    decisions = [
        "Base Python {}.{}: {}".format(*base.version, base.executable),
        f"Installer: {uv}" if uv else "Installer: pip (uv is not there)",
        "NVIDIA GPU: " + ("found" if variant == "cuda" else "none found"),
    ]
    ignored = ignored_names(host.environ)
    if ignored:
        decisions.append(f"Not handed on, as they may change what is installed, or where: {', '.join(ignored)}")
    wheels = host.environ.get("MMRISK_WHEELS")
    if wheels:
        if not Path(wheels).is_dir():
            raise EngineEnvironmentError(f"The wheel folder {wheels} (variable MMRISK_WHEELS) does not exist.")
        wheels = str(Path(wheels).absolute())
        decisions.append(f"Packages: from the wheel folder {wheels}, without a network")
    pins = torch_pins(requirements, base.version)
    index = torch_index(host.platform, variant) if pins and not wheels else None
    if index and not index_answers(index, host.environ):
        consequence = "which cannot use the GPU" if variant == "cuda" else "a larger download with the same results"
        decisions.append(f"{index} does not answer: the default index's PyTorch is used, {consequence}")
        index = None
    if index:
        decisions.append(
            f"PyTorch: from {index}, whose builds are not in the lock: they come without a check of hashes"
        )
    return Installation(
        folder=environments_folder(spec.data_folder) / environment_key(spec.pins(), base.version, variant),
        variant=variant,
        base=base,
        host=host,
        lock_file=spec.lock_file,
        torch_lock_file=spec.torch_lock_file,
        torch_pins=pins,
        torch_index=index,
        uv=uv,
        wheels=wheels,
        decisions=tuple(decisions),
    )


def torch_variant(host: Host) -> str:
    """Return ``cuda`` if an NVIDIA GPU answers on this machine, else ``cpu``."""
    nvidia_smi = host.which("nvidia-smi")
    if host.platform == "darwin" or nvidia_smi is None:
        return "cpu"
    try:
        answer = ask([nvidia_smi, "-L"], host.environ, host.platform, _GPU_SECONDS)
    except (OSError, subprocess.TimeoutExpired):
        return "cpu"
    return "cuda" if answer.returncode == 0 and answer.stdout.startswith("GPU ") else "cpu"


def torch_index(platform: str, variant: str) -> str | None:
    """Return PyTorch's own index where the default one has the other variant, else None.

    The default index's torch is built for CUDA 13.0 on Linux and for the CPU on Windows; on macOS there is only one.
    """
    return {("win32", "cuda"): _CUDA_INDEX, ("linux", "cpu"): _CPU_INDEX}.get((platform, variant))


def index_answers(index: str, environ: Mapping[str, str]) -> bool:
    """Whether a package index answers soon. Honours the system's proxies, and the proxy and certificates of ``environ``."""
    proxies = urllib.request.getproxies()
    proxies.update((name[:-6].lower(), value) for name, value in environ.items() if name.upper().endswith("S_PROXY"))
    handlers: list[urllib.request.BaseHandler] = [urllib.request.ProxyHandler(proxies)]
    try:
        if environ.get("PIP_CERT"):
            handlers.append(urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=environ["PIP_CERT"])))
        with urllib.request.build_opener(*handlers).open(f"{index}/torch/", timeout=_INDEX_SECONDS) as response:
            return bool(response.status == 200)
    except (OSError, ValueError):  # ValueError: a proxy setting that is no address
        return False


def torch_pins(requirements: Sequence[Requirement], python_version: tuple[int, int]) -> tuple[str, ...]:
    """Return torch and torchvision as pinned for this Python."""
    return tuple(
        f"{requirement.name}=={requirement.version}"
        for requirement in requirements
        if requirement.name in _TORCH_PACKAGES and requirement.applies_to(python_version)
    )


def gigabytes_needed(installation: Installation) -> int:
    """Return the disk space that the installation takes at its largest: CUDA's libraries are most of it."""
    if installation.torch_index:
        return 7 if installation.torch_index == _CUDA_INDEX else 2
    default_is_cuda = installation.host.platform == "linux" and installation.torch_pins
    return 7 if default_is_cuda else 2
