"""The unit of an attribute, guessed from its name."""

from __future__ import annotations

UNITS = {"length": "m", "area": "m2", "count": "features"}
"""By the last part of the name, as a join writes it: ``roads_length``."""


def unit_of(name: str) -> str:
    """The unit that an attribute's values are shown with; empty where the name does not tell."""
    return UNITS.get(name.rsplit("_", 1)[-1], "")
