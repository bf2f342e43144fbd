"""Moran's I against values known beforehand."""

from __future__ import annotations

import numpy as np
import pytest

from mmrisk_core.evaluation.morans_i import spatial_autocorrelation

SIDE = 20
GRID = np.stack(np.meshgrid(np.arange(SIDE), np.arange(SIDE)), axis=-1).reshape(-1, 2) * 150.0


def test_a_slope_lies_side_by_side_and_noise_does_not():
    slope = spatial_autocorrelation(GRID[:, 0], GRID)
    assert slope.moran > 0.9
    assert slope.p_value == pytest.approx(1 / 500)
    assert slope.by_distance[0] > slope.by_distance[4] > slope.by_distance[9]
    noise = spatial_autocorrelation(np.random.default_rng(0).normal(size=len(GRID)), GRID)
    assert abs(noise.moran) < 0.1
    assert noise.p_value > 0.05
    assert np.abs(noise.by_distance).max() < 0.1


def test_moran_of_a_strip_by_hand():
    strip = np.c_[np.arange(4.0), np.zeros(4)]
    # Deviations -3, -1, 1, 3: three pairs of 3, -1, 3; over the variance, 5.
    assert spatial_autocorrelation(np.array([0.0, 2.0, 4.0, 6.0]), strip).moran == pytest.approx(5 / 3 / 5)
    alternating = spatial_autocorrelation(np.array([0.0, 1.0, 0.0, 1.0]), strip)
    assert alternating.moran == pytest.approx(-1)
    assert alternating.by_distance[:3] == pytest.approx([-1, 1, -1])
    assert np.isnan(alternating.by_distance[3:]).all()


def test_distances_are_in_the_unit_of_the_centres():
    assert spatial_autocorrelation(GRID[:, 0], GRID).distance.tolist() == [150.0 * k for k in range(1, 11)]


def test_what_cannot_be_said_is_none():
    assert spatial_autocorrelation(np.ones(len(GRID)), GRID) is None
    assert spatial_autocorrelation(np.array([0.0, 1.0]), GRID[:2]) is None
    assert spatial_autocorrelation(np.array([0.0, 1.0, 2.0]), np.zeros((3, 2))) is None
