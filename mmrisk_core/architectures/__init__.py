"""Architectures, by registered name: how image and attributes become one probability."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from mmrisk_core.architectures.base import Member
from mmrisk_core.architectures.concat import ConcatMember, fit_concat
from mmrisk_core.architectures.film import FilmMember, fit_film
from mmrisk_core.architectures.gated import GatedMember, fit_gated
from mmrisk_core.architectures.stacked import StackedMember, fit_stacked
from mmrisk_core.architectures.training_data import FitOptions, TrainingData

__all__ = ["ARCHITECTURES", "TRAINED_BACKBONES", "Architecture", "FitOptions", "Member", "TrainingData"]


@dataclass(frozen=True)
class Architecture:
    """A way of fusing.

    :param member: the network's class, built from its ``config`` when a model is loaded.
    :param fit: trains one member.
    """

    member: type[Member]
    fit: Callable[[TrainingData, FitOptions], Member]


TRAINED_BACKBONES = ("basic_cnn",)
"""Image networks that are trained with the member, not frozen before it."""

ARCHITECTURES = {
    "stacked": Architecture(StackedMember, fit_stacked),
    "concat": Architecture(ConcatMember, fit_concat),
    "gated": Architecture(GatedMember, fit_gated),
    "film": Architecture(FilmMember, fit_film),
}
