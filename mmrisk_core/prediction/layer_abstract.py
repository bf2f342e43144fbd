"""What a risk layer says of itself."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

from mmrisk_core.bundle.manifest import Manifest
from mmrisk_core.version import __version__
from mmrisk_core.wording import counted, risk_interval


def about_risk(manifest: Manifest, model: str | Path, device: str) -> str:
    """Sentences for the metadata of a risk layer: model, its figures, date and device.

    :param model: the model file.
    :param device: what computed.
    """
    trained, figures = manifest.provenance, manifest.validation.figures
    sentences = [
        f"Calibrated probability that a tile is high-risk, by the model {Path(model).name} "
        f"(trained {trained.created[:10]} on {counted(trained.tiles, 'tile')}, {trained.ones:,} of them labelled 1).",
        f"On tiles that it had not seen its AUC was {figures.auc:.3f} (95 % interval {figures.auc_low:.3f} to "
        f"{figures.auc_high:.3f}) and its calibration error {figures.ece:.3f}."
        if figures
        else "The model was not validated.",
        f"Predicted {datetime.now(timezone.utc):%Y-%m-%d} with MMRisk {__version__} on {device}.",
        risk_interval(manifest.ensemble.unexplained_variance is not None),
        "Where in_domain is 0 the model knows nothing alike. Where learnt_from is 1 the tile was trained on, and its risk "
        "is of the part of the model that has not seen it.",
    ]
    return " ".join(sentences)
