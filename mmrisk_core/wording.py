"""Numbers as text, as a person would write them."""

from __future__ import annotations


def number(value: float) -> str:
    """A number with as many digits as say something."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def tile_width(metres: float | None) -> str:
    """How wide tiles are, as words that follow them; nothing where they are rows of a table."""
    return "" if metres is None else f" of {metres:,.5g} m"


def duration(seconds: float) -> str:
    """A length of time, in the unit that suits it."""
    if seconds < 90:
        return f"{seconds:.0f} seconds"
    return f"{seconds / 60:.0f} minutes" if seconds < 90 * 60 else f"{seconds / 3600:.1f} hours"
