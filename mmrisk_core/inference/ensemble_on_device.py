"""The networks of a model on its devices: images and attributes of tiles -> what the ensemble says of them."""

from __future__ import annotations

import copy
from collections.abc import Collection
from functools import partial

import numpy as np
import torch
from scipy.special import expit
from torch import Tensor

from mmrisk_core.architectures import Member
from mmrisk_core.arrays import FloatArray
from mmrisk_core.bundle.trained_model import TrainedModel
from mmrisk_core.compute.devices import Device
from mmrisk_core.inference.device_pool import DevicePool
from mmrisk_core.inference.image_embedder import ImageEmbedder, columns_of_images, has_own_image_networks
from mmrisk_core.inference.precision import (
    DTYPES,
    TILES_TO_COMPARE,
    TILES_TO_COMPARE_ON_GPU,
    Precision,
    compare,
    supports_bfloat16,
)
from mmrisk_core.progress import NO_PROGRESS, Progress
from mmrisk_core.samples.image_batches import ImageBatch

TABLE_BATCH = 4096


class EnsembleOutput:
    """What the ensemble says of each tile, filled batch by batch."""

    def __init__(self, n_tiles: int, n_members: int) -> None:
        self.logits = np.zeros((n_members, n_tiles))
        self.variance = np.zeros((n_members, n_tiles))
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
        self._each_its_own = has_own_image_networks(model)
        self.columns_of_images = columns_of_images(model)
        self._applicability = model.applicability
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
        embeddings = self.pool_images(self._encode(self._pool, batch.images, batch.present, len(tabular)))
        attributes = tabular.to(self._members_on)
        effects: list[tuple[FloatArray, FloatArray]] = []
        for number, (member, embedding) in enumerate(zip(self._members, embeddings, strict=True)):
            raw, without_image, without_attributes = self._raw_logits(member, embedding, attributes)
            logit = self._model.calibrated_logits(raw)
            output.logits[number, batch.rows] = logit
            deviation = member.logit_deviation(embedding, attributes)
            output.variance[number, batch.rows] = (
                np.nan if deviation is None else self._model.logit_variance(raw, deviation)
            )
            effects.append(
                (
                    logit - self._model.calibrated_logits(without_image),
                    logit - self._model.calibrated_logits(without_attributes),
                )
            )
            if number == 0:
                features = member.domain_features(embedding, attributes).cpu()
                output.dissimilarity[batch.rows] = self._applicability.dissimilarity(features)
        output.image_effect[batch.rows], output.attribute_effect[batch.rows] = np.mean(effects, axis=0)
        output.coverage[batch.rows] = batch.coverage

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
    def logits(self, embeddings: list[Tensor], tabular: Tensor) -> FloatArray:
        """The calibrated logits (n,), means over the members, by what each sees and by attributes (n, F)."""
        each = [self.logits_of_member(k, embedding, tabular) for k, embedding in enumerate(embeddings)]
        return np.asarray(np.mean(each, axis=0))

    @torch.inference_mode()
    def logits_of_member(self, number: int, embedding: Tensor, tabular: Tensor) -> FloatArray:
        """The calibrated logits (n,) of one member, by what it sees (n, E) and by attributes (n, F)."""
        heads = self._members[number](embedding, tabular.to(self._members_on))
        return self._model.calibrated_logits(self._model.raw_logits(heads))

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

    def _raw_logits(self, member: Member, embedding: Tensor, attributes: Tensor) -> list[FloatArray]:
        """Logits (n,) of the tiles as they are, without their images, and without their attributes."""
        without_image, without_attributes = (torch.full_like(x, torch.nan) for x in (embedding, attributes))
        # Together, since so small a network takes longer to call than to compute.
        heads = member(
            torch.cat([embedding, without_image, embedding]), torch.cat([attributes, attributes, without_attributes])
        )
        return [self._model.raw_logits(part) for part in heads.chunk(3)]

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
        return np.asarray(
            expit(self.logits(self.pool_images(self._encode(pool, images, present, len(tabular))), tabular))
        )
