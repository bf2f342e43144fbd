"""Which tiles can be learnt from, and whether what they carry may be."""

from __future__ import annotations

from collections.abc import Sequence, Set

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from mmrisk_core.arrays import BoolArray
from mmrisk_core.errors import InputError
from mmrisk_core.geo.frames import has_geometry, require_crs, require_tiles, title_of
from mmrisk_core.geo.recipe import recipe_of
from mmrisk_core.labels.label import LABEL_COLUMNS
from mmrisk_core.progress import Progress
from mmrisk_core.samples.attribute_columns import Categories, read_attributes
from mmrisk_core.samples.image_inputs import ImageSource
from mmrisk_core.wording import by_number, counted

MIN_TILES = 20
MODEL = "A model"
SHAPEFILE_NAME = 10
"""Of the name of a field in a shapefile, in characters."""
MIN_UNCHECKED = 8
"""How few tiles a model may be trained on that nobody validates, such as the 16 of the method's original form."""


def labelled_tiles(
    tiles: pd.DataFrame,
    label: str,
    features: Sequence[str],
    sources: Sequence[ImageSource],
    progress: Progress,
    least: int = MIN_TILES,
) -> pd.DataFrame:
    """The tiles that have a label, after checking that they can be learnt from; at least ``least``."""
    _require_label(tiles, label)
    if not features and not sources:
        raise InputError("There is nothing to learn from. Choose attribute fields, imagery, or both.")
    recipe = recipe_of(tiles)
    leaking = {label, *LABEL_COLUMNS} if recipe.label else {label}
    for name in named_among(features, leaking):
        raise InputError(f"The field '{name}' is what the label was made from. Take it out of the attributes.")
    labelled = tiles_with_label(tiles, label, progress)
    require_both_labels(labelled, label, MODEL, least)
    return labelled


def named_among(features: Sequence[str], columns: Set[str]) -> list[str]:
    """Those of ``features`` that are among ``columns``, also under the ten characters that a shapefile leaves of a name."""
    short = {name[:SHAPEFILE_NAME] for name in columns}
    return [name for name in features if name in columns or name in short]


def tiles_with_label(tiles: pd.DataFrame, label: str, progress: Progress) -> pd.DataFrame:
    """The tiles whose ``label`` is 0 or 1, as integers; those that have none are left out.

    :raises MMRiskError: when there is no such field, or it holds something else.
    """
    values = label_in(tiles, label)
    labelled = tiles[values.notna().to_numpy()].assign(**{label: values.dropna().astype(np.int64)})
    labelled.attrs = dict(tiles.attrs)
    if len(labelled) < len(tiles):
        progress.log(
            f"{counted(len(tiles) - len(labelled), 'tile without label is', 'tiles without label are')} left out."
        )
    return labelled


def label_in(tiles: pd.DataFrame, label: str) -> pd.Series:
    """The column ``label`` as numbers 0 and 1, NaN where a tile has none.

    :raises MMRiskError: when there is no such field, or it holds something else.
    """
    _require_label(tiles, label)
    values = pd.to_numeric(tiles[label], errors="coerce")
    if not values.dropna().isin([0, 1]).all() or values.notna().sum() < tiles[label].notna().sum():
        raise InputError(f"The label '{label}' must be 0 or 1. Make it with 'Label tiles'.")
    return values


def _require_label(tiles: pd.DataFrame, label: str) -> None:
    if has_geometry(tiles):
        require_crs(tiles)
    require_tiles(tiles)
    if label not in tiles.columns:
        raise InputError(f"The tiles '{title_of(tiles)}' have no field '{label}'. Make it with 'Label tiles'.")


def require_both_labels(labelled: pd.DataFrame, label: str, what: str, least: int = MIN_TILES) -> None:
    """Whether there are tiles enough, and of both labels.

    :param what: what they are for, as the beginning of a sentence.
    :raises MMRiskError: when there are not.
    """
    if len(labelled) < least:
        unchecked = f" {MIN_UNCHECKED} will do without validation." if what == MODEL and least == MIN_TILES else ""
        raise InputError(
            f"Only {counted(len(labelled), 'tile has', 'tiles have')} a label; at least {least} are needed, and some "
            f"hundred to be of use. Use a larger area or smaller tiles.{unchecked}"
        )
    if labelled[label].nunique() < 2:
        raise InputError(
            f"All {counted(len(labelled), 'tile')} have the label {labelled[label].iloc[0]}. {what} needs both 0 and "
            "1: change the threshold in 'Label tiles', or use a larger area."
        )


def checked_attributes(
    tiles: pd.DataFrame, features: Sequence[str], categories: Categories, progress: Progress
) -> Tensor:
    """The attributes (n, F) with NaN for what is missing; those that are constant are named in the log.

    :raises MMRiskError: when an attribute is missing, neither a number nor text, or all of them are constant.
    """
    tabular = read_attributes(tiles, features, categories)
    constant = [
        name
        for name, column in zip(features, tabular.T, strict=True)
        if len(np.unique(column[~torch.isnan(column)].numpy())) < 2
    ]
    if constant:
        progress.log(f"These attributes have one value only and say nothing: {', '.join(constant)}.")
        if len(constant) == len(features):
            raise InputError(
                f"All attributes are constant ({', '.join(constant)}). Join a layer that differs between tiles."
            )
    return tabular


def with_imagery(
    tiles: pd.DataFrame,
    label: str,
    seen: BoolArray,
    progress: Progress,
    what: str = MODEL,
    least: int = MIN_TILES,
) -> pd.DataFrame:
    """The tiles of which some image shows something; what the model makes of the others must not flatter or blame it."""
    if seen.all():
        return tiles
    progress.log(
        f"{int((~seen).sum()):,} of {counted(len(tiles), 'tile')} "
        f"{by_number((~seen).sum(), 'has no imagery and is', 'have no imagery and are')} left out."
    )
    kept = tiles[seen]
    kept.attrs = dict(tiles.attrs)
    require_both_labels(kept, label, what, least)
    return kept
