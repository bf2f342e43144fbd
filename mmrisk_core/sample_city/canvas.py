"""A strip of picture being painted, and how to find the pixels under many rotated shapes at once."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float64] | NDArray[np.float32]
PIXELS_AT_ONCE = 2_000_000  # bounds the memory of one step


@dataclass(frozen=True)
class Canvas:
    """Some rows of the picture: RGB and roughness of the grain for each pixel, one pixel a row of the arrays."""

    top: int
    rows: int
    columns: int
    pixel_size: float
    colour: NDArray[np.float32]
    roughness: NDArray[np.float32]
    is_car_park: NDArray[np.bool_]

    @classmethod
    def blank(cls, top: int, rows: int, columns: int, pixel_size: float) -> "Canvas":
        """A canvas of ``rows`` rows that starts at row ``top`` of the picture; ``pixel_size`` in metres."""
        pixels = rows * columns
        return cls(
            top, rows, columns, pixel_size,
            np.zeros((pixels, 3), np.float32), np.zeros(pixels, np.float32), np.zeros(pixels, np.bool_),
        )  # fmt: skip

    def span(self, margin: float) -> tuple[float, float]:
        """Metres south of the city's top edge at which the canvas starts and stops, widened by ``margin`` metres."""
        return self.top * self.pixel_size - margin, (self.top + self.rows) * self.pixel_size + margin

    def paint(self, pixels: NDArray[np.intp], colour: Reals | tuple[int, int, int], roughness: float) -> None:
        """Covers pixels (a flat index) with opaque paint; under it is no car park any more."""
        self.colour[pixels] = colour
        self.roughness[pixels] = roughness
        self.is_car_park[pixels] = False

    def under(self, shapes: "Shapes") -> Iterator["Contact"]:
        """Pixels near each shape, for groups of about the same reach, large ones first: what is small lies on top."""
        start, stop = self.span(0.0)
        here = np.flatnonzero((shapes.y + shapes.reach > start) & (shapes.y - shapes.reach < stop))
        window = 2 * np.ceil(shapes.reach[here] / self.pixel_size / 2.0).astype(np.intp) + 1
        for width in np.unique(window)[::-1]:
            group = here[window == width]
            at_once = max(1, PIXELS_AT_ONCE // int(2 * width + 1) ** 2)
            for first in range(0, len(group), at_once):
                yield self._contact(shapes, group[first : first + at_once], int(width))

    def _contact(self, shapes: "Shapes", which: NDArray[np.intp], width: int) -> "Contact":
        offsets = np.arange(-width, width + 1)
        x, y, angle = (values[which].astype(np.float32)[:, None] for values in (shapes.x, shapes.y, shapes.angle))
        columns = np.floor(x / self.pixel_size).astype(np.intp) + offsets
        rows = np.floor(y / self.pixel_size).astype(np.intp) + offsets - self.top
        east = (((columns + 0.5) * self.pixel_size).astype(np.float32) - x)[:, None, :]
        south = (((rows + self.top + 0.5) * self.pixel_size).astype(np.float32) - y)[:, :, None]
        cosine, sine = np.cos(angle)[:, :, None], np.sin(angle)[:, :, None]
        is_row, is_column = (rows >= 0) & (rows < self.rows), (columns >= 0) & (columns < self.columns)
        return Contact(
            shape=which,
            pixel=rows[:, :, None] * self.columns + columns[:, None, :],
            on_canvas=is_row[:, :, None] & is_column[:, None, :],
            along=east * cosine + south * sine,
            across=south * cosine - east * sine,
        )


@dataclass(frozen=True)
class Shapes:
    """Where shapes are (metres), how they are turned (radians) and how far they reach from their centre (metres)."""

    x: Reals
    y: Reals
    angle: Reals
    reach: Reals


@dataclass(frozen=True)
class Contact:
    """A square of pixels (n, k, k) around each of n shapes, with the pixel centres in the shape's own frame, in metres."""

    shape: NDArray[np.intp]
    pixel: NDArray[np.intp]
    on_canvas: NDArray[np.bool_]
    along: NDArray[np.float32]
    across: NDArray[np.float32]

    def column(self, values: Reals) -> NDArray[np.float32]:
        """A property of all shapes, for the shapes in contact, ready to be compared with ``along`` and ``across``."""
        column: NDArray[np.float32] = values[self.shape].astype(np.float32)[:, None, None]
        return column

    def pick(self, mask: NDArray[np.bool_]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Flat pixels and the row of their shape where ``mask`` (n, k, k) holds and the canvas is."""
        picked = mask & self.on_canvas
        return self.pixel[picked], self.shape[np.nonzero(picked)[0]]
