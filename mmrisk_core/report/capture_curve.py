"""Capture: how much of what happens lies in the tiles that are ranked highest."""

from __future__ import annotations

from markupsafe import Markup
from matplotlib.axes import Axes

from mmrisk_core.evaluation.evidence import Evidence
from mmrisk_core.evaluation.metrics import auc, capture_curve, capture_rate
from mmrisk_core.html.charts import chart
from mmrisk_core.html.page import BLUE, GREY, ORANGE, section, side_by_side, table
from mmrisk_core.report.titles import title_of_model
from mmrisk_core.wording import percent

SHARES = (0.01, 0.05, 0.10, 0.20)


def capture_section(evidence: Evidence) -> Markup:
    """The share of high-risk tiles, and of events, in the top 1, 5, 10 and 20% of the tiles, beside a curve."""
    found = [capture_rate(evidence.risk, evidence.label, share, evidence.weight) for share in SHARES]
    head = ["Look at", "High-risk tiles found", "High-risk among them"]
    rows = [
        [f"top {share:.0%}", f"{part:.0%}", percent(part * evidence.prevalence / share)]
        for share, part in zip(SHARES, found, strict=True)
    ]
    if evidence.weight is None:
        head.insert(1, "Tiles")
        for row, share in zip(rows, SHARES, strict=True):
            row.insert(1, f"{max(1.0, share * len(evidence.label)):,.0f}")
    if evidence.events is not None:
        head.append("Events found")
        for row, share in zip(rows, SHARES, strict=True):
            row.append(f"{capture_rate(evidence.risk, evidence.events, share, evidence.weight):.0%}")
    drawing = chart(
        "Share of high-risk tiles found against share of tiles looked at", lambda axes: _draw(axes, evidence)
    )
    return section(
        "How much of the risk is found",
        "Nobody can look everywhere. If you look at the tiles of highest risk first, what do you find?",
        side_by_side([Markup("<div>{}</div>").format(table(head, rows)), drawing]),
        [
            f"A tenth of the tiles, chosen by the model, holds {found[SHARES.index(0.10)]:.0%} of the high-risk tiles; a "
            f"tenth chosen by lot would hold 10%, and the best possible choice {min(1.0, 0.1 / evidence.prevalence):.0%}."
        ],
    )


def best_challenger(evidence: Evidence) -> str | None:
    """The simpler model that ranks best; None where there is none."""
    names = [name for name in evidence.challengers if name != "prevalence"]
    return max(names, key=lambda name: auc(evidence.challengers[name], evidence.label), default=None)


def _draw(axes: Axes, evidence: Evidence) -> None:
    label, weight = evidence.label, evidence.weight
    axes.plot([0, evidence.prevalence, 1], [0, 1, 1], color=GREY, lw=1, ls=":", label="best possible")
    simpler = best_challenger(evidence)
    if simpler is not None:
        curve = capture_curve(evidence.challengers[simpler], label, weight)
        axes.plot(*curve, color=ORANGE, lw=1.1, label=f"best simpler model:\n{title_of_model(simpler)}")
    axes.plot(*capture_curve(evidence.risk, label, weight), color=BLUE, lw=2.2, label="the model")
    axes.plot([0, 1], [0, 1], color=GREY, lw=0.8, ls="--", label="by lot")
    axes.set(xlabel="share of tiles looked at", ylabel="share of high-risk tiles found", xlim=(0, 1), ylim=(0, 1.01))
    axes.legend(loc="lower right", frameon=True, framealpha=0.9, edgecolor="none")
