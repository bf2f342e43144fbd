"""Writes dist/mmrisk.zip: what QGIS installs. Only what users need, nothing that git does not track, and the help pages."""

import subprocess
import tempfile
import zipfile
from pathlib import Path

from help_pages import write_pages

ROOT = Path(__file__).resolve().parents[1]
INCLUDED = (
    "metadata.txt",
    "__init__.py",
    "LICENSE",
    "README.md",
    "CHANGELOG.md",
    "plugin/",
    "mmrisk_core/",
    "resources/",
)
# Where plugin/help_pages.py looks for them.
PAGES_FOLDER = "resources/help"


def tracked_files() -> list:
    """Return what git tracks, as paths in the repository."""
    listed = subprocess.run(
        ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    return sorted(filter(None, listed.split("\0")))


def write_zip(target: Path) -> Path:
    """Write the plugin zip; its one folder is called ``mmrisk``."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in tracked_files():
            if name.startswith(INCLUDED):
                archive.write(ROOT / name, f"mmrisk/{name}")
        with tempfile.TemporaryDirectory() as folder:
            for page in write_pages(Path(folder)):
                archive.write(page, f"mmrisk/{PAGES_FOLDER}/{page.relative_to(folder).as_posix()}")
    return target


if __name__ == "__main__":
    print(write_zip(ROOT / "dist" / "mmrisk.zip"))
