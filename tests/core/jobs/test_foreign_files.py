"""Whatever a file holds, no job sends a request for it, reads another file in its place, or waits for what never comes.

The engine's own process is asked, as QGIS does: GDAL's drivers and its network are things of a process.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import rasterio

from mmrisk_core.geo.layer_writing import write_layer
from mmrisk_core.jobs import JOBS
from tests.core import hostile_files
from tests.core.factories import LEFT, TOP, UTM, line, make_layer
from tests.core.hostile_files import SECRET, pipe
from tests.core.test_worker import Worker
from tests.file_server import serving

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no such pipes and devices")

FILES = ("model", "weights")
"""Fields of jobs that are the name of a file that is read, beside layers and rasters."""


def kind_of(verb: str, name: str) -> str | None:
    """What a field of a job names: a layer, a raster, another file, or none that is read."""
    annotation = str(JOBS[verb].model_fields[name].annotation)
    if name in JOBS[verb].outputs:
        return None
    if name in FILES:
        return "file"
    return next((kind for kind in ("layer", "raster") if f"{kind.title()}Source" in annotation), None)


READERS = [(verb, name) for verb in JOBS for name in JOBS[verb].model_fields if kind_of(verb, name)]
"""Each field of each job that names what is read."""


def readers(kind: str) -> list[tuple[str, str]]:
    return [reader for reader in READERS if kind_of(*reader) == kind]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("foreign")


@pytest.fixture(scope="module")
def server(folder):
    with serving(folder) as server:
        yield server


@pytest.fixture(scope="module")
def worker():
    """An engine whose surroundings say that no request goes by a proxy."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NO_PROXY", "*")
        patch.setenv("no_proxy", "*")
        worker = Worker()
    yield worker
    worker.process.kill()
    worker.process.wait()


@pytest.fixture(scope="module")
def given(worker, town, folder):
    """Parameters with which each job would do its work, by verb."""
    tiles = str(write_layer(town.tiles, folder / "tiles.gpkg"))
    few = str(write_layer(town.tiles.iloc[:4], folder / "few.gpkg"))
    saved = str(folder / "model.safetensors")
    roads, crashes, images = str(town.roads), str(town.crashes), [str(town.ortho)]
    output = str(folder / "output.gpkg")
    lines = make_layer([line((0, y), (1600, y)) for y in range(50, 1600, 100)], title="streets")
    streets = str(write_layer(lines, folder / "streets.gpkg"))
    road_model = str(folder / "roads.safetensors")
    learnt = {"images": images, "roads": streets, "backbone": "plain", "epochs": 1, "device": "cpu", "pixel_size": 6.0}
    assert worker.run("roads-train", **learnt, model=road_model)[-1]["type"] == "result"
    training = {
        "tiles": tiles, "features": ["roads_length"], "images": images, "backbone": "rcf", "epochs": 1, "folds": 2,
        "image_pixels": 32, "validation": "none", "device": "cpu",
    }  # fmt: skip
    assert worker.run("train", **training, model=saved)[-1]["type"] == "result"
    asked = {"tiles": few, "images": images, "model": saved, "device": "cpu"}
    table = folder / "table.csv"
    table.write_text("lon,lat\n13.4,52.4\n", encoding="utf-8")
    return {
        "load-events": {"input": str(table), "output": output},
        "survey-events": {"input": str(table)},
        "tiles": {"layout": "lines", "input": roads, "tile_size": 100, "mask": tiles, "output": output},
        "join": {"tiles": few, "input": roads, "output": output},
        "label": {"tiles": few, "events": crashes, "study_area": tiles, "output": output},
        "train": {**training, "model": str(folder / "new.safetensors")},
        "evaluate": {**asked, "tiles": tiles},
        "predict": {**asked, "output": output},
        "map": {
            "extent": [LEFT, TOP - 200, LEFT + 200, TOP], "crs": UTM, "model": saved, "images": images,
            "layers": [roads], "device": "cpu", "output": output,
        },
        "explain": {**asked, "output": output},
        "inspect": asked,
        "roads-train": {**learnt, "model": str(folder / "new_roads.safetensors")},
        "roads-extract": {"image": images[0], "model": road_model, "device": "cpu", "output": str(folder / "mask.tif")},
        "describe": {"model": saved},
    }  # fmt: skip


def asked(worker, given, reader, path):
    """What the engine answers to a job with ``path`` in the field of a reader."""
    verb, name = reader
    value = [str(path)] if "tuple" in str(JOBS[verb].model_fields[name].annotation) else str(path)
    needed = {"backbone": "resnet34"} if name == "weights" else {}
    answer = worker.run(verb, **{**given[verb], **needed, name: value})[-1]
    assert answer.get("kind") != "unexpected", answer
    assert SECRET not in json.dumps(answer), answer
    return answer


def test_the_fields_that_name_what_is_read_are_known(given):
    """A job, or a field of one, that is new comes here by itself; a file that is read comes by ``FILES``."""
    assert {verb for verb, _ in READERS} == set(given)
    for verb, job in JOBS.items():
        for name, field in job.model_fields.items():
            if "file" in (field.description or "") and name not in job.outputs and "str" in str(field.annotation):
                assert (verb, name) in READERS, f"{name} of {verb}"


@pytest.mark.parametrize("reader", READERS, ids=" ".join)
def test_what_is_no_file_is_refused_by_every_reader(worker, given, folder, reader):
    for path in (pipe(folder), "/dev/zero", "/dev/stdin", r"\\.\pipe\a", r"\\?\C:\a.gpkg", "/proc/self/mem"):
        answer = asked(worker, given, reader, path)
        assert answer["type"] == "error", path
        assert "no file" in answer["message"], answer
        assert Path(path).name in answer["message"]


@pytest.mark.parametrize("name", hostile_files.LAYERS)
def test_no_layer_is_an_address_or_another_file(worker, given, server, folder, name):
    path = hostile_files.LAYERS[name](folder, server.url)
    for reader in readers("layer"):
        answer = asked(worker, given, reader, path)
        assert answer["type"] == "error" or name in hostile_files.WITH_CONTENT, (reader, answer)
    assert server.asked == []


@pytest.mark.parametrize("name", hostile_files.RASTERS)
def test_no_raster_is_an_address(worker, given, server, folder, name):
    path = hostile_files.RASTERS[name](folder, server.url)
    for reader in readers("raster"):
        answer = asked(worker, given, reader, path)
        assert answer["type"] == "error", reader
        assert path.name in answer["message"], answer
        assert "off://" not in answer["message"]
        if "VRT" in name and name != "VRT of the file of a tile server":
            assert "virtual raster" in answer["message"] or "no file" in answer["message"], answer
    assert server.asked == []


def disguised_pictures(folder: Path, url: str, ortho: Path) -> list[str]:
    """What may stand in a column of pictures and is none."""
    rasters = [make(folder, url) for make in hostile_files.RASTERS.values()]
    local = hostile_files.virtual_raster(folder / "local.png", str(ortho))
    (folder / "local.vrt").write_text(local.read_text())
    return [*map(str, rasters), str(local), str(folder / "local.vrt")]


def with_pictures(worker, given, folder, paths):
    """What a training answers whose tiles have a column of pictures."""
    table = pd.DataFrame({"path": paths, "label": [i % 2 for i in range(len(paths))]})
    table.to_csv(folder / "table.csv", index=False)
    parameters = {"tiles": str(folder / "table.csv"), "image_column": "path", "backbone": "rcf", "image_pixels": 32}
    return worker.run("train", **parameters, validation="none", model=str(folder / "pictures.safetensors"))[-1]


def test_a_column_of_pictures_names_pictures_only(worker, given, server, folder, town):
    for path in disguised_pictures(folder, server.url, town.ortho):
        answer = with_pictures(worker, given, folder, [path] * 12)
        assert answer["type"] == "error", path
        assert Path(path).name in answer["message"], answer
        assert "cannot be read" in answer["message"], answer
    assert server.asked == []


@pytest.mark.parametrize(
    "path",
    [
        "/vsicurl/{url}/a.png", "/vsizip//vsicurl/{url}/a.zip/a.png", "{url}/a.png", "/vsizip/a.zip/a.png", "/vsimem/a.png",
        r"\\192.0.2.1\share\a.png", "//192.0.2.1/share/a.png", r"\\.\pipe\a.png", r"\\?\C:\a.png",
        "WMS:{url}/wms?layers=a", "s3://bucket/a.png",
    ],
)  # fmt: skip
def test_a_column_of_pictures_names_no_place_on_the_network(worker, given, server, folder, town, path):
    path = path.format(url=server.url)
    answer = with_pictures(worker, given, folder, [path, *[str(town.ortho)] * 11])
    assert answer["type"] == "error"
    assert path in answer["message"]
    assert "field 'path'" in answer["message"]
    assert server.asked == []


def test_pictures_lie_where_their_table_says_also_above_it(worker, given, folder):
    """Absolute and relative paths, upwards too: that is how people keep their pictures."""
    rng = np.random.default_rng(1)
    (folder / "below").mkdir()
    for number in range(16):
        pixels = rng.integers(0, 255, (3, 24, 24), dtype=np.uint8)
        with rasterio.open(
            folder / f"{number}.png", "w", driver="PNG", count=3, width=24, height=24, dtype="uint8"
        ) as f:
            f.write(pixels)
    paths = [f"../{number}.png" if number % 2 else str(folder / f"{number}.png") for number in range(16)]
    table = pd.DataFrame({"path": paths, "label": [number // 2 % 2 for number in range(16)]})
    table.to_csv(folder / "below" / "table.csv", index=False)
    answer = worker.run(
        "train", tiles=str(folder / "below" / "table.csv"), image_column="path", backbone="rcf", image_pixels=32,
        validation="none", folds=2, epochs=1, device="cpu", model=str(folder / "m.safetensors"),
    )[-1]  # fmt: skip
    assert answer["type"] == "result", answer


def test_a_raster_on_the_network_is_read_where_the_user_names_it_and_for_that_job_only(
    worker, given, server, town, folder
):
    (folder / "town.tif").write_bytes(town.ortho.read_bytes())
    remote = f"/vsicurl/{server.url}/town.tif"
    there = asked(worker, given, ("predict", "images"), remote)
    assert there["type"] == "result", there
    assert server.asked
    server.asked.clear()
    hidden = hostile_files.virtual_raster(folder / "hidden.vrt", f"/vsicurl/{server.url}/town.tif")
    answer = asked(worker, given, ("predict", "images"), hidden)
    assert answer["type"] == "error"
    assert server.asked == []


def test_a_virtual_raster_of_files_is_read(worker, given, town, folder):
    inner = hostile_files.virtual_raster(folder / "parts.tif", str(town.ortho))
    outer = hostile_files.virtual_raster(folder / "whole.vrt", str(inner))
    assert asked(worker, given, ("predict", "images"), outer)["type"] == "result"


def test_outputs_do_not_replace_a_device(worker, given, folder):
    answer = worker.run("describe", **{**given["describe"], "html": str(pipe(folder, "pipe.html"))})[-1]
    assert answer["type"] == "error"
    assert "is no file" in answer["message"]
