"""Where events lie: coordinates out of columns, and the CRS in which they fall onto an area."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyproj
from pyproj.aoi import AreaOfInterest
from pyproj.database import query_crs_info
from pyproj.enums import PJType

from mmrisk_core.arrays import FloatArray
from mmrisk_core.errors import MMRiskError
from mmrisk_core.events.numbers import as_numbers
from mmrisk_core.geo.crs import Bounds, parse_crs, transformer_between

DEGREES = "EPSG:4326"
MOST_OFFERED = 12
_NUMBER = r"([+-]?\d+(?:\.\d+)?)"
_PAIR = rf"{_NUMBER}[^\d+-]+{_NUMBER}"


@dataclass(frozen=True)
class Candidate:
    """A CRS that coordinates may be in.

    :param crs: its code.
    :param name: what it is called.
    :param share: of the points that it puts onto the area.
    """

    crs: str
    name: str
    share: float


def coordinates(part: pd.DataFrame, x_field: str, y_field: str, thousands: bool) -> tuple[FloatArray, FloatArray]:
    """Coordinates x and y of rows; NaN where one of them is missing.

    :param part: rows as text.
    :param x_field, y_field: their columns; where both are the same it holds both, latitude first but in a WKT of a point.
    :param thousands: whether a comma stands between thousands.
    """
    if x_field == y_field:
        texts = part[x_field]
        found = texts.str.extract(_PAIR).astype(np.float64)
        is_wkt = texts.str.contains(r"point", flags=re.IGNORECASE, regex=True)
        x, y = found[1].where(~is_wkt, found[0]), found[0].where(~is_wkt, found[1])
    else:
        x, y = (as_numbers(part[name], thousands=thousands) for name in (x_field, y_field))
    known = x.notna() & y.notna()
    return x.where(known).to_numpy(), y.where(known).to_numpy()


def are_degrees(x: FloatArray, y: FloatArray) -> bool:
    """Whether coordinates can be degrees: nearly all are, since a few may be mistyped.

    :param x, y: of points, in either order.
    """
    return bool(len(x)) and bool(((np.abs(x) <= 180) & (np.abs(y) <= 180)).mean() >= 0.95)


def share_on(x: FloatArray, y: FloatArray, crs: pyproj.CRS, area: Bounds) -> float:
    """The share of points that lie on an area; 0 where they cannot be there.

    :param x, y: of points.
    :param crs: theirs.
    :param area: in degrees.
    """
    try:
        longitude, latitude = transformer_between(crs, 4326).transform(x, y)
    except MMRiskError:
        return 0.0
    west, south, east, north = area
    return float(((longitude >= west) & (longitude <= east) & (latitude >= south) & (latitude <= north)).mean())


def candidates(x: FloatArray, y: FloatArray, area: Bounds | None, likely: str | None) -> list[Candidate]:
    """What the coordinates may be in, best first; without an area only degrees can be told.

    :param x, y: some of the points.
    :param area: where they should lie, in degrees.
    :param likely: a CRS to begin with, such as that of the project.
    """
    if len(x) == 0:
        return []
    if are_degrees(x, y):
        share = 0.0 if area is None else share_on(x, y, parse_crs(DEGREES), area)
        return [Candidate(DEGREES, "WGS 84", share)]
    if area is None:
        return []
    west, south, east, north = area
    used_there = query_crs_info(
        auth_name="EPSG",
        pj_types=PJType.PROJECTED_CRS,
        area_of_interest=AreaOfInterest(west, south, east, north),
        contains=True,
    )
    codes = list(
        dict.fromkeys(
            [*([likely] if likely else []), *sorted((f"EPSG:{info.code}" for info in used_there), key=_unusual)]
        )
    )
    found = []
    for code in codes:
        try:
            crs = parse_crs(code)
        except MMRiskError:
            continue
        if crs.is_projected and (share := share_on(x, y, crs, area)) > 0:
            found.append(Candidate(code, str(crs.name), share))
    # Sorting is stable: of those that do as well the usual one comes first.
    return sorted(found, key=lambda candidate: -round(candidate.share, 2))[:MOST_OFFERED]


def _unusual(code: str) -> int:
    """Least for what crash data mostly come in: ETRS89 and WGS 84 by zones of UTM, the British and French grids."""
    number = int(code.removeprefix("EPSG:"))
    usual = (range(25828, 25839), (27700, 2154), range(32601, 32661), range(32701, 32761), range(26901, 26924))
    return next((rank for rank, numbers in enumerate(usual) if number in numbers), len(usual))
