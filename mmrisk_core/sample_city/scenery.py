"""What the camera sees of the sample city besides its streets: ground, water, buildings, cars and trees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from typing import TypeVar

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from mmrisk_core.sample_city.noise import Points, SmoothField, Warp

Floats = NDArray[np.float64]
Colour = tuple[int, int, int]

OUTLINE_STEP = 20.0  # metres between the vertices of a bent outline
BANK = 13.0  # metres of green beside the water


T = TypeVar("T", bound="_Things")


@dataclass(frozen=True)
class _Things:
    """A column per property, a row per thing."""

    centre: Points

    def __len__(self) -> int:
        return len(self.centre)

    def __getitem__(self: T, rows: NDArray[np.bool_]) -> T:
        return replace(self, **{column.name: getattr(self, column.name)[rows] for column in fields(self)})

    @classmethod
    def joined(cls: type[T], parts: Sequence[T]) -> T:
        """One table of all the parts."""
        return cls(**{c.name: np.concatenate([getattr(part, c.name) for part in parts]) for c in fields(cls)})


@dataclass(frozen=True)
class Boxes(_Things):
    """Rectangles: ``angle`` (radians) points along ``half_length``; metres.

    A building throws a shadow according to its ``height``; ``pitch`` is how much the two faces of its roof differ in
    brightness (0 to 1).
    """

    half_length: Floats
    half_width: Floats
    angle: Floats
    colour: NDArray[np.float64]
    height: Floats
    pitch: Floats

    @classmethod
    def of(
        cls,
        centre: Points,
        size: tuple[ArrayLike, ArrayLike],
        direction: complex,
        colour: ArrayLike,
        height: ArrayLike = 0.0,
        pitch: float = 0.0,
    ) -> Boxes:
        """Boxes ``size`` (length, width) metres large; what is given once holds for all."""
        count = len(centre)
        return cls(
            centre=centre,
            half_length=np.broadcast_to(size[0], count) / 2.0,
            half_width=np.broadcast_to(size[1], count) / 2.0,
            angle=np.full(count, np.angle(direction)),
            colour=np.broadcast_to(np.asarray(colour, dtype=np.float64), (count, 3)),
            height=np.broadcast_to(np.asarray(height, dtype=np.float64), count),
            pitch=np.full(count, pitch),
        )


@dataclass(frozen=True)
class Trees(_Things):
    """Round crowns; metres."""

    radius: Floats
    colour: NDArray[np.float64]


@dataclass(frozen=True)
class Ground:
    """A piece of land of one look: RGB colour, roughness of its grain, and the direction of its furrows (0: none)."""

    corners: tuple[complex, ...]
    colour: Colour
    roughness: float
    furrows: complex = 0j
    is_car_park: bool = False


@dataclass(frozen=True)
class River:
    """A winding river from the north edge to the south edge; metres."""

    course: Points
    half_width: float

    @classmethod
    def across(cls, side: float, rng: np.random.Generator) -> River:
        """A river through the western part of a square city of ``side`` metres."""
        south: Floats = np.arange(-200.0, side + 200.0, OUTLINE_STEP)
        meander = SmoothField(side, 1300.0, rng)
        west: Floats = 0.2 * side + 0.2 * south + 150.0 * meander(np.asarray(0.5 * side + 1j * south))
        return cls(np.asarray(west + 1j * south), rng.uniform(24.0, 34.0))

    def area(self, beyond: float = 0.0) -> shapely.Geometry:
        """The water and ``beyond`` metres of land on each side."""
        return self.line().buffer(self.half_width + beyond)

    def line(self) -> shapely.LineString:
        """The course as a line."""
        return shapely.LineString(np.column_stack([self.course.real, self.course.imag]))


@dataclass
class Scenery:
    """Everything that is painted, bottom to top: land, flat things on it, then cars, buildings and trees."""

    land: list[Ground] = field(default_factory=list)
    flats: list[Boxes] = field(default_factory=list)
    cars: list[Boxes] = field(default_factory=list)
    buildings: list[Boxes] = field(default_factory=list)
    trees: list[Trees] = field(default_factory=list)


@dataclass(frozen=True)
class PlacedScenery:
    """The scenery where it finally lies: bent with the streets and kept out of the river."""

    land: list[Ground]
    outlines: NDArray[np.object_]
    flats: Boxes
    cars: Boxes
    buildings: Boxes
    trees: Trees
    river: River


def place(scenery: Scenery, warp: Warp, river: River) -> PlacedScenery:
    """Bends the scenery with the streets and clears the river and its banks."""
    wet = river.area(BANK)
    shapely.prepare(wet)
    trees = Trees.joined(scenery.trees)
    trees = replace(trees, centre=warp(trees.centre))
    return PlacedScenery(
        land=scenery.land,
        outlines=_bent_outlines(scenery.land, warp),
        flats=_dry(_bent(Boxes.joined(scenery.flats), warp), wet),
        cars=_dry(_bent(Boxes.joined(scenery.cars), warp), wet),
        buildings=_dry(_bent(Boxes.joined(scenery.buildings), warp), wet),
        trees=_dry(trees, river.area(4.0)),
        river=river,
    )


def _bent(boxes: Boxes, warp: Warp) -> Boxes:
    return replace(boxes, centre=warp(boxes.centre), angle=warp.turn(boxes.centre, boxes.angle))


def _dry(things: T, wet: shapely.Geometry) -> T:
    return things[~shapely.contains_xy(wet, things.centre.real, things.centre.imag)]


def _bent_outlines(land: list[Ground], warp: Warp) -> NDArray[np.object_]:
    rings = [np.array([*ground.corners, ground.corners[0]]) for ground in land]
    owner = np.repeat(np.arange(len(rings)), [len(ring) for ring in rings])
    corners = np.concatenate(rings)
    straight = shapely.linearrings(corners.real, corners.imag, indices=owner)
    vertices, owner = shapely.get_coordinates(shapely.segmentize(straight, OUTLINE_STEP), return_index=True)
    bent = warp(vertices[:, 0] + 1j * vertices[:, 1])
    outlines: NDArray[np.object_] = shapely.polygons(shapely.linearrings(bent.real, bent.imag, indices=owner))
    return outlines
