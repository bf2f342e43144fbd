"""A trained model: everything needed to give tiles a probability of being high-risk."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import accumulate

import numpy as np
from torch import Tensor

from mmrisk_core.architectures import Member
from mmrisk_core.architectures.image_branches import ImageBranches
from mmrisk_core.arrays import FloatArray
from mmrisk_core.bundle.donors import Donors
from mmrisk_core.bundle.manifest import Manifest
from mmrisk_core.bundle.trained_tiles import TrainedTiles
from mmrisk_core.encoders import FrozenEncoder
from mmrisk_core.evaluation.applicability import Applicability
from mmrisk_core.evaluation.evidence import Evidence


@dataclass(frozen=True)
class TrainedModel:
    """An ensemble of members with the weights of their heads, a calibration and an area of applicability.

    :param members: one per fold, each trained without that fold.
    :param reference: features of training tiles, for the area of applicability.
    :param evidence: only straight after training.
    :param encoder: the frozen image encoder, if the model has one.
    :param donors: training tiles that stand in for what is not known of a tile; None in earlier files.
    :param trained_tiles: which tiles were learnt from; None in earlier files.
    """

    manifest: Manifest
    members: tuple[Member, ...]
    reference: Tensor
    evidence: Evidence | None = None
    encoder: FrozenEncoder | None = None
    donors: Donors | None = None
    trained_tiles: TrainedTiles | None = None

    def without_fold(self, number: int) -> TrainedModel:
        """The same model with the weights and the calibration that were learnt without a fold: as it was judged there.

        Of the tiles of that fold only the member of this number may be asked by them.
        """
        ensemble = self.manifest.ensemble
        learnt = ensemble.model_copy(update=dict(ensemble.unseen[number]))
        return replace(self, manifest=self.manifest.model_copy(update={"ensemble": learnt}))

    @property
    def has_own_image_networks(self) -> bool:
        """Whether the members see the images in ways of their own."""
        return self.manifest.ensemble.fine_tuned or any(member.image_branches is not None for member in self.members)

    @property
    def columns_of_images(self) -> list[slice]:
        """Where what is seen in each image lies beside that of the others."""
        if self.encoder is not None:
            widths = [self.encoder.features_of(image.bands) for image in self.manifest.images]
        else:
            widths = [ImageBranches.out_features] * len(self.manifest.images)
        ends = list(accumulate(widths))
        return [slice(end - width, end) for end, width in zip(ends, widths, strict=True)]

    @property
    def applicability(self) -> Applicability:
        """The area of applicability."""
        return Applicability(
            self.reference, self.manifest.applicability_mean_distance, self.manifest.applicability_threshold
        )

    def raw_logits(self, heads: Tensor) -> FloatArray:
        """Logits of the heads (n, heads) -> one logit each before calibration, (n,)."""
        ensemble = self.manifest.ensemble
        return np.asarray(heads.cpu().double().numpy() @ np.array(ensemble.head_weights) + ensemble.bias)

    def calibrated_logits(self, raw: FloatArray) -> FloatArray:
        """Raw logits -> calibrated ones, (n,)."""
        ensemble = self.manifest.ensemble
        return ensemble.calibration.logits(raw) + ensemble.prevalence_shift

    def logit_variance(self, raw: FloatArray, deviation: Tensor) -> FloatArray:
        """How unsure a calibrated logit is, (n,): what the heads say of themselves, and the calibration of itself.

        :param deviation: standard deviation of the logit of each head, (n, heads). They are taken to err together.
        """
        ensemble = self.manifest.ensemble
        of_stack = deviation.cpu().double().numpy() @ np.array(ensemble.head_weights)
        calibration = ensemble.calibration
        return np.asarray((calibration.local_slope(raw) * of_stack) ** 2 + calibration.logit_variance(raw))
