"""The manifest of a model file: what the model is, where it comes from and how far it can be trusted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator
from scipy.special import expit

from mmrisk_core.arrays import FloatArray
from mmrisk_core.bundle.header import Upgrade
from mmrisk_core.errors import InputError
from mmrisk_core.evaluation.calibration import Calibration, Coefficient
from mmrisk_core.evaluation.metrics import AucDifference, Metrics
from mmrisk_core.evaluation.unexplained import MAX_VARIANCE
from mmrisk_core.geo.crs import metric_unit, parse_crs
from mmrisk_core.geo.recipe import Recipe
from mmrisk_core.samples.image_inputs import ImageInput
from mmrisk_core.wording import counted

SCHEMA_VERSION: Literal[1] = 1
UPGRADES: dict[int, Upgrade] = {}
"""From each older schema version to the next, so that models outlive it. What is only added gets a default instead."""

MAX_UNIT = 40
ValidationMethod = Literal["spatial", "random", "none"]
BlockKind = Literal["spatial", "groups", "random", "none"]


class ManifestPart(BaseModel):
    """A part of the manifest; unknown entries and numbers that are not finite are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class AttributeInput(ManifestPart):
    """One attribute: its column, its unit where known, and its typical range while training.

    :param categories: the levels of a text, the most frequent first; empty for a number. Of a text the range is 0.
    """

    name: str
    unit: str = Field("", max_length=MAX_UNIT)
    low: float
    typical: float
    high: float
    missing_share: float = Field(ge=0, le=1)
    categories: tuple[str, ...] = ()


class Combination(ManifestPart):
    """How the logits of the heads of a member become one calibrated logit."""

    head_weights: tuple[Coefficient, ...]
    bias: Coefficient
    calibration: Calibration

    def probabilities(self, logits: FloatArray) -> FloatArray:
        """Logits of the heads (n, heads) -> calibrated probabilities (n,)."""
        return np.asarray(expit(self.logits(logits)))

    def logits(self, logits: FloatArray) -> FloatArray:
        """Logits of the heads (n, heads) -> calibrated logits (n,)."""
        return self.calibration.logits(logits @ np.array(self.head_weights) + self.bias)


class Ensemble(ManifestPart):
    """The members, all of one architecture, and how their heads are weighed and calibrated.

    :param fine_tuned: whether members have a last stage of the encoder of their own, trained with them.
    :param prevalence_shift: what is added to a calibrated logit because tiles were chosen by their label.
    :param unexplained_variance: of the logit of a tile's true risk around that of the model; None in earlier models, which
        do not know it.
    :param unseen: entry k is what was learnt without fold k, and with which member k, which has not seen it, speaks of its
        tiles: what the model was judged by. None in earlier files.
    """

    architecture: str
    backbone: str
    encoder_config: dict[str, Any] = Field(default_factory=dict)
    fine_tuned: bool = False
    member_configs: tuple[dict[str, Any], ...] = Field(min_length=1)
    head_names: tuple[str, ...] = Field(min_length=1)
    head_weights: tuple[Coefficient, ...]
    bias: Coefficient
    calibration: Calibration
    prevalence_shift: Coefficient = 0.0
    unexplained_variance: float | None = Field(None, ge=0, le=MAX_VARIANCE)
    unseen: tuple[Combination, ...] = ()

    @model_validator(mode="after")
    def _one_weight_per_head(self) -> Ensemble:
        for weights in (self.head_weights, *(each.head_weights for each in self.unseen)):
            if len(weights) != len(self.head_names):
                raise ValueError(f"{len(weights)} weights for {counted(len(self.head_names), 'head')}")
        if len(self.unseen) not in (0, len(self.member_configs)):
            raise ValueError(f"{counted(len(self.unseen), 'fold')} for {counted(len(self.member_configs), 'member')}")
        _require_distinct("heads", self.head_names)
        return self

    @property
    def last_stage(self) -> dict[str, Any] | None:
        """Which last stage each member has (``LastStage.config``); None where the whole encoder is frozen."""
        return {"backbone": self.backbone, "encoder_config": self.encoder_config} if self.fine_tuned else None


@dataclass(frozen=True)
class Place:
    """Where tiles lie: ``extent`` (left, bottom, right, top) in units of ``crs``, and how wide a tile is in metres."""

    crs: str
    extent: tuple[float, float, float, float]
    tile_size: float


class Provenance(ManifestPart):
    """Where, when and with what the model was trained; ``crs``, ``extent`` and ``tile_size`` are None of a mere table."""

    crs: str | None
    extent: tuple[float, float, float, float] | None
    tile_size: float | None = Field(gt=0)
    tiles: int = Field(ge=0)
    ones: int = Field(ge=0)
    seed: int
    created: str
    device: str
    versions: dict[str, str]

    @model_validator(mode="after")
    def _whole_place_or_none(self) -> Provenance:
        if len({part is None for part in (self.crs, self.extent, self.tile_size)}) > 1:
            raise ValueError("crs, extent and tile_size go together")
        return self

    @property
    def place(self) -> Place | None:
        """Where the training was; None where its tiles were rows of a table without geometry."""
        if self.crs is None or self.extent is None or self.tile_size is None:
            return None
        return Place(self.crs, self.extent, self.tile_size)


class TrainedPlace(ManifestPart):
    """In what the centres of the training tiles are measured, a CRS whose unit is a length, and how wide a tile is."""

    crs: str
    width: float = Field(gt=0)

    @model_validator(mode="after")
    def _measures_lengths(self) -> TrainedPlace:
        # Not as an MMRiskError, which would not name the file.
        try:
            metric_unit(parse_crs(self.crs))
        except InputError as error:
            raise ValueError(str(error)) from error
        return self


class ValidationResult(ManifestPart):
    """How the model was validated: figures of the whole, and of each head alone, on tiles it had not seen.

    :param kind: what the folds are made of: blocks on the map, groups of rows that a field names, or tiles at random.
    :param group_column: the field that names the groups.
    :param alike_up_to: the distance in metres up to which tiles are alike in what the label shows.
    :param blocks: how many blocks there are.
    :param prevalence: the share of high-risk tiles among all, which figures are of, where the labelled ones were chosen by
        their label; None where figures are of the labelled ones.
    :param challengers: figures of simpler models on the same folds, by name. See :mod:`mmrisk_core.training.challengers`.
    :param differences: the model's AUC less that of each challenger.
    :param random: figures on random folds, to be shown as the optimistic ones.
    :param later: figures against the label of a later period.
    :param leaking: the attributes that hold what is to be foreseen, so that the figures mean nothing.
    :param label_attributes: the attributes that the label was computed from, so that the figures flatter.
    :param observed_later: figures against events that were observed later, where there are such attributes.
    """

    kind: BlockKind
    group_column: str | None = None
    folds: int
    block_size: float | None
    alike_up_to: float | None = None
    blocks: int | None = None
    prevalence: float | None = Field(None, gt=0, lt=1)
    figures: Metrics | None
    heads: dict[str, Metrics]
    challengers: dict[str, Metrics] = {}
    differences: dict[str, AucDifference] = {}
    random: Metrics | None = None
    later: Metrics | None = None
    leaking: tuple[str, ...] = ()
    label_attributes: tuple[str, ...] = ()
    observed_later: Metrics | None = None

    @model_validator(mode="after")
    def _one_difference_per_challenger(self) -> ValidationResult:
        compared = {*self.challengers, *(["random"] if self.random else [])}
        if compared != set(self.differences):
            raise ValueError(f"differences to {len(self.differences)} challengers for {len(compared)}")
        return self


class Manifest(ManifestPart):
    """Everything in a model file but its tensors.

    :param logit_variance: of the calibrated logits of the training tiles.
    :param donors_drawn: how many donors are a fair sample of the training. See :mod:`mmrisk_core.bundle.donors`.
    :param trained_place: None of tiles that do not lie on a map, and in earlier files.
    """

    schema_version: Literal[1] = 1
    images: tuple[ImageInput, ...]
    attributes: tuple[AttributeInput, ...]
    label: str
    recipe: Recipe
    ensemble: Ensemble
    class_breaks: tuple[float, float, float, float]
    applicability_mean_distance: float = Field(gt=0)
    applicability_threshold: float = Field(ge=0)
    logit_variance: Annotated[float, Field(ge=0)] = 0.0
    donors_drawn: Annotated[int, Field(ge=0)] = 0
    trained_place: TrainedPlace | None = None
    validation: ValidationResult
    provenance: Provenance

    @model_validator(mode="after")
    def _distinct_attributes_and_rising_classes(self) -> Manifest:
        _require_distinct("attributes", [attribute.name for attribute in self.attributes])
        edges = (0.0, *self.class_breaks, 1.0)
        if any(after < before for before, after in pairwise(edges)):
            raise ValueError("the risk classes do not begin at rising probabilities")
        return self


def _require_distinct(what: str, names: Sequence[str]) -> None:
    twice = next((name for name in names if list(names).count(name) > 1), None)
    if twice is not None:
        raise ValueError(f"two of its {what} are called '{twice[:40]}'")
