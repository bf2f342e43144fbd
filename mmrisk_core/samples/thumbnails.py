"""Small pictures of a few tiles, for a report."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from mmrisk_core.evaluation.evidence import Examples, Thumbnail
from mmrisk_core.imagery import PictureColumn, read_chips
from mmrisk_core.samples.image_inputs import ImageInput, ImageSource, open_reader

THUMBNAIL_PIXELS = 144


def read_thumbnails(
    tiles: pd.DataFrame,
    examples: Examples,
    inputs: Sequence[ImageInput],
    sources: Sequence[ImageSource],
) -> dict[int, Thumbnail]:
    """What the first image input of a model shows of the examples among ``tiles``; those without imagery are left out."""
    if not inputs:
        return {}
    rows = np.unique(np.concatenate([examples.riskiest, examples.safest, examples.misses, examples.false_alarms]))
    first, source, some = inputs[0], sources[inputs[0].source], tiles.iloc[rows]
    if isinstance(source, PictureColumn):
        with open_reader(some, first.model_copy(update={"pixels": THUMBNAIL_PIXELS}), source) as reader:
            chips = reader.read(np.arange(len(rows)))
    else:
        chips = read_chips(some, source, pixels=THUMBNAIL_PIXELS, context=first.context, must_overlap=False)
    pixels = first.to_bytes(chips).numpy()
    bands = [0, 1, 2] if pixels.shape[1] >= 3 else [0, 0, 0]
    return {
        int(row): np.moveaxis(picture[bands], 0, -1)
        for row, picture, share in zip(rows, pixels, chips.coverage, strict=True)
        if share > 0
    }
