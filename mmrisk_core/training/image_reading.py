"""All images of the tiles, read once: as embeddings of a frozen encoder, or as pixels for a trained one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from mmrisk_core.architectures import TrainingData
from mmrisk_core.arrays import ByteArray, FloatArray, IntArray
from mmrisk_core.compute.process_group import all_gather_rows, all_reduce_sum, rank_slice
from mmrisk_core.encoders import FrozenEncoder, LastStage, PictureEncoder
from mmrisk_core.progress import Progress
from mmrisk_core.samples.image_batches import ImageBatch, iterate_images
from mmrisk_core.samples.image_inputs import ImageInput, ImageSource
from mmrisk_core.training.chip_embedding import ChipEmbedder
from mmrisk_core.training.duplicate_images import FINGERPRINT, fingerprinted, groups_of_twins
from mmrisk_core.training.embedding_cache import EmbeddingCache, cache_folder
from mmrisk_core.training.frozen_stage_activations import EarlyActivations
from mmrisk_core.wording import counted


@dataclass(frozen=True)
class Images:
    """What was read of the images of all tiles, in their order.

    :param embedding: (n, D) of a frozen encoder, else (n, 0).
    :param pixels, present: per image input of a trained encoder, else none. See :class:`TrainingData`, ``views`` too.
    :param coverage: share of valid pixels, (n,); 1 where there is no image input.
    :param twins: number of the group of tiles with the same pictures, (n,); -1 where a tile has its own.
    """

    embedding: Tensor
    pixels: list[Tensor]
    present: list[Tensor]
    coverage: FloatArray
    twins: IntArray
    views: list[Tensor] = field(default_factory=list)
    last_stage: LastStage | None = None

    def training_data(
        self, rows: IntArray, tabular: Tensor, levels: tuple[int, ...], label: FloatArray, block: IntArray
    ) -> TrainingData:
        """The images of the tiles ``rows`` with all else that is known of them."""
        index = torch.from_numpy(rows)
        return TrainingData(
            embedding=self.embedding[index],
            images=[pixels[index] for pixels in self.pixels],
            present=[present[index] for present in self.present],
            tabular=tabular,
            label=torch.from_numpy(label).float(),
            block=block,
            levels=levels,
            views=[views[index] for views in self.views],
            last_stage=self.last_stage,
        )


def read_images(
    tiles: pd.DataFrame,
    inputs: tuple[ImageInput, ...],
    sources: Sequence[ImageSource],
    backbone: str,
    encoder: FrozenEncoder | None,
    device: torch.device,
    progress: Progress,
    *,
    fine_tune: bool = False,
    seed: int = 0,
) -> Images:
    """Read all images once: as embeddings of the frozen ``encoder``, or without one as pixels for a trained network.

    Several processes each read their share of the tiles, and give it to the others.

    :param fine_tune: keep what the encoder's last stage goes on from as well, of images augmented by ``seed``.
    :raises MMRiskError: when that takes too much memory.
    """
    if not inputs:
        return Images(torch.zeros(len(tiles), 0), [], [], np.ones(len(tiles)), np.full(len(tiles), -1))
    fingerprints = np.zeros((len(tiles), FINGERPRINT), dtype=np.uint8)
    # The light of the views that fine-tuning sees is drawn in the order of reading, and so by each process for all tiles.
    ours = slice(None) if fine_tune else rank_slice(len(tiles))
    batches = fingerprinted(iterate_images(tiles, inputs, sources, progress, only=ours), fingerprints)
    if encoder is None:
        return _from_all(_read_pixels(batches, inputs, len(tiles)), fingerprints)
    early = None
    if fine_tune and isinstance(encoder, PictureEncoder):
        early = EarlyActivations(encoder.to(device), inputs, len(tiles), device, seed)
        progress.log(f"What the encoder's last stage goes on from takes {early.size / 1e9:.1f} GB of memory.")
    with EmbeddingCache(cache_folder(), progress.log) as cache:
        encoder.to(device)
        embedders = [
            ChipEmbedder(backbone, encoder, position, (len(tiles), image.bands), device, cache)
            for position, image in enumerate(inputs)
        ]
        images = _read_embeddings(batches, embedders, early, len(tiles))
    known = all_reduce_sum(sum(embedder.from_cache for embedder in embedders))
    if known:
        progress.log(
            f"{counted(known, 'image was', 'images were')} known from an earlier training; the encoder did not look "
            "there again."
        )
    if early is not None:
        last_stage = LastStage(backbone, early.encoder).cpu()
        images = replace(images, pixels=early.images, present=early.present, views=early.views, last_stage=last_stage)
    return _from_all(images, fingerprints)


def _from_all(images: Images, fingerprints: ByteArray) -> Images:
    """What all processes have read together; activations have been made by each for all tiles."""
    for rows in (images.embedding, torch.from_numpy(images.coverage), torch.from_numpy(fingerprints)):
        all_gather_rows(rows)
    for rows in (*images.pixels, *images.present) if images.last_stage is None else ():
        all_gather_rows(rows)
    return replace(images, twins=groups_of_twins(fingerprints))


def _read_embeddings(
    batches: Iterable[ImageBatch], embedders: Sequence[ChipEmbedder], early: EarlyActivations | None, n: int
) -> Images:
    coverage = np.zeros(n)
    for batch in batches:
        coverage[batch.rows] = batch.coverage
        for embedder, chips, present in zip(embedders, batch.images, batch.present, strict=True):
            embedder.add(batch.rows[present.numpy()], chips[present])
        if early is not None:
            early.add(batch)
    return Images(torch.cat([embedder.finish() for embedder in embedders], dim=1), [], [], coverage, np.full(n, -1))


def _read_pixels(batches: Iterable[ImageBatch], inputs: Sequence[ImageInput], n: int) -> Images:
    pixels = [torch.zeros(n, image.bands, image.pixels, image.pixels, dtype=torch.uint8) for image in inputs]
    present = [torch.zeros(n, dtype=torch.bool) for _ in inputs]
    coverage = np.zeros(n)
    for batch in batches:
        rows = torch.from_numpy(batch.rows)
        coverage[batch.rows] = batch.coverage
        for place, image in zip((*pixels, *present), (*batch.images, *batch.present), strict=True):
            place[rows] = image
    return Images(torch.zeros(n, 0), pixels, present, coverage, np.full(n, -1))
