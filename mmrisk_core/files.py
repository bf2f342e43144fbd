"""Files that are either whole or not there."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mmrisk_core.errors import MMRiskError


@contextmanager
def written_beside(path: str | Path) -> Iterator[Path]:
    """Give a temporary path beside ``path``; on success it is renamed to ``path``, on failure it is removed.

    What was written is on the disk before it is renamed, so that a power cut leaves no empty file under the name.

    The temporary name keeps the suffix, because file formats are chosen by it; the further files of such as a shapefile
    go with it.

    :raises MMRiskError: when the folder does not exist or cannot be written to.
    """
    path = Path(path)
    if path.is_dir():
        raise MMRiskError(f"The output {path} is a folder. Give the name of a file in it.")
    if not path.parent.is_dir():
        raise MMRiskError(
            f"The folder {path.parent} of the output {path.name} does not exist. Create it, or choose another."
        )
    part = path.with_name(f".{path.stem}.{uuid.uuid4().hex[:8]}.part{path.suffix}")
    try:
        try:
            part.touch()
            part.unlink()
        except OSError as error:
            raise _unwritable(path, error) from error
        yield part
        try:
            # The file itself comes last: whoever sees it finds the others in place.
            for written in sorted(_files_of(part), key=lambda file: file == part):
                _flush(written)
                os.replace(written, path.with_name(path.stem + written.name.removeprefix(part.stem)))
        except OSError as error:
            raise _unwritable(path, error) from error
    finally:
        for leftover in _files_of(part):
            leftover.unlink(missing_ok=True)


def _flush(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _files_of(part: Path) -> list[Path]:
    return [file for file in part.parent.iterdir() if file.name.startswith(part.stem)] if part.parent.is_dir() else []


def _unwritable(path: Path, error: OSError) -> MMRiskError:
    return MMRiskError(
        f"The output {path} cannot be written ({error.strerror or error}). "
        "Choose a folder you may write to, and close the file in other programs."
    )
