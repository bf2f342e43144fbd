"""The known risk of the sample city, and crashes drawn from it.

The logit of the probability that a tile has at least one crash is::

    intercept + from_image + from_attributes + from_both

``from_image`` grows with the share of the tile that is car park, which only the picture shows. ``from_attributes`` grows
with the logarithms of the vehicle kilometres driven in the tile and of the people per square kilometre, as in a safety
performance function (Highway Safety Manual, AASHTO 2010); only the records show these. ``from_both`` is the product of car
parks and traffic: a car park costs more beside busy roads. Each quantity is standardised over the tiles that have a road;
nothing else enters.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import expit

from mmrisk_core.sample_city.records import RoadRecords, Zones
from mmrisk_core.sample_city.roads import Roads
from mmrisk_core.sample_city.scenery import Floats

PREVALENCE = 0.35  # mean probability over all tiles, which sets the intercept
CAR_PARK_EFFECT, TRAFFIC_EFFECT, DENSITY_EFFECT, JOINT_EFFECT = 1.4, 1.3, 1.1, 0.5
NO_ROAD_EFFECT = -9.0  # logit of a tile without any road, on top of the intercept
QUIET = 60.0  # vehicle kilometres a day below which less traffic hardly matters
MORE_CRASHES = 0.6  # mean number of crashes beyond the first, where there is one
FROM_CENTRE_LINE = 3.5  # metres, standard deviation of a crash's distance from the centre line
OFF_BORDER = 0.5  # metres that every crash keeps from the border of its tile


@dataclass(frozen=True)
class RoadPieces:
    """A row per piece of road within one tile, tiles in ascending order: tile, road, line, length (metres)."""

    tile: NDArray[np.intp]
    road: NDArray[np.intp]
    lines: NDArray[np.object_]
    length: Floats


@dataclass(frozen=True)
class Risk:
    """A row per tile: the parts of the logit, their sum and the probability of at least one crash."""

    intercept: float
    from_image: Floats
    from_attributes: Floats
    from_both: Floats

    @property
    def logit(self) -> Floats:
        """Logit of the probability of at least one crash."""
        return self.intercept + self.from_image + self.from_attributes + self.from_both

    @property
    def probability(self) -> Floats:
        """Probability of at least one crash."""
        return np.asarray(expit(self.logit))


@dataclass(frozen=True)
class Crashes:
    """A row per crash: the tile, and metres east and south of the city's north-west corner."""

    tile: NDArray[np.intp]
    east: Floats
    south: Floats


def tile_boxes(size: int, tile_size: float) -> NDArray[np.object_]:
    """Squares of the tile grid, row by row from the north-west corner (metres east and south)."""
    row, column = np.divmod(np.arange(size * size), size)
    west, north = column * tile_size, row * tile_size
    boxes: NDArray[np.object_] = shapely.box(west, north, west + tile_size, north + tile_size)
    return boxes


def cut_to_tiles(roads: Roads, tiles: NDArray[np.object_]) -> RoadPieces:
    """Takes the roads apart at the borders of tiles."""
    road, tile = shapely.STRtree(tiles).query(roads.lines, predicate="intersects")
    lines, pair = shapely.get_parts(shapely.intersection(roads.lines[road], tiles[tile]), return_index=True)
    length = shapely.length(lines)
    kept = np.flatnonzero(length > 0.0)
    kept = kept[np.lexsort([road[pair[kept]], tile[pair[kept]]])]
    return RoadPieces(tile[pair[kept]], road[pair[kept]], lines[kept], length[kept])


def risk_of_tiles(
    car_park_share: Floats, pieces: RoadPieces, records: RoadRecords, zones: Zones, tiles: NDArray[np.object_]
) -> Risk:
    """The risk surface; ``car_park_share`` (0 to 1) is counted on the picture itself."""
    metres = np.bincount(pieces.tile, pieces.length, len(tiles))
    vehicle_kilometres = np.bincount(pieces.tile, pieces.length * records.aadt[pieces.road], len(tiles)) / 1000.0
    has_road = metres > 0.0
    car_park = _standardised(car_park_share, has_road)
    traffic = _standardised(np.log(vehicle_kilometres + QUIET), has_road)
    people = _standardised(np.log(_density_of_tiles(zones, tiles)), has_road)
    from_image = CAR_PARK_EFFECT * car_park
    from_attributes = np.where(has_road, TRAFFIC_EFFECT * traffic + DENSITY_EFFECT * people, NO_ROAD_EFFECT)
    from_both = np.where(has_road, JOINT_EFFECT * car_park * traffic, 0.0)
    logit = from_image + from_attributes + from_both
    intercept = brentq(lambda shift: expit(logit + shift).mean() - PREVALENCE, -30.0, 30.0)
    return Risk(float(intercept), from_image, from_attributes, from_both)


def draw_crashes(
    probability: Floats, pieces: RoadPieces, tile_size: float, size: int, rng: np.random.Generator
) -> Crashes:
    """Decides for every tile whether it has a crash, how many, and where: near a road of the tile, strictly inside it."""
    count = np.where(rng.random(len(probability)) < probability, 1 + rng.poisson(MORE_CRASHES, len(probability)), 0)
    tile = np.repeat(np.arange(len(probability)), count)
    places = _places_on_roads(tile, pieces, len(probability), rng)
    corner = np.column_stack([tile % size, tile // size]) * tile_size
    anywhere = corner + rng.uniform(0.0, tile_size, (len(tile), 2))
    places = np.where(np.isnan(places), anywhere, places + rng.normal(0.0, FROM_CENTRE_LINE, places.shape))
    places = np.clip(places, corner + OFF_BORDER, corner + tile_size - OFF_BORDER)
    return Crashes(tile, places[:, 0], places[:, 1])


def _places_on_roads(tile: NDArray[np.intp], pieces: RoadPieces, tiles: int, rng: np.random.Generator) -> Floats:
    """A random place (east, south) on a road of each tile asked for; NaN where the tile has none."""
    metres = np.bincount(pieces.tile, pieces.length, tiles)
    passed = np.cumsum(pieces.length)
    target = (np.cumsum(metres) - metres)[tile] + rng.random(len(tile)) * metres[tile]
    piece = np.minimum(np.searchsorted(passed, target, side="right"), len(passed) - 1)
    along = target - (passed - pieces.length)[piece]
    places: Floats = shapely.get_coordinates(shapely.line_interpolate_point(pieces.lines[piece], along))
    places[metres[tile] == 0.0] = np.nan
    return places


def _standardised(values: Floats, counted: NDArray[np.bool_]) -> Floats:
    return np.asarray((values - values[counted].mean()) / max(float(values[counted].std()), 1e-9))


def _density_of_tiles(zones: Zones, tiles: NDArray[np.object_]) -> Floats:
    """People per square kilometre of each tile, from the zones it lies in, by area."""
    zone, tile = shapely.STRtree(tiles).query(zones.polygons, predicate="intersects")
    shared = shapely.area(shapely.intersection(zones.polygons[zone], tiles[tile]))
    people = np.bincount(tile, shared * zones.density[zone], len(tiles))
    density: Floats = people / np.bincount(tile, shared, len(tiles))
    return density
