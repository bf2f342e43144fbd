"""The sample city: the same every time, on an exact grid, and with the risk it says it has."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
from scipy.special import expit

from mmrisk_core.errors import MMRiskError
from mmrisk_core.sample_city import SampleCity, make_sample_city

LAYERS = ("roads", "zones", "crashes", "truth")


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> SampleCity:
    return make_sample_city(tmp_path_factory.mktemp("city"), size=8, seed=3)


@pytest.fixture(scope="module")
def large_city(tmp_path_factory: pytest.TempPathFactory) -> SampleCity:
    """Many tiles, few pixels."""
    return make_sample_city(tmp_path_factory.mktemp("large"), size=30, seed=5, pixel_size=6.0)


def pixels(city: SampleCity) -> np.ndarray:
    with rasterio.open(city.imagery) as picture:
        return picture.read()


def has_crash(city: SampleCity) -> np.ndarray:
    truth, crashes = gpd.read_file(city.truth), gpd.read_file(city.crashes)
    return np.isin(truth["tile_id"], gpd.sjoin(crashes, truth, predicate="within")["tile_id"])


def test_same_seed_gives_the_same_city(city: SampleCity, tmp_path: Path) -> None:
    again = make_sample_city(tmp_path, size=8, seed=3)
    assert np.array_equal(pixels(again), pixels(city))
    for layer in LAYERS:
        one, other = gpd.read_file(getattr(city, layer)), gpd.read_file(getattr(again, layer))
        assert one.drop(columns="geometry").equals(other.drop(columns="geometry"))
        assert (one.geometry.to_wkb() == other.geometry.to_wkb()).all()


def test_other_seed_gives_another_city(city: SampleCity, tmp_path: Path) -> None:
    other = make_sample_city(tmp_path, size=8, seed=4)
    assert (pixels(other) != pixels(city)).mean() > 0.5
    assert len(gpd.read_file(other.roads)) != len(gpd.read_file(city.roads))


def test_imagery_lies_exactly_on_the_extent(city: SampleCity) -> None:
    with rasterio.open(city.imagery) as picture:
        assert picture.crs == city.crs
        assert picture.crs.linear_units == "metre"
        assert tuple(picture.bounds) == city.extent
        assert (picture.width, picture.height, picture.count) == (800, 800, 3)
        assert picture.dtypes == ("uint8",) * 3
        assert picture.res == (1.5, 1.5)
        assert "Synthetic" in picture.tags()["TIFFTAG_IMAGEDESCRIPTION"]
        assert picture.block_shapes == [(256, 256)] * 3
    assert city.extent[2] - city.extent[0] == city.extent[3] - city.extent[1] == 8 * 150.0


def test_picture_is_varied_and_well_exposed(city: SampleCity) -> None:
    picture = pixels(city)
    assert 80 < picture.mean() < 160
    assert picture.std() > 25
    assert ((picture == 0) | (picture == 255)).mean() < 0.02


@pytest.mark.parametrize("layer", LAYERS)
def test_layers_have_the_crs_and_say_that_they_are_made_up(city: SampleCity, layer: str) -> None:
    path = getattr(city, layer)
    assert gpd.read_file(path, layer=layer).crs == city.crs
    assert "Synthetic" in pyogrio.read_info(path, layer=layer)["layer_metadata"]["DESCRIPTION"]


def test_roads_are_split_where_they_meet(city: SampleCity) -> None:
    roads = gpd.read_file(city.roads)
    assert roads.geometry.is_simple.all()
    meetings = shapely.get_point(roads.geometry.to_numpy()[:, None], [0, -1]).ravel()
    touched, other = shapely.STRtree(roads.geometry.to_numpy()).query(meetings, predicate="dwithin", distance=1e-6)
    inside = ~np.isclose(
        shapely.distance(shapely.boundary(roads.geometry.to_numpy()[other]), meetings[touched]), 0.0, atol=1e-6
    )
    assert not inside.any()
    assert np.bincount(touched).max() >= 4, "there are crossroads"


@pytest.mark.slow
def test_road_attributes_are_plausible(large_city: SampleCity) -> None:
    roads = gpd.read_file(large_city.roads)
    assert roads["road_id"].is_unique
    assert set(roads["class"]) == {"arterial", "collector", "residential"}
    assert 0.005 < roads["aadt"].isna().mean() < 0.05
    assert (roads["aadt"].dropna() > 0).all()
    assert roads["speed_limit"].between(30, 80).all()
    assert shapely.box(*large_city.extent).buffer(1e-6).covers(roads.union_all())


def test_zones_cover_the_extent_once(city: SampleCity) -> None:
    zones = gpd.read_file(city.zones)
    extent = shapely.box(*city.extent)
    assert zones.union_all().symmetric_difference(extent).area == pytest.approx(0.0, abs=1e-3)
    assert zones.area.sum() == pytest.approx(extent.area)
    assert np.allclose(zones["density"], zones["population"] / (zones.area / 1e6))


def test_tiles_count_from_the_north_west(city: SampleCity) -> None:
    truth = gpd.read_file(city.truth)
    west, south, _, north = city.extent
    assert (truth["tile_id"] == truth["row"] * 8 + truth["col"]).all()
    assert truth.geometry.iloc[0].bounds == (west, north - 150.0, west + 150.0, north)
    assert truth.geometry.iloc[-8].bounds == (west, south, west + 150.0, south + 150.0)


def test_every_crash_is_in_exactly_one_tile(large_city: SampleCity) -> None:
    truth, crashes = gpd.read_file(large_city.truth), gpd.read_file(large_city.crashes)
    tiles = gpd.sjoin(crashes, truth, predicate="intersects")
    assert sorted(tiles["crash_id"]) == list(range(len(crashes)))
    assert crashes["date"].between("2019-01-01", "2023-12-31").all()
    assert set(crashes["severity"]) <= {1, 2, 3}


def test_parts_add_up_to_the_probability(large_city: SampleCity) -> None:
    truth = gpd.read_file(large_city.truth)
    parts = truth[["intercept", "from_image", "from_attributes", "from_both"]].sum(axis=1)
    assert np.allclose(parts, truth["true_logit"])
    assert np.allclose(expit(truth["true_logit"]), truth["true_probability"])
    assert truth["true_probability"].mean() == pytest.approx(0.35)


def test_crashes_are_as_frequent_as_the_truth_says(large_city: SampleCity) -> None:
    probability = gpd.read_file(large_city.truth)["true_probability"].to_numpy()
    hit = has_crash(large_city)
    for part in np.array_split(np.argsort(probability), 5):
        spread = np.sqrt((probability[part] * (1.0 - probability[part])).sum()) / len(part)
        assert abs(hit[part].mean() - probability[part].mean()) < 3.5 * spread


def test_tiles_without_roads_are_nearly_safe(large_city: SampleCity) -> None:
    truth, roads = gpd.read_file(large_city.truth), gpd.read_file(large_city.roads)
    with_road = gpd.sjoin(truth, roads[["geometry"]], predicate="intersects").index
    without_road = truth.drop(index=with_road)
    assert len(without_road)
    assert without_road["true_probability"].lt(0.02).all()


def test_car_parks_raise_the_risk_and_are_not_on_record(large_city: SampleCity) -> None:
    truth, zones = gpd.read_file(large_city.truth), gpd.read_file(large_city.zones)
    assert np.corrcoef(truth["from_image"], truth["true_logit"])[0, 1] > 0.3
    middles = truth.set_geometry(truth.centroid)
    density = gpd.sjoin(middles, zones, predicate="within").drop_duplicates("tile_id").set_index("tile_id")["density"]
    assert abs(np.corrcoef(truth.set_index("tile_id")["from_image"].loc[density.index], density)[0, 1]) < 0.2


@pytest.mark.parametrize("stop_at", [0.0, 0.3, 0.85, 1.0])
def test_cancelling_leaves_no_file(tmp_path: Path, stop_at: float) -> None:
    class Stopped(Exception):
        pass

    def stop(fraction: float, message: str) -> None:
        assert message
        if fraction >= stop_at:
            raise Stopped

    with pytest.raises(Stopped):
        make_sample_city(tmp_path, size=4, progress=stop)
    assert list(tmp_path.iterdir()) == []


def test_progress_goes_from_nothing_to_all(tmp_path: Path) -> None:
    fractions: list[float] = []
    make_sample_city(tmp_path / "new" / "folder", size=4, progress=lambda fraction, _: fractions.append(fraction))
    assert np.all(np.diff(fractions) >= 0.0)
    assert (fractions[0], fractions[-1]) == (0.0, 1.0)


@pytest.mark.parametrize("size", [-1, 3, 201])
def test_a_size_out_of_range_is_explained(tmp_path: Path, size: int) -> None:
    with pytest.raises(MMRiskError, match="from 4 to 200"):
        make_sample_city(tmp_path, size=size)


@pytest.mark.parametrize("pixel_size", [0.0, -1.5, 0.7, 400.0])
def test_tiles_must_be_whole_pixels(tmp_path: Path, pixel_size: float) -> None:
    with pytest.raises(MMRiskError, match="whole number of pixels"):
        make_sample_city(tmp_path, size=4, pixel_size=pixel_size)


def test_a_negative_seed_is_explained(tmp_path: Path) -> None:
    with pytest.raises(MMRiskError, match="seed -1"):
        make_sample_city(tmp_path, size=4, seed=-1)


def test_a_folder_that_cannot_be_made_is_explained(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(MMRiskError, match="cannot be written"):
        make_sample_city(tmp_path / "taken" / "city", size=4)


@pytest.mark.parametrize("seed", range(6))
def test_small_cities_of_any_seed_can_be_made(tmp_path: Path, seed: int) -> None:
    city = make_sample_city(tmp_path, size=4, seed=seed, pixel_size=3.0)
    assert len(gpd.read_file(city.truth)) == 16
    assert len(gpd.read_file(city.roads)) > 3
