"""Makes the sample city and writes its files, all of them or none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import rasterio
import shapely
from numpy.typing import NDArray
from rasterio.transform import from_origin
from rasterio.windows import Window

from mmrisk_core.errors import MMRiskError
from mmrisk_core.files import written_beside
from mmrisk_core.sample_city.furnishing import furnish
from mmrisk_core.sample_city.noise import Warp
from mmrisk_core.sample_city.painting import Painter, Strip
from mmrisk_core.sample_city.records import RoadRecords, Zones, draw_zones, record_roads
from mmrisk_core.sample_city.risk_surface import Crashes, Risk, cut_to_tiles, draw_crashes, risk_of_tiles, tile_boxes
from mmrisk_core.sample_city.roads import Roads, build_roads
from mmrisk_core.sample_city.scenery import Floats, River, place
from mmrisk_core.sample_city.street_plan import plan_streets

CRS = "EPSG:32619"  # WGS 84 / UTM zone 19N, metres
WEST, SOUTH = 600_000.0, 4_400_000.0  # in the open Atlantic, far from any road
SIZES = (4, 200)  # tiles per side
MISSING_AADT = 0.02  # share of roads that nobody counted
FIRST_DAY, DAYS = np.datetime64("2019-01-01"), 1826  # five years
SEVERITY_SHARES = (0.74, 0.21, 0.05)
NOTE = "Synthetic sample city made by MMRisk. No real place, road, person or crash."

ProgressCallback = Callable[[float, str], None]


@dataclass(frozen=True)
class SampleCity:
    """Where the files of a sample city are, its extent (xmin, ymin, xmax, ymax in metres of ``crs``) and its CRS."""

    imagery: Path
    roads: Path
    zones: Path
    crashes: Path
    truth: Path
    extent: tuple[float, float, float, float]
    crs: str


@dataclass(frozen=True)
class _Frame:
    """The square that the city fills: tiles per side, metres per tile, pixels per tile side."""

    size: int
    tile_size: float
    tile_pixels: int

    @classmethod
    def of(cls, size: int, tile_size: float, pixel_size: float) -> _Frame:
        if not SIZES[0] <= size <= SIZES[1]:
            raise MMRiskError(
                f"The sample city cannot be {size} tiles a side. Choose a size from {SIZES[0]} to {SIZES[1]} tiles."
            )
        tile_pixels = round(tile_size / pixel_size) if pixel_size > 0.0 else 0
        if tile_pixels < 1 or not np.isclose(tile_pixels * pixel_size, tile_size, rtol=1e-9):
            raise MMRiskError(
                f"A tile of {tile_size:g} m is not a whole number of pixels of {pixel_size:g} m. "
                "Choose a tile size that is a multiple of the pixel size."
            )
        return cls(size, tile_size, tile_pixels)

    @property
    def side(self) -> float:
        """Metres."""
        return self.size * self.tile_size

    @property
    def pixels(self) -> int:
        return self.size * self.tile_pixels

    @property
    def extent(self) -> tuple[float, float, float, float]:
        return WEST, SOUTH, WEST + self.side, SOUTH + self.side

    def on_map(self, places: NDArray[np.object_]) -> gpd.GeoSeries:
        """Geometries in metres east and south of the north-west corner, brought to the CRS."""
        north = SOUTH + self.side
        moved = shapely.transform(places, lambda metres: np.column_stack([WEST + metres[:, 0], north - metres[:, 1]]))
        return gpd.GeoSeries(moved, crs=CRS)


def make_sample_city(
    folder: str | Path,
    *,
    size: int = 24,
    seed: int = 1,
    tile_size: float = 150.0,
    pixel_size: float = 1.5,
    progress: ProgressCallback | None = None,
) -> SampleCity:
    """Makes a synthetic city whose crash risk is known, to learn MMRisk with and to test it.

    Writes ``imagery.tif`` (RGB, aerial-looking), ``roads.gpkg``, ``zones.gpkg``, ``crashes.gpkg`` and ``truth.gpkg`` (the tile
    grid with the probability of at least one crash and what it is made of) into ``folder``, which is made where missing. The
    same size and seed give the same pixels and features.

    :param size: tiles per side, 4 to 200.
    :param seed: which city.
    :param tile_size: side of a tile, in metres.
    :param pixel_size: side of a pixel, in metres; a tile must be a whole number of pixels.
    :param progress: called with the fraction done and a message; may raise to cancel, and then no file is left.
    :raises MMRiskError: when the sizes do not fit or the folder cannot be written to.
    """
    frame = _Frame.of(size, tile_size, pixel_size)
    report = progress or (lambda fraction, message: None)
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
        parts = {path: files.enter_context(written_beside(path)) for path in (city.imagery, city.roads, city.zones, city.crashes, city.truth)}
        _write_city(city, parts, frame, seed, report)
    report(1.0, "The sample city is ready.")
    return city
