"""Model and tiles -> risk."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import pandas as pd
import torch
from scipy.special import expit
from scipy.stats import norm
from scipy.stats import t as student_t
from torch import Tensor

from mmrisk_core.devices import Device, DeviceChoice, choose_device
from mmrisk_core.encoders import FrozenEncoder
from mmrisk_core.errors import MMRiskError
from mmrisk_core.image_sources import image_sources
from mmrisk_core.imagery import RasterSource, describe_raster, typical_width
from mmrisk_core.manifest import Manifest
from mmrisk_core.progress import SILENT, Progress
from mmrisk_core.risk_model import FloatArray, RiskModel
from mmrisk_core.samples import ImageBatch, ImageSource, iterate_images
from mmrisk_core.tile_attributes import read_attributes
from mmrisk_core.vectors import has_geometry, require_tiles

INTERVAL = 0.90
UNSEEN_ERROR = 1.6
"""How much larger the error of a logit is than the posterior of the heads says, which knows nothing of what the heads
cannot express. Real data cannot tell: labels are 0 or 1, and a probability is never seen. On simulated cities, whose
true probabilities are known, 1.6 made 90 % of the intervals hold them (docs/decisions.md)."""
LEAST_COVERAGE = 0.5
UNLIKE = 1.5
TOO_COARSE = 5.0
TABLE_BATCH = 4096
RISK_COLUMNS = (
    "risk", "risk_low", "risk_high", "risk_class", "rank", "image_effect", "attribute_effect", "coverage", "in_domain"
)  # fmt: skip


def predict_risk(
    model: RiskModel,
    tiles: pd.DataFrame,
    rasters: Sequence[RasterSource] = (),
    *,
    image_column: str | None = None,
    batch_size: int | None = None,
    device: DeviceChoice = "auto",
    progress: Progress = SILENT,
) -> pd.DataFrame:
    """Give each tile its calibrated risk.

    ``risk_low`` and ``risk_high`` are a 90 % interval. See :func:`logit_interval`. ``image_effect`` and
    ``attribute_effect`` are the change of the logit against that modality being absent. ``in_domain`` is 1 inside the area
    of applicability where at least half of the imagery is there.

    :param tiles: polygons, or rows of a table where the model looks at no raster.
    :param rasters: in the order in which the model was trained on them.
    :param image_column: the field with the paths of pictures, where it is not called as in the training.
    :return: the tiles with the columns of :data:`RISK_COLUMNS`, in their order; ``attrs["device"]`` says what computed.
    :raises MMRiskError: when tiles, fields or rasters are not what the model needs.
    """
    require_tiles(tiles)
    sources = image_sources(model.manifest.images, tiles, rasters, image_column, progress)
    check_scale(model.manifest, tiles, rasters, progress)
    attributes = model.manifest.attributes
    categories = {attribute.name: attribute.categories for attribute in attributes}
    tabular = read_attributes(tiles, [attribute.name for attribute in attributes], categories, progress)
    chosen = choose_device(device)
    progress.log(f"Computing on {chosen.summary}.")
    answers = _Answers(len(tiles), len(model.members))
    network = _EnsembleOnDevice(model, chosen)
    start = time.monotonic()
    for batch in _batches(model, tiles, sources, progress.part(0.0, 0.95)):
        for rows in _split(batch, batch_size):
            network.answer(rows, tabular[rows.rows], answers)
    seconds = max(time.monotonic() - start, 1e-3)
    progress.log(f"{len(tiles)} tiles at {len(tiles) / seconds:.0f} tiles per second.")
    result = _with_columns(model, tiles, answers)
    result.attrs["device"] = chosen.summary
    progress.update(1.0, f"risk of {len(tiles)} tiles")
    return result


def check_scale(
    manifest: Manifest, tiles: pd.DataFrame, sources: Sequence[RasterSource], progress: Progress = SILENT
) -> None:
    """Whether tiles and pixels are about as large as those the model learnt from; else the log says so.

    :raises MMRiskError: when the imagery is so coarse that what the model looks for cannot be seen.
    """
    place = manifest.provenance.place
    if place is None or not has_geometry(tiles):
        return
    width, learnt_width = typical_width(tiles), place.tile_size
    if not 1 / UNLIKE < width / learnt_width < UNLIKE:
        progress.log(
            f"Beware: the model learnt from tiles {learnt_width:.0f} m wide, and these are {width:.0f} m wide. The risk of "
            "a larger tile is another thing than that of a smaller one: use tiles of the same size."
        )
    for image in {image.source: image for image in manifest.images}.values():
        if image.metres_per_pixel is None:
            continue
        source = sources[image.source]
        size = describe_raster(source).metres_per_pixel
        learnt = max(image.metres_per_pixel, learnt_width * image.context / image.pixels)
        seen = max(size, width * image.context / image.pixels)
        if size > TOO_COARSE * learnt:
            raise MMRiskError(
                f"The model learnt from '{image.name}' at {learnt:.2g} m per pixel; {source.shown} has {size:.2g} m per "
                "pixel, in which what it looks for cannot be seen. Use finer imagery."
            )
        if not 1 / UNLIKE < seen / learnt < UNLIKE:
            progress.log(
                f"Beware: the model learnt from '{image.name}' at {learnt:.2g} m per pixel, and sees {source.shown} at "
                f"{seen:.2g} m per pixel. Things look larger or smaller to it than they did."
            )


class _Answers:
    """What the ensemble says of each tile, filled batch by batch."""

    def __init__(self, n_tiles: int, n_members: int) -> None:
        self.logits = np.zeros((n_members, n_tiles))
        self.variance = np.zeros((n_members, n_tiles))
        self.image_effect = np.zeros(n_tiles)
        self.attribute_effect = np.zeros(n_tiles)
        self.dissimilarity = np.zeros(n_tiles)
        self.coverage = np.zeros(n_tiles)


class _EnsembleOnDevice:
    """Members, encoder and reference tiles of a model, moved to a device once."""

    def __init__(self, model: RiskModel, device: Device) -> None:
        self._model = model
        self._device = device.torch_device
        self._members = [member.to(self._device) for member in model.members]
        self._applicability = model.applicability
        self._encoder = model.encoder.to(self._device) if model.encoder else None

    @torch.inference_mode()
    def answer(self, batch: ImageBatch, tabular: Tensor, answers: _Answers) -> None:
        images = [image.to(self._device) for image in batch.images]
        present = [p.to(self._device) for p in batch.present]
        attributes = tabular.to(self._device)
        frozen = embed_images(self._encoder, images, present, len(tabular)) if self._encoder else attributes[:, :0]
        without_image, without_attributes = [], []
        for number, member in enumerate(self._members):
            embedding = member.embed(frozen, images, present)
            raw = self._model.raw_logits(member(embedding, attributes))
            logit = self._model.calibrated_logits(raw)
            answers.logits[number, batch.rows] = logit
            deviation = member.logit_deviation(embedding, attributes)
            answers.variance[number, batch.rows] = (
                np.nan if deviation is None else self._model.logit_variance(raw, deviation)
            )
            without_image.append(logit - self._logits(member, torch.full_like(embedding, torch.nan), attributes))
            without_attributes.append(logit - self._logits(member, embedding, torch.full_like(attributes, torch.nan)))
            if number == 0:
                features = member.domain_features(embedding, attributes).cpu()
                answers.dissimilarity[batch.rows] = self._applicability.dissimilarity(features)
        answers.image_effect[batch.rows] = np.mean(without_image, axis=0)
        answers.attribute_effect[batch.rows] = np.mean(without_attributes, axis=0)
        answers.coverage[batch.rows] = batch.coverage

    def _logits(self, member: torch.nn.Module, embedding: Tensor, attributes: Tensor) -> FloatArray:
        return self._model.calibrated_logits(self._model.raw_logits(member(embedding, attributes)))


def embed_images(encoder: FrozenEncoder, images: list[Tensor], present: list[Tensor], n: int) -> Tensor:
    """The embeddings of all image inputs side by side, (n, D); NaN where a tile has no image."""
    parts = []
    for position, (image, there) in enumerate(zip(images, present, strict=True)):
        embedding = torch.full((n, encoder.features_of(image.shape[1])), torch.nan, device=image.device)
        if there.any():
            embedding[there] = encoder.for_input(position)(image[there])
        parts.append(embedding)
    return torch.cat(parts, dim=1) if parts else torch.zeros(n, 0)


def _batches(
    model: RiskModel, tiles: pd.DataFrame, sources: Sequence[ImageSource], progress: Progress
) -> Iterable[ImageBatch]:
    if model.manifest.images:
        return iterate_images(tiles, model.manifest.images, sources, progress)
    return _table_batches(len(tiles), progress)


def _table_batches(n: int, progress: Progress) -> Iterator[ImageBatch]:
    for start in range(0, n, TABLE_BATCH):
        rows = np.arange(start, min(start + TABLE_BATCH, n))
        progress.update(start / n, f"{start} of {n} tiles")
        yield ImageBatch(rows, [], [], np.ones(len(rows)))


def _split(batch: ImageBatch, size: int | None) -> list[ImageBatch]:
    """The batch in parts of at most ``size`` tiles."""
    n = len(batch.rows)
    if size is None or size >= n:
        return [batch]
    parts = [slice(i, min(i + size, n)) for i in range(0, n, size)]
    return [
        ImageBatch(
            batch.rows[part],
            [image[part] for image in batch.images],
            [present[part] for present in batch.present],
            batch.coverage[part],
        )
        for part in parts
    ]


def _with_columns(model: RiskModel, tiles: pd.DataFrame, answers: _Answers) -> pd.DataFrame:
    manifest = model.manifest
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


def logit_interval(logits: FloatArray, variance: FloatArray) -> FloatArray:
    """Half the width of the 90 % interval of a tile's logit, (n,).

    It rests on what the members say of their own error, or, where they do not know it, on how they differ; and is widened
    by :data:`UNSEEN_ERROR`.

    :param logits, variance: of each member, (members, n); a variance is NaN where the member does not know it.
    """
    known = np.isfinite(variance).all(axis=0)
    own = norm.ppf((1 + INTERVAL) / 2) * np.sqrt(np.where(known, variance, 0.0).mean(axis=0))
    return np.asarray(UNSEEN_ERROR * np.where(known, own, jackknife_error(logits)))


def jackknife_error(logits: FloatArray) -> FloatArray:
    """Half the width of the 90 % interval of the mean of ``logits`` (members, n), by the delete-a-group jackknife.

    Each member was trained without one fold, so that their differences say how much the answer hangs on which places were
    seen (Kott 2001).
    """
    members = len(logits)
    if members < 2:
        return np.zeros(logits.shape[1])
    variance = (members - 1) / members * ((logits - logits.mean(axis=0)) ** 2).sum(axis=0)
    return np.asarray(student_t.ppf((1 + INTERVAL) / 2, members - 1) * np.sqrt(variance))
