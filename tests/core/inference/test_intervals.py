"""How far a probability may be off: by what members say, and by what they do not see."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from mmrisk_core.inference.intervals import INFLATION, INFLATION_OF_EARLIER_MODELS, jackknife_error, logit_interval

QUANTILE = norm.ppf(0.95)
LOGITS = np.random.default_rng(0).normal(size=(5, 40))
KNOWN = np.full((5, 40), 0.25)
UNKNOWN = np.full((5, 40), np.nan)


def test_the_error_of_members_and_what_they_do_not_see_add_up():
    found = logit_interval(LOGITS, KNOWN, 0.5)
    assert found == pytest.approx(QUANTILE * np.sqrt(INFLATION**2 * 0.25 + 0.5))
    assert logit_interval(LOGITS, KNOWN, 0.0) == pytest.approx(QUANTILE * INFLATION * 0.5)


def test_members_that_do_not_know_their_error_tell_it_by_how_they_differ():
    found = logit_interval(LOGITS, UNKNOWN, 0.0)
    assert found == pytest.approx(INFLATION * jackknife_error(LOGITS))
    assert (logit_interval(LOGITS, UNKNOWN, 1.0) > np.maximum(found, QUANTILE) - 1e-12).all()


def test_however_sure_members_are_an_interval_holds_what_they_do_not_see():
    """As of very many tiles."""
    assert logit_interval(LOGITS, np.zeros((5, 40)), 1.0) == pytest.approx(QUANTILE)


def test_models_from_before_it_was_measured_answer_as_before():
    assert logit_interval(LOGITS, KNOWN, None) == pytest.approx(INFLATION_OF_EARLIER_MODELS * QUANTILE * 0.5)
