"""A saved model on other labelled tiles: does it keep there what its validation promised?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyproj

from mmrisk_core.arrays import BoolArray, FloatArray, IntArray
from mmrisk_core.bundle.manifest import Manifest, Place
from mmrisk_core.bundle.trained_model import TrainedModel
from mmrisk_core.compute.devices import DeviceChoice
from mmrisk_core.errors import InputError
from mmrisk_core.evaluation.correlogram import likeness
from mmrisk_core.evaluation.evidence import Evidence, choose_examples, events_of, names_of_tiles
from mmrisk_core.evaluation.metrics import Metrics, compute_metrics
from mmrisk_core.evaluation.spatial_folds import (
    default_block_size,
    independent_blocks,
    random_blocks,
    spatial_blocks,
)
from mmrisk_core.geo.crs import parse_crs, transformer_between
from mmrisk_core.geo.frames import has_geometry, require_crs, title_of
from mmrisk_core.geo.metric_bounds import bounds_in_metres, median_width
from mmrisk_core.imagery import RasterSource
from mmrisk_core.inference.precision import usual_precision
from mmrisk_core.inference.session import open_session
from mmrisk_core.inference.tile_slices import attributes_of
from mmrisk_core.prediction.predict import predict_in_session
from mmrisk_core.progress import NO_PROGRESS, Progress
from mmrisk_core.samples.thumbnails import read_thumbnails
from mmrisk_core.training.circular_labels import attributes_in_label, circularity
from mmrisk_core.training.labelled_tiles import MIN_TILES, require_both_labels, tiles_with_label, with_imagery
from mmrisk_core.training.validation_blocks import group_blocks
from mmrisk_core.wording import by_number, counted

FOLDS = 5
MIN_BLOCKS = 4
WHAT = "An evaluation"


@dataclass(frozen=True)
class ModelEvaluation:
    """How a model does on tiles that it was not trained on; or that the members which are asked were not.

    :param title: the name of the tile layer.
    :param figures: of all tiles.
    :param inside: of those in the area of applicability; None where they are too few, or of one label.
    :param tiles_inside: how many are in the area of applicability.
    :param tiles_seen: how many lie in the extent that the model was trained in; None where that cannot be known.
    :param tiles_learnt_from: how many are known to be tiles that the model was trained on.
    :param crs, extent, tile_size: where these tiles lie and how wide they are, in metres; None of a table without geometry.
    :param label_attributes: the attributes that the label of these tiles was computed from, so that the figures flatter.
    """

    title: str
    label: str
    figures: Metrics
    inside: Metrics | None
    tiles_inside: int
    tiles_seen: int | None
    tiles_learnt_from: int
    crs: str | None
    extent: tuple[float, float, float, float] | None
    tile_size: float | None
    device: str
    evidence: Evidence
    label_attributes: tuple[str, ...] = ()

    @property
    def mean_predicted(self) -> float:
        """The mean probability that the model gives."""
        return float(self.evidence.risk.mean())

    @property
    def observed(self) -> float:
        """The share of tiles labelled high-risk."""
        return float(self.evidence.label.mean())

    @property
    def warning(self) -> str | None:
        """A sentence where this is no test of how the model does in new places."""
        sentences = []
        if self.tiles_learnt_from:
            sentences.append(
                f"The model learnt from {self.tiles_learnt_from:,} of {counted(self.figures.tiles, 'tile')}. Of each of "
                "them only the part of the model speaks that has not seen it. With the label of the training this is no "
                "test, but repeats the validation; with a label of later events it tests how the model does there later."
            )
        others = self._warning_of_others
        return " ".join([*sentences, *([others] if others else [])]) or None

    @property
    def _warning_of_others(self) -> str | None:
        """Of tiles that the model did not learn from."""
        if self.tiles_seen is None and self.tiles_learnt_from == self.figures.tiles:
            return None
        if self.tiles_seen is None:
            return (
                "The table, or that of the training, does not say where its rows lie. Only you know whether the model has "
                "seen these places: if it has, this is no test of how it does in new ones."
            )
        others = self.tiles_seen - self.tiles_learnt_from
        if others <= 0:
            return None
        more = "more " if self.tiles_learnt_from else ""
        return (
            f"{others:,} {more}of {counted(self.figures.tiles, 'tile')} {by_number(others, 'lies', 'lie')} in the extent "
            "that the model was trained in. It has seen these places, so this is no test of how it does in new ones. Use "
            "tiles of another area; in the same area "
            "only a label of later events tests anything, and that only for the same places."
        )


def evaluate_model(
    model: TrainedModel,
    tiles: pd.DataFrame,
    label: str,
    rasters: Sequence[RasterSource] = (),
    *,
    image_column: str | None = None,
    device: DeviceChoice = "auto",
    seed: int = 0,
    progress: Progress = NO_PROGRESS,
) -> ModelEvaluation:
    """Judge ``model`` on the tiles whose ``label`` is 0 or 1.

    Intervals are over spatial blocks of these tiles; of a table without geometry, of the groups by the field that
    told them in training, if there are at least 4, else of single rows. Tiles without any imagery are left out where the
    model needs imagery, as in training.

    :param rasters: in the order in which the model was trained on them.
    :param image_column: the field with the paths of pictures, where it is not called as in the training.
    :raises MMRiskError: when tiles, label, fields or rasters do not do, saying why.
    """
    labelled = tiles_with_label(tiles, label, progress)
    require_both_labels(labelled, label, WHAT)
    with open_session(
        model,
        labelled,
        rasters,
        image_column=image_column,
        device=device,
        precision=usual_precision(len(labelled)),
        progress=progress,
    ) as session:
        predicted = predict_in_session(session, labelled, progress.part(0.0, 0.9))
        used = predicted.attrs["device"]
        _require_numbers(predicted["risk"])
        seen = (predicted["coverage"] > 0).to_numpy()
        labelled, predicted = with_imagery(labelled, label, seen, progress, WHAT), predicted[seen]
        y = labelled[label].to_numpy(dtype=np.float64)
        risk = predicted["risk"].to_numpy(dtype=np.float64)
        thumbnails = read_thumbnails(labelled, choose_examples(y, risk), model.manifest.images, session.sources)
    inside = predicted["in_domain"].to_numpy() == 1
    bounds = bounds_in_metres(labelled) if has_geometry(labelled) else None
    block = _blocks(labelled, bounds, y, model.manifest)
    figures = compute_metrics(risk, y, block, seed)
    evaluation = ModelEvaluation(
        title=title_of(tiles),
        label=label,
        figures=figures,
        inside=_metrics_of(inside, risk, y, block, seed),
        tiles_inside=int(inside.sum()),
        tiles_learnt_from=int(predicted["learnt_from"].sum()),
        tiles_seen=_count_seen(labelled, model.manifest.provenance.place),
        crs=None if bounds is None else _name_of_crs(require_crs(labelled)),
        extent=None if bounds is None else tuple(labelled.total_bounds.tolist()),
        tile_size=None if bounds is None else median_width(bounds),
        device=used,
        label_attributes=attributes_in_label(labelled, label, [a.name for a in model.manifest.attributes]),
        evidence=Evidence(
            label=y,
            risk=risk,
            head_risk={},
            fold=None,
            block=block,
            bounds=bounds,
            tile_id=names_of_tiles(labelled),
            tabular=attributes_of(model.manifest, labelled).double().numpy(),
            attributes=tuple(attribute.name for attribute in model.manifest.attributes),
            events=events_of(labelled, label),
            in_domain=inside,
            thumbnails=thumbnails,
        ),
    )
    if evaluation.warning:
        progress.log(f"Beware: {evaluation.warning}")
    if evaluation.label_attributes:
        progress.log(f"Beware: {circularity(evaluation.label_attributes)}")
    progress.log(f"AUC {figures.auc:.3f} (95 % interval {figures.auc_low:.3f} to {figures.auc_high:.3f}).")
    progress.update(1.0, f"model judged on {counted(len(y), 'tile')}")
    return evaluation


def _blocks(tiles: pd.DataFrame, bounds: FloatArray | None, label: FloatArray, manifest: Manifest) -> IntArray:
    if bounds is None:
        column = manifest.validation.group_column
        if column is None or column not in tiles.columns:
            return random_blocks(len(tiles))
        block = group_blocks(tiles, column)
        return block if len(np.unique(block)) >= MIN_BLOCKS else random_blocks(len(tiles))
    centres = (bounds[:, :2] + bounds[:, 2:]) / 2
    width = median_width(bounds)
    widest = width * max((image.context for image in manifest.images), default=1.0)
    found = likeness(centres, label, width)
    size = default_block_size(centres, label, width, FOLDS, widest, found.reach)
    block = spatial_blocks(centres, size)
    if len(np.unique(block)) < MIN_BLOCKS:
        raise InputError(
            f"The tiles make only {counted(len(np.unique(block)), 'spatial block')} of {size:,.0f} m, too few to say "
            "how sure the figures are. Use a larger area."
        )
    return independent_blocks(centres, block, size, found.reach if found.is_told else 0.0)


def _metrics_of(rows: BoolArray, risk: FloatArray, label: FloatArray, block: IntArray, seed: int) -> Metrics | None:
    if rows.sum() < MIN_TILES or len(np.unique(label[rows])) < 2:
        return None
    return compute_metrics(risk[rows], label[rows], block[rows], seed)


def _count_seen(tiles: pd.DataFrame, where: Place | None) -> int | None:
    """How many tiles have their middle in the extent of the training; None where either is not on a map."""
    if where is None or not has_geometry(tiles):
        return None
    left, bottom, right, top = where.extent
    middle = tiles.geometry.bounds.to_numpy()
    to_training = transformer_between(require_crs(tiles), parse_crs(where.crs))
    x, y = to_training.transform((middle[:, 0] + middle[:, 2]) / 2, (middle[:, 1] + middle[:, 3]) / 2)
    return int(((x >= left) & (x <= right) & (y >= bottom) & (y <= top)).sum())


def _require_numbers(risk: pd.Series) -> None:
    missing = int(risk.isna().sum())
    if missing:
        raise InputError(
            f"Of {missing:,} of {counted(len(risk), 'tile')} the model gives no number, so it cannot be judged. Look "
            "for absurd values in their attributes; if it is so everywhere, the model is damaged: train it again."
        )


def _name_of_crs(crs: pyproj.CRS) -> str:
    return str(crs.to_string() if crs.to_authority() else crs.name)
