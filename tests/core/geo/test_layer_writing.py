"""Layers written part by part: the same as in one go, and given up in the middle by a cancel."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal
from pandas.testing import assert_frame_equal

from mmrisk_core import Cancelled, Progress
from mmrisk_core.geo import layer_writing
from mmrisk_core.geo.layer_io import read_layer
from mmrisk_core.geo.layer_source import LayerSource
from mmrisk_core.geo.layer_writing import write_layer
from mmrisk_core.geo.recipe import recipe_of
from tests.core.factories import make_tiles

RNG = np.random.default_rng(2)
COUNT = 240


def columns() -> dict[str, object]:
    """A column of every kind that tiles may have, with gaps and without."""
    numbers = RNG.normal(0, 1e6, COUNT)
    some = RNG.random(COUNT) < 0.3
    words = np.array(["Straße", "", "x" * 300, 'a "quoted", text'])[np.arange(COUNT) % 4]
    return {
        "real": numbers,
        "real_gaps": np.where(some, np.nan, numbers),
        "single": numbers.astype(np.float32),
        "whole": np.arange(COUNT, dtype=np.int64) * 2**40,
        "short": np.arange(COUNT, dtype=np.int32),
        "byte": (np.arange(COUNT) % 250).astype(np.uint8),
        "whole_gaps": pd.array(np.where(some, None, np.arange(COUNT)), dtype="Int64"),
        "yes": some,
        "yes_gaps": pd.array(np.where(some, None, True), dtype="boolean"),
        "text": words,
        "text_gaps": pd.Series(np.where(some, None, words), dtype=object),
        "time": pd.date_range("2024-02-28", periods=COUNT, freq="h").astype("datetime64[ms]"),
        "nothing": pd.Series([None] * COUNT, dtype=object),
        "mixed": pd.Series([1, "a"] * (COUNT // 2), dtype=object),
    }


def layer(names) -> gpd.GeoDataFrame:
    tiles = make_tiles(rows=12, cols=20)
    made = columns()
    return tiles.assign(**{name: made[name] for name in names})


def multipolygons(frame):
    return frame.set_geometry([shapely.multipolygons([shape]) for shape in frame.geometry], crs=frame.crs)


def of_both_kinds(frame):
    return frame.set_geometry([*multipolygons(frame).geometry[:3], *frame.geometry[3:]], crs=frame.crs)


SHAPES = {
    "polygons": lambda frame: frame,
    "multipolygons": multipolygons,
    "both": of_both_kinds,
    "points": lambda frame: frame.set_geometry(frame.centroid),
    "without a CRS": lambda frame: frame.set_crs(None, allow_override=True),
    "a table": lambda frame: pd.DataFrame(frame.drop(columns="geometry")),
}


def both_ways(frame, folder, suffix, monkeypatch):
    """What is read of a layer written in one go, and of one written part by part."""
    written = []
    for name, rows in (("whole", 10**9), ("parts", 10)):
        monkeypatch.setattr(layer_writing, "ROWS", rows)
        monkeypatch.setattr(layer_writing, "ROWS_AT_ONCE", 50)
        path = write_layer(frame, folder / f"{name}{suffix}", "layer")
        info = pyogrio.read_info(path) if suffix != ".csv" else {}
        told = {
            key: str(info.get(key)) for key in ("fields", "dtypes", "ogr_types", "geometry_type", "crs", "features")
        }
        written.append((read_layer(LayerSource(path=str(path))), told))
    return written


@pytest.mark.parametrize("suffix", [".gpkg", ".fgb", ".geojson", ".shp", ".csv", ".parquet"])
@pytest.mark.parametrize("name", columns())
def test_every_kind_of_column_is_the_same(tmp_path, monkeypatch, suffix, name):
    frame = layer([name])
    if suffix in (".csv", ".parquet"):
        frame = SHAPES["a table"](frame)
    if suffix == ".parquet" and name == "mixed":
        pytest.skip("no Parquet of mixed values, in one go or in parts")
    if suffix == ".parquet":
        monkeypatch.setattr(layer_writing, "ROWS", 10)
        write_layer(frame, tmp_path / "a.parquet")
        assert len(pd.read_parquet(tmp_path / "a.parquet")) == COUNT
        return
    (whole, told), (parts, told_of_parts) = both_ways(frame, tmp_path, suffix, monkeypatch)
    assert told_of_parts == told
    same = assert_geodataframe_equal if isinstance(whole, gpd.GeoDataFrame) else assert_frame_equal
    same(parts, whole)


@pytest.mark.parametrize("suffix", [".gpkg", ".fgb", ".geojson"])
@pytest.mark.parametrize("shape", SHAPES)
def test_every_kind_of_geometry_is_the_same(tmp_path, monkeypatch, suffix, shape):
    frame = SHAPES[shape](layer(["real", "text"]))
    if suffix == ".fgb" and shape in ("both", "without a CRS", "a table"):
        pytest.skip("not in a FlatGeobuf, in one go or in parts")
    (whole, told), (parts, told_of_parts) = both_ways(frame, tmp_path, suffix, monkeypatch)
    assert told_of_parts == told
    same = assert_geodataframe_equal if isinstance(whole, gpd.GeoDataFrame) else assert_frame_equal
    same(parts, whole)
    assert recipe_of(parts) == recipe_of(whole)


@pytest.mark.parametrize("suffix", [".gpkg", ".fgb", ".geojson", ".shp"])
def test_a_cancel_ends_it_in_the_middle_and_leaves_the_earlier_file(tmp_path, monkeypatch, suffix):
    frame = layer(["real", "text"])
    path = write_layer(frame.iloc[:3], tmp_path / f"layer{suffix}")
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    monkeypatch.setattr(layer_writing, "ROWS", 10)
    monkeypatch.setattr(layer_writing, "ROWS_AT_ONCE", 50)
    told = []
    progress = Progress(report=lambda fraction, message: told.append(message), is_cancelled=lambda: len(told) > 2)
    with pytest.raises(Cancelled):
        write_layer(frame, path, progress=progress)
    assert told == ["writing 0 of 240 rows", "writing 50 of 240 rows", "writing 100 of 240 rows"]
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before
