"""MMRisk in a real QGIS window: the window is started here, and tests in ``window/`` run inside it."""

import json
import os
import shlex
import signal

import pytest

from tests.end_to_end.qgis_window import PRODUCTS, Window, is_running
from tests.plugin.xyz_server import XyzServer, tile_extent, tiles_in

pytestmark = pytest.mark.slow


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
    window.wait_for_success(240)
    engine = int(window.engine_process.read_text())
    window.wait_for(lambda: not is_running(engine), 10)


@pytest.mark.parametrize(
    "variables",
    [{}, {"MMRISK_WINDOW_SUFFIX": "_dark_200", "QT_SCALE_FACTOR": "2"}],
    ids=["light", "dark at 200 %"],
)
def test_assistant_options_and_engine_state(open_window, variables):
    window = open_window("inside_setup.py", **variables)
    window.wait_for_success(240)


def test_qgis_stays_responsive_with_a_hundred_thousand_tiles(open_window):
    window = open_window("inside_many_tiles.py")
    window.wait_for_success(300)


def test_sample_project_and_tutorial_from_the_menu(open_window):
    window = open_window("inside_sample_project.py")
    window.wait_for_success(240)


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
        window.wait_for_success(240)


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
    window.wait_for_success(300)
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
    window.wait_for_success(240)
    engine = int(window.engine_process.read_text())
    window.wait_for(lambda: not is_running(engine), 10)
