"""A model judged elsewhere: the verdict there, and how far that area is one it knows."""

from __future__ import annotations

import math

from markupsafe import Markup

from mmrisk_core.bundle.manifest import Manifest
from mmrisk_core.evaluation.metrics import Metrics
from mmrisk_core.html.page import alarm, facts, paragraph, section, table, warning
from mmrisk_core.prediction.evaluate import ModelEvaluation
from mmrisk_core.report.curves import on_the_whole
from mmrisk_core.report.verdict import captured, headline, numbers
from mmrisk_core.training.challengers import no_signal
from mmrisk_core.training.circular_labels import circularity
from mmrisk_core.wording import counted, percent, tile_width


def elsewhere_verdict_section(manifest: Manifest, evaluation: ModelEvaluation) -> Markup:
    """What the model is worth here, beside what its validation promised."""
    figures, promised = evaluation.figures, manifest.validation.figures
    lead = (
        f"{counted(figures.tiles, 'tile')} of '{evaluation.title}', {figures.ones:,} of them "
        f"({percent(evaluation.observed)}) labelled high-risk by the field '{evaluation.label}'."
    )
    body = warning(evaluation.warning) if evaluation.warning else Markup()
    if evaluation.label_attributes:
        body += alarm(circularity(evaluation.label_attributes))
    tiles = [
        (
            f"{figures.auc:.2f}",
            f"AUC here, 95% interval {figures.auc_low:.2f} to {figures.auc_high:.2f}; 0.5 is a coin",
        ),
        captured(evaluation.evidence),
        (f"{evaluation.tiles_inside / figures.tiles:.0%}", "of these tiles are like those it learnt from"),
    ]
    readings = [
        f"{on_the_whole(evaluation.evidence)} They should be, where the label is made by the same rule, over as long "
        "a period, and tiles were not chosen by it; even where they are not, ranks may be used."
    ]
    if promised is not None:
        readings.insert(0, _against_promise(figures, promised))
    if figures.has_signal:
        body += headline(figures.auc, figures.auc_low, figures.auc_high)
    else:
        body += warning(no_signal(figures)) + paragraph("Do not use its map of this area to choose places.")
    return section("The verdict", lead, body + numbers(tiles), readings)


def _against_promise(here: Metrics, promised: Metrics) -> str:
    gap = here.auc - promised.auc
    # Other tiles, so the two are independent and their squared half-widths add up.
    half = math.hypot((here.auc_high - here.auc_low) / 2, (promised.auc_high - promised.auc_low) / 2)
    sentence = (
        f"In its own validation, on places not seen, the AUC was {promised.auc:.2f} ({promised.auc_low:.2f} to "
        f"{promised.auc_high:.2f})"
    )
    if abs(gap) <= half:
        return f"{sentence}: here it keeps that, as far as can be told ({gap:+.2f}, give or take {half:.2f})."
    word = "more" if gap > 0 else "less"
    return f"{sentence}: here it is {abs(gap):.2f} {word} ({abs(gap) - half:.2f} to {abs(gap) + half:.2f})."


def area_section(manifest: Manifest, evaluation: ModelEvaluation) -> Markup:
    """Where the model was trained and where it is judged, and how it does inside the area of applicability."""
    where, figures = manifest.provenance, evaluation.figures
    outside = figures.tiles - evaluation.tiles_inside
    body = facts(
        {
            "Trained in": [
                _somewhere(where.crs, where.extent),
                f"{counted(where.tiles, 'tile')}{tile_width(where.tile_size)}",
            ],
            "Judged in": [
                _somewhere(evaluation.crs, evaluation.extent),
                f"{counted(figures.tiles, 'tile')}{tile_width(evaluation.tile_size)}{_seen(evaluation.tiles_seen)}",
            ],
        }
    )
    rows = [_row("All tiles", figures)]
    if evaluation.inside is not None:
        rows.append(_row("Inside the area of applicability", evaluation.inside))
    head = ["", "Tiles", "High-risk", "AUC", "95% interval", "Average precision", "Brier", "Calibration error"]
    body += table([*head, "That of a perfect model"], rows)
    if outside == 0:
        reading = "All tiles are like those that the model learnt from."
    elif evaluation.inside is None:
        reading = (
            f"{counted(evaluation.tiles_inside, 'tile is', 'tiles are')} like those that it learnt from: too few, or of one "
            "label only, to judge it on them alone."
        )
    else:
        reading = (
            f"{counted(outside, 'tile is', 'tiles are')} unlike all that the model learnt from, or without imagery. "
            "There its probabilities are extrapolation; the risk layer hatches such tiles."
        )
    return section(
        "Does the model know such places?",
        "The area of applicability holds the tiles that are like those of the training (Meyer and Pebesma 2021).",
        body,
        [reading],
    )


def _row(title: str, figures: Metrics) -> list[str]:
    return [
        title,
        f"{figures.tiles:,}",
        f"{figures.ones:,}",
        f"{figures.auc:.3f}",
        f"{figures.auc_low:.3f} to {figures.auc_high:.3f}",
        f"{figures.average_precision:.3f}",
        f"{figures.brier:.3f}",
        f"{figures.ece:.3f}",
        "" if figures.ece_of_perfect is None else f"{figures.ece_of_perfect:.3f}",
    ]


def _somewhere(crs: str | None, extent: tuple[float, float, float, float] | None) -> str:
    return "a table without geometry" if crs is None or extent is None else f"{crs[:60]}, extent {_edges(extent)}"


def _seen(tiles: int | None) -> str:
    return "" if tiles is None else f", {tiles:,} of them in the extent of the training"


def _edges(extent: tuple[float, float, float, float]) -> str:
    digits = 0 if max(map(abs, extent)) > 360 else 4
    return ", ".join(f"{edge:.{digits}f}" for edge in extent)
