"""The area of applicability."""

from __future__ import annotations

import numpy as np
import torch

from mmrisk_core.evaluation.applicability import MAX_REFERENCE, fit_applicability

GENERATOR = torch.Generator().manual_seed(0)


def test_tiles_like_the_training_are_inside_and_others_outside():
    features = torch.randn(500, 4, generator=GENERATOR)
    area = fit_applicability(features, np.arange(500) % 5, seed=0)
    alike = torch.randn(500, 4, generator=GENERATOR)
    assert (area.dissimilarity(alike) <= area.threshold).mean() > 0.9
    assert (area.dissimilarity(alike + 10) > area.threshold).all()
    assert (area.dissimilarity(features) < 1e-2).all()


def test_the_further_the_more_unlike():
    area = fit_applicability(torch.randn(200, 2, generator=GENERATOR), np.arange(200) % 4, seed=0)
    line = torch.linspace(5, 50, 10)[:, None].expand(-1, 2)
    assert (np.diff(area.dissimilarity(line)) > 0).all()


def test_large_trainings_are_thinned_the_same_way_every_time():
    features = torch.randn(MAX_REFERENCE + 500, 3, generator=GENERATOR)
    fold = np.arange(len(features)) % 5
    one, two = (fit_applicability(features, fold, seed=4) for _ in range(2))
    assert len(one.reference) == MAX_REFERENCE
    assert torch.equal(one.reference, two.reference)
    assert one.threshold == two.threshold


def test_features_that_mean_nothing_to_the_model_leave_everything_inside():
    area = fit_applicability(torch.zeros(50, 2), np.arange(50) % 5, seed=0)
    assert (area.dissimilarity(torch.zeros(3, 2)) <= area.threshold).all()


def test_the_order_of_tiles_plays_no_part_in_the_mean_distance():
    """As where a file is sorted by place, and its first tiles are all alike."""
    features = torch.linspace(0, 100, 4000)[:, None]
    area = fit_applicability(features, np.arange(4000) % 5, seed=0)
    assert 30 < area.mean_distance < 37
