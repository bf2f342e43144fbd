"""Where an algorithm may write."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from qgis.core import QgsProcessingAlgorithm, QgsProcessingContext, QgsProcessingException

from ..i18n import tr
from ..layers.replacing import require_unlocked
from ..layers.sinks import plain_file
from ..layers.sources import files_read


def check_output(
    path: str, algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext
) -> None:
    """Raise a sentence where an output cannot be written, or would be written over an input."""
    check_writable(path)
    file = plain_file(path)
    if file is not None:
        require_unlocked(file)
    title = files_read(algorithm, parameters, context).get(Path(path.split("|")[0]).resolve())
    if title is not None:
        raise QgsProcessingException(
            tr("The output {file} is also given as '{name}'. Choose another name for the output.").format(
                file=path, name=title
            )
        )


def check_writable(path: str) -> None:
    """Raise a sentence where the folder of an output is missing or cannot be written to; of databases QGIS speaks itself."""
    if "dbname=" in path:
        return
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
