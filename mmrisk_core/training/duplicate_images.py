"""Tiles with the same pictures: a model that has seen one has seen the other."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd

from mmrisk_core.arrays import ByteArray, IntArray
from mmrisk_core.evaluation.spatial_folds import join_blocks
from mmrisk_core.progress import Progress
from mmrisk_core.samples.image_batches import ImageBatch
from mmrisk_core.wording import counted

NAMED = 3
FINGERPRINT = 16


def fingerprinted(batches: Iterable[ImageBatch], fingerprints: ByteArray) -> Iterator[ImageBatch]:
    """The batches as they are, and a digest of all pictures of each tile; zeros where they show one colour only.

    Open water and what is white all over look the same everywhere, and are no copies.

    :param fingerprints: (n, FINGERPRINT), zeros.
    """
    for batch in batches:
        for i, row in enumerate(batch.rows):
            digest, plain = hashlib.blake2b(digest_size=FINGERPRINT), True
            for image in batch.images:
                picture = image[i].numpy()
                plain &= bool((picture == picture[:, :1, :1]).all())
                digest.update(np.ascontiguousarray(picture).data)
            if not plain:
                fingerprints[row] = np.frombuffer(digest.digest(), dtype=np.uint8)
        yield batch


def groups_of_twins(fingerprints: ByteArray) -> IntArray:
    """The number of the group of tiles with the same pictures, (n,); -1 where a tile has its own."""
    _, group, count = np.unique(fingerprints, axis=0, return_inverse=True, return_counts=True)
    group = group.reshape(-1)
    alone = (count[group] < 2) | ~fingerprints.any(axis=1)
    return np.where(alone, -1, group)


def keep_twins_together(
    tiles: pd.DataFrame, block: IntArray, twins: IntArray, folds: int, progress: Progress
) -> IntArray:
    """The blocks, those with tiles of the same pictures made one, so that copies never lie on both sides of a split.

    The log names some of the tiles. Where too few blocks would be left for ``folds``, blocks stay and the log says so.

    :param twins: number of the group of tiles with the same pictures, (n,), or -1.
    """
    groups = [rows for rows in _rows_of_groups(twins) if len(np.unique(block[rows])) > 1]
    if not groups:
        return block
    names = [" and ".join(_name(tiles, row) for row in rows[:2]) for rows in groups[:NAMED]]
    copies = sum(len(rows) for rows in groups)
    found = (
        f"Beware: {counted(copies, 'tile has', 'tiles have')} exactly the same imagery as a tile in another block "
        f"(such as {'; '.join(names)}). Were they copied, or is the imagery a placeholder?"
    )
    joined = join_blocks(block, np.where(np.isin(np.arange(len(block)), np.concatenate(groups)), twins, -1))
    if len(np.unique(joined)) < 2 * folds:
        progress.log(
            f"{found} They cannot be kept together without leaving too few blocks, so the figures are optimistic."
        )
        return block
    progress.log(f"{found} They are kept in the same fold, so that the figures are not of tiles seen before.")
    return joined


def _rows_of_groups(twins: IntArray) -> list[IntArray]:
    order = np.argsort(twins, kind="stable")
    order = order[twins[order] >= 0]
    return list(np.split(order, np.flatnonzero(np.diff(twins[order])) + 1)) if len(order) else []


def _name(tiles: pd.DataFrame, row: int) -> str:
    return f"tile {tiles['tile_id'].iloc[row]}" if "tile_id" in tiles.columns else f"row {row + 1}"
