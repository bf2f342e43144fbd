"""Correlograms and how far tiles are alike."""

from __future__ import annotations

import numpy as np
import pytest

from mmrisk_core.evaluation.correlogram import correlogram, likeness
from tests.core.simulated_places import FIELD_REACH, TILE, grid_centres, simulated_place, smooth_field

SIDE = 40
CENTRES = grid_centres(SIDE)


def field(width: float, seed: int = 0) -> np.ndarray:
    return smooth_field(np.random.default_rng(seed), SIDE, width)


@pytest.mark.parametrize("width", [1.5, 3.0])
def test_the_correlation_of_a_smoothed_field_is_known(width):
    """White noise under a Gaussian filter has the correlation exp(-d^2 / (4 width^2))."""
    found = np.mean([correlogram(CENTRES, field(width, seed), TILE).correlation for seed in range(12)], axis=0)
    lags = np.arange(1, 5)
    assert found[:4] == pytest.approx(np.exp(-(lags**2) / (4 * width**2)), abs=0.12)


@pytest.mark.parametrize("width", [1.0, 2.0, 3.0])
def test_the_reach_of_a_smoothed_field_is_known(width):
    reaches = [likeness(CENTRES, field(width, seed), TILE).reach for seed in range(12)]
    assert np.median(reaches) == pytest.approx(2 * width * np.sqrt(np.log(10)) * TILE, rel=0.3)


def test_labels_that_are_mostly_noise_have_the_reach_of_what_is_behind_them():
    places = [simulated_place([seed, 1], 80, unobserved=1.5, effects=(), meaningless=0) for seed in range(6)]
    found = [likeness(place.centres, place.label, TILE) for place in places]
    assert all(each.is_told for each in found)
    assert np.median([each.reach for each in found]) == pytest.approx(FIELD_REACH, rel=0.25)


def test_noise_is_not_alike():
    told = [likeness(CENTRES, np.random.default_rng(seed).normal(size=SIDE**2), TILE).is_told for seed in range(40)]
    assert sum(told) <= 6


def test_a_class_without_pairs_says_nothing():
    """Of every fourth site nothing is known at the distance of a tile, which is not that tiles there are unlike."""
    rows = np.flatnonzero((CENTRES // TILE % 4 == 0).all(axis=1))
    found = correlogram(CENTRES[rows], field(3.0)[rows], TILE)
    assert np.isnan(found.correlation[:3]).all()
    assert (found.pairs[:3] == 0).all()
    assert likeness(CENTRES[rows], field(3.0)[rows], TILE).reach > 4 * TILE


def test_many_tiles_are_asked_by_some_of_them():
    many = grid_centres(150)
    values = smooth_field(np.random.default_rng(3), 150, 4.0)
    found = likeness(many, values, TILE)
    assert found.reach == pytest.approx(8 * np.sqrt(np.log(10)) * TILE, rel=0.3)
    assert found == likeness(many, values, TILE)


@pytest.mark.parametrize("values", [[0.0, 1.0], [1.0, 1.0]])
def test_two_tiles_are_enough_to_ask(values):
    assert likeness(CENTRES[:2], np.array(values), TILE).reach > 0


def test_tiles_in_one_place_are_enough_to_ask():
    assert not likeness(np.zeros((5, 2)), np.arange(5.0), TILE).is_told


def test_what_is_asked_for_in_a_unit_of_its_own_has_the_variance_of_that_unit():
    values = [field(2.0, seed) for seed in range(8)]
    found = [likeness(CENTRES, 0.2 * v, TILE, np.full(len(v), 0.2)).variance for v in values]
    assert np.mean(found) == pytest.approx(1.0, rel=0.2)
