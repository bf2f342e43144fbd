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

    The temporary name keeps the suffix, because file formats are chosen by it.

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
            os.replace(part, path)
        except OSError as error:
            raise _unwritable(path, error) from error
    finally:
        for leftover in part.parent.glob(part.name + "*"):
            leftover.unlink(missing_ok=True)


def _unwritable(path: Path, error: OSError) -> MMRiskError:
    return MMRiskError(
        f"The output {path} cannot be written ({error.strerror or error}). "
        "Choose a folder you may write to, and close the file in other programs."
    )
