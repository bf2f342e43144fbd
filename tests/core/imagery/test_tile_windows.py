"""Each pixel belongs to one tile: windows in whole pixels, and what is read through them."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import rasterio
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rasterio.transform import Affine, from_origin

from mmrisk_core import MMRiskError
from mmrisk_core.imagery import iterate_chips, pixel_windows, read_chips, reading_crs, square_windows
from mmrisk_core.tiles.grid import Grid
from tests.core.factories import LEFT, TOP, UTM, make_layer, write_raster

RNG = np.random.default_rng(3)
# Metres, US survey feet, metres of an equal-area and of a polar projection, and a cylinder around the equator.
CRS = ["EPSG:32619", "EPSG:2249", "EPSG:5070", "EPSG:3031", "EPSG:3857"]
# In units of the CRS. Thirds and tenths cannot be written down exactly as binary numbers.
PIXEL_SIZES = st.sampled_from([1.0, 0.1, 0.25, 0.3, 1 / 3, 0.6, 1.46484375, 7.62, 300.037927]) | st.floats(0.05, 50)
PLACES = st.floats(-20e6, 20e6)
# Halves put the edges of tiles on the middles of pixels, where rounding has to decide.
TILE_WIDTHS = st.integers(2, 24).map(lambda n: n / 2 + 0.5) | st.floats(1.01, 12.0)


def layer_of(grid: Grid) -> gpd.GeoDataFrame:
    row, col = (index.ravel() for index in np.indices((grid.rows, grid.cols)))
    return make_layer(list(grid.polygons(row, col)), title="tiles", crs=grid.crs, row=row, col=col)


def times_covered(windows: np.ndarray, width: int, height: int) -> np.ndarray:
    """How many of the windows each pixel of a raster lies in."""
    times = np.zeros((height, width), dtype=int)
    for first_col, first_row, last_col, last_row in windows:
        times[max(first_row, 0) : max(last_row, 0), max(first_col, 0) : max(last_col, 0)] += 1
    return times


@settings(max_examples=400)
@given(
    left=PLACES, top=PLACES, pixel=PIXEL_SIZES, tile=TILE_WIDTHS, rows=st.integers(1, 7), cols=st.integers(1, 7),
    margin=st.tuples(st.floats(0, 9), st.floats(0, 9)) | st.tuples(*[st.integers(0, 18).map(lambda n: n / 2)] * 2),
    crs=st.sampled_from(CRS),
)  # fmt: skip
@example(left=LEFT, top=TOP, pixel=0.1, tile=4.5, rows=7, cols=7, margin=(0.5, 0.5), crs=UTM)
@example(left=1 / 3, top=-1 / 3, pixel=1 / 3, tile=1.5, rows=7, cols=7, margin=(0.0, 0.5), crs="EPSG:2249")
def test_windows_of_a_grid_hold_every_pixel_once(left, top, pixel, tile, rows, cols, margin, crs):
    grid = Grid(left, top, tile * pixel, rows, cols, pyproj.CRS(crs))
    tiles = layer_of(grid)
    assert reading_crs(tiles).equals(grid.crs)
    # The raster reaches beyond the grid on every side.
    across, down = margin
    transform = from_origin(left - across * pixel, top + down * pixel, pixel, pixel)
    windows = pixel_windows(square_windows(tiles, 1.0), transform)
    assert windows.dtype == np.int64
    assert windows.shape == (rows * cols, 4)

    first_col, first_row = windows[:, :2].min(axis=0)
    last_col, last_row = windows[:, 2:].max(axis=0)
    expected = np.zeros((last_row + 10, last_col + 10), dtype=int)
    expected[first_row:last_row, first_col:last_col] = 1
    np.testing.assert_array_equal(times_covered(windows, last_col + 10, last_row + 10), expected)
    # The outer edges are off by half a pixel at the most; coordinates of 20,000 km are good to some nanometres.
    exact = np.array([across, down, across + cols * tile, down + rows * tile])
    assert np.abs(np.array([first_col, first_row, last_col, last_row]) - exact).max() <= 0.5 + 1e-6


@given(
    left=PLACES, top=PLACES, pixel=PIXEL_SIZES, tile=st.floats(0.02, 0.99), rows=st.integers(1, 9), cols=st.integers(1, 9)
)  # fmt: skip
def test_tiles_smaller_than_a_pixel_each_have_the_one_they_lie_in(left, top, pixel, tile, rows, cols):
    tiles = layer_of(Grid(left, top, tile * pixel, rows, cols, pyproj.CRS(UTM)))
    bounds = square_windows(tiles, 1.0)
    windows = pixel_windows(bounds, from_origin(left - pixel, top + pixel, pixel, pixel))
    assert (windows[:, 2:] - windows[:, :2] == 1).all()
    middle = (bounds[:, :2] + bounds[:, 2:]) / 2
    place = np.stack([middle[:, 0] - left, top - middle[:, 1]], axis=1) / pixel + 1
    assert (np.abs(windows[:, :2] + 0.5 - place) <= 0.5 + 1e-6 + 0.5 * (tile > 0.5)).all()


@given(pixel=PIXEL_SIZES, tile=st.integers(1, 9), place=st.tuples(PLACES, PLACES), shift=st.floats(-0.49, 0.49))
def test_a_tile_of_whole_pixels_has_as_many_wherever_it_lies(pixel, tile, place, shift):
    left, top = place
    tiles = layer_of(Grid(left, top, tile * pixel, 5, 5, pyproj.CRS(UTM)))
    # A grid that was drawn by hand hardly ever lies on the pixels.
    transform = from_origin(left + shift * pixel * 0.98, top + shift * pixel * 0.98, pixel, pixel)
    windows = pixel_windows(square_windows(tiles, 1.0), transform)
    assert (windows[:, 2:] - windows[:, :2] == tile).all()


# --- through real reading --------------------------------------------------------------------------------------------


@settings(max_examples=40)
@given(
    place=st.tuples(st.floats(2e5, 8e5), st.floats(1e5, 9e6)), pixel=PIXEL_SIZES,
    size=st.tuples(st.integers(1, 60), st.integers(1, 60)), tile=st.integers(1, 20),
    shift=st.tuples(st.floats(-0.45, 0.45), st.floats(-0.45, 0.45)),
    start=st.tuples(st.integers(-30, 0), st.integers(-30, 0)), crs=st.sampled_from(CRS), tiled=st.booleans(),
    dtype=st.sampled_from(["float32", "int32", "uint16"]), threads=st.integers(1, 3),
)  # fmt: skip
def test_every_pixel_is_read_once(tmp_path_factory, place, pixel, size, tile, shift, start, crs, tiled, dtype, threads):
    """Each pixel holds its own number, and all numbers come once out of the chips of all tiles."""
    width, height = size
    numbers = np.arange(1, width * height + 1, dtype=dtype).reshape(1, height, width)
    left, top = place
    options = {"tiled": True, "blockxsize": 16, "blockysize": 16} if tiled else {}
    folder = tmp_path_factory.mktemp("numbers")
    path = write_raster(folder / "numbers.tif", numbers, left=left, top=top, pixel=pixel, crs=crs, **options)
    cols, rows = ((length - first) // tile + 1 for length, first in zip(size, start, strict=True))
    grid_left, grid_top = left + (start[0] + shift[0]) * pixel, top - (start[1] + shift[1]) * pixel
    tiles = layer_of(Grid(grid_left, grid_top, tile * pixel, rows, cols, pyproj.CRS(crs)))

    seen, read = [], []
    for batch, chips in iterate_chips(tiles, path, pixels=tile, threads=threads):
        read.extend(batch)
        seen.append(chips.pixels[:, 0][chips.valid == 1])
        assert (chips.pixels[:, 0][chips.valid == 0] == 0).all()
    assert sorted(read) == list(range(len(tiles)))
    assert np.sort(np.concatenate(seen)).tolist() == numbers.ravel().tolist()


@pytest.mark.parametrize("across", [-20.3, 0, 29.7])
@pytest.mark.parametrize("down", [-20.3, 0, 29.7])
def test_a_tile_that_has_less_than_half_a_pixel_of_the_raster_has_none(tmp_path, across, down):
    """The raster is 30 pixels wide, a tile 20: at 29.7 it has 0.3 of a pixel, which belongs to the tile before."""
    numbers = np.arange(1, 30 * 30 + 1, dtype=np.float32).reshape(1, 30, 30)
    path = write_raster(tmp_path / "numbers.tif", numbers)
    corners = [(across, down), (0, 0)]
    tiles = make_layer([shapely.box(LEFT + x, TOP - y - 20, LEFT + x + 20, TOP - y) for x, y in corners])
    for pixels in (20, 7, 33):
        # By itself, without a neighbour that has the file's pixels read.
        alone = read_chips(tiles.iloc[:1], path, pixels=pixels, must_overlap=False)
        assert alone.coverage.tolist() == [across == 0 == down]
        assert read_chips(tiles, path, pixels=pixels).coverage.tolist() == [across == 0 == down, 1]


def test_every_pixel_is_read_once_where_tiles_end_amid_pixels(tmp_path):
    """Tiles of 4.5 pixels are 4 or 5 pixels wide; read at their own size, each pixel comes once all the same."""
    numbers = np.arange(1, 36 * 36 + 1, dtype=np.float32).reshape(1, 36, 36)
    path = write_raster(tmp_path / "numbers.tif", numbers, pixel=0.1)
    tiles = layer_of(Grid(LEFT, TOP, 0.45, 8, 8, pyproj.CRS(UTM)))
    windows = pixel_windows(square_windows(tiles, 1.0), from_origin(LEFT, TOP, 0.1, 0.1))
    assert set((windows[:, 2:] - windows[:, :2]).ravel().tolist()) == {4, 5}
    total = 0.0
    for tile, (first_col, first_row, last_col, last_row) in enumerate(windows):
        # Shrunk to one pixel, a tile is the mean of its own pixels.
        chip = read_chips(tiles.iloc[[tile]], path, pixels=1)
        own = numbers[0, first_row:last_row, first_col:last_col]
        assert chip.pixels[0, 0, 0, 0] == pytest.approx(own.mean(), rel=1e-5)
        total += chip.pixels[0, 0, 0, 0] * own.size
    assert total == pytest.approx(numbers.sum(dtype=float), rel=1e-5)


# --- files beside each other -----------------------------------------------------------------------------------------


def write_mosaic(path: Path, files: list[Path]) -> Path:
    """A VRT that joins files of one pixel grid, as 'Build virtual raster' writes it."""
    rasters = []
    for file in files:
        with rasterio.open(file) as raster:
            rasters.append((file, raster.bounds, raster.width, raster.height, raster.dtypes, raster.crs, raster.res))
    left, top = min(bounds.left for _, bounds, *_ in rasters), max(bounds.top for _, bounds, *_ in rasters)
    right, bottom = max(bounds.right for _, bounds, *_ in rasters), min(bounds.bottom for _, bounds, *_ in rasters)
    *_, dtypes, crs, (pixel, _) = rasters[0]
    bands = []
    for band, _ in enumerate(dtypes, start=1):
        parts = [
            f'<SimpleSource><SourceFilename relativeToVRT="1">{file.name}</SourceFilename><SourceBand>{band}</SourceBand>'
            f'<SrcRect xOff="0" yOff="0" xSize="{width}" ySize="{height}"/>'
            f'<DstRect xOff="{round((bounds.left - left) / pixel)}" yOff="{round((top - bounds.top) / pixel)}" '
            f'xSize="{width}" ySize="{height}"/></SimpleSource>'
            for file, bounds, width, height, *_ in rasters
        ]
        bands.append(f'<VRTRasterBand dataType="Byte" band="{band}">{"".join(parts)}</VRTRasterBand>')
    path.write_text(
        f'<VRTDataset rasterXSize="{round((right - left) / pixel)}" rasterYSize="{round((top - bottom) / pixel)}">'
        f"<SRS>{crs.to_wkt()}</SRS><GeoTransform>{left}, {pixel}, 0, {top}, 0, {-pixel}</GeoTransform>"
        f"{''.join(bands)}</VRTDataset>",
        encoding="utf-8",
    )
    return path


@pytest.fixture
def joined(tmp_path) -> tuple[Path, Path]:
    """One picture as a single file, and as a mosaic of two files that meet at column 50."""
    rough = RNG.integers(40, 215, (3, 100, 120))
    smooth = sum(np.roll(rough, (i, j), axis=(1, 2)) for i in range(5) for j in range(5)) // 25
    picture = smooth.astype(np.uint8)
    whole = write_raster(tmp_path / "whole.tif", picture)
    west = write_raster(tmp_path / "west.tif", picture[:, :, :50])
    east = write_raster(tmp_path / "east.tif", picture[:, :, 50:], left=LEFT + 50)
    return whole, write_mosaic(tmp_path / "mosaic.vrt", [west, east])


@pytest.mark.parametrize("pixels", [20, 7, 33])
@pytest.mark.parametrize("context", [1.0, 2.5])
def test_a_tile_across_two_files_is_the_tile_of_their_mosaic(joined, pixels, context):
    whole, mosaic = joined
    tiles = make_layer([shapely.box(LEFT + 40, TOP - 60, LEFT + 60, TOP - 40)])
    one, two = (read_chips(tiles, path, pixels=pixels, context=context) for path in (whole, mosaic))
    assert one.pixels.std() > 0
    np.testing.assert_array_equal(one.pixels, two.pixels)
    np.testing.assert_array_equal(one.valid, two.valid)


@pytest.mark.parametrize("crs", ["EPSG:2249", "EPSG:5070", "EPSG:26986"])
def test_a_tile_across_two_files_is_that_of_their_mosaic_in_another_crs(joined, crs):
    whole, mosaic = joined
    there = gpd.GeoSeries([shapely.Point(LEFT + 50, TOP - 50)], crs=UTM).to_crs(crs)[0]
    unit = pyproj.CRS(crs).axis_info[0].unit_conversion_factor
    tiles = make_layer([there.buffer(12 / unit, cap_style="square")], crs=crs)
    one, two = (read_chips(tiles, path, pixels=24) for path in (whole, mosaic))
    assert one.coverage[0] == two.coverage[0] == 1
    difference = np.abs(one.pixels.astype(float) - two.pixels)
    assert difference.max() <= 1
    # Without the seam's other side there would be a step at the seam.
    assert one.pixels.std() > 5


def test_a_tile_across_two_files_of_which_one_is_lost_says_so(joined):
    _, mosaic = joined
    (mosaic.parent / "east.tif").unlink()
    tiles = make_layer([shapely.box(LEFT + 40, TOP - 60, LEFT + 60, TOP - 40)])
    with pytest.raises(MMRiskError, match=r"mosaic.vrt.*east.tif"):
        read_chips(tiles, mosaic, pixels=20)


def test_rasters_with_oblong_pixels_are_covered_once(tmp_path):
    numbers = np.arange(1, 40 * 30 + 1, dtype=np.float32).reshape(1, 40, 30)
    transform = Affine(2.0, 0, LEFT, 0, -1.5, TOP)
    path = write_raster(tmp_path / "numbers.tif", numbers, transform=transform)
    tiles = layer_of(Grid(LEFT, TOP, 6.0, 10, 10, pyproj.CRS(UTM)))
    windows = pixel_windows(square_windows(tiles, 1.0), transform)
    np.testing.assert_array_equal(times_covered(windows, 30, 40), np.ones((40, 30)))
    chips = read_chips(tiles, path, pixels=1)
    means = numbers[0].reshape(10, 4, 10, 3).mean(axis=(1, 3)).ravel()
    np.testing.assert_allclose(chips.pixels.ravel(), means, rtol=1e-5)
