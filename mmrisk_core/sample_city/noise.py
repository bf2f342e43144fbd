"""Smooth random fields: what bends the streets and what gives the ground its grain."""

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Points = NDArray[np.complex128]


class SmoothField:
    """A random function of place, about N(0, 1), that varies over distances of about ``wavelength`` metres."""

    def __init__(self, side: float, wavelength: float, rng: np.random.Generator) -> None:
        self._step = wavelength / 2.0
        knots = int(np.ceil(side / self._step)) + 5
        self._spline = ndimage.spline_filter(rng.standard_normal((knots, knots)), order=3)

    def __call__(self, places: Points) -> NDArray[np.float64]:
        """Values at ``places`` (x + iy, metres, from two knots outside the square to two beyond it)."""
        knots = np.stack([places.imag, places.real]) / self._step + 2.0
        values: NDArray[np.float64] = ndimage.map_coordinates(
            self._spline, knots, order=3, mode="nearest", prefilter=False
        )
        return values


class Warp:
    """A gentle, smooth displacement of the whole plan, so that straight streets become winding ones."""

    def __init__(
        self, side: float, rng: np.random.Generator, amplitude: float = 34.0, wavelength: float = 850.0
    ) -> None:
        self._amplitude = amplitude
        self._east = SmoothField(side, wavelength, rng)
        self._south = SmoothField(side, wavelength, rng)

    def __call__(self, places: Points) -> Points:
        moved: Points = places + self._amplitude * (self._east(places) + 1j * self._south(places))
        return moved

    def turn(self, places: Points, angles: NDArray[np.float64]) -> NDArray[np.float64]:
        """The angles (radians) that directions ``angles`` at ``places`` have after the warp."""
        turned: NDArray[np.float64] = np.angle(self(places + np.exp(1j * angles)) - self(places))
        return turned


def grain(side: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """A square of ``side`` pixels of natural-looking grain (1/f noise, zero mean, unit variance) that repeats seamlessly."""
    rows, columns = np.fft.fftfreq(side)[:, None], np.fft.rfftfreq(side)[None, :]
    frequency = np.maximum(np.hypot(rows, columns), 4.0 / side)
    spectrum = np.fft.rfft2(rng.standard_normal((side, side))) / frequency**0.8
    texture = np.fft.irfft2(spectrum, s=(side, side))
    even: NDArray[np.float32] = ((texture - texture.mean()) / texture.std()).astype(np.float32)
    return even
