"""The roads of the sample city as a map shows them: centre lines split at every junction."""

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray

from mmrisk_core.sample_city.canvas import Shapes
from mmrisk_core.sample_city.furnishing import CAR_PAINT
from mmrisk_core.sample_city.noise import Points, Warp
from mmrisk_core.sample_city.scenery import Boxes, Floats, River
from mmrisk_core.sample_city.street_plan import StreetPlan

VERTEX_STEP = 20.0  # metres between the vertices of a winding road
CAR_SPACING = 130.0  # metres of road for a moving car


@dataclass(frozen=True)
class Roads:
    """A row per road, from junction to junction: the line (metres east and south), its street, class and half width."""

    lines: NDArray[np.object_]
    street: NDArray[np.intp]
    road_class: NDArray[np.str_]
    half_width: Floats

    def __len__(self) -> int:
        return len(self.lines)


def build_roads(plan: StreetPlan, warp: Warp, river: River, side: float) -> Roads:
    """Bends the streets, splits them at junctions, ends residential ones at the river and keeps what is in the extent."""
    ways = [(street, *way) for street, s in enumerate(plan.streets) for way in pairwise(s.stops())]
    street_of = np.array([street for street, _, _ in ways])
    lines = _winding_lines([(start, end) for _, start, end in ways], warp)
    minor = np.array([plan.streets[street].road_class == "residential" for street in street_of])
    lines[minor] = shapely.difference(lines[minor], river.area(8.0))
    parts, owner = shapely.get_parts(shapely.clip_by_rect(lines, 0.0, 0.0, side, side), return_index=True)
    whole = shapely.length(parts) > 1.0
    parts, street_of = parts[whole], street_of[owner[whole]]
    return Roads(
        lines=parts,
        street=street_of,
        road_class=np.array([plan.streets[street].road_class for street in street_of]),
        half_width=np.array([plan.streets[street].half_width for street in street_of]),
    )


def _winding_lines(ways: list[tuple[complex, complex]], warp: Warp) -> NDArray[np.object_]:
    paths: list[Points] = [
        np.linspace(start, end, 2 + int(abs(end - start) / VERTEX_STEP), dtype=np.complex128) for start, end in ways
    ]
    owner = np.repeat(np.arange(len(paths)), [len(path) for path in paths])
    vertices = warp(np.concatenate(paths))
    lines: NDArray[np.object_] = shapely.linestrings(vertices.real, vertices.imag, indices=owner)
    return lines


@dataclass(frozen=True)
class Stretches:
    """The straight pieces of winding lines, a row each: the line they are of, centre (metres), direction (radians), half
    length and half width; ``station`` is metres from the line's start to the centre and ``whole`` the line's length.
    """

    line: NDArray[np.intp]
    centre: Points
    angle: Floats
    half_length: Floats
    half_width: Floats
    station: Floats
    whole: Floats

    def shapes(self, reach: Floats) -> Shapes:
        """The pieces as shapes to paint."""
        return Shapes(self.centre.real, self.centre.imag, self.angle, reach)


def stretches(lines: NDArray[np.object_], half_width: Floats) -> Stretches:
    """Takes lines apart into straight pieces; ``half_width`` (metres) is per line."""
    vertices, line = shapely.get_coordinates(lines, return_index=True)
    places = vertices[:, 0] + 1j * vertices[:, 1]
    is_piece = line[1:] == line[:-1]
    ahead, line = np.diff(places)[is_piece], line[:-1][is_piece]
    length = np.abs(ahead)
    passed = np.cumsum(length) - length
    first = np.searchsorted(line, np.arange(len(lines)))
    return Stretches(
        line=line,
        centre=places[:-1][is_piece] + ahead / 2.0,
        angle=np.angle(ahead),
        half_length=length / 2.0,
        half_width=half_width[line],
        station=passed - passed[first][line] + length / 2.0,
        whole=shapely.length(lines)[line],
    )


def traffic(roads: Roads, rng: np.random.Generator) -> Boxes:
    """Cars on the roads, equally many on every metre whatever the traffic volume: that cannot be read from the picture."""
    pieces = stretches(roads.lines, roads.half_width)
    piece = np.repeat(np.arange(len(pieces.line)), rng.poisson(2.0 * pieces.half_length / CAR_SPACING))
    along = rng.uniform(-1.0, 1.0, len(piece)) * pieces.half_length[piece]
    lane = rng.choice([-0.5, 0.5], len(piece)) * pieces.half_width[piece]
    places = pieces.centre[piece] + np.exp(1j * pieces.angle[piece]) * (along + 1j * lane)
    cars = Boxes.of(places, (4.6, 2.1), 1.0, CAR_PAINT[rng.integers(len(CAR_PAINT), size=len(piece))])
    return replace(cars, angle=pieces.angle[piece])
