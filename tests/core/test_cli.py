"""The command line."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from mmrisk_core import Cancelled
from mmrisk_core.cli import main
from mmrisk_core.geo.layer_io import read_layer
from mmrisk_core.geo.layer_source import LayerSource
from mmrisk_core.geo.layer_writing import write_layer
from mmrisk_core.jobs import JOBS
from mmrisk_core.version import __version__
from tests.core.factories import run

ROOT = Path(__file__).parents[2]
EXTENT = ["330000", "4688400", "331600", "4690000"]


@pytest.mark.parametrize("verb", [*JOBS, "worker", "schema"])
def test_every_verb_has_help(capsys, verb):
    with pytest.raises(SystemExit) as end:
        main([verb, "--help"])
    assert end.value.code == 0
    text = capsys.readouterr().out
    for field in JOBS[verb].model_fields if verb in JOBS else ():
        assert f"--{field}" in text


def test_every_field_of_a_job_is_described():
    for verb, job in JOBS.items():
        assert job.help
        for field, info in job.model_fields.items():
            assert info.description, f"{verb} {field}"


def test_from_tiles_to_labels(capsys, town, tmp_path):
    tiles, joined, labelled = (tmp_path / f"{name}.gpkg" for name in ("tiles", "joined", "labelled"))
    made = run(capsys, "tiles", "--extent", *EXTENT, "--tile-size", 100, "--crs", "EPSG:32619", "--output", tiles)
    assert made["tile_count"] == 256
    run(
        capsys, "join", "--tiles", tiles, "--input", town.roads, "--statistics", "length", "mean", "--fields", "lanes",
        "--prefix", "roads_", "--output", joined,
    )  # fmt: skip
    run(capsys, "label", "--tiles", joined, "--events", f"{town.crashes}|layername=crashes", "--output", labelled)
    result = read_layer(LayerSource(path=str(labelled)))
    assert result["roads_length"].tolist() == pytest.approx(town.tiles["roads_length"].tolist())
    assert result["label"].tolist() == town.tiles["label"].tolist()
    assert result["roads_lanes_mean"].between(1, 4).all()


def test_negative_numbers_and_underscores(capsys, tmp_path):
    made = run(
        capsys, "tiles", "--extent", "-71.10", "42.30", "-71.09", "42.31", "--tile_size", "150", "--crs", "EPSG:4326",
        "--output", tmp_path / "tiles.gpkg",
    )  # fmt: skip
    assert made["tile_count"] > 20


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["tiles", "--extent", "1", "2", "--crs", "EPSG:4326", "--output", "x.gpkg"], "'extent"),
        (["tiles", "--extent", *EXTENT, "--tile-size", "wide", "--crs", "EPSG:32619", "--output", "x"], "'tile_size'"),
        (["tiles", "--extent", *EXTENT, "--crs", "EPSG:32619", "--output", "/nowhere/x.gpkg"], "/nowhere"),
        (["predict", "--tiles", "a.gpkg", "--model", "gone.safetensors", "--output", "x.gpkg"], "gone.safetensors"),
        (["train", "--tiles", "a.gpkg", "--context", "0.5", "--model", "m.safetensors"], "at least 1"),
    ],
)
def test_what_does_not_fit_is_a_sentence(capsys, arguments, words):
    assert main(arguments) == 1
    streams = capsys.readouterr()
    assert words in streams.err
    assert "Traceback" not in streams.err
    assert streams.out == ""


def test_numbers_and_choices_may_have_commas_between_them_as_well(capsys, town, tmp_path):
    """Names of fields may have commas in them, so that these are told how to be written."""
    tiles, joined, made = (tmp_path / f"{name}.gpkg" for name in ("tiles", "joined", "made"))
    run(capsys, "tiles", f"--extent={','.join(EXTENT)}", "--tile-size", 100, "--crs", "EPSG:32619", "--output", tiles)
    join = ["join", "--tiles", tiles, "--input", town.roads, "--prefix", "r_", "--output", joined]
    run(capsys, *join, "--statistics", "length,mean,", "max", "--fields", "lanes")
    columns = set(read_layer(LayerSource(path=str(joined))).columns)
    assert {"r_length", "r_lanes_mean", "r_lanes_max"} <= columns
    assert main([str(one) for one in [*join, "--statistics", "mean", "--fields", "lanes,lanes"]]) == 1
    assert "There are the fields lanes and lanes: write them with spaces between, not commas: lanes lanes." in (
        capsys.readouterr().err
    )
    write_layer(town.tiles.rename(columns={"chance": "chance, odd"}), made)
    train = ["train", "--tiles", made, "--model", tmp_path / "m.safetensors", "--device", "cpu", "--folds", 2]
    quick = ["--epochs", 1, "--validation", "none"]
    for features, words in (
        (["roads_length,row"], "There are the fields roads_length and row: write them with spaces between, not commas"),
        (["roads_length", "row, col"], "There are the fields row and col"),
        (["roads_length,gone"], "have no field 'roads_length,gone'. Join the layer"),
    ):
        assert main([str(one) for one in [*train, *quick, "--features", *features]]) == 1
        assert words in capsys.readouterr().err
    run(capsys, *train, *quick, "--features", "roads_length", "chance, odd")


def test_the_methods_own_loop_leaves_the_loss_of_each_batch_in_the_log(capsys, town, tmp_path):
    made = write_layer(town.tiles, tmp_path / "tiles.gpkg")
    arguments = ["train", "--tiles", made, "--model", tmp_path / "m.safetensors", "--device", "cpu", "--folds", 2,
                 "--validation", "none", "--features", "roads_length", "--epochs", 2]  # fmt: skip
    for architecture, batch_size, words in (
        ("concat", 64, r"\rmember 2 of 2: epoch 2 of 2, loss 0\.\d{4} \(batch by batch 0\.\d{4} 0\.\d{4}\) *\n"),
        ("concat", 8, r"member 1 of 2: epoch 1 of 2, loss .*( 0\.\d{4}){8}, 8 of 1\d shown\) *\n"),
        ("gated", 64, None),
    ):
        assert main([str(a) for a in [*arguments, "--architecture", architecture, "--batch-size", batch_size]]) == 0
        said = capsys.readouterr().err
        kept = [line for line in re.split(r"\n", said) if "batch by batch" in line]
        assert len(kept) == (4 if words else 0)
        assert words is None or re.search(words, said), said


def test_a_resnet_without_weights_runs_where_none_says_so(capsys, town, tmp_path, monkeypatch):
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path))
    made = write_layer(town.tiles.iloc[:64], tmp_path / "tiles.gpkg")
    arguments = ["train", "--tiles", made, "--model", tmp_path / "m.safetensors", "--device", "cpu", "--folds", 2,
                 "--validation", "none", "--images", town.ortho, "--image-pixels", 32, "--epochs", 1,
                 "--backbone", "resnet34"]  # fmt: skip
    assert main([str(argument) for argument in arguments]) == 1
    assert "WEIGHTS=none (--weights none) starts it at random instead." in capsys.readouterr().err
    assert main([str(argument) for argument in [*arguments, "--weights", "none"]]) == 0
    assert "Beware: the image encoder 'resnet34' begins at random" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments", [[], ["dance"], ["tiles"], ["label", "--rule", "magic"], ["tiles", "--colour", "red"]]
)
def test_what_is_no_command_is_refused(capsys, arguments):
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert end.value.code == 2
    assert "usage" in capsys.readouterr().err


def test_the_schema_lists_all_jobs_and_is_the_one_that_the_plugin_brings(capsys):
    assert main(["schema"]) == 0
    schemas = json.loads(capsys.readouterr().out)
    assert set(schemas) == set(JOBS)
    assert schemas["tiles"]["required"] == ["output"]
    assert schemas["train"]["properties"]["architecture"]["enum"][0] == "stacked"
    brought = json.loads((ROOT / "resources" / "jobs.json").read_text(encoding="utf-8"))
    assert brought == schemas, "run 'make schema'"


@pytest.mark.slow
def test_as_a_program_the_result_is_on_stdout_and_the_rest_on_stderr(tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "mmrisk_core"]
    done = subprocess.run(
        [*command, "tiles", "--extent", *EXTENT, "--crs", "EPSG:32619", "--output", str(tmp_path / "t.gpkg")],
        capture_output=True, text=True, env=environment, cwd=tmp_path, check=True,
    )  # fmt: skip
    assert json.loads(done.stdout)["tile_count"] == 121
    assert "100%" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("error", [KeyboardInterrupt, Cancelled])
def test_stopping_it_is_no_failure(capsys, monkeypatch, error):
    def stop(*_):
        raise error

    monkeypatch.setattr(JOBS["doctor"], "run", stop)
    assert main(["doctor"]) == 130
    assert "Cancelled." in capsys.readouterr().err


def test_version(capsys):
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out.strip() == __version__
