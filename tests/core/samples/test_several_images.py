"""Several images per tile, any of them missing; and imagery that is not what a model learnt from."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio

from mmrisk_core import MMRiskError, Progress, RiskModel, train_model
from mmrisk_core.imagery import Chips, RasterSource
from mmrisk_core.samples.image_batches import iterate_images
from mmrisk_core.samples.image_inputs import ImageInput, plan_image_inputs
from mmrisk_core.samples.tile_dataset import TileDataset
from tests.core.factories import LEFT, QUICK, TOP, UTM, make_tiles, write_raster

SIDE = 50


@pytest.fixture(scope="module")
def halves(town, tmp_path_factory):
    """The town's imagery in two files: the west with nodata in the east, and the other way round."""
    folder = tmp_path_factory.mktemp("halves")
    with rasterio.open(town.ortho) as raster:
        pixels, transform = raster.read(), raster.transform
    middle = pixels.shape[2] // 2
    west, east = pixels.copy(), pixels.copy()
    west[:, :, middle:], east[:, :, :middle] = 0, 0
    return [
        write_raster(folder / f"{name}.tif", part, transform=transform, nodata=0)
        for name, part in (("west", west), ("east", east))
    ]


def train(town, images, **options):
    # Which encoder looks is no matter here, and random features are quick.
    quick = {**QUICK, "backbone": "rcf", "folds": 2, "validation": "none", **options}
    return train_model(town.tiles, "label", ["roads_length"], images, **quick)


@pytest.mark.slow
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"backbone": "basic_cnn", "epochs": 2},
        {"architecture": "concat", "epochs": 2},
        {"architecture": "gated", "epochs": 5},
        {"architecture": "film", "backbone": "basic_cnn", "epochs": 2},
    ],
)
def test_two_images_of_which_each_tile_has_one(town, halves, options):
    model = train(town, halves, **options)
    risk = model.predict(town.tiles, halves, device="cpu")
    assert (risk["coverage"] == 0.5).all()
    assert np.isfinite(risk["risk"]).all()
    assert risk["risk"].std() > 0
    assert (risk["image_effect"] != 0).any()


@pytest.mark.slow
def test_two_halves_say_nearly_what_the_whole_says(town, halves):
    whole, both = (
        train(town, images, validation="spatial", folds=3).manifest.validation.figures.auc
        for images in ([town.ortho], halves)
    )
    assert both > whole - 0.06


@pytest.mark.slow
def test_an_image_that_is_missing_when_predicting_is_no_black_image(town, halves, tmp_path):
    """A second raster that covers nothing changes nothing where it was missing all along."""
    far = write_raster(tmp_path / "mask.tif", np.full((1, 10, 10), 255, np.uint8), left=LEFT, top=TOP, pixel=10)
    model = train(town, [town.ortho, far])
    tiles = town.tiles.iloc[40:].copy()
    other = write_raster(tmp_path / "other.tif", np.full((1, 10, 10), 9, np.uint8), left=LEFT + 1500, top=TOP, pixel=10)
    here, there = (model.predict(tiles, [town.ortho, image], device="cpu") for image in (far, other))
    unchanged = here["coverage"].to_numpy() == there["coverage"].to_numpy()
    assert unchanged.sum() > 150
    assert here["risk"].to_numpy()[unchanged] == pytest.approx(there["risk"].to_numpy()[unchanged])


@pytest.mark.slow
def test_four_bands_and_a_road_mask_beside_a_picture(town, tmp_path):
    with rasterio.open(town.ortho) as raster:
        pixels, transform = raster.read(), raster.transform
    four = write_raster(
        tmp_path / "four.tif", np.concatenate([pixels, pixels[:1]]).astype(np.uint16), transform=transform
    )
    mask = write_raster(tmp_path / "mask.tif", (pixels[:1] > 120).astype(np.uint8) * 255, transform=transform)
    model = train(town, [four, mask])
    assert [(i.bands, i.dtype) for i in model.manifest.images] == [(4, "float32"), (1, "uint8")]
    path = model.save(tmp_path / "model.safetensors")
    first, again = (m.predict(town.tiles, [four, mask], device="cpu") for m in (model, RiskModel.load(path)))
    assert first["risk"].tolist() == again["risk"].tolist()


def test_each_image_of_a_batch_is_of_the_same_tiles(town, halves, tmp_path):
    tiles = town.tiles.sample(frac=1, random_state=0).reset_index(drop=True)
    sources = [RasterSource(path=str(path)) for path in [town.ortho, *halves]]
    inputs = plan_image_inputs(tiles, sources, (1.0, 3.0), 32)
    seen = np.zeros(len(tiles), dtype=int)
    dataset = TileDataset(tiles, images=[town.ortho, *halves], context=(1.0, 3.0), pixels=32)
    for batch in iterate_images(tiles, inputs, sources):
        seen[batch.rows] += 1
        alone = dataset[int(batch.rows[0])]["image"]
        for image, expected in zip(batch.images, alone, strict=True):
            assert np.array_equal(image[0].numpy(), (expected * 255).round().numpy())
    assert (seen == 1).all()


def test_what_is_missing_of_an_image_is_filled_with_its_mean_and_not_with_black():
    image = ImageInput(
        source=0, name="a", bands=1, dtype="uint8", pixels=16, context=1, low=(0,), high=(255,), metres_per_pixel=1
    )
    pixels = np.full((2, 1, 16, 16), 100, np.uint8)
    valid = np.ones((2, 1, 16, 16), np.uint8)
    pixels[0, :, :8], valid[0, :, :8] = 0, 0
    pixels[1], valid[1] = 0, 0
    filled = image.to_bytes(Chips(pixels, valid))
    assert (filled[0] == 100).all()
    assert (filled[1] == 0).all()


# --- imagery unlike that of the training -----------------------------------------------------------------------------


def log_of(model, tiles, images) -> str:
    lines = []
    model.predict(tiles, images, device="cpu", progress=Progress(log=lines.append))
    return " ".join(lines)


def test_nothing_is_said_of_the_same_imagery(town, model):
    assert "Beware" not in log_of(model, town.tiles, [town.ortho])


def test_imagery_far_too_coarse_is_refused_and_coarser_imagery_warned_of(town, model, tmp_path):
    with rasterio.open(town.ortho) as raster:
        pixels = raster.read()
    coarse = write_raster(tmp_path / "coarse.tif", pixels[:, ::2, ::2], pixel=100 / 16)
    assert "sees coarse.tif at 6.2 m per pixel" in log_of(model, town.tiles, [coarse])
    useless = write_raster(tmp_path / "useless.tif", pixels[:, ::32, ::32], pixel=100)
    with pytest.raises(MMRiskError, match=r"at 3.1 m per pixel; useless.tif has 1e\+02 m per pixel"):
        model.predict(town.tiles, [useless], device="cpu")


def test_tiles_of_another_size_are_warned_of(town, model, tmp_path):
    tiles = make_tiles(4, 4, 300.0).assign(roads_length=10.0, chance=0.0)
    assert "learnt from tiles 100 m wide, and these are 300 m wide" in log_of(model, tiles, [town.ortho])


@pytest.mark.slow
def test_bands_in_another_order_are_put_right_or_warned_of(town, model, tmp_path):
    with rasterio.open(town.ortho) as raster:
        pixels, transform = raster.read(), raster.transform
    pixels[0] = pixels[0] // 2
    kinds = rasterio.enums.ColorInterp
    rgb = write_raster(tmp_path / "rgb.tif", pixels, transform=transform)
    bgr = write_raster(tmp_path / "bgr.tif", pixels[::-1], transform=transform, photometric="MINISBLACK")
    unknown = write_raster(tmp_path / "unknown.tif", pixels[::-1], transform=transform, photometric="MINISBLACK")
    with rasterio.open(bgr, "r+") as raster:
        raster.colorinterp = (kinds.blue, kinds.green, kinds.red)
    expected = model.predict(town.tiles, [rgb], device="cpu")["risk"].tolist()
    assert model.predict(town.tiles, [bgr], device="cpu")["risk"].tolist() == expected
    assert "Beware" not in log_of(model, town.tiles, [bgr])
    assert "are called band 1, band 2, band 3; the model learnt from red, green, blue" in log_of(
        model, town.tiles, [unknown]
    )


@pytest.mark.slow
def test_the_crs_that_the_user_gave_overrules_the_files_own(town, model, tmp_path):
    with rasterio.open(town.ortho) as raster:
        pixels, transform = raster.read(), raster.transform
    lost = write_raster(tmp_path / "lost.tif", pixels, crs=None, transform=transform)
    wrong = write_raster(tmp_path / "wrong.tif", pixels, crs="EPSG:3857", transform=transform)
    expected = model.predict(town.tiles, [town.ortho], device="cpu")["risk"].tolist()
    for path in (lost, wrong):
        source = RasterSource(path=str(path), crs=UTM)
        assert model.predict(town.tiles, [source], device="cpu")["risk"].tolist() == expected
