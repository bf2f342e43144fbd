"""Capture: how much of what happens lies in the tiles that are ranked highest."""

from __future__ import annotations

import numpy as np
from markupsafe import Markup
from matplotlib.axes import Axes

from mmrisk_core.arrays import FloatArray
from mmrisk_core.evaluation.evidence import Evidence
from mmrisk_core.evaluation.metrics import capture_rate
from mmrisk_core.html.charts import chart
from mmrisk_core.html.page import BLUE, GREY, ORANGE, section, side_by_side, table
from mmrisk_core.report.titles import title_of_model

SHARES = (0.01, 0.05, 0.10, 0.20)


def capture_section(evidence: Evidence) -> Markup:
    """The share of high-risk tiles, and of events, in the top 1, 5, 10 and 20% of the tiles, beside a curve."""
    n = len(evidence.label)
    head = ["Look at", "Tiles", "High-risk tiles found", "High-risk among them"]
    rows = [
        [f"top {share:.0%}", f"{_count(n, share):,}", f"{capture_rate(evidence.risk, evidence.label, share):.0%}",
         f"{capture_rate(evidence.risk, evidence.label, share) * evidence.label.sum() / _count(n, share):.0%}"]
        for share in SHARES
    ]  # fmt: skip
    if evidence.events is not None:
        head.append("Events found")
        for row, share in zip(rows, SHARES, strict=True):
            row.append(f"{capture_rate(evidence.risk, evidence.events, share):.0%}")
    tenth = capture_rate(evidence.risk, evidence.label, 0.1)
    drawing = chart(
        "Share of high-risk tiles found against share of tiles looked at", lambda axes: _draw(axes, evidence)
    )
    return section(
        "How much of the risk is found",
        "Nobody can look everywhere. If you look at the tiles of highest risk first, what do you find?",
        side_by_side([Markup("<div>{}</div>").format(table(head, rows)), drawing]),
        [
            f"A tenth of the tiles, chosen by the model, holds {tenth:.0%} of the high-risk tiles; a tenth chosen by lot "
            f"would hold 10%, and the best possible choice {min(1.0, 0.1 * n / evidence.label.sum()):.0%}."
        ],
    )


def _count(n: int, share: float) -> int:
    return max(1, round(n * share))


def _draw(axes: Axes, evidence: Evidence) -> None:
    best = evidence.label.mean()
    axes.plot([0, best, 1], [0, 1, 1], color=GREY, lw=1, ls=":", label="best possible")
    for name, colour in (("attributes_boosting", GREY), ("image_linear", ORANGE)):
        if name in evidence.challengers:
            axes.plot(
                *_curve(evidence.challengers[name], evidence.label), color=colour, lw=1.1, label=title_of_model(name)
            )
    axes.plot(*_curve(evidence.risk, evidence.label), color=BLUE, lw=2.2, label="the model")
    axes.plot([0, 1], [0, 1], color=GREY, lw=0.8, ls="--", label="by lot")
    axes.set(xlabel="share of tiles looked at", ylabel="share of high-risk tiles found", xlim=(0, 1), ylim=(0, 1.01))
    axes.legend(loc="lower right", frameon=True, framealpha=0.9, edgecolor="none")


def _curve(risk: FloatArray, label: FloatArray) -> tuple[FloatArray, FloatArray]:
    found = np.cumsum(label[np.argsort(-risk, kind="stable")]) / label.sum()
    return np.linspace(0, 1, len(risk) + 1), np.append(0.0, found)
