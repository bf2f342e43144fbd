"""Layers written whole or not at all: of frames in memory, or of streams of Arrow record batches.

Large ones go to GDAL part by part, so that a cancel, or the end of QGIS, need not wait for the last row.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
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

from mmrisk_core.errors import OutputError
from mmrisk_core.files import atomic_write
from mmrisk_core.geo.frames import require_crs
from mmrisk_core.geo.layer_io import RECIPE_ITEM, require_plain
from mmrisk_core.geo.recipe import ATTRS_KEY, recipe_of
from mmrisk_core.progress import NO_PROGRESS, Progress
from mmrisk_core.wording import counted

GEOMETRY = "geometry"
GEOPARQUET_VERSION = "1.1.0"
ROWS = 65536
"""In a batch that is read; a layer with more is written part by part."""
ROWS_AT_ONCE = 8192
PLAIN = ("string", "integer", "floating", "boolean")
"""Kinds of columns of which GDAL makes the same fields part by part as of the whole."""
WRITE_ERRORS = (
    pyogrio.errors.DataSourceError,
    pyogrio.errors.DataLayerError,
    pyogrio.errors.FeatureError,
    pyogrio.errors.FieldError,
    pyogrio.errors.GeometryError,
)
# Older GDALs, such as that of QGIS 3.22, warn of later versions.
GEOPACKAGE_OPTIONS = {"VERSION": "1.2"}
DRIVERS = {".gpkg": "GPKG", ".fgb": "FlatGeobuf", ".geojson": "GeoJSON", ".shp": "ESRI Shapefile", ".csv": "CSV"}
GEOPARQUET = ".parquet"


@dataclass(frozen=True)
class Header:
    """What is true of all batches of a layer with geometry, which is its last column: ``geometry``, as WKB.

    :param crs: of the geometry.
    :param kind: ``Polygon`` or ``MultiPolygon``.
    """

    crs: pyproj.CRS
    kind: str


def write_layer(
    frame: gpd.GeoDataFrame | pd.DataFrame,
    path: str | Path,
    layer: str | None = None,
    progress: Progress = NO_PROGRESS,
) -> Path:
    """Write ``frame`` to ``path``, whole or not at all; the format goes by the suffix, GeoPackage by default.

    :param layer: its name in the file; without it, that of the file.
    :param progress: told how far it is, and asked whether to go on.
    :raises MMRiskError: when the format is unknown or the output cannot be written.
    :raises Cancelled: when the user cancelled.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    options = writing_options(path, frame)
    plain = frame.copy(deep=False)
    plain.attrs = {}
    with atomic_write(path) as part:
        if suffix == ".csv" and not isinstance(frame, gpd.GeoDataFrame):
            plain.to_csv(part, index=False)
            return path
        if suffix == GEOPARQUET:
            plain.to_parquet(part, index=False)
            return path
        try:
            if len(plain) > ROWS and (kind := _one_kind(plain)):
                _write_parts(plain, part, kind, progress, layer=layer or path.stem, **options)
            else:
                pyogrio.write_dataframe(plain, part, layer=layer or path.stem, driver=DRIVERS[suffix], **options)
        except (*WRITE_ERRORS, pa.ArrowException) as error:
            raise OutputError(
                f"The output {path.name} cannot be written: {error}. Check the names and types of the fields."
            ) from error
    return path


def _one_kind(frame: pd.DataFrame) -> str | None:
    """The kind of geometry that all rows have, or of a table ``None`` as a word; None where kinds or columns are mixed."""
    own = frame.drop(columns=frame.geometry.name) if isinstance(frame, gpd.GeoDataFrame) else frame
    if not all(pd.api.types.infer_dtype(own[name], skipna=True) in PLAIN for name in own.columns):
        return None
    if not isinstance(frame, gpd.GeoDataFrame):
        return "None"
    if frame.crs is None:
        return None
    geometry = np.asarray(frame.geometry.array)
    kinds = np.unique(shapely.get_type_id(geometry))
    if len(kinds) != 1 or kinds[0] < 0 or shapely.has_z(geometry).any():
        return None
    return str(frame.geometry.geom_type.iloc[0])


def _write_parts(frame: pd.DataFrame, part: Path, kind: str, progress: Progress, **options: Any) -> None:
    header = Header(require_crs(frame), kind) if isinstance(frame, gpd.GeoDataFrame) else None
    reader = streamed_frame(frame, ROWS_AT_ONCE)

    def batches() -> Iterator[pa.RecordBatch]:
        for number, batch in enumerate(reader):
            done = min(number * ROWS_AT_ONCE, len(frame))
            progress.update(done / len(frame), f"writing {done:,} of {counted(len(frame), 'row')}")
            yield batch

    _write_by_gdal(batches(), reader.schema, part, header, **options)


def writing_options(path: Path, frame: pd.DataFrame) -> dict[str, Any]:
    """What GDAL is to be told for an output at ``path``, going by the names of the columns of ``frame`` and its recipe.

    :raises MMRiskError: when the format is unknown, or cannot take these names.
    """
    require_known_format(path)
    suffix = path.suffix.lower()
    if suffix == ".gpkg":
        return _geopackage_options(frame)
    return {"layer_options": {"GEOMETRY": "AS_WKT"}} if suffix == ".csv" else {}


def require_known_format(path: str | Path) -> None:
    """Check that an output can be written in the format that its suffix names, and where it is.

    :raises MMRiskError: naming those that can.
    """
    suffix = Path(path).suffix.lower()
    if suffix not in (*DRIVERS, GEOPARQUET):
        known = ", ".join(sorted([*DRIVERS, GEOPARQUET]))
        raise OutputError(f"The output {Path(path).name} has an unknown format '{suffix}'. Use one of {known}.")
    require_plain(Path(path))


def _geopackage_options(frame: pd.DataFrame) -> dict[str, Any]:
    names = [str(name).lower() for name in frame.columns]
    twice = [str(name) for name in frame.columns if names.count(str(name).lower()) > 1]
    if twice:
        raise OutputError(
            f"The fields {' and '.join(twice)} differ in upper and lower case only, which a GeoPackage does not allow. "
            "Rename one of them."
        )
    options: dict[str, Any] = {"dataset_options": GEOPACKAGE_OPTIONS}
    # Exported layers often have a field fid that does not do as a key.
    own = {}
    if "fid" in names:
        own["FID"] = next(key for key in ("ogc_fid", "mmrisk_fid", "mmrisk_row") if key not in names)
    if "geom" in names:
        own["GEOMETRY_NAME"] = next(key for key in ("mmrisk_geom", "mmrisk_geometry") if key not in names)
    if own:
        options["layer_options"] = own
    if frame.attrs.get(ATTRS_KEY):
        options["layer_metadata"] = {RECIPE_ITEM: recipe_of(frame).model_dump_json()}
    return options


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
                if suffix == ".fgb":
                    options["layer_options"] = {"SPATIAL_INDEX": "NO"}
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
