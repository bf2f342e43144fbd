"""What challengers and heads are called where people read of them."""

from __future__ import annotations

TITLES = {
    "prevalence": "Knowing only how common the label is",
    "attributes_linear": "Attributes alone, logistic regression",
    "attributes_boosting": "Attributes alone, gradient boosting",
    "attributes_tabm": "Attributes alone, TabM network",
    "image_linear": "Imagery alone",
    "joint_linear": "Attributes and imagery, jointly linear",
    "fused": "Fused, end to end",
}


def title_of_model(name: str) -> str:
    """The title of a challenger or head; its own name where it has none."""
    return TITLES.get(name, name)
