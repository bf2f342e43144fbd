"""Importance: what the model rests on."""

from __future__ import annotations

import numpy as np
from markupsafe import Markup
from matplotlib.axes import Axes

from mmrisk_core.evaluation.evidence import Evidence, Importance
from mmrisk_core.html.charts import chart
from mmrisk_core.html.page import BLUE, GREY, INK, ORANGE, scrolling, section
from mmrisk_core.training.permutation_importance import REPEATS
from mmrisk_core.wording import counted

MAX_BARS = 20
LONGEST_NAME = 32
COLOURS = {"imagery": ORANGE, "attributes": INK, "attribute": BLUE}


def importance_section(evidence: Evidence) -> Markup:
    """Drop in AUC when the imagery, all attributes or one of them is shuffled; nothing where it was not measured."""
    if not evidence.importance:
        return Markup()
    shown = evidence.importance[:MAX_BARS]
    drawing = chart(
        "Drop in AUC when something is shuffled", lambda axes: _draw(axes, shown), size=(9.2, 0.9 + 0.3 * len(shown))
    )
    left_out = len(evidence.importance) - len(shown)
    readings = [
        "Read it as: without this, the model would rank so much worse. Attributes that say nearly the same share their "
        "importance, so each of them may look small. It tells what the model uses, not what causes crashes."
    ]
    useless = [i.name for i in evidence.importance if i.kind == "attribute" and i.low <= 0]
    if useless:
        names = ", ".join(useless[:8]) + (" and others" if len(useless) > 8 else "")
        alone = (
            ""
            if len(useless) == 1
            else " Without all of these together it may be worse, as they may stand in for each other."
        )
        readings.append(f"Tested one at a time, it could do without {names}.{alone}")
    if left_out:
        readings.append(
            f"{counted(left_out, 'more attribute matters', 'more attributes matter')} less than those shown."
        )
    return section(
        "What it rests on",
        f"Each thing that the model knows is shuffled between tiles that it has not seen, {REPEATS} times; the bar is how "
        "far the AUC falls, the line from the least to the largest fall.",
        scrolling(drawing),
        readings,
    )


def _draw(axes: Axes, importance: tuple[Importance, ...]) -> None:
    rows = np.arange(len(importance))[::-1]
    drop = np.array([i.drop for i in importance])
    spread = np.array([[i.drop - i.low, i.high - i.drop] for i in importance]).T
    colours = [COLOURS[i.kind] for i in importance]
    axes.barh(rows, drop, color=colours, height=0.62, xerr=spread, error_kw={"ecolor": GREY, "lw": 1.2})
    axes.axvline(0, color=GREY, lw=0.8)
    # A dollar sign would begin a formula.
    names = [("the imagery" if i.kind == "imagery" else i.name[:LONGEST_NAME]).replace("$", r"\$") for i in importance]
    axes.set_yticks(rows, names)
    axes.set(xlabel="drop in AUC", ylim=(-0.6, len(importance) - 0.4))
