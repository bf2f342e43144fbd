"""Labelled tiles -> a trained, checked and calibrated model."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from mmrisk_core.bundle.manifest import Ensemble, Manifest
from mmrisk_core.bundle.provenance import describe_attribute, provenance_of
from mmrisk_core.bundle.trained_model import TrainedModel
from mmrisk_core.bundle.trained_tiles import tell_trained_tiles
from mmrisk_core.compute.devices import choose_device
from mmrisk_core.evaluation.applicability import fit_applicability
from mmrisk_core.evaluation.calibration import fit_calibration
from mmrisk_core.evaluation.evidence import Evidence, choose_examples, events_of, names_of_tiles
from mmrisk_core.evaluation.population import Population, population_of
from mmrisk_core.geo.frames import has_geometry
from mmrisk_core.geo.metric_bounds import bounds_in_metres
from mmrisk_core.geo.recipe import recipe_of
from mmrisk_core.imagery import RasterSource
from mmrisk_core.imagery.change_guard import guard_unchanged
from mmrisk_core.imagery.raster_source import as_source
from mmrisk_core.progress import NO_PROGRESS, Progress
from mmrisk_core.samples.thumbnails import read_thumbnails
from mmrisk_core.training.cross_fitting import domain_features, fit_members, head_weights
from mmrisk_core.training.donors import with_donors
from mmrisk_core.training.options import TrainingOptions
from mmrisk_core.training.training_set import TrainingSet, read_training_set
from mmrisk_core.training.validation import Validation, log_validation, validate
from mmrisk_core.wording import of_all_tiles

CLASS_SHARES = (0.2, 0.4, 0.6, 0.8)


def fit_model(
    tiles: pd.DataFrame,
    label: str,
    features: Sequence[str],
    images: Sequence[str | Path | RasterSource],
    options: TrainingOptions,
    progress: Progress = NO_PROGRESS,
) -> TrainedModel:
    """Train on the tiles whose ``label`` is 0 or 1, validate on folds, calibrate.

    A member is trained for each fold, without that fold; its answers for the fold are what figures, weights of the
    heads and calibration rest on, and all members together are the model. Weights and calibration with which a fold is
    judged are learnt on the other folds.

    :param tiles: polygons; or a table without geometry, one row a tile, which then are seen in the pictures that the field
        ``image_column`` names.
    :param features: attribute columns, of numbers or of text.
    :param images: rasters, each an image input for every context.
    :param options: how to train.
    :raises MMRiskError: when the data cannot be trained on, saying why, or a raster was changed meanwhile.
    """
    rasters = [as_source(image) for image in images]
    with guard_unchanged(rasters):
        return _fit(tiles, label, features, rasters, options, progress)


def _fit(
    tiles: pd.DataFrame,
    label: str,
    features: Sequence[str],
    images: Sequence[RasterSource],
    options: TrainingOptions,
    progress: Progress,
) -> TrainedModel:
    device = choose_device(options.device)
    progress.log(f"Computing on {device.summary}.")
    training = read_training_set(tiles, label, features, images, options, device.torch_device, progress.part(0.0, 0.4))
    data, fold, chosen = training.data, training.fold, training.options
    fitted = fit_members(data, fold, chosen, device.torch_device, progress.part(0.4, 0.8))
    members = tuple(fitted.members)
    weights, bias = head_weights(fitted.logits, training.label, members[0].head_names, data.block)
    calibration = fit_calibration(fitted.logits @ weights + bias, training.label)
    population = population_of(training.label, chosen.prevalence)
    _log_prevalence(chosen.prevalence, float(training.label.mean()), progress)
    validation = validate(training, fitted, population, device.torch_device, progress.part(0.8, 0.98))
    applicability = fit_applicability(domain_features(members, data), fold, chosen.seed)
    trained_tiles = tell_trained_tiles(training.tiles, data.tabular, training.sources, fold)
    manifest = Manifest(
        images=training.inputs,
        attributes=tuple(
            describe_attribute(name, column, training.categories.get(name, ()))
            for name, column in zip(features, data.tabular.T, strict=True)
        ),
        label=label,
        recipe=recipe_of(tiles),
        ensemble=Ensemble(
            architecture=chosen.architecture,
            backbone=training.backbone,
            encoder_config=training.encoder.config if training.encoder else {},
            fine_tuned=chosen.fine_tune,
            member_configs=tuple(member.config for member in members),
            head_names=members[0].head_names,
            head_weights=tuple(weights.tolist()),
            bias=bias,
            calibration=calibration,
            prevalence_shift=population.shift,
            unexplained_variance=validation.unexplained,
            unseen=validation.unseen,
        ),
        class_breaks=tuple(np.quantile(validation.risk, CLASS_SHARES).tolist()),
        applicability_mean_distance=applicability.mean_distance,
        applicability_threshold=applicability.threshold,
        trained_place=trained_tiles.place,
        validation=validation.result,
        provenance=provenance_of(training.tiles, training.label, chosen.seed, device.summary),
    )
    log_validation(validation.result, progress)
    evidence = _evidence(training, validation, population, label)
    progress.update(1.0, "model trained")
    encoder = training.encoder.cpu() if training.encoder else None
    model = TrainedModel(manifest, members, applicability.reference, evidence, encoder, trained_tiles=trained_tiles)
    return with_donors(model, data, chosen.seed)


def _log_prevalence(prevalence: float | None, labelled: float, progress: Progress) -> None:
    """Say what risk and figures are of, where the share of high-risk tiles is not the ``labelled`` one."""
    if prevalence is not None:
        progress.log(f"{of_all_tiles(prevalence, labelled)} So is the risk of the model.")


def _evidence(training: TrainingSet, validation: Validation, population: Population, label: str) -> Evidence:
    """What the report shows beside the figures."""
    tiles = training.tiles
    return Evidence(
        label=training.label,
        risk=validation.risk,
        head_risk=validation.head_risk,
        fold=training.fold,
        block=validation.block,
        bounds=bounds_in_metres(tiles) if has_geometry(tiles) else None,
        tile_id=names_of_tiles(tiles),
        tabular=training.data.tabular.double().numpy(),
        attributes=training.features,
        challengers=validation.challengers,
        importance=validation.importance,
        random_risk=validation.random_risk,
        events=events_of(tiles, label),
        thumbnails=read_thumbnails(
            tiles, choose_examples(training.label, validation.risk), training.inputs, training.sources
        ),
        weight=population.weight,
    )
