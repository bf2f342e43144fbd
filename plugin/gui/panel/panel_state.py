"""The choices of the panel, and how they are kept in the project."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields, is_dataclass, replace
from typing import Any, Callable

from qgis.core import QgsProject

SCOPE, ENTRY = "mmrisk", "/panel"


@dataclass(frozen=True)
class AreaChoices:
    """Step 1. Layers are ids; an empty ``extent`` is what the canvas shows; a ``spacing`` of 0 is the tile size."""

    layout: int = 0
    extent: str = ""
    layer: str = ""
    tile_size: float = 150.0
    spacing: float = 0.0
    mask: str = ""
    crs: str = ""
    preview: bool = False


@dataclass(frozen=True)
class JoinChoices:
    """One layer whose attributes are joined. ``statistics`` are names such as ``mean``."""

    layer: str = ""
    fields: list[str] = field(default_factory=list)
    statistics: list[str] = field(default_factory=list)
    prefix: str = ""


@dataclass(frozen=True)
class DataChoices:
    """Step 2. ``images`` are the ids of the chosen ones, in order."""

    tiles: str = ""
    images: list[str] = field(default_factory=list)
    joins: list[JoinChoices] = field(default_factory=list)


@dataclass(frozen=True)
class TrainChoices:
    """Step 3. ``advanced`` holds the parameters of the algorithm that are set there, by name."""

    tiles: str = ""
    by_events: bool = True
    events: str = ""
    rule: int = 0
    threshold: float = 1.0
    label: str = ""
    features: list[str] = field(default_factory=list)
    model: str = ""
    advanced: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class MapChoices:
    """Step 4. An empty ``extent`` is what the canvas shows; ``classes`` and ``cost`` say how the map is classed."""

    model: str = ""
    extent: str = ""
    classes: int = 0
    cost: float = 10.0


@dataclass(frozen=True)
class PanelState:
    """All choices, and the step that is shown."""

    step: int = 0
    area: AreaChoices = field(default_factory=AreaChoices)
    data: DataChoices = field(default_factory=DataChoices)
    train: TrainChoices = field(default_factory=TrainChoices)
    map: MapChoices = field(default_factory=MapChoices)


def read_state(project: QgsProject) -> PanelState:
    """The choices kept in a project; what is missing or damaged is as in a new one, layers that are gone are left out."""
    text, _ = project.readEntry(SCOPE, ENTRY, "")
    try:
        kept = json.loads(text) if text else {}
    except ValueError:
        kept = {}
    return _with_models(_without_lost_layers(_filled(PanelState(), kept), project), project.readPath)


def write_state(state: PanelState, project: QgsProject) -> None:
    """Keep the choices in the project; it is changed only where they are."""
    text = json.dumps(asdict(_with_models(state, project.writePath)), sort_keys=True)
    if text != project.readEntry(SCOPE, ENTRY, "")[0]:
        project.writeEntry(SCOPE, ENTRY, text)


def _with_models(state: PanelState, path_of: Callable[[str], str]) -> PanelState:
    """The state with other paths of models: relative in the project, so that they move with it."""

    def moved(path: str) -> str:
        return path_of(path) if path else ""

    train, mapped = state.train, state.map
    return replace(
        state, train=replace(train, model=moved(train.model)), map=replace(mapped, model=moved(mapped.model))
    )


def _filled(default: Any, kept: Any) -> Any:
    """A copy of a data class with the kept values that are of its types."""
    if not isinstance(kept, dict):
        return default
    found = {}
    for entry in fields(default):
        standard, value = getattr(default, entry.name), kept.get(entry.name)
        if is_dataclass(standard):
            found[entry.name] = _filled(standard, value)
        elif entry.name == "joins" and isinstance(value, list):
            found[entry.name] = [_filled(JoinChoices(), join) for join in value]
        elif isinstance(value, type(standard)) and (not isinstance(value, list) or _all_text(value)):
            found[entry.name] = value
    return replace(default, **found)


def _all_text(values: list[Any]) -> bool:
    return all(isinstance(value, str) for value in values)


def _without_lost_layers(state: PanelState, project: QgsProject) -> PanelState:
    def still(layer: str) -> str:
        return layer if project.mapLayer(layer) is not None else ""

    area, data, train = state.area, state.data, state.train
    return replace(
        state,
        area=replace(area, layer=still(area.layer), mask=still(area.mask)),
        data=replace(
            data,
            tiles=still(data.tiles),
            images=[image for image in data.images if still(image)],
            joins=[join for join in data.joins if still(join.layer)],
        ),
        train=replace(train, tiles=still(train.tiles), events=still(train.events)),
    )
