"""How a tile layer was made: which tiles, which joins, which label.

The recipe travels with the tiles (``GeoDataFrame.attrs``, the metadata of a GeoPackage layer, the history of a QGIS
layer) into the model, so that the same tiles and columns can be made again elsewhere.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pandas as pd
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

ATTRS_KEY = "mmrisk_recipe"

Statistic = Literal["count", "length", "area", "share", "sum", "mean", "min", "max", "std", "majority", "distance"]
WITHOUT_FIELD: tuple[Statistic, ...] = ("count", "length", "area", "share", "distance")
GeometryKind = Literal["point", "line", "polygon", "table"]
Layout = Literal["grid", "lines", "points", "polygons"]
LabelRule = Literal["count", "top_share", "per_exposure"]
EmpiricalBayesUse = Literal["none", "columns", "label"]
Overdispersion = Literal["constant", "per_length"]
LengthExponent = Literal["fitted", "one"]
KIND_OF_LAYOUT: dict[Layout, GeometryKind] = {"lines": "line", "points": "point", "polygons": "polygon"}
"""The geometry that a layout follows; a grid follows none."""


Name = Annotated[str | None, BeforeValidator(lambda value: value or None)]
"""The name of a field, or another text, that may be left empty."""


class RecipeStep(BaseModel):
    """A step of a recipe; unknown entries are refused, so that a damaged recipe is noticed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class TilesStep(RecipeStep):
    """The layout of the tiles: ``tile_size`` and ``spacing`` in metres, and the layer that it follows, if any.

    ``spacing`` is the step of a grid whose tiles overlap or leave gaps, or the way between tiles along lines. Where tiles
    are polygons of a layer, ``tile_size`` is only descriptive: the side of a square as large as the median one.
    """

    layout: Layout
    tile_size: float = Field(gt=0)
    spacing: float | None = Field(None, gt=0)
    layer: str | None = None
    geometry: GeometryKind | None = None

    @model_validator(mode="after")
    def _layer_to_follow(self) -> TilesStep:
        if self.geometry != KIND_OF_LAYOUT.get(self.layout) or (self.layer is None) != (self.geometry is None):
            raise ValueError(f"the layout '{self.layout}' does not follow a layer of {self.geometry} '{self.layer}'")
        return self


class JoinOptions(RecipeStep):
    """What is taken from a layer."""

    fields: tuple[str, ...] = Field((), description="fields to take")
    statistics: tuple[Statistic, ...] = Field(
        ("count",), description="what to compute of them", json_schema_extra={"without_field": list(WITHOUT_FIELD)}
    )
    prefix: str = Field("", description="begin of the new columns' names")
    join_field: Name = Field(None, description="field of the layer to match rows by, instead of by place")
    tile_field: Name = Field(None, description="field of the tiles to match rows by")

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it makes, in order."""
        names: list[str] = []
        for statistic in self.statistics:
            if statistic in WITHOUT_FIELD:
                names.append(f"{self.prefix}{statistic}")
            else:
                names += [f"{self.prefix}{field}_{statistic}" for field in self.fields]
        return tuple(names)


class JoinStep(JoinOptions):
    """One join: the layer by its name and kind of geometry, and what was taken from it."""

    layer: str
    geometry: GeometryKind


class LabelOptions(RecipeStep):
    """How events become a label."""

    weight_field: Name = Field(None, description="field with the weight of an event, such as its severity")
    rule: LabelRule = Field("count", description="how events become a label")
    threshold: float = Field(
        1.0,
        description="least events of a tile labelled 1; for top_share the share of tiles, such as 0.1; for per_exposure the "
        "least events per unit of exposure",
    )
    exposure_field: Name = Field(None, description="field of the tiles with the exposure, such as traffic")
    date_field: Name = Field(None, description="field of the events with their date or year")
    split_date: Name = Field(None, description="ISO date or year: events from it on make events_later and label_later")
    empirical_bayes: EmpiricalBayesUse = Field(
        "none", description="expected events by a safety performance function: as columns, or to label by them"
    )
    length_field: Name = Field(None, description="field of the tiles with the length of road, for empirical Bayes")
    overdispersion: Overdispersion = Field(
        "constant", description="of empirical Bayes: the same for all tiles, or falling with the length of road"
    )
    length_exponent: LengthExponent = Field(
        "fitted",
        description="of empirical Bayes: how events grow with the length of road, fitted or in proportion (one)",
    )

    @property
    def formula_fields(self) -> tuple[str, ...]:
        """The fields of the tiles that the label is computed from, beside the events: it repeats them."""
        exposure = self.exposure_field if self.rule == "per_exposure" or self.empirical_bayes == "label" else None
        length = self.length_field if self.empirical_bayes == "label" else None
        return tuple(dict.fromkeys(field for field in (exposure, length) if field))


class LabelStep(LabelOptions):
    """The rule that turned events into a label.

    ``layer`` and ``study_area`` are the names of the layers with the events and with the polygons whose tiles are judged.
    """

    layer: str
    study_area: str | None = None


class Recipe(RecipeStep):
    """All steps, in the order in which they were taken."""

    tiles: TilesStep | None = None
    joins: tuple[JoinStep, ...] = ()
    label: LabelStep | None = None

    @property
    def layers(self) -> tuple[tuple[str, GeometryKind], ...]:
        """Name and kind of the layers that it takes, in order: that which the layout follows, then those joined."""
        joined = tuple((join.layer, join.geometry) for join in self.joins)
        if self.tiles is None or self.tiles.layer is None or self.tiles.geometry is None:
            return joined
        return ((self.tiles.layer, self.tiles.geometry), *joined)

    def with_join(self, step: JoinStep) -> Recipe:
        """The recipe with one more join; joins of which it makes all columns anew are left out."""
        kept = tuple(join for join in self.joins if not set(join.columns) <= set(step.columns))
        return self.model_copy(update={"joins": (*kept, step)})


def recipe_of(tiles: pd.DataFrame) -> Recipe:
    """The recipe that travels with ``tiles``; an empty one where none does or where it cannot be read."""
    return parse_recipe(tiles.attrs.get(ATTRS_KEY))


def parse_recipe(value: Any) -> Recipe:
    """A recipe from a dictionary or from JSON text; an empty one where it is none."""
    try:
        if isinstance(value, str):
            return Recipe.model_validate_json(value)
        if isinstance(value, dict):
            return Recipe.model_validate(value)
    except ValidationError:
        pass
    return Recipe()


def attach_recipe(tiles: pd.DataFrame, recipe: Recipe) -> None:
    """Let ``recipe`` travel with ``tiles``."""
    tiles.attrs[ATTRS_KEY] = recipe.model_dump(mode="json")
