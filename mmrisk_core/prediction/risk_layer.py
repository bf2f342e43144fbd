"""Finished shards and the tiles they belong to -> the file of the risk layer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pyarrow as pa

from mmrisk_core.arrays import IntArray
from mmrisk_core.errors import InputError
from mmrisk_core.geo.frames import has_geometry
from mmrisk_core.geo.layer_io import describe_tiles
from mmrisk_core.geo.layer_streams import streamed_layer
from mmrisk_core.geo.layer_writing import GEOMETRY, Header, as_multipolygons, streamed_frame, write_stream
from mmrisk_core.geo.recipe import Recipe, recipe_of
from mmrisk_core.inference.risk_columns import (
    RISK_COLUMNS,
    WHOLE_NUMBERS,
    RiskColumns,
    log_missing_risk,
    order_of_fields,
    own_names,
    rank_of,
)
from mmrisk_core.prediction.plan import PredictionPlan
from mmrisk_core.prediction.shard_store import SEVERAL_PARTS, ShardStore
from mmrisk_core.prediction.shards import shard_tiles, whole_layer
from mmrisk_core.progress import Progress
from mmrisk_core.wording import counted


def write_risk(plan: PredictionPlan, store: ShardStore, output: str | Path, progress: Progress) -> Recipe:
    """Read the tiles again, some thousands at a time, and write them with their figures, in the order of their file.

    :return: the recipe of the tiles, which is kept in the layer.
    :raises MMRiskError: when the output cannot be written.
    """
    ranks, several_parts = _over_all(plan, store, progress)
    first = shard_tiles(plan, 0).iloc[:1]
    header = None
    if has_geometry(first):
        header = Header(first.crs, "MultiPolygon" if several_parts else "Polygon")
    with _own_fields(plan) as own:
        names = own_names([name for name in own.schema.names if name != GEOMETRY], progress)
        schema = _schema(own.schema, names)
        batches = _with_figures(own, schema, names, plan, store, ranks, several_parts, progress)
        write_stream(batches, schema, output, header, first.attrs)
    return recipe_of(first)


def _over_all(plan: PredictionPlan, store: ShardStore, progress: Progress) -> tuple[IntArray, bool]:
    """The ranks of all tiles, and whether any polygon has several parts."""
    risk = np.empty(plan.count)
    several_parts = False
    for number in range(plan.shards):
        progress.update(0.0, "ranking tiles")
        figures, rows = store.load(number), plan.rows(number)
        risk[rows.start : rows.stop] = figures["risk"]
        several_parts |= bool(figures[SEVERAL_PARTS].any())
    log_missing_risk(risk, progress)
    return rank_of(risk), several_parts


@contextmanager
def _own_fields(plan: PredictionPlan) -> Iterator[pa.RecordBatchReader]:
    """The tiles as they are in their file."""
    if plan.in_parts:
        with streamed_layer(plan.tiles, describe_tiles(plan.tiles).layer) as reader:
            yield reader
    else:
        yield streamed_frame(whole_layer(plan.tiles, plan.tiles_fingerprint))


def _schema(own: pa.Schema, names: Mapping[str, str]) -> pa.Schema:
    """The fields of the risk layer, in which those of the tiles have other ``names`` by their own."""
    geometry = [GEOMETRY] if GEOMETRY in own.names else []
    kept = {new: own.field(name).with_name(new) for name, new in names.items()}
    kept |= {name: own.field(name) for name in geometry}
    figure = {name: pa.field(name, pa.int64() if name in WHOLE_NUMBERS else pa.float64()) for name in RISK_COLUMNS}
    return pa.schema([{**kept, **figure}[name] for name in order_of_fields(list(names.values()), geometry)])


def _with_figures(
    own: pa.RecordBatchReader,
    schema: pa.Schema,
    names: Mapping[str, str],
    plan: PredictionPlan,
    store: ShardStore,
    ranks: IntArray,
    several_parts: bool,
    progress: Progress,
) -> Iterator[pa.RecordBatch]:
    start = 0
    name_in_file = {new: name for name, new in names.items()}
    for batch in own:
        progress.update(start / plan.count, f"writing {start:,} of {counted(plan.count, 'tile')}")
        stop = start + batch.num_rows
        if stop > plan.count:
            break
        columns = {**_figures(plan, store, start, stop), "rank": ranks[start:stop]}
        parts = []
        for name in schema.names:
            values = pa.array(columns[name]) if name in columns else batch.column(name_in_file.get(name, name))
            parts.append(as_multipolygons(values) if name == GEOMETRY and several_parts else values)
        yield pa.record_batch(parts, schema=schema)
        start = stop
    progress.update(1.0, f"writing {start:,} of {counted(plan.count, 'tile')}")
    if start != plan.count:
        raise InputError(f"The tiles '{plan.tiles.title}' changed while they were read. Run the prediction again.")


def _figures(plan: PredictionPlan, store: ShardStore, start: int, stop: int) -> RiskColumns:
    """The figures of the rows from ``start`` to before ``stop``, whichever shards they are in."""
    numbers = range(start // plan.shard_tiles, -(-stop // plan.shard_tiles))
    shards = [store.load(number) for number in numbers]
    begin = start - numbers.start * plan.shard_tiles
    return {name: np.concatenate([s[name] for s in shards])[begin : begin + stop - start] for name in shards[0]}
