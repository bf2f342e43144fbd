"""Tiles and a model -> a risk layer."""

from mmrisk_core.inference.risk_columns import RISK_COLUMNS
from mmrisk_core.prediction.plan import PredictionPlan, plan_prediction
from mmrisk_core.prediction.predict import predict_risk
from mmrisk_core.prediction.predict_layer import predict_layer
from mmrisk_core.prediction.shards import predict_shard

__all__ = ["RISK_COLUMNS", "PredictionPlan", "plan_prediction", "predict_layer", "predict_risk", "predict_shard"]
