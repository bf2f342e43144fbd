"""Training and prediction on a town whose risk is known."""

from __future__ import annotations

import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mmrisk_core import Cancelled, MMRiskError, Progress, RiskModel, train_model
from mmrisk_core.evaluation.metrics import auc
from mmrisk_core.inference.intervals import jackknife_error
from mmrisk_core.prediction import RISK_COLUMNS
from mmrisk_core.report import render_card, render_report
from tests.core.factories import LEFT, QUICK, TOP, make_layer, make_tiles, write_raster

ROOT = Path(__file__).parents[3]


def train(town, features=("roads_length",), images=(), tiles=None, label="label", **options):
    return train_model(town.tiles if tiles is None else tiles, label, features, images, **{**QUICK, **options})


@pytest.fixture(scope="module")
def risk(town, model):
    return model.predict(town.tiles, [town.ortho], device="cpu")


# --- what is learnt --------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_attributes_and_imagery_together_beat_either(model):
    validation = model.manifest.validation
    alone = [validation.heads[name].auc for name in ("attributes_linear", "attributes_tabm", "image_linear")]
    assert all(value > 0.6 for value in alone)
    assert validation.figures.auc > 0.8
    assert validation.figures.auc > max(alone) + 0.03
    assert validation.figures.auc_low > 0.7
    assert validation.figures.ece < 0.15
    assert validation.kind == "spatial"
    assert validation.block_size == 200


def test_risk_follows_the_truth(town, model, risk):
    assert auc(risk["risk"].to_numpy(), town.tiles["label"].to_numpy()) > 0.85
    correlation = np.corrcoef(risk["attribute_effect"], town.tiles["roads_length"])[0, 1]
    assert correlation > 0.9
    assert np.abs(np.corrcoef(risk["image_effect"], town.tiles["roads_length"])[0, 1]) < 0.3


def test_a_label_of_chance_teaches_nothing(town):
    tiles = town.tiles.assign(coin=np.random.default_rng(0).integers(0, 2, len(town.tiles)))
    figures = train(town, ["chance"], tiles=tiles, label="coin").manifest.validation.figures
    assert figures.auc_low < 0.5 < figures.auc_high


@pytest.mark.slow
def test_concat_with_the_methods_own_network_learns(town):
    model = train(
        town,
        images=[town.ortho],
        architecture="concat",
        backbone="basic_cnn",
        epochs=25,
        folds=2,
        learning_rate=1e-3,
        image_pixels=32,
    )
    assert model.manifest.ensemble.architecture == "concat"
    assert model.manifest.ensemble.head_names == ("fused",)
    assert model.manifest.validation.figures.auc > 0.75
    risk = model.predict(town.tiles, [town.ortho], device="cpu")
    assert risk["image_effect"].abs().mean() > 0.1
    assert risk["attribute_effect"].abs().mean() > 0.1


@pytest.mark.slow
@pytest.mark.parametrize("architecture", ["stacked", "concat", "gated", "film"])
def test_images_alone(town, architecture):
    model = train(town, (), [town.ortho], architecture=architecture, backbone="efficientnet_lite0", folds=2, epochs=30)
    assert model.manifest.attributes == ()
    assert model.manifest.validation.figures.auc > 0.65
    risk = model.predict(town.tiles, [town.ortho], device="cpu")
    assert (risk["attribute_effect"] == 0).all()
    assert risk["image_effect"].abs().mean() > 0.05


def test_attributes_alone(town, table_model):
    assert table_model.manifest.images == ()
    assert table_model.manifest.ensemble.backbone == "none"
    assert table_model.manifest.validation.figures.auc > 0.65
    risk = table_model.predict(town.tiles, device="cpu")
    assert (risk["image_effect"] == 0).all()
    assert (risk["coverage"] == 1).all()
    assert np.corrcoef(risk["risk"], town.tiles["roads_length"])[0, 1] > 0.9


@pytest.mark.slow
def test_stacked_over_the_methods_own_network(town):
    model = train(town, images=[town.ortho], backbone="basic_cnn", folds=2, epochs=3)
    assert model.predict(town.tiles, [town.ortho], device="cpu")["risk"].between(0, 1).all()


@pytest.mark.slow
def test_several_rasters_and_contexts(town, tmp_path):
    deep = write_raster(tmp_path / "deep.tif", np.full((1, 64, 64), 500, np.uint16), pixel=25)
    model = train(town, images=[town.ortho, deep], context=(1.0, 3.0), folds=2, epochs=2)
    assert [(i.name, i.context, i.dtype) for i in model.manifest.images] == [
        ("ortho", 1, "uint8"), ("ortho", 3, "uint8"), ("deep", 1, "float32"), ("deep", 3, "float32")
    ]  # fmt: skip
    assert model.predict(town.tiles.iloc[:40], [town.ortho, deep], device="cpu")["risk"].between(0, 1).all()


# --- the same again --------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_same_seed_gives_the_same_model_bit_for_bit(town, model, risk):
    again = train_model(town.tiles, "label", ["roads_length", "chance"], [town.ortho], **QUICK)
    assert again.manifest.ensemble == model.manifest.ensemble
    assert again.manifest.validation == model.manifest.validation
    for one, two in zip(model.members, again.members, strict=True):
        for name, tensor in one.state_dict().items():
            assert tensor.equal(two.state_dict()[name]), name
    other = again.predict(town.tiles, [town.ortho], device="cpu")
    assert other["risk"].tolist() == risk["risk"].tolist()


def test_another_seed_gives_another_model_and_a_large_one_is_no_trouble(town, table_model):
    other = train(town, seed=2**40)
    assert other.manifest.ensemble.head_weights != table_model.manifest.ensemble.head_weights


@pytest.mark.slow
def test_saved_models_predict_the_same_in_another_process(town, model, risk, tmp_path):
    expected = {"stacked": risk}
    model.save(tmp_path / "stacked.safetensors")
    for architecture, backbone in (("gated", "efficientnet_lite0"), ("film", "basic_cnn")):
        other = train(
            town, ["chance"], [town.ortho], architecture=architecture, backbone=backbone,
            folds=2, epochs=1, image_pixels=32, validation="none",
        )  # fmt: skip
        other.save(tmp_path / f"{architecture}.safetensors")
        expected[architecture] = other.predict(town.tiles, [town.ortho], device="cpu")
    town.tiles.to_pickle(tmp_path / "tiles.pickle")
    script = (
        "import sys, pandas, numpy, torch\n"
        "from mmrisk_core import RiskModel\n"
        "torch.set_num_threads(1)\n"
        "folder, ortho = sys.argv[1:]\n"
        f"for name in {list(expected)!r}:\n"
        "    model = RiskModel.load(f'{folder}/{name}.safetensors')\n"
        "    risk = model.predict(pandas.read_pickle(f'{folder}/tiles.pickle'), [ortho], device='cpu')\n"
        f"    numpy.save(f'{{folder}}/{{name}}.npy', risk[{list(RISK_COLUMNS)!r}].to_numpy(dtype=float))\n"
    )
    subprocess.run([sys.executable, "-c", script, str(tmp_path), str(town.ortho)], check=True, cwd=ROOT)
    for name, here in expected.items():
        there = np.load(tmp_path / f"{name}.npy")
        assert (there == here[list(RISK_COLUMNS)].to_numpy(dtype=float)).all(), name


def test_the_batch_size_changes_nothing(town, model, risk):
    small = model.predict(town.tiles, [town.ortho], device="cpu", batch_size=7)
    assert small["risk"].to_numpy() == pytest.approx(risk["risk"].to_numpy(), abs=1e-5)


# --- validation, gaps ------------------------------------------------------------------------------------------------


def test_random_and_no_validation(town):
    random = train(town, validation="random").manifest.validation
    assert (random.kind, random.block_size) == ("random", None)
    assert random.figures.auc > 0.65
    none = train(town, validation="none")
    assert none.manifest.validation.figures is None
    assert none.manifest.validation.heads == {}
    assert none.predict(town.tiles, device="cpu")["risk"].between(0, 1).all()


@pytest.mark.slow
def test_tiles_without_label_imagery_or_values_are_normal(town, tmp_path):
    tiles = town.tiles.copy()
    tiles["label"] = tiles["label"].astype(float)
    tiles.loc[3:9, "label"] = math.nan
    tiles["sparse"] = tiles["roads_length"].where(np.arange(len(tiles)) % 3 > 0)
    tiles["nothing"] = None
    tiles["wild"] = np.where(np.arange(len(tiles)) % 50 == 0, -1.797693134862315e308, tiles["chance"])
    half = write_raster(tmp_path / "half.tif", np.full((3, 256, 512), 90, np.uint8), pixel=3.125)
    messages = []
    model = train(
        town, ["sparse", "nothing", "wild"], [half], tiles=tiles, folds=2, progress=Progress(log=messages.append)
    )
    assert any("7 tiles without label" in message for message in messages)
    assert any("tiles have no imagery and are left out" in message for message in messages)
    assert any("nothing" in message for message in messages)
    assert [a.missing_share for a in model.manifest.attributes] == pytest.approx([1 / 3, 1, 0.02], abs=0.02)
    assert model.manifest.provenance.tiles == len(tiles) / 2 - 7
    risk = model.predict(tiles, [half], device="cpu")
    numbers = risk[list(RISK_COLUMNS)].to_numpy(dtype=float)
    assert np.isfinite(numbers).all()
    bottom = risk["row"] >= 8
    assert (risk.loc[bottom, "coverage"] == 0).all()
    assert (risk.loc[bottom, "image_effect"] == 0).all()
    assert (risk.loc[bottom, "in_domain"] == 0).all()
    model.save(tmp_path / "gaps.safetensors")
    assert RiskModel.load(tmp_path / "gaps.safetensors").manifest == model.manifest


def test_tiles_of_free_polygons_in_degrees(town):
    tiles = town.tiles.drop(columns=["row", "col"]).to_crs(4326)
    tiles.attrs = {}
    model = train(town, tiles=tiles)
    assert model.manifest.validation.block_size == 200
    assert model.manifest.provenance.tile_size == pytest.approx(100, rel=0.05)
    assert model.manifest.provenance.crs == "EPSG:4326"


def test_a_model_knows_where_it_comes_from(town, model):
    origin = model.manifest.provenance
    assert (origin.crs, origin.tile_size, origin.tiles, origin.seed) == ("EPSG:32619", 100, 256, 1)
    assert origin.extent == (LEFT, TOP - 1600, LEFT + 1600, TOP)
    assert origin.ones == town.tiles["label"].sum()
    assert origin.device.startswith(QUICK["device"])
    assert {"mmrisk", "torch"} <= set(origin.versions)
    assert model.manifest.recipe.joins[0].prefix == "roads_"
    assert model.manifest.recipe.label.layer == "crashes"
    assert [(a.name, a.unit) for a in model.manifest.attributes] == [("roads_length", "m"), ("chance", "")]


# --- the risk layer --------------------------------------------------------------------------------------------------


def test_the_columns_of_the_risk_layer(town, risk):
    expected = ["tile_id", *RISK_COLUMNS, "row", "col", "roads_length", "events", "label", "chance", "geometry"]
    assert list(risk.columns) == expected
    assert risk["tile_id"].tolist() == town.tiles["tile_id"].tolist()
    assert risk.crs == town.tiles.crs
    assert (risk["risk_low"] <= risk["risk"]).all()
    assert (risk["risk"] <= risk["risk_high"]).all()
    assert (risk["risk_high"] - risk["risk_low"]).mean() > 0.01
    assert sorted(risk["rank"]) == list(range(1, len(risk) + 1))
    assert risk.sort_values("rank")["risk"].is_monotonic_decreasing
    assert risk["risk_class"].between(1, 5).all()
    assert risk.sort_values("risk")["risk_class"].is_monotonic_increasing
    assert (risk["coverage"] == 1).all()
    assert risk["in_domain"].mean() > 0.9
    assert risk.attrs["device"].startswith("cpu")
    assert risk.attrs["mmrisk_recipe"] == town.tiles.attrs["mmrisk_recipe"]


def test_predicting_on_a_risk_layer_replaces_its_columns(town, model, risk):
    again = model.predict(risk.assign(risk=9.0), [town.ortho], device="cpu")
    assert list(again.columns) == list(risk.columns)
    assert again["risk"].tolist() == risk["risk"].tolist()


def test_tiles_unlike_the_training_are_out_of_the_domain(town, table_model):
    tiles = town.tiles.iloc[:3].assign(roads_length=[40.0, 5_000.0, -5_000.0])
    assert table_model.predict(tiles, device="cpu")["in_domain"].tolist() == [1, 0, 0]


def test_the_interval_is_that_of_the_jackknife():
    logits = np.array([[1.0, 0.0], [2.0, 0.0], [3.0, 0.0]])
    assert jackknife_error(logits) == pytest.approx([2.919986 * math.sqrt(2 / 3 * 2), 0.0], rel=1e-5)
    assert jackknife_error(logits[:1]).tolist() == [0, 0]


# --- what cannot be trained on ---------------------------------------------------------------------------------------


def change(**columns):
    return lambda tiles: tiles.assign(**columns)


@pytest.mark.parametrize(
    ("tiles", "options", "words"),
    [
        (change(label=1), {}, "All 256 tiles have the label 1"),
        (lambda t: t.iloc[:0], {}, "'tiles' is empty"),
        (lambda t: t.iloc[:19], {}, "Only 19 tiles have a label; at least 20"),
        (change(roads_length=3.0), {}, r"All attributes are constant \(roads_length\)"),
        (change(roads_length=None), {}, r"All attributes are constant \(roads_length\)"),
        (None, {"label": "risky"}, "'tiles' have no field 'risky'"),
        (None, {"features": ["label"]}, "'label' is what the label was made from"),
        (None, {"features": ["roads_length", "events"]}, "'events' is what the label was made from"),
        (change(events_excess=1.0), {"features": ["events_excess"]}, "'events_excess' is what the label was made from"),
        (change(events_lat=1.0), {"features": ["events_lat"]}, "'events_lat' is what the label was made from"),
        (change(label_late=1.0), {"features": ["label_late"]}, "'label_late' is what the label was made from"),
        (change(label_later=1.0), {"features": ["label_later"]}, "'label_later' is what the label was made from"),
        (None, {"label": "roads_length", "features": ["chance"]}, "'roads_length' must be 0 or 1"),
        (change(label="high"), {}, "'label' must be 0 or 1"),
        (None, {"features": ["lanes"]}, "no field 'lanes'"),
        (change(name="x"), {"features": ["name"]}, r"All attributes are constant \(name\)"),
        (
            change(day=pd.Timestamp("2024-05-01")),
            {"features": ["day"]},
            "'day' of the tiles is neither a number nor text",
        ),
        (None, {"features": []}, "nothing to learn from"),
        (None, {"architecture": "sum"}, "no architecture 'sum'. Use stacked, concat, gated, film"),
        (None, {"backbone": "resnet"}, "no backbone 'resnet'"),
        (None, {"weights": "resnet.pth"}, "takes no weights file"),
        (None, {"folds": 1}, "At least 2 folds"),
        (None, {"context": (0.5,)}, "context"),
        (None, {"block_size": 5000.0}, "only 1 spatial block, "),
        (lambda t: t.set_crs(None, allow_override=True), {}, "'tiles' has no coordinate reference system"),
        (lambda t: t.set_geometry(t.centroid), {}, "256 of 256 features of the tile layer 'tiles' are no polygons"),
    ],
)
def test_what_cannot_be_trained_on_is_said(town, tiles, options, words):
    changed = tiles(town.tiles) if tiles else town.tiles
    changed.attrs = dict(town.tiles.attrs)
    with pytest.raises(MMRiskError, match=words):
        train(town, tiles=changed, **options)


@pytest.mark.slow
def test_a_label_may_be_true_and_false_or_text(town):
    for values in (town.tiles["label"] == 1, town.tiles["label"].astype(str), town.tiles["label"].astype("Int64")):
        model = train(town, tiles=town.tiles.assign(label=values), folds=2, epochs=1)
        assert model.manifest.provenance.ones == town.tiles["label"].sum()


def test_an_attribute_with_one_value_is_left_out_of_account_but_said(town):
    messages = []
    train(
        town, ["roads_length", "same"], tiles=town.tiles.assign(same=1), folds=2, epochs=1,
        progress=Progress(log=messages.append),
    )  # fmt: skip
    assert "same" in messages[1]


def test_training_can_be_cancelled(town):
    seen = []

    def report(fraction, message):
        seen.append(fraction)

    with pytest.raises(Cancelled):
        train(town, images=[town.ortho], progress=Progress(report=report, is_cancelled=lambda: len(seen) > 20))
    assert seen == sorted(seen)
    assert seen[-1] < 1


# --- what cannot be predicted ----------------------------------------------------------------------------------------


def test_what_cannot_be_predicted_is_said(town, model, tmp_path):
    grey = write_raster(tmp_path / "grey.tif", np.full((1, 64, 64), 5, np.uint8), pixel=25)
    cases = [
        (town.tiles.drop(columns="chance"), [town.ortho], "'tiles' have no field 'chance'"),
        (town.tiles.assign(chance="x"), [town.ortho], "'chance' of the tiles is not a number but text \\('x'\\)"),
        (town.tiles, [], r"expects 1 raster \('ortho'\), in this order; 0 were given"),
        (town.tiles, [town.ortho, town.ortho], "2 were given"),
        (town.tiles, [grey], r"expects 3 bands in 'ortho' .*; grey.tif has 1"),
        (town.tiles, [tmp_path / "none.tif"], r"none.tif does not exist"),
        (town.tiles.iloc[:0], [town.ortho], "is empty"),
        (make_tiles(2, 2).assign(roads_length=1, chance=1).translate(1e5), [town.ortho], "do not overlap"),
        (town.tiles.set_geometry(town.tiles.centroid), [town.ortho], "no polygons"),
    ]
    for tiles, images, words in cases:
        if isinstance(tiles, pd.Series):
            tiles = make_layer(list(tiles), "tiles", roads_length=[1.0] * 4, chance=[1.0] * 4)
        with pytest.raises(MMRiskError, match=words):
            model.predict(tiles, images, device="cpu")


def test_prediction_can_be_cancelled(town, table_model):
    with pytest.raises(Cancelled):
        table_model.predict(town.tiles, device="cpu", progress=Progress(is_cancelled=lambda: True))


def test_attributes_of_the_events_layer_are_named(town):
    """Joined from the crashes themselves, an attribute holds the answer."""
    from mmrisk_core.geo.recipe import JoinStep, LabelStep, attach_recipe, recipe_of

    tiles = town.tiles.copy()
    tiles.attrs = dict(town.tiles.attrs)
    leak = JoinStep(layer="crashes", geometry="point", statistics=("count",), prefix="crash_")
    label = LabelStep(layer="crashes", rule="count", threshold=1)
    attach_recipe(tiles, recipe_of(tiles).with_join(leak).model_copy(update={"label": label}))
    tiles["crash_count"] = tiles["label"] * (2 + np.arange(len(tiles)) % 3)
    said: list[str] = []
    for validation in ("spatial", "none"):
        model = train_model(
            tiles,
            "label",
            ["crash_count", "chance"],
            folds=2,
            epochs=2,
            validation=validation,
            progress=Progress(log=said.append),
        )
        assert any("'crash_count' comes from the events" in sentence for sentence in said)
        assert model.manifest.validation.leaking == ("crash_count",)
        pages = [render_card(model.manifest)]
        if validation == "spatial":
            pages.append(render_report(model))
        for page in pages:
            assert 'class="warning alarm"' in page
            assert "only learns to count these events again" in page
