"""Finished shards of a prediction, kept as files until the whole is written, so that what broke off goes on.

They lie in ``predictions/<key of the plan>/`` of the cache folder, one small file a shard, each written beside and renamed,
and sealed: what was damaged since, or is of another plan, is computed again. What finds no room there is kept in memory.
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
from safetensors.numpy import load, save

from mmrisk_core.errors import OutputError, ResourceError
from mmrisk_core.files import atomic_write, sealed, unsealed
from mmrisk_core.inference.precision import DTYPES, Precision
from mmrisk_core.inference.risk_columns import RiskColumns, are_possible
from mmrisk_core.prediction.plan import PredictionPlan
from mmrisk_core.training.embedding_cache import cache_folder

FOLDER = "predictions"
PRECISION = "precision.txt"
MAX_DAYS = 30
SEVERAL_PARTS = "several_parts"
"""Beside the figures of a shard: whether the polygon of a tile has several parts, (n,), int8."""


class ShardStore:
    """The finished shards of ``plan`` in ``folder``.

    :param log: told once, when the folder has no room for them.
    """

    def __init__(self, folder: Path, plan: PredictionPlan, log: Callable[[str], None]) -> None:
        self._folder = folder
        self._plan = plan
        self._log = log
        self._in_memory: dict[str, bytes] = {}
        self._precision = self.precision
        self.load = lru_cache(maxsize=2)(self._load)

    @property
    def precision(self) -> Precision | None:
        """How precisely an earlier run has computed; None where there was none."""
        kept = self._read(PRECISION)
        return next((known for known in DTYPES if kept == known.encode()), None)

    def keep_precision(self, precision: Precision) -> None:
        """Let all shards, those of a later run too, be computed alike."""
        self._write(PRECISION, precision.encode())
        self._precision = precision

    def is_known(self, number: int) -> bool:
        """Whether the shard is there and undamaged."""
        return self._find(number) is not None

    def save(self, number: int, figures: RiskColumns) -> None:
        """Keep the figures of a shard.

        :raises MMRiskError: when they are none, as a broken worker may send.
        """
        if not self._are_possible(number, figures):
            raise ResourceError(
                f"The figures of part {number + 1} of {self._plan.shards} came out broken: they are none that a prediction "
                "can give. Run it again; it goes on from there. If it comes again, try another computer."
            )
        self._write(_name(number), save(figures))

    def clear(self) -> None:
        """Remove all shards; the risk layer is written."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _load(self, number: int) -> RiskColumns:
        figures = self._find(number)
        if figures is None:
            raise ResourceError(
                f"A finished part of the prediction in {self._folder} was damaged meanwhile. Run it again: only that part "
                "is computed anew."
            )
        return figures

    def _find(self, number: int) -> RiskColumns | None:
        content = self._read(_name(number))
        if content is None:
            return None
        try:
            figures: RiskColumns = load(content)
        except SafetensorError:
            return None
        return figures if self._are_possible(number, figures) else None

    def _are_possible(self, number: int, figures: RiskColumns) -> bool:
        count = len(self._plan.rows(number))
        parts = figures.get(SEVERAL_PARTS)
        return parts is not None and parts.shape == (count,) and are_possible(figures, count)

    def _read(self, name: str) -> bytes | None:
        kept = self._in_memory.get(name)
        if kept is None:
            try:
                kept = (self._folder / name).read_bytes()
            except OSError:
                return None
        return unsealed(kept, self._about(name))

    def _write(self, name: str, content: bytes) -> None:
        kept = sealed(content, self._about(name))
        try:
            with atomic_write(self._folder / name) as part:
                part.write_bytes(kept)
        except (OSError, OutputError) as error:
            if not self._in_memory:
                self._log(
                    f"Finished parts of the prediction cannot be kept in {self._folder} ({error}). They are kept in memory, "
                    "and a run that breaks off begins again with them. Make room, or set MMRISK_CACHE to another folder."
                )
            self._in_memory[name] = kept

    def _about(self, name: str) -> bytes:
        precision = "" if name == PRECISION else self._precision
        return f"{self._plan.key} {self._plan.shards} {precision} {name}".encode()


def _name(number: int) -> str:
    return f"{number}.shard"


@contextmanager
def kept_shards(plan: PredictionPlan, log: Callable[[str], None]) -> Iterator[ShardStore]:
    """The finished shards of ``plan``, for this process alone.

    Where another process is at the same prediction, or the cache cannot be used, it is a temporary folder.
    """
    with ExitStack() as stack:
        folder = _kept_folder(plan, stack, log)
        if folder is None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mmrisk-")))
        yield ShardStore(folder, plan, log)


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
