"""Roads drawn from the picture: training, the model file, and masks of rasters."""

from __future__ import annotations

import json
import tracemalloc

import numpy as np
import pytest
import rasterio
import torch
from rasterio.windows import Window
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from mmrisk_core import Cancelled, MMRiskError, Progress
from mmrisk_core.bundle.header import ROAD_MANIFEST_KEY
from mmrisk_core.geo.layer_writing import write_layer
from mmrisk_core.jobs import make_job, run_job
from mmrisk_core.roads import extract_roads, load_road_model, save_road_model, train_roads, unet
from mmrisk_core.roads.report import render_road_card, write_road_report
from tests.core.factories import Elements, line, make_layer, point, with_texts, write_raster
from tests.core.roads.streets import QUICK, SIDE, make_roads, picture


@pytest.fixture(scope="module", autouse=True)
def _few_channels():
    """A U-Net as deep as the real one that takes a tenth of the time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(unet, "PLAIN_CHANNELS", (6, 8, 12, 16, 24))
        patch.setattr(unet, "DECODER_CHANNELS", (24, 16, 12, 8, 6))
        yield


@pytest.fixture(scope="module")
def image(tmp_path_factory):
    return write_raster(tmp_path_factory.mktemp("roads") / "image.tif", picture())


@pytest.fixture(scope="module")
def model(image):
    return train_roads([image], make_roads(), **QUICK)


def read(path):
    with rasterio.open(path) as raster:
        return raster.read(1), raster.read_masks(1) > 0, raster


@pytest.mark.slow
def test_it_learns_what_brightness_does_not_tell(model):
    scores = model.manifest.scores
    assert scores.f1 > 0.8
    assert scores.iou > max(baseline.iou for baseline in model.manifest.baselines.values()) > 0.4
    assert 0 < model.manifest.threshold < 1


def test_a_mask_lies_on_the_pixels_of_another_image(model, tmp_path):
    other = write_raster(tmp_path / "other.tif", picture(35, seed=3))
    extract_roads(model, other, tmp_path / "mask.tif", device="cpu")
    mask, shows, raster = read(tmp_path / "mask.tif")
    with rasterio.open(other) as source:
        assert (raster.transform, raster.crs, raster.shape) == (source.transform, source.crs, source.shape)
    assert set(np.unique(mask)) == {0, 255}
    assert shows.all()
    assert (mask[35, 40:] == 255).mean() > 0.8
    assert (mask[50:70, 50:70] == 0).mean() > 0.9
    assert {p.name for p in tmp_path.iterdir()} == {"other.tif", "mask.tif"}


def test_probabilities_agree_with_the_mask(model, image, tmp_path):
    extract_roads(model, image, tmp_path / "mask.tif", device="cpu")
    extract_roads(model, image, tmp_path / "p.tif", probabilities=True, device="cpu")
    probability = read(tmp_path / "p.tif")[0]
    assert probability.dtype == np.float32
    assert 0 <= probability.min() < probability.max() <= 1 + 1e-6
    assert ((probability >= model.manifest.threshold) == (read(tmp_path / "mask.tif")[0] == 255)).all()


def test_quarters_have_the_mask_of_the_whole(model, tmp_path):
    big = np.tile(picture(), (1, 2, 2))
    whole = write_raster(tmp_path / "whole.tif", big)
    extract_roads(model, whole, tmp_path / "mask.tif", device="cpu")
    mask = read(tmp_path / "mask.tif")[0]
    together = np.zeros_like(mask)
    with rasterio.open(whole) as raster:
        for row in (0, SIDE):
            for col in (0, SIDE):
                place = raster.window_transform(Window(col, row, SIDE, SIDE))
                part = write_raster(tmp_path / "q.tif", big[:, row : row + SIDE, col : col + SIDE], transform=place)
                extract_roads(model, part, tmp_path / "qm.tif", device="cpu")
                together[row : row + SIDE, col : col + SIDE] = read(tmp_path / "qm.tif")[0]
    assert (mask != together).mean() < 0.01


def test_nodata_and_white_areas_are_masked(model, tmp_path):
    pixels = picture()
    pixels[:, :100, :100] = 255
    pixels[:, 150:, 150:] = 0
    extract_roads(model, write_raster(tmp_path / "i.tif", pixels, nodata=0), tmp_path / "m.tif", device="cpu")
    mask, shows, _ = read(tmp_path / "m.tif")
    assert not shows[:100, :100].any()
    assert not shows[150:, 150:].any()
    assert not mask[~shows].any()
    assert shows[:100, 100:].all()
    blank = write_raster(tmp_path / "blank.tif", np.full_like(pixels, 255))
    with pytest.raises(MMRiskError, match=r"blank.tif shows nothing"):
        extract_roads(model, blank, tmp_path / "no.tif", device="cpu")
    assert not (tmp_path / "no.tif").exists()


@pytest.mark.slow
def test_memory_does_not_grow_with_the_height_of_a_raster(model, tmp_path):
    # White throughout but for a corner, so that the time goes into reading. What counts lines of code keeps some memory too.
    peaks = []
    for height in (1024, 8192):
        pixels = np.full((3, height, 512), 255, dtype=np.uint8)
        pixels[:, :64, :64] = 100
        path = write_raster(tmp_path / f"{height}.tif", pixels, tiled=True, blockxsize=256, blockysize=256)
        del pixels
        tracemalloc.start()
        extract_roads(model, path, tmp_path / "m.tif", device="cpu")
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 2 * peaks[0]


def test_finer_imagery_is_averaged_and_coarser_refused(model, tmp_path):
    fine = write_raster(tmp_path / "fine.tif", picture().repeat(2, axis=1).repeat(2, axis=2), pixel=0.5)
    extract_roads(model, fine, tmp_path / "m.tif", device="cpu")
    mask, _, raster = read(tmp_path / "m.tif")
    assert raster.res == pytest.approx((1.0, 1.0), rel=1e-3)
    assert (mask[20, 40:] == 255).mean() > 0.7
    coarse = write_raster(tmp_path / "coarse.tif", picture(), pixel=2.0)
    with pytest.raises(MMRiskError, match=r"coarse.tif are 2 m wide"):
        extract_roads(model, coarse, tmp_path / "no.tif", device="cpu")
    grey = write_raster(tmp_path / "grey.tif", picture()[:1])
    with pytest.raises(MMRiskError, match=r"grey.tif has 1 band"):
        extract_roads(model, grey, tmp_path / "no.tif", device="cpu")
    with pytest.raises(MMRiskError, match=r"ends otherwise"):
        extract_roads(model, fine, tmp_path / "no.png", device="cpu")


def test_a_model_comes_back_as_it_was(model, image, tmp_path):
    loaded = load_road_model(save_road_model(model, tmp_path / "m.safetensors"))
    assert loaded.manifest == model.manifest
    for path, one in ((tmp_path / "a.tif", model), (tmp_path / "b.tif", loaded)):
        extract_roads(one, image, path, probabilities=True, device="cpu")
    assert (read(tmp_path / "a.tif")[0] == read(tmp_path / "b.tif")[0]).all()


@pytest.mark.parametrize(
    ("tensors", "manifest", "words"),
    [
        (lambda t: {**t, "head.weight": torch.zeros(1, 7, 1, 1)}, {}, "'head.weight' is misshapen"),
        (
            lambda t: {**t, "head.bias": torch.tensor([float("nan")])},
            {},
            "'head.bias' holds values that are not finite",
        ),
        (lambda t: {**t, "extra": torch.zeros(1)}, {}, "'extra' is missing, or belongs to no layer"),
        (lambda t: t, {"backbone": "clip"}, "damaged at 'backbone'"),
        (lambda t: t, {"bands": 10**9}, "damaged at 'bands'"),
        (lambda t: t, {"low": [0.0]}, "names and contrasts of 1 band for 3"),
        (lambda t: t, {"schema_version": 2}, "schema version 2; this version of MMRisk reads 1"),
    ],
)
def test_a_hostile_file_is_refused(model, tmp_path, tensors, manifest, words):
    path = save_road_model(model, tmp_path / "m.safetensors")
    with safe_open(path, framework="pt") as file:
        entries = json.loads(file.metadata()[ROAD_MANIFEST_KEY])
    save_file(tensors(load_file(path)), path, metadata={ROAD_MANIFEST_KEY: json.dumps({**entries, **manifest})})
    with pytest.raises(MMRiskError, match=words):
        load_road_model(path)


def test_other_models_are_told_apart(tmp_path):
    save_file({"w": torch.zeros(1)}, tmp_path / "m.safetensors")
    with pytest.raises(MMRiskError, match="is not an MMRisk model that sees roads"):
        load_road_model(tmp_path / "m.safetensors")


def test_the_report_shows_scores_and_pictures(model, tmp_path):
    page = write_road_report(model, tmp_path / "report.html").read_text()
    assert f"{model.manifest.scores.iou:.3f}" in page
    assert "everything is road" in page
    assert page.count("data:image/jpeg") == 3 * len(model.examples) > 0
    assert "http" not in page


def test_nothing_that_a_model_file_says_of_itself_becomes_markup(model):
    hostile = "<script>alert(1)</script>"
    pages = [Elements(render_road_card(with_texts(model.manifest, text), model.examples)) for text in (hostile, "text")]
    assert pages[0].text.count(hostile) > 5
    assert pages[0].names == pages[1].names


@pytest.mark.parametrize(
    ("roads", "options", "words"),
    [
        (make_layer([point(5, 5)], title="stops"), {}, "'stops' has points, but roads are learnt from lines"),
        (make_layer([line((9000, 9000), (9100, 9000))]), {}, "No line of the layer 'things' lies in the imagery"),
        (make_roads(), {"width_field": "wide"}, "no field 'wide'"),
        (make_roads().assign(wide="x"), {"width_field": "wide"}, "'wide' of layer .* is no number"),
        (make_roads(), {"road_width": 0.0}, "a number of metres above 0"),
        (make_roads(), {"backbone": "clip"}, "no backbone 'clip' for roads"),
        (make_roads(), {"weights": "w.pth"}, "takes no weights file"),
        (make_roads(), {"pixel_size": 8.0}, "too little to learn roads from"),
    ],
)
def test_what_cannot_be_learnt_from_is_named(image, roads, options, words):
    with pytest.raises(MMRiskError, match=words):
        train_roads([image], roads, **{**QUICK, **options})


@pytest.mark.slow
def test_the_same_seed_gives_the_same_model(image):
    one, two = (train_roads([image], make_roads(), **{**QUICK, "epochs": 1}) for _ in range(2))
    for a, b in zip(one.network.state_dict().values(), two.network.state_dict().values(), strict=True):
        assert torch.equal(a, b)


def test_cancelled_jobs_leave_nothing(model, image, tmp_path):
    write_layer(make_roads(), tmp_path / "roads.gpkg")
    save_road_model(model, tmp_path / "m.safetensors")
    before = {p.name for p in tmp_path.iterdir()}
    train = {"images": [str(image)], "roads": str(tmp_path / "roads.gpkg"), "model": str(tmp_path / "n.safetensors")}
    extract = {"image": str(image), "model": str(tmp_path / "m.safetensors"), "output": str(tmp_path / "mask.tif")}
    for verb, parameters in (("roads-train", {**train, **QUICK}), ("roads-extract", {**extract, "device": "cpu"})):
        fractions: list[float] = []
        progress = Progress(
            report=lambda f, _, seen=fractions: seen.append(f), is_cancelled=lambda seen=fractions: len(seen) > 0
        )
        with pytest.raises(Cancelled):
            make_job(verb, parameters).run(progress)
    assert {p.name for p in tmp_path.iterdir()} == before


def test_the_jobs_train_and_extract(image, tmp_path):
    roads = write_layer(make_roads(), tmp_path / "roads.gpkg")
    files = {name: str(tmp_path / name) for name in ("model.safetensors", "report.html", "mask.tif")}
    training = {"images": [str(image)], "roads": str(roads), **QUICK, "epochs": 1}
    trained = run_job(
        make_job("roads-train", {**training, "model": files["model.safetensors"], "report": files["report.html"]}),
        Progress(),
    )
    assert (trained["model"], trained["report"]) == (files["model.safetensors"], files["report.html"])
    assert 0 <= trained["iou"] <= trained["relaxed_f1"] <= 1
    assert "squares" in (tmp_path / "report.html").read_text(encoding="utf-8")
    extraction = {"image": str(image), "model": trained["model"], "device": "cpu", "output": files["mask.tif"]}
    run_job(make_job("roads-extract", extraction), Progress())
    assert set(np.unique(read(tmp_path / "mask.tif")[0])) <= {0, 255}
