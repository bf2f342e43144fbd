"""Attributes joined by key, joins that do not fit, and the recipe of what was joined."""

from __future__ import annotations

import json
import math

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from mmrisk_core import MMRiskError, join_attributes
from mmrisk_core.attributes import join
from mmrisk_core.attributes.join import join_layer
from mmrisk_core.geo.layer_io import read_layer
from mmrisk_core.geo.layer_source import LayerSource
from mmrisk_core.geo.layer_writing import write_layer
from mmrisk_core.geo.recipe import JoinOptions, recipe_of
from tests.core.factories import assert_column, box, line, make_layer, plain, point, row_of_tiles

NAN = math.nan


# --- joins by key ----------------------------------------------------------------------------------------------------


def by_key(tile_keys, layer_keys, values, statistics=("sum", "count")):
    tiles = row_of_tiles(len(tile_keys)).assign(zone=tile_keys)
    table = pd.DataFrame({"id": layer_keys, "value": values})
    table.attrs["title"] = "census"
    return join_attributes(
        tiles, table, statistics=statistics, fields=["value"], join_field="id", tile_field="zone", prefix="c_"
    )


@pytest.mark.parametrize("tile_keys", [[7, 8, 9], ["7", "8", "9"], [7.0, 8.0, NAN]])
@pytest.mark.parametrize("layer_keys", [[7, 7, 8], ["7", "7", "8"], [7.0, 7.0, 8.0]])
def test_keys_match_as_number_and_as_text(tile_keys, layer_keys):
    joined = by_key(tile_keys, layer_keys, [1.0, 2.0, 5.0])
    assert_column(joined, "c_value_sum", [3, 5, NAN])
    assert joined["c_count"].tolist() == [2, 1, 0]


@pytest.mark.parametrize(
    ("one", "other"), [("2E2", "200"), ("2E2", "200E0"), ("007", "7"), ("7", "7.0"), ("1_0", "10"), ("0x1F", "31")]
)
def test_keys_that_are_text_on_both_sides_are_compared_as_text(one, other):
    joined = by_key([one, other, "x"], [one, other, other], [1.0, 2.0, 4.0])
    assert_column(joined, "c_value_sum", [1, 6, NAN])


def test_keys_of_a_text_file_stay_as_they_are_written_and_its_numbers_are_numbers(tmp_path):
    (tmp_path / "census.csv").write_text("id,value,other\n007,1,a\n7,2,b\n2E2,4,c\n200,8,d\n")
    options = JoinOptions(fields=("value",), statistics=("sum",), prefix="c_", join_field="id", tile_field="zone")
    source = LayerSource(path=str(tmp_path / "census.csv"))
    text = join_layer(row_of_tiles(4).assign(zone=["7", "007", "200", "2E2"]), source, options)
    assert_column(text, "c_value_sum", [2, 1, 8, 4])
    numbers = join_layer(row_of_tiles(2).assign(zone=[7, 200]), source, options)
    assert_column(numbers, "c_value_sum", [3, 12])


@pytest.mark.parametrize("value", [["a", "b"], {"k": 1}])
def test_lists_in_a_field_are_text(tmp_path, value):
    features = [
        {"type": "Feature", "properties": {"tags": value}, "geometry": {"type": "Point", "coordinates": [x, 4689950]}}
        for x in (330050, 330150)
    ]
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32619"}}
    file = tmp_path / "places.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": features}))
    options = JoinOptions(fields=("tags",), statistics=("majority",), prefix="p_")
    joined = join_layer(row_of_tiles(2), LayerSource(path=str(file)), options)
    assert [json.loads(text) for text in joined["p_tags_majority"]] == [value, value]


@pytest.mark.parametrize("needed", [False, True])
def test_text_in_another_encoding_than_the_file_claims(tmp_path, needed):
    file = tmp_path / "streets.shp"
    write_layer(make_layer([line((0, 50), (100, 50))], title="streets", name=["Stra#e"], lanes=[2]), file)
    table = file.with_suffix(".dbf")
    table.write_bytes(table.read_bytes().replace(b"Stra#e", "Straße".encode("cp1252")))
    file.with_suffix(".cpg").write_text("UTF-8")
    options = JoinOptions(fields=("name",) if needed else (), statistics=("majority",) if needed else ("count",))
    source = LayerSource(path=str(file))
    if needed:
        with pytest.raises(MMRiskError, match=r"text of the layer 'streets' in .*streets.shp is not in the encoding"):
            join_layer(row_of_tiles(2), source, options)
    else:
        assert join_layer(row_of_tiles(2), source, options)["count"].sum() > 0


def test_text_keys_and_missing_keys():
    joined = by_key(["A1", None, "B2"], ["B2", None, "A1"], [1.0, 2.0, 3.0])
    assert_column(joined, "c_value_sum", [3, NAN, 1])


@pytest.mark.parametrize("gap", [[], [None]])
def test_long_keys_are_told_apart_to_the_last_digit(gap):
    keys = ["250250001001234567891", "250250001001234567892", "12345678901234567", "12345678901234568"]
    joined = by_key(keys + gap, keys + gap, [1.0, 2.0, 3.0, 4.0] + [9.0] * len(gap))
    assert_column(joined, "c_value_sum", [1, 2, 3, 4] + [NAN] * len(gap))


def test_a_join_by_key_has_no_length_or_area():
    layer = make_layer([line((0, 0), (100, 0))], title="roads", id=[0])
    with pytest.raises(MMRiskError, match="'roads' is joined by key"):
        join_attributes(row_of_tiles(), layer, statistics=["length"], join_field="id", tile_field="tile_id")
    zones = make_layer([box(0, 0, 10, 10)], title="zones", id=[0])
    with pytest.raises(MMRiskError, match="key"):
        join_attributes(row_of_tiles(), zones, statistics=["area"], join_field="id", tile_field="tile_id")


def test_parts_of_text_and_of_keys_give_the_same_as_the_whole(monkeypatch):
    monkeypatch.setattr(join, "CHUNK", 2)
    layer = make_layer([point(x, 50) for x in (10, 20, 30, 40, 50)], kind=[None, None, "b", "a", "b"])
    joined = join_attributes(row_of_tiles(), layer, statistics=["majority"], fields=["kind"])
    assert plain(joined["kind_majority"]) == ["b", None, None]
    joined = by_key([7, 8, 9], [7, 7, 8, 7, 1], [1.0, 2.0, 5.0, 3.0, 9.0], ["count", "std", "majority"])
    assert joined["c_count"].tolist() == [3, 1, 0]
    assert_column(joined, "c_value_std", [(2 / 3) ** 0.5, 0, NAN])
    assert_column(joined, "c_value_majority", [1, 5, NAN])


# --- what does not fit -----------------------------------------------------------------------------------------------

ROADS = make_layer([line((0, 0), (1, 1))], title="roads", lanes=[2.0], name=["Main St"])
TABLE = pd.DataFrame({"id": [1]})
TABLE.attrs["title"] = "census"


@pytest.mark.parametrize(
    ("layer", "options", "words"),
    [
        (ROADS, {"statistics": []}, "at least one statistic of 'roads'"),
        (ROADS, {"statistics": ["share"]}, "'roads' has no polygons, so it covers no share"),
        (ROADS, {"statistics": ["sum"]}, "'sum' of 'roads' needs a field"),
        (ROADS, {"statistics": ["sum"], "fields": ["width"]}, "'roads' has no field 'width'.*lanes"),
        (ROADS, {"statistics": ["sum"], "fields": ["name"]}, "field 'name' of layer 'roads' is not a number"),
        (ROADS, {"statistics": ["area"]}, "'roads' has no polygons"),
        (make_layer([point(0, 0)], "stops"), {"statistics": ["length"]}, "'stops' has no lines"),
        (
            make_layer([point(0, 0), line((0, 0), (1, 1))], "mix"),
            {"statistics": ["count"]},
            "'mix' mixes point and line",
        ),
        (make_layer([point(0, 0)], "lost", crs=None), {"statistics": ["count"]}, "'lost' has no coordinate reference"),
        (ROADS, {"statistics": ["count"], "join_field": "lanes"}, "needs both fields"),
        (ROADS, {"statistics": ["count"], "join_field": "id", "tile_field": "tile_id"}, "'roads' has no field 'id'"),
        (ROADS, {"statistics": ["count"], "join_field": "lanes", "tile_field": "id"}, "tiles have no field 'id'"),
        (TABLE, {"statistics": ["count"]}, "'census' is a table without geometry"),
    ],
)
def test_what_does_not_fit_is_named_with_its_layer_and_field(layer, options, words):
    with pytest.raises(MMRiskError, match=words):
        join_attributes(row_of_tiles(), layer, **options)


def test_no_tiles_are_named():
    tiles = row_of_tiles().iloc[:0]
    with pytest.raises(MMRiskError, match="'tiles' is empty"):
        join_attributes(tiles, ROADS, statistics=["count"])


def test_features_on_the_other_side_of_the_earth_do_no_harm():
    inside = shapely.Point(*gpd.GeoSeries([point(50, 50)], crs="EPSG:32619").to_crs(4326).iloc[0].coords[0])
    layer = make_layer([inside, shapely.Point(-71, 95), shapely.Point(110, -40)], title="stops", crs="EPSG:4326")
    assert join_attributes(row_of_tiles(), layer, statistics=["count"])["count"].tolist() == [1, 0, 0]
    # The nearest may be any of them.
    with pytest.raises(MMRiskError, match="1 feature of layer 'stops' lies outside"):
        join_attributes(row_of_tiles(), layer.iloc[:2], statistics=["count", "distance"])


# --- recipe ----------------------------------------------------------------------------------------------------------


def test_the_recipe_grows_and_survives_a_geopackage(tmp_path):
    tiles = join_attributes(row_of_tiles(), ROADS, statistics=["count"], prefix="roads_")
    stops = make_layer([point(0, 0)], title="stops", seats=[4.0])
    tiles = join_attributes(tiles, stops, statistics=["mean", "mean"], fields=["seats"], prefix="stops_")
    write_layer(tiles, tmp_path / "tiles.gpkg")
    recipe = recipe_of(read_layer(LayerSource(path=str(tmp_path / "tiles.gpkg"))))
    assert recipe == recipe_of(tiles)
    assert recipe.tiles.tile_size == 100
    assert [(j.layer, j.geometry, j.fields, j.statistics, j.prefix) for j in recipe.joins] == [
        ("roads", "line", (), ("count",), "roads_"),
        ("stops", "point", ("seats",), ("mean",), "stops_"),
    ]


def test_a_second_join_of_a_layer_keeps_the_first_unless_it_makes_the_same_columns():
    tiles = join_attributes(row_of_tiles(), ROADS, statistics=["count"], prefix="roads_")
    both = join_attributes(tiles, ROADS, statistics=["length"], prefix="roads_")
    assert {"roads_count", "roads_length"} <= set(both.columns)
    assert [join.statistics for join in recipe_of(both).joins] == [("count",), ("length",)]
    again = join_attributes(tiles, ROADS, statistics=["count", "length"], prefix="roads_")
    assert [join.statistics for join in recipe_of(again).joins] == [("count", "length")]


def test_the_input_is_left_as_it_was():
    tiles = row_of_tiles()
    before = tiles.copy()
    join_attributes(tiles, ROADS, statistics=["count"])
    assert tiles.equals(before)
    assert recipe_of(tiles).joins == ()
