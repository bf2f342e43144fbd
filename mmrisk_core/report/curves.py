"""Curves: how the model ranks, and whether its probabilities mean what they say."""

from __future__ import annotations

import numpy as np
from markupsafe import Markup
from matplotlib.axes import Axes
from sklearn.metrics import precision_recall_curve, roc_curve

from mmrisk_core.evaluation.evidence import Evidence
from mmrisk_core.evaluation.metrics import mean_error
from mmrisk_core.evaluation.reliability import calibration_bins
from mmrisk_core.html.charts import chart
from mmrisk_core.html.page import BLUE, GREY, ORANGE, section, side_by_side

SIZE = (3.3, 3.0)


def curves_section(evidence: Evidence) -> Markup:
    """ROC, precision-recall and reliability."""
    pictures = [
        chart("ROC curve", lambda axes: _draw_roc(axes, evidence), SIZE),
        chart("Precision-recall curve", lambda axes: _draw_precision(axes, evidence), SIZE),
        chart("Reliability of the probabilities", lambda axes: _draw_reliability(axes, evidence), SIZE),
    ]
    others = (
        " Thin lines: attributes alone (grey), imagery alone (orange)."
        if "image_linear" in evidence.challengers
        else ""
    )
    return section(
        "How it ranks, and how it means it",
        "For readers who know these curves."
        + ("" if evidence.fold is None else " All of them are of tiles that the model had not seen."),
        side_by_side(pictures),
        [
            f"ROC: the further the line is bent to the upper left, the better; the diagonal is a coin.{others} Precision: "
            "of the tiles taken so far, how many are high-risk; the grey line is a choice by lot.",
            "Reliability: up to ten groups of tiles, those of equal risk in one, what was predicted against what was "
            "recorded; on the line is right, and where the bar crosses the line (90% interval) it may be. "
            + on_the_whole(evidence),
        ],
    )


def on_the_whole(evidence: Evidence) -> str:
    """Whether as many tiles are high-risk as the probabilities say, as a sentence."""
    weights = evidence.weights
    predicted, observed = float(np.average(evidence.risk, weights=weights)), evidence.prevalence
    error, low, high = mean_error(weights * evidence.risk, weights * evidence.label, evidence.block)
    labelled = "are labelled high-risk" if evidence.weight is None else "of all tiles are high-risk"
    sentence = f"On average it predicts {predicted:.1%}, and {observed:.1%} {labelled}"
    if low <= 0 <= high:
        return f"{sentence}: on the whole its probabilities are right, as far as can be told."
    word, factor = ("low", observed / predicted) if error > 0 else ("high", predicted / observed)
    return f"{sentence}: on the whole its probabilities are too {word}, by a factor of {factor:.1f}."


def _draw_roc(axes: Axes, evidence: Evidence) -> None:
    axes.plot([0, 1], [0, 1], color=GREY, lw=0.8, ls="--")
    for name, risk in evidence.challengers.items():
        if name != "prevalence":
            rates = roc_curve(evidence.label, risk)
            axes.plot(rates[0], rates[1], color=ORANGE if name.startswith("image") else GREY, lw=1, alpha=0.8)
    if evidence.random_risk is not None:
        rates = roc_curve(evidence.label, evidence.random_risk)
        axes.plot(rates[0], rates[1], color=BLUE, lw=1.1, ls=":", label="on random folds")
        axes.legend(loc="lower right")
    false_rate, true_rate, _ = roc_curve(evidence.label, evidence.risk)
    axes.plot(false_rate, true_rate, color=BLUE, lw=2.2)
    axes.set(
        title="ROC", xlabel="tiles labelled 0 taken along", ylabel="high-risk tiles found", xlim=(0, 1), ylim=(0, 1.01)
    )


def _draw_precision(axes: Axes, evidence: Evidence) -> None:
    axes.axhline(evidence.prevalence, color=GREY, lw=0.8, ls="--")
    precision, recall, _ = precision_recall_curve(evidence.label, evidence.risk, sample_weight=evidence.weight)
    axes.plot(recall[:-1], precision[:-1], color=BLUE, lw=2.2)
    axes.set(
        title="Precision", xlabel="high-risk tiles found", ylabel="share that is high-risk", xlim=(0, 1), ylim=(0, 1.02)
    )


def _draw_reliability(axes: Axes, evidence: Evidence) -> None:
    bins = calibration_bins(evidence.risk, evidence.label, evidence.weight)
    # Risks of a rare label fill a corner of the whole square.
    most = min(1.0, 1.05 * float(max(bins.predicted.max(), bins.high.max())))
    axes.plot([0, 1], [0, 1], color=GREY, lw=0.8, ls="--")
    spread = [bins.observed - bins.low, bins.high - bins.observed]
    axes.errorbar(bins.predicted, bins.observed, yerr=spread, color=BLUE, fmt="o", ms=4.5, lw=1.1)
    axes.set(
        title="Reliability", xlabel="predicted risk", ylabel="observed share",
        xlim=(0, most), ylim=(-0.02 * most, 1.02 * most),
    )  # fmt: skip
