"""Windows of rasters, against the pixels themselves."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest
import rasterio
import shapely
from rasterio.enums import ColorInterp
from rasterio.transform import Affine, from_origin
from rasterio.warp import Resampling, calculate_default_transform, reproject

from mmrisk_core import Cancelled, MMRiskError, Progress
from mmrisk_core.imagery import (
    ChipReader,
    RasterSource,
    describe_raster,
    iterate_chips,
    plan_reading_order,
    read_chips,
    square_windows,
)
from mmrisk_core.imagery import chips as imagery_chips
from mmrisk_core.imagery import reading_order as imagery_order
from tests.core.factories import LEFT, TOP, UTM, make_layer, make_tiles, write_raster

RNG = np.random.default_rng(0)
# 3 x 4 tiles of 20 m at 1 m per pixel.
PICTURE = RNG.integers(1, 255, (3, 60, 80), dtype=np.uint8)


def tiles_of_20_m(rows=3, cols=4):
    return make_tiles(rows=rows, cols=cols, size=20)


def truth(picture: np.ndarray, rows=3, cols=4, side=20) -> np.ndarray:
    """(tiles, bands, side, side) cut out of an array."""
    return np.stack(
        [picture[:, r * side : (r + 1) * side, c * side : (c + 1) * side] for r in range(rows) for c in range(cols)]
    )


def test_at_native_size_a_window_is_the_pixels_themselves(tmp_path):
    path = write_raster(tmp_path / "a.tif", PICTURE)
    chips = read_chips(tiles_of_20_m(), path, pixels=20)
    assert (chips.pixels == truth(PICTURE)).all()
    assert chips.pixels.dtype == np.uint8
    assert (chips.coverage == 1).all()


def test_shrinking_averages(tmp_path):
    path = write_raster(tmp_path / "a.tif", PICTURE)
    chips = read_chips(tiles_of_20_m(), path, pixels=5)
    means = truth(PICTURE).reshape(12, 3, 5, 4, 5, 4).mean(axis=(3, 5))
    assert np.abs(chips.pixels - means).max() <= 0.5001


def test_enlarging_keeps_the_place(tmp_path):
    stripes = np.zeros((1, 60, 80), dtype=np.uint8)
    stripes[:, :, 10:20] = 200
    chips = read_chips(tiles_of_20_m(), write_raster(tmp_path / "a.tif", stripes), pixels=80)
    left, right = chips.pixels[0, 0, :, :36], chips.pixels[0, 0, :, 44:76]
    assert (left == 0).all()
    assert (right == 200).all()


def test_shrinking_by_a_broken_factor_weighs_pixels_by_their_area(tmp_path):
    ramp = np.tile(np.arange(80, dtype=np.float32), (1, 60, 1))
    tile = make_layer([shapely.box(LEFT + 10, TOP - 30, LEFT + 30, TOP - 10)])
    chips = read_chips(tile, write_raster(tmp_path / "a.tif", ramp), pixels=8)
    # 20 pixels become 8, each of 2.5: the first of 10, 11 and half of 12.
    assert chips.pixels[0, 0, 0, 0] == pytest.approx((10 + 11 + 0.5 * 12) / 2.5, abs=1e-4)
    assert chips.pixels[0, 0].mean() == pytest.approx(ramp[0, 10:30, 10:30].mean(), abs=1e-4)


def test_a_raster_that_covers_part_of_a_tile_fills_just_that_part(tmp_path):
    path = write_raster(tmp_path / "a.tif", PICTURE[:, :30, :50])
    chips = read_chips(tiles_of_20_m(), path, pixels=20)
    padded = np.zeros_like(PICTURE)
    padded[:, :30, :50] = PICTURE[:, :30, :50]
    assert (chips.pixels == truth(padded)).all()
    inside = np.zeros((1, 60, 80), dtype=np.uint8)
    inside[:, :30, :50] = 1
    assert (chips.valid == truth(inside)[:, 0]).all()
    assert chips.coverage.tolist() == [1, 1, 0.5, 0, 0.5, 0.5, 0.25, 0, 0, 0, 0, 0]


def test_a_context_of_3_shows_the_neighbours_around_the_same_centre(tmp_path):
    path = write_raster(tmp_path / "a.tif", PICTURE)
    chips = read_chips(tiles_of_20_m(), path, pixels=60, context=3)
    middle_tile = 1 * 4 + 1
    assert (chips.pixels[middle_tile] == PICTURE[:, :60, :60]).all()
    assert chips.coverage[middle_tile] == 1
    corner = chips.pixels[0]
    assert (corner[:, 20:, 20:] == PICTURE[:, :40, :40]).all()
    assert (corner[:, :20] == 0).all()
    assert chips.coverage[0] == pytest.approx(4 / 9)


def test_windows_are_square_around_the_centre_of_any_polygon():
    tile = make_layer([shapely.box(0, 0, 40, 20)])
    assert square_windows(tile, 2.0).tolist() == [[-20, -30, 60, 50]]


def test_nodata_is_not_valid_and_does_not_bleed(tmp_path):
    picture = PICTURE.copy()
    picture[:, :20, :10] = 0
    path = write_raster(tmp_path / "a.tif", picture, nodata=0)
    chips = read_chips(tiles_of_20_m(), path, pixels=20)
    assert (chips.valid[0, :, :10] == 0).all()
    assert (chips.valid[0, :, 10:] == 1).all()
    half = read_chips(tiles_of_20_m(), path, pixels=4).pixels[0]
    assert half[:, :, 3] == pytest.approx(picture[:, :20, 15:20].reshape(3, 4, 5, 5).mean(axis=(2, 3)), abs=0.51)
    assert (half[:, :, 0] == 0).all()
    # The third column is half nodata, and must be the mean of the other half.
    third = read_chips(make_layer([shapely.box(LEFT + 5, TOP - 20, LEFT + 25, TOP)]), path, pixels=4).pixels[0]
    assert third[:, :, 1] == pytest.approx(picture[:, :20, 10:15].reshape(3, 4, 5, 5).mean(axis=(2, 3)), abs=0.51)


def test_nan_is_not_valid_in_a_raster_of_floats(tmp_path):
    heights = RNG.normal(100, 5, (1, 60, 80)).astype(np.float32)
    heights[0, :20, :20] = np.nan
    chips = read_chips(tiles_of_20_m(), write_raster(tmp_path / "a.tif", heights, nodata=np.nan), pixels=20)
    assert chips.coverage.tolist() == [0] + [1] * 11
    assert (chips.pixels[1:] == truth(heights)[1:]).all()
    assert np.isfinite(chips.pixels).all()


def test_an_alpha_band_is_a_mask_and_no_band(tmp_path):
    alpha = np.full((1, 60, 80), 255, dtype=np.uint8)
    alpha[:, :, :30] = 0
    path = write_raster(tmp_path / "a.tif", np.concatenate([PICTURE, alpha]), photometric="RGB", alpha="YES")
    with rasterio.open(path) as raster:
        assert raster.colorinterp[3] == ColorInterp.alpha
    assert describe_raster(path).band_names == ("red", "green", "blue")
    chips = read_chips(tiles_of_20_m(), path, pixels=20)
    assert chips.pixels.shape == (12, 3, 20, 20)
    assert chips.coverage[:4].tolist() == [0, 0.5, 1, 1]
    assert (chips.pixels[2] == truth(PICTURE)[2]).all()


@pytest.mark.parametrize("count", [1, 2, 4, 9])
def test_any_number_of_bands_is_read(tmp_path, count):
    picture = RNG.integers(1, 255, (count, 60, 80), dtype=np.uint8)
    path = write_raster(tmp_path / "a.tif", picture, photometric="MINISBLACK")
    assert (read_chips(tiles_of_20_m(), path, pixels=20).pixels == truth(picture)).all()
    assert len(describe_raster(path).band_names) == count


def test_bands_come_as_red_green_blue_where_the_file_says_which_is_which(tmp_path):
    path = write_raster(tmp_path / "a.tif", np.concatenate([PICTURE[::-1], PICTURE[:1]]), photometric="MINISBLACK")
    with rasterio.open(path, "r+") as raster:
        raster.colorinterp = (ColorInterp.blue, ColorInterp.green, ColorInterp.red, ColorInterp.undefined)
        raster.set_band_description(4, "near infrared")
    assert describe_raster(path).band_names == ("red", "green", "blue", "near infrared")
    chips = read_chips(tiles_of_20_m(), path, pixels=20)
    assert (chips.pixels[:, :3] == truth(PICTURE)).all()


def test_sixteen_bits_lose_nothing(tmp_path):
    picture = RNG.integers(0, 60_000, (2, 60, 80), dtype=np.uint16)
    chips = read_chips(tiles_of_20_m(), write_raster(tmp_path / "a.tif", picture), pixels=20)
    assert (chips.pixels == truth(picture)).all()


def test_a_palette_is_read_as_the_colours_it_means(tmp_path):
    numbers = RNG.integers(0, 4, (1, 60, 80), dtype=np.uint8)
    path = write_raster(tmp_path / "a.tif", numbers, nodata=0)
    colours = {0: (0, 0, 0, 255), 1: (200, 0, 0, 255), 2: (0, 150, 0, 255), 3: (1, 2, 3, 255)}
    with rasterio.open(path, "r+") as raster:
        raster.write_colormap(1, colours)
    chips = read_chips(tiles_of_20_m(), path, pixels=20)
    expected = np.array([colours[i] for i in range(4)], dtype=np.uint8)[truth(numbers)[:, 0]]
    assert (np.moveaxis(chips.pixels, 1, -1) == expected[..., :3]).all()
    assert describe_raster(path).band_names == ("red", "green", "blue")
    assert (chips.valid == (truth(numbers)[:, 0] > 0)).all()


def test_scale_and_offset_are_applied_and_nodata_is_not_scaled(tmp_path):
    numbers = RNG.integers(1, 1000, (1, 60, 80), dtype=np.int16)
    numbers[0, :5] = -32768
    path = write_raster(tmp_path / "a.tif", numbers, nodata=-32768)
    with rasterio.open(path, "r+") as raster:
        raster.scales, raster.offsets = (0.1,), (-100.0,)
    chips = read_chips(tiles_of_20_m(), path, pixels=20)
    expected = np.where(truth(numbers) == -32768, 0, truth(numbers) * np.float32(0.1) - np.float32(100))
    assert chips.pixels == pytest.approx(expected, abs=1e-3)
    assert chips.coverage.tolist() == [0.75] * 4 + [1] * 8


def test_overviews_are_used_when_pixels_are_coarser_and_only_then(tmp_path):
    path = write_raster(tmp_path / "a.tif", np.full((1, 512, 512), 10, np.uint8), pixel=0.25)
    with rasterio.open(path, "r+") as raster:
        raster.build_overviews([2, 4, 8], Resampling.nearest)
    with rasterio.open(path, "r+", overview_level=1) as overview:
        assert overview.shape == (128, 128)
    tiles = make_tiles(rows=4, cols=4, size=32)
    for pixels, level in [(128, None), (64, None), (40, None), (32, 0), (20, 0), (16, 1), (8, 2), (4, 2)]:
        with ChipReader(tiles, path, pixels=pixels) as reader:
            assert reader.view.frame.overview == level
            assert (read_chips(tiles, path, pixels=pixels).pixels == 10).all()


def test_a_window_too_large_for_memory_is_read_in_parts(tmp_path, monkeypatch):
    tiles = make_layer(
        [shapely.box(LEFT - 3, TOP - 57, LEFT + 57, TOP + 3), shapely.box(LEFT, TOP - 20, LEFT + 20, TOP)]
    )
    picture = PICTURE.copy()
    picture[:, 20:30, 20:30] = 0
    path = write_raster(tmp_path / "a.tif", picture, nodata=0)
    whole = read_chips(tiles, path, pixels=7)
    monkeypatch.setattr(imagery_chips, "LARGE_WINDOW", 100)
    monkeypatch.setattr(imagery_chips, "PART_PIXELS", 100)
    parts = read_chips(tiles, path, pixels=7)
    assert (whole.valid == parts.valid).all()
    assert np.abs(whole.pixels.astype(int) - parts.pixels).max() <= 1


def test_south_up(tmp_path):
    transform = Affine(1, 0, LEFT, 0, 1, TOP - 60)
    path = write_raster(tmp_path / "a.tif", np.ascontiguousarray(PICTURE[:, ::-1]), transform=transform)
    chips = read_chips(tiles_of_20_m(), path, pixels=20)
    assert (chips.pixels == truth(PICTURE)).all()
    assert (chips.coverage == 1).all()


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:2249", "EPSG:3857"])
def test_a_raster_in_another_crs_shows_the_same_place(tmp_path, crs):
    smooth = np.add.outer(np.arange(240), np.arange(320))[None].astype(np.float32) / 3 + 10
    source = from_origin(LEFT - 40, TOP + 40, 0.5, 0.5)
    bounds = (LEFT - 40, TOP + 40 - 120, LEFT - 40 + 160, TOP + 40)
    transform, width, height = calculate_default_transform(UTM, crs, 320, 240, *bounds)
    moved = np.zeros((1, height, width), dtype=np.float32)
    reproject(
        smooth, moved, src_transform=source, src_crs=UTM, dst_transform=transform, dst_crs=crs,
        resampling=Resampling.bilinear, dst_nodata=0,
    )  # fmt: skip
    tile = make_layer([shapely.box(LEFT + 20, TOP - 20, LEFT + 40, TOP)])
    here = read_chips(tile, write_raster(tmp_path / "a.tif", smooth, transform=source), pixels=10)
    there = read_chips(tile, write_raster(tmp_path / "b.tif", moved, crs=crs, transform=transform), pixels=10)
    assert there.coverage[0] == 1
    assert np.abs(here.pixels - there.pixels).max() < 1.0


def test_the_corners_that_warping_leaves_empty_are_not_valid(tmp_path):
    path = write_raster(
        tmp_path / "a.tif", np.full((3, 100, 100), 200, np.uint8), crs=UTM,
        transform=Affine.translation(LEFT + 40, TOP) @ Affine.rotation(-45) @ Affine.scale(0.5, -0.5),
    )  # fmt: skip
    tile = make_layer([shapely.box(LEFT, TOP - 80, LEFT + 80, TOP)])
    chips = read_chips(tile, path, pixels=40)
    assert 0.2 < chips.coverage[0] < 0.6
    assert set(np.unique(chips.pixels[0][:, chips.valid[0] == 1])) <= set(range(195, 201))
    assert (chips.pixels[0][:, chips.valid[0] == 0] == 0).all()


def test_ground_sample_distance_is_in_metres(tmp_path):
    feet = write_raster(tmp_path / "feet.tif", PICTURE, left=770_000, top=2_950_000, pixel=2, crs="EPSG:2249")
    assert describe_raster(feet).metres_per_pixel == pytest.approx(0.6096, rel=1e-4)
    degrees = write_raster(tmp_path / "degrees.tif", PICTURE, left=-71, top=42, pixel=1e-5, crs="EPSG:4326")
    assert describe_raster(degrees).metres_per_pixel == pytest.approx(0.828, rel=0.01)
    mercator = write_raster(tmp_path / "web.tif", PICTURE, left=-7_900_000, top=5_200_000, pixel=1, crs="EPSG:3857")
    assert describe_raster(mercator).metres_per_pixel == pytest.approx(0.742, rel=0.01)


# --- what can go wrong -----------------------------------------------------------------------------------------------


def test_a_raster_elsewhere_is_named(tmp_path):
    path = write_raster(tmp_path / "elsewhere.tif", PICTURE, left=LEFT + 5000)
    with pytest.raises(MMRiskError, match=r"elsewhere.tif and the tiles 'tiles' do not overlap"):
        read_chips(tiles_of_20_m(), path, pixels=20)


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_a_raster_without_crs_is_named(tmp_path):
    path = write_raster(tmp_path / "lost.tif", PICTURE, crs=None)
    with pytest.raises(MMRiskError, match=r"lost.tif has no coordinate reference system"):
        read_chips(tiles_of_20_m(), path, pixels=20)


def test_tiles_without_crs_are_named(tmp_path):
    tiles = tiles_of_20_m().set_crs(None, allow_override=True)
    with pytest.raises(MMRiskError, match="'tiles' has no coordinate reference system"):
        read_chips(tiles, write_raster(tmp_path / "a.tif", PICTURE), pixels=20)


@pytest.mark.parametrize("content", [None, b"", b"not an image"])
def test_what_is_no_raster_is_named(tmp_path, content):
    path = tmp_path / "photo.tif"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(MMRiskError, match=r"photo.tif"):
        describe_raster(path)


def test_a_truncated_raster_is_named_with_the_place(tmp_path):
    path = write_raster(tmp_path / "cut.tif", RNG.integers(0, 255, (3, 600, 800), dtype=np.uint8), pixel=0.1)
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)
    with pytest.raises(MMRiskError, match=r"cut.tif is damaged: it cannot be read at column \d+, row \d+ \("):
        read_chips(tiles_of_20_m(), path, pixels=20)


def test_a_tile_without_geometry_has_no_image(tmp_path):
    tiles = make_layer([shapely.box(LEFT, TOP - 20, LEFT + 20, TOP), None])
    chips = read_chips(tiles, write_raster(tmp_path / "a.tif", PICTURE), pixels=20)
    assert chips.coverage.tolist() == [1, 0]


# --- batches and threads ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("threads", [1, 4])
def test_each_tile_comes_once_with_its_own_pixels_whatever_the_threads(tmp_path, threads):
    numbers = np.arange(20 * 20, dtype=np.uint16).reshape(1, 20, 20)
    path = write_raster(tmp_path / "a.tif", numbers, pixel=10)
    tiles = make_tiles(rows=20, cols=20, size=10)
    seen, rows = [], []
    for batch, chips in iterate_chips(tiles, path, pixels=1, threads=threads):
        rows += batch.tolist()
        seen += chips.pixels[:, 0, 0, 0].tolist()
    assert sorted(rows) == list(range(400))
    assert seen == rows


BLOCKS = {"tiled": True, "blockxsize": 64, "blockysize": 64, "compress": "deflate"}


@pytest.mark.skipif(not Path("/proc/self/io").exists(), reason="what a process reads is counted on Linux only")
@pytest.mark.parametrize("layout", [BLOCKS, {"compress": "deflate", "blockysize": 64}], ids=["tiled", "strips"])
def test_each_block_is_read_once(tmp_path, layout):
    path = write_raster(tmp_path / "a.tif", RNG.integers(0, 255, (3, 1500, 1500), dtype=np.uint8), **layout)
    tiles = make_tiles(rows=30, cols=30, size=50).sample(frac=1, random_state=0).reset_index(drop=True)

    def bytes_read() -> int:
        return int(Path("/proc/self/io").read_text().split()[1])

    before = bytes_read()
    read_chips(tiles, path, pixels=50)
    # Some blocks lie on the border between two threads.
    assert bytes_read() - before < 1.15 * path.stat().st_size


def test_stripes_are_so_narrow_that_their_blocks_stay_in_memory(tmp_path, monkeypatch):
    path = write_raster(tmp_path / "a.tif", np.ones((1, 64, 6400), dtype=np.uint8), **BLOCKS)
    tiles = make_tiles(rows=4, cols=400, size=16)
    monkeypatch.setattr(imagery_order, "CACHE_BYTES", 2 * 1000 * (2 * 64 + 16) * 2)
    with ChipReader(tiles, path, pixels=16) as reader:
        batches = plan_reading_order(reader.centres, [reader.view], [16], 2)
    assert sorted(np.concatenate([batch.rows for batch in batches])) == list(range(1600))
    lanes = [np.concatenate([batch.rows for batch in batches if batch.lane == lane]) for lane in (0, 1)]
    assert abs(len(lanes[0]) - len(lanes[1])) <= 4
    for rows in lanes:
        # Back to the north where a new stripe begins.
        begins = np.flatnonzero(np.diff(tiles["row"].to_numpy()[rows], prepend=9) < 0)
        for stripe in np.split(rows, begins[1:]):
            assert np.ptp(tiles["col"].to_numpy()[stripe]) * 16 <= 1000


@pytest.mark.parametrize(("rows", "cols"), [(1, 1), (1, 50), (50, 1), (7, 9)])
def test_few_tiles_are_read_as_well_as_many(tmp_path, rows, cols):
    picture = RNG.integers(1, 255, (3, rows * 10, cols * 10), dtype=np.uint8)
    path = write_raster(tmp_path / "a.tif", picture)
    chips = read_chips(make_tiles(rows=rows, cols=cols, size=10), path, pixels=10)
    assert (chips.pixels == truth(picture, rows, cols, 10)).all()


@pytest.mark.parametrize("context", [1.0, 1.5, 3.0])
@pytest.mark.parametrize("pixels", [20, 60, 13])
def test_tiles_read_together_are_as_read_alone(tmp_path, context, pixels):
    picture = RNG.integers(1, 255, (3, 60, 80), dtype=np.uint8)
    picture[:, 20:37, 30:50] = 0
    path = write_raster(tmp_path / "a.tif", picture, nodata=0)
    tiles = make_tiles(rows=4, cols=5, size=20)
    together = read_chips(tiles, path, pixels=pixels, context=context)
    for i in range(len(tiles)):
        alone = read_chips(tiles.iloc[[i]], path, pixels=pixels, context=context, must_overlap=False)
        assert (alone.pixels[0] == together.pixels[i]).all()
        assert (alone.valid[0] == together.valid[i]).all()


def test_cancelling_closes_files_and_threads(tmp_path):
    path = write_raster(tmp_path / "a.tif", PICTURE)
    tiles = make_tiles(rows=60, cols=80, size=1)
    asked = []
    progress = Progress(is_cancelled=lambda: len(asked) >= 3 or asked.append(1))
    threads = threading.active_count()
    with pytest.raises(Cancelled):
        read_chips(tiles, path, pixels=8, progress=progress)
    assert threading.active_count() == threads
    assert _open_files(path) == 0


def test_leaving_the_loop_early_closes_files_and_threads(tmp_path):
    path = write_raster(tmp_path / "a.tif", PICTURE)
    threads = threading.active_count()
    batches = iterate_chips(make_tiles(rows=60, cols=80, size=1), path, pixels=8)
    next(batches)
    batches.close()
    assert threading.active_count() == threads
    assert _open_files(path) == 0


def _open_files(path) -> int:
    folder = Path("/proc/self/fd")
    if not folder.is_dir():
        pytest.skip("open files can be counted on Linux only")
    return sum(link.exists() and link.resolve() == path.resolve() for link in folder.iterdir())


def test_a_raster_source_is_read_from_a_path():
    assert RasterSource.model_validate("data/ortho.tif").title == "ortho"
    assert RasterSource.model_validate({"path": "x.tif", "name": "Aerial 2020"}).title == "Aerial 2020"
