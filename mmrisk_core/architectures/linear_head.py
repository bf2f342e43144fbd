"""Logistic regression, fitted by scikit-learn and kept as a torch layer."""

from __future__ import annotations

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.model_selection import GroupKFold
from torch import Tensor, nn

STRENGTHS = (0.001, 0.01, 0.1, 1.0)
INNER_FOLDS = 4


def fit_linear_head(features: Tensor, label: Tensor, block: np.ndarray) -> nn.Linear:
    """A linear layer (F -> 1) that gives logits.

    The strength of the ridge penalty is chosen among a few by cross-validation over blocks, so that it suits new places.

    :param features: (n, F), scaled.
    :param block: (n,) spatial block of each row.
    """
    x, y = features.double().numpy(), label.numpy()
    strength = _best_strength(x, y, block)
    fitted = _fit(x, y, strength)
    layer = nn.Linear(x.shape[1], 1)
    with torch.no_grad():
        layer.weight.copy_(torch.from_numpy(fitted.coef_))
        layer.bias.copy_(torch.from_numpy(fitted.intercept_))
    return layer


def _fit(x: np.ndarray, y: np.ndarray, strength: float) -> LogisticRegression:
    return LogisticRegression(C=strength, max_iter=2000, tol=1e-6).fit(x, y)


def _best_strength(x: np.ndarray, y: np.ndarray, block: np.ndarray) -> float:
    folds = min(INNER_FOLDS, len(np.unique(block)))
    if folds < 2:
        return STRENGTHS[1]
    losses = np.zeros(len(STRENGTHS))
    for train, test in GroupKFold(folds).split(x, y, block):
        if y[train].min() == y[train].max():
            continue
        for i, strength in enumerate(STRENGTHS):
            probability = _fit(x[train], y[train], strength).predict_proba(x[test])[:, 1]
            losses[i] += log_loss(y[test], probability, labels=[0, 1]) * len(test)
    return STRENGTHS[int(losses.argmin())]
