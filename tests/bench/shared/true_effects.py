"""What each attribute and the picture truly add to the risk of the sample city: Shapley values of its risk surface."""

from __future__ import annotations

from itertools import combinations
from math import factorial

import geopandas as gpd
import numpy as np
import numpy.typing as npt

from mmrisk_core.sample_city import risk_surface as surface

FloatArray = npt.NDArray[np.float64]
PLAYERS = ("roads_length", "roads_aadt_mean", "zones_density_mean", "picture")


def true_effects(tiles: gpd.GeoDataFrame, car_park: FloatArray, typical: dict[str, float]) -> dict[str, FloatArray]:
    """The effects in logits by player, (n,), of tiles that all have a road; the surface knows no other attribute.

    :param car_park: share of each tile that is car park, standardised; unknown, it is 0.
    :param typical: the value of each attribute that counts as unknown.
    """
    there = {name: tiles[name].to_numpy(dtype=float) for name in PLAYERS[:3]} | {"picture": car_park}
    away = {name: np.full(len(tiles), typical[name]) for name in PLAYERS[:3]} | {"picture": np.zeros(len(tiles))}
    logit = _surface(there)

    def value(known: tuple[str, ...]) -> FloatArray:
        return logit({name: (there if name in known else away)[name] for name in PLAYERS})

    effects = {}
    for player in PLAYERS:
        others = [name for name in PLAYERS if name != player]
        effects[player] = np.zeros(len(tiles))
        for size in range(len(PLAYERS)):
            weight = factorial(size) * factorial(len(others) - size) / factorial(len(PLAYERS))
            for known in combinations(others, size):
                effects[player] += weight * (value((*known, player)) - value(known))
    return effects


def _surface(city: dict[str, FloatArray]):
    """The logit by the players, but for the intercept; standardised over the tiles of ``city``."""
    raw = _traffic(city), _people(city)
    (traffic_mean, traffic_std), (people_mean, people_std) = ((float(x.mean()), float(x.std())) for x in raw)

    def logit(given: dict[str, FloatArray]) -> FloatArray:
        traffic = (_traffic(given) - traffic_mean) / traffic_std
        people = (_people(given) - people_mean) / people_std
        of_attributes = surface.TRAFFIC_EFFECT * traffic + surface.DENSITY_EFFECT * people
        of_picture = surface.CAR_PARK_EFFECT * given["picture"]
        return np.asarray(of_attributes + of_picture + surface.JOINT_EFFECT * given["picture"] * traffic)

    return logit


def _traffic(city: dict[str, FloatArray]) -> FloatArray:
    return np.asarray(np.log(city["roads_length"] * city["roads_aadt_mean"] / 1000 + surface.QUIET))


def _people(city: dict[str, FloatArray]) -> FloatArray:
    return np.asarray(np.log(city["zones_density_mean"]))
