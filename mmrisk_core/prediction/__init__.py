"""Tiles and a model -> a risk layer."""

from mmrisk_core.prediction.columns import RISK_COLUMNS
from mmrisk_core.prediction.predict import predict_risk

__all__ = ["RISK_COLUMNS", "predict_risk"]
