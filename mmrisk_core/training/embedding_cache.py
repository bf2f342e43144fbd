"""Embeddings of frozen encoders, kept on disk: the same pixels are not looked at twice.

A cache may be lost or locked at any time and must never be the reason that training fails: what goes wrong is logged once,
and the work goes on without it.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType

import numpy as np
import torch
from torch import Tensor

from mmrisk_core.files import sealed, unsealed

FILE_NAME = "embeddings.sqlite3"
MAX_BYTES = 2 * 10**9
KEPT_SHARE = 0.95
WRITTEN_TOGETHER = 512
SECONDS_TO_WAIT = 5.0


def cache_folder(environ: Mapping[str, str] = os.environ, platform: str = sys.platform) -> Path:
    """The user's folder for what can be made again (not created): ``MMRISK_CACHE``, else the system's place for it."""
    chosen = environ.get("MMRISK_CACHE")
    if chosen:
        return Path(chosen).expanduser()
    home = Path(environ.get("USERPROFILE" if platform == "win32" else "HOME") or Path.home())
    if platform == "win32":
        return Path(environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "mmrisk" / "cache"
    if platform == "darwin":
        return home / "Library" / "Caches" / "mmrisk"
    return Path(environ.get("XDG_CACHE_HOME") or home / ".cache") / "mmrisk"


class EmbeddingCache:
    """Vectors by the hash of what they were made of, in one SQLite file that several processes may share.

    Used as a context manager: leaving it writes what is not written yet.

    :param folder: is created.
    :param log: told once, when the cache cannot be used.
    :param most_bytes: above it, the vectors that were stored first are removed.
    """

    def __init__(self, folder: Path, log: Callable[[str], None], most_bytes: int = MAX_BYTES) -> None:
        self._path = folder / FILE_NAME
        self._log = log
        self._most_bytes = most_bytes
        self._waiting: dict[bytes, bytes] = {}
        self._database: sqlite3.Connection | None = None
        try:
            folder.mkdir(parents=True, exist_ok=True)
            # Transactions are begun by hand: opened by a reading, they could not wait for another process to write.
            self._database = sqlite3.connect(self._path, timeout=SECONDS_TO_WAIT, isolation_level=None)
            self._database.execute(
                "CREATE TABLE IF NOT EXISTS embeddings (number INTEGER PRIMARY KEY, key BLOB UNIQUE, vector BLOB)"
            )
        except (sqlite3.Error, OSError) as error:
            self._give_up(error)

    def __enter__(self) -> EmbeddingCache:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._write()
        if self._database is not None:
            self._database.close()
            self._database = None

    def find(self, keys: Sequence[bytes], size: int) -> dict[bytes, Tensor]:
        """Those of the vectors ``keys`` that are there and undamaged, each of ``size`` numbers."""
        if self._database is None or not keys:
            return {}
        places = ",".join("?" * len(keys))
        try:
            found = self._database.execute(
                f"SELECT key, vector FROM embeddings WHERE key IN ({places})",  # noqa: S608  # nosec B608  # only question marks
                keys,
            ).fetchall()
        except sqlite3.Error as error:
            self._give_up(error)
            return {}
        contents = {key: unsealed(vector, key) for key, vector in found}
        return {
            key: torch.from_numpy(np.frombuffer(content, dtype="<f4").astype(np.float32))
            for key, content in contents.items()
            if content is not None and len(content) == 4 * size
        }

    def store(self, key: bytes, vector: Tensor) -> None:
        """Keep a float32 vector; it is written with some others, or at the end."""
        if self._database is not None:
            self._waiting[key] = sealed(vector.numpy().astype("<f4").tobytes(), key)
            if len(self._waiting) >= WRITTEN_TOGETHER:
                self._write()

    def _write(self) -> None:
        rows, self._waiting = list(self._waiting.items()), {}
        if self._database is None or not rows:
            return
        try:
            self._database.execute("BEGIN IMMEDIATE")
            self._database.executemany("INSERT OR REPLACE INTO embeddings (key, vector) VALUES (?, ?)", rows)
            self._remove_oldest(self._database)
            self._database.execute("COMMIT")
        except sqlite3.Error as error:
            self._give_up(error)

    def _remove_oldest(self, database: sqlite3.Connection) -> None:
        """Pages of removed rows are used again, so the file does not grow, and shrinking it can be spared."""
        pages, free, page = (
            database.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "freelist_count", "page_size")
        )
        used = (pages - free) * page
        if used > self._most_bytes:
            first, last = database.execute("SELECT MIN(number), MAX(number) FROM embeddings").fetchone()
            removed = 1 - KEPT_SHARE * self._most_bytes / used
            database.execute("DELETE FROM embeddings WHERE number < ?", (first + removed * (last - first + 1),))

    def _give_up(self, error: Exception) -> None:
        database, self._database, self._waiting = self._database, None, {}
        if database is not None:
            database.close()
        # SQLite has kinds of its own for all that may pass: a lock, a full disk, a folder nobody may write to.
        is_damaged = type(error) is sqlite3.DatabaseError
        if is_damaged:
            with suppress(OSError):
                self._path.unlink()
        way_out = "It is damaged, and made anew" if is_damaged else "Set MMRISK_CACHE to a folder that you may write to"
        self._log(
            f"The cache of image embeddings {self._path} cannot be used ({error}), so that the next training will look at "
            f"the imagery again. {way_out}."
        )
