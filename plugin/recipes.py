"""The recipe of a tile layer, kept in the history of its metadata, where QGIS shows it and saves it.

Projects keep it with the layer; for a layer in a file it is saved beside the file (.qmd).
"""

from __future__ import annotations

from qgis.core import QgsMapLayer, QgsVectorLayer

PREFIX = "MMRisk recipe: "


def read_recipe(layer: QgsMapLayer | None) -> str | None:
    """The recipe that travels with a layer, as JSON text; None where none does."""
    history = layer.metadata().history() if layer is not None else []
    recipes = [entry[len(PREFIX) :] for entry in history if entry.startswith(PREFIX)]
    return recipes[-1] if recipes else None


def write_recipe(layer: QgsVectorLayer, recipe: str) -> None:
    """Let a recipe travel with a layer."""
    metadata = layer.metadata()
    metadata.setHistory([entry for entry in metadata.history() if not entry.startswith(PREFIX)] + [PREFIX + recipe])
    layer.setMetadata(metadata)
    if layer.providerType() != "memory":
        layer.saveDefaultMetadata()
