"""A trained model: everything needed to give tiles a probability of being high-risk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from mmrisk_core.applicability import Applicability
from mmrisk_core.architectures import Member
from mmrisk_core.calibration import Calibration
from mmrisk_core.devices import DeviceChoice
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
    """

    manifest: Manifest
    members: tuple[Member, ...]
    reference: Tensor
    evidence: Evidence | None = None

    @property
    def applicability(self) -> Applicability:
        """The area of applicability."""
        return Applicability(
            self.reference, self.manifest.applicability_mean_distance, self.manifest.applicability_threshold
        )

    @property
    def calibration(self) -> Calibration:
        """The calibration of the ensemble's logits."""
        ensemble = self.manifest.ensemble
        return Calibration(ensemble.calibration_slope, ensemble.calibration_intercept)

    def calibrated_logits(self, heads: Tensor) -> Tensor:
        """Logits of the heads (n, heads) -> one calibrated logit each, (n,)."""
        ensemble = self.manifest.ensemble
        raw = heads @ torch.tensor(ensemble.head_weights, dtype=heads.dtype, device=heads.device) + ensemble.bias
        return raw * ensemble.calibration_slope + ensemble.calibration_intercept

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
        tiles: gpd.GeoDataFrame,
        label: str,
        images: Sequence[str | Path] = (),
        *,
        device: DeviceChoice = "auto",
        progress: Progress = SILENT,
    ) -> ModelEvaluation:
        """Judge the model on labelled ``tiles``. See :func:`mmrisk_core.model_evaluation.evaluate_model`."""
        from mmrisk_core.imagery import RasterSource
        from mmrisk_core.model_evaluation import evaluate_model

        sources = [RasterSource.model_validate(image) for image in images]
        return evaluate_model(self, tiles, label, sources, device=device, progress=progress)

    def predict(
        self,
        tiles: gpd.GeoDataFrame,
        images: Sequence[str | Path] = (),
        *,
        batch_size: int | None = None,
        device: DeviceChoice = "auto",
        progress: Progress = SILENT,
    ) -> gpd.GeoDataFrame:
        """Give ``tiles`` their risk. See :func:`mmrisk_core.inference.predict_risk`."""
        from mmrisk_core.imagery import RasterSource
        from mmrisk_core.inference import predict_risk

        sources = [RasterSource.model_validate(image) for image in images]
        return predict_risk(self, tiles, sources, batch_size=batch_size, device=device, progress=progress)
