"""One shard of a prediction, wherever it is computed; and many of them on this machine."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache

import numpy as np
import pandas as pd
import shapely

from mmrisk_core.image_sources import image_sources
from mmrisk_core.prediction.columns import Figures
from mmrisk_core.prediction.loading import LoadedModel, load_network
from mmrisk_core.prediction.pace import Pace
from mmrisk_core.prediction.plan import PredictionPlan
from mmrisk_core.prediction.shard_store import ShardStore
from mmrisk_core.prediction.slices import OpenSlice, answer_slice, open_slice
from mmrisk_core.progress import SILENT, Progress
from mmrisk_core.vectors import LayerSource, has_geometry, read_tiles

SEVERAL_PARTS = "several_parts"
"""Beside the figures of a shard: whether the polygon of a tile has several parts, (n,), int8."""


def predict_shard(plan: PredictionPlan, number: int, progress: Progress = SILENT) -> Figures:
    """The figures of the tiles of shard ``number``, from 0.

    It hangs on nothing but its arguments and the files that the plan names, and may run in any process on any machine that
    has them. The model is loaded once and kept.

    :raises MMRiskError: when tiles, fields or rasters are not what the model needs.
    """
    loaded = load_network(plan.model, plan.model_digest, plan.device)
    opened, several_parts = _open_shard(plan, loaded, number, progress)
    return _finish(plan, loaded, opened, several_parts)


def predict_shards(
    plan: PredictionPlan, numbers: Sequence[int], store: ShardStore, pace: Pace, progress: Progress = SILENT
) -> None:
    """Predict shards one after the other and keep them in ``store``.

    While the model is at one, the next is opened and the one before is written.

    :raises MMRiskError: as :func:`predict_shard`.
    :raises Cancelled: when the user cancelled; what is finished is kept.
    """
    loaded = load_network(plan.model, plan.model_digest, plan.device)
    with ThreadPoolExecutor(1) as opener, ThreadPoolExecutor(1) as writer:
        following = iter(numbers)

        def open_next() -> Future[tuple[OpenSlice, np.ndarray]] | None:
            number = next(following, None)
            return None if number is None else opener.submit(_open_shard, plan, loaded, number, progress)

        coming = open_next()
        saved: Future[None] | None = None
        try:
            for number in numbers:
                assert coming is not None
                opened, several_parts = coming.result()
                coming = open_next()
                figures = _finish(plan, loaded, opened, several_parts, pace)
                if saved is not None:
                    saved.result()
                saved = writer.submit(store.save, number, figures)
            if saved is not None:
                saved.result()
        finally:
            if coming is not None and coming.exception() is None:
                coming.result()[0].close()


def _open_shard(
    plan: PredictionPlan, loaded: LoadedModel, number: int, progress: Progress
) -> tuple[OpenSlice, np.ndarray]:
    tiles = shard_tiles(plan, number)
    sources = image_sources(loaded.model.manifest.images, tiles, plan.rasters, plan.image_column)
    opened = open_slice(loaded.model, tiles, sources, progress)
    several_parts = np.zeros(len(tiles), dtype=np.int8)
    if has_geometry(tiles):
        several_parts[:] = shapely.get_type_id(tiles.geometry.array) != shapely.GeometryType.POLYGON
    return opened, several_parts


def _finish(
    plan: PredictionPlan, loaded: LoadedModel, opened: OpenSlice, several_parts: np.ndarray, pace: Pace | None = None
) -> Figures:
    figures = answer_slice(loaded.model, loaded.network, opened, plan.batch_size, pace)
    return {**figures, SEVERAL_PARTS: several_parts}


def shard_tiles(plan: PredictionPlan, number: int) -> pd.DataFrame:
    """The rows of the tiles file that belong to a shard."""
    rows = plan.rows(number)
    if plan.in_parts:
        return read_tiles(plan.tiles, rows.start, len(rows))
    return whole_layer(plan.tiles, plan.tiles_stamp).iloc[rows.start : rows.stop]


@lru_cache(maxsize=1)
def whole_layer(tiles: LayerSource, stamp: str) -> pd.DataFrame:
    """All rows of a file that cannot be read in parts, kept for the next shard; ``stamp`` tells another state of it."""
    return read_tiles(tiles)
