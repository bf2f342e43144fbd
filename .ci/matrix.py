"""The plugin's tests, and its zip in an empty profile, in every QGIS of the matrix: each in a Debian of its own.

The Debians are folders, made by debootstrap with what this machine's apt fetches from, and kept in ``build/matrix``
(``MMRISK_MATRIX`` moves them). They get QGIS and the test environment by the same scripts as this machine, and an engine
by the plugin's own code. Nothing of them stays mounted. Needs root, a Debian and 25 GB while it is made; 18 GB are kept.

``python3 .ci/matrix.py``          all of them
``python3 .ci/matrix.py trixie``   one of them
"""

import filecmp
import os
import re
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree  # reads what pytest has just written
from dataclasses import dataclass
from pathlib import Path

from package import tracked_files, write_zip

ROOT = Path(__file__).resolve().parents[1]
MATRIX = Path(os.environ.get("MMRISK_MATRIX", ROOT / "build" / "matrix")).resolve()
SOURCE = MATRIX / "source"  # what git tracks, as it is now, so that it can be worked on meanwhile
ENGINES = MATRIX / "engine"
DATA = Path(os.environ.get("MMRISK_TEST_DATA", ROOT.parent / "shared" / "data")).resolve()
INSIDE = "/opt/mmrisk"  # a folder of the root's own, for the test environment and what the tests write
SUITES = {"plugin": "tests/plugin", "zip": "tests/end_to_end/test_package.py"}
LARGE_FILE = 1_000_000

# The releases of Debian, and the QGIS that each is here for.
RELEASES = {"trixie": "3.40", "sid": "3.44", "bookworm": "3.22"}

_FACTS = """
import platform, sys
from qgis.PyQt.QtCore import qVersion
from qgis.core import Qgis
print(Qgis.QGIS_VERSION.split("-")[0], platform.python_version(), qVersion())
"""


@dataclass(frozen=True)
class Outcome:
    """One line of the table."""

    release: str
    qgis: str
    python: str
    qt: str
    suite: str
    passed: int
    failed: int
    skipped: int
    seconds: float

    @property
    def good(self) -> bool:
        return self.failed == 0 and self.passed > 0


def main(releases: list) -> int:
    if os.geteuid() != 0:
        print("make matrix needs root: it makes Debian folders and mounts the repository in them.", file=sys.stderr)
        return 1
    archive = write_zip(MATRIX / "mmrisk.zip")
    shutil.rmtree(SOURCE, ignore_errors=True)
    for name in tracked_files():
        (SOURCE / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, SOURCE / name)
    outcomes = [outcome for release in releases for outcome in outcomes_of(release, archive)]
    print_table(outcomes)
    return 0 if all(outcome.good for outcome in outcomes) else 1


def outcomes_of(release: str, archive: Path) -> list:
    """Make ready what is missing in the Debian of a release, and run all tests there."""
    root = MATRIX / release
    make_root(root, release)
    run_inside(root, ["bash", ".ci/install-system"])
    run_inside(root, ["apt-get", "clean"])
    run_inside(root, ["/usr/bin/python3", "-m", "plugin.engine", "ensure"], writable=(ENGINES,))
    share_large_files(ENGINES / "environments")
    run_inside(root, ["/usr/bin/python3", ".ci/test_environments.py", "qgis"], writable=(ENGINES,))
    found = run_inside(root, ["/usr/bin/python3", "-c", _FACTS], capture=True).stdout.split()
    if not found[0].startswith(RELEASES[release]):
        print(f"Debian {release} has QGIS {found[0]} now, not {RELEASES[release]}.", file=sys.stderr)
    return [Outcome(release, *found, suite, *run_tests(root, path, archive)) for suite, path in SUITES.items()]


def make_root(root: Path, release: str) -> None:
    """Make a minimal Debian, unless it is there, that fetches packages as this machine does."""
    if not (root / "etc" / "mmrisk-ready").exists():
        shutil.rmtree(root, ignore_errors=True)
        root.mkdir(parents=True)
        if shutil.which("debootstrap") is None:
            run(["apt-get", "install", "-y", "-qq", "debootstrap"])
        include = "--include=ca-certificates"
        run(["unshare", "--mount", "debootstrap", "--variant=minbase", include, release, str(root), mirror()])
        (root / "etc" / "mmrisk-ready").touch()
    settings = run(["apt-config", "dump"], capture=True).stdout.splitlines()
    fetching = [line for line in settings if line.startswith("Acquire::") and not line.endswith(' "";')]
    (root / "etc" / "apt" / "apt.conf.d" / "99mmrisk").write_text("\n".join(fetching) + "\n", encoding="utf-8")
    for name in ("/etc/resolv.conf", "/etc/pip.conf", "/etc/ssl/certs/ca-certificates.crt"):
        if Path(name).exists():
            shutil.copyfile(name, root / name[1:])


def mirror() -> str:
    """Return the address that this Debian's own packages come from."""
    chosen = os.environ.get("MMRISK_DEBIAN_MIRROR")
    if chosen:
        return chosen
    folder = Path("/etc/apt")
    files = [folder / "sources.list", *folder.glob("sources.list.d/*")]
    text = "\n".join(file.read_text(encoding="utf-8") for file in files if file.is_file())
    found = re.search(r"^(?:URIs:|deb(?: \[.*\])?) *(\S+/debian/?)(?:\s|$)", text, re.MULTILINE)
    if found is None:
        raise SystemExit("No Debian mirror is named in /etc/apt: set MMRISK_DEBIAN_MIRROR to the address of one.")
    return found.group(1)


def run_inside(
    root: Path,
    command: list,
    *folders: Path,
    writable: tuple = (),
    capture: bool = False,
    check: bool = True,
    **variables: str,
) -> subprocess.CompletedProcess:
    """Run a command in a root, in the source; it sees ``folders`` too, and may write the ``writable`` ones."""
    passed_on = re.compile(r"PIP_\w+|\w+_(proxy|PROXY)|\w+_CA_BUNDLE|SSL_CERT_FILE|MMRISK_WHEELS")
    environment = {name: value for name, value in os.environ.items() if passed_on.fullmatch(name)}
    environment.update(
        PATH="/usr/sbin:/usr/bin:/sbin:/bin",
        HOME="/root",
        LANG="C.UTF-8",
        PYTHONDONTWRITEBYTECODE="1",
        MMRISK_HOME=str(ENGINES),
        MMRISK_TEST_ENVIRONMENTS=INSIDE,
        **variables,
    )
    for folder in writable:
        folder.mkdir(parents=True, exist_ok=True)
    seen = [str(SOURCE), *map(str, folders), *(f"+{folder}" for folder in writable)]
    mounted = ["unshare", "--mount", "--pid", "--fork", "--kill-child", str(ROOT / ".ci" / "inside-root"), str(root)]
    settings = [f"{name}={value}" for name, value in environment.items()]
    inside = ["env", "--ignore-environment", f"--chdir={SOURCE}", *settings, *command]
    return run([*mounted, *seen, "--", *inside], capture=capture, check=check)


def run_tests(root: Path, path: str, archive: Path) -> tuple:
    """Run some tests in a root; return how many passed, failed and were skipped, and the seconds."""
    own = root / INSIDE[1:]
    results = own / "results.xml"
    results.unlink(missing_ok=True)
    shutil.rmtree(own / "tmp", ignore_errors=True)
    (own / "tmp").mkdir()
    shutil.copyfile(archive, own / archive.name)
    command = [f"{INSIDE}/venv-qgis/bin/python", "-m", "pytest", "-p", "no:cacheprovider", "-q", path]
    began = time.monotonic()
    run_inside(
        root,
        [*command, f"--junit-xml={INSIDE}/results.xml"],
        *([DATA] if DATA.is_dir() else []),
        ENGINES,
        check=False,
        QT_QPA_PLATFORM="offscreen",
        TMPDIR=f"{INSIDE}/tmp",
        MMRISK_TEST_DATA=str(DATA),
        MMRISK_ZIP=f"{INSIDE}/{archive.name}",
        MMRISK_SCREENSHOTS=f"{INSIDE}/screenshots",
    )
    seconds = time.monotonic() - began
    if not results.exists():
        return 0, 1, 0, seconds
    counts = ElementTree.parse(results).getroot()[0].attrib
    failed, skipped = int(counts["failures"]) + int(counts["errors"]), int(counts["skipped"])
    return int(counts["tests"]) - failed - skipped, failed, skipped, seconds


def share_large_files(environments: Path) -> None:
    """Let environments share the files they have in common, which is most of them: the libraries of torch's CUDA build."""
    seen: dict = {}
    for file in sorted(environments.glob("*/lib/python3.*/site-packages/**/*.so*")):
        status = file.lstat()
        if file.is_symlink() or status.st_size < LARGE_FILE:
            continue
        twin = seen.setdefault((file.name, status.st_size), file)
        if twin.stat().st_ino != status.st_ino and filecmp.cmp(twin, file, shallow=False):
            file.unlink()
            file.hardlink_to(twin)


def print_table(outcomes: list) -> None:
    print("\n| Debian | QGIS | Python | Qt | tests | passed | failed | skipped | seconds |")
    print("|---|---|---|---|---|---:|---:|---:|---:|")
    for line in outcomes:
        facts = (line.release, line.qgis, line.python, line.qt, line.suite, line.passed, line.failed, line.skipped)
        print("| " + " | ".join(map(str, facts)) + f" | {line.seconds:.0f} |")


def run(command: list, *, capture: bool = False, check: bool = True) -> subprocess.CompletedProcess:
    return subprocess.run(command, check=check, text=True, stdout=subprocess.PIPE if capture else None)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or list(RELEASES)))
