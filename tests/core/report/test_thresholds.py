"""What stands under 'Risk from' selects just the tiles that are said of it."""

from __future__ import annotations

import dataclasses
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmrisk_core.evaluation.population import population_of
from mmrisk_core.report import render_report
from mmrisk_core.report.thresholds import COSTS, risk_from, thresholds_section

ROW = re.compile(r"<tr><td[^>]*>(\d+) tiles?</td><td[^>]*>([\d.]+)</td><td[^>]*>([\d.]+)%</td>")


def cells(html, first):
    """The cells of the row that begins with ``first``."""
    row = re.search(rf"<tr><td[^>]*>{first}</td>(.*?)</tr>", html).group(1)
    return re.findall(r"<td[^>]*>(.*?)</td>", row)


def with_prevalence(evidence, prevalence):
    population = population_of(evidence.label, prevalence)
    return dataclasses.replace(evidence, risk=population.risk(evidence.risk), weight=population.weight)


@given(st.lists(st.floats(0, 1, width=32), min_size=4, max_size=40), st.integers(1, 4))
def test_the_number_shown_selects_the_tiles(values, number):
    risk = np.array(values)
    count, shown = risk_from(risk, number)
    assert (risk >= float(shown)).sum() == count >= number
    assert count == number or (risk == np.sort(risk)[::-1][number - 1]).sum() > 1
    assert float(shown) >= 0


def test_no_more_decimals_than_it_takes():
    assert risk_from(np.array([0.9, 0.54321, 0.3, 0.1]), 2) == (2, "0.54")
    assert risk_from(np.array([0.9, 0.5432, 0.5431, 0.1]), 2) == (2, "0.5432")
    assert risk_from(np.array([0.9, 0.5, 0.5, 0.1]), 2) == (3, "0.50")
    assert risk_from(np.full(4, 0.3), 1)[0] == 4


@pytest.mark.parametrize("prevalence", [None, 0.02, 0.3])
def test_every_risk_from_of_a_report_selects_its_tiles_of_the_layer(model, prevalence):
    """The layer's risk is that of the evidence; with a prevalence no tile reached what the report said."""
    evidence = with_prevalence(model.evidence, prevalence)
    html = render_report(dataclasses.replace(model, evidence=evidence))
    rows = ROW.findall(html)
    assert len(rows) >= 3
    for count, shown, _ in rows:
        assert (evidence.risk >= float(shown)).sum() == int(count)
    for cost in COSTS:
        assert int(cells(html, f"{cost} looks")[1]) == (evidence.risk >= 1 / cost).sum()


def test_ties_are_taken_together(model):
    evidence = dataclasses.replace(model.evidence, risk=model.evidence.risk.round(1))
    for count, shown, _ in ROW.findall(thresholds_section(evidence)):
        assert (evidence.risk >= float(shown)).sum() == int(count)


def test_saved_cost_and_purity_are_of_all_tiles(model):
    evidence = with_prevalence(model.evidence, 0.02)
    label, weights = evidence.label, evidence.weights
    html = thresholds_section(evidence)
    for cost in COSTS:
        looked = evidence.risk >= 1 / cost
        spent = weights @ np.where(looked, 1.0, cost * label)
        saved = 1 - spent / min(weights.sum(), cost * (weights @ label))
        assert cells(html, f"{cost} looks")[-1] == f"{saved:.0%}"
    ten = np.argsort(-evidence.risk)[:10]
    pure = float(cells(html, "10 tiles")[-1].rstrip("%")) / 100
    assert pure == pytest.approx(np.average(label[ten], weights=weights[ten]), abs=0.006)
    share = float(cells(html, "10 tiles")[1].rstrip("%")) / 100
    assert share == pytest.approx(weights[ten].sum() / weights.sum(), rel=0.06)
