"""What a layer says of itself in QGIS's metadata: title, abstract, and whom its pictures belong to."""

from __future__ import annotations

import html
from collections.abc import Iterable
from pathlib import Path

from qgis.core import QgsMapLayer, QgsVectorLayer

from ..plain_text import escaped
from .recipes import layer_in_file

MODEL = "mmrisk/model"


def remember_model(layer: QgsMapLayer, model: str) -> None:
    """Keep with a layer, in the project only, which model file it was made by."""
    layer.setCustomProperty(MODEL, model)


def model_of(layer: QgsMapLayer) -> str:
    """The model file that a layer was made by; empty where it is not known or no longer there."""
    model = str(layer.customProperty(MODEL, ""))
    return model if model and Path(model).is_file() else ""


def rights_of(layer: QgsMapLayer) -> list[str]:
    """Whom a layer belongs to: its attribution and the rights in its metadata."""
    server = layer.serverProperties()
    # Newer versions of QGIS keep it there.
    attribution = server.attribution() if hasattr(server, "attribution") else layer.attribution()
    return [text.strip() for text in (attribution, *layer.metadata().rights()) if text.strip()]


def write_abstract(layer: QgsVectorLayer, title: str, abstract: str, rights: Iterable[str]) -> None:
    """Let title, abstract and rights travel with a layer, and with its file where it has one; QGIS shows them as HTML."""
    metadata = layer.metadata()
    metadata.setType("dataset")
    metadata.setTitle(title)
    metadata.setAbstract(escaped(abstract))
    # Of a layer that was made here they are escaped already.
    metadata.setRights([escaped(html.unescape(text)) for text in dict.fromkeys(rights)])
    metadata.setCrs(layer.crs())
    layer.setMetadata(metadata)
    if layer.providerType() == "ogr":
        saved = layer_in_file(layer)
        saved.setMetadata(metadata)
        saved.saveDefaultMetadata()
