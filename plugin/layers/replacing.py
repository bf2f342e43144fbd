"""A finished file in the place of an earlier one, and of what belongs to that; as ``mmrisk_core/replacing.py``, for sinks.

Both know what lies beside files of a format, as the engine writes files without QGIS, and QGIS sinks without the engine;
``tests/plugin/layers/test_replacing.py`` holds both to the same.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from qgis.core import QgsProcessingException

from ..i18n import tr

JOURNALS = ("-journal", "-wal", "-shm")
SECONDS_TO_WAIT = 2.0

_DATABASES = (".gpkg", ".sqlite")
_ADDED = {".tif": (".ovr", ".msk", ".aux.xml")}
_ENDINGS = {".shp": (".shx", ".dbf", ".prj", ".cpg", ".qix", ".sbn", ".sbx", ".idm", ".ind", ".shp.xml")}


def put_in_place(written: dict[Path, Path], path: Path) -> None:
    """Rename finished files, each to its name; that of ``path`` comes last, so that whoever sees it finds the others.

    What belonged to the earlier file of that name goes.

    :param written: what was written, and what it is to be called.
    :raises QgsProcessingException: another program writes to the earlier file, or it cannot be replaced.
    """
    require_unlocked(path)
    try:
        if path.suffix.lower() in _DATABASES:
            # All that is in them has just been written into the file.
            for end in JOURNALS:
                path.with_name(path.name + end).unlink(missing_ok=True)
        status = None
        for part in sorted(written, key=lambda part: written[part] == path):
            status = part.stat()
            os.replace(part, written[part])
        for left in _belongings(path):
            if left not in written.values():
                left.unlink(missing_ok=True)
        last = max(written.values(), key=lambda name: name == path)
        is_changed = status is not None and _identity(last.stat()) != _identity(status)
    except OSError as error:
        raise QgsProcessingException(
            tr(
                "The output {name} cannot be put in the place of the file that has this name ({reason}). Close the programs "
                "that have it open, or choose another name."
            ).format(name=path.name, reason=error.strerror)
        ) from error
    if is_changed:
        raise QgsProcessingException(
            tr(
                "The output {name} was changed by another program while it was put in place. Close that program, and run "
                "this again."
            ).format(name=path.name)
        )


def require_unlocked(path: Path) -> None:
    """Raise a sentence where another program is writing to a database that is to be replaced; what its journals hold is
    written into it, as by any program that opens it.
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
        raise QgsProcessingException(
            tr(
                "Another program is writing to {name}. Close it or let it finish, or choose another name for the output."
            ).format(name=path.name)
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
