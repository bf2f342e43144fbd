"""QGIS layers as the engine reads them: a file, a layer in it, and what QGIS knows better than the file."""

from __future__ import annotations

import codecs
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsFeatureRequest,
    QgsFields,
    QgsMapLayer,
    QgsMemoryProviderUtils,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingFeedback,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterFile,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterRasterLayer,
    QgsProcessingUtils,
    QgsProject,
    QgsProperty,
    QgsProviderRegistry,
    QgsVectorLayer,
)

from ..i18n import tr
from .crs import crs_text
from .exports import export
from .recipes import read_recipe

# Formats that the engine's own GDAL reads for certain; layers in others are exported for it.
ENGINE_FORMATS = ["gpkg", "shp", "geojson", "json", "fgb", "csv"]
FID = "fid"
# The library that reads layers there takes what stands before one of these for an archive.
TAKEN_FOR_ARCHIVE = re.compile(r"[!;]")


def vector_source(
    algorithm: QgsProcessingAlgorithm,
    parameters: dict[str, Any],
    name: str,
    context: QgsProcessingContext,
    feedback: QgsProcessingFeedback,
) -> dict[str, Any] | None:
    """A vector layer; None where the parameter is not set.

    The layer's own file where what that holds is all that QGIS shows, else a temporary export.
    """
    if not parameters.get(name):
        return None
    layer = _find_layer(parameters[name], context)
    if layer is None:
        raise QgsProcessingException(_not_loaded(parameters[name]))
    part = _Part.of(parameters[name])
    if part == ALL and _can_go_as_file(layer) and not _asks_for_row_numbers(algorithm, parameters, name):
        return _file_reference(layer)
    if part.is_more_than_a_selection:
        source = algorithm.parameterAsSource(parameters, name, context)
        return _export_reference(layer, source.materialize(QgsFeatureRequest(), feedback), ALL, context, feedback)
    return _export_reference(layer, layer, part, context, feedback)


def vector_sources(
    algorithm: QgsProcessingAlgorithm,
    parameters: dict[str, Any],
    name: str,
    context: QgsProcessingContext,
    feedback: QgsProcessingFeedback,
) -> list[dict[str, Any]]:
    """Several vector layers, in order."""
    return [
        _file_reference(layer) if _can_go_as_file(layer) else _export_reference(layer, layer, ALL, context, feedback)
        for layer in algorithm.parameterAsLayerList(parameters, name, context)
    ]


def feature_ids(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], name: str, context: QgsProcessingContext
) -> list[int]:
    """The ids that the features of a layer have in their file, in its order; none where it keeps none for certain."""
    source = algorithm.parameterAsSource(parameters, name, context)
    if source is None or source.fields().indexOf(FID) < 0:
        return []
    request = QgsFeatureRequest().setFlags(QgsFeatureRequest.Flag.NoGeometry)
    request.setSubsetOfAttributes([FID], source.fields())
    ids = [feature[FID] for feature in source.getFeatures(request)]
    # A file is read by ascending ids; in another order nobody knows which row is which.
    in_order = all(isinstance(i, int) for i in ids) and all(a < b for a, b in zip(ids, ids[1:]))
    return ids if in_order else []


def chosen_features(
    algorithm: QgsProcessingAlgorithm,
    parameters: dict[str, Any],
    name: str,
    ids: list[int],
    context: QgsProcessingContext,
) -> QgsVectorLayer:
    """A layer in memory with some features of a layer, in the order of their ``ids``; those that are gone are left out."""
    source = algorithm.parameterAsSource(parameters, name, context)
    if source is None:
        raise QgsProcessingException(_not_loaded(parameters[name]))
    found = {feature.id(): feature for feature in source.getFeatures(QgsFeatureRequest().setFilterFids(ids))}
    layer = QgsMemoryProviderUtils.createMemoryLayer(
        source.sourceName(), source.fields(), source.wkbType(), source.sourceCrs()
    )
    layer.dataProvider().addFeatures([found[number] for number in dict.fromkeys(ids) if number in found])
    return layer


def features_reference(
    features: QgsVectorLayer,
    parameters: dict[str, Any],
    name: str,
    context: QgsProcessingContext,
    feedback: QgsProcessingFeedback,
) -> dict[str, Any]:
    """A temporary export of ``features``, which :func:`chosen_features` took of the layer of a parameter."""
    layer = _find_layer(parameters[name], context)
    if layer is None:
        raise QgsProcessingException(_not_loaded(parameters[name]))
    return {**_export_reference(layer, features, ALL, context, feedback), "recipe": None}


def absolute(path: str) -> str:
    """The path of a file as the engine finds it, which has a working folder of its own; what is none is left as it is."""
    return str(Path(path).absolute()) if path and Path(path).exists() else path


@dataclass(frozen=True)
class _Part:
    """The part of a layer that an input means: the selected features, some number of them, those of an expression."""

    selected: bool = False
    limit: int = -1
    expression: str = ""

    @classmethod
    def of(cls, value: Any) -> _Part:
        if not isinstance(value, QgsProcessingFeatureSourceDefinition):
            return ALL
        # An expression came with QGIS 3.32.
        return cls(value.selectedFeaturesOnly, value.featureLimit, getattr(value, "filterExpression", ""))

    @property
    def is_more_than_a_selection(self) -> bool:
        return self.limit >= 0 or bool(self.expression)


ALL = _Part()


def _file_reference(layer: QgsMapLayer) -> dict[str, Any]:
    parts = QgsProviderRegistry.instance().decodeUri(layer.providerType(), layer.source())
    return _reference(layer, parts["path"], parts.get("layerName") or "")


def _export_reference(
    layer: QgsMapLayer,
    features: QgsVectorLayer,
    part: _Part,
    context: QgsProcessingContext,
    feedback: QgsProcessingFeedback,
) -> dict[str, Any]:
    """Some features as a layer that is called as ``layer`` is."""
    parts = QgsProviderRegistry.instance().decodeUri(layer.providerType(), layer.source())
    path = export(features, layer.name(), part.selected, context, feedback)
    return {**_reference(layer, path, parts.get("layerName") or ""), "layer": None}


def _reference(layer: QgsMapLayer, path: str, layer_name: str) -> dict[str, Any]:
    return {
        "path": absolute(path),
        "layer": layer_name or None,
        # Empty says that there is none, whatever an export made of it.
        "crs": crs_text(layer.crs()),
        "name": _name(layer, layer_name),
        "recipe": read_recipe(layer),
        "folder": _folder(layer),
    }


def _asks_for_row_numbers(algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], name: str) -> bool:
    """Whether one of the fields chosen of a layer is the number of the row, which the engine takes for no field."""
    for definition in algorithm.parameterDefinitions():
        if getattr(definition, "parentLayerParameterName", str)() == name:
            value = parameters.get(definition.name())
            if FID in (value if isinstance(value, list) else str(value).split(";")):
                return True
    return False


def _can_go_as_file(layer: QgsMapLayer) -> bool:
    """Whether the engine can read a layer from its own file, and that holds what QGIS shows."""
    path = _path(layer) or ""
    is_odd = sys.platform != "win32" and TAKEN_FOR_ARCHIVE.search(path)
    # On the network or inside an archive it is QGIS that reads; the engine reads layers from the disk.
    is_known = Path(path).suffix.lower().lstrip(".") in ENGINE_FORMATS and Path(path).exists()
    return bool(layer.providerType() == "ogr" and is_known and not is_odd and _is_its_file(layer))


def _is_its_file(layer: QgsMapLayer) -> bool:
    """Whether a layer shows what its file holds: no edits, no fields from elsewhere, no part of it, no other encoding."""
    if not isinstance(layer, QgsVectorLayer):
        return True
    fields = layer.fields()
    origins = {fields.fieldOrigin(i) for i in range(fields.count())}
    others = [option for option in layer.source().split("|")[1:] if not option.startswith("layername=")]
    if layer.isModified() or layer.subsetString() or origins - {QgsFields.FieldOrigin.OriginProvider} or others:
        return False
    return _is_encoded_as_file_says(layer)


def _is_encoded_as_file_says(layer: QgsVectorLayer) -> bool:
    """Whether QGIS decodes a layer's text as the engine will, which goes by the file alone."""
    encoding, path = layer.dataProvider().encoding(), Path(_path(layer) or "")
    if path.suffix.lower() != ".shp":
        opened = QgsVectorLayer(layer.source(), layer.name(), layer.providerType())
        return bool(opened.isValid()) and opened.dataProvider().encoding() == encoding
    # Where a shapefile does not say, QGIS and the engine's library assume different things.
    try:
        said = path.with_suffix(".cpg").read_text(encoding="ascii").strip()
        return codecs.lookup(said).name == codecs.lookup(encoding).name
    except (OSError, LookupError, ValueError):
        return False


def _path(layer: QgsMapLayer) -> str | None:
    path: str | None = QgsProviderRegistry.instance().decodeUri(layer.providerType(), layer.source()).get("path")
    return path


def _folder(layer: QgsMapLayer) -> str | None:
    """Where relative paths in a layer's fields begin, even where it is exported; None where it is no file."""
    path = _path(layer)
    return str(Path(path).resolve().parent) if path and Path(path).exists() else None


def _name(layer: QgsMapLayer, layer_name: str) -> str:
    """What the user calls a layer: its name in the project, else that in its file."""
    in_project = QgsProject.instance().mapLayer(layer.id()) is not None
    return layer.name() if in_project or not layer_name else layer_name


def missing_layers(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext
) -> list[str]:
    """A sentence for each layer among the parameters that cannot be loaded."""
    return [
        _not_loaded(item)
        for definition, item in _given(algorithm, parameters)
        if not isinstance(definition, QgsProcessingParameterFile) and _find_layer(item, context) is None
    ]


def files_read(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext
) -> dict[Path, str]:
    """The files of the inputs of an algorithm, each with what its dialog calls the input."""
    files = {}
    for definition, item in _given(algorithm, parameters):
        layer = None if isinstance(definition, QgsProcessingParameterFile) else _find_layer(item, context)
        path = str(item) if isinstance(definition, QgsProcessingParameterFile) else layer and _path(layer)
        if path and Path(path).exists():
            files[Path(path).resolve()] = definition.description()
    return files


def _given(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any]
) -> Iterator[tuple[QgsProcessingParameterDefinition, Any]]:
    """Each layer and file that is given as an input, with the parameter it is given to."""
    kinds = (
        QgsProcessingParameterFeatureSource,
        QgsProcessingParameterMultipleLayers,
        QgsProcessingParameterRasterLayer,
        QgsProcessingParameterFile,
    )
    for definition in algorithm.parameterDefinitions():
        value = parameters.get(definition.name())
        if isinstance(definition, kinds):
            yield from ((definition, item) for item in (value if isinstance(value, list) else [value]) if item)


def _find_layer(value: Any, context: QgsProcessingContext) -> QgsMapLayer | None:
    """The layer that a parameter's value means; None where there is none or its data cannot be reached."""
    if isinstance(value, QgsProcessingFeatureSourceDefinition):
        value = value.source
    if isinstance(value, QgsProperty):
        value = value.valueAsString(context.expressionContext())[0]
    layer = value if isinstance(value, QgsMapLayer) else QgsProcessingUtils.mapLayerFromString(str(value), context)
    return layer if layer is not None and layer.isValid() else None


def _not_loaded(value: Any) -> str:
    shown = value.name() if isinstance(value, QgsMapLayer) else str(value)
    return tr("The layer '{value}' cannot be loaded. Check that its file exists and that QGIS can open it.").format(
        value=shown
    )
