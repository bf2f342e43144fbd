"""What a join takes from a layer, in words."""

from __future__ import annotations

import json

from qgis.core import QgsVectorLayer, QgsWkbTypes

from ...engine.job_schema import job_field
from ...i18n import tr
from .described_form import options
from .panel_state import JoinChoices

STATISTICS = job_field("join", "statistics").choices
WITHOUT_FIELD = job_field("join", "statistics").known["without_field"]
ONLY_OF = {
    "length": QgsWkbTypes.GeometryType.LineGeometry,
    "area": QgsWkbTypes.GeometryType.PolygonGeometry,
    "share": QgsWkbTypes.GeometryType.PolygonGeometry,
}
MAX_COLUMNS_NAMED = 6


def statistic_names() -> dict[str, str]:
    """What the statistics are called in dialogs, by name."""
    return dict(zip(STATISTICS, options("joinattributes", "STATISTICS")))


def fitting_statistics(layer: QgsVectorLayer) -> list[str]:
    """The statistics that there are of a layer of this geometry."""
    return [name for name in STATISTICS if ONLY_OF.get(name, layer.geometryType()) == layer.geometryType()]


def columns(join: JoinChoices) -> list[str]:
    """The columns that a join makes, named as the engine names them."""
    names = []
    for statistic in join.statistics:
        if statistic in WITHOUT_FIELD:
            names.append(f"{join.prefix}{statistic}")
        else:
            names += [f"{join.prefix}{field}_{statistic}" for field in join.fields]
    return names


def joins_of(recipe: str | None) -> list[JoinChoices]:
    """The joins of a recipe, each with the name of its layer; a damaged one is for the engine to complain of."""
    try:
        joins = json.loads(recipe or "{}").get("joins", [])
        return [JoinChoices(join["layer"], join["fields"], join["statistics"], join["prefix"]) for join in joins]
    except (ValueError, KeyError, TypeError, AttributeError):
        return []


def label_layer(recipe: str | None) -> str:
    """The name of the layer whose events made the label of a recipe; empty where there is none."""
    try:
        return str((json.loads(recipe or "{}").get("label") or {}).get("layer", ""))
    except (ValueError, AttributeError):
        return ""


def what_is_taken(join: JoinChoices) -> str:
    """The statistics of a join, such as 'count, length (m), mean of aadt'."""
    names = {key: name[0].lower() + name[1:] for key, name in statistic_names().items()}
    plain = [names[statistic] for statistic in join.statistics if statistic in WITHOUT_FIELD]
    of_fields = [names[statistic] for statistic in join.statistics if statistic not in WITHOUT_FIELD]
    if of_fields:
        fields = _shortened(join.fields) or tr("fields that are still to be chosen")
        plain.append(tr("{statistics} of {fields}").format(statistics=", ".join(of_fields), fields=fields))
    return ", ".join(plain) or tr("nothing yet")


def sentence(join: JoinChoices, layer: str) -> str:
    """One sentence of the recipe, such as 'roads: count and length in each tile → roads_count, roads_length'."""
    made = _shortened(columns(join)) or tr("no column")
    return tr("{layer}: {what} in each tile → {columns}").format(layer=layer, what=what_is_taken(join), columns=made)


def _shortened(names: list[str]) -> str:
    shown = ", ".join(names[:MAX_COLUMNS_NAMED])
    more = len(names) - MAX_COLUMNS_NAMED
    return tr("{names} and {count} more").format(names=shown, count=more) if more > 0 else shown
