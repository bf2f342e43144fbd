"""The engine as QGIS sees it: one child process that does jobs, speaks JSON lines and outlives none of its parents."""

from __future__ import annotations

import collections
import contextlib
import json
import os
import queue
import subprocess  # nosec B404  # programs of our own choice, never through a shell
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol, cast

from .child_process import popen_options, scrubbed_environment
from .errors import EngineCancelledError, EngineError
from .messages import Epoch
from .programs import whole_command

PROTOCOL_VERSION = 1
START_SECONDS = 120.0
CANCEL_SECONDS = 10.0
STOP_SECONDS = 5.0
POLL_SECONDS = 0.1
KEPT_ERROR_LINES = 40
MAX_LINE_BYTES = 16 * 2**20
"""In bytes: longer ones the engine does not read."""


class JobFeedback(Protocol):
    """What a job tells its caller while it runs, and asks it."""

    def report(self, fraction: float, message: str) -> None:
        """Take note of the fraction done and of what is being done."""

    def log(self, message: str) -> None:
        """Take note of a sentence worth keeping."""

    def trained(self, epoch: Epoch) -> None:
        """Take note of an epoch of a training."""

    def is_cancelled(self) -> bool:
        """Say whether the user cancelled."""


class EngineClient:
    """Runs jobs in an engine process, which is started when first needed and again after a crash.

    :param python: the engine's interpreter.
    :param root: the folder that holds ``mmrisk_core``.
    :param variables: environment variables for the engine beside those of this process.

    ``failure`` is a sentence while the engine has last failed to start or has died, else empty.
    """

    def __init__(self, python: Path, root: Path, variables: Mapping[str, str] | None = None) -> None:
        self.python = python
        self.failure = ""
        self.variables = dict(variables or {})
        self._root = root
        self._process: _EngineProcess | None = None
        self._jobs = 0
        self._one_job = threading.Lock()

    @property
    def process_id(self) -> int | None:
        """The process id of the running engine, or None."""
        process = self._process
        return process.process_id if process is not None and process.is_alive() else None

    @property
    def introduction(self) -> dict[str, Any]:
        """What the running engine said of itself: versions and device. Empty while none runs."""
        return self._process.introduction if self._process is not None else {}

    @property
    def is_busy(self) -> bool:
        """Whether a job is being done, the start of the engine for it included."""
        return self._one_job.locked()

    def run(self, verb: str, parameters: dict[str, Any], feedback: JobFeedback) -> dict[str, Any]:
        """Do a job and return its result; jobs of other threads wait for their turn.

        :raises EngineError: a sentence on what went wrong; ``detail`` has what helps to report it.
        :raises EngineCancelledError: the user cancelled.
        """
        while not self._one_job.acquire(timeout=POLL_SECONDS):
            if feedback.is_cancelled():
                raise EngineCancelledError
        try:
            process = self._started(feedback)
            if feedback.is_cancelled():
                raise EngineCancelledError
            self._jobs += 1
            return self._converse(process, self._jobs, verb, parameters, feedback)
        finally:
            self._one_job.release()

    def stop(self) -> None:
        """End the engine: politely, then by force."""
        process, self._process = self._process, None
        if process is not None:
            process.stop()

    def _started(self, feedback: JobFeedback) -> _EngineProcess:
        if self._process is not None and self._process.is_alive():
            return self._process
        feedback.report(0.0, "starting the engine")
        try:
            self._process = _EngineProcess(self.python, self._root, self.variables)
            self._process.wait_until_ready(feedback)
        except BaseException as error:
            self.failure = str(error) if isinstance(error, EngineError) else ""
            self.stop()
            raise
        self.failure = ""
        feedback.log(
            f"Engine {self._process.introduction.get('engine')} on {self._process.introduction.get('device')}."
        )
        return self._process

    def _converse(
        self, process: _EngineProcess, number: int, verb: str, parameters: dict[str, Any], feedback: JobFeedback
    ) -> dict[str, Any]:
        process.send({"type": "run", "id": number, "verb": verb, "parameters": parameters})
        cancelled_at: float | None = None
        while True:
            if cancelled_at is None and feedback.is_cancelled():
                process.send({"type": "cancel", "id": number})
                cancelled_at = time.monotonic()
            if cancelled_at is not None and time.monotonic() - cancelled_at > CANCEL_SECONDS:
                self.stop()
                raise EngineCancelledError
            message = process.next_message(POLL_SECONDS)
            if message is None:
                continue
            kind = message.get("type")
            if kind == "ended":
                self._process = None
                if cancelled_at is not None:
                    raise EngineCancelledError
                self.failure = process.exit_sentence()
                raise EngineError(self.failure, process.stderr_tail())
            # What the engine could not read has no number.
            if message.get("id") != number and (kind, message.get("id")) != ("error", None):
                continue
            if kind == "progress":
                feedback.report(float(message["fraction"]), str(message["message"]))
            elif kind == "log":
                feedback.log(str(message["message"]))
            elif kind == "epoch":
                feedback.trained(cast(Epoch, message))
            elif kind == "result":
                return dict(message["result"])
            elif kind == "cancelled":
                raise EngineCancelledError
            elif kind == "error":
                detail, about = str(message.get("detail", "")), message.get("kind", "unexpected")
                raise EngineError(str(message["message"]), detail, about)


class _EngineProcess:
    """One engine process, its pipes and the threads at their ends."""

    def __init__(self, python: Path, root: Path, variables: Mapping[str, str]) -> None:
        self.introduction: dict[str, Any] = {}
        self._inbox: queue.Queue[dict[str, Any]] = queue.Queue()
        self._outbox: queue.Queue[str | None] = queue.Queue()
        self._errors: collections.deque[str] = collections.deque(maxlen=KEPT_ERROR_LINES)
        try:
            self._process = subprocess.Popen(  # nosec B603  # no shell; the program is a path of our own
                whole_command([str(python), "-m", "mmrisk_core", "worker"]),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env={**scrubbed_environment(os.environ, sys.platform, python_path=root), **variables},
                cwd=str(root),
                encoding="utf-8",
                errors="replace",
                **popen_options(sys.platform),
            )
        except OSError as error:
            raise EngineError(
                f"The engine's Python {python} cannot be started ({error.strerror or error}). Set up the engine again."
            ) from error
        self._error_reader = threading.Thread(target=self._read_errors, daemon=True)
        self._threads = [
            self._error_reader,
            threading.Thread(target=self._read_messages, daemon=True),
            threading.Thread(target=self._write_messages, daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    @property
    def process_id(self) -> int:
        return self._process.pid

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def wait_until_ready(self, feedback: JobFeedback) -> None:
        """Wait for the engine's greeting and check that it speaks the same protocol."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if feedback.is_cancelled():
                raise EngineCancelledError
            message = self.next_message(POLL_SECONDS)
            if message is None:
                continue
            if message.get("type") == "ended":
                raise EngineError(
                    "The engine did not start. Set up the engine again, or choose another Python for it.",
                    self.stderr_tail(),
                )
            if message.get("type") == "hello":
                if message.get("protocol") != PROTOCOL_VERSION:
                    raise EngineError(
                        f"The engine speaks protocol {message.get('protocol')}, the plugin {PROTOCOL_VERSION}. Install the "
                        "plugin again, so that both are of one version."
                    )
                self.introduction = message
                return
        raise EngineError(f"The engine did not answer within {START_SECONDS:.0f} seconds.", self.stderr_tail())

    def send(self, message: dict[str, Any]) -> None:
        """Send a message without waiting for the engine to read it, which a frozen one never does; one that has ended is
        noticed by the reader.

        :raises EngineError: it is longer than what the engine takes.
        """
        line = json.dumps(message) + "\n"
        if len(line) > MAX_LINE_BYTES:
            raise EngineError(
                f"The job takes {len(line) / 2**20:.0f} MiB to write down; at most {MAX_LINE_BYTES // 2**20} are sent. Give "
                "fewer layers, fields or values at once."
            )
        self._outbox.put(line)

    def next_message(self, seconds: float) -> dict[str, Any] | None:
        """The next message, or None after ``seconds``."""
        try:
            return self._inbox.get(timeout=seconds)
        except queue.Empty:
            return None

    def stop(self) -> None:
        """Close the engine's stdin, on which it ends by itself; then insist."""
        self._outbox.put(None)
        for insist in (self._process.terminate, self._process.kill):
            try:
                self._process.wait(STOP_SECONDS)
                break
            except subprocess.TimeoutExpired:
                insist()
        self._process.wait()
        for thread in self._threads:
            thread.join(STOP_SECONDS)
        for pipe in (self._process.stdout, self._process.stderr):
            if pipe is not None:
                pipe.close()

    def exit_sentence(self) -> str:
        """A sentence on how the engine ended."""
        try:
            code = self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            # It has closed its end, and goes on.
            self._process.kill()
            code = self._process.wait()
        how = f"was killed by signal {-code}" if code < 0 else f"ended with exit code {code}"
        hint = " It may have run out of memory: use fewer or smaller tiles." if code == -9 else ""
        return f"The engine {how} while it worked.{hint} Nothing was written; the next run starts it again."

    def stderr_tail(self) -> str:
        """The last lines the engine wrote to stderr."""
        return "\n".join(self._errors)

    def _write_messages(self) -> None:
        assert self._process.stdin is not None  # nosec B101  # for the type checker
        with contextlib.suppress(OSError, ValueError):
            while (line := self._outbox.get()) is not None:
                self._process.stdin.write(line)
                self._process.stdin.flush()
        with contextlib.suppress(OSError):
            self._process.stdin.close()

    def _read_messages(self) -> None:
        assert self._process.stdout is not None  # nosec B101  # for the type checker
        for line in self._process.stdout:
            try:
                message = json.loads(line)
            except ValueError:
                self._errors.append(line.rstrip())
                continue
            if isinstance(message, dict):
                self._inbox.put(message)
        # Whoever hears of the end asks what the engine wrote last.
        self._error_reader.join(STOP_SECONDS)
        self._inbox.put({"type": "ended"})

    def _read_errors(self) -> None:
        assert self._process.stderr is not None  # nosec B101  # for the type checker
        for line in self._process.stderr:
            self._errors.append(line.rstrip())
