"""The dot that shows the engine's state."""

from types import SimpleNamespace

import pytest

DEVICE = {"device": "cpu (x86_64, 2 threads)"}


def client(*, failure="", is_busy=False, process_id=None, introduction=DEVICE):
    return SimpleNamespace(failure=failure, is_busy=is_busy, process_id=process_id, introduction=introduction)


@pytest.mark.parametrize(
    ("is_set_up", "client", "name", "detail"),
    [
        (False, None, "Engine: not set up", "Click to set it up."),
        (True, None, "Engine: at rest", "It is set up and starts with the first job."),
        (True, client(is_busy=True, introduction={}), "Engine: working", ""),
        (True, client(is_busy=True, process_id=7), "Engine: working", "cpu (x86_64, 2 threads)"),
        (True, client(process_id=7), "Engine: ready", "cpu (x86_64, 2 threads)"),
        (True, client(failure="It was killed."), "Engine: failed", "It was killed."),
    ],
)
def test_each_state_has_a_name(qgis_application, is_set_up, client, name, detail):
    from plugin.gui.engine.engine_state import engine_state

    state = engine_state(is_set_up, client)
    assert (state.name, state.detail) == (name, detail)


def test_no_two_states_differ_by_colour_alone(qgis_application):
    from plugin.gui.engine.engine_state import dot_icon, engine_state

    states = [
        engine_state(False, None),
        engine_state(True, None),
        engine_state(True, client(is_busy=True)),
        engine_state(True, client(process_id=7)),
        engine_state(True, client(failure="It was killed.")),
    ]
    grey = [dot_icon(state).pixmap(64, 64).toImage().convertToFormat(dot_format()) for state in states]
    assert len({state.shape for state in states[1:]}) == 4
    assert all(grey[i] != grey[j] for i in range(1, 5) for j in range(1, i))


def dot_format():
    from qgis.PyQt.QtGui import QImage

    return QImage.Format.Format_Grayscale8


def test_the_dot_follows_the_real_engine(qgis_application, qtbot, recording_feedback):
    from qgis.PyQt.QtCore import QObject
    from qgis.PyQt.QtWidgets import QAction

    from plugin.engine_service import engine, stop_engine
    from plugin.gui.engine.engine_state import EngineStateDot

    stop_engine()
    owner = QObject()
    action = QAction(owner)
    dot = EngineStateDot(action)
    assert action.text() == "Engine: at rest"
    client = engine()
    client.run("doctor", {"device": "cpu"}, recording_feedback())
    qtbot.waitUntil(lambda: action.text() == "Engine: ready", timeout=5000)
    assert "cpu (" in action.toolTip()
    stop_engine()
    qtbot.waitUntil(lambda: action.text() == "Engine: at rest", timeout=5000)
    dot.stop()


def test_an_engine_that_dies_is_red_until_it_starts_again(qgis_application, recording_feedback, tmp_path):
    from plugin.engine.client import EngineClient
    from plugin.engine.errors import EngineError
    from plugin.engine.paths import plugin_root
    from plugin.engine_service import engine_environment
    from plugin.gui.engine.engine_state import engine_state

    broken = EngineClient(tmp_path / "python", plugin_root())
    with pytest.raises(EngineError):
        broken.run("doctor", {}, recording_feedback())
    assert engine_state(True, broken).name == "Engine: failed"
    broken.python = engine_environment().python
    broken.run("doctor", {"device": "cpu"}, recording_feedback())
    assert engine_state(True, broken).name == "Engine: ready"
    broken.stop()
