"""Prediction in shards: the same figures as in memory, in any format, resumable whatever broke it off."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
import rasterio.shutil
import shapely
import torch
from geopandas.testing import assert_geodataframe_equal

from mmrisk_core import MMRiskError, Progress, train_model
from mmrisk_core.encoders.rcf import FilterBank
from mmrisk_core.errors import Cancelled, OutputError
from mmrisk_core.geo.layer_io import read_layer, read_tiles
from mmrisk_core.geo.layer_source import LayerSource
from mmrisk_core.geo.layer_writing import write_layer
from mmrisk_core.geo.recipe import recipe_of
from mmrisk_core.inference import throughput, tile_slices
from mmrisk_core.inference.ensemble_on_device import EnsembleOnDevice
from mmrisk_core.jobs import make_job
from mmrisk_core.prediction import (
    RISK_COLUMNS,
    PredictionPlan,
    plan_prediction,
    predict_layer,
    predict_shard,
)
from mmrisk_core.prediction.shard_store import MAX_DAYS, locked
from mmrisk_core.training.embedding_cache import cache_folder
from tests.core.factories import LEFT, TOP, box, make_layer, write_raster

COPIES = 3
RCF = {
    "image_pixels": 32, "backbone": "rcf", "epochs": 2, "folds": 2, "block_size": 200, "seed": 1, "device": "cpu",
    "validation": "none",
}  # fmt: skip
CHILD = (
    "import sys; from mmrisk_core.inference import tile_slices; tile_slices.SLICE_TILES = 16;"
    "from mmrisk_core.cli import main; sys.exit(main())"
)


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    """A cache folder of its own for each test."""
    monkeypatch.setenv("MMRISK_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "predictions"


@pytest.fixture(scope="module")
def model(town):
    """A model with a quick encoder."""
    return train_model(town.tiles, "label", ["roads_length", "chance"], [town.ortho], **RCF)


@pytest.fixture(scope="module")
def files(town, model, tmp_path_factory):
    """Tiles, imagery and model as files; the tiles reach beyond the imagery, and some attributes are missing."""
    folder = tmp_path_factory.mktemp("stream")
    beyond = town.tiles.iloc[:40].copy()
    beyond["geometry"] = beyond.translate(-5000, 0)
    tiles = pd.concat([town.tiles, beyond], ignore_index=True)
    tiles["tile_id"] = np.arange(len(tiles))[::-1]
    tiles["name"] = [None if i % 7 == 0 else f"tile {i}" for i in range(len(tiles))]
    tiles["lanes"] = pd.array([None if i % 5 == 0 else i for i in range(len(tiles))], dtype="Int64")
    tiles.loc[3, "roads_length"] = np.nan
    tiles.attrs = dict(town.tiles.attrs)
    write_layer(tiles, folder / "tiles.gpkg")
    model.save(folder / "model.safetensors")
    return folder


def plan(files, town, tiles="tiles.gpkg", **options) -> PredictionPlan:
    images = options.pop("images", [town.ortho])
    sources = [rasterio_source(image) for image in images]
    source = LayerSource(path=str(files / tiles)) if isinstance(tiles, str) else tiles
    options = {"device": "cpu", **options}
    return plan_prediction(files / "model.safetensors", source, sources, **options)


def rasterio_source(path):
    from mmrisk_core.imagery import RasterSource

    return RasterSource(path=str(path))


def in_memory(files, town, model):
    return model.predict(read_tiles(LayerSource(path=str(files / "tiles.gpkg"))), [town.ortho], device="cpu")


def read(path):
    if path.suffix == ".parquet":
        return gpd.read_parquet(path)
    return read_layer(LayerSource(path=str(path)))


def cancelled_at(condition):
    """A progress whose user cancels once ``condition`` holds of a message."""
    seen = []

    def report(fraction, message):
        seen.append(message)

    return Progress(report=report, is_cancelled=lambda: any(condition(message) for message in seen))


@pytest.mark.slow
@pytest.mark.parametrize("size", [37, 100, 8192])
def test_shards_give_the_figures_of_the_prediction_in_memory(files, town, model, tmp_path, monkeypatch, size):
    monkeypatch.setattr(tile_slices, "SLICE_TILES", size)
    expected = in_memory(files, town, model)
    written = predict_layer(plan(files, town), tmp_path / "risk.gpkg")
    risk = read(tmp_path / "risk.gpkg")
    assert written.count == 296
    assert written.computed == -(-296 // size)
    assert list(risk.columns) == list(expected.columns)
    assert_geodataframe_equal(risk, expected, check_dtype=True)
    assert recipe_of(risk) == recipe_of(expected)


def test_figures_do_not_hang_on_the_shards(files, town, model, monkeypatch):
    whole = in_memory(files, town, model)
    monkeypatch.setattr(tile_slices, "SLICE_TILES", 23)
    sliced = in_memory(files, town, model)
    for name in RISK_COLUMNS:
        assert np.allclose(sliced[name], whole[name], atol=1e-5), name


@pytest.mark.parametrize("suffix", [".gpkg", ".parquet", ".geojson", ".csv"])
def test_fields_that_are_called_as_ours_are_kept(town, table_model, tmp_path, suffix):
    """Every name, also in capitals and where the new name is taken too; in memory and by file."""
    own = ["rank", "Coverage", "tiles_rank", "tiles_tiles_rank", "risk_class", "in_domain"]
    tiles = town.tiles.assign(**{name: np.arange(len(town.tiles)) + 1000 * i for i, name in enumerate(own)})
    tiles.attrs = dict(town.tiles.attrs)
    expected = {
        "tiles_tiles_tiles_rank": "rank", "tiles_Coverage": "Coverage", "tiles_rank": "tiles_rank",
        "tiles_tiles_rank": "tiles_tiles_rank", "tiles_risk_class": "risk_class", "tiles_in_domain": "in_domain",
    }  # fmt: skip
    said = []
    together = table_model.predict(tiles, device="cpu", progress=Progress(log=said.append))
    write_layer(tiles, tmp_path / "tiles.gpkg")
    table_model.save(tmp_path / "model.safetensors")
    source = LayerSource(path=str(tmp_path / "tiles.gpkg"))
    made = plan_prediction(tmp_path / "model.safetensors", source, device="cpu")
    predict_layer(made, tmp_path / f"risk{suffix}", Progress(log=said.append))
    by_file = read(tmp_path / f"risk{suffix}")
    for layer in (together, by_file):
        for new, old in expected.items():
            assert layer[new].astype(int).tolist() == tiles[old].tolist(), new
        assert layer["rank"].astype(int).max() == len(tiles)
    told = [line for line in said if "called as new ones are" in line]
    assert len(told) == 2
    assert "'rank' as 'tiles_tiles_tiles_rank'" in told[0]
    # A risk layer that is predicted anew has one set of figures.
    again = table_model.predict(together, device="cpu")
    assert list(again.columns) == list(together.columns)


@pytest.mark.parametrize("suffix", [".gpkg", ".fgb", ".parquet", ".geojson", ".csv"])
def test_every_format_holds_the_same(files, town, model, tmp_path, monkeypatch, suffix):
    monkeypatch.setattr(tile_slices, "SLICE_TILES", 100)
    expected = in_memory(files, town, model)
    predict_layer(plan(files, town), tmp_path / f"risk{suffix}")
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == [f"risk{suffix}"]
    if suffix == ".csv":
        risk = pd.read_csv(tmp_path / "risk.csv")
        assert np.allclose(risk["risk"], expected["risk"])
        assert shapely.from_wkt(risk["WKT"][0]).equals(expected.geometry[0])
        return
    risk = read(tmp_path / f"risk{suffix}")
    assert risk.crs.to_epsg() == 32619
    assert list(risk.columns) == list(expected.columns)
    assert risk["tile_id"].tolist() == expected["tile_id"].tolist()
    tolerance = 0.01 if suffix == ".geojson" else 0
    assert risk.geometry.geom_equals_exact(expected.geometry, tolerance).all()
    for name in RISK_COLUMNS:
        assert (risk[name] == expected[name]).all(), name
    assert risk["name"].isna().sum() == 43
    assert risk["lanes"].dropna().tolist() == expected["lanes"].dropna().tolist()


@pytest.mark.parametrize("suffix", [".fgb", ".geojson", ".shp"])
def test_tiles_may_come_in_any_format(files, town, tmp_path, monkeypatch, suffix):
    monkeypatch.setattr(tile_slices, "SLICE_TILES", 100)
    tiles = read_tiles(LayerSource(path=str(files / "tiles.gpkg"))).rename(columns={"roads_length": "roads_leng"})
    renamed = tiles.rename(columns={"roads_leng": "roads_length"}) if suffix != ".shp" else tiles
    write_layer(renamed, tmp_path / f"tiles{suffix}")
    if suffix == ".shp":
        with pytest.raises(MMRiskError, match="no field 'roads_length'"):
            predict_layer(plan(files, town, LayerSource(path=str(tmp_path / "tiles.shp"))), tmp_path / "risk.gpkg")
        assert not (tmp_path / "risk.gpkg").exists()
        return
    made = plan(files, town, LayerSource(path=str(tmp_path / f"tiles{suffix}")))
    assert made.in_parts is (suffix == ".fgb")
    predict_layer(made, tmp_path / "risk.gpkg")
    predict_layer(plan(files, town), tmp_path / "expected.gpkg")
    risk, expected = (
        read(tmp_path / f"{name}.gpkg").set_index("tile_id").sort_index() for name in ("risk", "expected")
    )
    assert np.allclose(risk["risk"], expected["risk"], atol=1e-4)
    assert np.allclose(risk["coverage"], expected["coverage"], atol=0.05)


def test_polygons_of_several_parts_make_the_layer_one_of_multipolygons(files, town, model, tmp_path, monkeypatch):
    monkeypatch.setattr(tile_slices, "SLICE_TILES", 100)
    tiles = read_tiles(LayerSource(path=str(files / "tiles.gpkg")))
    two = shapely.union(box(0, 0, 40, 40), box(60, 60, 100, 100))
    tiles.loc[200, "geometry"] = two
    write_layer(tiles, tmp_path / "tiles.gpkg")
    for suffix in (".gpkg", ".fgb", ".parquet"):
        predict_layer(plan(files, town, LayerSource(path=str(tmp_path / "tiles.gpkg"))), tmp_path / f"risk{suffix}")
        risk = read(tmp_path / f"risk{suffix}")
        assert set(risk.geom_type) == {"MultiPolygon"}
        assert risk.geometry[200].equals(two)
        assert risk.geometry[0].equals(tiles.geometry[0])


def test_a_shard_is_computed_from_what_can_be_sent(files, town, model, monkeypatch):
    monkeypatch.setattr(tile_slices, "SLICE_TILES", 100)
    expected = in_memory(files, town, model)
    sent = PredictionPlan.model_validate_json(plan(files, town).model_dump_json())
    figures = predict_shard(sent, 2)
    assert (figures["risk"] == expected["risk"].to_numpy()[200:]).all()


def test_tiles_without_imagery_do_not_reach_the_encoder(files, town, monkeypatch, tmp_path):
    seen = []
    forward = FilterBank.forward
    monkeypatch.setattr(FilterBank, "forward", lambda self, pixels: seen.append(len(pixels)) or forward(self, pixels))
    made = plan(files, town)
    seen.clear()
    predict_layer(made, tmp_path / "risk.gpkg")
    risk = read(tmp_path / "risk.gpkg")
    assert (risk["coverage"] == 0).sum() == 40
    assert sum(seen) == 256


@pytest.mark.slow
def test_a_killed_prediction_goes_on_where_it_was(files, town, tmp_path, monkeypatch, cache):
    tiles = read_tiles(LayerSource(path=str(files / "tiles.gpkg")))
    write_layer(pd.concat([tiles] * COPIES, ignore_index=True), tmp_path / "many.gpkg")
    count = COPIES * len(tiles)
    shards = -(-count // 16)
    command = [
        sys.executable, "-c", CHILD, "predict", "--tiles", str(tmp_path / "many.gpkg"), "--images", str(town.ortho),
        "--model", str(files / "model.safetensors"), "--device", "cpu", "--output", str(tmp_path / "risk.gpkg"),
    ]  # fmt: skip
    child = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)
    while len(list(cache.glob("*/[0-9]*.shard"))) < shards // 2:
        assert child.poll() is None, child.stderr.read()
        time.sleep(0.002)
    [lock] = cache.glob("*.lock")
    with locked(lock) as alone:
        assert not alone
    child.send_signal(signal.SIGKILL)
    said = child.communicate()[1].decode()
    with locked(lock) as alone:
        assert alone
    finished = len(list(cache.glob("*/[0-9]*.shard")))
    assert shards // 2 <= finished < shards
    looked_at = int(re.findall(r"imagery of ([\d,]+) of", said)[-1].replace(",", ""))
    # The shard in hand, and perhaps the one that was just being written.
    assert looked_at - 16 * finished <= 2 * 16
    assert not (tmp_path / "risk.gpkg").exists()

    monkeypatch.setattr(tile_slices, "SLICE_TILES", 16)
    many, said = LayerSource(path=str(tmp_path / "many.gpkg")), []
    written = predict_layer(plan(files, town, many), tmp_path / "risk.gpkg", Progress(log=said.append))
    assert (written.count, written.computed) == (count, shards - finished)
    assert any(line.startswith(f"{finished} of {shards} parts of the same prediction") for line in said)
    assert not list(cache.glob("*/*"))
    assert predict_layer(plan(files, town, many), tmp_path / "uninterrupted.gpkg").computed == shards
    assert_geodataframe_equal(read(tmp_path / "risk.gpkg"), read(tmp_path / "uninterrupted.gpkg"))
    assert not [path for path in tmp_path.iterdir() if ".part" in path.name]


def test_a_cancelled_prediction_keeps_its_shards(files, town, model, tmp_path, monkeypatch, cache):
    monkeypatch.setattr(tile_slices, "SLICE_TILES", 50)
    with pytest.raises(Cancelled):
        predict_layer(plan(files, town), tmp_path / "risk.gpkg", cancelled_at(lambda m: "imagery of 2" in m))
    kept = len(list(cache.glob("*/[0-9]*.shard")))
    assert 1 <= kept <= 5
    with pytest.raises(Cancelled):
        predict_layer(plan(files, town), tmp_path / "risk.gpkg", cancelled_at(lambda m: m.startswith("writing")))
    assert [path.name for path in tmp_path.iterdir()] == ["cache"]
    said = []
    written = predict_layer(plan(files, town), tmp_path / "risk.gpkg", Progress(log=said.append))
    assert written.computed == 0
    assert any(line.startswith("6 of 6 parts") for line in said)
    assert_geodataframe_equal(read(tmp_path / "risk.gpkg"), in_memory(files, town, model))


def test_what_the_figures_hang_on_makes_another_prediction(files, town, tmp_path, monkeypatch):
    keys = [plan(files, town).key]
    assert plan(files, town).key == keys[0]
    keys.append(plan(files, town, batch_size=7).key)
    monkeypatch.setattr(tile_slices, "SLICE_TILES", 50)
    keys.append(plan(files, town).key)
    with rasterio.open(town.ortho) as raster:
        pixels = raster.read()
    image = write_raster(tmp_path / "ortho.tif", pixels, pixel=100 / 32)
    mosaic = tmp_path / "mosaic.vrt"
    with rasterio.open(image) as raster:
        rasterio.shutil.copy(raster, mosaic, driver="VRT")
    keys.append(plan(files, town, images=[mosaic]).key)
    os.utime(image, (1, 1))
    keys.append(plan(files, town, images=[mosaic]).key)
    tiles = tmp_path / "tiles.gpkg"
    tiles.write_bytes((files / "tiles.gpkg").read_bytes())
    keys.append(plan(files, town, LayerSource(path=str(tiles))).key)
    os.utime(tiles, (1, 1))
    keys.append(plan(files, town, LayerSource(path=str(tiles))).key)
    assert None not in keys
    assert len(set(keys)) == len(keys)


def test_another_model_under_the_same_name_is_another_prediction(files, town, model, tmp_path):
    (tmp_path / "model.safetensors").write_bytes((files / "model.safetensors").read_bytes())
    (tmp_path / "tiles.gpkg").write_bytes((files / "tiles.gpkg").read_bytes())
    before = plan(tmp_path, town).key
    changed = replace(model, reference=model.reference + 1)
    changed.save(tmp_path / "model.safetensors")
    assert plan(tmp_path, town).key != before


def test_tiles_that_change_meanwhile_are_not_written(files, town, tmp_path):
    (tmp_path / "model.safetensors").write_bytes((files / "model.safetensors").read_bytes())
    (tmp_path / "tiles.gpkg").write_bytes((files / "tiles.gpkg").read_bytes())
    made = plan(tmp_path, town)
    os.utime(tmp_path / "tiles.gpkg", (1, 1))
    with pytest.raises(MMRiskError, match="'tiles' were changed while their risk was predicted"):
        predict_layer(made, tmp_path / "risk.gpkg")
    assert not (tmp_path / "risk.gpkg").exists()


def test_two_predictions_at_once_do_not_disturb_each_other(files, town, model, tmp_path, monkeypatch, cache):
    monkeypatch.setattr(tile_slices, "SLICE_TILES", 100)
    made = plan(files, town)
    (cache / made.key).mkdir(parents=True)
    (cache / made.key / "theirs").touch()
    said = []
    with locked(cache / f"{made.key}.lock") as alone:
        assert alone
        predict_layer(made, tmp_path / "risk.gpkg", Progress(log=said.append))
    assert any(line.startswith("Another process is at the same prediction") for line in said)
    assert [path.name for path in (cache / made.key).iterdir()] == ["theirs"]
    assert_geodataframe_equal(read(tmp_path / "risk.gpkg"), in_memory(files, town, model))


def test_damaged_and_old_shards_are_not_used(files, town, model, tmp_path, monkeypatch, cache):
    monkeypatch.setattr(tile_slices, "SLICE_TILES", 100)
    with pytest.raises(Cancelled):
        predict_layer(plan(files, town), tmp_path / "risk.gpkg", cancelled_at(lambda m: m.startswith("writing")))
    damaged = next(iter(cache.glob("*/1.shard")))
    damaged.write_bytes(damaged.read_bytes()[:-100])
    for name in ("old", "recent"):
        (cache / name).mkdir()
        (cache / f"{name}.lock").touch()
    long_ago = time.time() - (MAX_DAYS + 1) * 86400
    for place in (cache / "old", cache / "old.lock"):
        os.utime(place, (long_ago, long_ago))
    written = predict_layer(plan(files, town), tmp_path / "risk.gpkg")
    assert written.computed == 1
    assert sorted(path.name for path in cache.iterdir() if path.suffix != ".lock") == ["recent"]
    assert_geodataframe_equal(read(tmp_path / "risk.gpkg"), in_memory(files, town, model))


def test_what_finds_no_room_is_kept_in_memory(files, town, model, tmp_path, monkeypatch, cache):
    monkeypatch.setattr(tile_slices, "SLICE_TILES", 100)

    @contextmanager
    def no_room(path):
        raise OutputError("The disk is full.")
        yield path

    monkeypatch.setattr("mmrisk_core.prediction.shard_store.atomic_write", no_room)
    said = []
    written = predict_layer(plan(files, town), tmp_path / "risk.gpkg", Progress(log=said.append))
    assert written.computed == 3
    assert sum("They are kept in memory" in line for line in said) == 1
    assert_geodataframe_equal(read(tmp_path / "risk.gpkg"), in_memory(files, town, model))


def test_where_nothing_can_be_kept_the_prediction_runs_all_the_same(files, town, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("MMRISK_CACHE", str(tmp_path / "file"))
    assert cache_folder() == tmp_path / "file"
    said = []
    predict_layer(plan(files, town), tmp_path / "risk.gpkg", Progress(log=said.append))
    assert any("what is finished cannot be kept" in line for line in said)
    assert len(read(tmp_path / "risk.gpkg")) == 296


def test_rates_and_time_left_are_told(files, town, tmp_path):
    told = []
    predict_layer(plan(files, town), tmp_path / "risk.gpkg", Progress(report=lambda _, message: told.append(message)))
    pattern = r"imagery of [\d,]+ of 296 tiles, [\d,]+ per second, \d+ seconds left"
    assert any(re.fullmatch(pattern, message) for message in told)


@pytest.mark.parametrize(("rate", "words"), [(100, "9 seconds left"), (10, "2 minutes left"), (0.1, "2.8 hours left")])
def test_time_left_is_told_in_fitting_units(monkeypatch, rate, words):
    told, now = [], [0.0]
    monkeypatch.setattr(throughput.time, "monotonic", lambda: now[0])
    clock = throughput.Throughput(1000, 0, "imagery", Progress(report=lambda _, message: told.append(message)))
    now[0] = 10.0 if rate < 100 else 1.0
    clock.add(rate * now[0])
    assert told[0] == "imagery of 0 of 1,000 tiles"
    assert told[1].endswith(words)


def test_a_layer_in_memory_is_written_as_geoparquet(town, tmp_path):
    write_layer(town.tiles, tmp_path / "tiles.parquet")
    assert_geodataframe_equal(gpd.read_parquet(tmp_path / "tiles.parquet"), town.tiles)


def test_errors_leave_no_output(files, town, tmp_path):
    empty = make_layer([], roads_length=[], chance=[])
    write_layer(empty, tmp_path / "empty.gpkg")
    with pytest.raises(MMRiskError, match="'empty' is empty"):
        plan(files, town, LayerSource(path=str(tmp_path / "empty.gpkg")))
    elsewhere = write_raster(tmp_path / "far.tif", np.ones((3, 64, 64), np.uint8), left=LEFT + 90000, top=TOP, pixel=3)
    with pytest.raises(MMRiskError, match="do not overlap"):
        plan(files, town, images=[elsewhere])
    with pytest.raises(MMRiskError, match=r"unknown format '.doc'. Use one of .*\.parquet"):
        predict_layer(plan(files, town), tmp_path / "risk.doc")
    tiles = read_tiles(LayerSource(path=str(files / "tiles.gpkg")))
    tiles.loc[290, "geometry"] = None
    write_layer(tiles, tmp_path / "gap.gpkg")
    with pytest.raises(MMRiskError, match="1 of 296 features of the tile layer 'gap' is no polygon"):
        predict_layer(plan(files, town, LayerSource(path=str(tmp_path / "gap.gpkg"))), tmp_path / "risk.gpkg")
    assert not [path for path in tmp_path.iterdir() if path.name.startswith((".", "risk"))]


def test_a_table_is_predicted_too(table_model, town, tmp_path, monkeypatch):
    monkeypatch.setattr(tile_slices, "SLICE_TILES", 100)
    table = pd.DataFrame(town.tiles.drop(columns="geometry"))
    table_model.save(tmp_path / "model.safetensors")
    expected = table_model.predict(table, device="cpu")
    for suffix in (".csv", ".gpkg"):
        write_layer(table, tmp_path / f"table{suffix}")
        for output in (".csv", ".parquet"):
            job = make_job(
                "predict",
                {
                    "tiles": str(tmp_path / f"table{suffix}"),
                    "model": str(tmp_path / "model.safetensors"),
                    "device": "cpu",
                    "output": str(tmp_path / f"risk{output}"),
                },
            )
            assert job.run(Progress())["tile_count"] == 256
            path = tmp_path / f"risk{output}"
            risk = pd.read_csv(path) if output == ".csv" else pd.read_parquet(path)
            assert list(risk.columns) == list(expected.columns)
            for name in RISK_COLUMNS:
                assert np.allclose(risk[name], expected[name], rtol=1e-12), name


@pytest.fixture
def as_on_cuda(monkeypatch):
    """Batches are made as for an NVIDIA GPU, though the CPU computes; memory that is pinned needs a GPU."""
    usual, pinned = torch.empty, []

    def empty(*shape, pin_memory=False, **options):
        pinned.extend([shape] * pin_memory)
        return usual(*shape, **options)

    monkeypatch.setattr(torch, "empty", empty)
    monkeypatch.setattr(EnsembleOnDevice, "is_on_cuda", True)
    return pinned


def makers():
    return [thread for thread in threading.enumerate() if thread.name.startswith("batches")]


def test_batches_made_ahead_give_the_same_figures(files, town, model, tmp_path, as_on_cuda, monkeypatch):
    ahead = in_memory(files, town, model)
    assert as_on_cuda
    monkeypatch.undo()
    assert_geodataframe_equal(ahead, in_memory(files, town, model))


def test_a_cancel_stops_the_thread_that_makes_batches(files, town, tmp_path, as_on_cuda):
    progress = cancelled_at(lambda message: "per second" in message)
    with pytest.raises(Cancelled):
        predict_layer(plan(files, town), tmp_path / "risk.gpkg", progress)
    assert not makers()
    assert not (tmp_path / "risk.gpkg").exists()
