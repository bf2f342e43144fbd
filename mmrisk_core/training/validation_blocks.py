"""Which tiles must stay on one side of a split: neighbours on the map, or rows of one group of a table."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits
from torch import Tensor

from mmrisk_core.architectures.attribute_encoding import fit_attribute_encoding
from mmrisk_core.arrays import FloatArray, IntArray
from mmrisk_core.bundle.manifest import BlockKind
from mmrisk_core.errors import InputError
from mmrisk_core.evaluation.correlogram import Likeness, likeness
from mmrisk_core.evaluation.spatial_folds import (
    default_block_size,
    independent_blocks,
    random_blocks,
    spatial_blocks,
)
from mmrisk_core.evaluation.unexplained import unexplained_of_groups, unexplained_on_the_map
from mmrisk_core.geo.frames import has_geometry, title_of
from mmrisk_core.geo.metric_bounds import bounds_in_metres, median_width
from mmrisk_core.progress import Progress
from mmrisk_core.training.options import TrainingOptions
from mmrisk_core.wording import counted

FIRST_FIT_TILES = 5000
FIRST_FIT_STRENGTH = 0.1


@dataclass(frozen=True)
class SpatialBlocks:
    """The block of each tile, (n,), what blocks are, and how wide in metres where they lie on the map.

    :param reach: how far tiles are alike in what the label shows, in metres; 0 where they are not beyond chance.
    :param centres: (n, 2) of the tiles in metres, and ``tile_size``, where they lie on the map.
    """

    block: IntArray
    kind: BlockKind
    size: float | None = None
    group_column: str | None = None
    reach: float | None = None
    centres: FloatArray | None = None
    tile_size: float = 0.0

    def independent(self, block: IntArray, residual: FloatArray) -> IntArray:
        """The blocks over which figures vary as between places: as wide as label and ``residual`` (n,) are alike.

        :param block: of the folds, (n,).
        """
        if self.centres is None or self.size is None or self.reach is None:
            return block
        left = likeness(self.centres, residual, self.tile_size)
        return independent_blocks(self.centres, block, self.size, max(self.reach, left.reach if left.is_told else 0.0))

    def unexplained(self, risk: FloatArray, label: FloatArray) -> float:
        """Variance of the logit of a tile's true risk around that of the model's out-of-fold ``risk`` (n,)."""
        if self.centres is None:
            return unexplained_of_groups(risk, label, self.block)
        return unexplained_on_the_map(risk, label, self.centres, self.tile_size)


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
    found = _likeness(centres, tabular, label, tile_size)
    size = options.block_size or default_block_size(
        centres, label, tile_size, options.folds, tile_size * max(options.context), found.reach
    )
    block = spatial_blocks(centres, size)
    alike = (
        f"Labels are alike up to about {found.reach:,.0f} m from each other"
        if found.is_told
        else "Labels of neighbours are no more alike than others, as far as can be told"
    )
    progress.log(
        f"{alike}; {counted(len(np.unique(block)), 'spatial block is', 'spatial blocks are')} {size:,.0f} m wide."
    )
    if found.is_told and size < found.reach:
        progress.log(
            "Beware: that is narrower than labels are alike, because the area is small. The figures may be optimistic: "
            "use a larger area, or fewer folds."
        )
    reach = found.reach if found.is_told else 0.0
    return SpatialBlocks(block, "spatial", size, reach=reach, centres=centres, tile_size=tile_size)


def _likeness(centres: FloatArray, tabular: Tensor, label: FloatArray, tile_size: float) -> Likeness:
    """How far tiles are alike in their label, or in what a first fit to the attributes leaves of it: the farther one.

    Attributes do not count by themselves: those that are noise would make it nearer, and what is smooth without having to
    do with the label does no harm.
    """
    found = likeness(centres, label, tile_size)
    if not tabular.shape[1] or label.min() == label.max():
        return found
    left = likeness(centres, label - _first_fit(tabular, label), tile_size)
    return max([found, left] if left.is_told else [found], key=lambda each: (each.is_told, each.reach))


def _first_fit(tabular: Tensor, label: FloatArray) -> FloatArray:
    """Probabilities (n,) by a ridge logistic regression on the attributes, learnt from some of the tiles."""
    encoded = fit_attribute_encoding(tabular)(tabular).double().numpy()
    rows = np.random.default_rng(0).permutation(len(label))[:FIRST_FIT_TILES]
    if label[rows].min() == label[rows].max():
        return np.full(len(label), label.mean())
    with threadpool_limits(1, user_api="blas"):
        fitted = LogisticRegression(C=FIRST_FIT_STRENGTH, max_iter=200).fit(encoded[rows], label[rows])
        return np.asarray(fitted.predict_proba(encoded)[:, 1])
