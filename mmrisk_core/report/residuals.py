"""Residuals: whether errors lie side by side, which tells of something that the model does not know."""

from __future__ import annotations

import numpy as np
from markupsafe import Markup
from matplotlib.axes import Axes

from mmrisk_core.arrays import FloatArray
from mmrisk_core.evaluation.evidence import Evidence
from mmrisk_core.evaluation.morans_i import CERTAIN, Autocorrelation, detectable_patches, spatial_autocorrelation
from mmrisk_core.html.charts import chart
from mmrisk_core.html.page import BLUE, GREY, ORANGE, scrolling, section
from mmrisk_core.wording import number, percent

NOTABLE = 0.1
MOST = 0.5
"""Where only a larger share of the variance of the errors would be found, finding nothing says little."""


def residuals_section(evidence: Evidence, block_size: float | None) -> Markup:
    """Moran's I of label less risk, and a correlogram; nothing where tiles have no neighbours, or lie nowhere."""
    if evidence.bounds is None:
        return Markup()
    centres = (evidence.bounds[:, :2] + evidence.bounds[:, 2:]) / 2
    errors = evidence.weights * (evidence.label - evidence.risk)
    found = spatial_autocorrelation(errors, centres)
    if found is None:
        return Markup()
    drawing = chart("How alike errors are by distance", lambda axes: _draw(axes, found, block_size), size=(9.2, 3.0))
    chance = f"Moran's I = {found.moran:.2f}, p = {found.p_value:.3f}"
    if found.p_value > CERTAIN:
        sentence = f"Errors of neighbouring tiles are no more alike than by chance ({chance}). " + _what_could_be_found(
            centres, float(errors.std())
        )
    elif found.moran < NOTABLE:
        sentence = (
            f"Errors of neighbouring tiles are a little alike ({chance}): hardly of consequence, but something that changes "
            "from quarter to quarter is not in the attributes."
        )
    else:
        sentence = (
            f"Errors of neighbouring tiles are alike ({chance}): something that changes from quarter to quarter is not in "
            "the attributes. Traffic, land use or the way crashes are recorded are the usual ones."
        )
    return section(
        "What it misses in patches",
        "An error is the label less the risk. If errors of neighbours are alike, the model misses something that "
        "lies in patches.",
        scrolling(drawing),
        [sentence],
    )


def _what_could_be_found(centres: FloatArray, spread: float) -> str:
    """How much finding nothing says.

    :param spread: standard deviation of the errors.
    """
    least = detectable_patches(centres)
    if least is None or least.share > MOST:
        return "That says little: these tiles are too few, or too far apart, to find anything that lies in patches."
    width, moved = number(float(f"{least.width:.2g}")), f"{spread * least.share**0.5:.2g}"
    return (
        "That does not say that it misses nothing. Something in patches, by which tiles are alike up to some "
        f"{width} m, would be found in about four of five cases if it moves the risk by {moved} up or down (standard "
        f"deviation; {percent(least.share)} of the variance of the errors). What moves it less may well be there."
    )


def _draw(axes: Axes, found: Autocorrelation, block_size: float | None) -> None:
    there = np.isfinite(found.by_distance)
    step = found.distance[0]
    axes.axhline(0, color=GREY, lw=0.8)
    axes.bar(found.distance[there], found.by_distance[there], width=0.7 * step, color=BLUE)
    if block_size is not None and block_size <= found.distance[-1] + step:
        axes.axvline(block_size, color=ORANGE, lw=1.2, ls="--", label="side of a block")
        axes.legend(loc="upper right")
    most = max(0.2, float(np.abs(found.by_distance[there]).max()) * 1.15)
    axes.set(xlabel="distance between tiles, m", ylabel="likeness of errors (Moran's I)", ylim=(-most, most))
