"""Data that lie elsewhere than the tiles: whoever meets them says where each lies, and the way out."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from mmrisk_core import Progress, create_tiles, join_attributes, label_tiles, train_model
from mmrisk_core.errors import InputError
from mmrisk_core.geo.apart import Place, apart
from tests.core.factories import QUICK, write_raster

UTM, ZONE_EAST, OF_THE_STATE, DEGREES = "EPSG:32619", "EPSG:32620", "EPSG:26986", "EPSG:4326"
LEFT, BOTTOM = 330_000, 4_690_000


@pytest.fixture(scope="module")
def tiles():
    made = create_tiles((LEFT, BOTTOM, LEFT + 1000, BOTTOM + 1000), tile_size=100, crs=UTM)
    return made.assign(label=[number % 2 for number in range(len(made))])


def points(crs, x, y, count=30):
    return gpd.GeoDataFrame(geometry=gpd.points_from_xy([x + n for n in range(count)], [y] * count), crs=crs)


@pytest.mark.parametrize(
    ("crs", "x", "y"),
    [(ZONE_EAST, LEFT, BOTTOM), (DEGREES, 5.0, 42.3), (OF_THE_STATE, 100_000, 900_000), (UTM, LEFT + 90_000, BOTTOM)],
    ids=["a zone too far", "degrees", "another grid", "another town"],
)
def test_events_elsewhere_are_no_safe_tiles(tiles, crs, x, y):
    events = points(crs, x, y)
    events.attrs["mmrisk_title"] = "crashes"
    with pytest.raises(InputError) as caught:
        label_tiles(tiles, events)
    said = str(caught.value)
    assert said.startswith("None of 30 events of ")
    assert crs in said
    assert UTM in said
    assert " km from the tiles" in said
    assert "Set CRS of Layer" in said
    assert "threshold" not in said


def test_some_events_in_a_tile_are_enough(tiles):
    events = points(UTM, LEFT + 985, BOTTOM + 5)
    assert label_tiles(tiles, events)["label"].sum() == 1


def test_a_layer_elsewhere_is_told_where_it_is_joined(tiles):
    said = []
    roads = gpd.GeoDataFrame(geometry=[shapely.LineString([(LEFT, BOTTOM), (LEFT + 900, BOTTOM)])], crs=ZONE_EAST)
    join_attributes(tiles, roads, statistics=["count", "length"], progress=Progress(log=said.append))
    (sentence,) = [text for text in said if "lies in any tile" in text]
    assert ZONE_EAST in sentence
    assert UTM in sentence
    assert " km from the tiles" in sentence


def picture():
    return np.random.default_rng(1).integers(0, 255, (3, 100, 100), dtype=np.uint8)


@pytest.mark.parametrize("job", ["train", "predict"])
def test_imagery_elsewhere(tiles, tmp_path, job):
    near, far = (
        write_raster(tmp_path / f"{name}.tif", picture(), left=LEFT, top=BOTTOM + 1000, pixel=10.0, crs=crs)
        for name, crs in (("near", UTM), ("far", ZONE_EAST))
    )
    model = train_model(tiles, "label", [], [near], **QUICK)
    with pytest.raises(InputError) as caught:
        train_model(tiles, "label", [], [far], **QUICK) if job == "train" else model.predict(tiles, [far], device="cpu")
    said = str(caught.value)
    assert ZONE_EAST in said
    assert " km from the tiles" in said


def test_where_nobody_can_say_how_far():
    import pyproj

    nowhere = Place(pyproj.CRS(DEGREES), (float("nan"),) * 4)
    there = Place(pyproj.CRS(UTM), (LEFT, BOTTOM, LEFT + 1000, BOTTOM + 1000))
    assert "where that is not defined" in apart("It", nowhere, there)
    assert "beside the tiles" in apart("It", there, there)
