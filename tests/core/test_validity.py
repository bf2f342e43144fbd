"""Whether figures hold, on places whose truth is known: the quick part of tests/bench/validity.py."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from mmrisk_core import train_model
from mmrisk_core.architectures import ARCHITECTURES
from tests.core.factories import QUICK
from tests.core.simulated_places import (
    FIELD_REACH,
    TILE,
    blocks_of,
    judged_by_logistic_regression,
    simulated_place,
)


def of_a_field(seed: int, side: int):
    return simulated_place([seed, side, 5], side, unobserved=1.5, effects=(), meaningless=0)


def some_of(place, which: str):
    if which == "all":
        return place
    if which == "every fourth":
        return place.take(np.flatnonzero((place.centres // TILE % 2 == 0).all(axis=1)))
    return place.take(np.sort(np.random.default_rng(0).permutation(len(place.label))[:1000]))


@pytest.mark.parametrize(("side", "which"), [(120, "all"), (120, "every fourth"), (300, "some"), (300, "all")])
def test_blocks_are_as_wide_as_labels_are_alike_however_many_tiles_there_are(side, which):
    sizes = [blocks_of(some_of(of_a_field(seed, side), which)).size for seed in range(3)]
    assert FIELD_REACH / 1.5 < np.median(sizes) < FIELD_REACH * 1.5


@pytest.mark.parametrize("side", [24, 50])
def test_small_areas_have_blocks_as_wide_as_leaves_three_for_each_fold(side):
    blocks = blocks_of(of_a_field(1, side))
    assert len(np.unique(blocks.block)) >= 15
    assert blocks.size >= 750


@pytest.mark.parametrize("columns", [1, 3, 10, 50])
def test_noise_among_the_attributes_does_not_make_blocks_smaller(columns):
    place = of_a_field(2, 60)
    noise = np.random.default_rng(columns).normal(size=(len(place.label), columns))
    assert blocks_of(dataclasses.replace(place, attributes=noise)).size >= blocks_of(place).size


@pytest.mark.parametrize("unobserved", [0.0, 1.5])
def test_smooth_attributes_that_mean_nothing_are_no_signal(unobserved):
    places = (simulated_place([seed, 6], 20, unobserved=unobserved, effects=(), meaningless=6) for seed in range(8))
    figures = [judged_by_logistic_regression(place) for place in places if place.label.sum() >= 30]
    assert len(figures) >= 5
    assert sum(each.has_signal for each in figures) <= 1


def test_a_signal_is_one():
    figures = [judged_by_logistic_regression(simulated_place([seed, 7], 50, spread=1.0)) for seed in range(3)]
    assert all(each.has_signal for each in figures)


@pytest.mark.parametrize("architecture", ARCHITECTURES)
@pytest.mark.parametrize(("n", "ones"), [(60, 6), (140, 14)])
def test_the_mean_risk_of_few_tiles_is_the_share_of_ones(architecture, n, ones):
    found = []
    for seed in range(3):
        place = simulated_place([seed, 8], 12, spread=1.0)
        label = np.zeros(n)
        label[np.argsort(place.probability[:n] + np.random.default_rng(seed).normal(0, 0.2, n))[-ones:]] = 1
        labelled = dataclasses.replace(place.take(np.arange(n)), label=label)
        names = [f"a{i}" for i in range(4)]
        options = {**QUICK, "architecture": architecture, "validation": "random", "folds": 3}
        model = train_model(labelled.tiles(), "label", names, **options)
        found.append(model.predict(labelled.tiles(), device="cpu")["risk"].mean() - ones / n)
    assert np.mean(found) == pytest.approx(0, abs=0.01)
