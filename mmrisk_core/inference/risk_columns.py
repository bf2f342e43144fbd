"""What the ensemble says -> the fields of a risk layer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.special import expit

from mmrisk_core.arrays import AnyArray, IntArray
from mmrisk_core.bundle.manifest import Manifest
from mmrisk_core.evaluation.applicability import is_inside
from mmrisk_core.geo.frames import has_geometry
from mmrisk_core.geo.new_columns import names_beside
from mmrisk_core.inference.ensemble_on_device import EnsembleOutput
from mmrisk_core.progress import NO_PROGRESS, Progress
from mmrisk_core.wording import counted

CLASS_COLOURS = ("#ffffb2", "#fecc5c", "#fd8d3c", "#f03b20", "#bd0026")
"""Of classes 1 to 5, on every map: ColorBrewer's YlOrRd (Brewer 2003), safe for colour-blind readers, and printable."""
RISK_COLUMNS = (
    "risk", "risk_low", "risk_high", "risk_class", "rank", "image_effect", "attribute_effect", "coverage", "in_domain",
    "learnt_from",
)  # fmt: skip

RiskColumns = dict[str, AnyArray]
"""The columns of some tiles, each (n,): those of :data:`RISK_COLUMNS` but the rank, for which all tiles must be known."""
WHOLE_NUMBERS = ("risk_class", "rank", "in_domain", "learnt_from")
EARLIER_COLUMNS = frozenset(RISK_COLUMNS) - {"learnt_from"}
"""Of risk layers that were made before it was told which tiles were learnt from."""
NO_CLASS = 0
"""Of a tile of which the model says no number: its risk is missing."""


def risk_columns(manifest: Manifest, output: EnsembleOutput) -> RiskColumns:
    """The columns of some tiles; numbers are float64, ``risk_class``, ``in_domain`` and ``learnt_from`` int64.

    Where the model gives no number, as absurd weights or attributes may make it, risk and interval are missing, the class
    is :data:`NO_CLASS`, and the tile is outside the area of applicability.
    """
    known = np.isfinite(output.logit) & ~np.isnan(output.low) & ~np.isnan(output.high)
    risk = expit(np.where(known, output.logit, np.nan))
    inside = known & is_inside(output.dissimilarity, manifest.applicability_threshold, output.coverage, output.unknown)
    classes = 1 + np.searchsorted(manifest.class_breaks, risk, side="right").astype(np.int64)
    return {
        "risk": risk,
        "risk_low": expit(np.where(known, output.low, np.nan)),
        "risk_high": expit(np.where(known, output.high, np.nan)),
        "risk_class": np.where(known, classes, NO_CLASS),
        "image_effect": output.image_effect,
        "attribute_effect": output.attribute_effect,
        "coverage": output.coverage,
        "in_domain": inside.astype(np.int64),
        "learnt_from": (output.fold >= 0).astype(np.int64),
    }


def are_possible(figures: RiskColumns, count: int) -> bool:
    """Whether ``figures`` may be those of ``count`` tiles: their names, types, sizes and ranges."""
    names = [name for name in RISK_COLUMNS if name != "rank"]
    if not set(names) <= set(figures):
        return False
    for name in names:
        values = figures[name]
        if values.shape != (count,) or values.dtype != (np.int64 if name in WHOLE_NUMBERS else np.float64):
            return False
    risk, classes = figures["risk"], figures["risk_class"]
    missing = np.isnan(risk)
    probabilities = np.stack([figures[name][~missing] for name in ("risk_low", "risk", "risk_high")])
    return bool(
        ((probabilities >= 0) & (probabilities <= 1)).all()
        and (np.diff(probabilities, axis=0) >= 0).all()
        and ((classes == NO_CLASS) == missing).all()
        and ((classes >= NO_CLASS) & (classes <= len(CLASS_COLOURS))).all()
        and all(np.isin(figures[name], (0, 1)).all() for name in ("in_domain", "learnt_from"))
        and not figures["in_domain"][missing].any()
        and ((figures["coverage"] >= 0) & (figures["coverage"] <= 1)).all()
    )


def log_missing_risk(risk: AnyArray, progress: Progress) -> None:
    """Say of how many tiles the model gives no ``risk``."""
    missing = int(np.isnan(risk).sum())
    if missing:
        progress.log(
            f"Beware: of {missing:,} of {counted(len(risk), 'tile')} the model gives no number, so that their risk is "
            "missing. Look for absurd values in their attributes; if it is so everywhere, the model is damaged: train "
            "it again."
        )


def rank_of(risk: AnyArray) -> IntArray:
    """The place of each tile among all, (n,): 1 has the highest risk; of equal ones the first comes first.

    Tiles without a risk come last.
    """
    rank = np.empty(len(risk), dtype=np.int64)
    rank[np.argsort(-risk, kind="stable")] = np.arange(1, len(risk) + 1)
    return rank


def own_names(own: Sequence[str], progress: Progress = NO_PROGRESS) -> dict[str, str]:
    """What fields of tiles are called in their risk layer, by their names; those of an earlier prediction are left out."""
    if set(own) >= EARLIER_COLUMNS:
        return {name: name for name in own if name not in RISK_COLUMNS}
    return names_beside(own, RISK_COLUMNS, progress)


def order_of_fields(own: Sequence[str], geometry: Sequence[str] = ()) -> list[str]:
    """The fields of a risk layer in order: the identifier, those of the risk, the other own ones, the geometry."""
    kept = [name for name in own if name not in (*RISK_COLUMNS, *geometry)]
    first = [name for name in ("tile_id",) if name in kept]
    return [*first, *RISK_COLUMNS, *(name for name in kept if name not in first), *geometry]


def with_risk(tiles: pd.DataFrame, figures: RiskColumns, progress: Progress = NO_PROGRESS) -> pd.DataFrame:
    """The tiles with the columns of :data:`RISK_COLUMNS`, in their order."""
    columns = {**figures, "rank": rank_of(figures["risk"])}
    log_missing_risk(figures["risk"], progress)
    geometry = [tiles.geometry.name] if has_geometry(tiles) else []
    names = own_names([name for name in tiles.columns if name not in geometry], progress)
    kept = tiles[[*names, *geometry]].rename(columns=names)
    result = kept.assign(**columns)[order_of_fields(list(names.values()), geometry)]
    result.attrs = dict(tiles.attrs)
    return result
