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

MIN_BLOCKS_PER_FOLD = 4
MIN_TILES_PER_BLOCK = 4


def default_block_size(
    centres: FloatArray, tile_size: float, folds: int, widest_window: float, autocorrelation_range: float
) -> float:
    """A block as wide as tiles are alike, but small enough for four blocks per fold; a whole number of tiles.

    Never under the widest image window, since otherwise the same ground would be on both sides of a split.

    :param centres: (n, 2) of the tiles, in metres.
    :param widest_window: side of the largest image window in metres.
    :param autocorrelation_range: the distance at which tiles are no longer alike, in metres.
    """
    area = len(centres) * tile_size**2
    most = math.floor(math.sqrt(area / (folds * MIN_BLOCKS_PER_FOLD)) / tile_size)
    least = max(math.ceil(widest_window / tile_size - 1e-6), math.isqrt(MIN_TILES_PER_BLOCK))
    wanted = math.ceil(autocorrelation_range / tile_size - 1e-6)
    return max(min(wanted, most), least) * tile_size


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
