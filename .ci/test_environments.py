"""Makes the environments that the tests run in, beside the engine's own, which stays as users have it.

``core``: the engine's interpreter and packages, plus test tools. ``qgis``: QGIS's Python, plus test tools.
``lint``: what judges the code and the zip without running either, and makes the lock; PyQt6, and no QGIS. Their test tools
are pinned without hashes, as users never get them.
``MMRISK_TEST_ENVIRONMENTS`` is the folder for them, ``build`` by default.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
# One line, as Python runs no more than lines that begin so.
COVERING = (
    "import os, sys; "
    f"'MMRISK_COVERAGE' in os.environ and (sys.path.append({str(ROOT / 'tests' / 'covering')!r}), __import__('covering'))\n"
)

from plugin.engine.environment.engine_environment import EngineEnvironment, ensure_environment  # noqa: E402


def main(kind: str) -> None:
    folder = Path(os.environ.get("MMRISK_TEST_ENVIRONMENTS", ROOT / "build")) / f"venv-{kind}"
    if folder.exists():
        shutil.rmtree(folder)
    if kind == "lint":
        run(["/usr/bin/python3", "-m", "venv", str(folder)])
    elif kind == "core":
        engine = engine_environment()
        run([str(engine.python), "-m", "venv", str(folder)])
        # Reads the engine's packages without changing them.
        ours = purelib(folder / "bin" / "python")
        Path(ours, "engine.pth").write_text(purelib(engine.python) + "\n", encoding="utf-8")
    else:
        engine_environment()
        run(["/usr/bin/python3", "-m", "venv", "--system-site-packages", str(folder)])
    requirements = str(ROOT / ".ci" / f"requirements-{kind}.txt")
    try:
        run([str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--requirement", requirements])
    except subprocess.CalledProcessError:
        shutil.rmtree(folder)
        raise
    if kind != "lint":
        (Path(purelib(folder / "bin" / "python")) / "covering.pth").write_text(COVERING, encoding="utf-8")
    (folder / "ready").touch()


def engine_environment() -> EngineEnvironment:
    return ensure_environment(lambda _, message: print(message, file=sys.stderr, flush=True), lambda: False)


def purelib(python: Path) -> str:
    """Where an interpreter has its packages."""
    return output([str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"])


def run(command: list) -> None:
    subprocess.run(command, check=True, stdout=sys.stderr)


def output(command: list) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


if __name__ == "__main__":
    main(sys.argv[1])
