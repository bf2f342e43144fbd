"""Which tiles must stay on one side of a split: neighbours on the map, or rows of one group of a table."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from torch import Tensor

from mmrisk_core.arrays import FloatArray, IntArray
from mmrisk_core.bundle.manifest import BlockKind
from mmrisk_core.errors import InputError
from mmrisk_core.evaluation.correlogram import autocorrelation_range
from mmrisk_core.evaluation.spatial_folds import default_block_size, random_blocks, spatial_blocks
from mmrisk_core.geo.frames import has_geometry, title_of
from mmrisk_core.geo.metric_bounds import bounds_in_metres, median_width
from mmrisk_core.progress import Progress
from mmrisk_core.training.options import TrainingOptions
from mmrisk_core.wording import counted


@dataclass(frozen=True)
class SpatialBlocks:
    """The block of each tile, (n,), what blocks are, and how wide in metres where they lie on the map."""

    block: IntArray
    kind: BlockKind
    size: float | None = None
    group_column: str | None = None


def choose_blocks(
    tiles: pd.DataFrame, tabular: Tensor, label: FloatArray, options: TrainingOptions, progress: Progress
) -> SpatialBlocks:
    """Blocks as asked for; of a table without geometry and groups every row is one by itself, and the log says so.

    :raises MMRiskError: when there is no such field, or it has too few groups for the folds.
    """
    if options.validation != "spatial":
        return SpatialBlocks(random_blocks(len(tiles)), options.validation)
    if options.group_column:
        block = group_blocks(tiles, options.group_column)
        groups = len(np.unique(block))
        if groups < options.folds:
            raise InputError(
                f"The field '{options.group_column}' makes only {counted(groups, 'group')} of the rows, too few for "
                f"{counted(options.folds, 'fold')}. Use fewer folds, or a field with more different values."
            )
        progress.log(f"Folds are made of the {counted(groups, 'group')} of the field '{options.group_column}'.")
        return SpatialBlocks(block, "groups", group_column=options.group_column)
    if not has_geometry(tiles):
        progress.log(
            f"Beware: the table '{title_of(tiles)}' has no geometry, so folds are drawn at random. Neighbouring or related "
            "rows may be on both sides of a split, and the figures are optimistic. Name a field that tells related rows, "
            "such as a county (group_column)."
        )
        return SpatialBlocks(random_blocks(len(tiles)), "random")
    return _on_the_map(tiles, tabular, label, options, progress)


def group_blocks(tiles: pd.DataFrame, column: str) -> IntArray:
    """The group of each row by the value of a field; a row without one is a group by itself.

    :raises MMRiskError: when there is no such field.
    """
    if column not in tiles.columns:
        raise InputError(
            f"The table '{title_of(tiles)}' has no field '{column}' to tell groups of rows by. Choose another field."
        )
    code = pd.factorize(tiles[column])[0].astype(np.int64)
    alone = code < 0
    code[alone] = code.max(initial=-1) + 1 + np.arange(alone.sum())
    return np.asarray(code)


def fewer_folds(options: TrainingOptions, label: FloatArray, progress: Progress) -> TrainingOptions:
    """The options of a model that nobody validates, with no more folds than there are tiles of the rarer label."""
    folds = max(2, min(options.folds, int(label.sum()), int((1 - label).sum())))
    if folds < options.folds:
        progress.log(
            f"The rarer label has few tiles only, so the model has {counted(folds, 'member')} instead of {options.folds}."
        )
    return options.model_copy(update={"folds": folds})


def _on_the_map(
    tiles: pd.DataFrame, tabular: Tensor, label: FloatArray, options: TrainingOptions, progress: Progress
) -> SpatialBlocks:
    bounds = bounds_in_metres(tiles)
    centres = (bounds[:, :2] + bounds[:, 2:]) / 2
    tile_size = median_width(bounds)
    reach = autocorrelation_range(centres, np.column_stack([label, tabular.numpy()]), tile_size)
    size = options.block_size or default_block_size(
        centres, tile_size, options.folds, tile_size * max(options.context), reach
    )
    progress.log(f"Tiles are alike up to about {reach:,.0f} m from each other; spatial blocks are {size:,.0f} m wide.")
    if size < reach:
        progress.log(
            "Beware: that is narrower than tiles are alike, because the area is small. The figures may be optimistic: "
            "use a larger area, or fewer folds."
        )
    return SpatialBlocks(spatial_blocks(centres, size), "spatial", size)
