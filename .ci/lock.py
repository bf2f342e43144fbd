"""Writes resources/engine-lock.txt and torch-lock.txt: every package of the engine at one version, with its hashes.

uv resolves ``engine-requirements.txt`` for all systems and Pythons at a time. Of each package the wheels are kept that one
of them may install, named in comments in the order of their hashes; where one finds no wheel, nothing is written. Packages
that ``engine-requirements.txt`` does not pin come in their newest version. The files name no index: any may serve them.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import tomllib
from packaging.markers import Marker
from packaging.tags import Tag, compatible_tags, cpython_tags, mac_platforms
from packaging.utils import parse_wheel_filename

ROOT = Path(__file__).resolve().parents[1]
RESOURCES = ROOT / "resources"
sys.path.insert(0, str(ROOT))

from plugin.engine.environment.python_discovery import SUPPORTED_PYTHONS  # noqa: E402

# What ``sys_platform``, ``platform_machine`` and ``platform_system`` say there, and the wheels that run there. The C library
# is that of the oldest systems with a Python 3.10, macOS the oldest for which PyTorch is made.
MANYLINUX = (*(f"manylinux_2_{minor}" for minor in range(28, 4, -1)), "manylinux2014", "manylinux2010", "manylinux1")
SYSTEMS = {
    ("linux", "x86_64", "Linux"): [f"{policy}_x86_64" for policy in MANYLINUX],
    ("linux", "aarch64", "Linux"): [f"{policy}_aarch64" for policy in MANYLINUX],
    ("win32", "AMD64", "Windows"): ["win_amd64"],
    ("darwin", "arm64", "Darwin"): list(mac_platforms((14, 0), "arm64")),
}
TORCH = ("torch", "torchvision")
HEADERS = {
    "engine-lock.txt": "The engine's packages but PyTorch and what its CUDA build for Linux needs: see torch-lock.txt.",
    "torch-lock.txt": "PyTorch as the default index has it, and what its CUDA build for Linux needs beside engine-lock.txt.",
}
NOTE = (
    "# Made by 'make lock' from engine-requirements.txt. Above each package its wheels, in the order of their hashes.\n"
)

Target = tuple[tuple[str, str, str], tuple[int, int]]


def targets() -> list[Target]:
    """Every system and Python in which the engine may run."""
    return [(system, python) for system in SYSTEMS for python in SUPPORTED_PYTHONS]


def applies(marker: str | None, target: Target) -> bool:
    """Whether a target installs what has this marker."""
    (platform, machine, name), (major, minor) = target
    facts = {"sys_platform": platform, "platform_machine": machine, "platform_system": name}
    facts |= {"os_name": "nt" if platform == "win32" else "posix", "implementation_name": "cpython"}
    facts |= {"platform_python_implementation": "CPython", "python_version": f"{major}.{minor}"}
    return marker is None or Marker(marker).evaluate({**facts, "python_full_version": f"{major}.{minor}.1"})


def tags_of(target: Target) -> set[Tag]:
    """The wheels that a target takes."""
    system, python = target
    platforms = SYSTEMS[system]
    tags = set(cpython_tags(python, ["cp{}{}".format(*python)], platforms))
    return tags | set(compatible_tags(python, "cp{}{}".format(*python), platforms))


def main() -> None:
    packages = resolved()
    lines: dict[str, list[str]] = {name: [f"# {header}\n{NOTE}"] for name, header in HEADERS.items()}
    missing = []
    for package in packages:
        asking = [target for target in targets() if applies(package.get("marker"), target)]
        tags = {target: tags_of(target) for target in asking}
        wheels = {wheel["url"].rpartition("/")[2]: wheel["hashes"]["sha256"] for wheel in package["wheels"]}
        fitting = {name: parse_wheel_filename(name)[3] for name in sorted(wheels)}
        kept = [name for name in fitting if any(fitting[name] & tags[target] for target in asking)]
        missing += [
            (package["name"], target) for target in asking if not any(fitting[name] & tags[target] for name in kept)
        ]
        of_torch = package["name"] in TORCH or all(system[0] == "linux" for system, _ in asking)
        lines["torch-lock.txt" if of_torch else "engine-lock.txt"].append(locked(package, {n: wheels[n] for n in kept}))
    if missing:
        sys.exit("\n".join(f"{name} has no wheel for {target}" for name, target in missing))
    for name, text in lines.items():
        (RESOURCES / name).write_text("".join(text), encoding="utf-8", newline="\n")
        print(f"resources/{name}: {len(text) - 1} packages")


def resolved() -> list[dict]:
    """The packages as uv resolves them, those that no target installs left out."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "pylock.toml"
        uv = [str(Path(sys.executable).with_name("uv")), "--no-config", "pip", "compile", "--quiet", "--universal"]
        only = ["--only-binary", ":all:", "--python-version", "{}.{}".format(*min(SUPPORTED_PYTHONS))]
        command = [*uv, *only, "--format", "pylock.toml", "--output-file", str(file)]
        subprocess.run([*command, str(RESOURCES / "engine-requirements.txt")], check=True, stdout=subprocess.DEVNULL)
        packages = tomllib.loads(file.read_text(encoding="utf-8"))["packages"]
    return [package for package in packages if any(applies(package.get("marker"), target) for target in targets())]


def locked(package: dict, wheels: dict[str, str]) -> str:
    """The lines of a package."""
    marker = f" ; {package['marker']}" if "marker" in package else ""
    pin = f"{package['name']}=={package['version']}{marker}"
    names = "".join(f"# {name}\n" for name in wheels)
    return names + " \\\n".join([pin, *(f"    --hash=sha256:{digest}" for digest in wheels.values())]) + "\n"


if __name__ == "__main__":
    main()
