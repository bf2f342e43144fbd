"""A real QGIS window on a virtual screen, in which tests of ``window/`` run."""

import os
import shutil
import signal
import subprocess
import sysconfig
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
PRODUCTS = Path(os.environ.get("MMRISK_SCREENSHOTS", HERE.parents[1] / "build" / "screenshots"))
COVERING = HERE.parent / "covering"
INSIDE = """
import sys
sys.path[:0] = {paths!r}
from run_inside_qgis import start
start({targets!r}, {result!r}, {close!r})
"""


class Window:
    """A QGIS window on a virtual screen, with the plugin enabled in a profile of its own, and the tests that run in it."""

    def __init__(self, profile, folder, sample, *targets, close=True, screen="1600x1000", **variables):
        self._close = close
        self.result = folder / "result.txt"
        self.engine_process = folder / "engine.pid"
        code = folder / "inside.py"
        paths = [str(HERE), sysconfig.get_path("purelib")]
        code.write_text(
            INSIDE.format(
                paths=paths,
                targets=[str(HERE / "window" / target) for target in targets],
                result=str(self.result),
                close=close,
            )
        )
        if profile is not None:
            shutil.copytree(profile / "profiles", folder / "profiles", symlinks=True)
        PRODUCTS.mkdir(parents=True, exist_ok=True)
        # Of its own, as tests look at what stays there, and other suites run beside.
        temporary = folder / "tmp"
        temporary.mkdir(exist_ok=True)
        environment = {
            **{name: value for name, value in os.environ.items() if name != "QT_QPA_PLATFORM"},
            "XDG_RUNTIME_DIR": str(folder),
            "TMPDIR": str(temporary),
            # Of projects that were never saved.
            "MMRISK_RESULTS": str(folder / "MMRisk"),
            "MMRISK_WINDOW_SAMPLE": str(sample),
            "MMRISK_WINDOW_PRODUCTS": str(PRODUCTS),
            "MMRISK_WINDOW_ENGINE_PID": str(self.engine_process),
            **variables,
        }
        if "MMRISK_COVERAGE" in environment:
            environment["MMRISK_COVERAGE_PACKAGES"] = sysconfig.get_path("purelib")
            environment["PYQGIS_STARTUP"] = str(folder / "covering.py")
            (folder / "covering.py").write_text(f"import sys\nsys.path.append({str(COVERING)!r})\nimport covering\n")
        # By the process, since two that look for a free number at the same moment find the same.
        number = 100 + os.getpid() % 900
        command = ["xvfb-run", f"--server-num={number}", f"--server-args=-screen 0 {screen}x24", "qgis", "--nologo",
                   "--noversioncheck", "--profiles-path", str(folder), "--code", str(code)]  # fmt: skip
        self._log = folder / "qgis.log"
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                command, env=environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True
            )

    def wait_for(self, condition, seconds):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if condition():
                return
            time.sleep(0.2)
        raise AssertionError(f"nothing happened within {seconds} s:\n{self.log()[-4000:]}")

    def wait_for_success(self, seconds):
        """Wait until the tests inside have passed and, where it is to close, QGIS has closed."""
        self.wait_for(lambda: self.process.poll() is not None or (not self._close and self.result.is_file()), seconds)
        assert self.result.is_file(), self.log()[-4000:]
        assert self.result.read_text().startswith("0\n"), self.result.read_text() + self.log()[-6000:]

    def log(self):
        return self._log.read_text(errors="replace")

    def kill(self):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def is_running(process_id):
    try:
        state = Path(f"/proc/{process_id}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"
