"""Moran's I against values known beforehand."""

from __future__ import annotations

import numpy as np
import pytest

from mmrisk_core.evaluation.morans_i import detectable_patches, spatial_autocorrelation

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


@pytest.mark.parametrize("side", [12, 24])
def test_what_could_have_been_found_is_found_in_four_of_five_cases(side):
    """Fields that the promise was not made from: sums of waves whose likeness ends at the same distance."""
    centres = np.stack(np.meshgrid(np.arange(side), np.arange(side)), axis=-1).reshape(-1, 2) * 100.0
    promise = detectable_patches(centres)
    assert promise.width == pytest.approx(500)
    found, half = [], []
    for seed in range(500, 580):
        rng = np.random.default_rng(seed)
        # Likeness exp(-d²/2r²), which is 0.1 at 2.15 r.
        waves = rng.normal(size=(2, 60)) / (promise.width / 2.15)
        field = np.cos(centres @ waves + rng.uniform(0, 2 * np.pi, 60)).sum(axis=1)
        field = (field - field.mean()) / field.std()
        for share, results in ((promise.share, found), (promise.share / 4, half)):
            values = np.sqrt(share) * field + np.sqrt(1 - share) * rng.normal(size=len(centres))
            results.append(spatial_autocorrelation(values, centres, seed).p_value <= 0.05)
    assert 0.65 < np.mean(found) < 0.93
    assert np.mean(half) < 0.5


def test_with_more_tiles_less_is_found_and_the_same_each_time():
    shares = []
    for side in (8, 24, 60):
        centres = np.stack(np.meshgrid(np.arange(side), np.arange(side)), axis=-1).reshape(-1, 2) * 100.0
        shares.append(detectable_patches(centres).share)
        assert detectable_patches(centres).share == shares[-1]
    assert shares[0] > 2 * shares[1] > 2 * shares[2]


def test_of_very_many_tiles_a_part_is_asked():
    centres = np.stack(np.meshgrid(np.arange(400), np.arange(400)), axis=-1).reshape(-1, 2) * 100.0
    assert detectable_patches(centres).share < 0.02


def test_of_tiles_without_neighbours_nothing_could_be_found():
    assert detectable_patches(np.zeros((10, 2))) is None
    assert detectable_patches(GRID[:3]) is None
