"""Finished shards of a prediction, kept as files until the whole is written, so that what broke off goes on.

They lie in ``predictions/<key of the plan>/`` of the cache folder, one small file a shard, each written beside and renamed.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import lru_cache
from pathlib import Path

from filelock import FileLock, Timeout
from safetensors import SafetensorError
from safetensors.numpy import load_file, save

from mmrisk_core.errors import OutputError
from mmrisk_core.files import atomic_write
from mmrisk_core.inference.precision import DTYPES, Precision
from mmrisk_core.inference.risk_columns import RiskColumns
from mmrisk_core.prediction.plan import PredictionPlan
from mmrisk_core.training.embedding_cache import cache_folder

FOLDER = "predictions"
PRECISION = "precision.txt"
MAX_DAYS = 30


class ShardStore:
    """The finished shards of ``plan`` in ``folder``."""

    def __init__(self, folder: Path, plan: PredictionPlan) -> None:
        self._folder = folder
        self._plan = plan
        self.load = lru_cache(maxsize=2)(self._load)

    @property
    def precision(self) -> Precision | None:
        """How precisely an earlier run has computed; None where there was none."""
        try:
            text = (self._folder / PRECISION).read_text(encoding="utf-8")
        except OSError:
            return None
        return next((known for known in DTYPES if known == text), None)

    def keep_precision(self, precision: Precision) -> None:
        """Let all shards, those of a later run too, be computed alike."""
        self._write(self._folder / PRECISION, precision.encode())

    def is_known(self, number: int) -> bool:
        """Whether the shard is there and undamaged."""
        try:
            figures = self._load(number)
        except (OSError, SafetensorError):
            return False
        return all(len(values) == len(self._plan.rows(number)) for values in figures.values())

    def save(self, number: int, figures: RiskColumns) -> None:
        """Keep the figures of a shard.

        :raises MMRiskError: when the disk is full, or nothing may be written there.
        """
        self._write(self._file(number), save(figures))

    def _write(self, file: Path, content: bytes) -> None:
        try:
            with atomic_write(file) as part:
                part.write_bytes(content)
        except OSError as error:
            raise OutputError(
                f"Finished parts of the prediction cannot be kept in {self._folder} ({error.strerror}). Make room there, or "
                "set MMRISK_CACHE to another folder."
            ) from error

    def clear(self) -> None:
        """Remove all shards; the risk layer is written."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _load(self, number: int) -> RiskColumns:
        return dict(load_file(self._file(number)))

    def _file(self, number: int) -> Path:
        return self._folder / f"{number}.safetensors"


@contextmanager
def kept_shards(plan: PredictionPlan, log: Callable[[str], None]) -> Iterator[ShardStore]:
    """The finished shards of ``plan``, for this process alone.

    Where another process is at the same prediction, or the cache cannot be used, it is a temporary folder.
    """
    with ExitStack() as stack:
        folder = _kept_folder(plan, stack, log)
        if folder is None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mmrisk-")))
        yield ShardStore(folder, plan)


def _kept_folder(plan: PredictionPlan, stack: ExitStack, log: Callable[[str], None]) -> Path | None:
    if plan.key is None:
        log("The imagery is not read from files, so what is finished cannot be kept for another run.")
        return None
    folder = cache_folder() / FOLDER
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _remove_old(folder)
        if stack.enter_context(locked(folder / f"{plan.key}.lock")):
            (folder / plan.key).mkdir(exist_ok=True)
            return folder / plan.key
        log("Another process is at the same prediction; this one begins at the first tile, and keeps nothing.")
    except OSError as error:
        log(f"The folder {folder} cannot be used ({error}), so what is finished cannot be kept for another run.")
    return None


@contextmanager
def locked(path: Path) -> Iterator[bool]:
    """Whether this process alone has the lock ``path`` meanwhile; it ends with the process, however that ends.

    The file stays for a while, since who removes it could take it from another process that has just opened it.
    """
    lock = FileLock(path, timeout=0)
    try:
        with lock:
            yield True
    except Timeout:
        yield False


def _remove_old(folder: Path) -> None:
    """Remove what nobody came back for in 30 days."""
    oldest = time.time() - MAX_DAYS * 86400
    for lock in folder.glob("*.lock"):
        shards = lock.with_suffix("")
        if max(place.stat().st_mtime for place in (lock, shards) if place.exists()) > oldest:
            continue
        with locked(lock) as alone:
            if alone:
                shutil.rmtree(shards, ignore_errors=True)
        if alone:
            lock.unlink(missing_ok=True)
