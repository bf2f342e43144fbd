"""Maps: where each tile was judged from, and what the model said of it."""

from __future__ import annotations

import itertools
import math

import numpy as np
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import BoundaryNorm, ListedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from mmrisk_core.arrays import FloatArray
from mmrisk_core.evaluation.evidence import Evidence
from mmrisk_core.html.charts import plate
from mmrisk_core.html.page import INK, scrolling, section
from mmrisk_core.inference.risk_columns import CLASS_COLOURS

FOLD_COLOURS = "tab20"
OUTSIDE = "#c3c9d0"
WIDTH = 9.6


def map_section(evidence: Evidence, class_breaks: tuple[float, ...]) -> Markup:
    """Folds and out-of-fold risk side by side, or the risk alone where a model is judged elsewhere; nothing of a table."""
    bounds = evidence.bounds
    if bounds is None:
        return Markup()
    maps = 1 if evidence.fold is None else 2
    left, bottom, right, top = bounds.T
    shape = (top.max() - bottom.min()) / max(right.max() - left.min(), 1e-9)
    height = min(max(shape * (WIDTH / maps - 0.6), 2.2), 8.5) + 0.8
    drawing = plate(
        "Map of the risk of each tile",
        lambda figure: _draw(figure, evidence, bounds, class_breaks, maps),
        (WIDTH, height),
    )
    if evidence.fold is None:
        return section(
            "Where",
            "The risk that the model gives to each tile, and a dot on each tile that is labelled high-risk.",
            scrolling(drawing),
            ["Dots should crowd where the map is dark. Grey tiles lie outside the area of applicability."],
        )
    return section(
        "Where",
        "Left, the folds: tiles of one colour were predicted by a member that had seen none of them. Right, these "
        "predictions, with a dot on each tile that is labelled high-risk.",
        scrolling(drawing),
        [
            "Dots should crowd where the map is dark. A part of the map where they do not is one in which the model fails: "
            "look what is different there. Classes begin at the fifths of these probabilities, as in the risk layer."
        ],
    )


def _draw(figure: Figure, evidence: Evidence, bounds: FloatArray, class_breaks: tuple[float, ...], maps: int) -> None:
    left, bottom, right, top = bounds.T
    corners = [np.c_[left, bottom], np.c_[right, bottom], np.c_[right, top], np.c_[left, top]]
    squares = list(np.stack(corners, axis=1))
    all_axes = np.atleast_1d(figure.subplots(1, maps))
    if evidence.fold is not None:
        folds = PolyCollection(squares, array=evidence.fold % 20, cmap=FOLD_COLOURS, edgecolors="none", alpha=0.75)
        folds.set_clim(-0.5, 19.5)
        all_axes[0].add_collection(folds)
        all_axes[0].set_title("Folds")
    risk_axes = all_axes[-1]
    norm = BoundaryNorm([0.0, *np.maximum.accumulate(class_breaks), 1.0], 5) if _rising(class_breaks) else None
    risk = PolyCollection(
        squares, array=evidence.risk, cmap=ListedColormap(CLASS_COLOURS), norm=norm, edgecolors="none"
    )
    risk_axes.add_collection(risk)
    if evidence.in_domain is not None and not evidence.in_domain.all():
        outside = [square for square, inside in zip(squares, evidence.in_domain, strict=True) if not inside]
        risk_axes.add_collection(PolyCollection(outside, facecolors=OUTSIDE, edgecolors="none"))
    ones = evidence.label == 1
    size = min(14.0, max(0.6, 4000 / len(ones)))
    risk_axes.scatter(((left + right) / 2)[ones], ((bottom + top) / 2)[ones], s=size, c=INK, lw=0, zorder=3)
    risk_axes.set_title("Risk out of fold" if evidence.fold is not None else "Risk")
    figure.colorbar(risk, ax=risk_axes, shrink=0.75, format="%.2g", aspect=25, label="risk")
    for axes in all_axes:
        axes.set(xlim=(left.min(), right.max()), ylim=(bottom.min(), top.max()), aspect="equal")
        axes.set_xticks([])
        axes.set_yticks([])
        axes.spines[:].set_visible(False)
    _scale_bar(all_axes[0], right.max() - left.min())


def _rising(class_breaks: tuple[float, ...]) -> bool:
    edges = [0.0, *class_breaks, 1.0]
    return all(one < two for one, two in itertools.pairwise(edges))


def _scale_bar(axes: Axes, width: float) -> None:
    power = 10 ** math.floor(math.log10(width / 4))
    length = max(step * power for step in (1, 2, 5) if step * power <= width / 4)
    shown = f"{length / 1000:g} km" if length >= 1000 else f"{length:g} m"
    share = length / width
    axes.add_line(Line2D([0, share], [-0.025, -0.025], transform=axes.transAxes, color=INK, lw=2, clip_on=False))
    axes.text(share + 0.015, -0.025, shown, transform=axes.transAxes, va="center", fontsize=8.5)
