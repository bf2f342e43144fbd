"""The plan of the sample city: streets, and the blocks of land between them.

The plan is drawn by cutting a square in two again and again, long streets first, as towns divide their land.
Places are complex numbers, x + iy in metres, x to the east and y to the south of the city's north-west corner, so that
turning a direction is a multiplication. Blocks are convex and run so that their inside is on the left of ``1j * side``.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from mmrisk_core.sample_city.noise import SmoothField

MARGIN = 220.0  # metres planned beyond the extent, so that the warp never uncovers a corner
JUNCTION_SNAP = 32.0  # a street that would meet another this close (metres) to a junction joins the junction
NO_STREET = -1

HALF_WIDTH = {"arterial": 10.5, "collector": 6.0, "residential": 4.0}  # metres, centre line to kerb
MOTORWAY_HALF_WIDTH = 15.0
ARTERIAL_SPACING, COLLECTOR_SPACING = 1000.0, 430.0  # metres: longer cells are cut by such a street
BLOCK_AREA, FIELD_AREA = 19_000.0, 130_000.0  # square metres: smaller cells are not cut any more
CUT_ANGLE = {"arterial": 0.22, "collector": 0.07, "residential": 0.04}  # radians, standard deviation off the square cut


@dataclass
class Street:
    """One straight cut through the land, with the places where later streets join it."""

    road_class: str
    half_width: float
    start: complex
    end: complex
    junctions: list[complex] = field(default_factory=list)

    def stops(self) -> list[complex]:
        """Start, junctions and end in the order one drives past them."""
        ahead = self.end - self.start
        places = dict.fromkeys((self.start, *self.junctions, self.end))
        return sorted(places, key=lambda place: ((place - self.start) * ahead.conjugate()).real)


@dataclass(frozen=True)
class Cell:
    """A convex piece of land; side ``i`` runs from corner ``i`` to the next and is street ``sides[i]`` or NO_STREET."""

    corners: tuple[complex, ...]
    sides: tuple[int, ...]

    @property
    def centre(self) -> complex:
        return sum(self.corners) / len(self.corners)

    @property
    def area(self) -> float:
        """Square metres."""
        return 0.5 * sum((a.conjugate() * b).imag for a, b in self.edges())

    def edges(self) -> Iterator[tuple[complex, complex]]:
        return zip(self.corners, self.corners[1:] + self.corners[:1], strict=True)

    def axis(self) -> complex:
        """Unit direction of the longest side."""
        longest = max((b - a for a, b in self.edges()), key=abs)
        return longest / abs(longest)

    def reach(self, direction: complex) -> tuple[float, float]:
        """Least and greatest coordinate (metres) of the land along a unit ``direction``."""
        along = [(corner * direction.conjugate()).real for corner in self.corners]
        return min(along), max(along)

    def crossings(self, through: complex, direction: complex) -> list[tuple[int, complex]]:
        """The two sides that a line crosses, each with the place, kept clear of the corners."""
        heights = [((corner - through) * direction.conjugate()).imag for corner in self.corners]
        found = []
        for side, (a, b) in enumerate(self.edges()):
            low, high = heights[side], heights[(side + 1) % len(heights)]
            if (low > 0.0) != (high > 0.0):
                found.append((side, a + (b - a) * min(max(low / (low - high), 0.1), 0.9)))
        return found

    def split(self, one: tuple[int, complex], other: tuple[int, complex], street: int) -> tuple["Cell", "Cell"]:
        """The two cells left by a cut from side and place ``one`` to side and place ``other`` (a later side)."""
        (i, p), (j, q) = one, other
        near = Cell((p, *self.corners[i + 1 : j + 1], q), (*self.sides[i : j + 1], street))
        far = Cell(
            (q, *self.corners[j + 1 :], *self.corners[: i + 1], p), (*self.sides[j:], *self.sides[: i + 1], street)
        )
        return near, far


@dataclass(frozen=True)
class StreetPlan:
    """Every street of the city, the urban blocks between them, and the farm fields at the rim."""

    streets: list[Street]
    blocks: list[Cell]
    fields: list[Cell]


def plan_streets(side: float, rng: np.random.Generator) -> StreetPlan:
    """Lays out the streets of a square city of ``side`` metres, before the warp."""
    plan = StreetPlan([], [], [])
    rim = SmoothField(side, 900.0, rng)
    low, high = -MARGIN, side + MARGIN
    whole = Cell((complex(low, low), complex(high, low), complex(high, high), complex(low, high)), (NO_STREET,) * 4)
    motorway = np.exp(1j * rng.uniform(0.35, 0.65))
    pending = list(_cut(whole, plan.streets, complex(0.46, 0.53) * side, motorway, "arterial", MOTORWAY_HALF_WIDTH))
    while pending:
        cell = pending.pop()
        is_rural = _is_rural(cell, side, rim)
        if cell.area < (FIELD_AREA if is_rural else BLOCK_AREA * rng.uniform(0.8, 1.4)):
            (plan.fields if is_rural else plan.blocks).append(cell)
        else:
            pending.extend(_halve(cell, plan.streets, rng))
    return plan


def _is_rural(cell: Cell, side: float, rim: SmoothField) -> bool:
    centre = cell.centre
    to_edge = min(centre.real, centre.imag, side - centre.real, side - centre.imag)
    return to_edge < 0.045 * side * (1.0 + 0.8 * float(rim(np.array([centre]))[0]))


def _halve(cell: Cell, streets: list[Street], rng: np.random.Generator) -> tuple[Cell, Cell]:
    axis = cell.axis()
    low, high = cell.reach(axis)
    if high - low > ARTERIAL_SPACING:
        road_class = "arterial"
    elif high - low > COLLECTOR_SPACING:
        road_class = "collector"
    else:
        road_class = "residential"
    shift = low + (high - low) * rng.uniform(0.4, 0.6) - (cell.centre * axis.conjugate()).real
    direction = 1j * axis * np.exp(1j * rng.normal(0.0, CUT_ANGLE[road_class]))
    return _cut(cell, streets, cell.centre + shift * axis, direction, road_class, HALF_WIDTH[road_class])


def _cut(
    cell: Cell, streets: list[Street], through: complex, direction: complex, road_class: str, half_width: float
) -> tuple[Cell, Cell]:
    ends = [(side, _joined(cell, side, place, streets)) for side, place in cell.crossings(through, direction)]
    for side, place in ends:
        if cell.sides[side] != NO_STREET:
            streets[cell.sides[side]].junctions.append(place)
    streets.append(Street(road_class, half_width, ends[0][1], ends[1][1]))
    return cell.split(ends[0], ends[1], len(streets) - 1)


def _joined(cell: Cell, side: int, place: complex, streets: list[Street]) -> complex:
    """``place``, or a junction close to it on the same side, where one is: that makes crossroads."""
    if cell.sides[side] == NO_STREET or not streets[cell.sides[side]].junctions:
        return place
    nearest = min(streets[cell.sides[side]].junctions, key=lambda junction: abs(junction - place))
    a, b = cell.corners[side], cell.corners[(side + 1) % len(cell.corners)]
    clear_of_corners = min(abs(nearest - a), abs(nearest - b)) > JUNCTION_SNAP and abs(nearest - a) < abs(b - a)
    return nearest if abs(nearest - place) < JUNCTION_SNAP and clear_of_corners else place
