"""Reading and writing layers."""

from __future__ import annotations

import sys
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely
from pydantic import ValidationError

from mmrisk_core import MMRiskError
from mmrisk_core.files import atomic_write
from mmrisk_core.geo.frames import require_crs, to_crs
from mmrisk_core.geo.layer_io import read_geo_layer, read_layer
from mmrisk_core.geo.layer_source import LayerSource
from mmrisk_core.geo.layer_writing import write_layer
from mmrisk_core.geo.recipe import parse_recipe, recipe_of
from tests.core.factories import make_layer, make_tiles

POINTS = make_layer([shapely.Point(1, 2), shapely.Point(3, 4)], title="stops", seats=[1, 2])


@pytest.mark.parametrize(
    ("text", "path", "layer", "title"),
    [
        ("data/roads.gpkg", "data/roads.gpkg", None, "roads"),
        ("data/city.gpkg|layername=main roads", "data/city.gpkg", "main roads", "main roads"),
        (Path("a/b.shp"), str(Path("a/b.shp")), None, "b"),
        ({"path": "x.gpkg", "name": "Crashes 2020"}, "x.gpkg", None, "Crashes 2020"),
    ],
)
def test_a_layer_source_reads_the_text_form_of_qgis(text, path, layer, title):
    source = LayerSource.model_validate(text)
    assert (source.path, source.layer, source.title) == (path, layer, title)


@pytest.mark.parametrize("text", ["a.gpkg|layername=x|subset=a > 3", "a.gpkg|geometrytype=Point"])
def test_a_part_of_the_text_form_that_would_be_ignored_is_refused(text):
    with pytest.raises(ValidationError, match=r"subset|geometrytype"):
        LayerSource.model_validate(text)


def test_the_layer_asked_for_is_read_and_the_first_without_one(tmp_path):
    path = tmp_path / "city.gpkg"
    for name in ("stops", "parks"):
        pyogrio.write_dataframe(POINTS.assign(name=name), path, layer=name, append=path.exists())
    assert read_layer(LayerSource(path=str(path), layer="parks"))["name"].tolist() == ["parks", "parks"]
    first = read_layer(LayerSource(path=str(path)))
    assert first["name"].tolist() == ["stops", "stops"]
    assert first.attrs["title"] == "city"
    with pytest.raises(MMRiskError, match=r"'roads'.*city.gpkg"):
        read_layer(LayerSource(path=str(path), layer="roads"))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(MMRiskError, match=r"nowhere.gpkg of layer 'Stops' does not exist"):
        read_layer(LayerSource(path=str(tmp_path / "nowhere.gpkg"), name="Stops"))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("notes.gpkg", b"not a database"),
        ("notes.txt", b"hello"),
        ("notes.shp", b"\0" * 50),
        ("notes.geojson", b'{"type": "FeatureCollection", "features": [{'),
        ("empty.gpkg", b""),
    ],
)
def test_what_is_no_vector_file_is_named(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(MMRiskError, match=Path(name).stem):
        read_layer(LayerSource(path=str(tmp_path / name)))


def test_a_truncated_geopackage_is_named(tmp_path):
    path = write_layer(make_tiles(rows=30, cols=30), tmp_path / "tiles.gpkg")
    path.write_bytes(path.read_bytes()[:20_000])
    with pytest.raises(MMRiskError, match="tiles"):
        read_layer(LayerSource(path=str(path)))


def test_a_layer_without_crs_is_named_and_one_given_helps(tmp_path):
    path = write_layer(make_layer([shapely.Point(1, 2)], crs=None), tmp_path / "lost.fgb")
    with pytest.raises(MMRiskError, match="'lost' has no coordinate reference system"):
        read_geo_layer(LayerSource(path=str(path)))
    assert read_geo_layer(LayerSource(path=str(path), crs="EPSG:2249")).crs.to_epsg() == 2249
    with pytest.raises(MMRiskError, match="'lost' is not known: nonsense"):
        read_geo_layer(LayerSource(path=str(path), crs="nonsense"))


def test_the_crs_that_qgis_knows_overrules_the_file(tmp_path):
    path = write_layer(POINTS, tmp_path / "stops.gpkg")
    read = read_geo_layer(LayerSource(path=str(path), crs="EPSG:2249"))
    assert read.crs.to_epsg() == 2249
    assert read.geometry.iloc[0] == shapely.Point(1, 2)


def test_a_table_is_read_but_is_no_layer_of_geometry(tmp_path):
    path = write_layer(pd.DataFrame({"id": [1, 2], "x": [0.5, None]}), tmp_path / "census.csv")
    table = read_layer(LayerSource(path=str(path)))
    assert not isinstance(table, gpd.GeoDataFrame)
    assert len(table) == 2
    with pytest.raises(MMRiskError, match="'census' is a table without geometry"):
        read_geo_layer(LayerSource(path=str(path)))


@pytest.mark.parametrize("suffix", ["gpkg", "fgb", "geojson", "shp", "csv", "GPKG"])
def test_every_format_holds_the_whole_layer_and_leaves_nothing_beside_it(tmp_path, suffix):
    path = write_layer(POINTS, tmp_path / f"stops [1].{suffix}")
    assert {p.stem for p in tmp_path.iterdir()} == {"stops [1]"}
    read = read_layer(LayerSource(path=str(path)))
    assert sorted(int(value) for value in read["seats"]) == [1, 2]
    assert sorted(read.geometry, key=str) == POINTS.geometry.tolist()
    if suffix not in ("geojson", "csv"):
        assert read.crs.to_epsg() == 32619


def test_writing_again_replaces_the_layer(tmp_path):
    for suffix in ("gpkg", "shp"):
        path = write_layer(POINTS, tmp_path / f"stops.{suffix}")
        write_layer(POINTS.iloc[:1], path)
        assert len(read_layer(LayerSource(path=str(path)))) == 1


def test_an_unknown_format_is_named_and_leaves_nothing(tmp_path):
    with pytest.raises(MMRiskError, match=r"unknown format '\.xlsx'.*\.gpkg"):
        write_layer(POINTS, tmp_path / "stops.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_fields_that_a_format_cannot_hold_are_named_and_the_old_file_stays(tmp_path):
    path = write_layer(POINTS, tmp_path / "stops.gpkg")
    before = path.read_bytes()
    with pytest.raises(MMRiskError, match="seats and Seats differ"):
        write_layer(POINTS.assign(Seats=1), path)
    mixed = make_layer([shapely.Point(0, 0), shapely.LineString([(0, 0), (1, 1)])])
    with pytest.raises(MMRiskError, match=r"mixed.shp cannot be written"):
        write_layer(mixed, tmp_path / "mixed.shp")
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("fid", [[1.0, 1.0], [7, 9], ["a", "b"]])
def test_a_column_called_fid_such_as_exports_have_is_no_obstacle(tmp_path, fid):
    path = write_layer(POINTS.assign(fid=fid), tmp_path / "stops.gpkg")
    read = read_layer(LayerSource(path=str(path)))
    assert read["seats"].tolist() == [1, 2]


def test_written_beside_leaves_nothing_on_failure(tmp_path):
    target = tmp_path / "out.txt"
    target.write_text("old")

    def fail():
        with atomic_write(target) as part:
            part.write_text("half")
            part.with_name(part.name + "-journal").write_text("x")
            assert part.suffix == ".txt"
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert [p.name for p in tmp_path.iterdir()] == ["out.txt"]
    assert target.read_text() == "old"


def test_an_output_that_cannot_be_is_named(tmp_path):
    with pytest.raises(MMRiskError, match="is a folder"), atomic_write(tmp_path):
        pass
    missing = tmp_path / "missing" / "out.txt"
    with pytest.raises(MMRiskError, match=r"missing of the output out.txt does not exist"), atomic_write(missing):
        pass
    (tmp_path / "file").touch()
    with pytest.raises(MMRiskError, match="does not exist"), atomic_write(tmp_path / "file" / "out.txt"):
        pass


def test_a_damaged_recipe_is_an_empty_one():
    assert parse_recipe("{").joins == ()
    assert parse_recipe({"surprise": 1}) == parse_recipe(None)
    frame = make_tiles()
    frame.attrs["mmrisk_recipe"] = 5
    assert recipe_of(frame).tiles is None


def test_to_crs_keeps_features_without_geometry():
    layer = make_layer([shapely.Point(330000, 4690000), None, shapely.Point()])
    moved = to_crs(layer, require_crs(layer.to_crs(4326)))
    assert moved.geometry.iloc[0].x == pytest.approx(-71.06, abs=0.1)
    assert moved.geometry.isna().tolist() == [False, True, False]
    assert moved.geometry.iloc[2].is_empty


@pytest.mark.skipif(sys.platform == "win32", reason="paths with a drive are taken as they are")
@pytest.mark.parametrize("folder", ["!first", "a; b"])
def test_paths_that_would_be_taken_for_archives_are_refused(tmp_path, folder):
    place = tmp_path / folder
    place.mkdir()
    frame = gpd.GeoDataFrame({"a": [1]}, geometry=[shapely.box(0, 0, 1, 1)], crs="EPSG:32619")
    with pytest.raises(MMRiskError, match="has a ';' or '!'"):
        write_layer(frame, place / "tiles.gpkg")
    write_layer(frame, tmp_path / "tiles.gpkg").replace(place / "tiles.gpkg")
    with pytest.raises(MMRiskError, match="has a ';' or '!'"):
        read_layer(LayerSource(path=str(place / "tiles.gpkg")))
