"""What the worker may be sent: every line gets one message out of it, and every job asked for one answer."""

from __future__ import annotations

import io
import json
import random
from pathlib import Path
from typing import Any

from mutation import ODD_VALUES, break_bytes, break_json

from mmrisk_core.worker import Channel, _run, read_messages

WHOLE: list[dict[str, Any]] = [
    {"type": "run", "id": 1, "verb": "describe", "parameters": {"model": "gone.safetensors", "html": None}},
    {
        "type": "run",
        "id": 2,
        "verb": "tiles",
        "parameters": {"extent": [0, 0, 1, 1], "crs": "EPSG:0", "output": "no/t.gpkg"},
    },
    {
        "type": "run",
        "id": 3,
        "verb": "predict",
        "parameters": {"tiles": "gone.gpkg", "model": "gone", "output": "no/r.gpkg"},
    },
    {"type": "cancel", "id": 1},
]
ANSWERS = {"result", "error", "cancelled"}


def broken(rng: random.Random) -> bytes:
    """Some lines, of which some are wrong."""
    lines = []
    for _ in range(rng.randint(1, 3)):
        line = json.dumps(break_json(rng.choice(WHOLE), rng)).encode()
        if rng.random() < 0.3:
            line = break_bytes(line, rng)
        if rng.random() < 0.03:
            line = rng.choice((b"[" * 5000, b'{"id":' * 3000, b"9" * 6000, b"\xff\xfe\x00", b'{"id": 1e999}', b""))
        if rng.random() < 0.05:
            line = json.dumps({"type": rng.choice(ODD_VALUES), "id": rng.choice(ODD_VALUES), "verb": "doctor"}).encode()
        lines.append(line)
    return b"\n".join(lines) + rng.choice((b"", b"\n"))


def check(data: bytes, folder: Path) -> str:
    """Let the worker read the lines and answer.

    :return: ``answered``.
    """
    messages = list(read_messages(io.BytesIO(data)))
    assert len(messages) <= data.count(b"\n") + 1
    cancelled: set[object] = {message["id"] for message in messages if message.get("type") == "cancel"}
    asked = [message for message in messages if message.get("type") != "cancel"]
    for message in asked:
        stream = io.StringIO()
        # A job that would look at this machine takes long, and is not what is tried here.
        if message.get("verb") != "doctor":
            _run(message, Channel(stream), cancelled)
            written = [json.loads(line) for line in stream.getvalue().splitlines()]
            answers = [answer for answer in written if answer["type"] in ANSWERS]
            assert [answer["id"] for answer in answers] == [message["id"]], written
            assert "unexpectedly" not in answers[0].get("message", ""), answers[0]
    return "answered"
