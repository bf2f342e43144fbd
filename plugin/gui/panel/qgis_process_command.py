"""Algorithms with their parameters as commands for ``qgis_process``."""

from __future__ import annotations

import os
import re
import shlex
from typing import Any

from qgis.core import QgsCoordinateReferenceSystem, QgsMapLayer, QgsProcessingUtils, QgsReferencedRectangle

from ...layers.crs import crs_text
from ..algorithm_runner import AlgorithmStep

TEMPORARY = "TEMPORARY_OUTPUT"
OUTPUT_NAMES = {
    "mmrisk:createtiles": "tiles",
    "mmrisk:joinattributes": "attributes",
    "mmrisk:labeltiles": "labelled",
    "mmrisk:maprisk": "risk",
}


def commands(steps: list[AlgorithmStep]) -> str:
    """A line for each step; what would be a temporary layer becomes a GeoPackage in the current folder."""
    lines, made = [], ""
    for number, step in enumerate(steps, start=1):
        parameters = dict(step.parameters)
        if step.chained is not None and made:
            parameters[step.chained] = made
        if parameters.get("OUTPUT") == TEMPORARY:
            made = OUTPUT_NAMES[step.algorithm] + (f"_{number}" if len(steps) > 1 else "") + ".gpkg"
            parameters["OUTPUT"] = made
        lines.append(command(step.algorithm, parameters))
    return "\n".join(lines)


def command(algorithm: str, parameters: dict[str, Any]) -> str:
    """One algorithm as a line for a shell; parameters that are not set are left out."""
    words = ["qgis_process", "run", algorithm, "--"]
    for name, value in parameters.items():
        if value is None or value == "":
            continue
        # qgis_process makes a list of a parameter that is given several times.
        for item in value if isinstance(value, (list, tuple)) else [value]:
            words.append(f"{name}={value_text(item)}")
    return " ".join(_quoted(word) for word in words)


def unsaved_layers(steps: list[AlgorithmStep]) -> list[str]:
    """The names of layers that are only in memory, which a command cannot read."""
    values = [value for step in steps for value in step.parameters.values()]
    items = [item for value in values for item in (value if isinstance(value, list) else [value])]
    found = [item.name() for item in items if isinstance(item, QgsMapLayer) and item.providerType() == "memory"]
    return list(dict.fromkeys(found))


def extent_text(extent: QgsReferencedRectangle) -> str:
    """An extent as Processing reads it: x and y from and to, and the CRS."""
    edges = (extent.xMinimum(), extent.xMaximum(), extent.yMinimum(), extent.yMaximum())
    text = ",".join(f"{edge:.12g}" for edge in edges)
    return f"{text} [{extent.crs().authid()}]" if extent.crs().isValid() else text


def value_text(value: Any) -> str:
    """The value of a parameter as text."""
    if isinstance(value, QgsMapLayer):
        return _source(value)
    if isinstance(value, QgsReferencedRectangle):
        return extent_text(value)
    if isinstance(value, QgsCoordinateReferenceSystem):
        return str(value.authid() or crs_text(value))
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def _source(layer: QgsMapLayer) -> str:
    provider = layer.providerType()
    if provider == "memory":
        return re.sub(r"[^\w-]+", "_", layer.name()) + ".gpkg"
    if provider in ("ogr", "gdal"):
        return str(layer.source())
    return str(QgsProcessingUtils.encodeProviderKeyAndUri(provider, layer.source()))


def _quoted(word: str) -> str:
    if os.name != "nt":
        return shlex.quote(word)
    return '"' + word.replace('"', '\\"') + '"' if re.search(r"[^\w:./\\=,-]", word) else word
