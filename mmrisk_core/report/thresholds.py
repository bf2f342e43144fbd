"""Thresholds: where to draw the line, by how many tiles can be looked at or by what a miss costs."""

from __future__ import annotations

import numpy as np
from markupsafe import Markup

from mmrisk_core.evaluation.evidence import Evidence
from mmrisk_core.html.page import heading, section, table

NUMBERS = (10, 25, 50, 100, 250, 500, 1000)
COSTS = (2, 5, 10, 20, 50)


def thresholds_section(evidence: Evidence) -> Markup:
    """Two tables: by number of tiles, and by the cost of missing against the cost of looking."""
    n, ones = len(evidence.label), evidence.label.sum()
    falling = np.sort(evidence.risk)[::-1]
    by_number = []
    for number in [k for k in NUMBERS if k <= n // 2]:
        rows = np.argsort(-evidence.risk, kind="stable")[:number]
        found = evidence.label[rows].sum()
        by_number.append(
            [f"{number} tiles", f"{falling[number - 1]:.2f}", f"{found:.0f} of {ones:.0f}", f"{number - found:.0f}"]
        )
    by_cost = []
    for cost in COSTS:
        looked = evidence.risk >= 1 / cost
        found = evidence.label[looked].sum()
        spent = looked.sum() + cost * (ones - found)
        saved = 1 - spent / min(n, cost * ones)
        by_cost.append(
            [f"{cost} looks", f"{1 / cost:.2f}", f"{looked.sum():,}", f"{found:.0f} of {ones:.0f}", f"{saved:.0%}"]
        )
    body = (
        heading("You can look at a fixed number of tiles")
        + table(["Look at the top", "Risk from", "High-risk tiles found", "Looked at in vain"], by_number)
        + heading("You know what a miss costs")
        + table(
            ["A miss costs as much as", "Look where risk is from", "Tiles", "High-risk tiles found", "Saved"], by_cost
        )
    )
    return section(
        "Where to draw the line",
        "The model gives probabilities; what is worth a visit is for you to say. Two ways to say it:",
        body,
        [
            "If overlooking a high-risk tile costs as much as looking at 10 tiles, look wherever the risk is at least 1 in "
            "10. 'Saved' compares the cost of that with the better of looking everywhere and looking nowhere; at 0% or "
            "less the model is of no help for such costs."
        ],
    )
