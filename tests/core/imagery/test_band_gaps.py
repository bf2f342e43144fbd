"""Gaps of some bands: of whatever kind, and however the raster is read, a band's gap is that band's and nobody else's."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio
import shapely
import torch
from rasterio.enums import Resampling
from rasterio.vrt import WarpedVRT

from mmrisk_core import MMRiskError, Progress
from mmrisk_core.imagery import RasterSource, describe_raster, read_chips
from mmrisk_core.imagery import chips as imagery_chips
from mmrisk_core.roads.raster_grid import opened_grid
from mmrisk_core.samples.image_batches import iterate_images
from mmrisk_core.samples.image_inputs import plan_image_inputs
from tests.core.factories import LEFT, TOP, make_layer, make_tiles, write_raster

RNG = np.random.default_rng(5)
SIDE = 80
# Three bands of other sizes, so that none could stand for another.
VALUES = (RNG.uniform(0, 10, (3, SIDE, SIDE)) + np.array([100, 2000, 5])[:, None, None]).astype(np.float32)
# The second band has no data in the middle, none of them has in a corner.
GAP = np.zeros(VALUES.shape, dtype=bool)
GAP[1, 20:60, 20:60] = True
GAP[:, 70:, 70:] = True
TILE = make_layer([shapely.box(LEFT, TOP - SIDE, LEFT + SIDE, TOP)])


def as_value(folder: Path) -> Path:
    return write_raster(folder / "value.tif", np.where(GAP, np.float32(-9999), VALUES), nodata=-9999)


def as_nan(folder: Path) -> Path:
    return write_raster(folder / "nan.tif", np.where(GAP, np.nan, VALUES).astype(np.float32))


def as_declared_nan(folder: Path) -> Path:
    return write_raster(folder / "declared.tif", np.where(GAP, np.nan, VALUES).astype(np.float32), nodata=np.nan)


def as_infinity(folder: Path) -> Path:
    return write_raster(folder / "infinity.tif", np.where(GAP, np.inf, VALUES).astype(np.float32))


def as_lowest_float(folder: Path) -> Path:
    lowest = float(np.finfo(np.float32).min)
    return write_raster(folder / "lowest.tif", np.where(GAP, np.float32(lowest), VALUES), nodata=lowest)


def as_whole_number(folder: Path) -> Path:
    numbers = np.where(GAP, -32768, np.round(VALUES)).astype(np.int16)
    return write_raster(folder / "whole.tif", numbers, nodata=-32768)


def as_scaled_number(folder: Path) -> Path:
    numbers = np.where(GAP, -32768, np.round(VALUES * 10)).astype(np.int16)
    path = write_raster(folder / "scaled.tif", numbers, nodata=-32768)
    with rasterio.open(path, "r+") as raster:
        raster.scales = [0.1, 0.1, 0.1]
    return path


def in_one_band_of_a_vrt(folder: Path) -> Path:
    """Each band is a file of its own, with a nodata value of its own."""
    bands = ""
    for number, (band, gap, nodata) in enumerate(zip(VALUES, GAP, (-1, -9999, -7), strict=True), start=1):
        write_raster(folder / f"{number}.tif", np.where(gap, np.float32(nodata), band)[None])
        bands += (
            f'<VRTRasterBand dataType="Float32" band="{number}"><NoDataValue>{nodata}</NoDataValue><SimpleSource>'
            f'<SourceFilename relativeToVRT="1">{number}.tif</SourceFilename><SourceBand>1</SourceBand></SimpleSource>'
            "</VRTRasterBand>"
        )
    with rasterio.open(folder / "1.tif") as first:
        corner = ", ".join(map(str, first.transform.to_gdal()))
        place = f"<SRS>{first.crs.to_wkt()}</SRS><GeoTransform>{corner}</GeoTransform>"
    path = folder / "bands.vrt"
    path.write_text(f'<VRTDataset rasterXSize="{SIDE}" rasterYSize="{SIDE}">{place}{bands}</VRTDataset>')
    return path


OF_ONE_VALUE = [as_value, as_nan, as_declared_nan, as_infinity, as_lowest_float, as_whole_number, as_scaled_number]
ALL = [*OF_ONE_VALUE, in_one_band_of_a_vrt]


def mean_of(pixels: int) -> tuple[np.ndarray, np.ndarray]:
    """What a chip of the tile should be: means of what each band has, and where it has at least half."""
    parts = SIDE // pixels
    shape = (3, pixels, parts, pixels, parts)
    share = (~GAP).reshape(shape).mean(axis=(2, 4))
    total = np.where(GAP, 0, VALUES).reshape(shape).mean(axis=(2, 4))
    has_data = share >= 0.5
    return np.where(has_data, total / np.where(has_data, share, 1), 0), has_data


@pytest.mark.parametrize("write", ALL, ids=lambda write: write.__name__)
@pytest.mark.parametrize("pixels", [80, 40, 20, 16])
@pytest.mark.parametrize("in_parts", [False, True])
def test_a_chip_holds_what_each_band_has(tmp_path, monkeypatch, write, pixels, in_parts):
    if in_parts:
        monkeypatch.setattr(imagery_chips, "LARGE_WINDOW", 1000)
        monkeypatch.setattr(imagery_chips, "PART_PIXELS", 1000)
    chips = read_chips(TILE, write(tmp_path), pixels=pixels)
    expected, has_data = mean_of(pixels)
    assert (chips.has_data[0] == has_data).all()
    assert (chips.valid[0] == has_data.any(axis=0)).all()
    tolerance = 0.51 if write is as_whole_number else 0.06
    assert np.abs(chips.pixels[0] - expected).max() < tolerance


@pytest.mark.parametrize("write", OF_ONE_VALUE, ids=lambda write: write.__name__)
@pytest.mark.parametrize("resampled", [20, 160], ids=["shrunk", "enlarged"])
def test_nothing_of_a_gap_gets_into_its_neighbours_when_the_raster_is_warped(tmp_path, write, resampled):
    path = write(tmp_path)
    turned = tmp_path / "degrees.tif"
    with rasterio.open(path) as raster:
        values = (raster.read() * np.array(raster.scales)[:, None, None]).astype(np.float32)
        nodata = None if raster.nodata is None else raster.nodata * raster.scales[0]
        profile = {**raster.profile, "dtype": "float32", "nodata": nodata}
    with rasterio.open(turned, "w", **profile) as raster:
        raster.write(values)
    corners = {"src_nodata": np.nan, "nodata": np.nan} if nodata is None else {}
    with (
        rasterio.open(turned) as raster,
        WarpedVRT(raster, crs="EPSG:4326", resampling=Resampling.nearest, UNIFIED_SRC_NODATA="NO", **corners) as warped,
    ):
        in_degrees = write_raster(
            tmp_path / "warped.tif", warped.read(), transform=warped.transform, crs="EPSG:4326", nodata=nodata
        )
    chips = read_chips(TILE, in_degrees, pixels=resampled)
    for band, has_data, low, high in zip(
        chips.pixels[0], chips.has_data[0], (99, 1999, 4), (111, 2011, 16), strict=True
    ):
        shown = band[has_data == 1]
        assert (shown > low).all()
        assert (shown < high).all()
    # What the second band lacks the others have.
    middle = slice(int(0.3 * resampled), int(0.7 * resampled))
    assert chips.has_data[0][:, middle, middle].mean(axis=(1, 2)).tolist() == [1, 0, 1]
    assert chips.coverage[0] > 0.9


def test_bands_with_gaps_of_several_values_are_not_warped(tmp_path):
    in_one_band_of_a_vrt(tmp_path)
    with pytest.raises(MMRiskError, match=r"bands.vrt mark their gaps by different values \(-1.0, -7.0, -9999.0\)"):
        read_chips(TILE.to_crs(3857), tmp_path / "bands.vrt", pixels=16)


@pytest.mark.parametrize("write", ALL, ids=lambda write: write.__name__)
def test_a_gap_has_no_say_in_the_contrast_and_gets_the_mean_of_its_band(tmp_path, write):
    tiles = make_tiles(rows=2, cols=2, size=SIDE / 2)
    path = write(tmp_path)
    (planned,) = plan_image_inputs(tiles, [RasterSource(path=str(path))], (1,), 40)
    assert planned.low == pytest.approx((100, 2000, 5), abs=2)
    assert planned.high == pytest.approx((110, 2010, 15), abs=2)
    said: list[str] = []
    (batch,) = iterate_images(tiles, (planned,), [RasterSource(path=str(path))], Progress(log=said.append))
    shown = batch.images[0][0].float()
    gap = torch.from_numpy(GAP[1, :40, :40])
    assert shown[1][gap].tolist() == pytest.approx([float(shown[1][~gap].mean())] * 400, abs=0.51)
    assert 100 < shown[1][~gap].mean() < 155
    assert batch.coverage.tolist() == [1, 1, 1, 1 - 100 / 1600]
    (line,) = [line for line in said if "gaps" in line]
    assert f"bands of {describe_raster(path).source.shown} have gaps where other bands have none" in line
    assert "'band 2' 25.4%" in line
    assert "band 1" not in line


def test_a_band_that_has_nothing_in_a_tile_gets_the_middle_of_its_contrast(tmp_path):
    values = VALUES.copy()
    values[1, :40, :40] = np.nan
    path = write_raster(tmp_path / "a.tif", values)
    tiles = make_tiles(rows=2, cols=2, size=SIDE / 2)
    (planned,) = plan_image_inputs(tiles, [RasterSource(path=str(path))], (1,), 40)
    (batch,) = iterate_images(tiles, (planned,), [RasterSource(path=str(path))])
    assert (batch.images[0][0, 1] == 127).all()
    assert (batch.coverage == 1).all()


def test_the_colours_of_an_8_bit_picture_have_their_gaps_together(tmp_path):
    colours = RNG.integers(1, 255, (3, SIDE, SIDE), dtype=np.uint8)
    colours[0, 20:60, 20:60] = 0
    colours[:, 70:, 70:] = 0
    path = write_raster(tmp_path / "a.tif", colours, nodata=0, photometric="RGB")
    chips = read_chips(TILE, path, pixels=SIDE)
    assert chips.has_data.shape == (1, 1, SIDE, SIDE)
    assert (chips.valid[0] == colours.any(axis=0)).all()
    assert (chips.pixels[0] == colours).all()
    grey = write_raster(tmp_path / "b.tif", colours, nodata=0, photometric="MINISBLACK")
    assert (read_chips(TILE, grey, pixels=SIDE).has_data[0] == (colours > 0)).all()


@pytest.mark.parametrize("write", ALL, ids=lambda write: write.__name__)
def test_a_road_is_looked_for_where_any_band_has_data(tmp_path, write):
    with opened_grid(RasterSource(path=str(write(tmp_path)))) as raster:
        _, shows = raster.read(0, 0, SIDE, SIDE)
    assert (shows == ~GAP.all(axis=0)).all()
