"""Layers as streams of Arrow record batches: read, and written whole or not at all, without ever being in memory whole."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pyogrio
import pyproj
import shapely

from mmrisk_core.errors import InputError, OutputError
from mmrisk_core.files import atomic_write
from mmrisk_core.geo.frames import repair_geometry
from mmrisk_core.geo.layer_io import DRIVERS, GEOPARQUET, READ_ERRORS, RECIPE_ITEM, WRITE_ERRORS, writing_options
from mmrisk_core.geo.layer_source import LayerSource
from mmrisk_core.geo.recipe import ATTRS_KEY, recipe_of

GEOMETRY = "geometry"
GEOPARQUET_VERSION = "1.1.0"
ROWS = 65536


@dataclass(frozen=True)
class Header:
    """What is true of all batches of a layer with geometry, which is its last column: ``geometry``, as WKB.

    :param crs: of the geometry.
    :param kind: ``Polygon`` or ``MultiPolygon``.
    """

    crs: pyproj.CRS
    kind: str


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


def streamed_frame(frame: pd.DataFrame, rows: int = ROWS) -> pa.RecordBatchReader:
    """The same of a layer that is in memory."""
    if not isinstance(frame, gpd.GeoDataFrame):
        return pa.Table.from_pandas(frame, preserve_index=False).to_reader(max_chunksize=rows)
    table = pa.Table.from_pandas(pd.DataFrame(frame.drop(columns=frame.geometry.name)), preserve_index=False)
    geometry = pa.chunked_array([wkb_of(np.asarray(frame.geometry.array))], type=pa.binary())
    return table.append_column(pa.field(GEOMETRY, pa.binary()), geometry).to_reader(max_chunksize=rows)


def wkb_of(geometry: Any) -> pa.Array:
    """Geometries as WKB, (n,)."""
    return pa.array(shapely.to_wkb(geometry).tolist(), type=pa.binary())


def as_multipolygons(wkb: pa.Array) -> pa.Array:
    """The same with each polygon as a multipolygon, as formats want that cannot mix the two."""
    geometry = shapely.from_wkb(np.asarray(wkb.to_pylist(), dtype=object))
    single = shapely.get_type_id(geometry) == shapely.GeometryType.POLYGON
    geometry[single] = shapely.multipolygons(geometry[single], indices=np.arange(single.sum()))
    return wkb_of(geometry)


def write_stream(
    batches: Iterable[pa.RecordBatch], schema: pa.Schema, path: str | Path, header: Header | None, attrs: dict[str, Any]
) -> None:
    """Write batches to ``path``, whole or not at all, one after the other; the format goes by the suffix.

    FlatGeobuf is written without a spatial index, which would change the order of the rows.

    :param header: of a layer with geometry; None of a table.
    :param attrs: those of a layer in memory, of which the recipe is kept where the format allows.
    :raises MMRiskError: when the format is unknown or the output cannot be written.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    names = pd.DataFrame(columns=schema.names)
    names.attrs = attrs
    options = writing_options(path, names)
    with atomic_write(path) as part:
        try:
            if suffix == GEOPARQUET:
                _write_parquet(batches, schema, part, header, names)
            elif suffix == ".csv" and header is None:
                with pa.csv.CSVWriter(part, schema) as writer:
                    for batch in batches:
                        writer.write_batch(batch)
            else:
                _write_by_gdal(batches, schema, part, header, layer=path.stem, **options)
        except (*WRITE_ERRORS, pa.ArrowException, OSError) as error:
            raise OutputError(
                f"The output {path.name} cannot be written: {error}. Check the names and types of the fields, and whether "
                "the disk is full."
            ) from error


def _write_by_gdal(
    batches: Iterable[pa.RecordBatch], schema: pa.Schema, part: Path, header: Header | None, **options: Any
) -> None:
    failed: list[BaseException] = []

    def guarded() -> Iterator[pa.RecordBatch]:
        # GDAL would only say that something went wrong, even where the user cancelled.
        try:
            yield from batches
        except BaseException as error:
            failed.append(error)
            raise

    driver = DRIVERS[part.suffix.lower()]
    if driver == "FlatGeobuf":
        options["layer_options"] = {"SPATIAL_INDEX": "NO"}
    geometry = {}
    if header is not None:
        geometry = {"geometry_name": GEOMETRY, "geometry_type": header.kind, "crs": _in_words(header.crs)}
    try:
        pyogrio.write_arrow(
            pa.RecordBatchReader.from_batches(schema, guarded()), part, driver=driver, **geometry, **options
        )
    except Exception:
        if failed:
            raise failed[0] from None
        raise
    if failed:
        raise failed[0]


def _in_words(crs: pyproj.CRS) -> str:
    code = crs.to_epsg()
    return f"EPSG:{code}" if code else str(crs.to_wkt())


def _write_parquet(
    batches: Iterable[pa.RecordBatch], schema: pa.Schema, part: Path, header: Header | None, names: pd.DataFrame
) -> None:
    """GeoParquet as https://geoparquet.org/releases/v1.1.0 has it; plain Parquet where there is no geometry."""
    about = {}
    if header is not None:
        column = {"encoding": "WKB", "geometry_types": [header.kind], "crs": header.crs.to_json_dict()}
        geo = {"version": GEOPARQUET_VERSION, "primary_column": GEOMETRY, "columns": {GEOMETRY: column}}
        about["geo"] = json.dumps(geo)
    if names.attrs.get(ATTRS_KEY):
        about[RECIPE_ITEM] = recipe_of(names).model_dump_json()
    with pa.parquet.ParquetWriter(part, schema.with_metadata(about), compression="zstd") as writer:
        for batch in batches:
            writer.write_batch(pa.record_batch(batch.columns, schema=schema.with_metadata(about)))
