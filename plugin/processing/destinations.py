"""Where an algorithm may write."""

from __future__ import annotations

import tempfile
from pathlib import Path

from qgis.core import QgsProcessingException

from ..i18n import tr


def check_writable(path: str) -> None:
    """Raise a sentence where the folder of an output is missing or cannot be written to."""
    folder = Path(path.split("|")[0]).parent
    if not folder.is_dir():
        raise QgsProcessingException(
            tr("The folder {folder} of the output does not exist. Create it, or choose another.").format(folder=folder)
        )
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise QgsProcessingException(
            tr("The folder {folder} of the output cannot be written to ({reason}). Choose another.").format(
                folder=folder, reason=error.strerror
            )
        ) from error
