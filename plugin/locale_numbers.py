"""Numbers in the form of the user's locale."""

from __future__ import annotations

import re

from qgis.PyQt.QtCore import QLocale

# Not what is part of a name, a path, a version or a date.
NUMBER = re.compile(r"(?<![\w./\\:-])([+−-]?)(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(?![\w/\\:]|[.,]\d|-\d)")


def localised(text: str) -> str:
    """A text with its numbers, which are written as in English, in the form of the locale."""
    locale = QLocale()

    def write(found: re.Match[str]) -> str:
        whole = found.group(2).replace(",", str(locale.groupSeparator()))
        fraction = (found.group(3) or "").replace(".", str(locale.decimalPoint()))
        return found.group(1) + whole + fraction

    return NUMBER.sub(write, text)
