"""All images of the tiles, read once: as embeddings of a frozen encoder, or as pixels for a trained one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from mmrisk_core.architectures import TrainingData
from mmrisk_core.encoders import FROZEN_ENCODERS, make_frozen_encoder
from mmrisk_core.imagery import RasterSource
from mmrisk_core.inference import embed_images
from mmrisk_core.progress import Progress
from mmrisk_core.samples import ImageInput, iterate_images

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
        )


def read_images(
    tiles: gpd.GeoDataFrame,
    inputs: tuple[ImageInput, ...],
    sources: Sequence[RasterSource],
    backbone: str,
    device: torch.device,
    progress: Progress,
) -> Images:
    """Read all images once: as embeddings of a frozen encoder, or as pixels for a trained one."""
    if not inputs:
        return Images(torch.zeros(len(tiles), 0), [], [], np.ones(len(tiles)))
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
    return Images(
        embedding=torch.cat(embeddings)[back] if embeddings else torch.zeros(len(tiles), 0),
        pixels=[torch.cat(parts)[back] for parts in zip(*pixels, strict=True)],
        present=[torch.cat(parts)[back] for parts in zip(*present, strict=True)],
        coverage=coverage,
    )
