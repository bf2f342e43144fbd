"""Run a long command: every line of its output passed on, cancellable, and stopped if it stalls."""

from __future__ import annotations

import os
import queue
import subprocess  # nosec B404  # programs of our own choice, never through a shell
import sys
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Callable

from ..child_process import popen_options, stop_process_tree
from ..masking import masked
from ..programs import whole_command

_POLL_SECONDS = 0.2
_GROWTH_CHECK_SECONDS = 30.0
_REMEMBERED_LINES = 60


class ProcessCancelledError(Exception):
    """The caller asked to stop; the process and its children are gone."""


class ProcessStalledError(Exception):
    """Neither a line of output nor a growing file for too long; the process and its children are gone."""


@dataclass(frozen=True)
class FinishedProcess:
    """How a command ended: its exit code and the last lines it wrote."""

    exit_code: int
    last_lines: tuple[str, ...]


def run_watched(
    command: Sequence[str],
    *,
    environment: Mapping[str, str],
    working_folder: Path,
    on_line: Callable[[str], None],
    cancelled: Callable[[], bool],
    growing_folders: Sequence[Path],
    stall_seconds: float,
) -> FinishedProcess:
    """Run ``command`` to its end, its standard output and error passed line by line, masked, to ``on_line``.

    A download may take hours on a slow line without a word: it has not stalled while ``growing_folders`` grow.

    :raises ProcessCancelledError: ``cancelled()`` returned True.
    :raises ProcessStalledError: no sign of life for ``stall_seconds``.
    :raises OSError: the command cannot be started, or is not named by its whole path.
    """
    last_lines: deque[str] = deque(maxlen=_REMEMBERED_LINES)
    with subprocess.Popen(  # nosec B603  # no shell; the program is a path of our own
        whole_command(command),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        env=environment,
        cwd=working_folder,
        **popen_options(sys.platform),
    ) as process:
        lines = _lines_from_thread(process)
        watch = _StallWatch(growing_folders, stall_seconds)
        try:
            while (line := _next_line(lines)) is not None:
                if line:
                    watch.sign_of_life()
                    last_lines.append(line)
                    on_line(line)
                if cancelled():
                    raise ProcessCancelledError
                if watch.stalled():
                    raise ProcessStalledError
        except BaseException:
            stop_process_tree(process)
            raise
    return FinishedProcess(process.returncode, tuple(last_lines))


class _StallWatch:
    """Remembers the last sign of life. Folders are measured only in silence, since that reads the whole tree."""

    def __init__(self, folders: Sequence[Path], stall_seconds: float) -> None:
        self._folders = folders
        self._stall_seconds = stall_seconds
        self._check_seconds = min(_GROWTH_CHECK_SECONDS, stall_seconds / 4)
        self._size = 0
        self.sign_of_life()

    def sign_of_life(self) -> None:
        self._last_sign = self._last_check = time.monotonic()

    def stalled(self) -> bool:
        now = time.monotonic()
        if now - self._last_check < self._check_seconds:
            return False
        self._last_check = now
        size = sum(map(tree_size, self._folders))
        if size != self._size:
            self._size = size
            self._last_sign = now
        return now - self._last_sign > self._stall_seconds


def _lines_from_thread(process: subprocess.Popen[str]) -> queue.Queue[str | None]:
    """Read the output in a thread, since a pipe cannot be polled on Windows. None marks the end."""
    lines: queue.Queue[str | None] = queue.Queue()

    def read(output: IO[str]) -> None:
        for line in output:
            if line.strip():
                lines.put(masked(line.strip()))
        lines.put(None)

    threading.Thread(target=read, args=(process.stdout,), daemon=True).start()
    return lines


def _next_line(lines: queue.Queue[str | None]) -> str | None:
    """Return the next line, "" if there is none yet, None at the end."""
    try:
        return lines.get(timeout=_POLL_SECONDS)
    except queue.Empty:
        return ""


def tree_size(folder: Path) -> int:
    """Return the bytes of all files below a folder."""
    size = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            try:
                size += Path(parent, name).lstat().st_size
            except OSError:  # a temporary file that has just gone
                continue
    return size
