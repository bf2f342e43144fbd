"""Tiles as tensors."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
import rasterio
import torch
from torch.utils.data import DataLoader

from mmrisk_core import MMRiskError, TileDataset
from mmrisk_core.imagery import Chips, RasterSource
from mmrisk_core.samples.attribute_columns import read_attributes
from mmrisk_core.samples.image_batches import iterate_images
from mmrisk_core.samples.image_inputs import plan_image_inputs
from mmrisk_core.samples.image_source_checks import check_sources
from tests.core.factories import LEFT, make_tiles, write_raster

RNG = np.random.default_rng(0)
PICTURE = RNG.integers(1, 255, (3, 60, 80), dtype=np.uint8)


def tiles_of_20_m():
    return make_tiles(rows=3, cols=4, size=20)


def sources(*paths):
    return [RasterSource(path=str(path)) for path in paths]


def test_attributes_become_numbers_and_gaps_nan():
    tiles = (
        tiles_of_20_m()
        .iloc[:4]
        .assign(
            whole=pd.array([1, None, 3, 4], dtype="Int64"),
            real=[0.5, math.inf, -math.inf, math.nan],
            yes=[True, False, True, False],
            maybe=pd.array([True, None, False, True], dtype="boolean"),
            nothing=[None] * 4,
            huge=[1.0, -1.797693134862315e308, 3e38, 1e39],
        )
    )
    tensor = read_attributes(tiles, ["whole", "real", "yes", "maybe", "nothing", "huge"])
    assert tensor.dtype == torch.float32
    nan = math.nan
    expected = [[1, nan, 3, 4], [0.5, nan, nan, nan], [1, 0, 1, 0], [1, nan, 0, 1], [nan] * 4, [1, nan, 3e38, nan]]
    np.testing.assert_allclose(tensor.T.numpy(), expected, rtol=1e-6)
    assert read_attributes(tiles, []).shape == (4, 0)


def test_yes_and_no_with_gaps_as_files_give_them_are_numbers():
    tiles = tiles_of_20_m().iloc[:3].assign(flag=pd.Series([True, None, False], dtype=object).to_numpy())
    np.testing.assert_array_equal(read_attributes(tiles, ["flag"])[:, 0].numpy(), [1, math.nan, 0])


def test_a_field_that_is_missing_or_text_is_named():
    with pytest.raises(MMRiskError, match="'tiles' have no field 'roads'"):
        read_attributes(tiles_of_20_m(), ["roads"])
    with pytest.raises(MMRiskError, match="'name' of the tiles is not a number"):
        read_attributes(tiles_of_20_m().assign(name="x"), ["name"])


def test_each_raster_and_context_is_one_input(tmp_path):
    a = write_raster(tmp_path / "a.tif", PICTURE)
    b = write_raster(tmp_path / "b.tif", PICTURE[:1])
    inputs = plan_image_inputs(tiles_of_20_m(), sources(a, b), (1, 3), 32)
    assert [(i.source, i.name, i.bands, i.context) for i in inputs] == [
        (0, "a", 3, 1), (0, "a", 3, 3), (1, "b", 1, 1), (1, "b", 1, 3)
    ]  # fmt: skip
    batches = list(iterate_images(tiles_of_20_m(), inputs, sources(a, b)))
    assert [tuple(image.shape) for image in batches[0].images] == [
        (12, 3, 32, 32), (12, 3, 32, 32), (12, 1, 32, 32), (12, 1, 32, 32)
    ]  # fmt: skip
    assert batches[0].coverage[5] == 1
    assert batches[0].coverage[0] == pytest.approx((1 + 4 / 9) / 2, abs=0.02)


def test_bytes_are_taken_as_they_are_and_other_types_stretched(tmp_path):
    heights = np.linspace(100, 300, 4800, dtype=np.float32).reshape(1, 60, 80)
    heights[0, :20, :20] = np.nan
    path = write_raster(tmp_path / "dem.tif", heights, nodata=math.nan)
    (planned,) = plan_image_inputs(tiles_of_20_m(), sources(path), (1,), 20)
    assert 100 < planned.low[0] < 110
    assert 290 < planned.high[0] < 300
    (batch,) = iterate_images(tiles_of_20_m(), (planned,), sources(path))
    assert batch.images[0].dtype == torch.uint8
    assert batch.present[0].tolist() == [False] + [True] * 11
    assert (batch.images[0][0] == 0).all()
    assert batch.images[0][1].float().mean() < 60
    assert batch.images[0][11].float().mean() > 200
    chips = Chips(np.array([[[[0.0, 1e9, np.nan, 200.0]]]], np.float32), np.ones((1, 1, 1, 4), np.uint8))
    assert planned.to_bytes(chips)[0, 0, 0].tolist()[:3] == [0, 255, 0]


def test_contrast_is_found_where_the_raster_covers_few_of_the_tiles(tmp_path):
    tiles = make_tiles(rows=30, cols=40, size=20)
    path = write_raster(tmp_path / "a.tif", np.full((1, 20, 20), 7, np.uint16), left=LEFT + 3 * 20)
    (planned,) = plan_image_inputs(tiles, sources(path), (1,), 32)
    assert planned.low == (7.0,)


def test_rasters_of_another_number_kind_or_type_are_named(tmp_path):
    colour = write_raster(tmp_path / "colour.tif", PICTURE)
    grey = write_raster(tmp_path / "grey.tif", PICTURE[:1])
    deep = write_raster(tmp_path / "deep.tif", PICTURE.astype(np.uint16))
    inputs = plan_image_inputs(tiles_of_20_m(), sources(colour), (1,), 32)
    check_sources(inputs, sources(colour))
    with pytest.raises(MMRiskError, match=r"expects 1 raster \('colour'\), in this order; 2 were given"):
        check_sources(inputs, sources(colour, colour))
    with pytest.raises(MMRiskError, match=r"expects 3 bands in 'colour' .*; grey.tif has 1"):
        check_sources(inputs, sources(grey))
    with pytest.raises(MMRiskError, match=r"expects 8-bit pixels in 'colour'; deep.tif has others"):
        check_sources(inputs, sources(deep))


# --- the sample of the method ----------------------------------------------------------------------------------------


def test_samples_are_dictionaries_that_a_loader_batches(tmp_path):
    tiles = tiles_of_20_m().assign(roads=np.arange(12.0), label=[0, 1] * 6)
    path = write_raster(tmp_path / "a.tif", PICTURE)
    dataset = TileDataset(tiles, features=["roads"], label="label", images=[path], pixels=20)
    assert len(dataset) == 12
    sample = dataset[5]
    assert (sample["image"] * 255).round().to(torch.uint8).numpy().tolist() == PICTURE[:, 20:40, 20:40].tolist()
    assert (sample["tabular"].tolist(), float(sample["label"])) == ([5.0], 1.0)
    batch = next(iter(DataLoader(dataset, batch_size=4)))
    assert batch["image"].shape == (4, 3, 20, 20)


def test_several_images_are_a_list_and_none_is_none(tmp_path):
    path = write_raster(tmp_path / "a.tif", PICTURE)
    two = TileDataset(tiles_of_20_m(), images=[path], context=(1, 3), pixels=20)[0]
    assert [tuple(image.shape) for image in two["image"]] == [(3, 20, 20)] * 2
    assert "label" not in two
    assert "image" not in TileDataset(tiles_of_20_m().assign(a=1), features=["a"])[0]


def test_a_tile_without_imagery_is_a_sample_too(tmp_path):
    path = write_raster(tmp_path / "a.tif", PICTURE[:, :20, :20])
    dataset = TileDataset(tiles_of_20_m(), images=[path], pixels=20)
    assert dataset[0]["image"].max() > 0
    assert dataset[11]["image"].shape == (3, 20, 20)


def test_a_table_with_a_column_of_pictures(tmp_path):
    path = tmp_path / "street.png"
    with rasterio.open(path, "w", driver="PNG", count=3, dtype="uint8", width=80, height=60) as picture:
        picture.write(PICTURE)
    table = pd.DataFrame({"picture": [str(path)], "lanes": [2], "label": [1]})
    sample = TileDataset(table, features=["lanes"], label="label", image_column="picture", pixels=16)[0]
    assert sample["image"].shape == (3, 16, 16)
    assert float(sample["image"].mean()) == pytest.approx(PICTURE.mean() / 255, abs=0.02)
    (tmp_path / "bad.png").write_bytes(b"no")
    with pytest.raises(MMRiskError, match=r"bad.png cannot be read"):
        TileDataset(table.assign(picture=str(tmp_path / "bad.png")), image_column="picture")
    gone = pd.concat([table, table.assign(picture=str(tmp_path / "gone.png"))])
    with pytest.raises(MMRiskError, match=r"1 of 2 pictures .*gone.png"):
        TileDataset(gone, image_column="picture")


@pytest.mark.slow
@pytest.mark.parametrize("context", ["fork", "spawn"])
def test_a_data_loader_reads_in_processes_of_its_own(tmp_path, context):
    path = write_raster(tmp_path / "a.tif", PICTURE)
    dataset = TileDataset(tiles_of_20_m(), images=[path], pixels=20)
    alone = [dataset[i]["image"] for i in range(len(dataset))]
    loader = torch.utils.data.DataLoader(dataset, batch_size=4, num_workers=1, multiprocessing_context=context)
    together = torch.cat([batch["image"] for batch in loader])
    assert torch.equal(together, torch.stack(alone))
