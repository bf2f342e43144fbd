"""Layers read as streams of Arrow record batches, without ever being in memory whole."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pyogrio
import shapely

from mmrisk_core.errors import InputError
from mmrisk_core.geo.frames import repair_geometry
from mmrisk_core.geo.layer_io import READ_ERRORS
from mmrisk_core.geo.layer_source import LayerSource
from mmrisk_core.geo.layer_writing import GEOMETRY, ROWS, wkb_of


@contextmanager
def streamed_layer(source: LayerSource, layer: str, rows: int = ROWS) -> Iterator[pa.RecordBatchReader]:
    """The rows of a layer in their order, in batches of about ``rows``; the last column is ``geometry``, if there is any.

    :raises MMRiskError: when the file cannot be read.
    """
    try:
        with pyogrio.open_arrow(source.path, layer=layer, batch_size=rows, use_pyarrow=True) as (info, reader):
            name = info["geometry_name"] or "wkb_geometry"
            yield _with_geometry_last(reader, name) if info["geometry_type"] is not None else reader
    except READ_ERRORS as error:
        raise InputError(f"The layer '{source.title}' cannot be read from {source.path} any more ({error}).") from error


def _with_geometry_last(reader: pa.RecordBatchReader, name: str) -> pa.RecordBatchReader:
    fields = [field for field in reader.schema if field.name != name]
    # Plain bytes: what else the driver says of them would overrule the CRS that the user gave.
    schema = pa.schema([*fields, pa.field(GEOMETRY, pa.binary())])

    def batches() -> Iterator[pa.RecordBatch]:
        for batch in reader:
            wkb = np.asarray(batch.column(name).cast(pa.binary()).to_pylist(), dtype=object)
            columns = [batch.column(field.name) for field in fields]
            yield pa.record_batch([*columns, wkb_of(repair_geometry(shapely.from_wkb(wkb))[0])], schema=schema)

    return pa.RecordBatchReader.from_batches(schema, batches())
