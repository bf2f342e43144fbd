"""What the records of the sample city say: traffic on its roads, people in its zones. None of it can be seen from above."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from mmrisk_core.sample_city.roads import Roads
from mmrisk_core.sample_city.scenery import Floats

TYPICAL_AADT = {"arterial": 3600.0, "collector": 2600.0, "residential": 1900.0}  # vehicles a day
AADT_SPREAD_OF_STREETS, AADT_SPREAD_OF_ROADS = 0.8, 0.8  # standard deviations of its logarithm
SPEED_LIMITS = {"arterial": (60, 70, 80), "collector": (50, 60), "residential": (30, 40, 50)}  # km/h
ZONE_SPACING = 420.0  # metres between the middles of zones, about
TYPICAL_DENSITY, DENSITY_SPREAD = 3200.0, 0.9  # people per square kilometre; standard deviation of the logarithm


@dataclass(frozen=True)
class RoadRecords:
    """A row per road: average vehicles a day, and the speed limit in km/h."""

    aadt: NDArray[np.int64]
    speed_limit: NDArray[np.int64]


@dataclass(frozen=True)
class Zones:
    """A row per zone: polygon (metres east and south), people who live there, jobs, people per square kilometre."""

    polygons: NDArray[np.object_]
    population: NDArray[np.int64]
    jobs: NDArray[np.int64]
    density: Floats


def record_roads(roads: Roads, rng: np.random.Generator) -> RoadRecords:
    """Draws traffic volumes. They differ so much between roads of a class that the width of a road says little of them."""
    typical = np.array([TYPICAL_AADT[road_class] for road_class in roads.road_class])
    of_street = rng.normal(0.0, AADT_SPREAD_OF_STREETS, int(roads.street.max()) + 1)[roads.street]
    of_road = rng.normal(0.0, AADT_SPREAD_OF_ROADS, len(roads))
    aadt = np.maximum(typical * np.exp(of_street + of_road), 10.0).round(-1).astype(np.int64)
    limits = [SPEED_LIMITS[road_class] for road_class in roads.road_class]
    chosen = [options[int(draw * len(options))] for options, draw in zip(limits, rng.random(len(roads)), strict=True)]
    return RoadRecords(aadt, np.array(chosen, dtype=np.int64))


def draw_zones(side: float, rng: np.random.Generator) -> Zones:
    """Divides a square city of ``side`` metres into irregular zones and says how many people live and work there."""
    per_side = max(2, round(side / ZONE_SPACING))
    spacing = side / per_side
    lattice = (np.arange(per_side) + 0.5) * spacing
    middles = np.stack(np.meshgrid(lattice, lattice), axis=-1).reshape(-1, 2)
    middles = middles + rng.uniform(-0.38, 0.38, middles.shape) * spacing
    extent = shapely.box(0.0, 0.0, side, side)
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(middles), extend_to=extent))
    polygons = shapely.intersection(cells, extent)
    polygons = polygons[np.lexsort(np.round(shapely.get_coordinates(shapely.centroid(polygons)), 3).T)]
    square_kilometres = shapely.area(polygons) / 1e6
    people = TYPICAL_DENSITY * np.exp(rng.normal(0.0, DENSITY_SPREAD, len(polygons)))
    population = np.maximum((people * square_kilometres).round().astype(np.int64), 1)
    jobs = (population * np.exp(rng.normal(-0.6, 0.7, len(polygons)))).round().astype(np.int64)
    return Zones(polygons, population, jobs, population / square_kilometres)
