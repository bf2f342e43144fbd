"""Vector and table files, read into GeoDataFrames."""

from __future__ import annotations

import json
import mmap
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pyproj
import shapely

from mmrisk_core.errors import InputError
from mmrisk_core.files import require_file
from mmrisk_core.geo.crs import Bounds
from mmrisk_core.geo.frames import KIND_KEY, repair_geometry, require_crs
from mmrisk_core.geo.layer_source import LayerSource
from mmrisk_core.geo.recipe import attach_recipe, parse_recipe

RECIPE_ITEM = "MMRISK_RECIPE"
REPAIRED_KEY = "mmrisk_repaired"
FOLDER_KEY = "mmrisk_folder"
READ_ERRORS = (
    pyogrio.errors.DataSourceError,
    pyogrio.errors.DataLayerError,
    pyogrio.errors.FeatureError,
    pyogrio.errors.GeometryError,
)
READ_IN_PARTS = ("GPKG", "FlatGeobuf", "ESRI Shapefile")
LINKED_CRS = re.compile(rb'"crs"\s*:\s*\{\s*"type"\s*:\s*"(link|url)"', re.IGNORECASE)
"""As GeoJSON had it until 2016."""


def read_layer(source: LayerSource) -> gpd.GeoDataFrame | pd.DataFrame:
    """Read a layer; a ``GeoDataFrame`` where it has geometry, else a ``DataFrame``.

    The layer's title is kept in ``attrs["title"]``, its recipe beside it.

    :raises MMRiskError: when the file is missing, is not a vector layer, or has no such layer.
    """
    layer, info = _describe_layer(source)
    return _read_part(source, layer, info)


def iterate_layer(
    source: LayerSource,
    size: int,
    bounds_in: Callable[[gpd.GeoDataFrame], Bounds] | None = None,
    *,
    fields: Sequence[str] | None = None,
    key: str | None = None,
) -> tuple[int, Iterator[gpd.GeoDataFrame | pd.DataFrame]]:
    """Read a layer part by part; at least one part comes, though it may be empty.

    :param size: the most features of a part.
    :param fields: those that are read, if the layer has them; None for all.
    :param key: a field that is no quantity: in files of text, where 007 might be taken for 7, it stays text.
    :param bounds_in: gives the box to read, in the CRS of the (empty) layer it is called with; None reads everything.
    :return: the number of features in the file, or 0 where it does not say, and the parts.
    :raises MMRiskError: as :func:`read_layer`.
    """
    layer, info = _describe_layer(source)
    wanted: dict[str, Any] = {}
    if fields is not None and set(fields) <= set(info["fields"]):
        wanted["columns"] = list(dict.fromkeys(fields))
    box: Bounds | None = None
    if bounds_in is not None:
        # pyogrio takes no feature at all for every feature.
        empty = _read_part(source, layer, info, max_features=1, **wanted).iloc[:0]
        if isinstance(empty, gpd.GeoDataFrame):
            require_crs(empty)
            box = bounds_in(empty)
            if _covers_most_of(box, info.get("total_bounds")):
                # GDAL goes to the next part far quicker without a box; who asked for it sorts the others out.
                box = None

    def parts() -> Iterator[gpd.GeoDataFrame | pd.DataFrame]:
        start = 0
        while True:
            part = _read_part(source, layer, info, key=key, skip_features=start, max_features=size, bbox=box, **wanted)
            if start == 0 or len(part):
                yield part
            if len(part) < size:
                return
            start += size

    return max(0, int(info["features"])), parts()


def _covers_most_of(box: Bounds, around: Bounds | None) -> bool:
    """Whether at least half of the bounds of a layer lie in ``box``."""
    if around is None or not np.isfinite(around).all():
        return False
    whole = shapely.box(*around)
    return bool(shapely.area(shapely.intersection(shapely.box(*box), whole)) > shapely.area(whole) / 2)


def _describe_layer(source: LayerSource, **options: Any) -> tuple[str, dict[str, Any]]:
    """The layer's name in its file, and what the file says of it."""
    path = Path(source.path)
    require_file(path, f"layer '{source.title}'")
    if not path.exists():
        raise InputError(
            f"The file {path} of layer '{source.title}' does not exist. Check the path, or load the layer again."
        )
    require_plain(path)
    try:
        layer = source.layer
        if layer is None:
            names = pyogrio.list_layers(path)[:, 0]
            if len(names) == 0:
                raise InputError(f"The file {path} holds no layer.")
            layer = str(names[0])
        info = pyogrio.read_info(path, layer=layer, **options)
    except (*READ_ERRORS, UnicodeDecodeError) as error:
        raise InputError(_why_not_read(source, error)) from error
    if source.crs is None and info["driver"] == "GeoJSON":
        _require_own_crs(source)
    return layer, info


def _require_own_crs(source: LayerSource) -> None:
    """Check that a GeoJSON does not leave it to a server what its CRS is: GDAL would ask, and take degrees if it cannot.

    :raises MMRiskError: when it does.
    """
    with Path(source.path).open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if LINKED_CRS.search(content):
            raise InputError(
                f"The layer '{source.title}' in {source.path} names a place on the network for its coordinate reference "
                "system, which is not asked. Set it in the layer's properties, or save the layer as a GeoPackage."
            )


def require_plain(path: Path) -> None:
    """Check that pyogrio takes a path for what it is: around these two it looks for archives, but in paths with a drive.

    :raises MMRiskError: where it does not.
    """
    if sys.platform != "win32" and set(str(path)) & set(";!"):
        raise InputError(
            f"The path {path} has a ';' or '!', with which layers cannot be read or written here. Rename the file or its "
            "folder."
        )


def _why_not_read(source: LayerSource, error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return (
            f"The text of the layer '{source.title}' in {source.path} is not in the encoding {error.encoding} that the file "
            "claims. Set the right one in QGIS ('Layer Properties > Source'), or correct the .cpg file beside it."
        )
    # What follows the first sentence are hints for programmers.
    reason = str(error).split(". ")[0].split("; It")[0].rstrip(".")
    return (
        f"The layer '{source.title}' cannot be read from {source.path}: {reason}. If QGIS shows it, save it as a GeoPackage "
        "('Export > Save Features As')."
    )


def _read_part(
    source: LayerSource, layer: str, info: dict[str, Any], *, key: str | None = None, **options: Any
) -> gpd.GeoDataFrame | pd.DataFrame:
    is_text = info.get("driver") == "CSV"
    # GDAL takes all fields of a CSV file for text unless told otherwise.
    types = {"AUTODETECT_TYPE": "YES"} if is_text else {}
    try:
        frame = pyogrio.read_dataframe(Path(source.path), layer=layer, **types, **options)
        if is_text and key in frame.columns:
            as_written = {**options, "columns": [key], "read_geometry": False}
            frame[key] = pyogrio.read_dataframe(Path(source.path), layer=layer, **as_written)[key]
    except (*READ_ERRORS, UnicodeDecodeError) as error:
        raise InputError(_why_not_read(source, error)) from error
    for name in frame.select_dtypes("object").columns:
        frame[name] = frame[name].map(_plain_value)
    if isinstance(frame, gpd.GeoDataFrame):
        crs = frame.crs if source.crs is None else _parse_crs(source.crs, source.title)
        # GDAL's name for a GeoPackage layer of which nobody said where on earth it is.
        known = crs is not None and "undefined" not in pyproj.CRS(crs).name.lower()
        clean, repaired = repair_geometry(frame.geometry.array)
        geometry = gpd.GeoSeries(clean, index=frame.index, crs=crs if known else None)
        frame = gpd.GeoDataFrame(frame.drop(columns=frame.geometry.name), geometry=geometry)
        frame.attrs[REPAIRED_KEY] = repaired
    frame.attrs["title"] = source.title
    frame.attrs[FOLDER_KEY] = source.folder or str(Path(source.path).parent.resolve())
    frame.attrs[KIND_KEY] = info.get("geometry_type")
    recipe = source.recipe or (info.get("layer_metadata") or {}).get(RECIPE_ITEM)
    if recipe:
        attach_recipe(frame, parse_recipe(recipe))
    return frame


def _plain_value(value: Any) -> Any:
    """A list or what else a GeoJSON holds in a field, as its text."""
    if isinstance(value, np.ndarray):
        value = value.tolist()
    return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, (list, dict)) else value


def read_geo_layer(source: LayerSource) -> gpd.GeoDataFrame:
    """Read a layer that must have geometry and a CRS.

    :raises MMRiskError: naming the layer and what it lacks.
    """
    frame = read_layer(source)
    if not isinstance(frame, gpd.GeoDataFrame):
        raise InputError(f"The layer '{source.title}' is a table without geometry. Choose a layer with geometry.")
    require_crs(frame)
    return frame


@dataclass(frozen=True)
class TilesFile:
    """What there is to know of a file with tiles before reading it.

    :param layer: its name in the file.
    :param count: number of rows.
    :param bounds: around all of them, in their CRS; None where there is no geometry, or the file does not say.
    :param in_parts: whether it can be read from the middle on, and streamed; other files are read whole.
    """

    layer: str
    count: int
    bounds: Bounds | None
    in_parts: bool


def describe_tiles(source: LayerSource) -> TilesFile:
    """Look at a file with tiles.

    :raises MMRiskError: when the file is missing, is not a vector layer, or has no such layer.
    """
    layer, info = _describe_layer(source, force_feature_count=True, force_total_bounds=True)
    bounds = info["total_bounds"]
    return TilesFile(
        layer=layer,
        count=int(info["features"]),
        bounds=tuple(bounds) if bounds is not None and np.isfinite(bounds).all() else None,
        in_parts=info["driver"] in READ_IN_PARTS and info["encoding"] == "UTF-8",
    )


def read_tiles(
    source: LayerSource, start: int = 0, size: int | None = None, only: str | None = None
) -> gpd.GeoDataFrame | pd.DataFrame:
    """Read tiles, or a table whose rows stand for tiles; a layer with geometry must have a CRS.

    Numbers in text files are numbers.

    :param start, size: the first row to read, and how many at most; None for all that follow.
    :param only: the one field to read, without geometry.
    :raises MMRiskError: naming the layer and what it lacks.
    """
    layer, info = _describe_layer(source)
    options: dict[str, Any] = {} if only is None else {"columns": [only], "read_geometry": False}
    frame = _read_part(source, layer, info, skip_features=start, max_features=size, **options)
    if isinstance(frame, gpd.GeoDataFrame):
        require_crs(frame)
    return frame


def _parse_crs(text: str, title: str) -> pyproj.CRS | None:
    try:
        return pyproj.CRS.from_user_input(text) if text else None
    except pyproj.exceptions.CRSError as error:
        raise InputError(f"The coordinate reference system of '{title}' is not known: {text[:80]}") from error
