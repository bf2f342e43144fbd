"""Logistic regression, fitted by scikit-learn and kept as a torch layer."""

from __future__ import annotations

import numpy as np
import torch
from sklearn import config_context
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from threadpoolctl import threadpool_limits
from torch import Tensor, nn

STRENGTHS = (0.001, 0.01, 0.1, 1.0)
INNER_FOLDS = 4


class LinearHead(nn.Linear):
    """A linear layer (F -> 1) that gives logits and says how sure it is of them."""

    spread: Tensor
    """A factor of the covariance of weights and bias; it has the name that model files know it by."""

    def __init__(self, in_features: int) -> None:
        super().__init__(in_features, 1)
        self.register_buffer("spread", torch.zeros(in_features + 1, in_features + 1))

    def deviation(self, features: Tensor) -> Tensor:
        """Standard deviation of the logit of each row (n, F) -> (n,), by the posterior of the weights."""
        with_bias = nn.functional.pad(features, (0, 1), value=1.0)
        return torch.as_tensor((with_bias @ self.spread).norm(dim=1))


def fit_linear_head(features: Tensor, label: Tensor, block: np.ndarray) -> LinearHead:
    """A ridge logistic regression; its posterior is Laplace's approximation (MacKay 1992), the penalty being the prior.

    The strength of the ridge penalty is chosen among a few by cross-validation over blocks, so that it suits new places.

    :param features: (n, F), scaled.
    :param block: (n,) spatial block of each row.
    """
    x, y = features.double().numpy(), label.numpy()
    # So small a problem is slower in several threads, and much slower beside other work.
    with threadpool_limits(1, user_api="blas"):
        strength = _best_strength(x, y, block)
        fitted = _fit(x, y, strength)
    layer = LinearHead(x.shape[1])
    with torch.no_grad():
        layer.weight.copy_(torch.from_numpy(fitted.coef_))
        layer.bias.copy_(torch.from_numpy(fitted.intercept_))
    layer.spread = torch.from_numpy(_covariance_factor(x, fitted.predict_proba(x)[:, 1], strength)).float()
    return layer


def _covariance_factor(x: np.ndarray, probability: np.ndarray, strength: float) -> np.ndarray:
    """A matrix whose product with itself transposed is the covariance of weights and bias."""
    with_bias = np.hstack([x, np.ones((len(x), 1))])
    precision = (with_bias * (probability * (1 - probability))[:, None]).T @ with_bias
    # The bias is not penalised; a little keeps the matrix invertible where all tiles are certain.
    precision[np.diag_indices_from(precision)] += np.r_[np.full(x.shape[1], 1 / strength), 1e-6]
    return np.linalg.inv(np.linalg.cholesky(precision)).T


def _fit(x: np.ndarray, y: np.ndarray, strength: float) -> LogisticRegression:
    return LogisticRegression(C=strength, max_iter=2000, tol=1e-6).fit(x, y)


def _best_strength(x: np.ndarray, y: np.ndarray, block: np.ndarray) -> float:
    folds = min(INNER_FOLDS, len(np.unique(block)))
    if folds < 2:
        return STRENGTHS[1]
    losses = np.zeros(len(STRENGTHS))
    # Looking at every parameter and number each time takes as long as the fits; the last fit looks.
    with config_context(assume_finite=True, skip_parameter_validation=True):
        for train, test in GroupKFold(folds).split(x, y, block):
            if y[train].min() == y[train].max():
                continue
            for i, strength in enumerate(STRENGTHS):
                logit = _fit(x[train], y[train], strength).decision_function(x[test])
                losses[i] += np.logaddexp(0, np.where(y[test] > 0, -logit, logit)).sum()
    return STRENGTHS[int(losses.argmin())]
