"""Attributes that hold what is to be foreseen: a model with them is perfect where events are known, and nowhere else.

See Kaufman et al. (2012), Leakage in data mining, ACM TKDD 6(4).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from torch import Tensor

from mmrisk_core.arrays import FloatArray
from mmrisk_core.errors import InputError
from mmrisk_core.evaluation.metrics import auc
from mmrisk_core.geo.frames import UNNAMED
from mmrisk_core.geo.recipe import recipe_of
from mmrisk_core.training.labelled_tiles import MIN_TILES, named_among
from mmrisk_core.wording import quoted

LEAKAGE_AUC = 0.99
"""Of one attribute alone, from which on it says what the label says."""


def made_of_events(tiles: pd.DataFrame, features: Sequence[str]) -> tuple[str, ...]:
    """Those of ``features`` that were joined from the layer whose events made the label, as the recipe tells."""
    recipe = recipe_of(tiles)
    events = recipe.label.layer if recipe.label else UNNAMED
    columns = {c for join in recipe.joins if join.layer == events != UNNAMED for c in join.columns}
    return tuple(named_among(features, columns))


def telling_the_label(tabular: Tensor, features: Sequence[str], label: FloatArray) -> tuple[str, ...]:
    """Those of ``features`` that alone tell nearly all tiles apart.

    :param tabular: (n, F) with NaN.
    :param label: (n,) 0 or 1.
    :raises MMRiskError: naming the field, where one is the label itself under another name.
    """
    telling = []
    for name, column in zip(features, tabular.double().numpy().T, strict=True):
        known = np.isfinite(column)
        values, y = column[known], label[known]
        if known.sum() < MIN_TILES or len(np.unique(y)) < 2:
            continue
        distinct = np.unique(values)
        if len(distinct) == 2 and known.all() and any(((values == one) == y).all() for one in distinct):
            raise InputError(
                f"The field '{name}' is the label itself under another name: it has one value where the label is 1 and "
                "another where it is 0. Take it out of the attributes."
            )
        if max(auc(values, y), auc(-values, y)) > LEAKAGE_AUC:
            telling.append(name)
    return tuple(telling)


def leakage(names: Sequence[str]) -> str:
    """What it means that the attributes ``names`` hold the label, as a sentence."""
    one = len(names) == 1
    hold = (
        "comes from the events that made the label, or tells nearly all tiles apart alone"
        if one
        else "come from the events that made the label, or tell nearly all tiles apart alone"
    )
    return (
        f"The attribute{'' if one else 's'} {quoted(names)} {hold}: the model only learns to count these events again, and "
        f"its figures mean nothing. Take {'it out, unless it is' if one else 'them out, unless they are'} of earlier events."
    )
