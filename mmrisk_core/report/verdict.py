"""The verdict: what a model is worth, before anything else."""

from __future__ import annotations

from markupsafe import Markup

from mmrisk_core.bundle.manifest import Manifest, ValidationResult
from mmrisk_core.evaluation.evidence import Evidence
from mmrisk_core.evaluation.metrics import Metrics, capture_rate
from mmrisk_core.html.page import alarm, paragraph, render, section, warning
from mmrisk_core.training.challengers import findings
from mmrisk_core.training.circular_labels import circularity, on_later_events
from mmrisk_core.training.leaks import leakage
from mmrisk_core.wording import counted, of_all_tiles, percent, tile_width

TOP = 0.1


def verdict_section(manifest: Manifest, evidence: Evidence | None) -> Markup:
    """What was found in validation, in one sentence, three numbers and the findings of the ladder."""
    validation, where = manifest.validation, manifest.provenance
    figures, later = validation.figures, validation.observed_later
    lead = (
        f"Trained on {counted(where.tiles, 'tile')}{tile_width(where.tile_size)}, {where.ones:,} of them "
        f"({percent(where.ones / where.tiles)}) labelled high-risk by the field '{manifest.label}'."
    )
    leaks = alarm(leakage(validation.leaking)) if validation.leaking else Markup()
    if figures is None:
        body = leaks + warning(
            "The model was not validated: nothing is known of how well it does in places it has not seen."
        )
        if validation.label_attributes:
            body += alarm(circularity(validation.label_attributes))
        return section("The verdict", lead, body)
    body = paragraph(f"{_how_validated(validation)} {_what_figures_are_of(manifest)}".strip()) + leaks
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
            "These figures are likely to be optimistic: on random folds a model is asked about the neighbours of tiles that "
            f"it has seen, and neighbours look alike. {better}"
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
        (
            percent(figures.ece),
            f"usual distance between the probability it gives and what is recorded{beside_luck(figures)}",
        ),
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


def _how_validated(validation: ValidationResult) -> str:
    folds = counted(validation.folds, "fold")
    if validation.kind == "groups":
        return (
            f"It was validated in {folds} of whole groups by the field '{validation.group_column}', so that it is judged on "
            "groups it has not seen."
        )
    if validation.kind == "random":
        return f"It was validated in {counted(validation.folds, 'random fold')}."
    size, alike = validation.block_size or 0.0, validation.alike_up_to
    number = "" if validation.blocks is None else f" ({counted(validation.blocks, 'block')})"
    sentence = (
        f"It was validated in {folds} of whole blocks of {size:,.0f} m{number}, so that it is judged on places it has not "
        "seen."
    )
    if alike is None:
        return sentence
    if alike == 0:
        return f"{sentence} In their label, neighbours are no more alike than other tiles, as far as can be told."
    sentence += f" In what the label shows, tiles are alike up to {alike:,.0f} m"
    if alike > size:
        return f"{sentence}: that is more than a block is wide, so the figures are likely to be optimistic."
    return f"{sentence}, and a block is at least as wide."


def _what_figures_are_of(manifest: Manifest) -> str:
    """A sentence where tiles were chosen by their label, else nothing."""
    prevalence, where = manifest.validation.prevalence, manifest.provenance
    if prevalence is not None:
        return of_all_tiles(prevalence, where.ones / where.tiles)
    if manifest.ensemble.prevalence_shift:
        return "Its risk is that of all tiles, while the figures are of the labelled ones, which were chosen by their label."
    return ""


def beside_luck(figures: Metrics) -> str:
    """Whether a calibration error is within chance, as words that follow it; nothing where that is not known."""
    if figures.ece_of_perfect is None or figures.ece_of_perfect_high is None:
        return ""
    perfect, high = percent(figures.ece_of_perfect), percent(figures.ece_of_perfect_high)
    beside = f"; a perfect model would show {perfect} at this number of tiles, and rarely more than {high}"
    return f"{beside}: it is {'within' if figures.ece <= figures.ece_of_perfect_high else 'more than'} chance"


def headline(auc: float, low: float, high: float) -> Markup:
    """What an AUC means, as a sentence that stands out."""
    return render("headline", auc=f"{auc:.0%}", low=f"{low:.0%}", high=f"{high:.0%}")


def captured(evidence: Evidence) -> tuple[str, str]:
    """How much lies in the tenth of the tiles of highest risk: a number, and what it is."""
    amount, what = (evidence.label, "high-risk tiles") if evidence.events is None else (evidence.events, "events")
    return (
        f"{capture_rate(evidence.risk, amount, TOP, evidence.weight):.0%}",
        f"of all {what} lie in the tenth of the tiles that it ranks highest",
    )


def numbers(tiles: list[tuple[str, str]]) -> Markup:
    """Large numbers side by side, each with what it is."""
    return render("numbers", numbers=tiles)
