"""The data card: what the model was shown."""

from __future__ import annotations

import numpy as np
from markupsafe import Markup

from mmrisk_core.arrays import FloatArray
from mmrisk_core.bundle.manifest import Manifest
from mmrisk_core.evaluation.evidence import Evidence
from mmrisk_core.geo.recipe import LabelStep
from mmrisk_core.html.page import facts, section, table
from mmrisk_core.wording import number, percent


def data_card_section(manifest: Manifest, evidence: Evidence) -> Markup:
    """Tiles, label and attributes, with how attributes differ between tiles labelled 1 and 0."""
    label = evidence.label
    rows: dict[str, list[str]] = {
        "Tiles": [
            f"{len(label):,}, of them {label.sum():,.0f} labelled high-risk and {len(label) - label.sum():,.0f} labelled 0"
        ]
    }
    if evidence.weight is not None:
        rows["All tiles"] = [f"{percent(evidence.prevalence)} are high-risk, as was said when the model was trained"]
    if evidence.events is not None:
        most = np.sort(evidence.events)[::-1][: max(1, len(label) // 100)].sum() / max(evidence.events.sum(), 1)
        rows["Events"] = [f"{evidence.events.sum():,.0f}; the fullest 1% of the tiles hold {most:.0%} of them"]
    rule = manifest.recipe.label
    if rule is not None and evidence.fold is not None:
        rows["High-risk where"] = [label_rule(rule)]
    units = {a.name: a.unit for a in manifest.attributes}
    body = facts(rows)
    if evidence.attributes:
        head = ["Attribute", "Unit", "5%", "Median", "95%", "Missing", "Median, high-risk", "Median, labelled 0"]
        lines = [
            [name, units.get(name, ""), *_quantiles(column), f"{np.isnan(column).mean():.0%}",
             _median(column[label == 1]), _median(column[label == 0])]
            for name, column in zip(evidence.attributes, evidence.tabular.T, strict=True)
        ]  # fmt: skip
        body += table(head, lines, words=2)
    return section(
        "Data card",
        "What the tiles looked like.",
        body,
        ["Check that units and ranges are those you expect, and that nothing is missing in just one part of the map."],
    )


def label_rule(rule: LabelStep) -> str:
    """When a tile is high-risk, in words that follow 'where'."""
    what = "expected events" if rule.empirical_bayes == "label" else f"'{rule.layer}'"
    return {
        "count": f"it holds at least {rule.threshold:g} of {what}",
        "top_share": f"it is among the {rule.threshold:.0%} with the most of {what}",
        "per_exposure": f"it holds at least {rule.threshold:g} of {what} per unit of exposure",
    }[rule.rule]


def rest_rule(rule: LabelStep | None) -> str:
    """What it means that a tile is labelled 0, as a sentence: not that it is safe."""
    if rule is None:
        return "All others are labelled 0 by that field, which does not say that they are safe."
    if rule.empirical_bayes == "label":
        what = "fewer events are expected"
    elif rule.rule == "count" and rule.threshold <= 1 and rule.weight_field is None:
        what = "none was recorded"
    else:
        what = "less, or nothing, was recorded"
    return f"All others are labelled 0: {what} there, which does not make them safe."


def _quantiles(column: FloatArray) -> list[str]:
    known = column[~np.isnan(column)]
    return [number(value) for value in np.quantile(known, (0.05, 0.5, 0.95))] if len(known) else [""] * 3


def _median(column: FloatArray) -> str:
    known = column[~np.isnan(column)]
    return number(float(np.median(known))) if len(known) else ""
