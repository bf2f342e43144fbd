"""Spatial folds: tiles near each other are never on both sides of a split.

Random folds flatter a model, because neighbouring tiles look alike; blocks ask how it does in a place it has not seen
(Roberts 2017).
"""

from __future__ import annotations

import math

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from mmrisk_core.arrays import FloatArray, IntArray
from mmrisk_core.errors import InputError
from mmrisk_core.wording import counted

MIN_BLOCKS_PER_FOLD = 3
MIN_BLOCKS_OF_LABEL = 2
MIN_TILES_PER_BLOCK = 4
STEPS_OF_WIDTH = 16
INDEPENDENT = 1.5
"""Width of blocks that are taken to be unlike, in distances at which tiles are unlike (docs/decisions.md)."""


def default_block_size(
    centres: FloatArray, label: FloatArray, tile_size: float, folds: int, widest_window: float, reach: float
) -> float:
    """A block as wide as tiles are alike, but small enough for three blocks per fold; a whole number of tiles.

    Blocks are counted where there are tiles: of scattered ones few lie together. Never under the widest image window, since
    otherwise the same ground would be on both sides of a split.

    :param centres: (n, 2) of the tiles, in metres.
    :param label: (n,) 0 or 1; each must be in two blocks per fold.
    :param widest_window: side of the largest image window in metres.
    :param reach: the distance at which tiles are no longer alike, in metres.
    """
    least = max(math.ceil(widest_window / tile_size - 1e-6), math.isqrt(MIN_TILES_PER_BLOCK))
    width = max(math.ceil(reach / tile_size - 1e-6), least)
    while width > least and not _are_enough(spatial_blocks(centres, width * tile_size), label, folds):
        width -= max(1, width // STEPS_OF_WIDTH)
    return max(width, least) * tile_size


def _are_enough(block: IntArray, label: FloatArray, folds: int) -> bool:
    of_each = (len(np.unique(block[label == value])) for value in (0.0, 1.0))
    return len(np.unique(block)) >= MIN_BLOCKS_PER_FOLD * folds and min(of_each) >= MIN_BLOCKS_OF_LABEL * folds


def independent_blocks(centres: FloatArray, block: IntArray, block_size: float, reach: float) -> IntArray:
    """Blocks so wide that what is found in one says nothing of the next, for the intervals of figures.

    :param block: of the folds, (n,), of ``block_size``; these are taken where they are wide enough.
    :param reach: the distance at which tiles are no longer alike, in metres.
    """
    wide = INDEPENDENT * reach
    return block if wide <= block_size else spatial_blocks(centres, wide)


def spatial_blocks(centres: FloatArray, block_size: float) -> IntArray:
    """The block of each tile: squares of ``block_size`` from the lower left corner, numbered from 0."""
    cell = np.floor((centres - centres.min(axis=0) + 1e-6 * block_size) / block_size).astype(np.int64)
    return np.unique(cell, axis=0, return_inverse=True)[1].reshape(-1).astype(np.int64)


def assign_folds(block: IntArray, label: FloatArray, folds: int, seed: int) -> IntArray:
    """The fold of each tile; a block is in one fold, and folds are alike in tiles of each label.

    Blocks go, largest number of 1s first, to the fold that has the fewest; ties are broken by ``seed``.

    :raises MMRiskError: when a fold would lack one of the labels.
    """
    names, position = np.unique(block, return_inverse=True)
    if len(names) < folds:
        raise InputError(
            f"The tiles make only {counted(len(names), 'spatial block')}, too few for {counted(folds, 'fold')}. Use a "
            "smaller block size, fewer folds, or a larger area."
        )
    ones = np.bincount(position, weights=label)
    tiles = np.bincount(position)
    rng = np.random.default_rng(seed)
    order = np.lexsort((rng.random(len(names)), -tiles, -ones))
    fold_of_block = np.zeros(len(names), dtype=np.int64)
    filled = np.zeros((folds, 2))
    for i in order:
        fold = np.lexsort((filled[:, 1], filled[:, 0]))[0] if ones[i] else int(np.argmin(filled[:, 1]))
        fold_of_block[i] = fold
        filled[fold] += ones[i], tiles[i]
    fold = fold_of_block[position]
    for k in range(folds):
        for value in (0.0, 1.0):
            if not (label[fold == k] == value).any():
                raise InputError(
                    f"Fold {k + 1} of {folds} has no tile labelled {value:.0f}. Use fewer folds or a smaller block size, "
                    "or label more tiles."
                )
    return fold


def join_blocks(block: IntArray, group: IntArray) -> IntArray:
    """Blocks that share a group become one; a ``group`` below 0 is none.

    :param group: (n,) of each tile, such as tiles with the same picture.
    """
    names, node = np.unique(block, return_inverse=True)
    member = np.flatnonzero(group >= 0)
    groups, position = np.unique(group[member], return_inverse=True)
    size = len(names) + len(groups)
    edges = coo_array((np.ones(len(member)), (node[member], len(names) + position)), shape=(size, size))
    component = connected_components(edges, directed=False)[1]
    return np.unique(component[node], return_inverse=True)[1].reshape(-1).astype(np.int64)


def random_blocks(n: int) -> IntArray:
    """Every tile a block of its own, for folds at random."""
    return np.arange(n, dtype=np.int64)
