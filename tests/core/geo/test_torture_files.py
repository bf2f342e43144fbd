"""Odd, damaged and mistaken files: the right pixels, or a sentence that names the file and the reason.

Every file of the folder is in one of the tables below, with what must come of it. What is right is found out without the
engine: rasterio reads the whole file, and numpy looks up or averages its pixels at the places that the chips show.
"""

from __future__ import annotations

import signal
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import rasterio
import shapely
from pyproj.aoi import AreaOfInterest
from pyproj.database import query_utm_crs_info
from rasterio.enums import ColorInterp
from rasterio.errors import NotGeoreferencedWarning
from rasterio.transform import Affine

from mmrisk_core import MMRiskError
from mmrisk_core.geo.frames import geometry_kind
from mmrisk_core.geo.layer_io import read_layer
from mmrisk_core.geo.layer_source import LayerSource
from mmrisk_core.geo.layer_writing import write_layer
from mmrisk_core.imagery import Chips, RasterSource, describe_raster, read_chips
from tests.core.factories import make_layer

MASSACHUSETTS = "EPSG:26986"
SIDE = 50  # pixels of a tile; no whole number of any file's blocks
TIME_LIMIT = 120  # seconds; the slowest takes a few

RGB = ("red", "green", "blue")


@dataclass(frozen=True)
class Picture:
    """What must come of a raster.

    :param indexes: which bands of the file become those of the pixels.
    :param valid: share of its pixels that are valid.
    :param crs: of the tiles' author, where the file has none.
    """

    names: tuple[str, ...]
    dtype: str
    valid: float
    indexes: tuple[int, ...]
    crs: str | None = None


def rgb(valid: float = 1.0, crs: str | None = None) -> Picture:
    return Picture(RGB, "uint8", valid, (1, 2, 3), crs)


def plain(count: int, dtype: str, valid: float = 1.0, crs: str | None = None) -> Picture:
    names = tuple(f"band {index}" for index in range(1, count + 1))
    return Picture(names, dtype, valid, tuple(range(1, count + 1)), crs)


# North-up, in a projected CRS: tiles on the file's own pixels must be its pixels.
STRAIGHT = {
    "made/albers_5070.tif": rgb(0.6711),
    "made/nine_bands_u8.tif": plain(9, "uint8"),
    "made/no_crs.tif": rgb(crs=MASSACHUSETTS),
    "made/one_band_u8.tif": plain(1, "uint8"),
    "made/one_pixel.tif": rgb(),
    "made/paletted.tif": Picture(RGB, "uint8", 1.0, (1,)),
    "made/rgb_f32_nan_nodata.tif": plain(3, "float32", 0.9756),
    "made/rgb_i16_nodata_m32768.tif": plain(3, "float32", 0.7812),
    "made/rgb_jpeg_ycbcr.tif": rgb(),
    "made/rgb_u16.tif": plain(3, "float32"),
    # Its fourth band is not said to be alpha, and it says that all pixels are valid.
    "made/rgba_alpha.tif": Picture((*RGB, "band 4"), "uint8", 1.0, (1, 2, 3, 4)),
    "made/state_plane_us_feet_2249.tif": rgb(),
    "made/utm19n.tif": rgb(0.9475),
    "made/webmercator.tif": rgb(0.9889),
    "made/worldfile.png": rgb(crs=MASSACHUSETTS),
    "rasterio/RGB.byte.tif": rgb(0.6746),
    "rasterio/RGBA.byte.tif": rgb(0.6745),
    "rasterio/RGBA.uint16.tif": Picture(RGB, "float32", 0.4886, (3, 2, 1)),
    "rasterio/ak-compdcs.zip/test.tif": plain(1, "float32", 0.2912),
    "rasterio/all-nodata.tif": Picture((*RGB, "nir"), "float32", 0.0, (3, 2, 1, 4)),
    "rasterio/alpha.tif": rgb(0.0155),
    "rasterio/byte.tif": plain(1, "uint8"),
    "rasterio/cogeo.tif": rgb(),
    "rasterio/float_raster_with_extra_nodata.tif": plain(1, "float32", 0.1591),
    "rasterio/float_raster_with_nodata.tif": plain(1, "float32", 0.6282),
    "rasterio/goes.tif": rgb(0.7831),
    "rasterio/rgb-byte-tenth.tif": rgb(0.6753),
    "rasterio/rgb1.tif": rgb(0.6831),
    "rasterio/rgb1_fake_nir_epsg3857.tif": plain(1, "uint8", 0.6504),
    "rasterio/shade.tif": plain(1, "uint8", 0.1186),
    "rasterio/test_esri_wkt.tif": plain(1, "float32"),
}
# In degrees, rotated, south-up, or placed by ground control points: these have to be warped.
WARPED = {
    "made/rotated_30deg.tif": rgb(),
    "made/south_up.tif": rgb(),
    "made/wgs84_nonsquare.tif": rgb(0.9928),
    "rasterio/N10W110.hgt.zip": plain(1, "float32"),
    "rasterio/RGB.byte.gcp.vrt": rgb(0.6746),
    "rasterio/float.tif": plain(1, "float32", crs="EPSG:32619"),
    "rasterio/float32.tif": plain(1, "float32", crs="EPSG:32619"),
    "rasterio/float_nan.tif": plain(1, "float32", 0.8333, crs="EPSG:32619"),
    "rasterio/green.tif": rgb(),
    "rasterio/red.tif": rgb(),
    "rasterio/rotated.tif": plain(1, "uint8", crs="EPSG:32619"),
    "rasterio/white-gemini-iv.vrt": plain(3, "uint8"),
    "rasterio/world.byte.tif": plain(1, "uint8"),
}
PICTURES = STRAIGHT | WARPED
# These have an overview of half the size, which chips four times as coarse as the file are made from.
WITH_OVERVIEWS = ["rasterio/ak-compdcs.zip/test.tif", "rasterio/cogeo.tif", "rasterio/goes.tif"]
# A part of these files is lost; the rest must be as in the file that they were made from.
DAMAGED = {
    "made/corrupt_block.tif": "made/rgb_jpeg_ycbcr.tif",
    "made/truncated_half.tif": "made/rgb_u16.tif",
    "rasterio/corrupt.tif": "rasterio/cogeo.tif",
}
NO_CRS = "no coordinate reference system"
NO_PLACE = "is not georeferenced"
NO_RASTER = "not recognized as being in a supported file format"
REFUSED = {
    "CATALOG.json": NO_RASTER,
    "SOURCES.md": NO_RASTER,
    "made/jpeg_named_png.png": NO_PLACE,
    "made/text_named_tif.tif": NO_RASTER,
    "made/worldfile.pgw": NO_RASTER,
    "made/zero_bytes.tif": "is empty",
    "pyogrio/curve.gpkg": NO_RASTER,
    "pyogrio/curvepolygon.gpkg": NO_RASTER,
    "pyogrio/line_zm.gpkg": NO_RASTER,
    "pyogrio/list_field_values_file.parquet": NO_RASTER,
    "pyogrio/list_nested_struct_file.parquet": NO_RASTER,
    "pyogrio/multisurface.gpkg": NO_RASTER,
    "pyogrio/naturalearth_lowres/naturalearth_lowres.cpg": NO_RASTER,
    "pyogrio/naturalearth_lowres/naturalearth_lowres.dbf": NO_RASTER,
    "pyogrio/naturalearth_lowres/naturalearth_lowres.prj": NO_RASTER,
    "pyogrio/naturalearth_lowres/naturalearth_lowres.shp": NO_RASTER,
    "pyogrio/naturalearth_lowres/naturalearth_lowres.shx": NO_RASTER,
    "pyogrio/sample.osm.pbf": NO_RASTER,
    "pyogrio/test_gpkg_nulls.gpkg": NO_RASTER,
    "rasterio/389225main_sw_1965_1024.jpg": NO_PLACE,
    "rasterio/README.rst": NO_RASTER,
    "rasterio/RGB.byte.rpc.vrt": "sensor model (RPC)",
    "rasterio/RGB.byte.tif.aux.xml": NO_RASTER,
    "rasterio/RGB2.byte.tif.msk": NO_PLACE,
    # Opened as it is; the raster inside is among the pictures.
    "rasterio/ak-compdcs.zip": NO_RASTER,
    "rasterio/box.cpg": NO_RASTER,
    "rasterio/box.dbf": NO_RASTER,
    "rasterio/box.prj": NO_RASTER,
    "rasterio/box.shp": NO_RASTER,
    "rasterio/box.shx": NO_RASTER,
    # Its control points are metres, and said to be degrees.
    "rasterio/compdcs.vrt": "longitude",
    "rasterio/green.tif.ovr": NO_PLACE,
    "rasterio/issue1446.geojson": NO_RASTER,
    "rasterio/no_band.h5": "several rasters",
    "rasterio/red.tif.ovr": NO_PLACE,
    "rasterio/two-subs.h5": "several rasters",
}
# Number and kind of features. All others are no layers.
LAYERS = {
    "pyogrio/curve.gpkg": (1, "line"),
    "pyogrio/curvepolygon.gpkg": (1, "polygon"),
    "pyogrio/line_zm.gpkg": (1, "line"),
    "pyogrio/multisurface.gpkg": (1, "polygon"),
    "pyogrio/naturalearth_lowres/naturalearth_lowres.dbf": (177, "polygon"),
    "pyogrio/naturalearth_lowres/naturalearth_lowres.shp": (177, "polygon"),
    "pyogrio/naturalearth_lowres/naturalearth_lowres.shx": (177, "polygon"),
    "pyogrio/sample.osm.pbf": (8, "point"),
    "pyogrio/test_gpkg_nulls.gpkg": (4, "point"),
    "rasterio/box.dbf": (1, "polygon"),
    "rasterio/box.shp": (1, "polygon"),
    "rasterio/box.shx": (1, "polygon"),
    "rasterio/issue1446.geojson": (7, "line"),
}
NO_LAYERS = sorted((set(PICTURES) | set(DAMAGED) | set(REFUSED)) - set(LAYERS) - {"rasterio/ak-compdcs.zip/test.tif"})
NO_DRIVER = {
    "pyogrio/list_field_values_file.parquet": "cannot open",
    "pyogrio/list_nested_struct_file.parquet": "cannot open",
}


@pytest.fixture(autouse=True)
def time_limit() -> Iterator[None]:
    """A reader that hangs is a failure, not the end of all tests."""
    if not hasattr(signal, "SIGALRM"):
        yield
        return

    def too_slow(*_: object) -> None:
        raise TimeoutError(f"not done after {TIME_LIMIT} s")

    before = signal.signal(signal.SIGALRM, too_slow)
    signal.alarm(TIME_LIMIT)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def test_the_tables_hold_every_file(torture):
    found = {path.relative_to(torture).as_posix() for path in torture.rglob("*") if path.is_file()}
    inside = {"rasterio/ak-compdcs.zip/test.tif"}
    assert (set(PICTURES) - inside) | set(DAMAGED) | set(REFUSED) == found
    assert not set(PICTURES) & set(REFUSED)


# --- the other way to the same pixels ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Original:
    """A whole raster as rasterio reads it.

    :param values: (bands, h, w), 0 where not valid.
    """

    values: np.ndarray
    valid: np.ndarray
    crs: pyproj.CRS
    transform: Affine

    @property
    def size(self) -> tuple[int, int]:
        return self.valid.shape[1], self.valid.shape[0]

    def to_map(self, col: np.ndarray | float, row: np.ndarray | float) -> tuple:
        """Where the upper left corners of pixels lie on the map."""
        return self.transform @ (col, row)

    def to_pixels(self, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Columns and rows of places on the map, as fractions."""
        return ~self.transform @ (x, y)


def original(path: str, picture: Picture, **options: int) -> Original:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        dataset = rasterio.open(path, **options)
    with dataset:
        values = dataset.read(list(picture.indexes)).astype(np.float64)
        valid = dataset.dataset_mask() > 0
        if dataset.colorinterp[0] == ColorInterp.palette:
            colours = dataset.colormap(1)
            values = np.moveaxis(np.array([colours[int(v)][:3] for v in values.ravel()]), -1, 0)
            values = values.reshape(3, *valid.shape).astype(np.float64)
        valid &= np.isfinite(values).all(axis=0)
        transform, crs = dataset.transform, dataset.crs
        if transform == Affine.identity():
            transform, crs = _fitted(dataset.gcps[0]), dataset.gcps[1]
    crs = pyproj.CRS.from_user_input(picture.crs or crs)
    return Original(np.where(valid, values, 0), valid, crs, transform)


def _fitted(points: list) -> Affine:
    """The affine transform nearest to ground control points."""
    pixels = np.array([[point.col, point.row, 1.0] for point in points])
    (a, d), (b, e), (c, f) = np.linalg.lstsq(pixels, np.array([[point.x, point.y] for point in points]), rcond=None)[0]
    return Affine(a, b, c, d, e, f)


def area_mean(original: Original, col: int, row: int, side: int, pixels: int) -> tuple[np.ndarray, np.ndarray]:
    """A square of the raster shrunk to ``pixels``: the mean over what is valid, and which share is."""
    edges = np.linspace(0, side, pixels + 1)
    place = np.arange(side)
    weight = np.clip(np.minimum(place + 1, edges[1:, None]) - np.maximum(place, edges[:-1, None]), 0, None)
    values, valid = padded(original, col, row, side)
    share = weight @ valid @ weight.T
    total = weight @ (values * valid) @ weight.T
    return np.divide(total, share, out=np.zeros_like(total), where=share > 0), share / (side / pixels) ** 2


def padded(original: Original, col: int, row: int, side: int) -> tuple[np.ndarray, np.ndarray]:
    """A square of the raster, 0 and not valid outside of it."""
    width, height = original.size
    values = np.zeros((len(original.values), side, side))
    valid = np.zeros((side, side))
    here = slice(0, max(0, min(side, height - row))), slice(0, max(0, min(side, width - col)))
    there = slice(row, row + side), slice(col, col + side)
    values[(slice(None), *here)] = original.values[(slice(None), *there)]
    valid[here] = original.valid[there]
    return values, valid


def looked_up(original: Original, cols: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pixels at fractional places, linear between the middles of the valid ones; valid where the place itself is."""
    width, height = original.size

    def at(col, row):
        inside = (col >= 0) & (col < width) & (row >= 0) & (row < height)
        col, row = np.clip(col, 0, width - 1), np.clip(row, 0, height - 1)
        return original.values[:, row, col], original.valid[row, col] & inside

    left, top = np.floor(cols - 0.5).astype(int), np.floor(rows - 0.5).astype(int)
    across, down = cols - 0.5 - left, rows - 0.5 - top
    total, weight = 0.0, 0.0
    for dx, dy in ((0, 0), (1, 0), (0, 1), (1, 1)):
        value, valid = at(left + dx, top + dy)
        share = (across if dx else 1 - across) * (down if dy else 1 - down) * valid
        total, weight = total + value * share, weight + share
    valid = at(np.floor(cols).astype(int), np.floor(rows).astype(int))[1]
    return np.where(valid, total / np.where(weight > 0, weight, 1), 0), valid


def places_of(tile: gpd.GeoDataFrame, original: Original, pixels: int) -> tuple[np.ndarray, np.ndarray]:
    """Where in the raster the middles of a chip's pixels lie."""
    left, bottom, right, top = tile.total_bounds
    step = (np.arange(pixels) + 0.5) / pixels
    x, y = np.meshgrid(left + (right - left) * step, top - (top - bottom) * step)
    x, y = pyproj.Transformer.from_crs(tile.crs, original.crs, always_xy=True).transform(x, y)
    return original.to_pixels(x, y)


# --- tiles on a raster -----------------------------------------------------------------------------------------------


def path_of(torture: Path, file: str) -> str:
    return f"/vsizip/{torture / file}" if ".zip/" in file else str(torture / file)


def source_of(torture: Path, file: str) -> RasterSource:
    return RasterSource(path=path_of(torture, file), crs=PICTURES[file].crs)


def tiles_on_pixels(original: Original, side: int = SIDE) -> tuple[gpd.GeoDataFrame, list[tuple[int, int]]]:
    """Tiles of ``side`` whole pixels over the whole of a raster that lies straight, and where each begins."""
    width, height = original.size
    starts = [(col, row) for row in range(0, height, side) for col in range(0, width, side)]
    corners = [(*original.to_map(col, row), *original.to_map(col + side, row + side)) for col, row in starts]
    return make_layer([shapely.box(*corner) for corner in corners], title="tiles", crs=original.crs), starts


def tile_at_its_best(original: Original, crs: pyproj.CRS, side: int) -> gpd.GeoDataFrame:
    """A square in ``crs``, about ``side`` pixels of the raster wide, where there is most to see."""
    width, height = original.size
    starts = [(col, row) for row in range(0, height, side) for col in range(0, width, side)]

    def interest(start: tuple[int, int]) -> tuple[float, float]:
        values, valid = padded(original, *start, side)
        return valid.mean(), values[0].std()

    col, row = (start + side / 2 for start in max(starts, key=interest))
    if width < side or height < side:
        col, row = width / 2, height / 2
    cols, rows = np.array([col, col + 1, col]), np.array([row, row, row + 1])
    x, y = original.to_map(cols, rows)
    x, y = pyproj.Transformer.from_crs(original.crs, crs, always_xy=True).transform(x, y)
    half = side / 2 * min(np.hypot(x[1] - x[0], y[1] - y[0]), np.hypot(x[2] - x[0], y[2] - y[0]))
    return make_layer([shapely.box(x[0] - half, y[0] - half, x[0] + half, y[0] + half)], title="tiles", crs=crs)


def local_zone(original: Original) -> pyproj.CRS:
    width, height = original.size
    x, y = original.to_map(np.array([width / 2]), np.array([height / 2]))
    lon, lat = pyproj.Transformer.from_crs(original.crs, 4326, always_xy=True).transform(x[0], y[0])
    zones = query_utm_crs_info(datum_name="WGS 84", area_of_interest=AreaOfInterest(lon, lat, lon, lat))
    return pyproj.CRS.from_authority(zones[0].auth_name, zones[0].code)


def tiles_crs(file: str, original: Original) -> pyproj.CRS:
    """A CRS in which the raster has to be warped."""
    if file in WARPED and original.crs.is_projected:
        return original.crs
    web = pyproj.CRS(3857)
    return local_zone(original) if file in WARPED or original.crs.equals(web) else web


def no_silent_zeros(chips: Chips) -> None:
    """What is not valid is 0, and 'valid' says so of nothing else."""
    assert set(np.unique(chips.valid)) <= {0, 1}
    for band in np.moveaxis(chips.pixels, 1, 0):
        assert (band[chips.valid == 0] == 0).all()
    assert np.isfinite(chips.pixels).all()


# --- the pictures ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", PICTURES)
def test_a_picture_is_described(torture, file):
    picture = PICTURES[file]
    info = describe_raster(source_of(torture, file))
    expected = original(path_of(torture, file), picture)
    assert info.band_names == picture.names
    assert info.dtype == picture.dtype
    assert info.crs.equals(expected.crs)
    assert expected.valid.mean() == pytest.approx(picture.valid, abs=1e-4)
    width, height = expected.size
    x, y = expected.to_map(np.array([0, width, 0, width]), np.array([0, 0, height, height]))
    assert info.bounds == pytest.approx((min(x), min(y), max(x), max(y)), rel=1e-9)
    assert info.metres_per_pixel > 0


@pytest.mark.parametrize("file", STRAIGHT)
def test_tiles_on_the_pixels_of_a_raster_are_its_pixels(torture, file):
    picture = STRAIGHT[file]
    expected = original(path_of(torture, file), picture)
    tiles, starts = tiles_on_pixels(expected)
    chips = read_chips(tiles, source_of(torture, file), pixels=SIDE)
    no_silent_zeros(chips)
    assert chips.pixels.shape == (len(tiles), len(picture.names), SIDE, SIDE)
    for (col, row), pixels, valid in zip(starts, chips.pixels, chips.valid, strict=True):
        values, mask = padded(expected, col, row, SIDE)
        np.testing.assert_array_equal(valid, mask)
        np.testing.assert_array_equal(pixels, values.astype(picture.dtype))
    assert chips.valid.sum() == pytest.approx(picture.valid * expected.valid.size, abs=1e-4 * expected.valid.size)


@pytest.mark.parametrize("file", [file for file in STRAIGHT if file not in WITH_OVERVIEWS])
def test_shrunk_tiles_are_means_over_what_is_valid(torture, file):
    picture, pixels = STRAIGHT[file], 12
    expected = original(path_of(torture, file), picture)
    tiles, starts = tiles_on_pixels(expected)
    chips = read_chips(tiles, source_of(torture, file), pixels=pixels)
    no_silent_zeros(chips)
    for (col, row), shown, valid in zip(starts, chips.pixels, chips.valid, strict=True):
        mean, share = area_mean(expected, col, row, SIDE, pixels)
        clear = np.abs(share - 0.5) > 1e-3
        np.testing.assert_array_equal(valid[clear], share[clear] >= 0.5)
        both = (share > 0.5) & (valid == 1)
        rounding = 0.501 if picture.dtype == "uint8" else 1e-5 * np.abs(expected.values).max()
        np.testing.assert_allclose(shown[:, both], mean[:, both], rtol=1e-5, atol=rounding)


@pytest.mark.parametrize("file", WITH_OVERVIEWS)
def test_shrunk_tiles_are_means_of_the_overview_that_suits(torture, file):
    """However the file's maker made its overviews."""
    picture, side, pixels = STRAIGHT[file], 48, 12
    expected = original(path_of(torture, file), picture)
    overview = original(path_of(torture, file), picture, overview_level=0)
    tiles, starts = tiles_on_pixels(expected, side)
    chips = read_chips(tiles, source_of(torture, file), pixels=pixels)
    no_silent_zeros(chips)
    for (col, row), shown, valid in zip(starts, chips.pixels, chips.valid, strict=True):
        # The pixels of an overview are not quite twice as large, which adds up to the right and below.
        if col < expected.size[0] / 2 and row < expected.size[1] / 2:
            mean, share = area_mean(overview, col // 2, row // 2, side // 2, pixels)
            np.testing.assert_array_equal(valid, share >= 0.5)
            rounding = 0.501 if picture.dtype == "uint8" else 1e-3
            np.testing.assert_allclose(shown[:, valid == 1], mean[:, valid == 1], atol=rounding)


@pytest.mark.parametrize("file", PICTURES)
def test_tiles_in_another_crs_show_the_same_place(torture, file):
    """Enlarged a little, so that every pixel of the chip lies between pixels of the file."""
    picture, side, pixels = PICTURES[file], 32, 40
    expected = original(path_of(torture, file), picture)
    tile = tile_at_its_best(expected, tiles_crs(file, expected), side)
    chips = read_chips(tile, source_of(torture, file), pixels=pixels, must_overlap=False)
    no_silent_zeros(chips)
    cols, rows = places_of(tile, expected, pixels)
    values, valid = looked_up(expected, cols, rows)
    shown, mask = chips.pixels[0].astype(float), chips.valid[0] == 1
    # At the rim GDAL decides by places that are good to an eighth of a pixel.
    assert (mask != valid).mean() <= 0.06
    both = mask & valid
    assert both.any() == (picture.valid > 0)
    if not both.any():
        return
    if file == "made/paletted.tif":
        # Colours of a palette are not mixed.
        places = np.floor(rows).astype(int), np.floor(cols).astype(int)
        nearest = expected.values[(slice(None), *(np.clip(place, 0, 255) for place in places))]
        assert (shown == nearest).all(axis=0)[both].mean() > 0.9
        return
    spread = np.ptp(values[:, both], axis=1).max()
    off = np.abs(shown - values)[:, both].mean()
    # In a raster of 2 x 2 pixels, places that are good to an eighth of a pixel make all the difference.
    tolerance = 0.02 if min(expected.size) >= side else 0.125
    assert off <= tolerance * spread + 0.5 * (picture.dtype == "uint8") + 1e-4 * np.abs(values).max()
    if spread > 1 and min(expected.size) >= side:
        for across, down in ((0.5, 0), (-0.5, 0), (0, 0.5), (0, -0.5)):
            shifted, there = looked_up(expected, cols + across, rows + down)
            assert np.abs(shown - shifted)[:, both & there].mean() > off


@pytest.mark.parametrize("file", PICTURES)
def test_tiles_in_another_crs_are_shrunk_by_means(torture, file):
    picture, side, pixels, fine = PICTURES[file], 48, 12, 8
    expected = original(path_of(torture, file), picture)
    tile = tile_at_its_best(expected, tiles_crs(file, expected), side)
    chips = read_chips(tile, source_of(torture, file), pixels=pixels, must_overlap=False)
    no_silent_zeros(chips)
    cols, rows = (np.floor(place).astype(int) for place in places_of(tile, expected, pixels * fine))
    width, height = expected.size
    inside = (cols >= 0) & (cols < width) & (rows >= 0) & (rows < height)
    cols, rows = np.clip(cols, 0, width - 1), np.clip(rows, 0, height - 1)
    valid = expected.valid[rows, cols] & inside
    share = valid.reshape(pixels, fine, pixels, fine).mean(axis=(1, 3))
    total = (expected.values[:, rows, cols] * valid).reshape(-1, pixels, fine, pixels, fine).mean(axis=(2, 4))
    full = (share > 0.99) & (chips.valid[0] == 1)
    if not full.any():
        assert share.max() <= 0.99
        return
    assert (chips.valid[0][share > 0.99] == 1).all()
    assert (chips.valid[0][share == 0] == 0).mean() > 0.9 if (share == 0).any() else True
    mean = total[:, full] / share[full]
    off = np.abs(chips.pixels[0][:, full] - mean).mean()
    spread = np.ptp(mean, axis=1).max()
    assert off <= 0.05 * spread + 0.5 * (picture.dtype == "uint8") + 1e-4 * np.abs(mean).max()


def test_a_south_up_raster_has_the_pixels_of_its_file(torture):
    file = "made/south_up.tif"
    expected = original(path_of(torture, file), WARPED[file])
    tiles, starts = tiles_on_pixels(expected, 64)
    chips = read_chips(tiles, path_of(torture, file), pixels=64)
    assert (chips.valid == 1).all()
    for (col, row), pixels in zip(starts, chips.pixels, strict=True):
        np.testing.assert_array_equal(pixels, padded(expected, col, row, 64)[0][:, ::-1])


@pytest.mark.parametrize("file", [file for file in WARPED if not file.endswith((".vrt", ".zip"))])
def test_tiles_in_degrees_show_the_same_place(torture, file):
    """A tile layer in degrees: its squares are made in the local zone."""
    expected = original(path_of(torture, file), WARPED[file])
    zone = local_zone(expected)
    tile = tile_at_its_best(expected, zone, 32)
    straight = read_chips(tile, source_of(torture, file), pixels=32)
    in_degrees = read_chips(tile.to_crs(4326), source_of(torture, file), pixels=32)
    assert in_degrees.coverage[0] == pytest.approx(straight.coverage[0], abs=0.1)
    both = (straight.valid[0] == 1) & (in_degrees.valid[0] == 1)
    off = np.abs(straight.pixels[0].astype(float) - in_degrees.pixels[0])[:, both].mean()
    # Around the corners of a square that was laid out in another zone lies a box that is a little larger.
    assert off <= 0.1 * (float(straight.pixels.max()) - float(straight.pixels.min())) + 0.5


@pytest.mark.parametrize("crs", [None, "EPSG:32619"])
def test_overviews_in_a_file_beside_the_raster_are_used(torture, tmp_path, crs):
    """The red raster with the overviews of the green one shows which of the two was read."""
    raster = tmp_path / "red.tif"
    raster.write_bytes((torture / "rasterio" / "red.tif").read_bytes())
    (tmp_path / "red.tif.ovr").write_bytes((torture / "rasterio" / "green.tif.ovr").read_bytes())
    picture = Picture(RGB, "uint8", 1.0, (1, 2, 3), crs)
    expected = original(str(raster), picture)
    zone = expected.crs if expected.crs.is_projected else local_zone(expected)
    tile = tile_at_its_best(expected, zone, 32)
    for pixels, colour in ((32, [204, 17, 17]), (8, [17, 204, 17])):
        chips = read_chips(tile, RasterSource(path=str(raster), crs=crs), pixels=pixels)
        shown = chips.pixels[0][:, chips.valid[0] == 1]
        assert shown.shape[1] > 0.99 * pixels**2
        assert shown.mean(axis=1) == pytest.approx(colour, abs=0.5)


def test_a_mask_in_a_file_beside_the_raster_counts(torture, tmp_path):
    """The sidecar of the folder, put beside the raster that it is the mask of."""
    raster = tmp_path / "RGB2.byte.tif"
    with rasterio.open(torture / "rasterio" / "RGB.byte.tif") as source:
        profile = source.profile | {"nodata": None}
        with rasterio.open(raster, "w", **profile) as copy:
            copy.write(source.read())
    (tmp_path / "RGB2.byte.tif.msk").write_bytes((torture / "rasterio" / "RGB2.byte.tif.msk").read_bytes())
    expected = original(str(raster), rgb())
    assert expected.valid.mean() == pytest.approx(0.6741, abs=1e-3)
    tiles, starts = tiles_on_pixels(expected)
    chips = read_chips(tiles, raster, pixels=SIDE)
    for (col, row), pixels, valid in zip(starts, chips.pixels, chips.valid, strict=True):
        values, mask = padded(expected, col, row, SIDE)
        np.testing.assert_array_equal(valid, mask)
        np.testing.assert_array_equal(pixels, values)


# --- what cannot be read ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", REFUSED)
def test_what_is_no_picture_is_refused_in_a_sentence(torture, file):
    with pytest.raises(MMRiskError) as error:
        describe_raster(path_of(torture, file))
    assert_sentence(error, file, REFUSED[file])
    tile = make_layer([shapely.box(0, 0, 100, 100)], title="tiles")
    with pytest.raises(MMRiskError) as error:
        read_chips(tile, path_of(torture, file), pixels=8)
    assert_sentence(error, file, REFUSED[file])


@pytest.mark.parametrize("file", [file for file, picture in PICTURES.items() if picture.crs])
def test_a_picture_without_crs_is_refused_until_it_has_one(torture, file):
    with pytest.raises(MMRiskError) as error:
        describe_raster(path_of(torture, file))
    assert_sentence(error, file, NO_CRS)


@pytest.mark.parametrize("file", ["made/jpeg_named_png.png", "rasterio/389225main_sw_1965_1024.jpg"])
def test_a_photograph_has_no_place_even_with_a_crs(torture, file):
    with pytest.raises(MMRiskError) as error:
        describe_raster(RasterSource(path=path_of(torture, file), crs=MASSACHUSETTS))
    assert_sentence(error, file, NO_PLACE)


@pytest.mark.parametrize("band", ["//data", "//data2"])
def test_a_raster_inside_a_file_is_refused_by_the_name_of_the_file(torture, band):
    with pytest.raises(MMRiskError) as error:
        describe_raster(f'HDF5:"{torture / "rasterio" / "two-subs.h5"}":{band}')
    assert_sentence(error, "two-subs.h5", NO_PLACE)


@pytest.mark.parametrize("file", DAMAGED)
def test_a_damaged_raster_is_right_or_says_where_it_is_not(torture, file):
    intact = DAMAGED[file]
    expected = original(path_of(torture, intact), STRAIGHT[intact])
    pixels = max(64, expected.size[0] // 8)
    tiles, starts = tiles_on_pixels(expected, pixels)
    with pytest.raises(MMRiskError) as error:
        read_chips(tiles, path_of(torture, file), pixels=pixels)
    assert_sentence(error, file, "is damaged")
    damaged = 0
    for (col, row), tile in zip(starts, range(len(tiles)), strict=True):
        try:
            chips = read_chips(tiles.iloc[[tile]], path_of(torture, file), pixels=pixels)
        except MMRiskError:
            damaged += 1
        else:
            np.testing.assert_array_equal(chips.pixels[0], padded(expected, col, row, pixels)[0])
    assert damaged > 0


def assert_sentence(error: pytest.ExceptionInfo, file: str, reason: str) -> None:
    message = str(error.value)
    assert Path(file).name in message
    assert reason in message
    assert message.endswith(".")
    assert "Traceback" not in message


# --- layers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", LAYERS)
def test_a_layer_is_usable(torture, tmp_path, file):
    count, kind = LAYERS[file]
    layer = read_layer(LayerSource(path=str(torture / file)))
    assert isinstance(layer, gpd.GeoDataFrame)
    assert len(layer) == count
    assert geometry_kind(layer) == kind
    assert layer.crs is not None
    assert np.isfinite(layer.total_bounds).all()
    assert layer.is_valid.all()
    assert not layer.has_z.any()
    again = read_layer(LayerSource(path=str(write_layer(layer, tmp_path / "copy.gpkg"))))
    assert len(again) == count
    assert again.crs.equals(layer.crs)
    np.testing.assert_allclose(again.total_bounds, layer.total_bounds)


@pytest.mark.parametrize("file", NO_LAYERS)
def test_what_is_no_layer_is_refused_in_a_sentence(torture, file):
    with pytest.raises(MMRiskError) as error:
        read_layer(LayerSource(path=str(torture / file)))
    message = str(error.value)
    assert Path(file).name in message
    assert NO_DRIVER.get(file, NO_RASTER) in message
