"""MMRisk in a real QGIS window: the window is started here, and tests in ``window/`` run inside it."""

import json
import os
import shlex
import shutil
import signal
import subprocess
import sysconfig
import time
from pathlib import Path

import pytest
from package import write_zip

from plugin.engine.environment import find_environment
from tests.plugin.xyz_server import XyzServer, tile_extent, tiles_in

pytestmark = pytest.mark.slow

HERE = Path(__file__).resolve().parent
PRODUCTS = HERE.parents[1] / "build" / "screenshots"
INSIDE = """
import sys
sys.path[:0] = {paths!r}
from run_inside_qgis import start
start({target!r}, {result!r}, {close!r})
"""


class Window:
    """A QGIS window on a virtual screen, with the plugin enabled in a profile of its own."""

    def __init__(self, profile, folder, sample, target, *, close=True, screen="1600x1000", **variables):
        self.result = folder / "result.txt"
        self.engine_process = folder / "engine.pid"
        code = folder / "inside.py"
        paths = [str(HERE), sysconfig.get_path("purelib")]
        code.write_text(
            INSIDE.format(paths=paths, target=str(HERE / "window" / target), result=str(self.result), close=close)
        )
        if profile is not None:
            shutil.copytree(profile / "profiles", folder / "profiles", symlinks=True)
        PRODUCTS.mkdir(parents=True, exist_ok=True)
        environment = {
            **{name: value for name, value in os.environ.items() if name != "QT_QPA_PLATFORM"},
            "XDG_RUNTIME_DIR": str(folder),
            "MMRISK_WINDOW_SAMPLE": str(sample),
            "MMRISK_WINDOW_PRODUCTS": str(PRODUCTS),
            "MMRISK_WINDOW_ENGINE_PID": str(self.engine_process),
            **variables,
        }
        command = ["xvfb-run", "--auto-servernum", f"--server-args=-screen 0 {screen}x24", "qgis", "--nologo",
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


@pytest.fixture
def open_window(qgis, sample, tmp_path):
    windows = []

    def open_one(target, **options):
        windows.append(Window(qgis.profile, tmp_path, sample["folder"], target, **options))
        return windows[-1]

    yield open_one
    for window in windows:
        window.kill()


def test_toolbar_action_in_a_real_window(open_window):
    """Start, click, wait for the layer, cancel a second run, unload; then close the window: no process is left."""
    window = open_window("inside_map_risk.py")
    window.wait_for(lambda: window.process.poll() is not None, 240)
    assert window.result.is_file(), window.log()[-4000:]
    assert window.result.read_text().startswith("0\n"), window.result.read_text() + window.log()[-2000:]
    engine = int(window.engine_process.read_text())
    window.wait_for(lambda: not is_running(engine), 10)


@pytest.mark.parametrize(
    "variables",
    [{}, {"MMRISK_WINDOW_SUFFIX": "_dark_200", "QT_SCALE_FACTOR": "2"}],
    ids=["light", "dark at 200 %"],
)
def test_assistant_options_and_engine_state(open_window, variables):
    window = open_window("inside_setup.py", **variables)
    window.wait_for(lambda: window.process.poll() is not None, 240)
    assert window.result.is_file(), window.log()[-4000:]
    assert window.result.read_text().startswith("0\n"), window.result.read_text() + window.log()[-2000:]


def test_qgis_stays_responsive_with_a_hundred_thousand_tiles(open_window):
    window = open_window("inside_many_tiles.py")
    window.wait_for(lambda: window.process.poll() is not None, 300)
    assert window.result.is_file(), window.log()[-4000:]
    assert window.result.read_text().startswith("0\n"), window.result.read_text() + window.log()[-2000:]


def test_sample_project_and_tutorial_from_the_menu(open_window):
    window = open_window("inside_sample_project.py")
    window.wait_for(lambda: window.process.poll() is not None, 240)
    assert window.result.is_file(), window.log()[-4000:]
    assert window.result.read_text().startswith("0\n"), window.result.read_text() + window.log()[-6000:]


def test_tutorial_from_an_empty_profile_and_the_zip(tmp_path):
    """Only the engine's environment is there already: to make it takes 7 GB and minutes, and is tested by itself."""
    home = tmp_path / "home"
    home.mkdir()
    there = find_environment().python.parents[2]
    (home / "environments").symlink_to(there)
    window = Window(
        None,
        tmp_path,
        tmp_path,
        "inside_tutorial.py",
        MMRISK_HOME=str(home),
        MMRISK_CACHE=str(tmp_path / "cache"),
        MMRISK_WINDOW_ZIP=str(write_zip(tmp_path / "mmrisk.zip")),
    )
    try:
        window.wait_for(lambda: window.process.poll() is not None, 900)
    finally:
        window.kill()
    assert window.result.is_file(), window.log()[-4000:]
    assert window.result.read_text().startswith("0\n"), window.result.read_text() + window.log()[-6000:]


def test_toolbar_action_with_tiles_from_the_web(open_window, boston):
    """A server of which some tiles never come, some come late, and all take their time."""
    left, top = tiles_in(boston / "xyz")[0]
    dropped = [(left + 2, top + 4), (left + 2, top + 5), (left + 4, top + 6)]
    late = {(left + 3, top + 7): 1, (left + 5, top + 3): 2}
    with XyzServer(boston / "xyz", dropped=dropped, fail_first=late, delay=0.05) as server:
        window = open_window(
            "inside_map_web_imagery.py",
            MMRISK_WINDOW_XYZ=server.source,
            MMRISK_WINDOW_DROPPED=json.dumps([tile_extent(*tile) for tile in dropped]),
        )
        window.wait_for(lambda: window.process.poll() is not None, 240)
    assert window.result.is_file(), window.log()[-4000:]
    assert window.result.read_text().startswith("0\n"), window.result.read_text() + window.log()[-4000:]


def test_closing_qgis_while_the_engine_works_leaves_no_process(open_window):
    window = open_window("inside_start_work.py", close=False)
    window.wait_for(window.engine_process.is_file, 120)
    engine = int(window.engine_process.read_text())
    assert is_running(engine)
    qgis = qgis_process_of(window)
    os.kill(qgis, signal.SIGTERM)
    window.wait_for(lambda: not is_running(qgis), 30)
    window.wait_for(lambda: not is_running(engine), 15)


def test_killing_qgis_while_the_engine_works_leaves_no_process(open_window):
    window = open_window("inside_start_work.py", close=False)
    window.wait_for(window.engine_process.is_file, 120)
    engine = int(window.engine_process.read_text())
    assert is_running(engine)
    os.kill(qgis_process_of(window), signal.SIGKILL)
    window.wait_for(lambda: not is_running(engine), 15)


def qgis_process_of(window):
    """The process id of QGIS itself, below xvfb-run."""
    return int((window.engine_process.with_suffix(".qgis")).read_text())


def test_panel_from_an_empty_map_to_a_styled_layer(open_window, qgis, tmp_path):
    """Four steps by mouse; the command that the first one copies makes the same tiles without a window."""
    window = open_window("inside_panel.py")
    window.wait_for(lambda: window.process.poll() is not None, 300)
    assert window.result.is_file(), window.log()[-4000:]
    assert window.result.read_text().startswith("0\n"), window.result.read_text() + window.log()[-6000:]
    engine = int(window.engine_process.read_text())
    window.wait_for(lambda: not is_running(engine), 10)
    words = shlex.split((PRODUCTS / "panel_command.txt").read_text())
    assert words[:4] == ["qgis_process", "run", "mmrisk:createtiles", "--"]
    made = tmp_path / "tiles.gpkg"
    finished = qgis.call([*words[1:-1], f"OUTPUT={made}"])
    assert words[-1] == "OUTPUT=tiles.gpkg"
    assert made.is_file(), finished.stdout + finished.stderr


@pytest.mark.parametrize(("scale", "screen"), [("1", "1600x1000"), ("2", "3200x2000")])
def test_inspecting_a_tile(open_window, scale, screen):
    """A click on a predicted tile, a what-if, an explanation; at the usual size and at 200 %."""
    window = open_window("inside_inspect.py", screen=screen, QT_SCALE_FACTOR=scale)
    window.wait_for(lambda: window.process.poll() is not None, 240)
    assert window.result.is_file(), window.log()[-4000:]
    assert window.result.read_text().startswith("0\n"), window.result.read_text() + window.log()[-6000:]
    engine = int(window.engine_process.read_text())
    window.wait_for(lambda: not is_running(engine), 10)
