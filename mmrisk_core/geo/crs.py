"""Metres, whatever the coordinate reference system."""

from __future__ import annotations

from functools import cache

import pyproj
from pyproj.database import CRSInfo, query_utm_crs_info

from mmrisk_core.errors import InputError

Bounds = tuple[float, float, float, float]


def parse_crs(text: str | int | pyproj.CRS) -> pyproj.CRS:
    """A CRS from an authority code, WKT or PROJ text.

    :raises MMRiskError: when it is not one.
    """
    try:
        return pyproj.CRS.from_user_input(text)
    except pyproj.exceptions.CRSError as error:
        raise InputError(
            f"'{str(text)[:80]}' is not a coordinate reference system. Give a code such as EPSG:26986."
        ) from error


def transformer_between(source: pyproj.CRS | int, target: pyproj.CRS | int) -> pyproj.Transformer:
    """What turns coordinates in ``source``, x before y, into such in ``target``.

    :raises MMRiskError: when there is no way from one to the other, as from Mars to Earth.
    """
    try:
        return pyproj.Transformer.from_crs(source, target, always_xy=True)
    except pyproj.exceptions.ProjError as error:
        raise InputError(no_way_between(pyproj.CRS(source), pyproj.CRS(target))) from error


def no_way_between(source: pyproj.CRS, target: pyproj.CRS) -> str:
    """What to say where coordinates in ``source`` cannot be turned into such in ``target``."""
    shown = [
        f"{crs.name if crs.name != 'unknown' else crs.to_string()[:80]}"
        + (f" (radius {crs.ellipsoid.semi_major_metre / 1000:.0f} km)" if crs.ellipsoid is not None else "")
        for crs in (source, target)
    ]
    return (
        f"There is no way from the coordinate reference system {shown[0]} to {shown[1]}, as between two planets. Check the "
        "CRS of the layers and rasters."
    )


def metres_per_unit(crs: pyproj.CRS) -> float | None:
    """Metres on the ground in one unit of ``crs`` (0.3048006 for US survey feet).

    None where a unit is no fixed length: degrees, and cylinders around the equator such as Web Mercator, whose unit
    shrinks towards the poles.
    """
    if not crs.is_projected:
        return None
    operation = _horizontal(crs).coordinate_operation
    method = operation.method_name.lower() if operation is not None else ""
    around_equator = not any(word in method for word in ("transverse", "oblique"))
    if around_equator and ("mercator" in method or "cylindrical" in method):
        return None
    return float(crs.axis_info[0].unit_conversion_factor)


def metric_unit(crs: pyproj.CRS) -> float:
    """``metres_per_unit`` of a CRS that has it, such as those of ``metric_crs``.

    :raises MMRiskError: when a unit of ``crs`` is no fixed length.
    """
    unit = metres_per_unit(crs)
    if unit is None:
        raise InputError(f"The units of {crs.name} are no lengths on the ground. Choose a projected CRS such as UTM.")
    return unit


def _horizontal(crs: pyproj.CRS) -> pyproj.CRS:
    """The projected part of a CRS that is compound, or bound to a datum shift."""
    if crs.is_compound:
        return _horizontal(crs.sub_crs_list[0])
    return crs.source_crs if crs.is_bound and crs.source_crs is not None else crs


def metric_crs(crs: pyproj.CRS, bounds: Bounds) -> pyproj.CRS:
    """``crs`` itself where its unit is a length on the ground, else the UTM zone at the middle of ``bounds``.

    :param bounds: in ``crs``.
    :raises MMRiskError: when ``bounds`` lie outside the world.
    """
    if metres_per_unit(crs) is not None:
        return crs
    to_degrees = transformer_between(crs, 4326)
    lon, lat = to_degrees.transform((bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2)
    for zone in _utm_zones():
        area = zone.area_of_use
        if area is not None and area.west <= lon <= area.east and area.south <= lat <= area.north:
            return pyproj.CRS.from_authority(zone.auth_name, zone.code)
    raise InputError(f"No metric coordinate system covers longitude {lon:g}, latitude {lat:g}. Check the CRS.")


@cache
def _utm_zones() -> tuple[CRSInfo, ...]:
    """The UTM zones of WGS 84; kept, as PROJ searches its database for a quarter of a second."""
    return tuple(query_utm_crs_info(datum_name="WGS 84"))


def transform_bounds(bounds: Bounds, source: pyproj.CRS, target: pyproj.CRS) -> Bounds:
    """The box in ``target`` around the box ``bounds`` in ``source``, edges included.

    :raises MMRiskError: when part of it lies where ``target`` is not defined.
    """
    if source.equals(target):
        return bounds
    moved = transformer_between(source, target).transform_bounds(*bounds, densify_pts=21)
    if not all(abs(value) < 1e20 for value in moved):
        raise InputError(f"The extent {bounds} lies outside the area where {target.name} is defined.")
    return moved
