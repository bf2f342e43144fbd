"""The networks of a model on its devices: images and attributes of tiles -> what the ensemble says of them."""

from __future__ import annotations

import copy
from collections.abc import Collection
from functools import partial

import numpy as np
import torch
from scipy.special import expit
from torch import Tensor

from mmrisk_core.arrays import FloatArray, IntArray
from mmrisk_core.bundle.trained_model import TrainedModel
from mmrisk_core.bundle.trained_tiles import NOT_LEARNT_FROM
from mmrisk_core.compute.devices import Device
from mmrisk_core.inference.device_pool import DevicePool
from mmrisk_core.inference.image_embedder import ImageEmbedder
from mmrisk_core.inference.intervals import logit_interval
from mmrisk_core.inference.precision import (
    DTYPES,
    TILES_TO_COMPARE,
    TILES_TO_COMPARE_ON_GPU,
    Precision,
    compare,
    supports_bfloat16,
)
from mmrisk_core.inference.stand_ins import StandIns
from mmrisk_core.progress import NO_PROGRESS, Progress
from mmrisk_core.samples.image_batches import ImageBatch

TABLE_BATCH = 4096
MIN_VARIANCE = 1e-6
"""Of logits: a model that tells no tiles apart has nothing to miss."""


class EnsembleOutput:
    """What the ensemble says of each tile, filled batch by batch.

    ``logits`` are of the members, ``logit`` is the answer that counts, and lies between ``low`` and ``high``.

    :param fold: in which each tile was learnt from, (n,), or -1; None where none was. See :class:`TrainedTiles`.
    """

    def __init__(self, n_tiles: int, n_members: int, fold: IntArray | None = None) -> None:
        self.fold = np.full(n_tiles, NOT_LEARNT_FROM) if fold is None else fold
        self.logits = np.zeros((n_members, n_tiles))
        self.logit = np.zeros(n_tiles)
        self.low = np.zeros(n_tiles)
        self.high = np.zeros(n_tiles)
        self.unknown = np.zeros(n_tiles)
        self.image_effect = np.zeros(n_tiles)
        self.attribute_effect = np.zeros(n_tiles)
        self.dissimilarity = np.zeros(n_tiles)
        self.coverage = np.zeros(n_tiles)


class EnsembleOnDevice:
    """Copies of the members and the image networks of a model, on its devices.

    :param precision: of the image encoder; None chooses on the first images that are seen. Attributes and heads are
        computed in float32 always.
    :param batch_size: most tiles at once on a device; None to find out.
    """

    def __init__(
        self,
        model: TrainedModel,
        device: Device,
        *,
        precision: Precision | None = "float32",
        batch_size: int | None = None,
        progress: Progress = NO_PROGRESS,
    ) -> None:
        self._model = model
        self._device = device
        self._progress = progress
        self._batch_size = batch_size
        self._members = [copy.deepcopy(member).to(device.torch_device) for member in model.members]
        self._each_its_own = model.has_own_image_networks
        self.columns_of_images = model.columns_of_images
        self._judges = [model.without_fold(number) for number in range(len(model.manifest.ensemble.unseen))]
        self._applicability = model.applicability
        self._unexplained = model.manifest.ensemble.unexplained_variance
        self._undecided = precision is None and self._may_halve()
        self.precision: Precision = precision or "float32"
        self._pool = self._make_pool(self.precision) if model.manifest.images else None

    @property
    def is_decided(self) -> bool:
        """Whether :attr:`precision` stays as it is."""
        return not self._undecided

    @property
    def batch_size(self) -> int:
        """How many tiles to give :meth:`predict_batch` at once; any other number will do as well."""
        if self._pool is None:
            return self._batch_size or TABLE_BATCH
        return self._pool.at_once(max(image.pixels for image in self._model.manifest.images))

    @property
    def is_on_cuda(self) -> bool:
        """Whether images are sent to an NVIDIA GPU."""
        return self._pool is not None and self._pool.devices[0].type == "cuda"

    @property
    def device_used(self) -> str:
        """The summary of the device; of the CPU, where the memory of the GPU did not suffice."""
        return self._device.summary

    @torch.inference_mode()
    def predict_batch(self, batch: ImageBatch, tabular: Tensor, output: EnsembleOutput) -> None:
        """Fill the rows of ``batch``, whose attributes are ``tabular`` (n, F)."""
        if self._undecided:
            self._choose_precision(batch, tabular)
        rows, n = batch.rows, len(tabular)
        seen = self._encode(self._pool, batch.images, batch.present, n)
        embeddings = self.pool_images(seen)
        attributes = tabular.to(self._members_on)
        absent = torch.full_like(attributes, torch.nan)
        fold = output.fold[rows]
        # Together, since so small a network takes longer to call than to compute.
        heads = self._heads(
            [torch.cat([e, torch.full_like(e, torch.nan), e]) for e in embeddings],
            torch.cat([attributes, attributes, absent]),
        )
        logits, three = self._answers(heads, np.tile(fold, 3))
        logit, without_image, without_attributes = np.split(three, 3)
        variances = self._variances(embeddings, attributes, [each[:n] for each in heads], fold)
        output.logits[:, rows], output.logit[rows] = logits[:, :n], logit
        with np.errstate(over="ignore", invalid="ignore"):
            error = logit_interval(logits[:, :n], variances, self._unexplained)
            output.low[rows], output.high[rows] = logit - error, logit + error
        output.image_effect[rows], output.attribute_effect[rows] = logit - without_image, logit - without_attributes
        output.dissimilarity[rows] = self._dissimilarity(embeddings, attributes)
        output.coverage[rows] = batch.coverage
        self._doubt_what_is_unknown(batch, seen, attributes, output)

    @torch.inference_mode()
    def encode_images(self, images: list[Tensor], present: list[Tensor], n: int) -> Tensor:
        """What is seen in the images of ``n`` tiles, side by side, (1 or members, n, D); NaN where one is not present.

        The one step that takes long; what follows it need not look at the images again.
        """
        return self._encode(self._pool, images, present, n)

    @torch.inference_mode()
    def pool_images(self, seen: Tensor, without: Collection[int] = ()) -> list[Tensor]:
        """What was seen in the images -> the image embedding that each member works on, (n, E).

        :param without: images that are taken as absent.
        """
        if without:
            seen = seen.clone()
            for image in without:
                seen[:, :, self.columns_of_images[image]] = torch.nan
        return [member.pool_images(seen[k if self._each_its_own else 0]) for k, member in enumerate(self._members)]

    @torch.inference_mode()
    def logits(self, embeddings: list[Tensor], tabular: Tensor, fold: IntArray) -> FloatArray:
        """The calibrated logits (n,) that count, by what each member sees and by attributes (n, F).

        The mean of the members; of a tile that was learnt from, the answer of the member that has not seen it.

        :param fold: in which each tile was learnt from, (n,), or -1.
        """
        return self._answers(self._heads(embeddings, tabular.to(self._members_on)), fold)[1]

    @torch.inference_mode()
    def logits_of_member(
        self, number: int, embedding: Tensor, tabular: Tensor, *, learnt_from: bool = False
    ) -> FloatArray:
        """The calibrated logits (n,) of one member, by what it sees (n, E) and by attributes (n, F).

        :param learnt_from: whether the tiles are of the fold that this member has not seen, and is to speak for alone.
        """
        heads = self._members[number](embedding, tabular.to(self._members_on))
        return _combined(self._judges[number] if learnt_from else self._model, heads)

    def _heads(self, embeddings: list[Tensor], attributes: Tensor) -> list[Tensor]:
        return [member(e, attributes) for member, e in zip(self._members, embeddings, strict=True)]

    def _answers(self, heads: list[Tensor], fold: IntArray) -> tuple[FloatArray, FloatArray]:
        """The calibrated logits of all members (members, n), and those that count (n,)."""
        logits = np.stack([_combined(self._model, each) for each in heads])
        with np.errstate(over="ignore", invalid="ignore"):
            logit = logits.mean(axis=0)
        for number, judge in enumerate(self._judges):
            own = np.flatnonzero(fold == number)
            if len(own):
                logit[own] = _combined(judge, heads[number][torch.from_numpy(own)])
        return logits, logit

    def _variances(
        self, embeddings: list[Tensor], attributes: Tensor, heads: list[Tensor], fold: IntArray
    ) -> FloatArray:
        """The variance of the logit by what each member says of itself, (members, n), NaN where it does not know.

        Of a tile that was learnt from, all are that of the member that speaks for it.
        """
        variances = np.full((len(heads), len(attributes)), np.nan)
        of_judge = np.full(len(attributes), np.nan)
        for number, (member, embedding) in enumerate(zip(self._members, embeddings, strict=True)):
            deviation = member.logit_deviation(embedding, attributes)
            if deviation is None:
                return variances
            raw = self._model.raw_logits(heads[number])
            variances[number] = self._model.logit_variance(raw, deviation)
            own = np.flatnonzero(fold == number)
            if len(own) and self._judges:
                judge, some = self._judges[number], torch.from_numpy(own)
                of_judge[own] = judge.logit_variance(judge.raw_logits(heads[number][some]), deviation[some])
        return np.where(fold >= 0, of_judge, variances)

    def _dissimilarity(self, embeddings: list[Tensor], attributes: Tensor) -> FloatArray:
        """How unlike the training tiles are, as many members see it as the reference has room for."""
        width, parts = 0, []
        for member, embedding in zip(self._members, embeddings, strict=True):
            if width < self._applicability.reference.shape[1]:
                parts.append(member.domain_features(embedding, attributes).cpu())
                width += parts[-1].shape[1]
        return self._applicability.dissimilarity(torch.cat(parts, dim=1))

    def _doubt_what_is_unknown(
        self, batch: ImageBatch, seen: Tensor, attributes: Tensor, output: EnsembleOutput
    ) -> None:
        """Widen the intervals of tiles that lack what the training had, to hold what other tiles have in its place."""
        donors = self._model.donors
        missing = np.column_stack(
            [torch.isnan(attributes).cpu().numpy(), *(~there.cpu().numpy() for there in batch.present)]
        )
        output.unknown[batch.rows] = np.where(missing.all(axis=1), np.inf, 0.0)
        lacking = np.flatnonzero(missing.any(axis=1))
        if donors is None or not len(lacking):
            return
        unknown = donors.unknown(missing[lacking])
        some = np.flatnonzero(unknown.any(axis=1))
        stand_ins = StandIns(donors, self.columns_of_images, self._members_on)
        at_once = max(1, TABLE_BATCH // len(stand_ins))
        for part in (some[first : first + at_once] for first in range(0, len(some), at_once)):
            here = torch.from_numpy(lacking[part]).to(self._members_on)
            rows = batch.rows[lacking[part]]
            fold = np.repeat(output.fold[rows], len(stand_ins))
            filled_seen, filled = stand_ins.fill(seen[:, here], attributes[here], unknown[part])
            embeddings = self.pool_images(filled_seen)
            heads = self._heads(embeddings, filled)
            logits, logit = self._answers(heads, fold)
            by_donor = (len(rows), len(stand_ins))
            variances = self._variances(embeddings, filled, heads, fold)
            error = logit_interval(logits, variances, self._unexplained).reshape(by_donor)
            logit = logit.reshape(by_donor)
            # Not by donor: what was hidden may have been as unlikely as one of them and as unsure as another.
            output.low[rows] = np.fmin(output.low[rows], np.fmin.reduce(logit, axis=1) - np.fmax.reduce(error, axis=1))
            output.high[rows] = np.fmax(
                output.high[rows], np.fmax.reduce(logit, axis=1) + np.fmax.reduce(error, axis=1)
            )
            # Of all members, also where one speaks alone: how much they rest on what is not known is told by all.
            together = logits.mean(axis=0).reshape(by_donor)
            variance = together[:, : self._model.manifest.donors_drawn].var(axis=1)
            share = variance / max(self._model.manifest.logit_variance, MIN_VARIANCE)
            output.unknown[rows] = np.maximum(output.unknown[rows], share)

    @property
    def _members_on(self) -> torch.device:
        return self._device.torch_device

    def _make_pool(self, precision: Precision) -> DevicePool:
        make = partial(ImageEmbedder, self._model, dtype=DTYPES[precision])
        return DevicePool(make, self._device.all, self._batch_size, self._progress)

    def _encode(self, pool: DevicePool | None, images: list[Tensor], present: list[Tensor], n: int) -> Tensor:
        """As :meth:`encode_images`, on the device of the members; D is 0 for a model without images."""
        if pool is None:
            return torch.zeros(1, n, 0, device=self._members_on)
        seen = pool.embed(images, present)
        if pool.devices[0].type != self._members_on.type:
            self._device = Device(torch.device("cpu"), f"cpu (the memory of {self._device.summary} did not suffice)")
            self._members = [copy.deepcopy(member).to(self._members_on) for member in self._model.members]
        return seen

    def _may_halve(self) -> bool:
        encoder = self._model.encoder
        if encoder is None or not encoder.halves or self._model.manifest.ensemble.fine_tuned:
            return False
        if not all(supports_bfloat16(device) for device in self._device.all):
            self._progress.log("Computing in float32: the processor does not know bfloat16.")
            return False
        return True

    def _choose_precision(self, batch: ImageBatch, tabular: Tensor) -> None:
        """Compare on the first tiles of ``batch`` that have an image, if they are enough."""
        most = TILES_TO_COMPARE_ON_GPU if self.is_on_cuda else TILES_TO_COMPARE
        seen = torch.stack(batch.present).any(dim=0).nonzero().squeeze(1)[:most]
        if len(seen) < TILES_TO_COMPARE:
            return
        self._undecided = False
        images, present = [image[seen] for image in batch.images], [there[seen] for there in batch.present]
        halved = self._make_pool("bfloat16")
        choice = compare(
            lambda: self._risk(self._pool, images, present, tabular[seen]),
            lambda: self._risk(halved, images, present, tabular[seen]),
        )
        self._progress.log(choice.sentence)
        self.precision = choice.precision
        if choice.precision == "bfloat16":
            self._pool = halved

    def _risk(
        self, pool: DevicePool | None, images: list[Tensor], present: list[Tensor], tabular: Tensor
    ) -> FloatArray:
        fold = np.full(len(tabular), NOT_LEARNT_FROM)
        seen = self._encode(pool, images, present, len(tabular))
        return np.asarray(expit(self.logits(self.pool_images(seen), tabular, fold)))


def _combined(model: TrainedModel, heads: Tensor) -> FloatArray:
    """The calibrated logits (n,) of heads (n, heads), by the weights and the calibration of ``model``."""
    return model.calibrated_logits(model.raw_logits(heads))
