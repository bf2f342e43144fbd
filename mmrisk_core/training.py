"""Labelled tiles -> a trained, checked and calibrated model."""

from __future__ import annotations

import dataclasses
import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Literal

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyproj
import shapely
import sklearn
import torch
import torchvision
from scipy.special import expit
from torch import Tensor

from mmrisk_core import version
from mmrisk_core.applicability import fit_applicability
from mmrisk_core.architectures import ARCHITECTURES, TRAINED_BACKBONES, FitOptions, Member, TrainingData
from mmrisk_core.calibration import fit_calibration
from mmrisk_core.crs import metres_per_unit, metric_crs
from mmrisk_core.devices import DeviceChoice, choose_device
from mmrisk_core.encoders import FROZEN_ENCODERS, make_frozen_encoder
from mmrisk_core.errors import MMRiskError
from mmrisk_core.evaluation import compute_figures
from mmrisk_core.folds import assign_folds, default_block_size, random_blocks, spatial_blocks
from mmrisk_core.imagery import RasterSource
from mmrisk_core.inference import embed_images
from mmrisk_core.labels import LABEL_COLUMNS
from mmrisk_core.manifest import AttributeInput, Ensemble, Manifest, Provenance, Validation, ValidationResult
from mmrisk_core.progress import SILENT, Progress
from mmrisk_core.recipe import recipe_of
from mmrisk_core.risk_model import Evidence, FloatArray, IntArray, RiskModel
from mmrisk_core.samples import ImageInput, iterate_images, plan_image_inputs, read_attributes
from mmrisk_core.stacking import fit_stack_weights
from mmrisk_core.vectors import UNNAMED, require_crs, require_tiles, title_of, to_crs

ArchitectureName = Literal["stacked", "concat", "gated", "film"]
BackboneName = Literal["auto", "basic_cnn", "resnet34", "efficientnet_lite0", "rcf"]

LEAST_TILES = 20
TYPICAL = (0.05, 0.5, 0.95)
CLASS_SHARES = (0.2, 0.4, 0.6, 0.8)


@dataclass(frozen=True)
class TrainingOptions:
    """How to train; None leaves the choice to the program.

    :param context: side of the image window as a multiple of the tile's, one image per value.
    :param image_pixels: side of an image in pixels.
    :param block_size: side of a spatial block in metres.
    """

    context: tuple[float, ...] = (1.0,)
    image_pixels: int = 196
    architecture: ArchitectureName = "stacked"
    backbone: BackboneName = "auto"
    weights: str | None = None
    validation: Validation = "spatial"
    folds: int = 5
    block_size: float | None = None
    epochs: int | None = None
    batch_size: int | None = None
    learning_rate: float | None = None
    seed: int = 0
    device: DeviceChoice = "auto"


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

    :param features: attribute columns.
    :param images: rasters, each an image input for every context.
    :param options: the fields of :class:`TrainingOptions`.
    :raises MMRiskError: when the data cannot be trained on, saying why.
    """
    chosen = TrainingOptions(**options)  # type: ignore[arg-type]
    backbone = _check_choices(chosen)
    sources = [image if isinstance(image, RasterSource) else RasterSource.model_validate(image) for image in images]
    labelled = _labelled_tiles(tiles, label, features, sources, progress)
    device = choose_device(chosen.device)
    progress.log(f"Computing on {device.summary}.")

    tabular = _checked_attributes(labelled, features, progress)
    inputs = plan_image_inputs(labelled, sources, chosen.context, chosen.image_pixels)
    seen_images = _read_images(labelled, inputs, sources, backbone, device.torch_device, progress.part(0.0, 0.4))
    seen = seen_images.coverage > 0
    labelled, tabular = _with_imagery(labelled, label, seen, progress), tabular[torch.from_numpy(seen)]
    y = labelled[label].to_numpy(dtype=np.float64)
    block, block_size = _blocks(labelled, chosen)
    fold = assign_folds(block, y, chosen.folds, chosen.seed)
    data = seen_images.training_data(np.flatnonzero(seen), tabular, y, block)
    members = _fit_members(data, fold, chosen, device.torch_device, progress.part(0.4, 0.95))
    out_of_fold = _out_of_fold_logits(members, data, fold)
    risk, head_risk = _judged_risk(out_of_fold, y, fold, members[0].head_names)
    weights, bias = _head_weights(out_of_fold, y)
    calibration = fit_calibration(out_of_fold @ weights + bias, y)

    figures = None if chosen.validation == "none" else compute_figures(risk, y, block, chosen.seed)
    heads = {} if figures is None else {k: compute_figures(v, y, block, chosen.seed) for k, v in head_risk.items()}
    applicability = fit_applicability(_domain_features(members[0], data), fold, chosen.seed)
    manifest = Manifest(
        images=inputs,
        attributes=tuple(_describe_attribute(name, column) for name, column in zip(features, tabular.T, strict=True)),
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


def _check_choices(options: TrainingOptions) -> str:
    """The backbone to use, after checking that what is asked for is there."""
    if options.architecture not in ARCHITECTURES:
        raise MMRiskError(
            f"The architecture '{options.architecture}' is not available in this version. Use {' or '.join(ARCHITECTURES)}."
        )
    known = (*TRAINED_BACKBONES, *FROZEN_ENCODERS)
    backbone: str = options.backbone
    if backbone == "auto":
        backbone = "basic_cnn" if options.architecture == "concat" else "efficientnet_lite0"
    if backbone not in known:
        raise MMRiskError(f"The backbone '{backbone}' is not available in this version. Use {' or '.join(known)}.")
    if options.folds < 2:
        raise MMRiskError(f"At least 2 folds are needed; {options.folds} were asked for.")
    if not options.context or min(options.context) < 1:
        raise MMRiskError("The context is a list of multiples of the tile, each at least 1, such as 1,3.")
    if options.weights:
        raise MMRiskError(f"The backbone '{backbone}' takes no weights file: leave WEIGHTS empty.")
    return backbone


def _labelled_tiles(
    tiles: gpd.GeoDataFrame,
    label: str,
    features: Sequence[str],
    sources: Sequence[RasterSource],
    progress: Progress,
) -> gpd.GeoDataFrame:
    """The tiles that have a label, after checking that they can be learnt from."""
    title = title_of(tiles)
    require_crs(tiles)
    require_tiles(tiles)
    if label not in tiles.columns:
        raise MMRiskError(f"The tiles '{title}' have no field '{label}'. Make it with 'Label tiles'.")
    if not features and not sources:
        raise MMRiskError("There is nothing to learn from. Choose attribute fields, imagery, or both.")
    recipe = recipe_of(tiles)
    leaking = {label, *LABEL_COLUMNS} if recipe.label else {label}
    for name in features:
        if name in leaking:
            raise MMRiskError(f"The field '{name}' is what the label was made from. Take it out of the attributes.")
    events = recipe.label.layer if recipe.label else UNNAMED
    of_events = {c for join in recipe.joins if join.layer == events != UNNAMED for c in join.columns}
    if of_events & set(features):
        progress.log(
            f"Beware: {', '.join(sorted(of_events & set(features)))} come from the layer that made the label. Unless they "
            "are of earlier events, the model only learns to count them, and its figures mean nothing."
        )
    values = pd.to_numeric(tiles[label], errors="coerce")
    if not values.dropna().isin([0, 1]).all() or values.notna().sum() < tiles[label].notna().sum():
        raise MMRiskError(f"The label '{label}' must be 0 or 1. Make it with 'Label tiles'.")
    labelled = tiles[values.notna().to_numpy()].assign(**{label: values.dropna().astype(np.int64)})
    labelled.attrs = dict(tiles.attrs)
    if len(labelled) < len(tiles):
        progress.log(f"{len(tiles) - len(labelled)} tiles without label are left out.")
    _require_both_classes(labelled, label)
    return labelled


def _require_both_classes(labelled: gpd.GeoDataFrame, label: str) -> None:
    if len(labelled) < LEAST_TILES:
        raise MMRiskError(
            f"Only {len(labelled)} tiles have a label; at least {LEAST_TILES} are needed, and some hundred for a useful "
            "model. Use a larger area or smaller tiles."
        )
    if labelled[label].nunique() < 2:
        raise MMRiskError(
            f"All {len(labelled)} tiles have the label {labelled[label].iloc[0]}. A model needs both 0 and 1: change the "
            "threshold in 'Label tiles', or use a larger area."
        )


def _checked_attributes(tiles: gpd.GeoDataFrame, features: Sequence[str], progress: Progress) -> Tensor:
    tabular = read_attributes(tiles, features)
    constant = [
        name
        for name, column in zip(features, tabular.T, strict=True)
        if len(np.unique(column[~torch.isnan(column)].numpy())) < 2
    ]
    if constant:
        progress.log(f"These attributes have one value only and say nothing: {', '.join(constant)}.")
        if len(constant) == len(features):
            raise MMRiskError(
                f"All attributes are constant ({', '.join(constant)}). Join a layer that differs between tiles."
            )
    return tabular


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


@dataclass(frozen=True)
class _Images:
    """What was read of the images of all tiles, in their order.

    :param embedding: (n, D) of a frozen encoder, else (n, 0).
    :param pixels, present: per image input of a trained encoder, else none.
    :param coverage: share of valid pixels, (n,); 1 where there is no image input.
    """

    embedding: Tensor
    pixels: list[Tensor]
    present: list[Tensor]
    coverage: FloatArray

    def training_data(self, rows: IntArray, tabular: Tensor, label: FloatArray, block: IntArray) -> TrainingData:
        """The images of the tiles ``rows`` with all else that is known of them."""
        index = torch.from_numpy(rows)
        return TrainingData(
            embedding=self.embedding[index],
            images=[pixels[index] for pixels in self.pixels],
            present=[present[index] for present in self.present],
            tabular=tabular,
            label=torch.from_numpy(label).float(),
            block=block,
        )


def _read_images(
    tiles: gpd.GeoDataFrame,
    inputs: tuple[ImageInput, ...],
    sources: Sequence[RasterSource],
    backbone: str,
    device: torch.device,
    progress: Progress,
) -> _Images:
    """Read all images once: as embeddings of a frozen encoder, or as pixels for a trained one."""
    if not inputs:
        return _Images(torch.zeros(len(tiles), 0), [], [], np.ones(len(tiles)))
    encoder = make_frozen_encoder(backbone).to(device) if backbone in FROZEN_ENCODERS else None
    rows: list[IntArray] = []
    embeddings: list[Tensor] = []
    pixels: list[list[Tensor]] = []
    present: list[list[Tensor]] = []
    coverage = np.zeros(len(tiles))
    for batch in iterate_images(tiles, inputs, sources, progress):
        rows.append(batch.rows)
        coverage[batch.rows] = batch.coverage
        if encoder is not None:
            on_device = [image.to(device) for image in batch.images]
            there = [p.to(device) for p in batch.present]
            embeddings.append(embed_images(encoder, on_device, there, len(batch.rows)).cpu())
        else:
            pixels.append(batch.images)
            present.append(batch.present)
    # Tiles were read in the order of the files' blocks.
    back = torch.from_numpy(np.argsort(np.concatenate(rows)))
    return _Images(
        embedding=torch.cat(embeddings)[back] if embeddings else torch.zeros(len(tiles), 0),
        pixels=[torch.cat(parts)[back] for parts in zip(*pixels, strict=True)],
        present=[torch.cat(parts)[back] for parts in zip(*present, strict=True)],
        coverage=coverage,
    )


def _with_imagery(
    tiles: gpd.GeoDataFrame, label: str, seen: npt.NDArray[np.bool_], progress: Progress
) -> gpd.GeoDataFrame:
    """The tiles of which some image shows something; what the model makes of the others must not flatter or blame it."""
    if seen.all():
        return tiles
    progress.log(f"{int((~seen).sum())} of {len(tiles)} tiles have no imagery and are left out.")
    kept = tiles[seen]
    kept.attrs = dict(tiles.attrs)
    _require_both_classes(kept, label)
    return kept


def _fit_members(
    data: TrainingData, fold: IntArray, options: TrainingOptions, device: torch.device, progress: Progress
) -> list[Member]:
    architecture = ARCHITECTURES[options.architecture]
    members = []
    for k in range(options.folds):
        part = progress.part(k / options.folds, (k + 1) / options.folds)
        part.update(0.0, f"training member {k + 1} of {options.folds}")
        fit_options = FitOptions(
            seed=(options.seed * 1000 + k) % 2**32,
            device=device,
            epochs=options.epochs,
            batch_size=options.batch_size,
            learning_rate=options.learning_rate,
            progress=dataclasses.replace(part, report=_named(part, f"member {k + 1} of {options.folds}")),
        )
        members.append(architecture.fit(data.take(np.flatnonzero(fold != k)), fit_options).eval())
    return members


def _named(progress: Progress, name: str) -> Callable[[float, str], None]:
    def report(fraction: float, message: str) -> None:
        progress.report(fraction, f"{name}: {message}" if message else f"training {name}")

    return report


@torch.inference_mode()
def _out_of_fold_logits(members: list[Member], data: TrainingData, fold: IntArray) -> FloatArray:
    """For each tile the head logits (n, heads) of the member that has not seen it."""
    logits = np.zeros((len(fold), len(members[0].head_names)))
    for k, member in enumerate(members):
        for rows in np.array_split(np.flatnonzero(fold == k), max(1, int((fold == k).sum()) // 256)):
            part = data.take(rows)
            embedding = member.embed(part.embedding, part.images, part.present)
            logits[rows] = member(embedding, part.tabular).double().numpy()
    return logits


def _head_weights(logits: FloatArray, label: FloatArray) -> tuple[FloatArray, float]:
    return (np.ones(1), 0.0) if logits.shape[1] == 1 else fit_stack_weights(logits, label)


def _judged_risk(
    logits: FloatArray, label: FloatArray, fold: IntArray, names: tuple[str, ...]
) -> tuple[FloatArray, dict[str, FloatArray]]:
    """Out-of-fold probabilities of the whole and of each head, weighed and calibrated on the other folds."""
    risk = np.zeros(len(label))
    head_risk = {name: np.zeros(len(label)) for name in names if len(names) > 1}
    for k in np.unique(fold):
        test, train = fold == k, fold != k
        weights, bias = _head_weights(logits[train], label[train])
        raw = logits @ weights + bias
        risk[test] = fit_calibration(raw[train], label[train]).probabilities(raw[test])
        for i, name in enumerate(names):
            if name in head_risk:
                alone = fit_calibration(logits[train, i], label[train])
                head_risk[name][test] = expit(alone.logits(logits[test, i]))
    return risk, head_risk


@torch.inference_mode()
def _domain_features(member: Member, data: TrainingData) -> Tensor:
    parts = [data.take(rows.numpy()) for rows in torch.split(torch.arange(len(data.label)), 1024)]
    return torch.cat(
        [member.domain_features(member.embed(p.embedding, p.images, p.present), p.tabular) for p in parts]
    ).clone()


def _describe_attribute(name: str, column: Tensor) -> AttributeInput:
    known = column[~torch.isnan(column)].double().numpy()
    low, typical, high = np.quantile(known, TYPICAL).tolist() if len(known) else (0.0, 0.0, 0.0)
    unit = {"length": "m", "area": "m2", "count": "features"}.get(name.rsplit("_", 1)[-1], "")
    missing = 1 - len(known) / len(column)
    return AttributeInput(name=name, unit=unit, low=low, typical=typical, high=high, missing_share=missing)


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
