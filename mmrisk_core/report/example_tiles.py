"""The contact sheet: tiles to look at with one's own eyes."""

from __future__ import annotations

from typing import Any

import numpy as np
from markupsafe import Markup

from mmrisk_core.arrays import IntArray
from mmrisk_core.evaluation.evidence import Evidence, choose_examples
from mmrisk_core.html.charts import photograph
from mmrisk_core.html.page import heading, render, section, table
from mmrisk_core.wording import number, percent

MAX_COLUMNS = 5


def contact_sheet_section(evidence: Evidence) -> Markup:
    """The most and the least risky tiles, the worst misses and the worst false alarms; a table where there is no image."""
    examples = choose_examples(evidence.label, evidence.risk)
    groups = {
        "Highest risk": examples.riskiest,
        "Lowest risk": examples.safest,
        "Worst misses: labelled high-risk, but not seen as such": examples.misses,
        "Worst false alarms: seen as high-risk, but labelled 0": examples.false_alarms,
    }
    show = _thumbnails if evidence.thumbnails else _table
    body = Markup().join(heading(title) + show(evidence, rows) for title, rows in groups.items())
    lead = "The number of a tile is that in the tile layer"
    return section(
        "See for yourself",
        f"{lead}."
        if evidence.fold is None
        else f"{lead}; the risk is what the model said without having seen the tile.",
        body,
        [
            "What do the misses have in common that the model could not know? A label of 0 says that nothing, or too "
            "little, was recorded, not that a tile is safe: are the false alarms places where luck was good so far? Someone "
            "who knows the area sees in minutes what no figure tells."
        ],
    )


def _thumbnails(evidence: Evidence, rows: IntArray) -> Markup:
    return render("tiles", tiles=[_thumbnail(evidence, int(row)) for row in rows])


def _thumbnail(evidence: Evidence, row: int) -> dict[str, Any]:
    """What the template shows of a tile."""
    name = f"tile {evidence.tile_id[row]}"
    return {
        "name": name,
        "picture": photograph(name, evidence.thumbnails[row]) if row in evidence.thumbnails else None,
        "risk": percent(evidence.risk[row]),
        "is_high": evidence.label[row] == 1,
    }


def _table(evidence: Evidence, rows: IntArray) -> Markup:
    names = [i.name for i in evidence.importance if i.kind == "attribute"] or list(evidence.attributes)
    columns = [evidence.attributes.index(name) for name in names[:MAX_COLUMNS]]
    body = [
        [
            f"{evidence.tile_id[row]}",
            f"{evidence.label[row]:.0f}",
            percent(evidence.risk[row]),
            *("missing" if np.isnan(value) else number(value) for value in evidence.tabular[row, columns]),
        ]
        for row in rows
    ]
    return table(["Tile", "Label", "Risk", *(evidence.attributes[column] for column in columns)], body, words=2)
