"""One shard of a prediction, wherever it is computed; and many of them on this machine."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

import numpy as np
import pandas as pd
import shapely

from mmrisk_core.bundle.trained_model import TrainedModel
from mmrisk_core.compute.devices import Device
from mmrisk_core.geo.frames import has_geometry
from mmrisk_core.geo.layer_io import read_tiles
from mmrisk_core.geo.layer_source import LayerSource
from mmrisk_core.inference.batching import in_batches_of
from mmrisk_core.inference.ensemble_on_device import EnsembleOnDevice, EnsembleOutput
from mmrisk_core.inference.model_cache import LoadedModel, load_network
from mmrisk_core.inference.precision import FROM_TILES, Precision
from mmrisk_core.inference.risk_columns import RiskColumns
from mmrisk_core.inference.throughput import Throughput
from mmrisk_core.inference.tile_slices import PendingSlice, open_slice, predict_slice
from mmrisk_core.prediction.plan import PredictionPlan
from mmrisk_core.prediction.shard_store import SEVERAL_PARTS, ShardStore
from mmrisk_core.progress import NO_PROGRESS, Progress
from mmrisk_core.samples.image_source_checks import image_sources

TRIAL_BATCHES = 4
"""Batches to look at before it is left open whether half the bits would do."""


def predict_shard(plan: PredictionPlan, number: int, progress: Progress = NO_PROGRESS) -> RiskColumns:
    """The figures of the tiles of shard ``number`` of ``plan``, from 0.

    It hangs on nothing but its arguments and the files that the plan names, and may run in any process on any machine that
    has them. The model is loaded once and kept.

    :param progress: told what there is to log.
    :raises MMRiskError: when tiles, fields or rasters are not what the model needs.
    """
    precision = plan.precision or "float32"
    loaded = load_network(plan.model, plan.model_digest, plan.device, precision, plan.batch_size)
    return finish_shard(loaded, open_shard(plan, loaded.model, shard_tiles(plan, number), progress))


def decide_precision(plan: PredictionPlan, model: TrainedModel, device: Device, progress: Progress) -> Precision:
    """How precisely all shards of ``plan`` are to be computed, by a look at the first tiles.

    :raises MMRiskError: as :func:`predict_shard`.
    """
    if plan.count < FROM_TILES or not model.manifest.images:
        return "float32"
    network = EnsembleOnDevice(model, device, precision=None, batch_size=plan.batch_size, progress=progress)
    opened = open_shard(plan, model, shard_tiles(plan, 0), progress).rows
    output = EnsembleOutput(len(opened.tabular), len(model.members), opened.fold)
    try:
        for batch in islice(in_batches_of(opened.batches, lambda: network.batch_size), TRIAL_BATCHES):
            network.predict_batch(batch, opened.tabular[batch.rows], output)
            if network.is_decided:
                break
    finally:
        opened.close()
    return network.precision


def predict_shards(
    plan: PredictionPlan,
    loaded: LoadedModel,
    numbers: Sequence[int],
    store: ShardStore,
    throughput: Throughput,
    progress: Progress = NO_PROGRESS,
) -> None:
    """Predict shards one after the other and keep them in ``store``.

    While the model is at one, the next is opened and the one before is written.

    :raises MMRiskError: as :func:`predict_shard`.
    :raises Cancelled: when the user cancelled; what is finished is kept.
    """
    with ThreadPoolExecutor(1) as opener, ThreadPoolExecutor(1) as writer:
        following = iter(numbers)

        def open_next() -> Future[PendingShard] | None:
            number = next(following, None)
            if number is None:
                return None
            return opener.submit(lambda: open_shard(plan, loaded.model, shard_tiles(plan, number), progress))

        coming = open_next()
        saved: Future[None] | None = None
        try:
            for number in numbers:
                assert coming is not None  # nosec B101  # for the type checker
                opened = coming.result()
                coming = open_next()
                figures = finish_shard(loaded, opened, throughput)
                if saved is not None:
                    saved.result()
                saved = writer.submit(store.save, number, figures)
            if saved is not None:
                saved.result()
        finally:
            if coming is not None and coming.exception() is None:
                coming.result().rows.close()


@dataclass(frozen=True)
class PendingShard:
    """The tiles of a shard, whose images are being read.

    :param several_parts: whether the polygon of a tile has several parts, (n,), int8.
    """

    rows: PendingSlice
    several_parts: np.ndarray


def open_shard(plan: PredictionPlan, model: TrainedModel, tiles: pd.DataFrame, progress: Progress) -> PendingShard:
    """Begin to read the attributes and images of ``tiles``, which are those of a shard.

    :raises MMRiskError: as :func:`predict_shard`.
    """
    sources = image_sources(model.manifest.images, tiles, plan.rasters, plan.image_column)
    opened = open_slice(model, tiles, sources, progress)
    several_parts = np.zeros(len(tiles), dtype=np.int8)
    if has_geometry(tiles):
        several_parts[:] = shapely.get_type_id(tiles.geometry.array) != shapely.GeometryType.POLYGON
    return PendingShard(opened, several_parts)


def finish_shard(loaded: LoadedModel, opened: PendingShard, throughput: Throughput | None = None) -> RiskColumns:
    """The figures of an open shard."""
    figures = predict_slice(loaded.model, loaded.network, opened.rows, throughput)
    return {**figures, SEVERAL_PARTS: opened.several_parts}


def shard_tiles(plan: PredictionPlan, number: int) -> pd.DataFrame:
    """The rows of the tiles file that belong to a shard."""
    rows = plan.rows(number)
    if plan.in_parts:
        return read_tiles(plan.tiles, rows.start, len(rows))
    return whole_layer(plan.tiles, plan.tiles_fingerprint).iloc[rows.start : rows.stop]


@lru_cache(maxsize=1)
def whole_layer(tiles: LayerSource, stamp: str) -> pd.DataFrame:
    """All rows of a file that cannot be read in parts, kept for the next shard; ``stamp`` tells another state of it."""
    return read_tiles(tiles)
