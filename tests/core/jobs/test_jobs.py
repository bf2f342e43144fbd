"""Jobs: what Processing, the command line and the worker run."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

import mmrisk_core
from mmrisk_core import MMRiskError, Progress, RiskModel, create_tiles, join_attributes, train_model
from mmrisk_core.geo.layer_io import read_geo_layer, read_layer
from mmrisk_core.geo.layer_source import LayerSource
from mmrisk_core.geo.layer_writing import write_layer
from mmrisk_core.jobs import JOBS, make_job
from mmrisk_core.prediction import RISK_COLUMNS
from tests.core.factories import LEFT, QUICK, TOP, make_town, rewrite

ROOT = Path(__file__).resolve().parents[3]
SOME = (LEFT + 200, TOP - 900, LEFT + 700, TOP - 100)


@pytest.fixture(scope="module")
def trained(town, tmp_path_factory):
    """A model and its report, trained by the job, on attributes and imagery."""
    folder = tmp_path_factory.mktemp("trained")
    write_layer(town.tiles.drop(columns="chance"), folder / "tiles.gpkg")
    result = run(
        "train", tiles=str(folder / "tiles.gpkg"), features=["roads_length"], images=[str(town.ortho)],
        model=str(folder / "model.safetensors"), report=str(folder / "report.html"), **QUICK,
    )  # fmt: skip
    return folder, result


def run(verb, progress=None, **parameters):
    result = make_job(verb, parameters).run(progress or Progress())
    json.dumps(result, allow_nan=False)
    return result


def read(path):
    return read_geo_layer(LayerSource(path=str(path)))


@pytest.mark.slow
def test_training_gives_model_report_and_figures(trained):
    folder, result = trained
    assert {p.name for p in folder.iterdir()} == {"tiles.gpkg", "model.safetensors", "report.html"}
    figures = RiskModel.load(folder / "model.safetensors").manifest.validation.figures
    names = ("auc", "auc_low", "auc_high", "average_precision", "brier", "ece")
    assert [result[name] for name in names] == [getattr(figures, name) for name in names]
    assert result["auc"] > 0.75
    assert result["device_used"].startswith(QUICK["device"])


def test_training_without_validation_has_no_figures(town, tmp_path):
    write_layer(town.tiles, tmp_path / "tiles.gpkg")
    result = run(
        "train", tiles=str(tmp_path / "tiles.gpkg"), features=["roads_length"], model=str(tmp_path / "m.safetensors"),
        **{**QUICK, "validation": "none", "epochs": 1, "folds": 2},
    )  # fmt: skip
    assert result["auc"] is None
    assert result["report"] is None


def test_a_map_in_one_step_equals_the_steps_one_by_one(town, trained, tmp_path):
    folder, _ = trained
    model = RiskModel.load(folder / "model.safetensors")
    fractions = []
    result = run(
        "map", Progress(report=lambda fraction, _: fractions.append(fraction)), extent=SOME, crs="EPSG:32619",
        model=str(folder / "model.safetensors"), images=[str(town.ortho)], layers=[str(town.roads)], device="cpu",
        output=str(tmp_path / "risk.gpkg"),
    )  # fmt: skip
    tiles = create_tiles(SOME, 100, "EPSG:32619")
    tiles = join_attributes(
        tiles, read_layer(LayerSource(path=str(town.roads))), statistics=["length"], prefix="roads_"
    )
    expected = model.predict(tiles, [town.ortho], device="cpu")
    mapped = read(tmp_path / "risk.gpkg")
    assert result["tile_count"] == len(mapped) == 40
    assert list(mapped.columns) == list(expected.columns)
    columns = list(RISK_COLUMNS)
    assert (mapped[columns].to_numpy(dtype=float) == expected[columns].to_numpy(dtype=float)).all()
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1


def test_a_map_of_an_extent_in_another_crs_lies_in_the_models(town, trained, tmp_path):
    folder, _ = trained
    corner = create_tiles(SOME, 100, "EPSG:32619").to_crs(4326).total_bounds
    run(
        "map", extent=tuple(corner), crs="EPSG:4326", model=str(folder / "model.safetensors"),
        images=[str(town.ortho)], layers=[str(town.roads)], device="cpu", output=str(tmp_path / "risk.gpkg"),
    )  # fmt: skip
    mapped = read(tmp_path / "risk.gpkg")
    assert mapped.crs.to_epsg() == 32619
    assert mapped["risk"].between(0, 1).all()


def test_a_map_needs_a_recipe_and_its_layers(town, trained, tmp_path):
    folder, _ = trained
    parameters = {"extent": SOME, "crs": "EPSG:32619", "images": [str(town.ortho)], "output": str(tmp_path / "r.gpkg")}
    with pytest.raises(MMRiskError, match=r"takes 1 layer \('roads'\), in this order; 0 were given"):
        run("map", model=str(folder / "model.safetensors"), **parameters)
    quick = {**QUICK, "epochs": 1, "folds": 2}
    parameters |= {"images": []}
    lost = town.tiles.copy()
    lost.attrs = {}
    train_model(lost, "label", ["roads_length"], **quick).save(tmp_path / "lost.safetensors")
    with pytest.raises(MMRiskError, match="does not say how its tiles were laid out"):
        run("map", model=str(tmp_path / "lost.safetensors"), layers=[], **parameters)
    train_model(town.tiles, "label", ["chance"], **quick).save(tmp_path / "own.safetensors")
    with pytest.raises(MMRiskError, match="needs chance, which no step of its recipe makes"):
        run("map", model=str(tmp_path / "own.safetensors"), layers=[str(town.roads)], **parameters)
    assert not (tmp_path / "r.gpkg").exists()


def test_predicting_keeps_the_recipe_and_names_the_device(town, trained, tmp_path):
    folder, _ = trained
    result = run(
        "predict", tiles=str(folder / "tiles.gpkg"), images=[str(town.ortho)], device="cpu",
        model=str(folder / "model.safetensors"), output=str(tmp_path / "risk.gpkg"),
    )  # fmt: skip
    assert result["tile_count"] == 256
    assert result["device_used"].startswith("cpu")
    assert json.loads(result["recipe"])["joins"][0]["layer"] == "roads"
    assert np.isfinite(read(tmp_path / "risk.gpkg")["risk"]).all()


def test_another_town_is_mapped_by_the_same_model(trained, tmp_path):
    folder, _ = trained
    other = make_town(tmp_path, side=8, seed=5)
    run(
        "map", extent=tuple(other.tiles.total_bounds), crs="EPSG:32619", model=str(folder / "model.safetensors"),
        images=[str(other.ortho)], layers=[str(other.roads)], device="cpu", output=str(tmp_path / "risk.gpkg"),
    )  # fmt: skip
    risk = read(tmp_path / "risk.gpkg")["risk"]
    label = other.tiles["label"].to_numpy()
    assert risk[label == 1].mean() > risk[label == 0].mean() + 0.1


def test_a_map_where_a_layer_of_the_recipe_is_empty(town, trained, tmp_path):
    folder, _ = trained
    write_layer(read(town.roads).iloc[:0], tmp_path / "roads.gpkg")
    run(
        "map", extent=SOME, crs="EPSG:32619", model=str(folder / "model.safetensors"), images=[str(town.ortho)],
        layers=[str(tmp_path / "roads.gpkg")], device="cpu", output=str(tmp_path / "risk.gpkg"),
    )  # fmt: skip
    assert (read(tmp_path / "risk.gpkg")["roads_length"] == 0).all()


def test_describing_writes_a_card(trained, tmp_path):
    folder, _ = trained
    result = run("describe", model=str(folder / "model.safetensors"), html=str(tmp_path / "card.html"))
    assert result["manifest"]["schema_version"] == 1
    assert "Model card" in (tmp_path / "card.html").read_text()


def test_the_sample_city_can_be_tiled_by_what_the_job_answers(tmp_path):
    city = run("sample", folder=str(tmp_path / "city"), size=12, seed=2)
    run("tiles", extent=city["extent"], crs=city["crs"], tile_size=150, output=str(tmp_path / "tiles.gpkg"))
    assert len(read(tmp_path / "tiles.gpkg")) == 144
    assert len(read(city["roads"]))


def test_the_doctor_names_device_and_packages():
    result = run("doctor", device="cpu")
    assert result["device"].startswith("cpu")
    assert {"torch", "rasterio", "shapely"} <= set(result["packages"])


def test_the_doctor_runs_the_model_and_tells_what_computes_wrongly(monkeypatch):
    assert run("doctor", device="cpu")["model_milliseconds"] > 0
    monkeypatch.setattr("mmrisk_core.jobs.doctor.MultiModalNN.forward", lambda *_: torch.tensor([float("nan")]))
    with pytest.raises(MMRiskError, match="computes wrongly: a model gave nan"):
        run("doctor", device="cpu")


def test_a_job_that_is_wrong_says_which_parameter():
    with pytest.raises(MMRiskError, match="no job 'dance'"):
        make_job("dance", {})
    with pytest.raises(MMRiskError, match="'seed' of 'train'"):
        make_job("train", {"tiles": "a", "model": "b", "seed": -1})
    with pytest.raises(MMRiskError, match=r"'tiles' of 'join'.*subset"):
        make_job("join", {"tiles": "a.gpkg|subset=x", "input": "b", "output": "c"})


def test_failing_leaves_the_old_output(town, tmp_path):
    output = tmp_path / "tiles.gpkg"
    output.write_text("mine")
    with pytest.raises(MMRiskError):
        run("tiles", extent=(0, 0, 0, 0), crs="EPSG:32619", output=str(output))
    assert output.read_text() == "mine"


def test_all_jobs_are_there():
    assert {"sample", "tiles", "join", "label", "train", "predict", "map", "describe", "doctor"} <= set(JOBS)


def test_every_verb_is_that_of_its_job():
    assert {verb: job.verb for verb, job in JOBS.items()} == {verb: verb for verb in JOBS}
    with pytest.raises(KeyError):
        JOBS["nothing"]


def test_all_that_the_package_offers_is_there():
    assert set(mmrisk_core.__all__) == set(mmrisk_core._MODULES)
    assert all(getattr(mmrisk_core, name) is not None for name in mmrisk_core.__all__)
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        mmrisk_core.nothing  # noqa: B018


@pytest.mark.slow
def test_what_needs_no_network_loads_none():
    script = (
        "import sys\n"
        "from mmrisk_core.jobs import JOBS\n"
        "[JOBS[verb] for verb in ('tiles', 'join', 'label', 'sample')]\n"
        "print([name for name in ('torchvision', 'sklearn') if name in sys.modules])\n"
        "[JOBS[verb] for verb in ('predict', 'map', 'evaluate', 'explain', 'roads-extract')]\n"
        "from mmrisk_core.encoders import encoder_class\n"
        "from mmrisk_core.roads.unet import make_unet\n"
        "encoder_class('rcf'), make_unet('plain', 3)\n"
        "print([name for name in ('torchvision', 'torch._dynamo') if name in sys.modules])\n"
    )
    found = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True, cwd=ROOT)
    assert found.stdout.split() == ["[]", "[]"]


def test_a_recipe_does_not_make_millions_of_tiles_unasked(town, tmp_path):
    """Whether its tiles lie on a grid or along lines: how many there would be is known before the work."""
    quick = {**QUICK, "epochs": 1, "folds": 2, "validation": "none"}
    path = train_model(town.tiles, "label", ["roads_length"], **quick).save(tmp_path / "model.safetensors")
    rewrite(path, manifest=lambda entries: entries["recipe"]["tiles"].update(tile_size=1.0))
    parameters = {"extent": (LEFT, TOP - 3600, LEFT + 3600, TOP), "crs": "EPSG:32619", "model": str(path)}
    parameters |= {"layers": [str(town.roads)], "device": "cpu", "output": str(tmp_path / "risk.gpkg")}
    words = (
        r"cut into 12,960,000 tiles of 1 m, as the recipe .* most in one step is 2,000,000\. Choose a smaller extent"
    )
    with pytest.raises(MMRiskError, match=words):
        run("map", **parameters)

    def along_lines(entries):
        entries["recipe"]["tiles"] |= {"layout": "lines", "layer": "roads", "geometry": "line", "spacing": 0.001}

    rewrite(path, manifest=along_lines)
    with pytest.raises(MMRiskError, match=r"The lines of 'roads' would carry .* tiles of 1 m, as the recipe"):
        run("map", **{**parameters, "layers": [str(town.roads)] * 2})
    assert not (tmp_path / "risk.gpkg").exists()
