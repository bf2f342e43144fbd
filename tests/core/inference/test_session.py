"""What begins with a model on a device: rasters that change meanwhile are noticed by all that look at them."""

from __future__ import annotations

import os
import shutil

import pytest

from mmrisk_core import MMRiskError, Progress, RiskModel, train_model
from mmrisk_core.explanation import inspect_tiles, what_if
from mmrisk_core.imagery import RasterSource
from mmrisk_core.inference.session import open_session, slices_of
from mmrisk_core.inference.tile_slices import SLICE_TILES
from mmrisk_core.jobs import make_job
from tests.core.factories import QUICK

PART = slice(0, 40)


@pytest.fixture(scope="module")
def model_file(town, tmp_path_factory):
    """A model whose recipe can be followed."""
    quick = {**QUICK, "folds": 2, "epochs": 1, "validation": "none", "backbone": "rcf"}
    model = train_model(town.tiles, "label", ["roads_length"], [town.ortho], **quick)
    return model.save(tmp_path_factory.mktemp("model") / "model.safetensors")


@pytest.fixture
def ortho(town, tmp_path):
    """The town's raster, which a test may change."""
    return shutil.copy(town.ortho, tmp_path / "ortho.tif")


def predict(model, town, ortho, progress, folder):
    model.predict(town.tiles[PART], [ortho], device="cpu", progress=progress)


def evaluate(model, town, ortho, progress, folder):
    model.evaluate(town.tiles, "label", [ortho], device="cpu", progress=progress)


def explain(model, town, ortho, progress, folder):
    model.explain(town.tiles[PART], [ortho], device="cpu", progress=progress)


def inspect(model, town, ortho, progress, folder):
    inspect_tiles(model, town.tiles[:3], [RasterSource.model_validate(ortho)], device="cpu", progress=progress)


def change_something(model, town, ortho, progress, folder):
    change = {"roads_length": 5.0}
    sources = [RasterSource.model_validate(ortho)]
    what_if(model, town.tiles[PART], sources, change=change, device="cpu", progress=progress)


def map_extent(model, town, ortho, progress, folder):
    make_job(
        "map",
        {
            "extent": town.tiles[PART].total_bounds.tolist(),
            "crs": "EPSG:32619",
            "model": str(model.save(folder / "map.safetensors")),
            "images": [str(ortho)],
            "layers": [str(town.roads)],
            "device": "cpu",
            "output": str(folder / "risk.gpkg"),
        },
    ).run(progress)


@pytest.mark.parametrize("ask", [predict, evaluate, explain, inspect, change_something, map_extent])
def test_a_raster_that_changes_meanwhile_is_named(ask, model_file, town, ortho, tmp_path):
    changed: list[str] = []

    def change(fraction: float, message: str) -> None:
        if not changed and any(word in message for word in ("imagery of", "explained", "looking at", "tiles")):
            if ask is map_extent and "imagery of" not in message:
                return
            changed.append(message)
            os.utime(ortho, ns=(1, 1))

    with pytest.raises(MMRiskError, match=r"The raster ortho\.tif was changed while it was read"):
        ask(RiskModel.load(model_file), town, ortho, Progress(report=change), tmp_path)
    assert changed
    assert not (tmp_path / "risk.gpkg").exists()


def test_a_session_ends_without_a_word_where_nothing_changed(model_file, town, ortho):
    model, rasters = RiskModel.load(model_file), [RasterSource.model_validate(ortho)]
    with (
        open_session(model, town.tiles, rasters, device="cpu") as session,
        session.open_slice(town.tiles) as opened,
    ):
        sizes = [len(batch.rows) for batch in session.batches(opened, at_most=7)]
    assert max(sizes) == 7
    assert sum(sizes) == len(town.tiles)


@pytest.mark.parametrize("count", [1, SLICE_TILES - 1, SLICE_TILES, SLICE_TILES + 1, 3 * SLICE_TILES + 5])
def test_slices_take_every_tile_once(count):
    rows = [row for part in slices_of(range(count)) for row in range(count)[part]]
    assert rows == list(range(count))
