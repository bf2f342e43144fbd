"""Two data sets that do not meet: where each says that it lies, and what to do about it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pyproj
from pyproj.exceptions import ProjError

from mmrisk_core.errors import InputError
from mmrisk_core.geo.crs import Bounds, transformer_between
from mmrisk_core.geo.frames import require_crs
from mmrisk_core.wording import number

LONGITUDE_LATITUDE = 4326
NEXT_DOOR = 1000.0
"""Below so many metres between their middles, how far is no help."""


@dataclass(frozen=True)
class Place:
    """Where something lies, as it says itself; ``bounds`` in units of ``crs``."""

    crs: pyproj.CRS
    bounds: Bounds

    @classmethod
    def of(cls, frame: gpd.GeoDataFrame) -> Place:
        """Of a layer, which has a CRS; NaN where it has no geometry."""
        left, bottom, right, top = map(float, frame.total_bounds)
        return cls(require_crs(frame), (left, bottom, right, top))

    def with_(self, other: Place | None) -> Place:
        """Two parts of one layer together."""
        if other is None:
            return self
        both = np.array([self.bounds, other.bounds])
        left, bottom = map(float, np.fmin.reduce(both[:, :2]))
        right, top = map(float, np.fmax.reduce(both[:, 2:]))
        return Place(self.crs, (left, bottom, right, top))


def apart(what: str, place: Place, tiles: Place) -> str:
    """Where something lies as seen from the tiles, and the way out, as sentences.

    :param what: what it is, as the beginning of a sentence, such as ``The layer``.
    """
    middle, of_tiles = _middle(place), _middle(tiles)
    if middle is None or of_tiles is None:
        where = "where that is not defined, and not among the tiles"
    else:
        _, _, metres = pyproj.Geod(ellps="WGS84").inv(*middle, *of_tiles)
        where = f"{number(metres / 1000)} km from the tiles" if metres > NEXT_DOOR else "beside the tiles"
    return (
        f"{what} says that its CRS is {_name(place.crs)}, by which it lies {where}, which are in {_name(tiles.crs)}. If "
        "that is not where it is, set the CRS that its coordinates were written in (in QGIS: Layer > Set CRS of Layer); "
        "otherwise take tiles and data of one area."
    )


def _middle(place: Place) -> tuple[float, float] | None:
    """Longitude and latitude of the middle of a place; None where there is none."""
    left, bottom, right, top = place.bounds
    try:
        x, y = transformer_between(place.crs, LONGITUDE_LATITUDE).transform((left + right) / 2, (bottom + top) / 2)
    except (ProjError, InputError):
        return None
    return (x, y) if math.isfinite(x) and math.isfinite(y) and abs(y) <= 90 else None


def _name(crs: pyproj.CRS) -> str:
    code = crs.to_authority()
    return f"{':'.join(code)} ({crs.name})" if code else crs.name
