"""The worker: a process that does one job at a time and stays warm between jobs.

It reads JSON objects from stdin, one per line, and writes them to stdout:

- in: ``{"type": "run", "id": 1, "verb": "tiles", "parameters": {...}}``, ``{"type": "cancel", "id": 1}``
- out: ``hello`` once, then for each job any number of ``progress``, ``epoch`` and ``log``, and one of ``result``,
  ``error``, ``cancelled``. What each holds is written down in :mod:`plugin.engine.messages`, and a test holds both to it.

When stdin ends, the program that started it is gone: the job in hand is cancelled, so that it can tidy up, and the
worker ends.
"""

from __future__ import annotations

import contextlib
import json
import os
import platform
import queue
import sys
import threading
import time
import traceback
import warnings
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import IO, Any, NoReturn

from mmrisk_core.errors import Cancelled, InputError, MMRiskError, file_sentence
from mmrisk_core.progress import Progress
from mmrisk_core.version import PROTOCOL_VERSION, __version__

TIDY_UP_SECONDS = 3.0
PROGRESS_INTERVAL = 0.1
MAX_LINE_BYTES = 16 * 2**20
"""In bytes; no plugin sends so much, and what never ends must not fill the memory."""
EVERYTHING = object()
"""Among the cancelled jobs once stdin has ended."""


@dataclass
class Channel:
    """Writes messages, one JSON object a line, from any thread."""

    stream: IO[str]
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def send(self, message_type: str, **content: Any) -> None:
        """Write one message; a reader that is gone is noticed on stdin, not here."""
        line = json.dumps({"type": message_type, **content}, allow_nan=False, default=str)
        with self._lock:
            try:
                self.stream.write(line + "\n")
                self.stream.flush()
            except (BrokenPipeError, ValueError):
                pass


def main() -> NoReturn:
    """Run the worker on this process's stdin and stdout; it ends the process, and does not return."""
    channel = Channel(_take_over_stdout())
    inbox: queue.Queue[dict[str, Any] | None] = queue.Queue()
    cancelled: set[object] = set()
    threading.Thread(target=_read, args=(sys.stdin.buffer, inbox, cancelled), daemon=True).start()
    channel.send("hello", **_introduction())
    while (message := inbox.get()) is not None:
        _run(message, channel, cancelled)
    # Taking torch down in order can last seconds, in which the guard of _read no longer runs.
    sys.stderr.flush()
    os._exit(0)


def _take_over_stdout() -> IO[str]:
    """The real stdout for messages only; whatever a library prints goes to stderr."""
    messages = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    sys.stdout = sys.stderr
    return messages


def _introduction() -> dict[str, Any]:
    from mmrisk_core.compute.devices import choose_device

    try:
        device = choose_device("auto").summary
    except MMRiskError as error:
        # The jobs that compute will say so; the others can be done.
        device = str(error)
    return {
        "protocol": PROTOCOL_VERSION,
        "engine": __version__,
        "python": platform.python_version(),
        "pid": os.getpid(),
        "device": device,
    }


def _read(stream: IO[bytes], inbox: queue.Queue[dict[str, Any] | None], cancelled: set[object]) -> None:
    for message in read_messages(stream):
        if message.get("type") == "cancel":
            cancelled.add(message["id"])
        else:
            inbox.put(message)
    cancelled.add(EVERYTHING)
    inbox.put(None)
    time.sleep(TIDY_UP_SECONDS)
    os._exit(0)


def read_messages(stream: IO[bytes]) -> Iterator[dict[str, Any]]:
    """The messages of ``stream``, each with a whole number or None as its ``id``.

    Of what is none, the type is ``unreadable``.
    """
    while line := stream.readline(MAX_LINE_BYTES):
        message: Any = None
        if line.endswith(b"\n") or len(line) < MAX_LINE_BYTES:
            with contextlib.suppress(ValueError, RecursionError):
                message = json.loads(line)
        else:
            while line and not line.endswith(b"\n"):
                line = stream.readline(MAX_LINE_BYTES)
        if not isinstance(message, dict):
            message = {"type": "unreadable"}
        # A truth value would be a number to Python, and what is a list could not be looked up among the cancelled.
        number = message.get("id")
        yield {**message, "id": number if type(number) is int else None}


def _run(message: dict[str, Any], channel: Channel, cancelled: set[object]) -> None:
    from mmrisk_core.jobs import make_job, run_job

    number = message.get("id")
    progress = _progress(number, channel, cancelled)
    try:
        if message.get("type") != "run" or not isinstance(message.get("parameters"), dict):
            raise InputError("The engine did not understand a message. Update the plugin and the engine together.")
        job = make_job(str(message.get("verb")), message["parameters"])
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("default")
            result = run_job(job, progress)
        for warning in caught:
            print(
                warnings.formatwarning(warning.message, warning.category, warning.filename, warning.lineno),
                file=sys.stderr,
            )
        channel.send("result", id=number, result=result)
    except Cancelled:
        channel.send("cancelled", id=number)
    except MMRiskError as error:
        channel.send("error", id=number, kind=error.kind, message=str(error), detail="")
    except OSError as error:
        channel.send("error", id=number, kind="output", message=file_sentence(error), detail=traceback.format_exc())
    except Exception as error:
        sentence = f"The engine failed unexpectedly ({type(error).__name__}: {error}). Please report this with the log."
        channel.send("error", id=number, kind="unexpected", message=sentence, detail=traceback.format_exc())


def _progress(number: Any, channel: Channel, cancelled: set[object]) -> Progress:
    # Reports without a message, of which there are many, must not crowd out those that have one.
    last = {False: 0.0, True: 0.0}

    def report(fraction: float, message: str) -> None:
        now = time.monotonic()
        if now - last[bool(message)] >= PROGRESS_INTERVAL or fraction >= 1:
            last[bool(message)] = now
            channel.send("progress", id=number, fraction=fraction, message=message)

    return Progress(
        report=report,
        log=lambda message: channel.send("log", id=number, message=message),
        trained=lambda epoch: channel.send("epoch", id=number, **asdict(epoch)),
        is_cancelled=lambda: number in cancelled or EVERYTHING in cancelled,
    )
