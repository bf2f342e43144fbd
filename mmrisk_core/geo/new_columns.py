"""New columns beside the fields that tiles have already, none of which may be lost."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pandas as pd

from mmrisk_core.progress import NO_PROGRESS, Progress


def names_beside(own: Sequence[str], new: Collection[str], progress: Progress = NO_PROGRESS) -> dict[str, str]:
    """What the fields ``own`` of tiles are called beside columns that are called ``new``, by their names.

    Those that are called like one of them, be it in capitals, get ``tiles_`` before their name, which the log says.
    """
    taken = {name.lower() for name in new}
    names = {}
    for name in own:
        beside = name
        while beside.lower() in taken or (beside != name and beside in own):
            beside = f"tiles_{beside}"
        names[name] = beside
    renamed = [f"'{name}' as '{beside}'" for name, beside in names.items() if name != beside]
    if renamed:
        progress.log(f"The tiles have fields that are called as new ones are: kept are {', '.join(renamed)}.")
    return names


def make_room(
    tiles: pd.DataFrame, new: Collection[str], made: Collection[str] = (), progress: Progress = NO_PROGRESS
) -> pd.DataFrame:
    """``tiles`` without fields that are called like ``new`` ones: of the user's by another name, see :func:`names_beside`.

    :param made: fields that were made before by the same step, to be replaced.
    """
    kept = tiles.drop(columns=[name for name in tiles.columns if name in new and name in made])
    own = [str(name) for name in kept.columns if name != getattr(tiles, "active_geometry_name", None)]
    result = kept.rename(columns=names_beside(own, new, progress))
    result.attrs = dict(tiles.attrs)
    return result
