"""Why a tile has its risk: contributions that add up, reasons in words, saliency that lies where it belongs."""

import json

import numpy as np
import pandas as pd
import pytest
import rasterio
from factories import make_town
from scipy.special import logit as logit_of

from mmrisk_core import Cancelled, MMRiskError, Progress, RiskModel, train_model
from mmrisk_core.jobs import make_job
from mmrisk_core.vectors import write_layer

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


@pytest.mark.parametrize("architecture", ["stacked", "concat", "gated", "film"])
def test_contributions_add_up_to_the_prediction(town, architecture):
    tiles, imagery = town
    model = train_model(tiles, "label", FEATURES, [imagery], architecture=architecture, **{**QUICK, "epochs": 2})
    some = tiles.iloc[:40].copy()
    some.loc[some.index[3], "aadt"] = np.nan
    explained = model.explain(some, [imagery], device="cpu")
    told = explained["base_logit"] + effects_of(explained).sum(axis=1)
    assert told.to_numpy() == pytest.approx(explained["logit"].to_numpy(), abs=1e-6)
    risk = model.predict(some, [imagery], device="cpu")["risk"].to_numpy()
    assert explained["risk"].to_numpy() == pytest.approx(risk, abs=1e-5)
    assert explained["logit"].to_numpy() == pytest.approx(logit_of(risk), abs=1e-4)


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
        return model.predict(changed, [imagery], device="cpu")["risk"].mean()

    first, last = effects.argmax(axis=1), effects.argmin(axis=1)
    assert without(first) < without(last) - 0.1


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


def test_saliency_finds_what_the_model_looks_at(tmp_path):
    """A white square somewhere in a tile makes it high-risk; the strongest patch is to lie in it (Zhang 2018)."""
    town = make_town(tmp_path, side=14)
    random = np.random.default_rng(0)
    pixels = random.normal(90, 4, (3, 14 * 32, 14 * 32))
    tiles = town.tiles.copy()
    tiles["label"] = (random.random(len(tiles)) < 0.5).astype(int)
    with rasterio.open(town.ortho) as raster:
        profile, transform = raster.profile, raster.transform
    squares = {}
    for row, (label, (left, _, _, top)) in enumerate(zip(tiles["label"], tiles.bounds.to_numpy(), strict=True)):
        column, line = (round(value) for value in ~transform * (left, top))
        if label:
            right, down = random.integers(0, 3, 2) * 8 + 4
            squares[row] = (right, down)
            pixels[:, line + down : line + down + 8, column + right : column + right + 8] = 240
    path = tmp_path / "squares.tif"
    with rasterio.open(path, "w", **{**profile, "count": 3, "dtype": "uint8"}) as raster:
        raster.write(pixels.clip(1, 255).astype(np.uint8))
    model = train_model(tiles, "label", [], [path], **QUICK)
    out = tmp_path / "saliency.tif"
    model.explain(tiles, [path], saliency=out, device="cpu")
    with rasterio.open(out) as raster:
        values = raster.read(1)
    hits = []
    for row, (right, down) in squares.items():
        left, _, _, top = tiles.bounds.to_numpy()[row]
        with rasterio.open(out) as raster:
            first_row, first_column = (round(v) for v in (~raster.transform * (left, top))[::-1])
        patch = values[first_row : first_row + 8, first_column : first_column + 8]
        y, x = np.unravel_index(np.argmax(patch), patch.shape)
        # A patch is 4 pixels wide; it counts where it touches the square.
        hits.append(right - 4 < x * 4 < right + 8 and down - 4 < y * 4 < down + 8)
    assert np.mean(hits) > 0.8


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
