"""A saved model on other labelled tiles."""

from __future__ import annotations

import dataclasses
import json
import math

import numpy as np
import pytest
import rasterio
from shapely.affinity import translate
from sklearn.metrics import roc_auc_score

from mmrisk_core import MMRiskError, Progress
from mmrisk_core.cli import main
from mmrisk_core.geo.layer_writing import write_layer
from mmrisk_core.jobs import make_job
from mmrisk_core.report import render_evaluation_report, write_evaluation_report
from tests.core.factories import LEFT, TOP, make_layer, make_tiles, make_town, write_raster

EAST = 5000.0


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory):
    """Tiles and imagery of another town of the same kind, 5 km to the east of the first."""
    folder = tmp_path_factory.mktemp("elsewhere")
    other = make_town(folder, side=10, seed=7)
    tiles = other.tiles.assign(geometry=other.tiles.translate(EAST))
    tiles.attrs = dict(other.tiles.attrs)
    with rasterio.open(other.ortho) as raster:
        ortho = write_raster(folder / "east.tif", raster.read(), left=LEFT + EAST, top=TOP, pixel=100 / 32)
    return tiles, ortho


@pytest.fixture(scope="module")
def evaluation(model, elsewhere):
    tiles, ortho = elsewhere
    return model.evaluate(tiles, "label", [ortho], device="cpu")


def test_the_figures_are_those_of_the_predictions(model, elsewhere, evaluation):
    tiles, ortho = elsewhere
    risk = model.predict(tiles, [ortho], device="cpu")
    assert evaluation.figures.tiles == 100
    assert evaluation.figures.auc == pytest.approx(roc_auc_score(tiles["label"], risk["risk"]))
    assert evaluation.figures.auc_low < evaluation.figures.auc < evaluation.figures.auc_high
    assert evaluation.figures.auc > 0.75
    assert evaluation.mean_predicted == pytest.approx(risk["risk"].mean())
    assert evaluation.observed == pytest.approx(tiles["label"].mean())
    assert evaluation.tiles_inside == risk["in_domain"].sum()
    assert evaluation.inside.tiles == evaluation.tiles_inside
    assert evaluation.extent == (LEFT + EAST, TOP - 1000, LEFT + EAST + 1000, TOP)
    assert (evaluation.tile_size, evaluation.crs) == (100, "EPSG:32619")
    assert len(np.unique(evaluation.evidence.block)) == 25
    assert evaluation.device.startswith("cpu")


def test_another_town_is_a_test_and_the_same_is_none(model, table_model, town, evaluation):
    assert (evaluation.tiles_seen, evaluation.warning) == (0, None)
    said: list[str] = []
    same = table_model.evaluate(town.tiles, "label", device="cpu", progress=Progress(log=said.append))
    assert (same.tiles_seen, same.tiles_learnt_from) == (256, 256)
    assert "The model learnt from 256 of 256 tiles." in same.warning
    assert "in the extent" not in same.warning
    promised = table_model.manifest.validation.figures
    assert (same.figures.auc, same.figures.brier) == pytest.approx((promised.auc, promised.brier))
    assert any("this is no test" in sentence for sentence in said)
    assert "this is no test" in render_evaluation_report(table_model, same)
    assert "this is no test" not in render_evaluation_report(model, evaluation)


def test_overlap_is_seen_in_any_crs(table_model, town):
    tiles = town.tiles.drop(columns=["row", "col"]).to_crs(4326)
    assert table_model.evaluate(tiles, "label", device="cpu").tiles_seen == 256
    far = town.tiles.assign(geometry=town.tiles.translate(800))
    there = table_model.evaluate(far, "label", device="cpu")
    assert (there.tiles_seen, there.tiles_learnt_from) == (128, 128)
    assert "The model learnt from 128 of 256 tiles." in there.warning


def test_tiles_between_those_that_it_learnt_from_are_told_apart(table_model, town):
    trained, half = table_model.trained_tiles, slice(None, None, 2)
    sparse = dataclasses.replace(
        trained, fold=trained.fold[half], digests=trained.digests[half], centres=trained.centres[half]
    )
    same = dataclasses.replace(table_model, trained_tiles=sparse).evaluate(town.tiles, "label", device="cpu")
    assert (same.tiles_seen, same.tiles_learnt_from) == (256, 128)
    assert "The model learnt from 128 of 256 tiles." in same.warning
    assert "128 more of 256 tiles lie in the extent that the model was trained in" in same.warning
    earlier = table_model.manifest.ensemble.model_copy(update={"unseen": ()})
    manifest = table_model.manifest.model_copy(update={"ensemble": earlier})
    before = dataclasses.replace(table_model, manifest=manifest, trained_tiles=None)
    warning = before.evaluate(town.tiles, "label", device="cpu").warning
    assert warning.startswith("256 of 256 tiles lie in the extent that the model was trained in")


def test_the_report_says_where_and_how(model, evaluation, tmp_path):
    path = write_evaluation_report(model, evaluation, tmp_path / "report.html")
    html = path.read_text(encoding="utf-8")
    figures = evaluation.figures
    assert f"{figures.auc:.3f}" in html
    assert f"{figures.auc_low:.3f} to {figures.auc_high:.3f}" in html
    assert "In its own validation, on places not seen, the AUC was" in html
    assert f"On average it predicts {evaluation.mean_predicted:.1%}, and {evaluation.observed:.1%}" in html
    assert "Inside the area of applicability" in html
    assert "extent 335000, 4689000, 336000, 4690000" in html
    assert html.count("data:image/jpeg") == 24
    assert "<script" not in html
    assert "Folds" not in html


@pytest.mark.slow
def test_its_promise_is_held_against_what_it_does_here(model, evaluation):
    promised = model.manifest.validation.figures

    def with_auc(auc):
        figures = promised.model_copy(update={"auc": auc, "auc_low": auc - 0.03, "auc_high": auc + 0.04})
        validation = model.manifest.validation.model_copy(update={"figures": figures})
        manifest = model.manifest.model_copy(update={"validation": validation})
        return render_evaluation_report(dataclasses.replace(model, manifest=manifest), evaluation)

    here = evaluation.figures
    half = math.hypot(0.035, (here.auc_high - here.auc_low) / 2)
    assert "here it keeps that, as far as can be told" in with_auc(here.auc + 0.9 * half)
    assert f"here it is {1.5 * half:.2f} less ({0.5 * half:.2f} to {2.5 * half:.2f})" in with_auc(here.auc + 1.5 * half)
    assert " more (" in with_auc(here.auc - 1.5 * half)


def test_probabilities_that_are_too_low_are_called_so(model, elsewhere):
    tiles, ortho = elsewhere
    many = tiles.assign(label=np.maximum(tiles["label"], (tiles["roads_length"] > 20).astype(int)))
    html = render_evaluation_report(model, model.evaluate(many, "label", [ortho], device="cpu"))
    assert "its probabilities are too low, by a factor of" in html


def test_what_is_the_other_way_round_is_said(table_model, town):
    turned = table_model.evaluate(town.tiles.assign(label=1 - town.tiles["label"]), "label", device="cpu")
    assert "High-risk tiles are ranked below those labelled 0" in render_evaluation_report(table_model, turned)
    coin = np.random.default_rng(0).permutation(town.tiles["label"])
    chance = table_model.evaluate(town.tiles.assign(label=coin), "label", device="cpu")
    assert "no measurable signal" in render_evaluation_report(table_model, chance)


def test_tiles_unlike_the_training(table_model, elsewhere):
    strange = elsewhere[0].assign(roads_length=elsewhere[0]["roads_length"] + 1e5)
    evaluation = table_model.evaluate(strange, "label", device="cpu")
    assert (evaluation.tiles_inside, evaluation.inside) == (0, None)
    assert "0 tiles are like those that it learnt from" in render_evaluation_report(table_model, evaluation)


def test_tiles_without_imagery_are_left_out(model, elsewhere):
    tiles, ortho = elsewhere
    half = tiles.assign(geometry=[g if i < 50 else translate(g, 20_000) for i, g in enumerate(tiles.geometry)])
    said: list[str] = []
    seen = model.evaluate(half, "label", [ortho], device="cpu", progress=Progress(log=said.append))
    assert seen.figures.tiles == 50
    assert any("50 of 100 tiles have no imagery and are left out" in sentence for sentence in said)


def change(**columns):
    return lambda tiles: tiles.assign(**columns)


@pytest.mark.parametrize(
    ("tiles", "label", "words"),
    [
        (change(label=1), "label", "All 256 tiles have the label 1. An evaluation needs both 0 and 1"),
        (lambda t: t.iloc[:19], "label", "Only 19 tiles have a label; at least 20 are needed"),
        (None, "risky", "have no field 'risky'"),
        (change(label=[0.5] * 256), "label", "'label' must be 0 or 1"),
        (lambda t: t.drop(columns="roads_length"), "label", "no field 'roads_length'"),
        (lambda t: t.set_crs(None, allow_override=True), "label", "no coordinate reference system"),
        (lambda t: t.set_geometry(t.centroid), "label", "no polygons"),
        (lambda t: t.iloc[:0], "label", "is empty"),
    ],
)
def test_what_cannot_be_judged_is_said(town, table_model, tiles, label, words):
    changed = tiles(town.tiles) if tiles else town.tiles
    changed.attrs = dict(town.tiles.attrs)
    with pytest.raises(MMRiskError, match=words):
        table_model.evaluate(changed, label, device="cpu")


def test_too_few_blocks_are_said(town, table_model):
    tiles = make_tiles(2, 2)
    crowd = make_layer([*list(tiles.geometry) * 6], "crowd", label=[0, 1] * 12, roads_length=[5.0] * 24)
    with pytest.raises(MMRiskError, match="make only 1 spatial block of 200 m"):
        table_model.evaluate(crowd, "label", device="cpu")


def test_imagery_that_is_not_given_is_asked_for(model, elsewhere):
    with pytest.raises(MMRiskError, match=r"expects 1 raster \('ortho'\)"):
        model.evaluate(elsewhere[0], "label", device="cpu")


def test_the_job_gives_report_and_figures(model, elsewhere, evaluation, tmp_path):
    tiles, ortho = elsewhere
    model.save(tmp_path / "model.safetensors")
    write_layer(tiles, tmp_path / "tiles.gpkg")
    parameters = {
        "tiles": str(tmp_path / "tiles.gpkg"), "label": "label", "images": [str(ortho)], "device": "cpu",
        "model": str(tmp_path / "model.safetensors"),
    }  # fmt: skip
    fractions: list[float] = []
    progress = Progress(report=lambda fraction, _: fractions.append(fraction))
    result = make_job("evaluate", {**parameters, "report": str(tmp_path / "report.html")}).run(progress)
    for name in ("auc", "auc_low", "auc_high", "average_precision", "brier", "ece"):
        assert result[name] == pytest.approx(getattr(evaluation.figures, name))
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1
    json.dumps(result, allow_nan=False)
    assert "tiles of &#39;tiles&#39;" in (tmp_path / "report.html").read_text(encoding="utf-8")
    assert make_job("evaluate", parameters).run(Progress())["report"] is None
    assert sorted(p.name for p in tmp_path.iterdir()) == ["model.safetensors", "report.html", "tiles.gpkg"]


def test_the_command_line_knows_it(town, table_model, tmp_path, capsys):
    table_model.save(tmp_path / "model.safetensors")
    write_layer(town.tiles.iloc[:12], tmp_path / "tiles.gpkg")
    arguments = ["--tiles", str(tmp_path / "tiles.gpkg"), "--model", str(tmp_path / "model.safetensors")]
    assert main(["evaluate", *arguments]) == 1
    assert "Only 12 tiles have a label" in capsys.readouterr().err
