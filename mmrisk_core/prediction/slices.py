"""Some tiles, as many as fit into memory -> what the model says of them."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import pandas as pd
from torch import Tensor

from mmrisk_core.prediction.columns import Figures, risk_figures
from mmrisk_core.prediction.network import Answers, EnsembleOnDevice
from mmrisk_core.prediction.pace import Pace
from mmrisk_core.progress import SILENT, Progress
from mmrisk_core.risk_model import RiskModel
from mmrisk_core.samples import ImageBatch, ImageSource, iterate_images
from mmrisk_core.tile_attributes import read_attributes
from mmrisk_core.vectors import require_tiles

SLICE_TILES = 8192
"""Tiles of a slice, and so of a shard: some seconds to a minute of work, and half a megabyte of figures."""
TABLE_BATCH = 4096

Batches = Generator[ImageBatch, None, None]


@dataclass
class OpenSlice:
    """Tiles whose attributes are read and whose images are being read.

    :param tabular: the attributes, (n, F).
    :param first: the first batch of images; those after it are read ahead meanwhile.
    :param others: the batches that follow.
    """

    tabular: Tensor
    first: ImageBatch
    others: Batches

    def close(self) -> None:
        """Stop reading, and close the files."""
        self.others.close()


def open_slice(
    model: RiskModel, tiles: pd.DataFrame, sources: Sequence[ImageSource], progress: Progress = SILENT
) -> OpenSlice:
    """Read the attributes of ``tiles`` and begin to read their images.

    :raises MMRiskError: when tiles or fields are not what the model needs.
    """
    require_tiles(tiles)
    attributes = model.manifest.attributes
    categories = {attribute.name: attribute.categories for attribute in attributes}
    tabular = read_attributes(tiles, [attribute.name for attribute in attributes], categories, progress)
    batches = _batches(model, tiles, sources)
    return OpenSlice(tabular, next(batches), batches)


def answer_slice(
    model: RiskModel, network: EnsembleOnDevice, opened: OpenSlice, batch_size: int | None, pace: Pace | None = None
) -> Figures:
    """What the model says of the tiles of a slice, in their order; its files are closed afterwards.

    :param batch_size: the most tiles at once.
    :param pace: told of every batch.
    :raises Cancelled: when the user cancelled.
    """
    answers = Answers(len(opened.tabular), len(model.members))
    try:
        for batch in chain([opened.first], opened.others):
            for part in _split(batch, batch_size):
                network.answer(part, opened.tabular[part.rows], answers)
                if pace is not None:
                    pace.add(len(part.rows))
    finally:
        opened.close()
    return risk_figures(model.manifest, answers)


def _batches(model: RiskModel, tiles: pd.DataFrame, sources: Sequence[ImageSource]) -> Batches:
    if model.manifest.images:
        yield from iterate_images(tiles, model.manifest.images, sources, must_overlap=False)
        return
    for start in range(0, len(tiles), TABLE_BATCH):
        rows = np.arange(start, min(start + TABLE_BATCH, len(tiles)))
        yield ImageBatch(rows, [], [], np.ones(len(rows)))


def _split(batch: ImageBatch, size: int | None) -> list[ImageBatch]:
    """The batch in parts of at most ``size`` tiles."""
    n = len(batch.rows)
    if size is None or size >= n:
        return [batch]
    parts = [slice(i, min(i + size, n)) for i in range(0, n, size)]
    return [
        ImageBatch(
            batch.rows[part],
            [image[part] for image in batch.images],
            [present[part] for present in batch.present],
            batch.coverage[part],
        )
        for part in parts
    ]
