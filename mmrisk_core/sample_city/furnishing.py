"""What stands on the land of the sample city: houses, halls, parks, fields, car parks."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmrisk_core.sample_city.noise import Points
from mmrisk_core.sample_city.scenery import Boxes, Colour, Floats, Ground, Scenery, Trees
from mmrisk_core.sample_city.street_plan import NO_STREET, Cell, Street, StreetPlan

SIDEWALK = 3.0  # metres from the kerb to private land
CAR_PARK_CHANCE, FARM_CAR_PARK_CHANCE = 0.36, 0.6
CAR_PARK_SHARE = (0.4, 1.05)  # of the block
BAY_PITCH, BAY_MODULE = 3.5, 16.5  # metres along a row of bays; across two rows and the aisle between them

TILE_ROOFS = np.array([(146, 84, 66), (162, 102, 78), (128, 78, 66), (112, 94, 86), (94, 92, 94), (136, 126, 116)])
FLAT_ROOFS = np.array(
    [(196, 194, 188), (172, 172, 170), (150, 148, 146), (208, 204, 194), (128, 134, 140), (160, 144, 128)]
)
CAR_PAINT = np.array(
    [
        (236, 236, 236),
        (204, 206, 210),
        (36, 38, 42),
        (96, 98, 104),
        (176, 34, 34),
        (36, 66, 150),
        (226, 226, 222),
        (206, 160, 44),
    ]
)
CROWNS = np.array([(44, 74, 36), (56, 86, 42), (66, 94, 50), (50, 80, 46), (78, 100, 50)])
CROPS: tuple[Colour, ...] = (
    (150, 152, 84),
    (118, 140, 72),
    (172, 158, 106),
    (134, 112, 84),
    (96, 124, 62),
    (186, 172, 112),
)
ASPHALT: tuple[Colour, ...] = ((104, 104, 106), (116, 115, 114), (92, 93, 96), (124, 122, 118))
LAWN: Colour = (104, 122, 74)
MEADOW: Colour = (112, 132, 76)
WOOD_FLOOR: Colour = (62, 84, 46)
YARD: Colour = (150, 146, 138)
DRIVE, WHITE, POOL, PITCH, SAND = (158, 154, 146), (206, 206, 202), (92, 170, 190), (92, 138, 70), (190, 176, 142)


@dataclass(frozen=True)
class Land:
    """A cell within its kerbs: the private land of a block."""

    cell: Cell
    insets: Floats

    @classmethod
    def within(cls, cell: Cell, streets: list[Street]) -> "Land":
        """The cell less half of the streets around it and their sidewalks."""
        insets = [0.0 if side == NO_STREET else streets[side].half_width + SIDEWALK for side in cell.sides]
        return cls(cell, np.array(insets))

    def depths(self, places: Points) -> Floats:
        """Metres that each place (rows) lies inside each side's (columns) boundary; negative outside."""
        starts = np.array(self.cell.corners)
        along = np.roll(starts, -1) - starts
        across: Floats = ((places[:, None] - starts) * (along / np.abs(along)).conj()).imag
        return across - self.insets

    def size(self) -> tuple[float, float]:
        """Metres along the longest side, and across."""
        (left, right), (top, bottom) = self.cell.reach(self.cell.axis()), self.cell.reach(1j * self.cell.axis())
        return right - left, bottom - top

    def holds(self, places: Points, margin: float) -> NDArray[np.bool_]:
        """Which places lie at least ``margin`` metres inside."""
        return np.asarray(self.depths(places).min(axis=1) > margin)

    def scatter(self, per_square_metre: float, margin: float, rng: np.random.Generator) -> Points:
        """Random places, so many to the square metre, at least ``margin`` metres inside."""
        (left, right), (top, bottom) = self.cell.reach(1.0), self.cell.reach(1j)
        count = rng.poisson((right - left) * (bottom - top) * per_square_metre)
        places = rng.uniform(left, right, count) + 1j * rng.uniform(top, bottom, count)
        return places[self.holds(places, margin)]

    def lattice(self, along: Floats, across: Floats, margin: float) -> Points:
        """The places of a lattice, in metres from the corner of the land's bounding box on its axis, that are inside."""
        axis = self.cell.axis()
        corner = (self.cell.reach(axis)[0] + 1j * self.cell.reach(1j * axis)[0]) * axis
        places = (corner + axis * (along[:, None] + 1j * across)).ravel()
        return places[self.holds(places, margin)]

    def fitting(self, length: float, width: float, centre: complex, margin: float) -> float:
        """The scale (at most 1) at which a box on the land's axis at ``centre`` fits; 0 where nothing does."""
        axis = self.cell.axis()
        room = self.depths(np.array([centre]))[0] - margin
        normals = np.array([1j * (end - start) / abs(end - start) for start, end in self.cell.edges()])
        turned = normals * np.conj(axis)
        need = np.abs(turned.real) * length / 2.0 + np.abs(turned.imag) * width / 2.0
        return float(np.clip((room / need).min(), 0.0, 1.0))


def furnish(plan: StreetPlan, rng: np.random.Generator) -> Scenery:
    """Gives every block and field of the plan its use, and puts there what belongs to it."""
    scenery = Scenery()
    for cell in plan.blocks:
        rest = _with_car_park(cell, plan.streets, CAR_PARK_CHANCE, CAR_PARK_SHARE, scenery, rng)
        use = _USES[rng.choice(len(_USES), p=_USE_SHARES)]
        use(Land.within(rest, plan.streets), scenery, rng)
    for cell in plan.fields:
        rest = _with_car_park(cell, plan.streets, FARM_CAR_PARK_CHANCE, (0.1, 0.3), scenery, rng)
        _farm(Land.within(rest, plan.streets), scenery, rng)
    return scenery


def _with_car_park(
    cell: Cell,
    streets: list[Street],
    chance: float,
    share: tuple[float, float],
    scenery: Scenery,
    rng: np.random.Generator,
) -> Cell:
    """Turns a part of some cells into a car park; the cell that is left."""
    if rng.random() > chance:
        return cell
    axis = cell.axis()
    low, high = cell.reach(axis)
    cut_at = low + (high - low) * rng.uniform(*share) * 0.9
    shift = cut_at - (cell.centre * axis.conjugate()).real
    one, other = cell.crossings(cell.centre + shift * axis, 1j * axis)
    near, far = cell.split(one, other, NO_STREET)
    lot, rest = sorted((near, far), key=lambda part: (part.centre * axis.conjugate()).real)
    _car_park(Land.within(lot, streets), scenery, rng)
    return rest


def _car_park(land: Land, scenery: Scenery, rng: np.random.Generator) -> None:
    scenery.land.append(Ground(land.cell.corners, ASPHALT[rng.integers(len(ASPHALT))], 3.0, is_car_park=True))
    axis = land.cell.axis()
    length, width = land.size()
    modules = np.arange(0.0, width, BAY_MODULE)
    rows = np.concatenate([modules + 2.7, modules + BAY_MODULE - 2.7])
    bays = land.lattice(np.arange(0.0, length, BAY_PITCH), rows, 4.5)
    scenery.flats.append(Boxes.of(bays + axis * BAY_PITCH / 2.0, (5.2, 1.0), 1j * axis, (172, 172, 168)))
    taken = bays[rng.random(len(bays)) < rng.uniform(0.7, 0.95)]
    taken = taken + rng.normal(0.0, 0.12, len(taken)) * 1j * axis
    paint = CAR_PAINT[rng.integers(len(CAR_PAINT), size=len(taken))]
    scenery.cars.append(Boxes.of(taken, (rng.uniform(4.3, 5.2, len(taken)), 2.3), 1j * axis, paint))
    _row_of_trees(land, 13.0, 1.5, scenery, rng)


def _houses(land: Land, scenery: Scenery, rng: np.random.Generator) -> None:
    scenery.land.append(Ground(land.cell.corners, _varied(LAWN, 8.0, rng), 9.0))
    frontage, setback = rng.uniform(15.0, 20.0), rng.uniform(5.0, 9.0)
    for side, (start, end) in enumerate(land.cell.edges()):
        direction = (end - start) / abs(end - start)
        lots = start + direction * np.arange(frontage, abs(end - start) - frontage / 2.0, frontage)
        depth = rng.uniform(9.0, 12.0)
        homes = lots + 1j * direction * (land.insets[side] + setback + depth / 2.0)
        others = np.delete(land.depths(homes), side, axis=1)
        earlier = np.arange(others.shape[1]) < side
        homes = homes[(others > np.where(earlier, depth + setback + 7.0, depth / 2.0 + 3.0)).all(axis=1)]
        _row_of_homes(homes, direction, (frontage, depth, setback), scenery, rng)
    _plant(land.scatter(0.0046, 3.0, rng), (1.6, 4.4), scenery, rng)


def _row_of_homes(
    homes: Points, direction: complex, lot: tuple[float, float, float], scenery: Scenery, rng: np.random.Generator
) -> None:
    frontage, depth, setback = lot
    count = len(homes)
    inward = 1j * direction
    gardens = np.array(LAWN) + rng.normal(0.0, 9.0, (count, 1)) + rng.normal(0.0, 4.0, (count, 3))
    scenery.flats.append(
        Boxes.of(homes + inward * 6.0, (frontage - 1.2, depth + 2.0 * setback + 10.0), direction, gardens)
    )
    drives = homes - inward * (setback + depth) / 2.0 + direction * rng.choice([-5.0, 5.0], count)
    scenery.flats.append(Boxes.of(drives, (setback + depth, 3.2), inward, DRIVE))
    pools = homes[rng.random(count) < 0.07] + inward * (depth / 2.0 + 7.0)
    scenery.flats.append(Boxes.of(pools, (8.0, 4.2), direction, POOL))
    length = np.minimum(rng.uniform(9.5, 14.5, count), frontage - 2.5)
    roofs = TILE_ROOFS[rng.integers(len(TILE_ROOFS), size=count)] + rng.normal(0.0, 7.0, (count, 1))
    scenery.buildings.append(
        Boxes.of(homes, (length, depth - rng.uniform(0.0, 2.0, count)), direction, roofs, 6.5, 0.3)
    )


def _apartments(land: Land, scenery: Scenery, rng: np.random.Generator) -> None:
    scenery.land.append(Ground(land.cell.corners, _varied(LAWN, 6.0, rng), 8.0))
    axis = land.cell.axis()
    length, width = land.size()
    slab = rng.uniform(32.0, 46.0)
    homes = land.lattice(np.arange(slab / 2.0 + 14.0, length, slab + 12.0), np.arange(20.0, width, 38.0), 7.0)
    homes = homes[land.holds(homes - axis * slab / 2.0, 3.0) & land.holds(homes + axis * slab / 2.0, 3.0)]
    scenery.flats.append(Boxes.of(homes + 10.0j * axis, (slab + 12.0, 2.6), axis, DRIVE))
    roof = FLAT_ROOFS[rng.integers(len(FLAT_ROOFS))]
    scenery.buildings.append(Boxes.of(homes, (slab, 12.5), axis, roof, rng.uniform(11.0, 19.0)))
    scenery.buildings.append(Boxes.of(homes + axis * slab / 4.0, (5.0, 4.0), axis, roof * 0.82, 3.0))
    _plant(land.scatter(0.0028, 3.0, rng), (2.2, 4.8), scenery, rng)


def _halls(land: Land, scenery: Scenery, rng: np.random.Generator) -> None:
    scenery.land.append(Ground(land.cell.corners, _varied(YARD, 6.0, rng), 4.0))
    axis = land.cell.axis()
    length, width = land.size()
    size = rng.uniform((20.0, 15.0), (44.0, 25.0))
    rows = np.arange(size[1] / 2.0 + 11.0, width, size[1] + 11.0)
    halls = land.lattice(np.arange(size[0] / 2.0 + 11.0, length, size[0] + 9.0), rows, 4.0)
    for corner in (1 + 1j, 1 - 1j, -1 + 1j, -1 - 1j):
        halls = halls[land.holds(halls + axis * (corner.real * size[0] + 1j * corner.imag * size[1]) / 2.0, 3.0)]
    roofs = FLAT_ROOFS[rng.integers(len(FLAT_ROOFS), size=len(halls))] + rng.normal(0.0, 6.0, (len(halls), 1))
    scenery.buildings.append(
        Boxes.of(halls, (size[0], size[1]), axis, roofs * 0.86, rng.uniform(7.0, 12.0, len(halls)))
    )
    scenery.buildings.append(Boxes.of(halls, (size[0] - 3.0, size[1] - 3.0), axis, roofs, 0.0, 0.05))
    vents = np.repeat(halls, 4)
    vents = vents + axis * (
        rng.uniform(-0.4, 0.4, len(vents)) * size[0] + 1j * rng.uniform(-0.4, 0.4, len(vents)) * size[1]
    )
    scenery.buildings.append(Boxes.of(vents, (3.8, 3.0), axis, (220, 221, 222), 1.5))
    _row_of_trees(land, 11.0, 2.0, scenery, rng)
    _plant(land.scatter(0.0012, 4.0, rng), (1.6, 3.4), scenery, rng)


def _park(land: Land, scenery: Scenery, rng: np.random.Generator) -> None:
    scenery.land.append(Ground(land.cell.corners, _varied(MEADOW, 6.0, rng), 10.0))
    if rng.random() < 0.5:
        _playing_field(land, scenery, rng)
    else:
        _paths(land, scenery)
        _plant(land.scatter(0.0045, 4.0, rng), (2.5, 5.5), scenery, rng)
    _row_of_trees(land, 9.0, 3.0, scenery, rng)


def _paths(land: Land, scenery: Scenery) -> None:
    centre = np.array([land.cell.centre])
    for turn in (0.5, -0.4):
        to_kerb = 2.0 * float(land.depths(centre).min())
        scenery.flats.append(Boxes.of(centre, (to_kerb * 1.1, 3.0), land.cell.axis() * np.exp(1j * turn), SAND))


def _playing_field(land: Land, scenery: Scenery, rng: np.random.Generator) -> None:
    axis = land.cell.axis()
    centre = np.array([land.cell.centre])
    scale = land.fitting(105.0, 68.0, land.cell.centre, 9.0)
    if scale > 0.45:
        length, width = 105.0 * scale, 68.0 * scale
        scenery.flats.append(Boxes.of(centre, (length, width), axis, WHITE))
        scenery.flats.append(Boxes.of(centre, (length - 3.4, width - 3.4), axis, _varied(PITCH, 6.0, rng)))
        scenery.flats.append(Boxes.of(centre, (1.8, width - 3.0), axis, WHITE))


def _wood(land: Land, scenery: Scenery, rng: np.random.Generator) -> None:
    scenery.land.append(Ground(land.cell.corners, WOOD_FLOOR, 12.0))
    _plant(land.scatter(0.022, 1.0, rng), (2.2, 5.2), scenery, rng)


def _farm(land: Land, scenery: Scenery, rng: np.random.Generator) -> None:
    if rng.random() < 0.18:
        _wood(land, scenery, rng)
        return
    furrows = land.cell.axis() * (1j if rng.random() < 0.3 else 1.0)
    scenery.land.append(Ground(land.cell.corners, _varied(CROPS[rng.integers(len(CROPS))], 6.0, rng), 6.0, furrows))
    _row_of_trees(land, 6.5, 1.0, scenery, rng)


def _row_of_trees(land: Land, spacing: float, inside: float, scenery: Scenery, rng: np.random.Generator) -> None:
    """Trees along the boundary of the land, some missing, ``inside`` metres within."""
    for side, (start, end) in enumerate(land.cell.edges()):
        direction = (end - start) / abs(end - start)
        row = (
            start
            + direction * np.arange(spacing, abs(end - start), spacing)
            + 1j * direction * (land.insets[side] + inside)
        )
        row = row[rng.random(len(row)) < 0.72]
        row = row + rng.normal(0.0, 0.6, len(row)) + 1j * rng.normal(0.0, 0.6, len(row))
        _plant(row[(land.depths(row) > min(inside, 1.0) - 2.0).all(axis=1)], (1.8, 3.6), scenery, rng)


def _plant(places: Points, radius: tuple[float, float], scenery: Scenery, rng: np.random.Generator) -> None:
    crowns = CROWNS[rng.integers(len(CROWNS), size=len(places))] + rng.normal(0.0, 5.0, (len(places), 1))
    scenery.trees.append(Trees(places, rng.uniform(*radius, len(places)), crowns))


def _varied(colour: Colour, spread: float, rng: np.random.Generator) -> Colour:
    shift = rng.normal(0.0, spread)
    tint = rng.normal(0.0, spread / 3.0, 3)
    red, green, blue = (int(np.clip(c + shift + t, 0, 255)) for c, t in zip(colour, tint, strict=True))
    return red, green, blue


_Use = Callable[[Land, Scenery, np.random.Generator], None]
_USES: tuple[_Use, ...] = (_houses, _apartments, _halls, _park, _wood)
_USE_SHARES = (0.56, 0.13, 0.16, 0.11, 0.04)
