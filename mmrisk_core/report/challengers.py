"""The ladder: what each simpler model reaches on the same folds."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from mmrisk_core.bundle.manifest import Manifest
from mmrisk_core.evaluation.metrics import AucDifference, Metrics
from mmrisk_core.html.page import BLUE, GREY, ORANGE, note, render, section
from mmrisk_core.report.titles import title_of_model
from mmrisk_core.training.challengers import random_flatters
from mmrisk_core.wording import counted

HEAD = ("AUC and 95% interval", "The model is better by", "Average precision", "Brier", "Calibration error")
WIDTH, MARGIN = 200.0, 4.0


def ladder_section(manifest: Manifest) -> Markup:
    """Figures of all challengers and of the model as a table with a drawing in it; nothing without validation."""
    validation = manifest.validation
    whole = validation.figures
    if whole is None:
        return Markup()
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
        how = "as random folds would flatter it" if random_flatters(validation) else "on random folds"
        rows.append(_row(f"The model, {how}", validation.random, difference, least, ORANGE))
    body = render("challengers", head=HEAD, rows=rows, width=round(WIDTH), chance=_place(0.5, least), grey=GREY)
    chance = validation.prevalence or whole.ones / whole.tiles
    return section(
        "What adds what",
        "Simpler models answer for the same tiles on the same folds. What the model gains over them is what it is for.",
        body + _inside(manifest),
        [
            "AUC: of a tile labelled high-risk and one labelled 0, how often the first is ranked higher; 0.5 is chance. "
            "'Better by' is the difference in AUC on the same tiles, with its own 95% interval: where that includes "
            "0, nothing can be said.",
            f"Average precision: how pure the top of the list is; chance is {chance:.2g}. Brier and calibration error: "
            "distance between probability and outcome; lower is better. 'Luck' is the calibration error that true "
            "probabilities would show, by chance, on so many tiles.",
        ],
    )


def _row(
    title: str, figures: Metrics, difference: AucDifference | None, least: float, colour: str, style: str = ""
) -> dict[str, Any]:
    """What the template shows of a model."""
    better = ("", "")
    if difference is not None:
        better = (f"{difference.auc:+.3f}", f"{difference.low:+.3f} to {difference.high:+.3f}")
    return {
        "title": title,
        "style": style,
        "colour": colour,
        "low": _place(figures.auc_low, least),
        "middle": _place(figures.auc, least),
        "high": _place(figures.auc_high, least),
        "cells": [
            (f"{figures.auc:.3f}", f"{figures.auc_low:.3f} to {figures.auc_high:.3f}"),
            better,
            *((f"{value:.3f}", "") for value in (figures.average_precision, figures.brier)),
            (f"{figures.ece:.3f}", "" if figures.ece_of_perfect is None else f"luck: {figures.ece_of_perfect:.3f}"),
        ],
    }


def _place(auc: float, least: float) -> float:
    """Where an AUC lies across the drawing."""
    return round(MARGIN + (WIDTH - 2 * MARGIN) * (auc - least) / (1 - least), 1)


def _inside(manifest: Manifest) -> Markup:
    ensemble = manifest.ensemble
    own, others = "", "A new tile"
    if ensemble.unseen:
        own = " A tile that was learnt from gets such an answer in the risk layer too (learnt_from is 1)."
        others = "Any other tile"
    members = note(
        f"Figures are of single members, each asked about tiles that it had not seen.{own} {others} gets the mean of all "
        f"{counted(len(ensemble.member_configs), 'member')}, which can only be judged on other labelled tiles."
    )
    if len(ensemble.head_names) < 2:
        return members
    weights = "; ".join(
        f"{title_of_model(name)} {weight:.2f}"
        for name, weight in zip(ensemble.head_names, ensemble.head_weights, strict=True)
    )
    return members + note(f"The model weighs its heads so: {weights}.")
