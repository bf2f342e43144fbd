"""Numbers as text, as a person would write them."""

from __future__ import annotations

from collections.abc import Sequence

RISK_INTERVAL = (
    "risk_low and risk_high hold a tile's own true probability in about nine of ten cases. They count how few tiles the "
    "model learnt from and, as far as its errors on tiles not seen show it, what differs from tile to tile without the "
    "model seeing it; they do not know of errors in the records."
)
EARLIER_INTERVAL = (
    "risk_low and risk_high are a 90% interval of the mean of tiles that are alike to the model, which an earlier version "
    "made: it does not count what differs from tile to tile without the model seeing it."
)


def risk_interval(is_measured: bool) -> str:
    """What the interval of a risk layer is, wherever it is explained.

    :param is_measured: whether the model knows how much it does not see.
    """
    return RISK_INTERVAL if is_measured else EARLIER_INTERVAL


def number(value: float) -> str:
    """A number with as many digits as say something."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def counted(count: float, one: str, many: str = "") -> str:
    """How many there are of something: ``1 tile``, ``2 tiles``.

    :param one: what one of them is called, with a verb where one follows: ``tile has``.
    :param many: what several are called, where an s at the end does not do.
    """
    return f"{number(count)} {by_number(count, one, many or one + 's')}"


def by_number(count: float, one: str, many: str) -> str:
    """What goes with a number of things, such as a verb behind ``3 of 5 tiles``: ``one`` with 1, else ``many``."""
    return one if count == 1 else many


def quoted(names: Sequence[str]) -> str:
    """Names in a sentence: ``'a'``, ``'a', 'b' and 'c'``."""
    each = [f"'{name}'" for name in names]
    return " and ".join([", ".join(each[:-1]), each[-1]] if len(each) > 1 else each)


def percent(share: float) -> str:
    """A share, finer where it is small: ``30%``, ``4.1%``, ``0.25%``."""
    digits = 0 if share >= 0.1 or share == 0 else 1 if share >= 0.01 else 2
    return f"{share:.{digits}%}"


def of_all_tiles(prevalence: float, labelled: float) -> str:
    """What figures are of where tiles were chosen by their label, as a sentence.

    :param prevalence: share of high-risk tiles among all.
    :param labelled: the same among the labelled ones.
    """
    return (
        f"Figures are of all tiles, of which {percent(prevalence)} are high-risk; {percent(labelled)} of the labelled ones "
        "are."
    )


def tile_width(metres: float | None) -> str:
    """How wide tiles are, as words that follow them; nothing where they are rows of a table."""
    return "" if metres is None else f" of {metres:,.5g} m"


def duration(seconds: float) -> str:
    """A length of time, in the unit that suits it."""
    if seconds < 90:
        return counted(round(seconds), "second")
    return counted(round(seconds / 60), "minute") if seconds < 90 * 60 else f"{seconds / 3600:.1f} hours"
