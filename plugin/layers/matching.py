"""Which layers of the project a model's recipe means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from qgis.core import QgsMapLayer, QgsProject, QgsRasterLayer, QgsVectorLayer, QgsWkbTypes

from ..i18n import tr

GEOMETRIES = {
    QgsWkbTypes.GeometryType.PointGeometry: "point",
    QgsWkbTypes.GeometryType.LineGeometry: "line",
    QgsWkbTypes.GeometryType.PolygonGeometry: "polygon",
    QgsWkbTypes.GeometryType.NullGeometry: "table",
}


@dataclass(frozen=True)
class MatchedLayers:
    """The layers for a model, in its order.

    :param missing: a sentence for each layer that the project lacks.
    """

    images: list[QgsMapLayer]
    layers: list[QgsVectorLayer]
    missing: list[str]


def match_layers(manifest: dict[str, Any], project: QgsProject) -> MatchedLayers:
    """The project's layers that have the names in the model's manifest; else the only one that would fit."""
    images, missing = match_images(manifest, project)
    vectors = [layer for layer in project.mapLayers().values() if isinstance(layer, QgsVectorLayer)]
    joins = []
    for step in _layer_steps(manifest["recipe"]):
        fitting = [layer for layer in vectors if _fits(layer, step)]
        found = _named(fitting, step["layer"]) or _only(fitting)
        if found is None:
            missing.append(_wanted(step))
        else:
            joins.append(found)
    return MatchedLayers(images, joins, missing)


def match_images(manifest: dict[str, Any], project: QgsProject) -> tuple[list[QgsMapLayer], list[str]]:
    """The project's layers that a model looks at, in its order, and a sentence for each that the project lacks."""
    layers = list(project.mapLayers().values())
    rasters = [layer for layer in layers if isinstance(layer, QgsRasterLayer)]
    files = [layer for layer in rasters if layer.providerType() == "gdal"]
    images, missing = [], []
    for name in _image_names(manifest):
        # A background map from the web beside one raster file is not what a model means, unless it has the name.
        found = _named(rasters, name) or _named(layers, name) or _only(files) or _only(rasters)
        if found is None:
            missing.append(tr("the imagery '{name}'").format(name=name))
        else:
            images.append(found)
    return images, missing


def _layer_steps(recipe: dict[str, Any]) -> list[dict[str, Any]]:
    """The steps that take a layer, in the order of the algorithm's LAYERS: that which the tiles follow comes first."""
    tiles = recipe.get("tiles") or {}
    follows = [{**tiles, "fields": [], "join_field": None}] if tiles.get("layer") else []
    return [*follows, *recipe["joins"]]


def _image_names(manifest: dict[str, Any]) -> list[str]:
    names = {image["source"]: image["name"] for image in manifest["images"] if image.get("kind") != "pictures"}
    return [names[position] for position in sorted(names)]


def _named(layers: list[Any], name: str) -> Any | None:
    return next((layer for layer in layers if layer.name().casefold() == name.casefold()), None)


def _only(layers: list[Any]) -> Any | None:
    return layers[0] if len(layers) == 1 else None


def _fits(layer: QgsVectorLayer, join: dict[str, Any]) -> bool:
    fields = set(layer.fields().names())
    wanted = {*join["fields"], *filter(None, [join["join_field"]])}
    return GEOMETRIES.get(layer.geometryType()) == join["geometry"] and wanted <= fields


def _wanted(join: dict[str, Any]) -> str:
    kinds = {"point": tr("points"), "line": tr("lines"), "polygon": tr("polygons"), "table": tr("a table")}
    text = tr("the layer '{name}' ({kind}").format(name=join["layer"], kind=kinds[join["geometry"]])
    if join["fields"]:
        text += tr(" with the fields {fields}").format(fields=", ".join(join["fields"]))
    return text + ")"
