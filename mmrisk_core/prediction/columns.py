"""What the ensemble says -> the fields of a risk layer."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import expit

from mmrisk_core.manifest import Manifest
from mmrisk_core.prediction.intervals import logit_interval
from mmrisk_core.prediction.network import Answers
from mmrisk_core.vectors import has_geometry

LEAST_COVERAGE = 0.5
RISK_COLUMNS = (
    "risk", "risk_low", "risk_high", "risk_class", "rank", "image_effect", "attribute_effect", "coverage", "in_domain"
)  # fmt: skip


def with_risk(manifest: Manifest, tiles: pd.DataFrame, answers: Answers) -> pd.DataFrame:
    """The tiles with the columns of :data:`RISK_COLUMNS`, in their order."""
    logit = answers.logits.mean(axis=0)
    error = logit_interval(answers.logits, answers.variance)
    risk = expit(logit)
    inside = (answers.dissimilarity <= manifest.applicability_threshold) & (answers.coverage >= LEAST_COVERAGE)
    columns = {
        "risk": risk,
        "risk_low": expit(logit - error),
        "risk_high": expit(logit + error),
        "risk_class": 1 + np.searchsorted(manifest.class_breaks, risk, side="right"),
        "rank": np.argsort(np.argsort(-risk, kind="stable"), kind="stable") + 1,
        "image_effect": answers.image_effect,
        "attribute_effect": answers.attribute_effect,
        "coverage": answers.coverage,
        "in_domain": inside.astype(np.int64),
    }
    own = tiles.drop(columns=[name for name in RISK_COLUMNS if name in tiles.columns])
    result = own.assign(**columns)
    ordered = [name for name in ("tile_id",) if name in own.columns]
    geometry = [own.geometry.name] if has_geometry(own) else []
    rest = [name for name in own.columns if name not in (*ordered, *geometry)]
    result = result[[*ordered, *columns, *rest, *geometry]]
    result.attrs = dict(tiles.attrs)
    return result
