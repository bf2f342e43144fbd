"""Thresholds: where to draw the line, by how many tiles can be looked at or by what a miss costs."""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal

import numpy as np
from markupsafe import Markup

from mmrisk_core.arrays import BoolArray, FloatArray
from mmrisk_core.evaluation.evidence import Evidence
from mmrisk_core.html.page import heading, section, table
from mmrisk_core.wording import counted, percent

NUMBERS = (10, 25, 50, 100, 250, 500, 1000)
COSTS = (2, 5, 10, 20, 50)
DIGITS = range(2, 18)


def thresholds_section(evidence: Evidence) -> Markup:
    """Two tables: by number of tiles, and by the cost of missing against the cost of looking."""
    n, weights = len(evidence.label), evidence.weights
    wanted = [number for number in NUMBERS if number <= n // 2]
    by_number = []
    for count, shown in dict(risk_from(evidence.risk, number) for number in wanted).items():
        looked = evidence.risk >= float(shown)
        high_risk = float(np.average(evidence.label[looked], weights=weights[looked]))
        by_number.append(
            [counted(count, "tile"), shown, _share(looked, weights), _found(looked, evidence), percent(high_risk)]
        )
    by_cost = []
    for cost in COSTS:
        looked = evidence.risk >= 1 / cost
        missed = weights[~looked] @ evidence.label[~looked]
        spent = weights[looked].sum() + cost * missed
        saved = 1 - spent / min(weights.sum(), cost * (weights @ evidence.label))
        by_cost.append(
            [counted(cost, "look"), f"{1 / cost:.2f}", f"{looked.sum():,}", _share(looked, weights),
             _found(looked, evidence), f"{saved:.0%}"]
        )  # fmt: skip
    tiles = "Tiles" if evidence.weight is None else "Labelled tiles"
    body = (
        heading("You can look at a fixed number of tiles")
        + table(
            ["Look at the top", "Risk from", "Of all tiles", "High-risk tiles found", "High-risk among them"], by_number
        )
        + heading("You know what a miss costs")
        + table(
            [
                "A miss costs as much as",
                "Look where risk is from",
                tiles,
                "Of all tiles",
                "High-risk tiles found",
                "Saved",
            ],
            by_cost,
        )
    )
    readings = [
        f"'Risk from' selects so many of the {counted(n, 'labelled tile')} by the risk that is shown here; tiles of equal "
        "risk are taken together.",
        "If overlooking a high-risk tile costs as much as looking at 10 tiles, look wherever the risk is at least 1 in "
        "10. 'Saved' compares the cost of that with the better of looking everywhere and looking nowhere; at 0% or "
        "less the model is of no help for such costs.",
    ]
    if evidence.weight is not None:
        readings.insert(0, "Numbers are of the labelled tiles; what is in per cent is of all tiles.")
    return section(
        "Where to draw the line",
        "The model gives probabilities; what is worth a visit is for you to say. Two ways to say it:",
        body,
        readings,
    )


def risk_from(risk: FloatArray, number: int) -> tuple[int, str]:
    """How many tiles are taken where ``number`` of them are wanted, and the risk from which they are.

    More than wanted where tiles are of equal risk; with as many decimals as it takes to select just them, 2 at least.
    """
    falling = np.sort(risk)[::-1]
    lowest = float(falling[number - 1])
    count = int((risk >= lowest).sum())
    beyond = float(falling[count]) if count < len(falling) else -1.0
    for digits in DIGITS:
        shown = Decimal(lowest).quantize(Decimal(1).scaleb(-digits), ROUND_FLOOR)
        if float(shown) > beyond:
            return count, str(shown)
    return count, repr(lowest)


def _share(looked: BoolArray, weights: FloatArray) -> str:
    return percent(float(weights[looked].sum() / weights.sum()))


def _found(looked: BoolArray, evidence: Evidence) -> str:
    return f"{evidence.label[looked].sum():,.0f} of {evidence.label.sum():,.0f}"
