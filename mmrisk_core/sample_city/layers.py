"""The sample city as layers of a map: its frame, its CRS, and tables with geometry."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from mmrisk_core.errors import InputError
from mmrisk_core.sample_city.records import RoadRecords, Zones
from mmrisk_core.sample_city.risk_surface import Crashes, Risk, tile_boxes
from mmrisk_core.sample_city.roads import Roads

CRS = "EPSG:32619"  # WGS 84 / UTM zone 19N, metres
WEST, SOUTH = 600_000.0, 4_400_000.0  # in the open Atlantic, far from any road
SIZES = (4, 200)  # tiles per side
MISSING_AADT = 0.02  # share of roads that nobody counted
FIRST_DAY, DAYS = np.datetime64("2019-01-01"), 1826  # five years
SEVERITY_SHARES = (0.74, 0.21, 0.05)


@dataclass(frozen=True)
class Frame:
    """The square that the city fills: tiles per side, metres per tile side and per pixel side, pixels per tile side."""

    size: int
    tile_size: float
    pixel_size: float
    tile_pixels: int

    @classmethod
    def of(cls, size: int, tile_size: float, pixel_size: float) -> Frame:
        """The frame of these sizes (tiles, metres, metres).

        :raises MMRiskError: when the city would be too small or too large, or a tile is not a whole number of pixels.
        """
        if not SIZES[0] <= size <= SIZES[1]:
            raise InputError(
                f"The sample city cannot be {size} tiles a side. Choose a size from {SIZES[0]} to {SIZES[1]} tiles."
            )
        tile_pixels = round(tile_size / pixel_size) if pixel_size > 0.0 else 0
        if tile_pixels < 1 or not np.isclose(tile_pixels * pixel_size, tile_size, rtol=1e-9):
            raise InputError(
                f"A tile of {tile_size:g} m is not a whole number of pixels of {pixel_size:g} m. "
                "Choose a tile size that is a multiple of the pixel size."
            )
        return cls(size, tile_size, pixel_size, tile_pixels)

    @property
    def side(self) -> float:
        """Metres."""
        return self.size * self.tile_size

    @property
    def pixels(self) -> int:
        """Pixels per side."""
        return self.size * self.tile_pixels

    @property
    def extent(self) -> tuple[float, float, float, float]:
        """xmin, ymin, xmax, ymax in metres of the CRS."""
        return WEST, SOUTH, WEST + self.side, SOUTH + self.side

    def on_map(self, places: NDArray[np.object_]) -> gpd.GeoSeries:
        """Geometries in metres east and south of the north-west corner, brought to the CRS."""
        north = SOUTH + self.side
        moved = shapely.transform(places, lambda metres: np.column_stack([WEST + metres[:, 0], north - metres[:, 1]]))
        return gpd.GeoSeries(moved, crs=CRS)


def road_layer(frame: Frame, roads: Roads, records: RoadRecords, rng: np.random.Generator) -> gpd.GeoDataFrame:
    """Roads with ``class``, ``aadt`` (vehicles a day, missing for a few) and ``speed_limit`` (km/h)."""
    is_missing = rng.random(len(roads)) < MISSING_AADT
    columns = {
        "road_id": np.arange(len(roads)),
        "class": roads.road_class,
        "aadt": pd.Series(records.aadt, dtype="Int64").mask(is_missing),
        "speed_limit": records.speed_limit,
    }
    return gpd.GeoDataFrame(columns, geometry=frame.on_map(roads.lines))


def zone_layer(frame: Frame, zones: Zones) -> gpd.GeoDataFrame:
    """Zones with ``population``, ``jobs`` and ``density`` (people per square kilometre)."""
    columns = {
        "zone_id": np.arange(len(zones.polygons)),
        "population": zones.population,
        "jobs": zones.jobs,
        "density": zones.density,
    }
    return gpd.GeoDataFrame(columns, geometry=frame.on_map(zones.polygons))


def crash_layer(frame: Frame, crashes: Crashes, rng: np.random.Generator) -> gpd.GeoDataFrame:
    """Crashes with ``date`` (ISO text) and ``severity`` (1 slight, 2 serious, 3 fatal)."""
    count = len(crashes.tile)
    columns = {
        "crash_id": np.arange(count),
        "date": (FIRST_DAY + rng.integers(DAYS, size=count)).astype(str),
        "severity": rng.choice([1, 2, 3], size=count, p=SEVERITY_SHARES),
    }
    return gpd.GeoDataFrame(columns, geometry=frame.on_map(shapely.points(crashes.east, crashes.south)))


def truth_layer(frame: Frame, risk: Risk) -> gpd.GeoDataFrame:
    """The tile grid, row 0 in the north and column 0 in the west, with the true risk and the parts of its logit."""
    tile = np.arange(frame.size**2)
    columns = {
        "tile_id": tile,
        "row": tile // frame.size,
        "col": tile % frame.size,
        "true_probability": risk.probability,
        "true_logit": risk.logit,
        "intercept": np.full(len(tile), risk.intercept),
        "from_image": risk.from_image,
        "from_attributes": risk.from_attributes,
        "from_both": risk.from_both,
    }
    return gpd.GeoDataFrame(columns, geometry=frame.on_map(tile_boxes(frame.size, frame.tile_size)))
