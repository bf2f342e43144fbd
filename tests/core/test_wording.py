"""Numbers as text; and everywhere else numbers of things through the one helper, so that nobody reads of 1 tiles."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from mmrisk_core.wording import counted, duration, of_all_tiles, percent

ENGINE = Path(__file__).resolve().parents[2] / "mmrisk_core"
# What can be counted, in the words of the engine; an adjective may stand before.
THINGS = (
    "attribute|band|block|check|column|crash|edge|effect|event|feature|field|fold|group|head|image|layer|line|look|member|"
    "model|month|part|picture|pixel|place|point|polygon|process|raster|road|row|second|section|shard|square|step|tile|"
    "value|year"
)
PLURALS = re.compile(rf"^ (?:(?!in |its )[a-z]+ )?(?:{THINGS})e?s\b")
# Not a number of things, or never 1: a rate, a formula, the side of a square, a kind of pixel.
NOT_COUNTED = {
    "self.rate",
    "function.formula",
    "side",
    "size",
    "'8-bit' if image.dtype == 'uint8' else 'more than 8-bit'",
}


def is_bound(node: ast.expr) -> bool:
    """Whether it is a constant of a module, which is never 1."""
    return ast.unparse(node).split("[")[0].isupper()


def uncounted(file: Path) -> list[str]:
    found = []
    for text in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not isinstance(text, ast.JoinedStr):
            continue
        for before, after in zip(text.values, text.values[1:], strict=False):
            if not (isinstance(before, ast.FormattedValue) and isinstance(after, ast.Constant)):
                continue
            if PLURALS.match(str(after.value)) and not (
                is_bound(before.value) or ast.unparse(before.value) in NOT_COUNTED
            ):
                found.append(
                    f"{file.relative_to(ENGINE.parent)}:{text.lineno}: {{{ast.unparse(before.value)}}}{after.value}"
                )
    return found


def test_numbers_of_things_are_counted():
    assert [line for file in sorted(ENGINE.rglob("*.py")) for line in uncounted(file)] == []


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 tiles"), (1, "1 tile"), (1.0, "1 tile"), (1.5, "1.5 tiles"), (2, "2 tiles"), (12345, "12,345 tiles")],
)
def test_one_is_singular(count, text):
    assert counted(count, "tile") == text


def test_a_verb_goes_with_its_number():
    assert counted(1, "tile has", "tiles have") == "1 tile has"
    assert counted(1234567, "tile has", "tiles have") == "1,234,567 tiles have"


def test_small_shares_have_digits():
    assert [percent(share) for share in (0.3, 0.041, 0.0025, 0.0, 1.0)] == ["30%", "4.1%", "0.25%", "0%", "100%"]
    assert of_all_tiles(0.02, 0.3) == (
        "Figures are of all tiles, of which 2.0% are high-risk; 30% of the labelled ones are."
    )


def test_durations_are_counted_too():
    assert [duration(seconds) for seconds in (1, 60, 90, 3600, 7200)] == [
        "1 second", "60 seconds", "2 minutes", "60 minutes", "2.0 hours",
    ]  # fmt: skip
