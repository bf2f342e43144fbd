"""The engine's layer -> the sink of an algorithm: the file is whole, or not there."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from osgeo import gdal
from qgis.core import (
    QgsFeatureSink,
    QgsField,
    QgsFields,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsVectorLayer,
)

from ..i18n import tr
from .sources import FID

COMPANIONS = {".shp": (".shx", ".dbf", ".prj", ".cpg"), ".tab": (".dat", ".map", ".id")}
"""Further files of a format, which have the name of the first."""
JOURNALS = ("-journal", "-wal", "-shm")
FEATURES_PER_LOOK = 1000


def copy_into_sink(
    algorithm: QgsProcessingAlgorithm,
    layer: QgsVectorLayer,
    parameters: dict[str, Any],
    context: QgsProcessingContext,
    feedback: QgsProcessingFeedback,
    ids: Sequence[int] = (),
) -> str:
    """Copy a layer in a file into the sink OUTPUT of an algorithm; return the id of the sink.

    ``ids`` are those that the features have in the layer that they come from, in order; where there is one for each, they
    keep it.

    :raises QgsProcessingException: it could not be written, or the user cancelled; nothing is left under the name of the
        output.
    """
    file = plain_file(algorithm.parameterAsOutputLayer(parameters, "OUTPUT", context))
    if file is not None and file.suffix.lower() == ".gpkg":
        _check_room(file, Path(layer.source()).stat().st_size)
    with _whole_or_gone(file):
        known = ids if len(ids) == layer.featureCount() else ()
        identifier = _copied(algorithm, layer, file, parameters, context, feedback, known)
        if file is not None and not _is_whole(identifier, layer.featureCount()):
            raise QgsProcessingException(_not_written(file))
    return identifier


def plain_file(destination: str) -> Path | None:
    """The file of a destination; None for layers in memory, in databases and in a file with others."""
    is_other = destination.startswith("memory:") or "|" in destination or "dbname=" in destination
    return None if is_other or not destination else Path(destination)


def _copied(
    algorithm: QgsProcessingAlgorithm,
    layer: QgsVectorLayer,
    file: Path | None,
    parameters: dict[str, Any],
    context: QgsProcessingContext,
    feedback: QgsProcessingFeedback,
    ids: Sequence[int],
) -> str:
    kept = [i for i, field in enumerate(layer.fields()) if field.name() != FID]
    fields = QgsFields()
    if ids:
        fields.append(QgsField(layer.fields().field(FID)))
    for i in kept:
        fields.append(QgsField(layer.fields()[i]))
    sink, identifier = algorithm.parameterAsSink(parameters, "OUTPUT", context, fields, layer.wkbType(), layer.crs())
    if sink is None:
        raise QgsProcessingException(algorithm.invalidSinkError(parameters, "OUTPUT"))
    try:
        for number, feature in enumerate(layer.getFeatures()):
            if number % FEATURES_PER_LOOK == 0 and feedback.isCanceled():
                raise QgsProcessingException(tr("Cancelled; nothing was written."))
            values = feature.attributes()
            feature.setAttributes([*ids[number : number + 1], *(values[i] for i in kept)])
            if not sink.addFeature(feature, QgsFeatureSink.Flag.FastInsert):
                feedback.pushDebugInfo(sink.lastError())
                raise QgsProcessingException(
                    _not_written(file) if file else sink.lastError() or algorithm.invalidSinkError(parameters, "OUTPUT")
                )
        gdal.ErrorReset()
    finally:
        # Closes it, before the file is looked at or removed.
        del sink
    return str(identifier)


def _is_whole(identifier: str, features: int) -> bool:
    # A sink does not tell of what found no room while it was closed; GDAL does.
    if gdal.GetLastErrorType() >= gdal.CE_Failure:
        return False
    written = QgsVectorLayer(identifier, "written", "ogr")
    # Below zero it is not known, as in some formats.
    return bool(written.isValid()) and (written.featureCount() < 0 or written.featureCount() == features)


def _check_room(file: Path, size: int) -> None:
    """Before the file that has the name of the output is overwritten."""
    room = shutil.disk_usage(file.parent).free + (file.stat().st_size if file.is_file() else 0)
    if room < size:
        raise QgsProcessingException(_not_written(file))


def _not_written(file: Path) -> str:
    return tr(
        "The output {name} could not be written whole. The disk of {folder} may be full: make room there, or choose "
        "another folder."
    ).format(name=file.name, folder=file.parent)


@contextmanager
def _whole_or_gone(file: Path | None) -> Iterator[None]:
    try:
        yield
    except QgsProcessingException:
        if file is not None:
            names = [f"{file.name}{end}" for end in JOURNALS]
            names += [f"{file.stem}{end}" for end in COMPANIONS.get(file.suffix.lower(), ())]
            for leftover in (file, *map(file.with_name, names)):
                leftover.unlink(missing_ok=True)
        raise
