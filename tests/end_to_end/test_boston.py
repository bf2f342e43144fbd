"""The whole path on real data: orthophoto, roads, junctions and crashes of a part of Boston."""

import sqlite3

import pytest

pytestmark = pytest.mark.slow

EXTENT = "231986.5,233486.5,890771.5,893771.5 [EPSG:26986]"
COUNT, LENGTH = 0, 1


@pytest.fixture(scope="module")
def chain(qgis, boston, tmp_path_factory):
    folder = tmp_path_factory.mktemp("boston")
    vectors = boston / "vectors" / "boston.gpkg"
    imagery = boston / "imagery" / "boston_roslindale_mattapan.tif"
    qgis.run("mmrisk:createtiles", EXTENT=EXTENT, TILE_SIZE=150, OUTPUT=folder / "tiles.gpkg")
    qgis.run(
        "mmrisk:joinattributes",
        TILES=folder / "tiles.gpkg",
        INPUT=f"{vectors}|layername=roads",
        STATISTICS=f"{COUNT},{LENGTH}",
        PREFIX="roads_",
        OUTPUT=folder / "roads.gpkg",
    )
    qgis.run(
        "mmrisk:joinattributes",
        TILES=folder / "roads.gpkg",
        INPUT=f"{vectors}|layername=intersections",
        STATISTICS=COUNT,
        PREFIX="junctions_",
        OUTPUT=folder / "attributes.gpkg",
    )
    qgis.run(
        "mmrisk:labeltiles",
        TILES=folder / "attributes.gpkg",
        EVENTS=f"{vectors}|layername=crashes",
        OUTPUT=folder / "labelled.gpkg",
    )
    trained = qgis.run(
        "mmrisk:trainmodel",
        TILES=folder / "labelled.gpkg",
        LABEL="label",
        FEATURES=["roads_count", "roads_length", "junctions_count"],
        IMAGES=imagery,
        SEED=1,
        MODEL=folder / "model.safetensors",
        REPORT=folder / "report.html",
    )
    mapped = qgis.run(
        "mmrisk:predictrisk",
        TILES=folder / "attributes.gpkg",
        IMAGES=imagery,
        MODEL=folder / "model.safetensors",
        OUTPUT=folder / "risk.gpkg",
    )
    return folder, trained, mapped


def query(file, text):
    with sqlite3.connect(file) as database:
        return database.execute(text).fetchall()


def test_every_crash_in_the_image_is_in_exactly_one_tile(chain):
    assert query(chain[0] / "labelled.gpkg", "SELECT count(*), sum(events) FROM labelled") == [(200, 270)]


def test_road_length_over_tiles_is_that_inside_the_extent(chain, boston):
    from osgeo import ogr

    source = ogr.Open(str(boston / "vectors" / "boston.gpkg"))
    extent = ogr.CreateGeometryFromWkt(
        "POLYGON((231986.5 890771.5,233486.5 890771.5,233486.5 893771.5,231986.5 893771.5,231986.5 890771.5))"
    )
    whole = sum(f.GetGeometryRef().Intersection(extent).Length() for f in source.GetLayerByName("roads"))
    tiles = query(chain[0] / "roads.gpkg", "SELECT sum(roads_length) FROM roads")[0][0]
    assert tiles == pytest.approx(whole, rel=1e-9)


def test_the_model_is_better_than_chance_on_places_it_has_not_seen(chain):
    trained = chain[1]
    assert trained["AUC_LOW"] > 0.5
    assert trained["AUC"] > 0.7


def test_the_risk_layer_covers_the_area(chain):
    folder, _, mapped = chain
    assert mapped["TILE_COUNT"] == 200
    coverage, lowest, highest = query(folder / "risk.gpkg", "SELECT min(coverage), min(risk), max(risk) FROM risk")[0]
    assert coverage == 1
    assert 0 < lowest < 0.2
    assert 0.5 < highest < 1
