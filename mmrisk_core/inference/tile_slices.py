"""Some tiles, as many as fit into memory -> what the model says of them."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import chain

import numpy as np
import pandas as pd
from torch import Tensor

from mmrisk_core.arrays import IntArray
from mmrisk_core.bundle.manifest import Manifest
from mmrisk_core.bundle.trained_model import TrainedModel
from mmrisk_core.bundle.trained_tiles import NOT_LEARNT_FROM
from mmrisk_core.geo.frames import require_tiles
from mmrisk_core.inference.batching import in_batches_of, one_ahead
from mmrisk_core.inference.ensemble_on_device import TABLE_BATCH, EnsembleOnDevice, EnsembleOutput
from mmrisk_core.inference.risk_columns import RiskColumns, risk_columns
from mmrisk_core.inference.throughput import Throughput
from mmrisk_core.progress import NO_PROGRESS, Progress
from mmrisk_core.samples.attribute_columns import read_attributes
from mmrisk_core.samples.image_batches import ImageBatch, iterate_images
from mmrisk_core.samples.image_inputs import ImageSource

SLICE_TILES = 8192
"""Tiles of a slice, and so of a shard: some seconds to a minute of work, and half a megabyte of figures."""

Batches = Generator[ImageBatch, None, None]


@dataclass
class PendingSlice:
    """Tiles whose attributes are read and whose images are being read.

    :param tabular: the attributes, (n, F).
    :param fold: in which each tile was learnt from, (n,), or -1.
    :param first: the first batch of images; those after it are read ahead meanwhile.
    :param others: the batches that follow.
    """

    tabular: Tensor
    fold: IntArray
    first: ImageBatch
    others: Batches

    @property
    def batches(self) -> Iterator[ImageBatch]:
        """The images of all its tiles; once only."""
        return chain([self.first], self.others)

    def close(self) -> None:
        """Stop reading, and close the files."""
        self.others.close()


def open_slice(
    model: TrainedModel, tiles: pd.DataFrame, sources: Sequence[ImageSource], progress: Progress = NO_PROGRESS
) -> PendingSlice:
    """Read the attributes of ``tiles`` and begin to read their images.

    :raises MMRiskError: when tiles or fields are not what the model needs.
    """
    require_tiles(tiles)
    tabular = attributes_of(model.manifest, tiles, progress)
    batches = _batches(model, tiles, sources)
    trained = model.trained_tiles
    fold = np.full(len(tiles), NOT_LEARNT_FROM) if trained is None else trained.fold_of(tiles, tabular, sources)
    return PendingSlice(tabular, fold, next(batches), batches)


def attributes_of(manifest: Manifest, tiles: pd.DataFrame, progress: Progress = NO_PROGRESS) -> Tensor:
    """What a model reads in the fields of ``tiles``, (n, F).

    :raises MMRiskError: when a field is not what the model needs.
    """
    categories = {attribute.name: attribute.categories for attribute in manifest.attributes}
    return read_attributes(tiles, [attribute.name for attribute in manifest.attributes], categories, progress)


def predict_slice(
    model: TrainedModel, network: EnsembleOnDevice, opened: PendingSlice, throughput: Throughput | None = None
) -> RiskColumns:
    """What the model says of the tiles of a slice, in their order; its files are closed afterwards.

    :param throughput: told of every batch.
    :raises Cancelled: when the user cancelled.
    """
    output = EnsembleOutput(len(opened.tabular), len(model.members), opened.fold)
    batches = in_batches_of(opened.batches, lambda: network.batch_size, pinned=network.is_on_cuda)
    try:
        # On a CPU, reading and the model have its cores already.
        with closing(one_ahead(batches) if network.is_on_cuda else batches) as ready:
            for batch in ready:
                network.predict_batch(batch, opened.tabular[batch.rows], output)
                if throughput is not None:
                    throughput.add(len(batch.rows))
    finally:
        opened.close()
    return risk_columns(model.manifest, output)


def _batches(model: TrainedModel, tiles: pd.DataFrame, sources: Sequence[ImageSource]) -> Batches:
    if model.manifest.images:
        yield from iterate_images(tiles, model.manifest.images, sources, must_overlap=False)
        return
    for start in range(0, len(tiles), TABLE_BATCH):
        rows = np.arange(start, min(start + TABLE_BATCH, len(tiles)))
        yield ImageBatch(rows, [], [], np.ones(len(rows)))
