"""Files that are either whole or not there, and what is no file."""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shutil
import stat
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from mmrisk_core.errors import Cancelled, InputError, MMRiskError, OutputError
from mmrisk_core.replacing import put_in_place, require_unlocked

DIGEST_BYTES = 16
FULL = 64 * 1024
"""Bytes: a disk with less room left is taken for full when something could not be written."""
RESERVED = re.compile(r"(^|[\\/])(con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$)(\.[^\\/]*)?$", re.IGNORECASE)
"""Names of devices on Windows, in any folder."""
OF_THE_SYSTEM = ("/dev", "/proc", "/sys")
SHARED_MEMORY = "/dev/shm"  # noqa: S108  # nosec B108  # files lie there as anywhere


def require_file(path: str | Path, what: str) -> None:
    """Check that what is to be read is a file or folder, if it is there: a pipe may never end, and a device has no end.

    :param what: what it is to be, as messages call it.
    :raises MMRiskError: when it is something else.
    """
    if is_no_file(path):
        raise InputError(
            f"The {what} cannot be {path}, which is no file, but a device, a pipe or a part of the system. Choose a file."
        )


def is_no_file(path: str | Path) -> bool:
    """Whether a path names a device, a pipe or a part of the system; one where nothing is does not."""
    text = str(path)
    if text.replace("/", "\\").startswith(("\\\\.\\", "\\\\?\\")):
        return True
    if sys.platform == "win32" and RESERVED.search(text):
        return True
    try:
        mode = Path(text).stat().st_mode
        real = Path(os.path.realpath(text))
    except (OSError, ValueError):
        return False
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        return True
    return any(real.is_relative_to(place) for place in OF_THE_SYSTEM) and not real.is_relative_to(SHARED_MEMORY)


@contextmanager
def atomic_write(path: str | Path) -> Iterator[Path]:
    """Give a temporary path beside ``path``; on success it is renamed to ``path``, on failure it is removed.

    What was written is on the disk before it is renamed, so that a power cut leaves no empty file under the name.

    The temporary name keeps the suffix, because file formats are chosen by it; the further files of such as a shapefile
    go with it. What earlier processes of this machine left there when they were killed goes first.

    :raises MMRiskError: when the folder does not exist or cannot be written to, or its disk is full.
    """
    path = Path(path)
    require_place(path)
    _remove_orphans(path)
    part = _temporary(path)
    try:
        yield part
        try:
            files = _files_of(part)
            for written in files:
                _flush(written)
            names = [path.with_name(path.stem + written.name.removeprefix(part.stem)) for written in files]
            put_in_place(list(zip(files, names, strict=True)), path)
        except OSError as error:
            raise _unwritable(path, error) from error
    except Cancelled:
        raise
    except Exception as error:
        # Formats have words of their own for it, such as a table that is missing.
        if _is_full(path.parent):
            raise OutputError(
                f"The disk of {path.parent} is full, so {path.name} was not written. Make room there, or choose another "
                "folder."
            ) from error
        raise
    finally:
        for leftover in _files_of(part):
            leftover.unlink(missing_ok=True)


def require_place(path: str | Path) -> None:
    """Check that a file can be written, before the long work for it.

    :raises MMRiskError: when its folder does not exist or cannot be written to, or another program writes to it.
    """
    path = Path(path)
    if path.is_dir():
        raise OutputError(f"The output {path} is a folder. Give the name of a file in it.")
    if is_no_file(path):
        raise OutputError(
            f"The output {path} is no file, but a device, a pipe or a part of the system. Give another name."
        )
    if not path.parent.is_dir():
        raise OutputError(
            f"The folder {path.parent} of the output {path.name} does not exist. Create it, or choose another."
        )
    require_unlocked(path)
    tried = _temporary(path)
    try:
        tried.touch()
        tried.unlink()
    except OSError as error:
        raise _unwritable(path, error) from error


def sealed(content: bytes, about: bytes) -> bytes:
    """``content`` with a digest of it and of what it is ``about``, for caches: see :func:`unsealed`."""
    return _digest(content, about) + content


def unsealed(kept: bytes, about: bytes) -> bytes | None:
    """What was :func:`sealed` as being ``about`` this; None where a bit of ``kept`` is another, or it is about something
    else.
    """
    digest, content = kept[:DIGEST_BYTES], kept[DIGEST_BYTES:]
    return content if digest == _digest(content, about) else None


def _digest(content: bytes, about: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=DIGEST_BYTES, key=hashlib.blake2b(about).digest()).digest()


def _temporary(path: Path) -> Path:
    """A name beside ``path`` that tells who writes there."""
    return path.with_name(f".{path.stem}.{_here()}-{os.getpid()}-{uuid.uuid4().hex[:8]}.part{path.suffix}")


def _is_full(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < FULL
    except OSError:
        return False


def _remove_orphans(path: Path) -> None:
    """Remove the temporary files for ``path`` whose writer is dead.

    Where that cannot be known they stay: of another machine, and on Windows, where asking for a process can end it.
    """
    if sys.platform == "win32":
        return
    start = f".{path.stem}.{_here()}-"
    for file in path.parent.iterdir():
        writer, _, rest = file.name.removeprefix(start).partition("-")
        if file.name.startswith(start) and ".part" in rest and writer.isdigit() and not _is_running(int(writer)):
            file.unlink(missing_ok=True)


def _is_running(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        pass
    return True


@cache
def _here() -> str:
    """What tells the process ids of this machine, or of this container, from those of others."""
    try:
        space = str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        space = ""
    return hashlib.sha256(f"{platform.node()} {space}".encode()).hexdigest()[:8]


def _flush(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _files_of(part: Path) -> list[Path]:
    return [file for file in part.parent.iterdir() if file.name.startswith(part.stem)] if part.parent.is_dir() else []


def _unwritable(path: Path, error: OSError) -> MMRiskError:
    return OutputError(
        f"The output {path} cannot be written ({error.strerror or error}). "
        "Choose a folder you may write to, and close the file in other programs."
    )
