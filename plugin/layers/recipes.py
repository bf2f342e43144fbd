"""The recipe of a tile layer, kept in the history of its metadata, where QGIS shows it and saves it.

Projects keep it with the layer. For a layer in a file QGIS saves it in the GeoPackage, or beside other files (.qmd).
"""

from __future__ import annotations

from qgis.core import QgsMapLayer, QgsVectorLayer

PREFIX = "MMRisk recipe: "


def read_recipe(layer: QgsMapLayer) -> str | None:
    """The recipe that travels with a layer, as JSON text; None where none does."""
    history = layer.metadata().history()
    if not any(entry.startswith(PREFIX) for entry in history) and layer.providerType() == "ogr":
        # QGIS reads a .qmd file only when asked to; the user's own layer is left as it is.
        saved = QgsVectorLayer(layer.source(), layer.name(), "ogr")
        saved.loadDefaultMetadata()
        history = saved.metadata().history()
    recipes = [entry[len(PREFIX) :] for entry in history if entry.startswith(PREFIX)]
    return recipes[-1] if recipes else None


def write_recipe(layer: QgsVectorLayer, recipe: str) -> None:
    """Let a recipe travel with a layer, and with its file where it has one."""
    metadata = layer.metadata()
    # QGIS shows it as HTML. In JSON such a character stands in texts only, which can spell it in another way.
    for character in "<>&":
        recipe = recipe.replace(character, f"\\u{ord(character):04x}")
    metadata.setHistory([entry for entry in metadata.history() if not entry.startswith(PREFIX)] + [PREFIX + recipe])
    layer.setMetadata(metadata)
    if layer.providerType() == "ogr":
        saved = layer_in_file(layer)
        saved.setMetadata(metadata)
        saved.saveDefaultMetadata()


def layer_in_file(layer: QgsVectorLayer) -> QgsVectorLayer:
    """The layer by file and name: without its name QGIS cannot keep metadata or styles in a GeoPackage."""
    if layer.storageType() != "GPKG" or "layername=" in layer.source():
        return layer
    name = layer.dataProvider().subLayers()[0].split("!!::!!")[1]
    return QgsVectorLayer(f"{layer.source()}|layername={name}", layer.name(), "ogr")
