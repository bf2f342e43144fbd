"""MMRisk in a real QGIS window: the window is started here, and tests in ``window/`` run inside it."""

import json
import os
import shlex
import signal

import pytest

from tests.end_to_end.qgis_window import PRODUCTS, Window, is_running
from tests.plugin.xyz_server import XyzServer, tile_extent, tiles_in

pytestmark = pytest.mark.slow
SETUP, INSPECT, WORK = "inside_setup.py", "inside_inspect.py", "inside_start_work.py"


@pytest.fixture
def open_window(qgis, sample, tmp_path):
    windows = []

    def open_one(*targets, **options):
        windows.append(Window(qgis.profile, tmp_path, sample["folder"], *targets, **options))
        return windows[-1]

    yield open_one
    for window in windows:
        window.kill()


def test_toolbar_action_and_a_hundred_thousand_tiles(open_window, boston):
    """Risk by a click, on imagery of the web and of a file; QGIS answers meanwhile; killed, it leaves no process.

    Of the server's tiles some never come, some come late, and all take their time.
    """
    left, top = tiles_in(boston / "xyz")[0]
    dropped = [(left + 2, top + 4), (left + 2, top + 5), (left + 4, top + 6)]
    late = {(left + 3, top + 7): 1, (left + 5, top + 3): 2}
    parts = ("inside_map_web_imagery.py", "inside_map_risk.py", "inside_many_tiles.py", WORK)
    with XyzServer(boston / "xyz", dropped=dropped, fail_first=late, delay=0.05) as server:
        window = open_window(
            *parts,
            close=False,
            MMRISK_WINDOW_XYZ=server.source,
            MMRISK_WINDOW_DROPPED=json.dumps([tile_extent(*tile) for tile in dropped]),
        )
        window.wait_for_success(480)
    end_while_the_engine_works(window, signal.SIGKILL)


def end_while_the_engine_works(window, how):
    """End QGIS by a signal; the engine goes with it."""
    engine = int(window.engine_process.read_text())
    # The process id of QGIS itself, below xvfb-run.
    qgis = int(window.engine_process.with_suffix(".qgis").read_text())
    assert is_running(engine)
    os.kill(qgis, how)
    window.wait_for(lambda: not is_running(qgis), 60)
    # On a machine of its own it takes six seconds, of which three are for tidying up.
    window.wait_for(lambda: not is_running(engine), 60)


def test_panel_from_an_empty_map_to_a_styled_layer(open_window, qgis, tmp_path):
    """Four steps by mouse; the command that the first one copies makes the same tiles without a window.

    The sample project and its tutorial come from the menu, and closing QGIS leaves no process.
    """
    window = open_window("inside_sample_project.py", "inside_panel.py")
    window.wait_for_success(480)
    engine = int(window.engine_process.read_text())
    window.wait_for(lambda: not is_running(engine), 10)
    words = shlex.split((PRODUCTS / "panel_command.txt").read_text())
    assert words[:4] == ["qgis_process", "run", "mmrisk:createtiles", "--"]
    made = tmp_path / "tiles.gpkg"
    finished = qgis.call([*words[1:-1], f"OUTPUT={made}"])
    assert words[-1] == "OUTPUT=tiles.gpkg"
    assert made.is_file(), finished.stdout + finished.stderr


LARGE = {"screen": "3200x2000", "QT_SCALE_FACTOR": "2", "MMRISK_WINDOW_SUFFIX": "_dark_200"}


# QGIS keeps some of a theme until it is closed, so what is dark comes last.
@pytest.mark.parametrize(
    ("parts", "options"),
    [((SETUP, INSPECT, WORK), {}), ((INSPECT, SETUP, WORK), LARGE)],
    ids=["light", "dark at 200 %"],
)
def test_setting_up_and_inspecting_a_tile(open_window, parts, options):
    """Assistant, options and engine state; a click on a predicted tile, a what-if, an explanation; closed amid work."""
    window = open_window(*parts, close=False, **options)
    window.wait_for_success(360)
    end_while_the_engine_works(window, signal.SIGTERM)
