"""The contact sheet: tiles to look at with one's own eyes."""

from __future__ import annotations

import numpy as np

from mmrisk_core.evaluation.evidence import Evidence, IntArray, choose_examples
from mmrisk_core.html.charts import photograph
from mmrisk_core.html.page import number, section, table, text

MAX_COLUMNS = 5


def contact_sheet_section(evidence: Evidence) -> str:
    """The most and the least risky tiles, the worst misses and the worst false alarms; a table where there is no image."""
    examples = choose_examples(evidence.label, evidence.risk)
    groups = {
        "Highest risk": examples.riskiest,
        "Lowest risk": examples.safest,
        "Worst misses: high-risk, but not seen as such": examples.misses,
        "Worst false alarms: seen as high-risk, but not": examples.false_alarms,
    }
    show = _thumbnails if evidence.thumbnails else _table
    body = "".join(f"<h3>{text(title)}</h3>{show(evidence, rows)}" for title, rows in groups.items())
    lead = "The number of a tile is that in the tile layer"
    return section(
        "See for yourself",
        f"{lead}."
        if evidence.fold is None
        else f"{lead}; the risk is what the model said without having seen the tile.",
        body,
        [
            "What do the misses have in common that the model could not know? Are the false alarms places where luck was "
            "good so far? Someone who knows the area sees in minutes what no figure tells."
        ],
    )


def _thumbnails(evidence: Evidence, rows: IntArray) -> str:
    return f'<div class="sheet">{"".join(_thumbnail(evidence, int(row)) for row in rows)}</div>'


def _thumbnail(evidence: Evidence, row: int) -> str:
    name = f"tile {evidence.tile_id[row]}"
    picture = photograph(name, evidence.thumbnails[row]) if row in evidence.thumbnails else "<p>no imagery</p>"
    style, label = ("one", "high-risk") if evidence.label[row] == 1 else ("zero", "low-risk")
    return (
        f"<figure>{picture}<figcaption>{name}<br>risk {evidence.risk[row]:.2f}<br>"
        f'is <span class="{style}">{label}</span></figcaption></figure>'
    )


def _table(evidence: Evidence, rows: IntArray) -> str:
    names = [i.name for i in evidence.importance if i.kind == "attribute"] or list(evidence.attributes)
    columns = [evidence.attributes.index(name) for name in names[:MAX_COLUMNS]]
    body = [
        [
            f"{evidence.tile_id[row]}",
            "high" if evidence.label[row] == 1 else "low",
            f"{evidence.risk[row]:.2f}",
            *("missing" if np.isnan(value) else number(value) for value in evidence.tabular[row, columns]),
        ]
        for row in rows
    ]
    return table(["Tile", "Label", "Risk", *(evidence.attributes[column] for column in columns)], body, words=2)
