"""The engine's layer -> the sink of an algorithm: the file is whole, or not there."""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from osgeo import gdal
from qgis.core import (
    QgsFeature,
    QgsFeatureSink,
    QgsField,
    QgsFields,
    QgsGeometry,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputLayerDefinition,
    QgsProperty,
    QgsRectangle,
    QgsVectorLayer,
    QgsWkbTypes,
)

from ..i18n import tr
from ..plain_text import literal
from .replacing import put_in_place
from .sources import FID

FEATURES_PER_LOOK = 1000
ROOM_TO_TRY = 1024 * 1024
OWN_NAMES = {
    ".gpkg": ("fid", "geom"),
    ".sqlite": ("ogc_fid", "geometry"),
    ".gml": ("fid", "gml_id"),
    ".kml": ("name", "description"),
    **dict.fromkeys((".shp", ".geojson", ".fgb", ".csv", ".tab", ".ods", ".xlsx"), ()),
}


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

    A file is written beside and renamed, so that what had the name of the output stays until the new one is whole.

    :raises QgsProcessingException: it could not be written, or the user cancelled; what had the name of the output is as it
        was.
    """
    known = ids if len(ids) == layer.featureCount() else ()
    file = plain_file(algorithm.parameterAsOutputLayer(parameters, "OUTPUT", context))
    if file is None:
        return _copied(algorithm, layer, None, parameters, context, feedback, known)
    if file.suffix.lower() == ".gpkg":
        _check_room(file, Path(layer.source()).stat().st_size)
    remove_left_behind(file.parent)
    folder = tempfile.mkdtemp(prefix=f"{_ours()}{os.getpid()}-", dir=file.parent)
    try:
        beside = Path(folder) / file.name
        there = _with_output(parameters, beside)
        identifier = _copied(algorithm, layer, file, there, context, feedback, known)
        if not _is_whole(identifier, layer.featureCount()):
            raise QgsProcessingException(_not_written(file))
        put_in_place({part: file.with_name(part.name) for part in beside.parent.iterdir()}, file)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    final = identifier.replace(str(beside), str(file))
    _load_instead(context, identifier, final)
    return final


def check_format(algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
    """Raise a sentence where QGIS cannot write the sink OUTPUT in the format that its ending names, by trying it."""
    file = plain_file(algorithm.parameterAsOutputLayer(parameters, "OUTPUT", context))
    if file is None:
        return
    tiles = algorithm.parameterAsSource(parameters, "TILES", context) if "TILES" in parameters else None
    is_table = tiles is not None and tiles.wkbType() == QgsWkbTypes.Type.NoGeometry
    kind = "None" if is_table else "Polygon?crs=EPSG:4326"
    layer = QgsVectorLayer(
        f"{kind}{'&' if '?' in kind else '?'}field=tile_id:integer&field=name:string", "one", "memory"
    )
    feature = QgsFeature(layer.fields())
    feature.setAttributes([1, "x"])
    if not is_table:
        feature.setGeometry(QgsGeometry.fromRect(QgsRectangle(0, 0, 1, 1)))
    layer.dataProvider().addFeature(feature)
    # Only the trial has this context: what a sink is to do with its layer afterwards is no matter of it.
    own, feedback = QgsProcessingContext(), QgsProcessingFeedback()
    with tempfile.TemporaryDirectory(prefix="mmrisk-") as folder:
        if shutil.disk_usage(folder).free < ROOM_TO_TRY:
            return
        there = {"OUTPUT": str(Path(folder) / file.name)}
        try:
            identifier = _copied(algorithm, layer, None, there, own, feedback, ())
            reason = "" if _holds_fields(identifier) else tr("what was written cannot be read again")
        except QgsProcessingException as error:
            reason = str(error).rpartition("OGR error: ")[2].strip().rstrip(").") or file.suffix
    if reason:
        raise QgsProcessingException(
            tr(
                "The output {name} cannot be written in this format ({reason}). Choose another one, such as .gpkg."
            ).format(name=file.name, reason=reason)
        )


def _holds_fields(identifier: str) -> bool:
    """Whether the trial can be read again with its fields, as another driver may read a format than writes it."""
    written = QgsVectorLayer(identifier, "one", "ogr")
    names = {field.name().lower() for field in written.fields()}
    return _is_whole(identifier, 1) and "tile_id" in names and bool({"name", "tiles_name"} & names)


def remove_left_behind(folder: Path) -> None:
    """Remove what copies of this computer left in a folder when they were killed; where that cannot be known it stays.

    Of other computers nobody knows it, and on Windows asking for a process can end it.
    """
    if sys.platform == "win32":
        return
    for left in folder.glob(f"{_ours()}*"):
        process = left.name[len(_ours()) :].partition("-")[0]
        if process.isdigit() and not _is_running(int(process)):
            shutil.rmtree(left, ignore_errors=True)


def _ours() -> str:
    """How names of folders begin that this computer makes."""
    return f".mmrisk-{hashlib.sha256(platform.node().encode()).hexdigest()[:8]}-"


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        pass
    return True


def _with_output(parameters: dict[str, Any], file: Path) -> dict[str, Any]:
    """The same parameters with another file for OUTPUT."""
    value = parameters.get("OUTPUT")
    if isinstance(value, QgsProcessingOutputLayerDefinition):
        definition = QgsProcessingOutputLayerDefinition(value)
        definition.sink = QgsProperty.fromValue(str(file))
        return {**parameters, "OUTPUT": definition}
    return {**parameters, "OUTPUT": str(file)}


def _load_instead(context: QgsProcessingContext, identifier: str, final: str) -> None:
    """Where a layer is to be loaded at the end, let it be this one."""
    wanted = context.layersToLoadOnCompletion()
    if identifier in wanted:
        wanted[final] = wanted.pop(identifier)
        context.setLayersToLoadOnCompletion(wanted)


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
    rows = layer.primaryKeyAttributes()
    # Where each feature keeps the id that it had, a field of that name holds the same.
    kept = [i for i, field in enumerate(layer.fields()) if i not in rows and not (ids and field.name() == FID)]
    fields = QgsFields()
    if ids:
        row = QgsField(layer.fields()[rows[0]])
        row.setName(FID)
        fields.append(row)
    taken = _own_names(algorithm.parameterAsOutputLayer(parameters, "OUTPUT", context))
    for field in _renamed([layer.fields()[i] for i in kept], taken, feedback):
        fields.append(field)
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
                feedback.pushDebugInfo(literal(sink.lastError()))
                raise QgsProcessingException(
                    _not_written(file) if file else sink.lastError() or algorithm.invalidSinkError(parameters, "OUTPUT")
                )
        gdal.ErrorReset()
    finally:
        # Closes it, before the file is looked at or removed.
        del sink
    return str(identifier)


def _own_names(destination: str) -> tuple[str, ...]:
    """What the format of a destination calls its own fields; a GeoPackage where QGIS does not know the ending."""
    if destination.startswith("memory:"):
        return ()
    return OWN_NAMES.get(Path(destination.split("|")[0]).suffix.lower(), OWN_NAMES[".gpkg"])


def _renamed(fields: list[QgsField], taken: tuple[str, ...], feedback: QgsProcessingFeedback) -> list[QgsField]:
    """The fields, with other names where a format would take theirs for its own; which is said."""
    names = {field.name().lower() for field in fields}
    renamed = []
    for field in map(QgsField, fields):
        name = field.name()
        if name.lower() in taken:
            new = f"tiles_{name}"
            while new.lower() in names:
                new = f"tiles_{new}"
            field.setName(new)
            text = tr("The field '{name}' is called '{new}' in the output, as the format has one of that name itself.")
            feedback.pushInfo(literal(text.format(name=name, new=new)))
        renamed.append(field)
    return renamed


def _is_whole(identifier: str, features: int) -> bool:
    # A sink does not tell of what found no room while it was closed; GDAL does.
    if gdal.GetLastErrorType() >= gdal.CE_Failure:
        return False
    written = QgsVectorLayer(identifier, "written", "ogr")
    # Below zero it is not known, as in some formats.
    return bool(written.isValid()) and (written.featureCount() < 0 or written.featureCount() == features)


def _check_room(file: Path, size: int) -> None:
    if shutil.disk_usage(file.parent).free < size:
        raise QgsProcessingException(_not_written(file))


def _not_written(file: Path) -> str:
    return tr(
        "The output {name} could not be written whole. The disk of {folder} may be full: make room there, or choose "
        "another folder."
    ).format(name=file.name, folder=file.parent)
