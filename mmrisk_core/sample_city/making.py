"""Makes the sample city and writes its files, all of them or none."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
from numpy.typing import NDArray
from rasterio.transform import from_origin
from rasterio.windows import Window

from mmrisk_core.errors import InputError, OutputError
from mmrisk_core.files import atomic_write
from mmrisk_core.geo.layer_io import require_plain
from mmrisk_core.geo.layer_writing import GEOPACKAGE_OPTIONS
from mmrisk_core.imagery.raster_writing import written_raster
from mmrisk_core.progress import NO_PROGRESS
from mmrisk_core.sample_city.furnishing import furnish
from mmrisk_core.sample_city.layers import CRS, Frame, crash_layer, road_layer, truth_layer, zone_layer
from mmrisk_core.sample_city.noise import Warp
from mmrisk_core.sample_city.painting import Painter
from mmrisk_core.sample_city.records import draw_zones, record_roads
from mmrisk_core.sample_city.risk_surface import cut_to_tiles, draw_crashes, risk_of_tiles, tile_boxes
from mmrisk_core.sample_city.roads import Roads, build_roads
from mmrisk_core.sample_city.scenery import PlacedScenery, River, place
from mmrisk_core.sample_city.street_plan import plan_streets

NOTE = "Synthetic sample city made by MMRisk. No real place, road, person or crash."

ReportProgress = Callable[[float, str], None]


@dataclass(frozen=True)
class SampleCity:
    """Where the files of a sample city are, and where it lies.

    :param imagery, roads, zones, crashes, truth: the files, as :func:`make_sample_city` names them.
    :param extent: xmin, ymin, xmax, ymax in metres of ``crs``.
    """

    imagery: Path
    roads: Path
    zones: Path
    crashes: Path
    truth: Path
    extent: tuple[float, float, float, float]
    crs: str


def make_sample_city(
    folder: str | Path,
    *,
    size: int = 24,
    seed: int = 1,
    tile_size: float = 150.0,
    pixel_size: float = 1.5,
    progress: ReportProgress | None = None,
) -> SampleCity:
    """Makes a synthetic city whose crash risk is known, to learn MMRisk with and to test it.

    Writes ``imagery.tif`` (RGB, aerial-looking), ``roads.gpkg``, ``zones.gpkg``, ``crashes.gpkg`` and ``truth.gpkg`` (the
    tile grid with the probability of at least one crash and what it is made of) into ``folder``, which is made where
    missing. The same size and seed give the same pixels and features.

    :param size: tiles per side, 4 to 200.
    :param seed: which city; 0 or more.
    :param tile_size: side of a tile, in metres.
    :param pixel_size: side of a pixel, in metres; a tile must be a whole number of pixels.
    :param progress: called with the fraction done and a message; may raise to cancel, and then no file is left.
    :raises MMRiskError: when the sizes do not fit or the folder cannot be written to.
    """
    frame = Frame.of(size, tile_size, pixel_size)
    if seed < 0:
        raise InputError(f"The seed {seed} is negative. Choose a whole number from 0.")
    report = progress or NO_PROGRESS.report
    require_plain(Path(folder))
    folder = _made(Path(folder))
    city = SampleCity(
        imagery=folder / "imagery.tif",
        roads=folder / "roads.gpkg",
        zones=folder / "zones.gpkg",
        crashes=folder / "crashes.gpkg",
        truth=folder / "truth.gpkg",
        extent=frame.extent,
        crs=CRS,
    )
    with ExitStack() as files:
        _write_city(_under_temporary_names(city, files), frame, np.random.SeedSequence(seed), report)
    return city


def _under_temporary_names(city: SampleCity, files: ExitStack) -> SampleCity:
    """The city's files as they are called until all of them are whole."""
    return SampleCity(
        imagery=files.enter_context(atomic_write(city.imagery)),
        roads=files.enter_context(atomic_write(city.roads)),
        zones=files.enter_context(atomic_write(city.zones)),
        crashes=files.enter_context(atomic_write(city.crashes)),
        truth=files.enter_context(atomic_write(city.truth)),
        extent=city.extent,
        crs=city.crs,
    )


def _write_city(parts: SampleCity, frame: Frame, seed: np.random.SeedSequence, report: ReportProgress) -> None:
    for_plan, for_colours, for_records, for_crashes = (np.random.default_rng(child) for child in seed.spawn(4))
    report(0.0, "Laying out the streets.")
    roads, scenery = _lay_out(frame.side, for_plan)
    report(0.2, "Painting the aerial picture.")
    painter = Painter(scenery, roads, frame.pixels, frame.pixel_size, for_colours)
    car_park_share = _write_imagery(parts.imagery, painter, frame, report)
    report(0.85, "Drawing traffic, zones and crashes.")
    records, zones = record_roads(roads, for_records), draw_zones(frame.side, for_records)
    tiles = tile_boxes(frame.size, frame.tile_size)
    pieces = cut_to_tiles(roads, tiles)
    risk = risk_of_tiles(car_park_share, pieces, records, zones, tiles)
    crashes = draw_crashes(risk.probability, pieces, frame.tile_size, frame.size, for_crashes)
    _write_layer(road_layer(frame, roads, records, for_records), parts.roads, "roads")
    _write_layer(zone_layer(frame, zones), parts.zones, "zones")
    _write_layer(crash_layer(frame, crashes, for_crashes), parts.crashes, "crashes")
    _write_layer(truth_layer(frame, risk), parts.truth, "truth")
    report(1.0, "The sample city is ready.")


def _lay_out(side: float, rng: np.random.Generator) -> tuple[Roads, PlacedScenery]:
    plan = plan_streets(side, rng)
    warp, river = Warp(side, rng), River.across(side, rng)
    return build_roads(plan, warp, river, side), place(furnish(plan, rng), warp, river)


def _write_imagery(path: Path, painter: Painter, frame: Frame, report: ReportProgress) -> NDArray[np.float64]:
    """Writes the picture strip by strip; the share of each tile that is car park, counted on it."""
    profile = {
        "driver": "GTiff", "dtype": "uint8", "count": 3, "width": frame.pixels, "height": frame.pixels, "crs": CRS,
        "transform": from_origin(frame.extent[0], frame.extent[3], frame.pixel_size, frame.pixel_size),
        "tiled": True, "blockxsize": 256, "blockysize": 256, "interleave": "pixel", "photometric": "RGB",
        "compress": "deflate", "predictor": 2, "zlevel": 4, "num_threads": "all_cpus", "bigtiff": "if_safer",
    }  # fmt: skip
    car_park_pixels = np.zeros((frame.pixels, frame.size))
    with written_raster(path, **profile) as picture:
        picture.update_tags(TIFFTAG_IMAGEDESCRIPTION=NOTE)
        for strip in painter.strips():
            rows = strip.is_car_park.shape[0]
            picture.write(strip.picture, window=Window(0, strip.top, frame.pixels, rows))
            by_tile = strip.is_car_park.reshape(rows, frame.size, frame.tile_pixels).sum(axis=2)
            car_park_pixels[strip.top : strip.top + rows] = by_tile
            report(0.2 + 0.6 * (strip.top + rows) / frame.pixels, "Painting the aerial picture.")
    per_tile = car_park_pixels.reshape(frame.size, frame.tile_pixels, frame.size).sum(axis=1)
    share: NDArray[np.float64] = per_tile.ravel() / frame.tile_pixels**2
    return share


def _write_layer(layer: gpd.GeoDataFrame, path: Path, name: str) -> None:
    pyogrio.write_dataframe(
        layer, path, layer=name, driver="GPKG", layer_metadata={"DESCRIPTION": NOTE}, dataset_options=GEOPACKAGE_OPTIONS
    )


def _made(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"The folder {folder} for the sample city cannot be written ({error.strerror}). Choose one you may write to."
        ) from error
    return folder
