"""What a contributor runs before a commit: lint, types, and the quick tests of what changed against main.

Tests mirror the tree, so a module is tested by the file that has its name, or by its folder where none has.
"""

import concurrent.futures
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SUITES = {"mmrisk_core": ("core", "venv-core"), "plugin": ("plugin", "venv-qgis")}
BASES = ("origin/main", "main")


def main() -> int:
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "QT_QPA_PLATFORM": "offscreen"}
    commands = [["make", "--no-print-directory", "lint"]]
    for folder, suite, interpreter in ((folder, *where) for folder, where in SUITES.items()):
        tests = tests_of(folder, suite, changed_files())
        if tests:
            python = str(ROOT / "build" / interpreter / "bin" / "python")
            commands.append([python, "-m", "pytest", "-q", "-m", "not slow", "--durations=3", *map(str, tests)])
    with concurrent.futures.ThreadPoolExecutor() as pool:
        done = list(pool.map(lambda command: run(command, environment), commands))
    for command, finished in zip(commands, done, strict=True):
        # Where all tests of a file are slow, pytest says so by 5.
        if finished.returncode not in (0, 5):
            print(f"$ {' '.join(command)}\n{finished.stdout[-6000:]}", flush=True)
    failed = sum(finished.returncode not in (0, 5) for finished in done)
    for command, finished in zip(commands, done, strict=True):
        print(f"{'ok    ' if finished.returncode in (0, 5) else 'FAILED'}  {' '.join(command)[-110:]}")
    return 1 if failed else 0


def run(command: list, environment: dict) -> subprocess.CompletedProcess:
    return subprocess.run(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )


def changed_files() -> list:
    """What differs from main, what is not committed included; on main itself, from the commit before."""
    base = next((name for name in BASES if git("rev-parse", "--verify", "--quiet", name)), "HEAD")
    start = git("merge-base", "HEAD", base) or "HEAD"
    if start == git("rev-parse", "HEAD") and not git("status", "--porcelain"):
        start = "HEAD~1"
    listed = (
        git("diff", "--name-only", "--diff-filter=d", start) + "\n" + git("ls-files", "--others", "--exclude-standard")
    )
    return sorted(set(filter(None, listed.splitlines())))


def git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()


def tests_of(folder: str, suite: str, changed: list) -> list:
    """The test files and folders for changed files of one side."""
    found = set()
    for file in map(Path, changed):
        if file.parts[:2] == ("tests", suite) and file.name.startswith("test_"):
            found.add(file)
        elif file.parts[:1] == (folder,) and file.suffix == ".py":
            place = Path("tests", suite, *file.parts[1:-1])
            mirrored = place / f"test_{file.name}"
            if (ROOT / mirrored).is_file():
                found.add(mirrored)
            elif len(file.parts) > 2 and (ROOT / place).is_dir():
                found.add(place)
    return sorted(path for path in found if not any(other in path.parents for other in found))


if __name__ == "__main__":
    sys.exit(main())
