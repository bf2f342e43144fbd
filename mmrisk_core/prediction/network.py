"""The networks of a model on one device: images and attributes of tiles -> what the ensemble says of them."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from mmrisk_core.devices import Device
from mmrisk_core.encoders import FrozenEncoder, PictureEncoder, see_early
from mmrisk_core.risk_model import FloatArray, RiskModel
from mmrisk_core.samples import ImageBatch


class Answers:
    """What the ensemble says of each tile, filled batch by batch."""

    def __init__(self, n_tiles: int, n_members: int) -> None:
        self.logits = np.zeros((n_members, n_tiles))
        self.variance = np.zeros((n_members, n_tiles))
        self.image_effect = np.zeros(n_tiles)
        self.attribute_effect = np.zeros(n_tiles)
        self.dissimilarity = np.zeros(n_tiles)
        self.coverage = np.zeros(n_tiles)


class EnsembleOnDevice:
    """Members, encoder and reference tiles of a model, moved to a device once."""

    def __init__(self, model: RiskModel, device: Device) -> None:
        self._model = model
        self._device = device.torch_device
        self._members = [member.to(self._device) for member in model.members]
        self._applicability = model.applicability
        self._encoder = model.encoder.to(self._device) if model.encoder else None

    @torch.inference_mode()
    def answer(self, batch: ImageBatch, tabular: Tensor, answers: Answers) -> None:
        images = [image.to(self._device) for image in batch.images]
        present = [p.to(self._device) for p in batch.present]
        attributes = tabular.to(self._device)
        if self._model.manifest.ensemble.fine_tuned and isinstance(self._encoder, PictureEncoder):
            frozen, images = see_early(self._encoder, images)
        elif self._encoder:
            frozen = embed_images(self._encoder, images, present, len(tabular))
        else:
            frozen = attributes[:, :0]
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
