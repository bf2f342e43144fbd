"""Texts of others, where QGIS or Qt would take them for markup.

Models, layers, files and servers come from anybody, and with them names, units, categories, paths, and all sentences that
quote these. Labels of the plugin show plain text (``gui/widgets/sentence_label.py``); whatever goes elsewhere goes through
one of these functions first. ``tests/plugin/test_plain_text.py`` lists the calls that need one.
"""

from __future__ import annotations

import html
import re

LOG_IS_TEXT = 34400
JOINER = "\u2060"
"""The word joiner, which has no width: behind a ``<`` it keeps what follows from being a tag."""
_BEGINS_MARKUP = re.compile(f"<(?!{JOINER})|&(?=lt;)")


def escaped(text: str) -> str:
    """A text for what is HTML in any case, such as the message bar, the log panel and metadata; not for an attribute."""
    return html.escape(text, quote=False)


def logged(text: str, qgis_version: int) -> str:
    """A text for QGIS's log panel, which takes all for HTML before version 3.44.

    :param qgis_version: as ``Qgis.versionInt()``.
    """
    return text if qgis_version >= LOG_IS_TEXT else escaped(text)


def literal(text: str) -> str:
    """A text for what shows markup where a text looks like it, and any other text as it is: tool tips, message boxes.

    Nobody sees a difference, and it can be printed too. Where HTML is meant in any case, it has no tags, but may lack words.
    """
    return _BEGINS_MARKUP.sub(rf"\g<0>{JOINER}", text)


def menu_text(text: str) -> str:
    """A text for a menu or a button, where ``&`` would mark an access key."""
    return text.replace("&", "&&")


def escaped_expression(expression: str) -> str:
    """An expression for a map tip, which is HTML: its value, escaped.

    :param expression: of QGIS. Names do not belong into it, since a template ends where one of them has ``%]``.
    """
    for character, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        expression = f"replace({expression}, '{character}', '{entity}')"
    return expression


def shortened(path: str, most: int = 40) -> str:
    """A path whose end can be read where there is little room."""
    return path if len(path) <= most else f"…{path[len(path) - most :]}"
