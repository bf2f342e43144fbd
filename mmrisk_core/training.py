"""Labelled tiles -> a trained, checked and calibrated model."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyproj
import shapely
import sklearn
import torch
import torchvision
from torch import Tensor

from mmrisk_core import version
from mmrisk_core.applicability import fit_applicability
from mmrisk_core.calibration import fit_calibration
from mmrisk_core.crs import metres_per_unit, metric_crs
from mmrisk_core.devices import choose_device
from mmrisk_core.ensemble import domain_features, fit_members, head_weights, judged_risk, out_of_fold_logits
from mmrisk_core.evaluation import compute_figures
from mmrisk_core.folds import assign_folds, default_block_size, random_blocks, spatial_blocks
from mmrisk_core.image_reading import read_images
from mmrisk_core.imagery import RasterSource
from mmrisk_core.labelled_tiles import checked_attributes, labelled_tiles, with_imagery
from mmrisk_core.manifest import AttributeInput, Ensemble, Manifest, Provenance, ValidationResult
from mmrisk_core.progress import SILENT, Progress
from mmrisk_core.recipe import recipe_of
from mmrisk_core.risk_model import Evidence, FloatArray, IntArray, RiskModel
from mmrisk_core.samples import plan_image_inputs
from mmrisk_core.tile_attributes import find_categories
from mmrisk_core.training_options import TrainingOptions, check_choices
from mmrisk_core.vectors import require_crs, to_crs

TYPICAL = (0.05, 0.5, 0.95)
CLASS_SHARES = (0.2, 0.4, 0.6, 0.8)


def train_model(
    tiles: gpd.GeoDataFrame,
    label: str,
    features: Sequence[str] = (),
    images: Sequence[str | Path | RasterSource] = (),
    *,
    progress: Progress = SILENT,
    **options: object,
) -> RiskModel:
    """Train on the tiles whose ``label`` is 0 or 1, validate on folds, calibrate.

    A member is trained for each fold, without that fold; its answers for the fold are what figures, weights of the
    heads and calibration rest on, and all members together are the model. Weights and calibration with which a fold is
    judged are learnt on the other folds.

    :param features: attribute columns, of numbers or of text.
    :param images: rasters, each an image input for every context.
    :param options: the fields of :class:`TrainingOptions`.
    :raises MMRiskError: when the data cannot be trained on, saying why.
    """
    chosen = TrainingOptions(**options)  # type: ignore[arg-type]
    backbone = check_choices(chosen)
    sources = [image if isinstance(image, RasterSource) else RasterSource.model_validate(image) for image in images]
    labelled = labelled_tiles(tiles, label, features, sources, progress)
    device = choose_device(chosen.device)
    progress.log(f"Computing on {device.summary}.")

    categories = find_categories(labelled, features, progress)
    tabular = checked_attributes(labelled, features, categories, progress)
    inputs = plan_image_inputs(labelled, sources, chosen.context, chosen.image_pixels)
    seen_images = read_images(labelled, inputs, sources, backbone, device.torch_device, progress.part(0.0, 0.4))
    seen = seen_images.coverage > 0
    labelled, tabular = with_imagery(labelled, label, seen, progress), tabular[torch.from_numpy(seen)]
    y = labelled[label].to_numpy(dtype=np.float64)
    block, block_size = _blocks(labelled, chosen)
    fold = assign_folds(block, y, chosen.folds, chosen.seed)
    levels = tuple(len(categories.get(name, ())) for name in features)
    data = seen_images.training_data(np.flatnonzero(seen), tabular, levels, y, block)
    members = fit_members(data, fold, chosen, device.torch_device, progress.part(0.4, 0.95))
    out_of_fold = out_of_fold_logits(members, data, fold)
    risk, head_risk = judged_risk(out_of_fold, y, fold, members[0].head_names)
    weights, bias = head_weights(out_of_fold, y)
    calibration = fit_calibration(out_of_fold @ weights + bias, y)

    figures = None if chosen.validation == "none" else compute_figures(risk, y, block, chosen.seed)
    heads = {} if figures is None else {k: compute_figures(v, y, block, chosen.seed) for k, v in head_risk.items()}
    applicability = fit_applicability(domain_features(members[0], data), fold, chosen.seed)
    manifest = Manifest(
        images=inputs,
        attributes=tuple(
            _describe_attribute(name, column, categories.get(name, ()))
            for name, column in zip(features, tabular.T, strict=True)
        ),
        label=label,
        recipe=recipe_of(tiles),
        ensemble=Ensemble(
            architecture=chosen.architecture,
            backbone=backbone if inputs else "none",
            member_configs=tuple(member.config for member in members),
            head_names=members[0].head_names,
            head_weights=tuple(weights.tolist()),
            bias=bias,
            calibration_slope=calibration.slope,
            calibration_intercept=calibration.intercept,
        ),
        class_breaks=tuple(np.quantile(risk, CLASS_SHARES).tolist()),
        applicability_mean_distance=applicability.mean_distance,
        applicability_threshold=applicability.threshold,
        validation=ValidationResult(
            kind=chosen.validation, folds=chosen.folds, block_size=block_size, figures=figures, heads=heads
        ),
        provenance=_provenance(labelled, y, chosen, device.summary),
    )
    if figures is not None:
        progress.log(
            f"AUC {figures.auc:.3f} (95 % interval {figures.auc_low:.3f} to {figures.auc_high:.3f}) on {chosen.folds} "
            f"{'spatial' if chosen.validation == 'spatial' else 'random'} folds."
        )
    progress.update(1.0, "model trained")
    bounds = shapely.bounds(labelled.geometry.array)
    return RiskModel(
        manifest, tuple(members), applicability.reference, Evidence(y, risk, head_risk, fold, block, bounds)
    )


def _blocks(tiles: gpd.GeoDataFrame, options: TrainingOptions) -> tuple[IntArray, float | None]:
    if options.validation != "spatial":
        return random_blocks(len(tiles)), None
    bounds = _bounds_in_metres(tiles)
    centres = (bounds[:, :2] + bounds[:, 2:]) / 2
    tile_size = _typical_width(bounds)
    widest = tile_size * max(options.context)
    size = options.block_size or default_block_size(centres, tile_size, options.folds, widest)
    return spatial_blocks(centres, size), size


def _bounds_in_metres(tiles: gpd.GeoDataFrame) -> FloatArray:
    metric = metric_crs(require_crs(tiles), tuple(tiles.total_bounds))
    unit = metres_per_unit(metric)
    assert unit is not None
    return np.asarray(shapely.bounds(to_crs(tiles, metric).geometry.array) * unit)


def _typical_width(bounds: FloatArray) -> float:
    return float(np.median(bounds[:, 2] - bounds[:, 0]))


def _describe_attribute(name: str, column: Tensor, categories: tuple[str, ...]) -> AttributeInput:
    known = column[~torch.isnan(column)].double().numpy()
    has_range = len(known) and not categories
    low, typical, high = np.quantile(known, TYPICAL).tolist() if has_range else (0.0, 0.0, 0.0)
    unit = {"length": "m", "area": "m2", "count": "features"}.get(name.rsplit("_", 1)[-1], "")
    missing = 1 - len(known) / len(column)
    return AttributeInput(
        name=name, unit=unit, low=low, typical=typical, high=high, missing_share=missing, categories=categories
    )


def _provenance(tiles: gpd.GeoDataFrame, label: FloatArray, options: TrainingOptions, device: str) -> Provenance:
    crs = pyproj.CRS(tiles.crs)
    left, bottom, right, top = tiles.total_bounds
    recipe = recipe_of(tiles).tiles
    return Provenance(
        crs=crs.to_string() if crs.to_authority() else crs.to_wkt(),
        extent=(float(left), float(bottom), float(right), float(top)),
        tile_size=recipe.tile_size if recipe else _typical_width(_bounds_in_metres(tiles)),
        tiles=len(tiles),
        ones=int(label.sum()),
        seed=options.seed,
        created=datetime.now(timezone.utc).isoformat(timespec="seconds"),
        device=device,
        versions={
            "mmrisk": version.__version__,
            "python": platform.python_version(),
            "torch": str(torch.__version__),
            "torchvision": str(torchvision.__version__),
            "scikit-learn": sklearn.__version__,
            "numpy": np.__version__,
        },
    )
