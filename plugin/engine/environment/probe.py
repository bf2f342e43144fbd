"""Check a Python for the engine. Runs inside that Python, as a script, never in QGIS.

Argument: JSON, a list of ``{"name", "module", "version"}``, the distributions to check. Standard output: a line with
``ANSWER_PREFIX`` and JSON, ``{"site_packages", "versions", "problems", "torch_build", "device_summary"}``. Each problem
is ``{"name", "kind", "detail"}`` with the kind ``missing``, ``old`` or ``broken``.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import json
import sys
import sysconfig
import warnings
from types import ModuleType

ANSWER_PREFIX = "mmrisk-probe "


def check_distribution(name: str, module: str, pinned: str) -> tuple[str, dict[str, str] | None]:
    """Import one distribution and compare its major version; return its version and the problem, if any."""
    try:
        version = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "", {"name": name, "kind": "missing", "detail": pinned}
    if major(version) < major(pinned):
        return version, {"name": name, "kind": "old", "detail": f"{version}, {pinned} is needed"}
    try:
        importlib.import_module(module)
    except Exception as error:  # a library that fails to load may raise anything
        return version, {"name": name, "kind": "broken", "detail": f"{type(error).__name__}: {error}"}
    return version, None


def major(version: str) -> int:
    """Return the first number of a version."""
    return int(version.split(".", maxsplit=1)[0])


def describe_torch() -> tuple[str, str]:
    """Run a convolution on the CPU, and on a GPU if there is one; return torch's build and the device's summary."""
    torch = importlib.import_module("torch")
    cuda = torch.version.cuda
    build = f"{torch.__version__} ({f'CUDA {cuda}' if cuda else 'CPU'})"
    run_convolution(torch, "cpu")
    device, summary = gpu(torch)
    if device:
        try:
            run_convolution(torch, device)
        except Exception as error:  # a driver may fail in any way; the CPU still works
            summary = f"CPU ({summary} is there, but fails: {str(error).splitlines()[0]})"
    return build, summary


def gpu(torch: ModuleType) -> tuple[str, str]:
    """Return the GPU's device name, or "", and what is to be said of it or of its absence."""
    with warnings.catch_warnings(record=True) as spoken:  # torch warns of a driver that is too old
        warnings.simplefilter("always")
        has_cuda = torch.cuda.is_available()
    if has_cuda:
        return "cuda", f"{torch.cuda.get_device_name()} (CUDA {torch.version.cuda})"
    if torch.backends.mps.is_available():
        return "mps", "Apple GPU (MPS)"
    reason = "no NVIDIA GPU" if torch.version.cuda else "this PyTorch is built without CUDA"
    if spoken:
        reason = str(spoken[0].message).partition(" (")[0]
    return "", f"CPU ({torch.get_num_threads()} threads; {reason})"


def run_convolution(torch: ModuleType, device: str) -> None:
    """Convolve ones with ones and check the sum: loading a library proves less than using it."""
    image = torch.ones(1, 3, 8, 8, device=device)
    kernel = torch.ones(4, 3, 3, 3, device=device)
    total = torch.nn.functional.conv2d(image, kernel).sum().item()
    if total != 4 * 27 * 36:
        raise ArithmeticError(f"a convolution on {device} gave {total} instead of {4 * 27 * 36}")


def main() -> None:
    """Read the request, check, and write the answer."""
    versions, problems = {}, []
    for requirement in json.loads(sys.argv[1]):
        version, problem = check_distribution(requirement["name"], requirement["module"], requirement["version"])
        if version:
            versions[requirement["name"]] = version
        if problem:
            problems.append(problem)
    torch_build = device_summary = ""
    if "torch" in versions and not any(problem["name"] == "torch" for problem in problems):
        try:
            torch_build, device_summary = describe_torch()
        except Exception as error:  # whatever a broken torch raises is the finding
            problems.append({"name": "torch", "kind": "broken", "detail": f"{type(error).__name__}: {error}"})
    answer = {
        "site_packages": sysconfig.get_paths()["purelib"],
        "versions": versions,
        "problems": problems,
        "torch_build": torch_build,
        "device_summary": device_summary,
    }
    # On its own line: an imported library may have printed half of one.
    sys.stdout.write(f"\n{ANSWER_PREFIX}{json.dumps(answer)}\n")


if __name__ == "__main__":
    main()
