"""Into which classes a risk layer is cut for its map: those of the model, or others that the planner chooses."""

from __future__ import annotations

import math
from dataclasses import dataclass

from qgis.core import QgsVectorLayer, QgsVectorLayerUtils
from qgis.PyQt.QtCore import QLocale

from ..i18n import tr

OF_MODEL, FIFTHS, EQUAL_STEPS, TOP, COST = range(5)
COUNT = 5
TOP_SHARES = (0.1, 0.05, 0.01)
BREAKS = "mmrisk/class_breaks"


@dataclass(frozen=True)
class Classes:
    """A way of classing.

    :param way: one of the numbers above.
    :param cost: for ``COST``: how many times what a visit in vain costs a high-risk tile costs that nobody visits.
    """

    way: int = OF_MODEL
    cost: float = 10.0


AS_THE_MODEL = Classes()


@dataclass(frozen=True)
class ShownClass:
    """One class of a map.

    :param number: what the expression gives for its tiles; from 1 on, as the colours.
    """

    number: int
    colour: int
    name: str


def way_names() -> list[str]:
    """What the ways are called, in their order."""
    return [
        tr("As the model has them"),
        tr("Fifths of the tiles"),
        tr("Equal steps"),
        tr("The top 1, 5 and 10 %"),
        tr("By what a miss costs"),
    ]


def class_names() -> tuple[str, ...]:
    """The names of classes 1 to 5."""
    return (tr("Very low"), tr("Low"), tr("Medium"), tr("High"), tr("Very high"))


def cut(layer: QgsVectorLayer, classes: Classes) -> tuple[str, list[ShownClass]]:
    """The expression that gives the class of a tile, and the classes from the lowest to the highest.

    :param layer: its values are looked at where a way asks for that.
    """
    breaks = class_breaks(layer, classes)
    if classes.way == OF_MODEL:
        names = [_with_range(name, breaks, number) for number, name in enumerate(class_names())]
        return '"risk_class"', [ShownClass(number + 1, number, name) for number, name in enumerate(names)]
    if classes.way == TOP:
        tops = [tr("Top {share} %").format(share=_percent(share)) for share in TOP_SHARES]
        names, colours = [tr("All others"), *tops], [0, 2, 3, 4]
    elif classes.way == COST:
        names, colours = [tr("Not worth a visit"), tr("Worth a visit")], [0, 4]
    else:
        names, colours = list(class_names()), list(range(COUNT))
    shown = [
        ShownClass(number + 1, colour, _with_range(name, breaks, number))
        for number, (name, colour) in enumerate(zip(names, colours))
    ]
    cases = " ".join(f'WHEN "risk" >= {edge!r} THEN {number + 2}' for number, edge in reversed(list(enumerate(breaks))))
    return f'CASE WHEN "risk" IS NULL THEN NULL {cases} ELSE 1 END', shown


def class_breaks(layer: QgsVectorLayer, classes: Classes) -> list[float]:
    """The risk at which each class but the lowest begins; empty where it is not known."""
    if classes.way == OF_MODEL:
        kept = str(layer.customProperty(BREAKS, "")).split()
        return [float(text) for text in kept]
    if classes.way == EQUAL_STEPS:
        return [number / COUNT for number in range(1, COUNT)]
    if classes.way == COST:
        # Visiting costs 1, not visiting risk times the cost of a miss.
        return [1 / (1 + classes.cost)]
    values, _ = QgsVectorLayerUtils.getValues(layer, "risk")
    risks = sorted(float(value) for value in values if isinstance(value, (int, float)) and math.isfinite(value))
    if not risks:
        return []
    shares = TOP_SHARES if classes.way == TOP else tuple(1 - number / COUNT for number in range(1, COUNT))
    # The least risk among the highest of that share.
    return [risks[len(risks) - max(1, round(share * len(risks)))] for share in shares]


def _with_range(name: str, breaks: list[float], number: int) -> str:
    """A class with the risk it stands for, in per cent and as one in so many."""
    if not breaks:
        return name
    if number == 0:
        text = tr("{name}: < {high} % (1 in {of_high})")
    elif number == len(breaks):
        text = tr("{name}: ≥ {low} % (1 in {of_low})")
    else:
        text = tr("{name}: {low} – {high} % (1 in {of_low} – {of_high})")
    low, high = (breaks[i] if 0 <= i < len(breaks) else 0.0 for i in (number - 1, number))
    return text.format(name=name, low=_percent(low), high=_percent(high), of_low=_one_in(low), of_high=_one_in(high))


def _percent(share: float) -> str:
    digits = 0 if share >= 0.1 or share == round(share, 2) else 1 if share >= 0.01 else 2
    return str(QLocale().toString(100 * share, "f", digits))


def _one_in(share: float) -> str:
    number = 1 / max(share, 1e-6)
    return str(QLocale().toString(number, "f", 0 if number >= 3 or number == round(number) else 1))
