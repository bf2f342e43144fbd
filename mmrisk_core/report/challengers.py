"""The ladder: what each simpler model reaches on the same folds."""

from __future__ import annotations

from mmrisk_core.bundle.manifest import Manifest
from mmrisk_core.evaluation.metrics import AucDifference, Metrics
from mmrisk_core.html.page import BLUE, GREY, ORANGE, note, scrolling, section, text
from mmrisk_core.report.titles import title_of_model

HEAD = ("AUC and 95% interval", "The model is better by", "Average precision", "Brier", "Calibration error")
WIDTH, MARGIN = 200.0, 4.0


def ladder_section(manifest: Manifest) -> str:
    """Figures of all challengers and of the model as a table with a drawing in it; nothing without validation."""
    validation = manifest.validation
    whole = validation.figures
    if whole is None:
        return ""
    challengers = dict(sorted(validation.challengers.items(), key=lambda item: item[1].auc)) or validation.heads
    shown = [*challengers.values(), whole, *([validation.random] if validation.random else [])]
    least = min(0.45, *(figures.auc_low for figures in shown))
    rows = [
        _row(title_of_model(name), figures, validation.differences.get(name), least, GREY)
        for name, figures in challengers.items()
    ]
    rows.append(_row(f"The model ({manifest.ensemble.architecture})", whole, None, least, BLUE, "whole"))
    if validation.random is not None:
        difference = validation.differences.get("random")
        rows.append(_row("The model, as random folds would flatter it", validation.random, difference, least, ORANGE))
    head = "".join(f"<th class=n>{name}</th>" for name in HEAD)
    body = scrolling(
        f"<table><tr><th>On tiles not seen</th>"
        f'<th class="chart">AUC; the dotted line is chance, the right edge perfect</th>{head}</tr>'
        f"{''.join(rows)}</table>"
    )
    chance = whole.ones / whole.tiles
    return section(
        "What adds what",
        "Simpler models answer for the same tiles on the same folds. What the model gains over them is what it is for.",
        body + _inside(manifest),
        [
            "AUC: of a high-risk and a low-risk tile, how often the high-risk one is ranked higher; 0.5 is chance. 'Better "
            "by' is the difference in AUC on the same tiles, with its own 95% interval: where that includes 0, nothing can "
            "be said.",
            f"Average precision: how pure the top of the list is; chance is {chance:.2f}. Brier and calibration error: "
            "distance between probability and outcome; lower is better.",
        ],
    )


def _row(
    title: str, figures: Metrics, difference: AucDifference | None, least: float, colour: str, style: str = ""
) -> str:
    better = "" if difference is None else _with_interval(difference.auc, difference.low, difference.high, "+.3f")
    cells = (
        _with_interval(figures.auc, figures.auc_low, figures.auc_high, ".3f"),
        better,
        f"{figures.average_precision:.3f}",
        f"{figures.brier:.3f}",
        f"{figures.ece:.3f}",
    )
    numbers = "".join(f"<td class=n>{cell}</td>" for cell in cells)
    dot = _dot(figures, least, colour)
    return f'<tr class="{style}"><td class="words">{text(title)}</td><td class="chart">{dot}</td>{numbers}</tr>'


def _with_interval(value: float, low: float, high: float, form: str) -> str:
    return f"{value:{form}}<small>{low:{form}} to {high:{form}}</small>"


def _dot(figures: Metrics, least: float, colour: str) -> str:
    def x(auc: float) -> float:
        return round(MARGIN + (WIDTH - 2 * MARGIN) * (auc - least) / (1 - least), 1)

    return (
        f'<svg viewBox="0 0 {WIDTH:.0f} 24" preserveAspectRatio="none" aria-hidden="true">'
        f'<line x1="{x(0.5)}" x2="{x(0.5)}" y1="0" y2="24" stroke="{GREY}" stroke-dasharray="2 2"/>'
        f'<line x1="{x(figures.auc_low)}" x2="{x(figures.auc_high)}" y1="12" y2="12" stroke="{colour}" stroke-width="3"/>'
        f'<circle cx="{x(figures.auc)}" cy="12" r="4.5" fill="{colour}"/></svg>'
    )


def _inside(manifest: Manifest) -> str:
    ensemble = manifest.ensemble
    if len(ensemble.head_names) < 2:
        return ""
    weights = "; ".join(
        f"{title_of_model(name)} {weight:.2f}"
        for name, weight in zip(ensemble.head_names, ensemble.head_weights, strict=True)
    )
    return note(f"The model weighs its heads so: {weights}.")
