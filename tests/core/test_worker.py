"""The worker as QGIS meets it: a real process that is spoken to over its pipes."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

from mmrisk_core.errors import InputError, MMRiskError, ModelFileError, OutputError, ResourceError
from mmrisk_core.geo.layer_writing import write_layer
from mmrisk_core.version import PROTOCOL_VERSION, __version__
from plugin.engine.messages import MESSAGES, ErrorKind
from tests.core.factories import QUICK

ROOT = Path(__file__).parents[2]
EXTENT = [330000, 4689000, 331000, 4690000]
START_SECONDS, ANSWER_SECONDS = 120, 60


class Worker:
    """A worker process and what it has said."""

    def __init__(self) -> None:
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "mmrisk_core", "worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            env=environment,
        )
        self.lines: list[bytes] = []
        self._inbox: queue.Queue[dict | None] = queue.Queue()
        self._last_id = 0
        threading.Thread(target=self._listen, daemon=True).start()
        self.hello = self.next(START_SECONDS)

    def _listen(self) -> None:
        for line in self.process.stdout:
            self.lines.append(line)
            self._inbox.put(json.loads(line))
        self._inbox.put(None)

    def next(self, timeout: float = ANSWER_SECONDS) -> dict | None:
        return self._inbox.get(timeout=timeout)

    def write(self, line: bytes) -> None:
        self.process.stdin.write(line + b"\n")
        self.process.stdin.flush()

    def start(self, verb: str, **parameters) -> int:
        self._last_id += 1
        message = {"type": "run", "id": self._last_id, "verb": verb, "parameters": parameters}
        self.write(json.dumps(message).encode())
        return self._last_id

    def answers(self) -> list[dict]:
        """All messages up to the end of a job."""
        messages = [self.next()]
        while messages[-1]["type"] not in ("result", "error", "cancelled"):
            messages.append(self.next())
        return messages

    def run(self, verb: str, **parameters) -> list[dict]:
        self.start(verb, **parameters)
        return self.answers()

    def wait_for(self, kind: str, words: str = "") -> None:
        while (message := self.next())["type"] != kind or words not in message.get("message", ""):
            assert message["type"] in ("progress", "epoch", "log"), message


@pytest.fixture(scope="module")
def worker():
    worker = Worker()
    yield worker
    worker.process.kill()
    worker.process.wait()


@pytest.fixture(scope="module")
def long_training(town, tmp_path_factory):
    """Parameters of a training that takes minutes."""
    folder = tmp_path_factory.mktemp("long")
    tiles = write_layer(town.tiles, folder / "tiles.gpkg")
    return {
        "tiles": str(tiles), "features": ["roads_length"], "images": [str(town.ortho)], "architecture": "concat",
        "image_pixels": 196, "epochs": 500, "device": "cpu", "block_size": QUICK["block_size"],
        "model": str(folder / "model.safetensors"), "report": str(folder / "report.html"),
    }  # fmt: skip


@pytest.mark.slow
def test_it_says_hello(worker):
    assert worker.hello["type"] == "hello"
    assert worker.hello["protocol"] == PROTOCOL_VERSION
    assert worker.hello["engine"] == __version__
    assert worker.hello["pid"] == worker.process.pid
    assert worker.hello["device"]


def test_jobs_in_a_row(worker, town, tmp_path):
    tiles = tmp_path / "tiles.gpkg"
    first = worker.run("tiles", extent=EXTENT, tile_size=100, crs="EPSG:32619", output=str(tiles))
    assert first[-1]["type"] == "result"
    assert first[-1]["result"]["tile_count"] == 100
    assert json.loads(first[-1]["result"]["recipe"])["tiles"]["tile_size"] == 100
    progress = [m["fraction"] for m in first if m["type"] == "progress"]
    assert progress == sorted(progress)
    assert progress[-1] == 1
    assert {m["id"] for m in first} == {1}
    labelled = tmp_path / "labelled.gpkg"
    second = worker.run("label", tiles=str(tiles), events=str(town.crashes), output=str(labelled))
    assert second[-1]["type"] == "result"
    assert any(m["type"] == "log" and "are labelled 1" in m["message"] for m in second)
    assert labelled.exists()


@pytest.mark.parametrize(
    ("verb", "parameters", "words"),
    [
        ("tiles", {"extent": EXTENT, "crs": "EPSG:32619"}, "parameter 'output' of 'tiles'"),
        ("tiles", {"crs": "EPSG:32619", "output": "x.gpkg"}, "A grid needs an extent"),
        ("tiles", {"extent": EXTENT, "crs": "EPSG:32619", "output": "x.gpkg", "colour": 1}, "'colour'"),
        ("tiles", {"extent": [1, 2], "crs": "EPSG:32619", "output": "x.gpkg"}, "'extent"),
        ("tiles", {"extent": EXTENT, "crs": "moon", "output": "x.gpkg"}, "'moon' is not a coordinate reference"),
        ("label", {"tiles": "a.gpkg", "events": "b.gpkg", "output": "c.gpkg"}, "a.gpkg of layer 'a' does not exist"),
        ("dance", {}, "no job 'dance'"),
    ],
)
def test_what_does_not_fit_is_a_sentence(worker, verb, parameters, words):
    message = worker.run(verb, **parameters)[-1]
    assert message["type"] == "error"
    assert words in message["message"]
    assert message["detail"] == ""


@pytest.mark.parametrize(
    "line",
    [
        b"garbage", b"[1, 2]", b"17", b"\xff\xfe\x00", b"[" * 50_000, b'{"type": "run", "id": 7}', b'{"type": "sing"}',
        b'{"type": "run", "id": 7, "verb": "doctor", "parameters": [1]}',
    ],
)  # fmt: skip
def test_a_line_it_does_not_understand_is_answered_and_survived(worker, line):
    worker.write(line)
    message = worker.next()
    assert message["type"] == "error"
    assert "did not understand" in message["message"]
    assert worker.run("doctor", device="cpu")[-1]["type"] == "result"


@pytest.mark.parametrize("number", ["", ', "id": null', ', "id": -1', ', "id": [1]', ', "id": 99999'])
def test_cancelling_what_is_not_there_cancels_nothing(worker, number):
    worker.write(f'{{"type": "cancel"{number}}}'.encode())
    assert worker.run("doctor", device="cpu")[-1]["type"] == "result"


@pytest.mark.slow
def test_a_long_job_is_cancelled_midway_and_leaves_nothing(worker, long_training):
    number = worker.start("train", **long_training)
    worker.wait_for("progress", "member 1 of 5")
    worker.write(json.dumps({"type": "cancel", "id": number}).encode())
    answers = worker.answers()
    assert answers[-1] == {"type": "cancelled", "id": number}
    assert not any("member 2 of 5" in answer.get("message", "") for answer in answers)
    assert [p.name for p in Path(long_training["model"]).parent.iterdir()] == ["tiles.gpkg"]
    assert worker.run("doctor", device="cpu")[-1]["type"] == "result"


def test_stdout_holds_nothing_but_messages(worker, town, tmp_path):
    worker.run("describe", model=str(town.ortho))
    assert all(isinstance(json.loads(line), dict) for line in worker.lines)
    assert {json.loads(line)["type"] for line in worker.lines} <= {
        "hello", "progress", "log", "result", "error", "cancelled"
    }  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("working", [False, True])
def test_it_ends_when_the_program_that_started_it_is_gone(working, long_training):
    worker = Worker()
    try:
        if working:
            worker.start("train", **long_training)
            worker.wait_for("progress", "member 1 of 5")
        worker.process.stdin.close()
        assert worker.process.wait(timeout=5) == 0
    finally:
        worker.process.kill()
        worker.process.wait()


def test_every_message_is_as_the_plugin_knows_it(worker, town, tmp_path):
    """A training that goes well, one that is refused, one that is cancelled: every type of message, field by field."""
    tiles = write_layer(town.tiles, tmp_path / "tiles.gpkg")
    quick = {**QUICK, "validation": "none", "folds": 2, "epochs": 2}
    train = {"tiles": str(tiles), "features": ["roads_length"], "model": str(tmp_path / "m.safetensors"), **quick}
    messages = [worker.hello, *worker.run("train", **train), *worker.run("train", **{**train, "features": ["gone"]})]
    worker.start("train", **train)
    worker.write(json.dumps({"type": "cancel", "id": worker._last_id}).encode())
    messages += worker.answers()
    for message in messages:
        assert set(message) == set(get_type_hints(MESSAGES[message["type"]])), message
    assert {message["type"] for message in messages} == set(MESSAGES)
    epochs = [message for message in messages if message["type"] == "epoch"]
    assert {(epoch["network"], epoch["epoch"], epoch["epochs"]) for epoch in epochs} >= {
        (f"member {member} of 2", number, 2) for member in (1, 2) for number in (1, 2)
    }
    assert all(0 < epoch["loss"] < 2 for epoch in epochs)


@pytest.mark.parametrize(
    ("verb", "parameters", "kind"),
    [
        ("tiles", {"extent": EXTENT, "tile_size": -1, "crs": "EPSG:32619", "output": "tiles.gpkg"}, "input"),
        ("describe", {"model": "gone.safetensors"}, "model_file"),
        ("tiles", {"extent": EXTENT, "crs": "EPSG:32619", "output": "/gone/tiles.gpkg"}, "output"),
        ("describe", {"model": "model.safetensors", "device": "gpu"}, "input"),
    ],
)
def test_errors_say_what_they_are_about(worker, tmp_path, verb, parameters, kind):
    places = {name: str(tmp_path / parameters[name]) for name in ("output", "model") if name in parameters}
    answer = worker.run(verb, **{**parameters, **places})[-1]
    assert (answer["type"], answer["kind"]) == ("error", kind), answer


def test_kinds_of_errors_are_those_that_the_plugin_knows():
    family = (MMRiskError, InputError, ModelFileError, OutputError, ResourceError)
    assert {error.kind for error in family} | {"unexpected"} == set(get_args(ErrorKind))
