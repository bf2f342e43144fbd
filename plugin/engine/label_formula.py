"""Which fields of the tiles a label was computed from, as the recipe of the tiles tells.

The engine knows the same as ``LabelStep.formula_fields``, and looks at the values too; a test holds both to each other.
"""

from __future__ import annotations

import json
from typing import Any

LABELS = ("label", "label_later")
SHAPEFILE_NAME = 10


def fields_in_label(recipe: str | None, label: str, features: list[str]) -> list[str]:
    """Those of some fields that are part of a label, also under the ten characters that a shapefile leaves of a name.

    :param recipe: of the tiles, as JSON; a damaged one is for the engine to complain of.
    """
    try:
        step = json.loads(recipe or "{}").get("label")
        formula = formula_fields(step) if isinstance(step, dict) else []
    except (ValueError, AttributeError):
        return []
    if label not in _also_short(LABELS):
        return []
    known = _also_short(formula)
    return [name for name in features if name in known]


def formula_fields(step: dict[str, Any]) -> list[str]:
    """The fields of the tiles that the label of a recipe's step is computed from, beside the events."""
    by_expected = step.get("empirical_bayes") == "label"
    exposure = step.get("exposure_field") if by_expected or step.get("rule") == "per_exposure" else None
    length = step.get("length_field") if by_expected else None
    return list(dict.fromkeys(str(field) for field in (exposure, length) if field))


def _also_short(names: Any) -> set[str]:
    return {*names, *(name[:SHAPEFILE_NAME] for name in names)}
