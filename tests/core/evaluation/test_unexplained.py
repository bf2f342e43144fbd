"""What a model does not see, told by residuals of neighbours."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit

from mmrisk_core.evaluation.unexplained import MAX_VARIANCE, unexplained_of_groups, unexplained_on_the_map
from tests.core.simulated_places import TILE, simulated_place


@pytest.mark.parametrize("deviation", [0.0, 0.5, 1.0])
def test_the_variance_of_an_unobserved_field_is_found(deviation):
    found = []
    for seed in range(6):
        place = simulated_place([seed, 11], 60, unobserved=deviation)
        seen = expit(-1.5 + place.attributes[:, :2] @ [1.0, 0.6])
        found.append(unexplained_on_the_map(seen, place.label, place.centres, TILE))
    # A little more than that, for what would hide in a fit.
    assert 0.75 * deviation**2 <= np.mean(found) <= 0.05 + 1.5 * deviation**2


def test_the_variance_between_groups_is_found():
    rng = np.random.default_rng(4)
    group = np.arange(4000) // 20
    logit = -1 + rng.normal(size=200)[group]
    label = (rng.random(4000) < expit(logit)).astype(float)
    assert unexplained_of_groups(np.full(4000, label.mean()), label, group) == pytest.approx(1.0, abs=0.35)
    alone = np.arange(4000)
    assert unexplained_of_groups(np.full(4000, label.mean()), label, alone) == 0


def test_certain_and_wrong_probabilities_stay_finite():
    place = simulated_place([1, 12], 20)
    for risk in (np.zeros(400), np.ones(400), 1 - place.label):
        assert 0 <= unexplained_on_the_map(risk, place.label, place.centres, TILE) <= MAX_VARIANCE
        assert 0 <= unexplained_of_groups(risk, place.label, np.arange(400) // 5) <= MAX_VARIANCE
