"""A finished file in the place of an earlier one, and of what belongs to that.

Beside a database lie journals with its latest changes: left there, they would be read into the file that comes after it.
Beside rasters and shapefiles lie overviews and indexes, which would show what was there before.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from mmrisk_core.errors import OutputError

JOURNALS = ("-journal", "-wal", "-shm")
SECONDS_TO_WAIT = 2.0

_DATABASES = (".gpkg", ".sqlite")
_ADDED = {".tif": (".ovr", ".msk", ".aux.xml")}
_ENDINGS = {".shp": (".shx", ".dbf", ".prj", ".cpg", ".qix", ".sbn", ".sbx", ".idm", ".ind", ".shp.xml")}


def put_in_place(written: Sequence[tuple[Path, Path]], path: Path) -> None:
    """Rename finished files, each to its name; that of ``path`` comes last, so that whoever sees it finds the others.

    What belonged to the earlier file of that name goes.

    :param written: what was written, and what it is to be called.
    :raises MMRiskError: when another program writes to the earlier file.
    :raises OSError: when a file cannot be renamed.
    """
    require_unlocked(path)
    if path.suffix.lower() in _DATABASES:
        # All that is in them has just been written into the file.
        for end in JOURNALS:
            path.with_name(path.name + end).unlink(missing_ok=True)
    status = None
    for part, name in sorted(written, key=lambda pair: pair[1] == path):
        status = part.stat()
        os.replace(part, name)
    for left in _belongings(path):
        if left not in {name for _, name in written}:
            left.unlink(missing_ok=True)
    if status is not None and _identity(path.stat()) != _identity(status):
        raise OutputError(
            f"The output {path.name} was changed by another program while it was put in place. Close that program, and run "
            "this again."
        )


def require_unlocked(path: Path) -> None:
    """Check that no other program is writing to a database that is to be replaced; what its journals hold is written into
    it, as by any program that opens it.

    :raises MMRiskError: when one is.
    """
    if path.suffix.lower() not in _DATABASES or not path.is_file():
        return
    try:
        with closing(_opened(path)) as database:
            database.execute("BEGIN IMMEDIATE")
            database.execute("ROLLBACK")
            (is_busy, *_) = database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.OperationalError as error:
        # Of what cannot be opened or written to for other reasons, renaming tells.
        is_busy = "locked" in str(error) or "busy" in str(error)
    except sqlite3.DatabaseError:
        return
    if is_busy:
        raise OutputError(
            f"Another program is writing to {path.name}. Close it or let it finish, or choose another name for the output."
        )


def _opened(path: Path) -> sqlite3.Connection:
    uri = f"file:{quote(str(path.resolve()))}?mode=rw"
    return sqlite3.connect(uri, uri=True, timeout=SECONDS_TO_WAIT, isolation_level=None)


def _belongings(path: Path) -> list[Path]:
    suffix = path.suffix.lower()
    return [
        *(path.with_name(path.name + end) for end in _ADDED.get(suffix, ())),
        *(path.with_suffix(end) for end in _ENDINGS.get(suffix, ())),
    ]


def _identity(status: os.stat_result) -> tuple[int, int, int]:
    return status.st_ino, status.st_size, status.st_mtime_ns
