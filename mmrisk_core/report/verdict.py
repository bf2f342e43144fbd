"""The verdict: what a model is worth, before anything else."""

from __future__ import annotations

from markupsafe import Markup

from mmrisk_core.bundle.manifest import Manifest
from mmrisk_core.evaluation.evidence import Evidence
from mmrisk_core.evaluation.metrics import capture_rate
from mmrisk_core.html.page import alarm, paragraph, render, section, warning
from mmrisk_core.training.challengers import findings
from mmrisk_core.training.circular_labels import circularity, on_later_events
from mmrisk_core.wording import tile_width

TOP = 0.1


def verdict_section(manifest: Manifest, evidence: Evidence | None) -> Markup:
    """What was found in validation, in one sentence, three numbers and the findings of the ladder."""
    validation, where = manifest.validation, manifest.provenance
    figures, later = validation.figures, validation.observed_later
    lead = (
        f"Trained on {where.tiles:,} tiles{tile_width(where.tile_size)}, {where.ones:,} of them "
        f"({where.ones / where.tiles:.0%}) labelled high-risk by the field '{manifest.label}'."
    )
    if figures is None:
        body = warning("The model was not validated: nothing is known of how well it does in places it has not seen.")
        if validation.label_attributes:
            body += alarm(circularity(validation.label_attributes))
        return section("The verdict", lead, body)
    how = {
        "spatial": f"It was validated in {validation.folds} folds of whole blocks of {validation.block_size or 0:,.0f} m, "
        "so that it is judged on places it has not seen.",
        "groups": f"It was validated in {validation.folds} folds of whole groups by the field '{validation.group_column}', "
        "so that it is judged on groups it has not seen.",
        "random": f"It was validated in {validation.folds} random folds.",
        "none": "",
    }[validation.kind]
    body = paragraph(how)
    if validation.label_attributes:
        body += alarm(f"{circularity(validation.label_attributes)} {on_later_events(validation)}")
    if validation.kind == "random":
        better = (
            "Validate on spatial blocks before you rely on it."
            if where.place
            else "The table does not say where its rows lie: name a field that tells related rows, such as a county "
            "(group_column), before you rely on it."
        )
        body += warning(
            "These figures are optimistic: on random folds a model is asked about the neighbours of tiles that it has "
            f"seen, and neighbours look alike. {better}"
        )
    if not figures.has_signal:
        body += Markup().join(warning(sentence) for sentence in findings(validation))
        advice = (
            "Do not use its map to choose places. Label more tiles, count events over a longer period, or add attributes "
            "that have to do with the risk, and train again."
        )
        return section("The verdict", lead, body + paragraph(advice))
    body += headline(figures.auc, figures.auc_low, figures.auc_high)
    by_what = " by a label that repeats its attributes" if validation.label_attributes else ""
    tiles = [
        (
            f"{figures.auc:.2f}",
            f"AUC{by_what}, 95% interval {figures.auc_low:.2f} to {figures.auc_high:.2f}; 0.5 is a coin, 1 perfect",
        ),
        (f"{figures.ece:.0%}", "usual distance between the probability it gives and what happens"),
    ]
    if evidence is not None:
        tiles.insert(1, captured(evidence))
    if later is not None:
        tiles.insert(
            1,
            (
                f"{later.auc:.2f}",
                f"AUC by events that were observed later, 95% interval {later.auc_low:.2f} to {later.auc_high:.2f}",
            ),
        )
    return section("The verdict", lead, body + numbers(tiles), findings(validation))


def headline(auc: float, low: float, high: float) -> Markup:
    """What an AUC means, as a sentence that stands out."""
    return render("headline", auc=f"{auc:.0%}", low=f"{low:.0%}", high=f"{high:.0%}")


def captured(evidence: Evidence) -> tuple[str, str]:
    """How much lies in the tenth of the tiles of highest risk: a number, and what it is."""
    amount, what = (evidence.label, "high-risk tiles") if evidence.events is None else (evidence.events, "events")
    return (
        f"{capture_rate(evidence.risk, amount, TOP):.0%}",
        f"of all {what} lie in the tenth of the tiles that it ranks highest",
    )


def numbers(tiles: list[tuple[str, str]]) -> Markup:
    """Large numbers side by side, each with what it is."""
    return render("numbers", numbers=tiles)
