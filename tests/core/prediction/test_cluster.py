"""Prediction by the workers of a Dask cluster: the same layer as without, whatever happens to them."""

from __future__ import annotations

import os
import signal

import numpy as np
import pandas as pd
import pytest
from geopandas.testing import assert_geodataframe_equal

from mmrisk_core import MMRiskError, Progress, train_model
from mmrisk_core.errors import Cancelled
from mmrisk_core.geo.layer_io import read_layer
from mmrisk_core.geo.layer_source import LayerSource
from mmrisk_core.geo.layer_writing import write_layer
from mmrisk_core.imagery import RasterSource
from mmrisk_core.inference import tile_slices
from mmrisk_core.jobs import make_job
from mmrisk_core.prediction import cluster, plan_prediction, predict_layer

dask = pytest.importorskip("dask", reason="dask[distributed] is not installed")
distributed = pytest.importorskip("distributed", reason="dask[distributed] is not installed")
pytestmark = pytest.mark.slow

COPIES = 2
RCF = {
    "image_pixels": 32, "backbone": "rcf", "epochs": 2, "folds": 2, "block_size": 200, "seed": 1, "device": "cpu",
    "validation": "none",
}  # fmt: skip


@pytest.fixture(autouse=True)
def small_shards(tmp_path, monkeypatch):
    """Many shards, and a cache folder of its own for each test."""
    monkeypatch.setattr(tile_slices, "SLICE_TILES", 16)
    monkeypatch.setenv("MMRISK_CACHE", str(tmp_path / "cache"))


@pytest.fixture(scope="module")
def workers(tmp_path_factory):
    """A cluster of two processes; one that stands still is given up after minutes, not after ten."""
    with dask.config.set({"distributed.scheduler.worker-ttl": "90s"}), distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, memory_limit=None, dashboard_address=":0", host="127.0.0.1",
        local_directory=str(tmp_path_factory.mktemp("dask")),
    ) as made:  # fmt: skip
        yield made


@pytest.fixture(scope="module")
def files(town, tmp_path_factory):
    folder = tmp_path_factory.mktemp("cluster")
    tiles = pd.concat([town.tiles] * COPIES, ignore_index=True)
    tiles["tile_id"] = np.arange(len(tiles))[::-1]
    tiles.attrs = dict(town.tiles.attrs)
    write_layer(tiles, folder / "tiles.gpkg")
    train_model(town.tiles, "label", ["roads_length", "chance"], [town.ortho], **RCF).save(folder / "model.safetensors")
    return folder


def plan(files, town, image=None):
    image = RasterSource(path=str(image or town.ortho))
    return plan_prediction(
        files / "model.safetensors", LayerSource(path=str(files / "tiles.gpkg")), [image], device="cpu"
    )


def read(path):
    return read_layer(LayerSource(path=str(path)))


def pids(workers):
    with distributed.Client(workers.scheduler_address, set_as_default=False) as client:
        return list(client.run(os.getpid).values())


def test_the_layer_is_the_same_as_without(files, town, workers, tmp_path):
    parameters = {
        "tiles": str(files / "tiles.gpkg"), "images": [str(town.ortho)], "model": str(files / "model.safetensors"),
        "device": "cpu", "output": str(tmp_path / "risk.gpkg"), "scheduler": workers.scheduler_address,
    }  # fmt: skip
    told = []
    result = make_job("predict", parameters).run(Progress(report=lambda _, message: told.append(message)))
    predict_layer(plan(files, town), tmp_path / "expected.gpkg")
    assert result["tile_count"] == COPIES * 256
    assert "2 x cpu" in result["device_used"]
    assert any("per second by 2 workers" in message for message in told)
    assert_geodataframe_equal(read(tmp_path / "risk.gpkg"), read(tmp_path / "expected.gpkg"))


def test_a_killed_worker_is_made_up_for(files, town, workers, tmp_path):
    before, killed = pids(workers), []

    def kill_one(fraction, message):
        if not killed and message.startswith("imagery of ") and not message.startswith("imagery of 0 "):
            os.kill(before[0], signal.SIGKILL)
            killed.append(message)

    written = predict_layer(
        plan(files, town), tmp_path / "risk.gpkg", Progress(report=kill_one), scheduler=workers.scheduler_address
    )
    assert killed
    assert written.computed == COPIES * 16
    predict_layer(plan(files, town), tmp_path / "expected.gpkg")
    assert_geodataframe_equal(read(tmp_path / "risk.gpkg"), read(tmp_path / "expected.gpkg"))
    workers.wait_for_workers(2, timeout=60)
    assert before[0] not in pids(workers)


def test_a_cancel_is_heard_at_once_and_keeps_what_is_finished(files, town, workers, tmp_path):
    seen, cancelled = [], []

    def is_cancelled():
        if not cancelled and any(f"imagery of {count} " in message for message in seen for count in (160, 176, 192)):
            cancelled.append(len(seen))
        return bool(cancelled)

    progress = Progress(report=lambda _, message: seen.append(message), is_cancelled=is_cancelled)
    with pytest.raises(Cancelled):
        predict_layer(plan(files, town), tmp_path / "risk.gpkg", progress, scheduler=workers.scheduler_address)
    assert len(seen) - cancelled[0] < 16
    assert not (tmp_path / "risk.gpkg").exists()
    written = predict_layer(plan(files, town), tmp_path / "risk.gpkg", scheduler=workers.scheduler_address)
    assert 0 < written.computed <= COPIES * 16 - 10
    # What this machine would round otherwise is not mixed with what a cluster did.
    assert predict_layer(plan(files, town), tmp_path / "risk.gpkg").computed == COPIES * 16


def test_a_worker_that_cannot_read_the_imagery_is_named(files, town, workers, tmp_path, monkeypatch):
    (tmp_path / "ortho.tif").write_bytes(town.ortho.read_bytes())
    # Here it is found; the workers are in another folder.
    monkeypatch.chdir(tmp_path)
    made = plan(files, town, "ortho.tif")
    with pytest.raises(MMRiskError, match=r"The worker tcp://127.* says: The raster .*ortho.tif does not exist"):
        predict_layer(made, tmp_path / "risk.gpkg", scheduler=workers.scheduler_address)


def test_another_version_is_refused(files, town, workers, tmp_path, monkeypatch):
    monkeypatch.setattr(cluster, "__version__", "9.9.9")
    with pytest.raises(
        MMRiskError, match=r"The worker tcp://.* has version .* of MMRisk, and this machine has 9\.9\.9"
    ):
        predict_layer(plan(files, town), tmp_path / "risk.gpkg", scheduler=workers.scheduler_address)


def test_no_scheduler_and_no_worker_are_said(files, town, tmp_path, monkeypatch):
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 1)
    for address in ("tcp://127.0.0.1:9", "nonsense://1"):
        with pytest.raises(MMRiskError, match=f"The Dask scheduler {address} does not answer"):
            predict_layer(plan(files, town), tmp_path / "risk.gpkg", scheduler=address)
    with (
        distributed.LocalCluster(n_workers=0, dashboard_address=":0", processes=False) as idle,
        pytest.raises(MMRiskError, match="has no worker"),
    ):
        predict_layer(plan(files, town), tmp_path / "risk.gpkg", scheduler=idle.scheduler_address)
