"""Tiles that are copies of each other: a model that has seen one has seen the other."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mmrisk_core.arrays import IntArray
from mmrisk_core.evaluation.spatial_folds import join_blocks
from mmrisk_core.progress import Progress
from mmrisk_core.wording import counted

NAMED = 3
QUESTIONS = {
    "imagery": "Were they copied, or is the imagery a placeholder?",
    "attributes": "Were rows copied, or are they parts of one thing?",
}
"""What may be the reason, by what is alike."""


def keep_twins_together(
    tiles: pd.DataFrame, block: IntArray, twins: IntArray, of: str, folds: int, progress: Progress
) -> IntArray:
    """The blocks, those that share twins made one, so that copies never lie on both sides of a split.

    The log names some of the tiles. Where too few blocks would be left for ``folds``, blocks stay and the log says so.

    :param twins: number of the group of tiles that are alike, (n,), or -1.
    :param of: what is alike, one of :data:`QUESTIONS`.
    """
    groups = [rows for rows in _rows_of_groups(twins) if len(np.unique(block[rows])) > 1]
    if not groups:
        return block
    names = [" and ".join(_name(tiles, row) for row in rows[:2]) for rows in groups[:NAMED]]
    copies = sum(len(rows) for rows in groups)
    found = (
        f"Beware: {counted(copies, 'tile has', 'tiles have')} exactly the same {of} as a tile in another block (such as "
        f"{'; '.join(names)}). {QUESTIONS[of]}"
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
