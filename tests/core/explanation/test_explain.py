"""Why a tile has its risk: contributions that add up, reasons in words, saliency that lies where it belongs."""

import dataclasses
import json

import numpy as np
import pandas as pd
import pytest
import rasterio
import torch
from scipy.special import logit as logit_of

from mmrisk_core import Cancelled, MMRiskError, Progress, RiskModel, train_model
from mmrisk_core.bundle.trained_tiles import NOT_LEARNT_FROM
from mmrisk_core.compute.devices import choose_device
from mmrisk_core.evaluation.calibration import Calibration
from mmrisk_core.explanation.saliency import SaliencyRaster, patch_effects
from mmrisk_core.explanation.shapley import Explainer
from mmrisk_core.geo.layer_writing import write_layer
from mmrisk_core.imagery import RasterSource
from mmrisk_core.inference.ensemble_on_device import EnsembleOnDevice
from mmrisk_core.jobs import make_job
from mmrisk_core.samples.attribute_columns import read_attributes
from mmrisk_core.samples.image_batches import iterate_images
from mmrisk_core.samples.image_inputs import ImageInput
from tests.core.factories import make_tiles, make_town, write_raster

FEATURES = ["aadt", "width"]
QUICK = {
    "image_pixels": 32,
    "backbone": "rcf",
    "folds": 3,
    "validation": "none",
    "epochs": 4,
    "seed": 1,
    "device": "cpu",
}
ISOTONIC = Calibration(
    kind="isotonic", slope=1.2, intercept=0.1, knots=((-2.0, -3.0), (-0.5, -0.4), (0.2, 0.1), (0.6, 2.5))
)


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """Tiles whose label follows ``aadt`` and the brightness of the imagery, and ``width`` not at all."""
    town = make_town(tmp_path_factory.mktemp("town"), side=14)
    random = np.random.default_rng(3)
    tiles = town.tiles.copy()
    tiles["aadt"] = 100 * tiles["roads_length"]
    tiles["width"] = random.normal(8, 2, len(tiles))
    return tiles, town.ortho


@pytest.fixture(scope="module")
def model(town):
    tiles, imagery = town
    return train_model(tiles, "label", FEATURES, [imagery], **QUICK)


def effects_of(explained):
    return explained[[name for name in explained.columns if name.startswith("effect_")]]


@pytest.fixture(scope="module", params=["stacked", "concat", "gated", "film"])
def of_two_images(request, town, tmp_path_factory):
    """A model of each architecture, tiles of which some lack an attribute, an image or both images, and the images."""
    tiles, imagery = town
    with rasterio.open(imagery) as raster:
        west = raster.read(window=((0, raster.height), (0, raster.width // 2)))
        images = [imagery, write_raster(tmp_path_factory.mktemp("west") / "west.tif", west, transform=raster.transform)]
    some = tiles.iloc[:40].copy()
    some.loc[some.index[3:9], "aadt"] = np.nan
    away = tiles.iloc[:2].assign(geometry=tiles.geometry.iloc[:2].translate(1e5, 0))
    quick = {**QUICK, "epochs": 2, "architecture": request.param}
    return train_model(tiles, "label", FEATURES, images, **quick), pd.concat([some, away]), images


@pytest.mark.parametrize("changed", [{}, {"calibration": ISOTONIC}, {"prevalence_shift": -1.7}])
def test_contributions_add_up_to_the_prediction(of_two_images, changed):
    model, tiles, images = of_two_images
    ensemble = model.manifest.ensemble.model_copy(update=changed)
    model = dataclasses.replace(model, manifest=model.manifest.model_copy(update={"ensemble": ensemble}))
    explained = model.explain(tiles, images, device="cpu")
    told = (explained["base_logit"] + effects_of(explained).sum(axis=1)).to_numpy()
    assert told == pytest.approx(explained["logit"].to_numpy(), abs=1e-6)
    risk = model.predict(tiles, images, device="cpu")["risk"].to_numpy()
    assert explained["risk"].to_numpy() == pytest.approx(risk, abs=1e-5)
    assert told == pytest.approx(logit_of(risk), abs=1e-4)
    assert (effects_of(explained).abs().to_numpy() > 0.01).any()


IMAGE_NETWORKS = [
    {"backbone": "rcf"},
    {"backbone": "basic_cnn"},
    {"backbone": "efficientnet_lite0", "fine_tune": True},
]


@pytest.mark.slow
@pytest.mark.parametrize("architecture", ["stacked", "concat", "gated", "film"])
@pytest.mark.parametrize("options", IMAGE_NETWORKS, ids=["frozen", "own", "fine-tuned"])
def test_an_image_taken_away_after_it_was_seen_is_one_that_was_never_there(town, architecture, options):
    """And so the contributions are those of Shapley's formula over images that are really taken away."""
    tiles, imagery = town
    quick = {**QUICK, "folds": 2, "epochs": 1, "context": (1.0, 3.0), "architecture": architecture}
    model = train_model(tiles.iloc[:60], "label", ["aadt"], [imagery], **{**quick, **options})
    some = tiles.iloc[:24]
    batch = next(iterate_images(some, model.manifest.images, [RasterSource(path=str(imagery))]))
    there = [torch.arange(len(batch.rows)) % 3 != 0, torch.arange(len(batch.rows)) % 5 != 0]
    batch = dataclasses.replace(batch, present=there)
    aadt = read_attributes(some, ["aadt"], {})[batch.rows]
    network = EnsembleOnDevice(model, choose_device("cpu"))
    n, new = len(aadt), np.full(len(aadt), NOT_LEARNT_FROM)
    seen = network.encode_images(batch.images, there, n)
    typical = torch.full_like(aadt, model.manifest.attributes[0].typical)
    value = {}
    for known in [(), (0,), (1,), (0, 1)]:
        present = [there[k] if k in known else torch.zeros(n, dtype=torch.bool) for k in range(2)]
        truly = network.pool_images(network.encode_images(batch.images, present, n))
        blanked = network.pool_images(seen, {0, 1} - set(known))
        for one, other in zip(blanked, truly, strict=True):
            torch.testing.assert_close(one, other, rtol=0, atol=1e-6, equal_nan=True)
        value[known], value[("aadt", *known)] = (network.logits(truly, values, new) for values in (typical, aadt))
    found = Explainer(model.manifest, network).contributions(batch, aadt, new)
    expected = (value["aadt",] - value[()]) / 3 + (value["aadt", 0, 1] - value[0, 1]) / 3
    expected += (value["aadt", 0] - value[0,] + value["aadt", 1] - value[1,]) / 6
    assert found.attributes[:, 0] == pytest.approx(expected, abs=1e-5)
    first = (value[0,] - value[()]) / 3 + (value["aadt", 0, 1] - value["aadt", 1]) / 3
    first += (value["aadt", 0] - value["aadt",] + value[0, 1] - value[1,]) / 6
    assert found.images[:, 0] == pytest.approx(first, abs=1e-5)
    assert np.abs(first).max() > 1e-4


def test_saliency_hides_one_of_two_images_as_if_all_were_looked_at_again(town):
    tiles, imagery = town
    model = train_model(tiles, "label", [], [imagery], **{**QUICK, "context": (1.0, 3.0)})
    batch = next(iterate_images(tiles.iloc[:8], model.manifest.images, [RasterSource(path=str(imagery))]))
    network, nothing = EnsembleOnDevice(model, choose_device("cpu")), torch.zeros(len(batch.rows), 0)
    new = np.full(len(nothing), NOT_LEARNT_FROM)
    whole, hidden = batch.images[1].clone(), batch.images[1].clone()
    hidden[:, :, 16:20, 12:16] = whole.float().mean(dim=(2, 3), keepdim=True).round().to(torch.uint8)
    full, without = (
        network.logits(
            network.pool_images(network.encode_images([batch.images[0], second], batch.present, len(nothing))),
            nothing,
            new,
        )
        for second in (whole, hidden)
    )
    effects = patch_effects(network, batch, nothing, new)
    assert effects[:, 1, 4, 3] == pytest.approx(full - without, abs=1e-6)
    assert np.abs(effects[:, 1, 4, 3]).max() > 1e-3


def test_saliency_of_several_images_adds_up_over_the_area_that_each_shows(tmp_path):
    tiles = make_tiles(1, 3)
    near, far = (
        ImageInput(
            source=0, name="a", bands=1, dtype="uint8", pixels=16, context=c, low=(0,), high=(255,), metres_per_pixel=1
        )
        for c in (1, 3)
    )
    raster = SaliencyRaster(tiles.iloc[[1]], [near, far])
    raster.add(np.array([0]), np.stack([np.full((8, 8), 1.0), np.full((8, 8), 9.0)])[None])
    with rasterio.open(raster.write(tmp_path / "s.tif")) as written:
        values = written.read(1)
    assert values.shape == (24, 24)
    assert values[8:16, 8:16] == pytest.approx(np.full((8, 8), 2.0))
    values[8:16, 8:16] -= 1
    assert values == pytest.approx(np.ones((24, 24)))
    # Of one image, windows of neighbours are averaged.
    raster = SaliencyRaster(tiles, [far])
    raster.add(np.arange(3), np.full((3, 1, 8, 8), 9.0))
    with rasterio.open(raster.write(tmp_path / "s.tif")) as written:
        assert written.read(1) == pytest.approx(np.full(written.shape, 9.0))


def test_an_attribute_called_as_an_image_keeps_a_field_of_its_own(town):
    tiles, imagery = town
    named = tiles.rename(columns={"aadt": "image_1"})
    model = train_model(named, "label", ["image_1"], [imagery], **{**QUICK, "epochs": 2})
    explained = model.explain(named.iloc[:20], [imagery], device="cpu")
    assert list(effects_of(explained)) == ["effect_image_1_attribute", "effect_image_1"]
    told = explained["base_logit"] + effects_of(explained).sum(axis=1)
    assert told.to_numpy() == pytest.approx(explained["logit"].to_numpy(), abs=1e-6)


def test_the_attribute_that_matters_comes_first(town, model):
    tiles, imagery = town
    explained = model.explain(tiles, [imagery], device="cpu")
    strength = effects_of(explained).abs().mean()
    assert strength.idxmax() == "effect_aadt"
    assert strength["effect_aadt"] > 3 * strength["effect_width"]
    assert np.corrcoef(explained["effect_aadt"], tiles["aadt"])[0, 1] > 0.8


def test_labels_at_random_leave_no_such_order(town, model):
    tiles, imagery = town
    shuffled = tiles.assign(label=np.random.default_rng(0).permutation(tiles["label"]))
    nonsense = train_model(shuffled, "label", FEATURES, [imagery], **QUICK)
    real, none = (
        effects_of(m.explain(tiles, [imagery], device="cpu"))["effect_aadt"].abs().mean() for m in (model, nonsense)
    )
    assert none < 0.4 * real


def test_attributes_taken_away_by_their_effect_lower_the_risk_faster_than_others(town, model):
    tiles, imagery = town
    high = tiles.iloc[np.argsort(-model.predict(tiles, [imagery], device="cpu")["risk"].to_numpy())[:30]]
    effects = model.explain(high, [imagery], device="cpu")[["effect_aadt", "effect_width"]].to_numpy()
    typical = {attribute.name: attribute.typical for attribute in model.manifest.attributes}

    def without(columns):
        changed = high.copy()
        for row, column in enumerate(columns):
            name = FEATURES[column]
            changed.loc[changed.index[row], name] = typical[name]
        return logit_of(model.predict(changed, [imagery], device="cpu")["risk"]).mean()

    first, last = effects.argmax(axis=1), effects.argmin(axis=1)
    assert without(first) < without(last) - 1


def test_reasons_are_words_with_values_and_never_claim_a_cause(town, model):
    tiles, imagery = town
    explained = model.explain(tiles, [imagery], device="cpu")
    highest = explained.loc[explained["effect_aadt"].idxmax(), "why"]
    lowest = explained.loc[explained["effect_aadt"].idxmin(), "why"]
    assert "aadt" in highest
    assert "against a typical" in highest
    assert "raises it" in highest
    assert "lowers it" in lowest
    assert not explained["why"].str.contains("caus", case=False).any()


def test_missing_cells_and_missing_imagery_are_told(town, model):
    tiles, imagery = town
    away = tiles.iloc[:4].copy()
    away["aadt"] = np.nan
    away.geometry = away.geometry.translate(1e5, 0)
    both = pd.concat([tiles.iloc[:4], away])
    explained = model.explain(both, [imagery], device="cpu")
    effect = explained["effect_image_1"].abs().to_numpy()
    assert (effect[4:] < 1e-6).all()
    assert (effect[:4] > 0.1).any()
    assert not explained["why"].iloc[4:].str.contains("aadt nan").any()
    assert (
        explained["why"].str.contains("aadt missing") == (explained["effect_aadt"].abs() >= 0.1) & both["aadt"].isna()
    ).all()


def test_text_is_told_by_its_levels(town):
    tiles, _ = town
    classes = np.where(tiles["aadt"] > 5000, "trunk", "lane")
    named = tiles.assign(road=classes)
    model = train_model(named, "label", ["road"], **{**QUICK, "backbone": "auto"})
    explained = model.explain(named, device="cpu")
    told = explained["why"][classes != model.manifest.attributes[0].categories[0]]
    assert told.str.contains("instead of the usual").all()


def test_same_seed_same_explanation(town, model):
    tiles, imagery = town
    first, second = (model.explain(tiles.iloc[:20], [imagery], device="cpu", seed=5) for _ in range(2))
    assert effects_of(first).equals(effects_of(second))


def test_saliency_lies_on_the_tiles_without_seams(town, model, tmp_path):
    tiles, imagery = town
    some = tiles.iloc[:28]
    path = tmp_path / "saliency.tif"
    model.explain(some, [imagery], saliency=path, device="cpu")
    with rasterio.open(path) as raster, rasterio.open(imagery) as picture:
        values = raster.read(1)
        assert raster.crs == picture.crs
        assert raster.bounds == pytest.approx(tuple(some.total_bounds))
        assert raster.res == pytest.approx((100 / 8, 100 / 8))
        assert np.isnan(raster.nodata)
    assert np.isfinite(values).all()
    assert np.abs(values).max() > 0


def test_what_cannot_be_explained_is_said(town, model, tmp_path):
    tiles, imagery = town
    table = train_model(tiles, "label", FEATURES, **{**QUICK, "backbone": "auto"})
    with pytest.raises(MMRiskError, match="no raster"):
        table.explain(tiles, saliency=tmp_path / "s.tif", device="cpu")
    with pytest.raises(MMRiskError, match="no field 'aadt'"):
        model.explain(tiles.drop(columns="aadt"), [imagery], device="cpu")
    far = tiles.iloc[[0, 1]].copy()
    far.loc[far.index[1], "geometry"] = far.geometry.iloc[1].buffer(0)
    far.geometry = [
        far.geometry.iloc[0],
        far.geometry.iloc[1].__class__(np.array(far.geometry.iloc[1].exterior.coords) + 9e5),
    ]
    with pytest.raises(MMRiskError, match="Select fewer tiles"):
        model.explain(far, [imagery], saliency=tmp_path / "s.tif", device="cpu")
    assert not list(tmp_path.iterdir())


def test_the_job_writes_what_it_promises_and_nothing_when_cancelled(town, model, tmp_path):
    tiles, imagery = town
    model.save(tmp_path / "m.safetensors")
    write_layer(tiles.iloc[:30], tmp_path / "tiles.gpkg")
    given = {"tiles": str(tmp_path / "tiles.gpkg"), "images": [str(imagery)], "model": str(tmp_path / "m.safetensors")}
    outputs = {"output": str(tmp_path / "why.gpkg"), "saliency": str(tmp_path / "why.tif")}
    cancelled = Progress(is_cancelled=lambda: True)
    with pytest.raises(Cancelled):
        make_job("explain", {**given, **outputs}).run(cancelled)
    assert not (tmp_path / "why.gpkg").exists()
    assert not (tmp_path / "why.tif").exists()
    result = make_job("explain", {**given, **outputs}).run(Progress())
    assert result["tile_count"] == 30
    assert json.loads(result["recipe"]) is not None
    assert (tmp_path / "why.gpkg").is_file()
    assert (tmp_path / "why.tif").is_file()
    assert RiskModel.load(tmp_path / "m.safetensors").manifest == model.manifest
