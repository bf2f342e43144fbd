"""A tile as the model sees it, and what the model would say of other attributes."""

import json

import numpy as np
import pytest
from PIL import Image

from mmrisk_core import Cancelled, MMRiskError, Progress, train_model
from mmrisk_core.explanation import inspect_tiles, what_if
from mmrisk_core.geo.layer_writing import write_layer
from mmrisk_core.imagery import RasterSource
from mmrisk_core.jobs import make_job
from mmrisk_core.samples.image_batches import iterate_images
from tests.core.factories import make_town, write_raster

QUICK = {
    "image_pixels": 32, "backbone": "rcf", "folds": 3, "validation": "none", "epochs": 4, "seed": 1, "device": "cpu",
}  # fmt: skip


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """Tiles whose label follows ``aadt`` and the brightness of the imagery."""
    town = make_town(tmp_path_factory.mktemp("town"), side=14)
    tiles = town.tiles.copy()
    tiles["aadt"] = 100 * tiles["roads_length"]
    tiles["road"] = np.where(tiles["aadt"] > 5000, "trunk", "lane")
    return tiles, RasterSource.model_validate(town.ortho)


@pytest.fixture(scope="module")
def model(town):
    tiles, imagery = town
    return train_model(tiles, "label", ["aadt", "road"], [imagery], **QUICK)


def told_of(model, town, rows=slice(0, 6), **options):
    tiles, imagery = town
    return inspect_tiles(model, tiles.iloc[rows], [imagery], device="cpu", **options)


def test_figures_are_those_of_prediction_and_explanation(model, town):
    tiles, imagery = town
    risk = model.predict(tiles.iloc[:6], [imagery], device="cpu")
    why = model.explain(tiles.iloc[:6], [imagery], device="cpu")
    for row, tile in enumerate(told_of(model, town)):
        for name in ("risk", "risk_low", "risk_high", "coverage", "in_domain"):
            assert tile[name] == pytest.approx(risk[name].iloc[row], abs=1e-6), name
        assert tile["why"] == why["why"].iloc[row]
        assert tile["tile"] == str(tiles["tile_id"].iloc[row])
        effects = [part["effect"] for part in (*tile["attributes"], *tile["images"])]
        assert effects == pytest.approx(list(why.filter(like="effect_").iloc[row]), abs=1e-9)
        assert tile["base_logit"] + sum(effects) == pytest.approx(tile["logit"], abs=1e-9)
        assert tile["risk_before"] is None
    json.dumps(told_of(model, town), allow_nan=False)


def test_attributes_are_told_against_the_training(model, town):
    tiles, _ = town
    aadt, road = told_of(model, town)[0]["attributes"]
    low, median, high = tiles["aadt"].quantile([0.05, 0.5, 0.95])
    assert (aadt["low"], aadt["typical"], aadt["high"]) == pytest.approx((low, median, high), rel=1e-5)
    assert aadt["value"] == pytest.approx(tiles["aadt"].iloc[0])
    assert aadt["levels"] == []
    assert road["value"] == tiles["road"].iloc[0]
    assert set(road["levels"]) == {"lane", "trunk"}
    assert road["typical"] == road["levels"][0]
    outside = tiles["aadt"].iloc[:6].pipe(lambda values: (values < low) | (values > high))
    assert [tile["attributes"][0]["outside"] for tile in told_of(model, town)] == outside.tolist()


def test_what_is_missing_is_told_as_missing(model, town, tmp_path):
    tiles, imagery = town
    away = tiles.iloc[:2].copy()
    away.geometry = away.geometry.translate(1e5, 0)
    away["aadt"] = np.nan
    away["road"] = ["lane", "a path through the woods"]
    first, second = inspect_tiles(model, away, [imagery], folder=tmp_path, device="cpu")
    assert first["attributes"][0]["value"] is None
    assert not first["attributes"][0]["outside"]
    assert [tile["attributes"][1]["outside"] for tile in (first, second)] == [False, True]
    assert first["coverage"] == 0
    assert not first["in_domain"]
    assert (first["images"][0]["present"], first["images"][0]["picture"]) == (False, None)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("bands", "shown"), [(1, 1), (2, 1), (3, 3), (4, 3)])
def test_pictures_are_the_pixels_that_the_model_sees(town, tmp_path, bands, shown):
    tiles, _ = town
    pixels = np.random.default_rng(1).integers(1, 255, (bands, 14 * 50, 14 * 50), dtype=np.uint8)
    source = RasterSource.model_validate(write_raster(tmp_path / "many.tif", pixels, pixel=2.0))
    model = train_model(tiles, "label", [], [source], **{**QUICK, "epochs": 1})
    folder = tmp_path / "pictures"
    folder.mkdir()
    told = inspect_tiles(model, tiles.iloc[:5], [source], folder=folder, device="cpu")
    seen = {}
    for batch in iterate_images(tiles.iloc[:5], model.manifest.images, [source]):
        seen |= dict(zip(batch.rows.tolist(), batch.images[0].numpy(), strict=True))
    for row, tile in enumerate(told):
        picture = np.asarray(Image.open(tile["images"][0]["picture"]))
        picture = picture[None] if shown == 1 else np.moveaxis(picture, -1, 0)
        assert (picture == seen[row][:shown]).all()


def test_without_a_change_the_risk_stays(model, town):
    tiles, imagery = town
    some = tiles.iloc[:20]
    risk = model.predict(some, [imagery], device="cpu")["risk"].to_numpy()
    for change in ({}, {"aadt": float(some["aadt"].iloc[3])}, {"road": some["road"].iloc[3]}):
        answer = what_if(model, some, [imagery], change=change, device="cpu")
        assert answer["risk_before"].to_numpy() == pytest.approx(risk, abs=1e-6)
        assert answer["risk"].iloc[3] == pytest.approx(risk[3], abs=1e-6)
        assert list(answer.columns) == ["tile_id", "risk_before", "risk", "geometry"]


def test_what_if_is_the_prediction_for_changed_tiles(model, town):
    tiles, imagery = town
    some = tiles.iloc[:20]
    answer = what_if(model, some, [imagery], change={"aadt": "9000", "road": "trunk"}, device="cpu")
    changed = some.assign(aadt=9000.0, road="trunk")
    risk = model.predict(changed, [imagery], device="cpu")["risk"].to_numpy()
    assert answer["risk"].to_numpy() == pytest.approx(risk, abs=1e-6)
    # The label follows the traffic, and so must the model.
    low = what_if(model, some, [imagery], change={"aadt": 10}, device="cpu")["risk"]
    assert answer["risk"].mean() > low.mean() + 0.1


def test_an_inspection_tells_of_the_change(model, town):
    tiles, imagery = town
    changed = told_of(model, town, change={"aadt": 9000})[0]
    same = what_if(model, tiles.iloc[:6], [imagery], change={"aadt": 9000}, device="cpu").iloc[0]
    assert changed["risk"] == pytest.approx(same["risk"], abs=1e-6)
    assert changed["risk_before"] == pytest.approx(same["risk_before"], abs=1e-6)
    assert changed["attributes"][0]["value"] == 9000
    parts = sum(part["effect"] for part in (*changed["attributes"], *changed["images"]))
    assert changed["base_logit"] + parts == pytest.approx(changed["logit"], abs=1e-9)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"width": 3}, "no attribute 'width'.*'aadt', 'road'"),
        ({"aadt": "much"}, "'aadt' is a number, and 'much' is none"),
        ({"aadt": float("nan")}, "'aadt' is a number"),
        ({"road": "path"}, "does not know 'path' in 'road'.*'lane'"),
    ],
)
def test_a_change_that_cannot_be_is_named(model, town, change, words):
    tiles, imagery = town
    with pytest.raises(MMRiskError, match=words):
        what_if(model, tiles.iloc[:3], [imagery], change=change, device="cpu")
    with pytest.raises(MMRiskError, match=words):
        told_of(model, town, change=change)


def test_too_many_tiles_are_refused(model, town):
    with pytest.raises(MMRiskError, match="too many to inspect"):
        told_of(model, town, rows=slice(None))


def test_the_job_tells_all_of_the_first_and_the_risk_of_all(model, town, tmp_path):
    tiles, imagery = town
    model.save(tmp_path / "m.safetensors")
    write_layer(tiles.iloc[:30], tmp_path / "tiles.gpkg")
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    given = {
        "tiles": str(tmp_path / "tiles.gpkg"), "images": [imagery.path], "model": str(tmp_path / "m.safetensors"),
        "device": "cpu", "folder": str(pictures),
    }  # fmt: skip
    with pytest.raises(Cancelled):
        make_job("inspect", given).run(Progress(is_cancelled=lambda: True))
    result = make_job("inspect", given).run(Progress())
    assert (len(result["tiles"]), result["tile_count"], result["risk"]) == (1, 30, None)
    assert [path.name for path in pictures.iterdir()] == ["tile_1_image_1.png"]
    result = make_job("inspect", {**given, "change": '{"aadt": 9000}', "details": 2}).run(Progress())
    assert (len(result["tiles"]), len(result["risk"]), len(result["risk_before"])) == (2, 30, 30)
    assert result["tiles"][0]["risk"] == pytest.approx(result["risk"][0], abs=1e-6)
    with pytest.raises(MMRiskError, match="'change' of 'inspect'"):
        make_job("inspect", {**given, "change": "aadt=5"})
