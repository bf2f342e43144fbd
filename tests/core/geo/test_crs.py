"""Coordinate reference systems between which there is no way, in all that turns coordinates from one into another."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from mmrisk_core import MMRiskError, create_tiles, join_attributes, label_tiles
from mmrisk_core.geo.crs import parse_crs, transform_bounds
from mmrisk_core.geo.metric_bounds import bounds_in_metres
from mmrisk_core.imagery import RasterSource, read_chips, reading_crs, tiles_with_imagery
from mmrisk_core.roads.raster_grid import opened_grid
from mmrisk_core.roads.rasterise import rasterised_roads
from tests.core.factories import UTM, box, line, make_layer, make_tiles, point, write_raster

DEGREES_ON_MARS = "IAU_2015:49900"
METRES_ON_MARS = "+proj=eqc +R=3396190 +units=m +no_defs"
NO_WAY = "There is no way from the coordinate reference system .* as between two planets. Check the CRS"


@pytest.fixture(params=[DEGREES_ON_MARS, METRES_ON_MARS], ids=["degrees", "metres"])
def mars(request):
    return request.param


@pytest.fixture
def folder(tmp_path, mars):
    write_raster(tmp_path / "mars.tif", np.ones((1, 60, 80), np.uint8), left=10, top=10, pixel=0.01, crs=mars)
    write_raster(tmp_path / "earth.tif", np.ones((1, 600, 800), np.uint8))
    return tmp_path


def on(crs, frame):
    """A layer with the same numbers, which mean a place of another planet."""
    return frame.set_crs(crs, allow_override=True)


def roads():
    return make_layer([line((0, 50), (400, 50))], title="roads")


def crashes():
    return make_layer([point(10, 10), point(110, 10)], title="crashes")


def grid_of(folder):
    with opened_grid(RasterSource(path=str(folder / "earth.tif"))) as raster:
        return raster.grid


WAYS = {
    "an extent": lambda mars, folder: transform_bounds((0, 0, 1, 1), parse_crs(mars), parse_crs(UTM)),
    "tiles along lines": lambda mars, folder: create_tiles(
        (330000, 4689000, 331000, 4690000), 100, UTM, layout="lines", layer=on(mars, roads())
    ),
    "tiles within a mask": lambda mars, folder: make_tiles(mask=on(mars, make_layer([box(0, 0, 100, 100)]))),
    "a join": lambda mars, folder: join_attributes(make_tiles(), on(mars, roads()), statistics=["length"]),
    "a join of distances": lambda mars, folder: join_attributes(
        make_tiles(), on(mars, crashes()), statistics=["distance"]
    ),
    "a label": lambda mars, folder: label_tiles(make_tiles(), on(mars, crashes())),
    "a label within an area": lambda mars, folder: label_tiles(
        make_tiles(), crashes(), study_area=on(mars, make_layer([box(0, 0, 400, 300)]))
    ),
    "imagery of another planet": lambda mars, folder: read_chips(make_tiles(), folder / "mars.tif", pixels=16),
    "which tiles it covers": lambda mars, folder: tiles_with_imagery(make_tiles(), folder / "mars.tif"),
    "tiles of another planet": lambda mars, folder: read_chips(on(mars, make_tiles()), folder / "earth.tif", pixels=16),
    "roads to learn from": lambda mars, folder: rasterised_roads(on(mars, roads()), grid_of(folder), 8),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_it_is_said_in_a_sentence(mars, folder, way):
    with pytest.raises(MMRiskError, match=NO_WAY):
        way(mars, folder)


def test_layers_are_named():
    area = on(DEGREES_ON_MARS, make_layer([box(0, 0, 400, 300)], title="counties"))
    named = (
        r"Layer 'counties': There is no way from .* .*\(radius 3396 km\) to WGS 84 / UTM zone 19N \(radius 6378 km\)"
    )
    with pytest.raises(MMRiskError, match=named):
        label_tiles(make_tiles(), crashes(), study_area=area)


def test_metres_on_mars_are_as_good_as_any():
    """Where everything lies on one planet, and in metres, nobody has to know which."""
    there = "+proj=tmerc +R=3396190 +units=m +no_defs"
    joined = join_attributes(on(there, make_tiles()), on(there, roads()), statistics=["length"])
    assert joined["length"].tolist()[:4] == pytest.approx([100] * 4)


def test_degrees_on_mars_are_no_metres(folder):
    tiles = on(DEGREES_ON_MARS, make_layer([shapely.box(1, 1, 2, 2)]))
    for look in (reading_crs, bounds_in_metres):
        with pytest.raises(MMRiskError, match=NO_WAY):
            look(tiles)
