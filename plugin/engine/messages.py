"""What the engine writes to the plugin, a JSON object a line; ``type`` says which of these it is.

Each message of a job has the job's number as ``id``.
"""

from __future__ import annotations

from typing import Any, Literal, TypedDict

ErrorKind = Literal["input", "model_file", "output", "resource", "unexpected"]


class Hello(TypedDict):
    """Once, when the engine can take jobs."""

    type: Literal["hello"]
    protocol: int
    engine: str
    python: str
    pid: int
    device: str


class Progress(TypedDict):
    """How far a job is, from 0 to 1, and what it is at."""

    type: Literal["progress"]
    id: int
    fraction: float
    message: str


class Log(TypedDict):
    """A sentence worth keeping."""

    type: Literal["log"]
    id: int
    message: str


class Epoch(TypedDict):
    """An epoch of a training that is over.

    ``held_out`` is None where nothing is held out; ``batches`` has the loss of each batch, where the loop tells them.
    """

    type: Literal["epoch"]
    id: int
    network: str
    epoch: int
    epochs: int
    loss: float
    held_out: float | None
    batches: list[float]


class Result(TypedDict):
    """What came of a job."""

    type: Literal["result"]
    id: int
    result: dict[str, Any]


class Error(TypedDict):
    """Why a job failed, as a sentence; ``detail`` helps to report it, and may be empty."""

    type: Literal["error"]
    id: int
    kind: ErrorKind
    message: str
    detail: str


class Cancelled(TypedDict):
    """The job was cancelled."""

    type: Literal["cancelled"]
    id: int


MESSAGES: dict[str, Any] = {
    "hello": Hello,
    "progress": Progress,
    "log": Log,
    "epoch": Epoch,
    "result": Result,
    "error": Error,
    "cancelled": Cancelled,
}
