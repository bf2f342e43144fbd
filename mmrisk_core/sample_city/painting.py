"""Paints the sample city as an aerial camera would see it, strip by strip, so that memory stays bounded."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from rasterio import features
from rasterio.transform import Affine

from mmrisk_core.sample_city.canvas import Canvas, Shapes
from mmrisk_core.sample_city.noise import grain
from mmrisk_core.sample_city.roads import Roads, Stretches, stretches, traffic
from mmrisk_core.sample_city.scenery import BANK, Boxes, PlacedScenery, Trees

STRIP_ROWS = 256
HALO = 1  # rows painted beyond a strip, which the lens blur needs
GRAIN_SIDE = 1024
TO_SHADOW = np.exp(-2.15j)  # shadows fall to the north-west; light comes from the opposite direction
SHADOW_LENGTH = 0.8  # metres of shadow for a metre of height
SHADE = 0.56  # what a shadow leaves of the light
SENSOR_NOISE = 1.8
FURROW_PERIOD, FURROW_CONTRAST = 8.0, 6.0  # metres; grey levels

SIDEWALK_WIDTH = 2.4  # metres
MARKED_FROM, ZEBRA_AT = 18.0, 15.0  # metres from a junction to the first lane marking and to the zebra crossing
GRASS, BANK_GREEN, WATER = (106, 126, 78), (92, 116, 70), (62, 88, 94)
SIDEWALK, ASPHALT, PAINT, MEDIAN = (164, 161, 153), (106, 106, 108), (208, 208, 204), (112, 126, 84)
GRASS_ROUGHNESS, WATER_ROUGHNESS, PAVED_ROUGHNESS, ROOF_ROUGHNESS, CROWN_ROUGHNESS = 8.0, 1.8, 2.6, 3.0, 12.0


@dataclass(frozen=True)
class Strip:
    """Rows of the finished picture from row ``top``: RGB (3, rows, columns), and which pixels are car park."""

    top: int
    picture: NDArray[np.uint8]
    is_car_park: NDArray[np.bool_]


class Painter:
    """Knows the whole city and paints any strip of it."""

    def __init__(
        self, scenery: PlacedScenery, roads: Roads, pixels: int, pixel_size: float, rng: np.random.Generator
    ) -> None:
        self._scenery, self._traffic = scenery, traffic(roads, rng)
        self._pixels, self._pixel_size = pixels, pixel_size
        self._land_bounds = shapely.bounds(scenery.outlines)
        self._roads = stretches(roads.lines, roads.half_width)
        self._road_tone = rng.normal(0.0, 6.0, len(roads))[self._roads.line]
        self._river = stretches(np.array([scenery.river.line()]), np.array([scenery.river.half_width]))
        self._grain = grain(GRAIN_SIDE, rng)
        self._sensor_seed = int(rng.integers(2**62))

    def strips(self) -> Iterator[Strip]:
        """The picture from top to bottom."""
        for top in range(0, self._pixels, STRIP_ROWS):
            yield self.strip(top, min(STRIP_ROWS, self._pixels - top))

    def strip(self, top: int, rows: int) -> Strip:
        """``rows`` rows of the picture from row ``top``."""
        canvas = Canvas.blank(top - HALO, rows + 2 * HALO, self._pixels, self._pixel_size)
        self._paint_land(canvas)
        _paint_boxes(canvas, self._scenery.flats, PAVED_ROUGHNESS)
        self._paint_river(canvas)
        self._paint_roads(canvas)
        is_car_park = canvas.is_car_park.reshape(-1, self._pixels)[HALO:-HALO]
        _paint_boxes(canvas, self._scenery.cars, 0.0)
        _paint_boxes(canvas, self._traffic, 0.0)
        _cast_shadows(canvas, self._scenery.buildings, self._scenery.trees)
        _paint_boxes(canvas, self._scenery.buildings, ROOF_ROUGHNESS)
        _paint_trees(canvas, self._scenery.trees)
        return Strip(top, self._exposed(canvas), is_car_park)

    def _paint_land(self, canvas: Canvas) -> None:
        start, stop = canvas.span(0.0)
        here = np.flatnonzero((self._land_bounds[:, 3] > start) & (self._land_bounds[:, 1] < stop))
        transform = Affine(canvas.pixel_size, 0.0, 0.0, 0.0, canvas.pixel_size, start)
        shapes = [(self._scenery.outlines[index], number) for number, index in enumerate(here, start=1)]
        number = features.rasterize(shapes, (canvas.rows, canvas.columns), transform=transform, dtype="int32").ravel()
        land = [self._scenery.land[index] for index in here]
        canvas.colour[:] = np.array([GRASS, *(ground.colour for ground in land)], np.float32)[number]
        canvas.roughness[:] = np.array([GRASS_ROUGHNESS, *(ground.roughness for ground in land)], np.float32)[number]
        canvas.is_car_park[:] = np.array([False, *(ground.is_car_park for ground in land)])[number]
        _plough(canvas, number, np.array([0j, *(ground.furrows for ground in land)]))

    def _paint_river(self, canvas: Canvas) -> None:
        for widening, colour, roughness in ((BANK, BANK_GREEN, GRASS_ROUGHNESS), (0.0, WATER, WATER_ROUGHNESS)):
            reach = self._river.half_length + self._river.half_width + widening
            for contact in canvas.under(self._river.shapes(reach)):
                beside = np.maximum(np.abs(contact.along) - contact.column(self._river.half_length), 0.0)
                distance = np.hypot(beside, contact.across) - contact.column(self._river.half_width)
                canvas.paint(contact.pick(distance < widening)[0], colour, roughness)

    def _paint_roads(self, canvas: Canvas) -> None:
        under = _pixels_of_roads(canvas, self._roads)
        canvas.paint(under.pixel, SIDEWALK, PAVED_ROUGHNESS)
        paved = under.kerb < 0.0
        tone = self._road_tone[under.piece[paved], None].astype(np.float32)
        canvas.paint(under.pixel[paved], np.array(ASPHALT, np.float32) + tone, PAVED_ROUGHNESS)
        canvas.colour[under.pixel[_is_median(under)]] = MEDIAN
        canvas.colour[under.pixel[_is_marked(under)]] = PAINT

    def _exposed(self, canvas: Canvas) -> NDArray[np.uint8]:
        """The light that falls on the canvas, after grain of the ground, lens and sensor, as RGB (3, rows, columns)."""
        rows = np.arange(canvas.top, canvas.top + canvas.rows) % GRAIN_SIDE
        repeats = -(-canvas.columns // GRAIN_SIDE)
        texture = np.tile(self._grain[rows], (1, repeats))[:, : canvas.columns]
        light = canvas.colour.reshape(canvas.rows, canvas.columns, 3).transpose(2, 0, 1)
        light = light + texture * canvas.roughness.reshape(canvas.rows, canvas.columns)
        light = _blurred(light)
        rng = np.random.default_rng((self._sensor_seed, canvas.top + HALO))
        light += SENSOR_NOISE * rng.standard_normal(light.shape[1:], dtype=np.float32)
        picture: NDArray[np.uint8] = np.clip(light, 0.0, 255.0).astype(np.uint8)
        return picture


@dataclass(frozen=True)
class _RoadPixels:
    """Pixels (a flat index) on or beside roads: the piece of road, metres beyond its kerb (negative on the asphalt), metres
    off the centre line, along the road, and to the nearer end of the road.
    """

    pixel: NDArray[np.intp]
    piece: NDArray[np.intp]
    kerb: NDArray[np.float32]
    offset: NDArray[np.float32]
    station: NDArray[np.float32]
    to_end: NDArray[np.float32]
    half_width: NDArray[np.float32]


def _pixels_of_roads(canvas: Canvas, roads: Stretches) -> _RoadPixels:
    parts = []
    for contact in canvas.under(roads.shapes(roads.half_length + roads.half_width + SIDEWALK_WIDTH)):
        beside = np.maximum(np.abs(contact.along) - contact.column(roads.half_length), 0.0)
        kerb = np.hypot(beside, contact.across) - contact.column(roads.half_width)
        picked = (kerb < SIDEWALK_WIDTH) & contact.on_canvas
        pixel, piece = contact.pick(kerb < SIDEWALK_WIDTH)
        parts.append((pixel, piece, kerb[picked], contact.across[picked], contact.along[picked]))
    pixel, piece, kerb, offset, along = (np.concatenate(values) for values in zip(*parts, strict=True))
    station = roads.station[piece].astype(np.float32) + along
    to_end = np.minimum(station, roads.whole[piece].astype(np.float32) - station)
    return _RoadPixels(pixel, piece, kerb, offset, station, to_end, roads.half_width[piece].astype(np.float32))


def _is_median(road: _RoadPixels) -> NDArray[np.bool_]:
    is_median: NDArray[np.bool_] = (road.half_width > 10.0) & (np.abs(road.offset) < 1.7) & (road.to_end > MARKED_FROM)
    return is_median


def _is_marked(road: _RoadPixels) -> NDArray[np.bool_]:
    """Lane lines of arterials, centre lines of collectors and zebra crossings of both."""
    aside = np.abs(road.offset)
    is_open = road.to_end > MARKED_FROM
    is_wide, is_middling = road.half_width > 10.0, (road.half_width > 5.0) & (road.half_width <= 10.0)
    edge_line = is_wide & (np.abs(aside - road.half_width + 1.3) < 0.5)
    lane_line = is_wide & (np.abs(aside - road.half_width / 2.0) < 0.6) & (road.station % 12.0 < 5.0)
    centre_line = is_middling & (aside < 0.7) & (road.station % 9.0 < 5.0)
    is_crossing = (is_wide | is_middling) & (np.abs(road.to_end - ZEBRA_AT) < 1.6) & (road.offset % 3.0 < 1.5)
    marked: NDArray[np.bool_] = (is_open & (edge_line | lane_line | centre_line)) | (is_crossing & (road.kerb < -0.5))
    return marked


def _plough(canvas: Canvas, number: NDArray[np.int32], furrows: NDArray[np.complex128]) -> None:
    """Draws the furrows of fields; ``number`` is the piece of land under each pixel, ``furrows`` the direction of each."""
    ploughed = np.flatnonzero((furrows != 0)[number])
    across = (1j * furrows)[number[ploughed]]
    row, column = np.divmod(ploughed, canvas.columns)
    metres = (column * across.real + (row + canvas.top) * across.imag) * canvas.pixel_size
    wave = FURROW_CONTRAST * np.sin(2.0 * np.pi / FURROW_PERIOD * metres)
    canvas.colour[ploughed] += wave[:, None].astype(np.float32)


def _box_shapes(boxes: Boxes, offset: NDArray[np.complex128] | complex = 0j) -> Shapes:
    centre = boxes.centre + offset
    return Shapes(centre.real, centre.imag, boxes.angle, np.hypot(boxes.half_length, boxes.half_width))


def _paint_boxes(canvas: Canvas, boxes: Boxes, roughness: float) -> None:
    """Paints boxes in their order within a size; the faces of a pitched roof are lit according to where they look."""
    for contact in canvas.under(_box_shapes(boxes)):
        inside = np.abs(contact.along) <= contact.column(boxes.half_length)
        inside &= np.abs(contact.across) <= contact.column(boxes.half_width)
        pixel, box = contact.pick(inside)
        face = np.sign(contact.across[inside & contact.on_canvas])
        facing_sun = np.cos(boxes.angle[box] + np.pi / 2.0 - np.angle(-TO_SHADOW))
        light = 1.0 + boxes.pitch[box] * face * facing_sun
        canvas.colour[pixel] = boxes.colour[box] * light[:, None]
        canvas.roughness[pixel] = roughness


def _cast_shadows(canvas: Canvas, buildings: Boxes, trees: Trees) -> None:
    shaded = np.zeros(len(canvas.roughness), np.bool_)
    for part in (0.4, 0.7, 1.0):
        for contact in canvas.under(_box_shapes(buildings, part * SHADOW_LENGTH * buildings.height * TO_SHADOW)):
            inside = np.abs(contact.along) <= contact.column(buildings.half_length)
            inside &= np.abs(contact.across) <= contact.column(buildings.half_width)
            shaded[contact.pick(inside)[0]] = True
    for contact in canvas.under(_crown_shapes(trees, trees.radius * TO_SHADOW)):
        shaded[contact.pick(np.hypot(contact.along, contact.across) <= contact.column(trees.radius))[0]] = True
    canvas.colour[shaded] *= SHADE


def _crown_shapes(trees: Trees, offset: NDArray[np.complex128] | complex = 0j) -> Shapes:
    centre = trees.centre + offset
    return Shapes(centre.real, centre.imag, np.zeros(len(trees)), trees.radius)


def _paint_trees(canvas: Canvas, trees: Trees) -> None:
    for contact in canvas.under(_crown_shapes(trees)):
        inside = np.hypot(contact.along, contact.across) <= contact.column(trees.radius)
        pixel, tree = contact.pick(inside)
        picked = inside & contact.on_canvas
        lit = np.broadcast_to(contact.along * TO_SHADOW.real + contact.across * TO_SHADOW.imag, inside.shape)[picked]
        light = 1.0 - 0.3 * lit / trees.radius[tree]
        canvas.colour[pixel] = trees.colour[tree] * light[:, None]
        canvas.roughness[pixel] = CROWN_ROUGHNESS


def _blurred(light: NDArray[np.float32]) -> NDArray[np.float32]:
    """The picture (3, rows, columns) through a slightly soft lens, less one row at the top and one at the bottom."""
    light = 0.7 * light[:, 1:-1] + 0.15 * (light[:, :-2] + light[:, 2:])
    wide = np.pad(light, ((0, 0), (0, 0), (1, 1)), mode="edge")
    return 0.7 * light + np.float32(0.15) * (wide[:, :, :-2] + wide[:, :, 2:])
