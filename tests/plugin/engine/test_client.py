"""The client against a real engine process: results, errors, cancel, crash, end."""

import os
import signal
import threading
from pathlib import Path

import pytest

from plugin.engine.client import EngineClient
from plugin.engine.environment.engine_environment import find_environment
from plugin.engine.errors import EngineCancelledError, EngineError
from plugin.engine.paths import plugin_root

EXTENT = [300000, 4700000, 301500, 4701500]


@pytest.fixture(scope="module")
def client():
    client = EngineClient(find_environment().python, plugin_root())
    yield client
    client.stop()


def tiles_job(folder, size=150.0, extent=EXTENT):
    return {"extent": extent, "crs": "EPSG:32619", "tile_size": size, "output": str(folder / "tiles.gpkg")}


def is_running(process_id):
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{process_id}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"


def test_a_job_gives_progress_and_a_result(client, recording_feedback, tmp_path):
    feedback = recording_feedback()
    result = client.run("tiles", tiles_job(tmp_path), feedback)
    assert result["tile_count"] == 100
    assert (tmp_path / "tiles.gpkg").is_file()
    assert feedback.reports[-1][0] == 1.0
    assert client.introduction["device"].startswith(("cpu", "gpu"))


def test_the_engine_stays_warm_between_jobs(client, recording_feedback, tmp_path):
    client.run("tiles", tiles_job(tmp_path), recording_feedback())
    first = client.process_id
    client.run("tiles", tiles_job(tmp_path), recording_feedback())
    assert client.process_id == first


def test_an_error_is_a_sentence_and_the_engine_goes_on(client, recording_feedback, tmp_path):
    with pytest.raises(EngineError, match="more than 0 m"):
        client.run("tiles", tiles_job(tmp_path, size=0.0), recording_feedback())
    assert not list(tmp_path.iterdir())
    assert client.run("tiles", tiles_job(tmp_path), recording_feedback())["tile_count"] == 100


def test_an_unknown_parameter_is_named(client, recording_feedback, tmp_path):
    with pytest.raises(EngineError, match="colour"):
        client.run("tiles", {**tiles_job(tmp_path), "colour": "red"}, recording_feedback())


def test_cancel_stops_the_job_midway_and_leaves_nothing(client, recording_feedback, tmp_path):
    feedback = recording_feedback(cancel_when=lambda fraction, message: "rows" in message)
    large = tiles_job(tmp_path, size=1.5)
    with pytest.raises(EngineCancelledError):
        client.run("tiles", large, feedback)
    assert max(fraction for fraction, _ in feedback.reports) < 0.7
    assert not list(tmp_path.iterdir())
    assert client.run("tiles", tiles_job(tmp_path), recording_feedback())["tile_count"] == 100


@pytest.mark.slow
def test_a_killed_engine_is_reported_and_started_again(client, recording_feedback, tmp_path):
    client.run("tiles", tiles_job(tmp_path), recording_feedback())
    victim = client.process_id

    def kill(fraction, message):
        if "rows" in message:
            os.kill(victim, signal.SIGKILL)
        return False

    with pytest.raises(EngineError, match="killed by signal 9"):
        client.run("tiles", tiles_job(tmp_path, size=1.5), recording_feedback(cancel_when=kill))
    assert client.run("tiles", tiles_job(tmp_path), recording_feedback())["tile_count"] == 100
    assert client.process_id != victim


def test_jobs_of_several_threads_take_turns(client, recording_feedback, tmp_path):
    results = []

    def work(number):
        folder = tmp_path / str(number)
        folder.mkdir()
        results.append(client.run("tiles", tiles_job(folder), recording_feedback())["tile_count"])

    threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [100] * 4


def test_stop_leaves_no_process(recording_feedback, tmp_path):
    client = EngineClient(find_environment().python, plugin_root())
    client.run("tiles", tiles_job(tmp_path), recording_feedback())
    process_id = client.process_id
    client.stop()
    assert client.process_id is None
    assert not is_running(process_id)


def test_a_python_without_the_engine_is_named(recording_feedback, tmp_path):
    client = EngineClient(tmp_path / "no-python", plugin_root())
    with pytest.raises(EngineError, match="cannot be started"):
        client.run("doctor", {}, recording_feedback())
    broken = EngineClient("/usr/bin/python3", tmp_path)
    with pytest.raises(EngineError, match="did not start") as caught:
        broken.run("doctor", {}, recording_feedback())
    assert "mmrisk_core" in caught.value.detail


FROZEN = """
import json, sys, time
sys.stdout.write(json.dumps({"type": "hello", "protocol": 1, "engine": "0", "device": "cpu", "pid": 1}) + chr(10))
sys.stdout.flush()
time.sleep(600)
"""


@pytest.fixture
def frozen(tmp_path):
    """A client of what greets as an engine does, and then reads nothing any more."""
    root = tmp_path / "root"
    (root / "mmrisk_core").mkdir(parents=True)
    (root / "mmrisk_core" / "__init__.py").touch()
    (root / "mmrisk_core" / "__main__.py").write_text(FROZEN)
    client = EngineClient(find_environment().python, root)
    yield client
    client.stop()


@pytest.mark.slow
@pytest.mark.parametrize("size", [10, 10_000_000])
def test_an_engine_that_reads_nothing_can_be_cancelled(frozen, recording_feedback, size):
    """Pipes take 64 KiB: who writes more into one waits until somebody reads it."""
    feedback = recording_feedback()
    asked = []

    def is_cancelled():
        asked.append(1)
        return len(asked) > 5

    feedback.is_cancelled = is_cancelled
    done = []

    def run():
        with pytest.raises(EngineCancelledError):
            frozen.run("tiles", {"output": "x" * size}, feedback)
        done.append(1)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    # Ten seconds until a cancel is given up, ten to insist; and a margin of some such.
    thread.join(120)
    assert done
    assert frozen.process_id is None


def test_a_message_too_long_for_the_engine_is_refused_in_a_sentence(client, recording_feedback, tmp_path):
    with pytest.raises(EngineError, match=r"The job takes 17 MiB to write down; at most 16 are sent\."):
        client.run("tiles", {**tiles_job(tmp_path), "crs": "x" * 17 * 2**20}, recording_feedback())
    assert client.run("tiles", tiles_job(tmp_path), recording_feedback())["tile_count"] == 100
