"""All images of the tiles, read once: as embeddings of a frozen encoder, or as pixels for a trained one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from mmrisk_core.architectures import TrainingData
from mmrisk_core.chip_embedding import ChipEmbedder
from mmrisk_core.embedding_cache import EmbeddingCache, cache_folder
from mmrisk_core.encoders import FrozenEncoder
from mmrisk_core.imagery import RasterSource
from mmrisk_core.progress import Progress
from mmrisk_core.samples import ImageBatch, ImageInput, iterate_images

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Images:
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


def read_images(
    tiles: gpd.GeoDataFrame,
    inputs: tuple[ImageInput, ...],
    sources: Sequence[RasterSource],
    backbone: str,
    encoder: FrozenEncoder | None,
    device: torch.device,
    progress: Progress,
) -> Images:
    """Read all images once: as embeddings of the frozen ``encoder``, or without one as pixels for a trained network."""
    if not inputs:
        return Images(torch.zeros(len(tiles), 0), [], [], np.ones(len(tiles)))
    batches = iterate_images(tiles, inputs, sources, progress)
    if encoder is None:
        return _read_pixels(batches, len(tiles))
    with EmbeddingCache(cache_folder(), progress.log) as cache:
        encoder.to(device)
        embedders = [
            ChipEmbedder(backbone, encoder, position, (len(tiles), image.bands), device, cache)
            for position, image in enumerate(inputs)
        ]
        images = _read_embeddings(batches, embedders, len(tiles))
    known = sum(embedder.from_cache for embedder in embedders)
    if known:
        progress.log(f"{known} images were known from an earlier training; the encoder did not look at them again.")
    return images


def _read_embeddings(batches: Iterable[ImageBatch], embedders: Sequence[ChipEmbedder], n: int) -> Images:
    coverage = np.zeros(n)
    for batch in batches:
        coverage[batch.rows] = batch.coverage
        for embedder, chips, present in zip(embedders, batch.images, batch.present, strict=True):
            embedder.add(batch.rows[present.numpy()], chips[present])
    return Images(torch.cat([embedder.finish() for embedder in embedders], dim=1), [], [], coverage)


def _read_pixels(batches: Iterable[ImageBatch], n: int) -> Images:
    rows: list[IntArray] = []
    pixels: list[list[Tensor]] = []
    present: list[list[Tensor]] = []
    coverage = np.zeros(n)
    for batch in batches:
        rows.append(batch.rows)
        coverage[batch.rows] = batch.coverage
        pixels.append(batch.images)
        present.append(batch.present)
    # Tiles were read in the order of the files' blocks.
    back = torch.from_numpy(np.argsort(np.concatenate(rows)))
    return Images(
        embedding=torch.zeros(n, 0),
        pixels=[torch.cat(parts)[back] for parts in zip(*pixels, strict=True)],
        present=[torch.cat(parts)[back] for parts in zip(*present, strict=True)],
        coverage=coverage,
    )
