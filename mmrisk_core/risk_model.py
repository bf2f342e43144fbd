"""A trained model: everything needed to give tiles a probability of being high-risk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd
from torch import Tensor

from mmrisk_core.applicability import Applicability
from mmrisk_core.architectures import Member
from mmrisk_core.devices import DeviceChoice
from mmrisk_core.encoders import FrozenEncoder
from mmrisk_core.evidence import Evidence
from mmrisk_core.manifest import Manifest
from mmrisk_core.progress import SILENT, Progress

if TYPE_CHECKING:
    from mmrisk_core.model_evaluation import ModelEvaluation

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class RiskModel:
    """An ensemble of members with the weights of their heads, a calibration and an area of applicability.

    :param members: one per fold, each trained without that fold.
    :param reference: features of training tiles, for the area of applicability.
    :param evidence: only straight after training.
    :param encoder: the frozen image encoder, if the model has one.
    """

    manifest: Manifest
    members: tuple[Member, ...]
    reference: Tensor
    evidence: Evidence | None = None
    encoder: FrozenEncoder | None = None

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
        variance = (ensemble.calibration.slope * of_stack) ** 2 + ensemble.calibration.logit_variance(raw)
        return np.asarray(variance)

    def save(self, path: str | Path) -> Path:
        """Write the model to one ``.safetensors`` file. See :mod:`mmrisk_core.bundle`."""
        from mmrisk_core.bundle import save_model

        return save_model(self, path)

    @staticmethod
    def load(path: str | Path) -> RiskModel:
        """Read a model file. See :mod:`mmrisk_core.bundle`."""
        from mmrisk_core.bundle import load_model

        return load_model(path)

    def evaluate(
        self,
        tiles: pd.DataFrame,
        label: str,
        images: Sequence[str | Path] = (),
        *,
        image_column: str | None = None,
        device: DeviceChoice = "auto",
        progress: Progress = SILENT,
    ) -> ModelEvaluation:
        """Judge the model on labelled ``tiles``. See :func:`mmrisk_core.model_evaluation.evaluate_model`."""
        from mmrisk_core.imagery import RasterSource
        from mmrisk_core.model_evaluation import evaluate_model

        sources = [RasterSource.model_validate(image) for image in images]
        return evaluate_model(self, tiles, label, sources, image_column=image_column, device=device, progress=progress)

    def explain(
        self,
        tiles: pd.DataFrame,
        images: Sequence[str | Path] = (),
        *,
        image_column: str | None = None,
        saliency: str | Path | None = None,
        seed: int = 0,
        device: DeviceChoice = "auto",
        progress: Progress = SILENT,
    ) -> pd.DataFrame:
        """Say why ``tiles`` have their risk. See :func:`mmrisk_core.explanation.explain_risk`."""
        from mmrisk_core.explanation import explain_risk
        from mmrisk_core.imagery import RasterSource

        return explain_risk(
            self,
            tiles,
            [RasterSource.model_validate(image) for image in images],
            image_column=image_column,
            saliency=saliency,
            seed=seed,
            device=device,
            progress=progress,
        )

    def predict(
        self,
        tiles: pd.DataFrame,
        images: Sequence[str | Path] = (),
        *,
        image_column: str | None = None,
        batch_size: int | None = None,
        device: DeviceChoice = "auto",
        progress: Progress = SILENT,
    ) -> pd.DataFrame:
        """Give ``tiles`` their risk. See :func:`mmrisk_core.prediction.predict_risk`."""
        from mmrisk_core.imagery import RasterSource
        from mmrisk_core.prediction import predict_risk

        sources = [RasterSource.model_validate(image) for image in images]
        return predict_risk(
            self,
            tiles,
            sources,
            image_column=image_column,
            batch_size=batch_size,
            device=device,
            progress=progress,
        )
