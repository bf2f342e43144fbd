"""Tiles along lines, such as roads."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from mmrisk_core.arrays import FloatArray, IntArray
from mmrisk_core.geo.frames import title_of
from mmrisk_core.tiles.followed_layer import Geometries
from mmrisk_core.tiles.grid import MAX_TILES, ROUND_OFF, TooManyTiles
from mmrisk_core.wording import counted


def middles_along_lines(
    lines: gpd.GeoDataFrame, spacing: float, unit: float, most: int = MAX_TILES
) -> gpd.GeoDataFrame:
    """Points on the lines, ``spacing`` apart along each, as the middles of tiles.

    A line of length L gets ceil(L / spacing) of them, the fewest that leave no part of it farther than half a spacing from
    one; what L is longer than the way from the first to the last is shared equally between both ends. A line shorter than
    the spacing gets one, at its middle. Parts of a multi-part line are measured one after another.

    :param lines: ``source_id`` and lines of some length, in a metric CRS.
    :param spacing: way along the line between two points, in units of the CRS.
    :param unit: metres in a unit of the CRS.
    :return: ``source_id``, ``position`` (metres along the line from its start) and points, in the order of the lines.
    :raises MMRiskError: for more tiles than ``most``.
    """
    geometry = np.asarray(lines.geometry.array)
    length = shapely.length(geometry)
    # A line of exactly n spacings must not get n + 1 tiles by the last bit of a division.
    count = np.maximum(1.0, np.ceil(length / spacing * (1 - ROUND_OFF)))
    if count.sum() > most:
        raise TooManyTiles(f"The lines of '{title_of(lines)}' would carry {counted(count.sum(), 'tile')}", most)
    line = np.repeat(np.arange(len(lines)), count.astype(np.int64))
    rank = np.arange(line.size) - np.searchsorted(line, line)
    position = (length[line] - (count[line] - 1) * spacing) / 2 + rank * spacing
    return gpd.GeoDataFrame(
        {"source_id": lines["source_id"].to_numpy()[line], "position": position * unit},
        geometry=_points_at(geometry, line, position),
        crs=lines.crs,
    )


def _points_at(lines: Geometries, line: IntArray, position: FloatArray) -> Geometries:
    """The point of each ``line`` at ``position``, a way from its start in units of the CRS.

    One search over all segments of all lines: GEOS would walk each line from its start for each of its points, which takes
    minutes on a line of some 100,000 vertices.
    """
    start, step, owner = _segments(lines)
    length = np.hypot(step[:, 0], step[:, 1])
    first = np.searchsorted(owner, np.arange(len(lines)), side="left")[line]
    last = np.searchsorted(owner, np.arange(len(lines)), side="right")[line] - 1
    # Measured along all lines, one after another, ways ascend.
    before = np.cumsum(length) - length
    segment = np.searchsorted(before, before[first] + position, side="right") - 1
    segment = np.clip(segment, first, last)
    share = (position - (before[segment] - before[first])) / length[segment]
    return np.asarray(shapely.points(start[segment] + np.clip(share, 0, 1)[:, None] * step[segment]))


def _segments(lines: Geometries) -> tuple[FloatArray, FloatArray, IntArray]:
    """Start, step to the end (n, 2) and index of the line of all segments that have a length, in order."""
    parts, line = shapely.get_parts(lines, return_index=True)
    # A collection may hold multi-part lines.
    parts, outer = shapely.get_parts(parts, return_index=True)
    coordinates, part = shapely.get_coordinates(parts, return_index=True)
    start, step = coordinates[:-1], np.diff(coordinates, axis=0)
    segment = (part[1:] == part[:-1]) & step.any(axis=1)
    return start[segment], step[segment], line[outer[part[:-1][segment]]]
