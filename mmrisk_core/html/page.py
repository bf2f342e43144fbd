"""The page that sections stand on: one file, readable on paper and on a telephone, that asks for nothing elsewhere.

What is plain text is escaped where it is put in; what is HTML already says so by its type, :class:`markupsafe.Markup`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

INK, GREY, BLUE, ORANGE, RED = "#1b2733", "#8896a5", "#1f5fa8", "#c7611a", "#bd0026"


def render(template: str, **values: object) -> Markup:
    """A template of this package with values in it; plain text among them can do nothing in a page.

    :param template: its name, without the suffix.
    :param values: what it names.
    """
    return Markup(_environment().get_template(f"{template}.html").render(values).strip())  # noqa: S704  # nosec B704


@lru_cache(maxsize=1)
def _environment() -> Environment:
    loader = PackageLoader("mmrisk_core.html")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined)


def page(over: str, title: str, lines: Sequence[str], sections: Sequence[Markup]) -> str:
    """A whole page as HTML text.

    :param over: a line above the title.
    :param title: what the page asks or is called.
    :param lines: what stands below the title.
    :param sections: what the page holds.
    """
    return str(render("page", over=over, title=title, lines=lines, sections=sections))


def section(title: str, lead: str, body: Markup, readings: Sequence[str] = ()) -> Markup:
    """A section: what it asks, what there is to see, and what that means in plain words.

    :param title: its heading.
    :param lead: what it is about.
    :param body: tables and pictures.
    :param readings: how to read them.
    """
    return render("section", title=title, lead=lead, body=body, readings=readings)


def scrolling(body: Markup) -> Markup:
    """What is too wide for a telephone, so that it can be moved there."""
    return Markup('<div class="scroll">{}</div>').format(body)


def warning(sentence: str) -> Markup:
    """A sentence that must not be overlooked."""
    return Markup('<div class="warning"><p>{}</p></div>').format(sentence)


def alarm(sentence: str) -> Markup:
    """A warning in red: a sentence without which the figures mislead."""
    return Markup('<div class="warning alarm"><p>{}</p></div>').format(sentence)


def note(sentence: str) -> Markup:
    """A sentence in small print."""
    return Markup('<p class="note">{}</p>').format(sentence)


def paragraph(sentence: str) -> Markup:
    """A sentence by itself."""
    return Markup("<p>{}</p>").format(sentence)


def heading(title: str) -> Markup:
    """A heading within a section."""
    return Markup("<h3>{}</h3>").format(title)


def side_by_side(parts: Sequence[Markup]) -> Markup:
    """Parts beside each other where there is room."""
    return Markup('<div class="row">{}</div>').format(Markup().join(parts))


def table(head: Sequence[str], rows: Sequence[Sequence[str]], words: int = 1) -> Markup:
    """A table of plain text; all columns after the first ``words`` hold numbers."""
    return render("table", head=head, rows=rows, words=words)


def facts(rows: Mapping[str, Sequence[str]]) -> Markup:
    """A table of names and what there is to say of each, line by line; plain text."""
    return render("facts", rows=rows)
