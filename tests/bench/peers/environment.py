"""The environment of the peers: the engine's own interpreter and packages, and the peers beside them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "build" / "venv-peers"
REQUIREMENTS = ROOT / "tests" / "bench" / "requirements-peers.txt"


def peers_python() -> Path:
    """The interpreter of the peers; its environment is made when it is missing or no longer what is asked for."""
    python = FOLDER / "bin" / "python"
    engine = _output(["make", "-s", "-C", str(ROOT), "engine-python"])
    wanted = f"{engine}\n{REQUIREMENTS.read_text(encoding='utf-8')}"
    ready = FOLDER / "ready"
    if not ready.is_file() or ready.read_text(encoding="utf-8") != wanted:
        print("installing the peers ...", flush=True)
        _make_environment(engine, python)
        ready.write_text(wanted, encoding="utf-8")
    return python


def _make_environment(engine: str, python: Path) -> None:
    subprocess.run([engine, "-m", "venv", "--clear", str(FOLDER)], check=True)
    # A venv made from a venv does not see the packages of the first, --system-site-packages or not.
    where = "import sysconfig; print(sysconfig.get_path('purelib'))"
    theirs, ours = _output([engine, "-c", where]), _output([str(python), "-c", where])
    Path(ours, "engine.pth").write_text(theirs + "\n", encoding="utf-8")
    # The peers must run on the very packages that MMRisk runs on, or it is those that would be compared.
    constraints = FOLDER / "constraints.txt"
    constraints.write_text(_output([engine, "-m", "pip", "freeze"]) + "\n", encoding="utf-8")
    install = [str(python), "-m", "pip", "install", "-qq", "--requirement", str(REQUIREMENTS)]
    subprocess.run([*install, "--constraint", str(constraints)], check=True, stdout=sys.stderr)
    versions = (
        "import torch, rasterio; print(torch.__version__, torch.__file__, rasterio.__version__, rasterio.__file__)"
    )
    if _output([str(python), "-c", versions]) != _output([engine, "-c", versions]):
        raise SystemExit("The peers brought a torch or a rasterio of their own.")


def _output(command: list[str]) -> str:
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
