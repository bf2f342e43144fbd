"""Labels that are computed from the attributes: a model learns the formula, and its figures tell how well it repeats it.

A label of events per exposure, or of expected events by empirical Bayes, has exposure and length in it. Where these are
among the attributes, only events that nobody has computed with can tell what the model foresees: those observed later.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from mmrisk_core.arrays import FloatArray
from mmrisk_core.bundle.manifest import ValidationResult
from mmrisk_core.evaluation.metrics import Metrics
from mmrisk_core.geo.frames import numbers_in
from mmrisk_core.geo.recipe import LabelStep, recipe_of
from mmrisk_core.labels.label import LATER
from mmrisk_core.labels.rules import at_least, top_share_cut
from mmrisk_core.training.labelled_tiles import MIN_TILES, SHAPEFILE_NAME, named_among
from mmrisk_core.wording import quoted

LABELS = ("label", f"label{LATER}")
ALIKE = 0.95
"""Rank correlation from which on two fields order tiles alike, so that a model can take one for the other."""


def attributes_in_label(tiles: pd.DataFrame, label: str, features: Sequence[str]) -> tuple[str, ...]:
    """Those of ``features`` that the label was computed from, by name, or because they order the tiles as such a field does.

    :param tiles: with their recipe, which tells how the label was made.
    """
    step = _step_of(tiles, label)
    if step is None or not step.formula_fields:
        return ()
    named = named_among(features, set(step.formula_fields))
    sources = list(step.formula_fields)
    if step.empirical_bayes == "label":
        # What the formula makes of exposure and length together.
        sources.append(f"events_predicted{label[len('label') :]}")
    ranked = [numbers for source in sources if (numbers := _column(tiles, source)) is not None]
    return tuple(
        name
        for name in features
        if name in named or any(_order_alike(numbers_in(tiles[name]), numbers) for numbers in ranked)
    )


def observed_later(tiles: pd.DataFrame, label: str) -> FloatArray | None:
    """A label 0 or 1 by the events of the later period as they were counted, (n,), NaN where these are not known.

    The rule of the label holds, but for one per exposure, which would bring the formula back: the tiles with the most events
    are 1 then, as many as the label has of all.

    :return: None where the tiles have no such events, or not both labels came of them.
    """
    step, events = _step_of(tiles, label), _column(tiles, f"events{LATER}")
    if step is None or events is None or label != LABELS[0] or not np.isfinite(events).any():
        return None
    known = np.isfinite(events)
    cut = step.threshold
    if step.rule != "count":
        share = float(tiles[label].mean()) if step.rule == "per_exposure" else step.threshold
        cut = top_share_cut(events[known], share)
    later = np.full(len(events), np.nan)
    later[known] = at_least(events[known], cut)
    return later if len(np.unique(later[known])) == 2 else None


def circularity(names: Sequence[str]) -> str:
    """What it means that the attributes ``names`` are part of the label, as a sentence."""
    part = (
        "is part of the formula that the label was computed by, or orders the tiles as a part of it does"
        if len(names) == 1
        else "are part of the formula that the label was computed by, or order the tiles as parts of it do"
    )
    return (
        f"The attribute{'s' * (len(names) > 1)} {quoted(names)} {part}: the model finds that formula again, so its figures "
        "say how well it repeats it, not how well it foresees events."
    )


def on_later_events(validation: ValidationResult) -> str:
    """How well a model of such a label foresees events, or how that can be learnt, as a sentence."""
    later = validation.observed_later
    if later is None:
        return (
            "How well it foresees, these tiles cannot tell. Give 'Label tiles' the date of the events and a split date, so "
            "that it is judged on events that were observed later; or leave these attributes out."
        )
    return (
        f"Judged on events that were observed later, which are in no formula, on places it has not seen, its AUC is "
        f"{interval_of(later)}: that is how well it foresees."
    )


def interval_of(figures: Metrics) -> str:
    """An AUC with its interval, as text."""
    return f"{figures.auc:.2f} ({figures.auc_low:.2f} to {figures.auc_high:.2f})"


def _step_of(tiles: pd.DataFrame, label: str) -> LabelStep | None:
    """How ``label`` was made, where the recipe of the tiles tells."""
    return recipe_of(tiles).label if named_among([label], set(LABELS)) else None


def _column(tiles: pd.DataFrame, name: str) -> FloatArray | None:
    found = next((column for column in (name, name[:SHAPEFILE_NAME]) if column in tiles.columns), None)
    return None if found is None else numbers_in(tiles[found])


def _order_alike(one: FloatArray | None, other: FloatArray) -> bool:
    """Whether two columns order the tiles alike, or the other way round (rank correlation; Spearman 1904)."""
    if one is None:
        return False
    known = np.isfinite(one) & np.isfinite(other)
    if known.sum() < MIN_TILES or np.ptp(one[known]) == 0 or np.ptp(other[known]) == 0:
        return False
    return bool(abs(np.corrcoef(rankdata(one[known]), rankdata(other[known]))[0, 1]) >= ALIKE)
