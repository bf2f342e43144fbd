"""How right a mask is: by its pixels, and with some tolerance of where they are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from mmrisk_core.arrays import BoolArray

Mask = BoolArray

RELAXED_BY = 3


@dataclass(frozen=True)
class Counts:
    """Pixels counted over any number of windows.

    :param both, either: that are road in prediction and truth, in one of them at least.
    :param predicted, true: that are road in the one and in the other.
    :param near_truth, near_prediction: of these, those within :data:`RELAXED_BY` pixels of road in the other.
    """

    both: int = 0
    either: int = 0
    predicted: int = 0
    true: int = 0
    near_truth: int = 0
    near_prediction: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(a + b for a, b in zip(_values(self), _values(other), strict=True)))

    @property
    def iou(self) -> float:
        """Intersection over union; 0 where there is no road at all."""
        return self.both / max(self.either, 1)

    @property
    def precision(self) -> float:
        """Relaxed precision (Mnih 2013): the share of predicted road that lies near true road."""
        return self.near_truth / max(self.predicted, 1)

    @property
    def recall(self) -> float:
        """Relaxed recall (Mnih 2013): the share of true road that lies near predicted road."""
        return self.near_prediction / max(self.true, 1)

    @property
    def f1(self) -> float:
        """The harmonic mean of relaxed precision and recall."""
        return 2 * self.precision * self.recall / max(self.precision + self.recall, 1e-12)


def count(predicted: Mask, truth: Mask, known: Mask, relaxed_by: int = RELAXED_BY) -> Counts:
    """Counts of one window.

    :param predicted, truth, known: (h, w); pixels that are not known do not count.
    :param relaxed_by: tolerance in pixels.
    """
    predicted, truth = predicted & known, truth & known
    return Counts(
        both=int((predicted & truth).sum()),
        either=int((predicted | truth).sum()),
        predicted=int(predicted.sum()),
        true=int(truth.sum()),
        near_truth=int((predicted & _near(truth, relaxed_by)).sum()),
        near_prediction=int((truth & _near(predicted, relaxed_by)).sum()),
    )


def _near(road: Mask, distance: int) -> Mask:
    if not road.any():
        return road
    return np.asarray(ndimage.distance_transform_edt(~road) <= distance)


def _values(counts: Counts) -> tuple[int, ...]:
    return (
        counts.both, counts.either, counts.predicted, counts.true, counts.near_truth, counts.near_prediction
    )  # fmt: skip
