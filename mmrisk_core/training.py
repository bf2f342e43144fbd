"""Labelled tiles -> a trained, checked and calibrated model."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path

import numpy as np
import pandas as pd
import pyproj
import sklearn
import torch
import torchvision
from scipy.special import expit, logit
from torch import Tensor

from mmrisk_core import version
from mmrisk_core.applicability import fit_applicability
from mmrisk_core.blocks import choose_blocks, fewer_folds
from mmrisk_core.calibration import fit_calibration, prevalence_shift
from mmrisk_core.devices import choose_device
from mmrisk_core.distributed import require_alike
from mmrisk_core.encoder_preparation import prepare_encoder
from mmrisk_core.ensemble import domain_features, fit_members, head_weights, judged_risk, random_risk
from mmrisk_core.errors import MMRiskError
from mmrisk_core.evaluation import compute_figures
from mmrisk_core.evidence import Evidence, choose_examples, events_of, names_of_tiles, read_thumbnails
from mmrisk_core.folds import assign_folds
from mmrisk_core.ground import bounds_in_metres, median_width
from mmrisk_core.image_reading import read_images
from mmrisk_core.image_sources import training_sources
from mmrisk_core.imagery import RasterSource
from mmrisk_core.importance import Importance, permutation_importance
from mmrisk_core.labelled_tiles import (
    LEAST_TILES,
    LEAST_UNCHECKED,
    checked_attributes,
    label_in,
    labelled_tiles,
    refuse_the_label_as_attribute,
    with_imagery,
)
from mmrisk_core.ladder import NO_LADDER, challenge, findings, measure_ladder
from mmrisk_core.manifest import AttributeInput, Ensemble, Manifest, Place, Provenance, ValidationResult
from mmrisk_core.progress import SILENT, Progress
from mmrisk_core.recipe import recipe_of
from mmrisk_core.risk_model import FloatArray, RiskModel
from mmrisk_core.samples import plan_image_inputs
from mmrisk_core.tile_attributes import find_categories
from mmrisk_core.training_options import TrainingOptions, check_choices
from mmrisk_core.twins import keep_twins_together
from mmrisk_core.vectors import has_geometry

TYPICAL = (0.05, 0.5, 0.95)
CLASS_SHARES = (0.2, 0.4, 0.6, 0.8)


def train_model(
    tiles: pd.DataFrame,
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

    :param tiles: polygons; or a table without geometry, one row a tile, which then are seen in the pictures that the field
        ``image_column`` names.
    :param features: attribute columns, of numbers or of text.
    :param images: rasters, each an image input for every context.
    :param options: the fields of :class:`TrainingOptions`.
    :raises MMRiskError: when the data cannot be trained on, saying why.
    """
    chosen = TrainingOptions(**options)  # type: ignore[arg-type]
    backbone = check_choices(chosen)
    sources = training_sources(tiles, images, chosen.image_column, chosen.context)
    least = LEAST_UNCHECKED if chosen.validation == "none" else LEAST_TILES
    labelled = labelled_tiles(tiles, label, features, sources, progress, least)
    device = choose_device(chosen.device)
    progress.log(f"Computing on {device.summary}.")

    categories = find_categories(labelled, features, progress)
    tabular = checked_attributes(labelled, features, categories, progress)
    inputs = plan_image_inputs(labelled, sources, chosen.context, chosen.image_pixels)
    if chosen.fine_tune and not inputs:
        raise MMRiskError(
            "There is no imagery that an encoder could be fine-tuned to. Choose images, or train without fine-tuning "
            "(FINE_TUNE)."
        )
    y = labelled[label].to_numpy(dtype=np.float64)
    require_alike(chosen, device.torch_device.type, _versions(), inputs, tabular, y)
    encoder = prepare_encoder(backbone, chosen.weights, labelled, inputs, sources, chosen.seed)
    seen_images = read_images(
        labelled,
        inputs,
        sources,
        backbone,
        encoder,
        device.torch_device,
        progress.part(0.0, 0.4),
        fine_tune=chosen.fine_tune,
        seed=chosen.seed,
    )
    seen = seen_images.coverage > 0
    labelled, tabular = with_imagery(labelled, label, seen, progress, least=least), tabular[torch.from_numpy(seen)]
    y = labelled[label].to_numpy(dtype=np.float64)
    refuse_the_label_as_attribute(tabular, features, y, progress)
    later = _later_label(labelled, chosen.later_label) if chosen.later_label else None
    if chosen.validation == "none":
        progress.log("The model is not validated: nothing will be known of how well it does on what it has not seen.")
        chosen = fewer_folds(chosen, y, progress)
    blocks = choose_blocks(labelled, tabular, y, chosen, progress)
    block = keep_twins_together(labelled, blocks.block, seen_images.twins[seen], chosen.folds, progress)
    fold = assign_folds(block, y, chosen.folds, chosen.seed)
    levels = tuple(len(categories.get(name, ())) for name in features)
    data = seen_images.training_data(np.flatnonzero(seen), tabular, levels, y, block)
    # Pixels or activations would be kept twice.
    del seen_images
    if chosen.folds == 2:
        progress.log(
            "With 2 folds, the weights of the heads and the calibration have seen the tiles they are judged on."
        )
    fitted = fit_members(data, fold, chosen, device.torch_device, progress.part(0.4, 0.8))
    members = fitted.members
    risk, head_risk = judged_risk(fitted.logits, fitted.without, y, fold, members[0].head_names)
    weights, bias = head_weights(fitted.logits, y, members[0].head_names)
    calibration = fit_calibration(fitted.logits @ weights + bias, y)
    at_random = None
    if blocks.kind in ("spatial", "groups"):
        at_random = random_risk(data, y, chosen, device.torch_device, progress.part(0.8, 0.9))

    figures = None if chosen.validation == "none" else compute_figures(risk, y, block, chosen.seed)
    heads = {} if figures is None else {k: compute_figures(v, y, block, chosen.seed) for k, v in head_risk.items()}
    figures_later = None
    if later is not None and figures is not None:
        known = np.isfinite(later)
        figures_later = compute_figures(risk[known], later[known], block[known], chosen.seed)
    shift = 0.0
    if chosen.prevalence is not None:
        shift = prevalence_shift(float(y.mean()), chosen.prevalence)
        progress.log(
            f"Of the labelled tiles {y.mean():.0%} are high-risk, of all tiles {chosen.prevalence:.1%}: the risk of the "
            "model is that of all tiles, while the figures are of the labelled ones."
        )
    challengers: dict[str, FloatArray] = {}
    ladder, importance = NO_LADDER, tuple[Importance, ...]()
    if figures is not None:
        challengers = challenge(data, fold, members, head_risk, chosen.seed, progress.part(0.9, 0.93))
        ladder = measure_ladder(challengers, risk, y, block, chosen.seed, at_random)
        importance = permutation_importance(
            members, data, fold, lambda heads: heads @ weights, tuple(features), chosen.seed, progress.part(0.93, 0.98)
        )
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
            encoder_config=encoder.config if encoder else {},
            fine_tuned=chosen.fine_tune,
            member_configs=tuple(member.config for member in members),
            head_names=members[0].head_names,
            head_weights=tuple(weights.tolist()),
            bias=bias,
            calibration=calibration,
            prevalence_shift=shift,
        ),
        class_breaks=tuple(expit(logit(np.quantile(risk, CLASS_SHARES)) + shift).tolist()),
        applicability_mean_distance=applicability.mean_distance,
        applicability_threshold=applicability.threshold,
        validation=ValidationResult(
            kind=blocks.kind,
            folds=chosen.folds,
            block_size=blocks.size,
            group_column=blocks.group_column,
            figures=figures,
            heads=heads,
            challengers=ladder.challengers,
            differences=ladder.differences,
            random=ladder.random,
            later=figures_later,
        ),
        provenance=_provenance(labelled, y, chosen, device.summary),
    )
    if figures is not None:
        progress.log(
            f"AUC {figures.auc:.3f} (95 % interval {figures.auc_low:.3f} to {figures.auc_high:.3f}) on {chosen.folds} "
            f"{ {'spatial': 'spatial', 'groups': 'grouped'}.get(blocks.kind, 'random') } folds."
        )
        for sentence in findings(manifest.validation):
            progress.log(sentence)
    evidence = Evidence(
        label=y,
        risk=risk,
        head_risk=head_risk,
        fold=fold,
        block=block,
        bounds=bounds_in_metres(labelled) if has_geometry(labelled) else None,
        tile_id=names_of_tiles(labelled),
        tabular=tabular.double().numpy(),
        attributes=tuple(features),
        challengers=challengers,
        importance=importance,
        random_risk=at_random,
        events=events_of(labelled, label),
        thumbnails=read_thumbnails(labelled, choose_examples(y, risk), inputs, sources),
    )
    progress.update(1.0, "model trained")
    return RiskModel(manifest, tuple(members), applicability.reference, evidence, encoder.cpu() if encoder else None)


def _later_label(tiles: pd.DataFrame, name: str) -> FloatArray:
    """The label of the later period (n,), NaN where it is not known; checked before anything is trained."""
    later: FloatArray = label_in(tiles, name).to_numpy(dtype=np.float64)
    if len(np.unique(later[np.isfinite(later)])) < 2:
        raise MMRiskError(
            f"The label '{name}' of the later period is not both 0 and 1 among the labelled tiles. Choose another date in "
            "'Label tiles', or leave the later label empty."
        )
    return later


def _describe_attribute(name: str, column: Tensor, categories: tuple[str, ...]) -> AttributeInput:
    known = column[~torch.isnan(column)].double().numpy()
    has_range = len(known) and not categories
    low, typical, high = np.quantile(known, TYPICAL).tolist() if has_range else (0.0, 0.0, 0.0)
    unit = {"length": "m", "area": "m2", "count": "features"}.get(name.rsplit("_", 1)[-1], "")
    missing = 1 - len(known) / len(column)
    return AttributeInput(
        name=name, unit=unit, low=low, typical=typical, high=high, missing_share=missing, categories=categories
    )


def _provenance(tiles: pd.DataFrame, label: FloatArray, options: TrainingOptions, device: str) -> Provenance:
    place = _place(tiles) if has_geometry(tiles) else None
    return Provenance(
        crs=place.crs if place else None,
        extent=place.extent if place else None,
        tile_size=place.tile_size if place else None,
        tiles=len(tiles),
        ones=int(label.sum()),
        seed=options.seed,
        created=datetime.now(timezone.utc).isoformat(timespec="seconds"),
        device=device,
        versions=_versions(),
    )


def _versions() -> dict[str, str]:
    return {
        "mmrisk": version.__version__,
        "python": platform.python_version(),
        "torch": str(torch.__version__),
        "torchvision": str(torchvision.__version__),
        "scikit-learn": sklearn.__version__,
        "numpy": np.__version__,
    }


def _place(tiles: pd.DataFrame) -> Place:
    crs = pyproj.CRS(tiles.crs)
    left, bottom, right, top = tiles.total_bounds.tolist()
    recipe = recipe_of(tiles).tiles
    return Place(
        crs=crs.to_string() if crs.to_authority() else crs.to_wkt(),
        extent=(left, bottom, right, top),
        tile_size=recipe.tile_size if recipe else median_width(bounds_in_metres(tiles)),
    )
