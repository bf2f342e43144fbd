"""What is said of a tile in words: which tile it is, why to be careful, how the risk moves."""

from __future__ import annotations

from typing import Any

from ...engine.job_schema import known_of
from ...i18n import tr
from ...locale_numbers import localised
from .risk_bar import percent

MIN_COVERAGE = known_of("predict")["min_coverage"]
MAX_NAMES = 3
MAX_LETTERS = 40


def warnings_of(tile: dict[str, Any]) -> list[str]:
    """Why not to rely on the risk of a tile, as the engine tells of it."""
    coverage, attributes = tile["coverage"], tile["attributes"]
    sentences = []
    if tile["images"] and coverage == 0:
        sentences.append(tr("There is no imagery here: the risk rests on the attributes alone. Do not rely on it."))
    elif tile["images"] and coverage < MIN_COVERAGE:
        sentences.append(
            tr("Only {share} of the imagery is there: the model sees too little to be relied on.").format(
                share=localised(f"{100 * coverage:.0f} %")
            )
        )
    elif tile["images"] and coverage < 1:
        sentences.append(
            tr("{share} of the imagery is there; the rest counts as unseen.").format(
                share=localised(f"{100 * coverage:.0f} %")
            )
        )
    if not tile["in_domain"] and not (tile["images"] and coverage < MIN_COVERAGE):
        sentences.append(tr("The tile is unlike all that the model learnt from: its risk may be far off."))
    outside = [attribute["name"] for attribute in attributes if attribute["outside"]]
    if outside:
        sentences.append(tr("Beyond what 9 in 10 tiles of the training had: {names}.").format(names=_listed(outside)))
    missing = [attribute["name"] for attribute in attributes if attribute["value"] is None]
    if missing:
        sentences.append(tr("Missing: {names}.").format(names=_listed(missing)))
    return sentences


def learnt_from_sentence() -> str:
    """What a tile that the model was trained on gets."""
    return tr("The model was trained on this tile; its risk is from the part of the model that has not seen it.")


def change_sentence(result: dict[str, Any], names: list[str]) -> str:
    """How the risk moves with other values of the attributes ``names``."""
    before, after = result["risk_before"], result["risk"]
    if len(after) == 1:
        text = tr("With other values of {names} the model would say {after} instead of {before}.")
    else:
        text = tr(
            "With other values of {names} the model would say {after} instead of {before}, as a mean of {count} selected "
            "tiles; more for {up}, less for {down} of them."
        )
    return text.format(
        names=_listed(names),
        before=percent(sum(before) / len(before)),
        after=percent(sum(after) / len(after)),
        count=localised(f"{len(after):,}"),
        up=localised(f"{sum(b > a for a, b in zip(before, after)):,}"),
        down=localised(f"{sum(b < a for a, b in zip(before, after)):,}"),
    )


def _listed(names: list[str]) -> str:
    more = len(names) - MAX_NAMES
    listed = ", ".join(shortened(name) for name in names[:MAX_NAMES])
    return tr("{names} and {n} more").format(names=listed, n=more) if more > 0 else listed


def shortened(name: str) -> str:
    """A name that leaves room for the rest of a sentence."""
    return name if len(name) <= MAX_LETTERS else name[: MAX_LETTERS - 1] + "…"
