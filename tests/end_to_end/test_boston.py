"""The whole path on real data: orthophoto, roads, junctions and crashes of a part of Boston."""

import sqlite3

import pytest
from boston import run_chain

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def chain(qgis, boston, tmp_path_factory):
    folder = tmp_path_factory.mktemp("boston")
    trained, mapped = run_chain(qgis, boston, folder, FOLDS=3, EPOCHS=20)
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
