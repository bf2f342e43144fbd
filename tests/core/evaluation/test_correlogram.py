"""Correlograms and the range of autocorrelation."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from mmrisk_core.evaluation.correlogram import autocorrelation_range, correlogram

SIDE = 40
Y, X = np.indices((SIDE, SIDE)).reshape(2, -1)
CENTRES = np.stack([X, Y], axis=1) * 150.0


def smooth(width: float, seed: int = 0) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(size=(SIDE * 3, SIDE * 3))
    return gaussian_filter(noise, width)[SIDE:-SIDE, SIDE:-SIDE].ravel()


@pytest.mark.parametrize("width", [1.5, 3.0])
def test_the_correlation_of_a_smoothed_field_is_known(width):
    """White noise under a Gaussian filter has the correlation exp(-d^2 / (4 width^2))."""
    found = np.mean([correlogram(CENTRES, smooth(width, seed)[:, None], 150.0)[:, 0] for seed in range(12)], axis=0)
    lags = np.arange(1, 5)
    assert found[1:5] == pytest.approx(np.exp(-(lags**2) / (4 * width**2)), abs=0.12)


def test_the_range_grows_with_the_smoothness():
    ranges = [autocorrelation_range(CENTRES, smooth(width)[:, None], 150.0) for width in (0.1, 1.0, 3.0)]
    assert ranges[0] == 150.0
    assert ranges[0] < ranges[1] < ranges[2]
    # exp(-d^2 / 4) falls below 0.1 at 3.03 tiles.
    assert ranges[1] == pytest.approx(3.5 * 150, abs=150)


def test_constant_and_missing_values_do_no_harm():
    field = smooth(1.0)
    columns = np.stack([np.full(len(field), 3.0), np.full(len(field), np.nan), np.where(X % 7 == 0, np.nan, field)], 1)
    found = correlogram(CENTRES, columns, 150.0)
    assert np.isfinite(found).all()
    assert (found[1:, :2] == 0).all()
    assert autocorrelation_range(CENTRES, columns[:, 2:], 150.0) >= 300


def test_two_tiles_are_enough_to_ask():
    assert autocorrelation_range(CENTRES[:2], np.array([[0.0], [1.0]]), 150.0) > 0
