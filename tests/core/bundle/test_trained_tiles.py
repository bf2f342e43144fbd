"""Tiles that a model learnt from are told again wherever they come from, and get the answer of what has not seen them."""

from __future__ import annotations

import dataclasses

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import torch
from sklearn.metrics import roc_auc_score

from mmrisk_core import MMRiskError, RiskModel, train_model
from mmrisk_core.bundle.trained_tiles import NOT_LEARNT_FROM
from mmrisk_core.inference.risk_columns import RISK_COLUMNS
from mmrisk_core.training.train import CLASS_SHARES
from tests.core.factories import QUICK, make_tiles, rewrite

ARCHITECTURES = ("stacked", "concat", "gated", "film")
NOISE = [f"noise_{k}" for k in range(30)]


@pytest.fixture(scope="module")
def tiles(town):
    return town.tiles


@pytest.fixture(scope="module")
def loaded(table_model, tmp_path_factory):
    return RiskModel.load(table_model.save(tmp_path_factory.mktemp("loaded") / "model.safetensors"))


def fold_of(model, tiles) -> np.ndarray:
    return model.trained_tiles.fold_of(tiles, torch.from_numpy(tiles[["roads_length"]].to_numpy()).float(), [])


def fold_by_place(tiles: gpd.GeoDataFrame, loaded: RiskModel) -> dict[tuple[int, int], int]:
    return dict(zip(zip(tiles["row"], tiles["col"], strict=True), fold_of(loaded, tiles).tolist(), strict=True))


def test_each_tile_is_in_the_fold_that_it_was_left_out_with(table_model, loaded, tiles):
    assert fold_of(loaded, tiles).tolist() == table_model.evidence.fold.tolist()


@pytest.mark.parametrize("crs", [4326, 3857, 26986, 2249, "EPSG:32618"])
def test_in_any_crs_and_order(loaded, tiles, crs):
    known = fold_by_place(tiles, loaded)
    mixed = tiles.to_crs(crs).sample(frac=1, random_state=0)[["geometry", "roads_length", "row", "col"]]
    assert fold_by_place(mixed, loaded) == known
    assert (fold_of(loaded, mixed) >= 0).all()


@pytest.mark.parametrize(
    ("right", "up", "known"),
    [(0, 0, 16 * 16), (49, 49, 16 * 16), (-49, 49, 16 * 16), (51, 0, 15 * 16), (0, 151, 14 * 16), (1e5, 0, 0)],
)
def test_a_shifted_grid_counts_by_half_a_tile(loaded, tiles, right, up, known):
    shifted = tiles.assign(geometry=tiles.translate(right, up))
    assert (fold_of(loaded, shifted) >= 0).sum() == known


@pytest.mark.parametrize("size", [50, 100, 200])
def test_tiles_of_another_size_count_by_their_centre(loaded, tiles, size):
    count = 1600 // size
    others = make_tiles(count + 4, count, size).assign(roads_length=1.0)
    fold = fold_of(loaded, others).reshape(count + 4, count)
    assert (fold[:count] >= 0).all()
    assert (fold[count + 1 :] == NOT_LEARNT_FROM).all()
    if size == 50:
        assert (np.kron(fold_of(loaded, tiles).reshape(16, 16), np.ones((2, 2))) == fold[:count]).all()


def test_on_another_planet_nothing_was_learnt_from(loaded, tiles):
    mars = tiles.set_crs("+proj=utm +zone=19 +a=3396190 +b=3376200 +units=m +no_defs", allow_override=True)
    assert (fold_of(loaded, mars) == NOT_LEARNT_FROM).all()


def test_without_a_place_rows_count_by_what_they_hold(loaded, tiles):
    """Also where the model learnt from tiles on a map."""
    known = fold_of(loaded, tiles)
    table = pd.DataFrame(tiles.drop(columns="geometry"))
    assert fold_of(loaded, table).tolist() == known.tolist()
    assert fold_of(loaded, table.assign(tile_id=table["tile_id"].astype(float))).tolist() == known.tolist()
    mixed = table.sample(frac=1, random_state=3)
    assert fold_of(loaded, mixed).tolist() == known[mixed.index].tolist()
    assert (fold_of(loaded, table.assign(tile_id=table["tile_id"] + 1000)) == NOT_LEARNT_FROM).all()
    assert (fold_of(loaded, table.assign(roads_length=table["roads_length"] + 0.5)) == NOT_LEARNT_FROM).all()


@pytest.mark.parametrize("architecture", ARCHITECTURES)
@pytest.mark.parametrize("options", [{}, {"folds": 2}, {"validation": "none"}, {"prevalence": 0.1}], ids=str)
def test_the_layer_says_what_the_model_was_judged_by(tiles, tmp_path, architecture, options):
    """With noise enough for every tile to be known by heart."""
    rng = np.random.default_rng(5)
    noisy = tiles.assign(**{name: rng.normal(size=len(tiles)) for name in NOISE})
    quick = {**QUICK, "epochs": 3, "architecture": architecture}
    path = train_model(trained := noisy.iloc[:200], "label", ["roads_length", *NOISE], **{**quick, **options})
    model = RiskModel.load(path.save(tmp_path / "model.safetensors"))
    layer = model.predict(noisy, device="cpu")
    assert layer["learnt_from"].tolist() == [1] * 200 + [0] * 56
    seen = layer.iloc[:200]
    assert seen["risk"].to_numpy() == pytest.approx(path.evidence.risk, abs=1e-5)
    figures = model.manifest.validation.figures
    if figures is not None:
        assert roc_auc_score(trained["label"], seen["risk"]) == pytest.approx(figures.auc, abs=1e-9)
    assert np.quantile(seen["risk"], CLASS_SHARES) == pytest.approx(model.manifest.class_breaks, abs=1e-5)
    counts = seen["risk_class"].value_counts()
    assert counts.reindex(range(1, 6), fill_value=0).to_numpy() == pytest.approx(40, abs=1)
    # Every 'risk from' of the report selects its number of tiles of the layer.
    falling = np.sort(path.evidence.risk)[::-1]
    for number in (10, 25, 50, 100):
        assert (seen["risk"] > falling[number - 1 : number + 1].mean()).sum() == number
    assert ((seen["risk_low"] <= seen["risk"]) & (seen["risk"] <= seen["risk_high"])).all()


def test_inspect_what_if_and_explain_say_what_the_layer_says(model, town):
    some = pd.concat([town.tiles.iloc[:12], town.tiles.iloc[-12:].assign(geometry=town.tiles.iloc[-12:].translate(40))])
    far = town.tiles.iloc[50:60].assign(geometry=town.tiles.iloc[50:60].translate(0, 1000))
    some = pd.concat([some, far]).reset_index(drop=True)
    images = [town.ortho]
    layer = model.predict(some, images, device="cpu")
    assert 0 < layer["learnt_from"].sum() < len(some)
    told = model_inspects(model, some, images)
    for name in ("risk", "risk_low", "risk_high", "in_domain", "learnt_from"):
        assert [tile[name] for tile in told] == pytest.approx(layer[name].tolist(), abs=1e-6)
    explained = model.explain(some, images, device="cpu")
    assert explained["risk"].to_numpy() == pytest.approx(layer["risk"].to_numpy(), abs=1e-5)
    effects = explained[[name for name in explained.columns if name.startswith("effect_")]].sum(axis=1)
    assert (explained["base_logit"] + effects).to_numpy() == pytest.approx(explained["logit"].to_numpy(), abs=1e-6)
    changed = what_if_of(model, some, images, {"chance": 3.0})
    assert changed["risk_before"].to_numpy() == pytest.approx(layer["risk"].to_numpy(), abs=1e-6)
    told = model_inspects(model, some, images, {"chance": 3.0})
    assert [tile["risk_before"] for tile in told] == pytest.approx(layer["risk"].tolist(), abs=1e-6)
    assert [tile["risk"] for tile in told] == pytest.approx(changed["risk"].tolist(), abs=1e-6)


def model_inspects(model, tiles, images, change=None):
    from mmrisk_core.explanation import inspect_tiles
    from mmrisk_core.imagery import RasterSource

    sources = [RasterSource(path=str(image)) for image in images]
    return inspect_tiles(model, tiles, sources, change=change, device="cpu")


def what_if_of(model, tiles, images, change):
    from mmrisk_core.explanation import what_if
    from mmrisk_core.imagery import RasterSource

    return what_if(model, tiles, [RasterSource(path=str(image)) for image in images], change=change, device="cpu")


def test_a_changed_row_is_still_the_row_that_was_learnt_from(table_model, tiles):
    table = pd.DataFrame(tiles.drop(columns="geometry"))
    (told, *_) = model_inspects(table_model, table.iloc[:1], [], {"roads_length": 7.0})
    assert told["learnt_from"]


def test_a_model_without_it_speaks_as_before(table_model, tiles, tmp_path):
    """Earlier files have neither the tiles nor what was learnt without each fold."""
    path = table_model.save(tmp_path / "model.safetensors")

    def earlier(manifest):
        del manifest["ensemble"]["unseen"], manifest["trained_place"], manifest["donors_drawn"]

    def no_more(tensors):
        return {name: tensor for name, tensor in tensors.items() if name.partition(".")[0] not in ("trained", "donors")}

    rewrite(path, tensors=no_more, manifest=earlier)
    old = RiskModel.load(path)
    assert (old.trained_tiles, old.donors) == (None, None)
    layer = old.predict(tiles, device="cpu")
    assert (layer["learnt_from"] == 0).all()
    elsewhere = table_model.predict(tiles.assign(geometry=tiles.translate(1e5)), device="cpu")
    names = [name for name in RISK_COLUMNS if name != "learnt_from"]
    pd.testing.assert_frame_equal(pd.DataFrame(layer[names]), pd.DataFrame(elsewhere[names]))


def test_a_layer_of_an_earlier_version_is_predicted_anew(table_model, tiles):
    earlier = table_model.predict(tiles, device="cpu").drop(columns="learnt_from")
    again = table_model.predict(earlier, device="cpu")
    assert list(again.columns) == [*earlier.columns[:10], "learnt_from", *earlier.columns[10:]]


def put_fold(tensors, value):
    return {**tensors, "trained.fold": torch.full_like(tensors["trained.fold"], value)}


@pytest.mark.parametrize(
    "change",
    [
        lambda t: put_fold(t, 3),
        lambda t: put_fold(t, -1),
        lambda t: {**t, "trained.fold": t["trained.fold"].float()},
        lambda t: {**t, "trained.fold": t["trained.fold"][1:]},
        lambda t: {**t, "trained.digests": t["trained.digests"][:0]},
        lambda t: {**t, "trained.centres": t["trained.centres"][:, :1].contiguous()},
        lambda t: {**t, "trained.centres": t["trained.centres"].float()},
        lambda t: {**t, "trained.more": t["trained.fold"] + 0},
        lambda t: {name: tensor for name, tensor in t.items() if name != "trained.centres"},
        lambda t: {name: tensor for name, tensor in t.items() if not name.startswith("trained.")},
    ],
)
def test_what_does_not_fit_is_refused(table_model, tmp_path, change):
    path = table_model.save(tmp_path / "model.safetensors")
    rewrite(path, tensors=change)
    with pytest.raises(MMRiskError, match=r"model.safetensors is damaged: what tells the tiles of its training"):
        RiskModel.load(path)


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:3857", "nonsense", ""])
def test_a_place_that_is_not_measured_in_lengths_is_refused(table_model, tmp_path, crs):
    path = table_model.save(tmp_path / "model.safetensors")
    rewrite(path, manifest=lambda manifest: manifest["trained_place"].update(crs=crs))
    with pytest.raises(MMRiskError, match=r"model.safetensors is damaged at 'trained_place'"):
        RiskModel.load(path)


def test_a_million_tiles_cost_little(loaded):
    """Each is looked up in a slice, as when predicting: a slice in another CRS, where none was learnt from."""
    slice_of = make_tiles(90, 91).assign(roads_length=1.0).to_crs(26986)
    assert (fold_of(loaded, slice_of) >= 0).sum() == 256
    assert dataclasses.replace(loaded.trained_tiles).fold_of(slice_of, torch.zeros(len(slice_of), 1), []).max() < 3
