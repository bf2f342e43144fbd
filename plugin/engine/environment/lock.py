"""A lock between processes, so that two QGIS windows never build the same environment at once."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Callable

from ..errors import EngineEnvironmentCancelledError

if sys.platform == "win32":
    import msvcrt

    def _try_to_lock(file: IO[bytes]) -> bool:
        file.seek(0)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try_to_lock(file: IO[bytes]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


@contextmanager
def exclusive_lock(path: Path, on_wait: Callable[[], None], cancelled: Callable[[], bool]) -> Iterator[None]:
    """Hold the lock file ``path`` while the block runs. The kernel releases it if this process dies.

    :param path: made if missing, and left in place: removing it would let two processes lock two different files.
    :param on_wait: called once if another process holds the lock.
    :param cancelled: asked while waiting.

    :raises EngineEnvironmentCancelledError: cancelled while waiting.
    :raises OSError: the file cannot be made or locked.
    """
    with path.open("ab") as file:  # closing the file releases the lock
        if not _try_to_lock(file):
            on_wait()
            while not _try_to_lock(file):
                if cancelled():
                    raise EngineEnvironmentCancelledError(
                        "Cancelled while waiting for another QGIS window to set up the engine."
                    )
                time.sleep(0.2)
        yield
