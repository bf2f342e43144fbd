"""Where results are kept: a folder beside the project, so that they are there when the project is opened again.

Every run writes a file of a new name, and only then does the layer in the project turn to it and the earlier file go: what
is shown can be replaced on Windows too, and a run that is cancelled or fails leaves everything as it was.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from qgis.core import QgsMapLayer, QgsProject, QgsProviderRegistry
from qgis.PyQt.QtCore import QStandardPaths

from ..i18n import tr

SCOPE, ENTRY = "mmrisk", "/results"
MOST = 10_000


def results_folder(project: QgsProject) -> Path:
    """The folder, be it there yet or not: the one chosen, else beside the project, else among the user's documents.

    ``MMRISK_RESULTS`` is used instead of the last, where it is set.
    """
    chosen, _ = project.readEntry(SCOPE, ENTRY, "")
    if chosen:
        return Path(project.readPath(chosen))
    if project.absoluteFilePath():
        return Path(project.absolutePath()) / f"{project.baseName()}_mmrisk"
    if os.environ.get("MMRISK_RESULTS"):
        return Path(os.environ["MMRISK_RESULTS"])
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return Path(documents or Path.home()) / "MMRisk"


def choose_results_folder(project: QgsProject, folder: str) -> None:
    """Keep results somewhere else from now on; kept in the project, relative to it where it can be."""
    project.writeEntry(SCOPE, ENTRY, project.writePath(folder) if folder else "")


def new_result_file(project: QgsProject, name: str, ending: str) -> Path:
    """A file of a name that is not taken, in a folder that is made where it is missing.

    :raises OSError: the folder cannot be made.
    """
    folder = results_folder(project)
    folder.mkdir(parents=True, exist_ok=True)
    return free_file(folder, name, ending)


def free_file(folder: Path, name: str, ending: str) -> Path:
    """A file that does not exist yet, with a number behind its name where that is taken."""
    names = [name, *(f"{name}_{number}" for number in range(2, MOST))]
    return next(path for each in names if not (path := folder / f"{each}{ending}").exists())


def file_of(layer: QgsMapLayer) -> Path | None:
    """The file that a layer lies in; None where it lies in none."""
    path = QgsProviderRegistry.instance().decodeUri(layer.providerType(), layer.source()).get("path")
    return Path(path).resolve() if path else None


def no_folder_sentence(error: OSError) -> str:
    """What to tell where the folder of the results cannot be made."""
    return tr("The folder {folder} for results cannot be made ({reason}). Choose another one in the panel.").format(
        folder=error.filename, reason=error.strerror
    )


def remove_result(file: Path, project: QgsProject) -> None:
    """Remove the file of an earlier result, unless a layer shows it or it lies elsewhere; what cannot be removed stays."""
    shown = {file_of(layer) for layer in project.mapLayers().values()}
    if file in shown or file.parent != results_folder(project).resolve():
        return
    for each in (file, *(file.with_name(file.name + end) for end in ("-wal", "-shm", "-journal"))):
        with contextlib.suppress(OSError):
            each.unlink()
