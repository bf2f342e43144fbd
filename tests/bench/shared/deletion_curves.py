"""Deletion and insertion curves of an explanation (Petsiuk, Das and Saenko 2018), against orders at random.

What is said to raise the answer most is taken away first: the answer falls fast, and the mean over the curve is low.
Where it is put back first, the answer rises fast, and the mean is high.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from mmrisk_core import RiskModel
from mmrisk_core.compute.devices import choose_device
from mmrisk_core.imagery import RasterSource
from mmrisk_core.inference.ensemble_on_device import EnsembleOnDevice
from mmrisk_core.samples.attribute_columns import read_attributes
from mmrisk_core.samples.image_batches import ImageBatch, iterate_images

FloatArray = npt.NDArray[np.float64]
Answer = Callable[[npt.NDArray[np.bool_]], FloatArray]
"""What is kept of the parts of each tile, (n, parts) -> logits (n,)."""
REPEATS = 4


@dataclass(frozen=True)
class Areas:
    """Mean logit over the curve and over tiles."""

    deletion: float
    deletion_at_random: float
    insertion: float
    insertion_at_random: float


def areas(answer: Answer, effects: FloatArray, steps: int, seed: int = 0) -> Areas:
    """The areas of parts with ``effects`` (n, parts), taken away or put back in so many steps."""
    random = np.random.default_rng(seed)
    by_effect = np.argsort(-effects, axis=1)
    others = [random.permuted(by_effect, axis=1) for _ in range(REPEATS)]
    at_random = [(_area(answer, order, steps, True), _area(answer, order, steps, False)) for order in others]
    return Areas(
        _area(answer, by_effect, steps, True),
        float(np.mean([deletion for deletion, _ in at_random])),
        _area(answer, by_effect, steps, False),
        float(np.mean([insertion for _, insertion in at_random])),
    )


def _area(answer: Answer, order: npt.NDArray[np.int64], steps: int, deletion: bool) -> float:
    parts = order.shape[1]
    curve = []
    for step in range(steps + 1):
        changed = np.zeros(order.shape, dtype=bool)
        np.put_along_axis(changed, order[:, : round(step * parts / steps)], True, axis=1)
        curve.append(answer(~changed if deletion else changed).mean())
    return float(np.trapezoid(curve) / steps)


class Looked:
    """Tiles with one image each, as a model sees them."""

    def __init__(self, model: RiskModel, tiles, picture=None) -> None:
        self.network = EnsembleOnDevice(model, choose_device("cpu"))
        attributes = model.manifest.attributes
        self.typical = torch.tensor([attribute.typical for attribute in attributes])
        categories = {attribute.name: attribute.categories for attribute in attributes}
        self.tabular = read_attributes(tiles, [attribute.name for attribute in attributes], categories)
        self.fold = model.trained_tiles.fold_of(tiles, self.tabular, [])
        self.batch = ImageBatch(np.arange(len(tiles)), [], [], np.ones(len(tiles)))
        if picture is not None:
            self.batch = _whole(list(iterate_images(tiles, model.manifest.images, [RasterSource(path=str(picture))])))
        self._seen = self.network.encode_images(self.batch.images, self.batch.present, len(tiles))

    def with_attributes(self, kept: npt.NDArray[np.bool_]) -> FloatArray:
        """The logits where the other attributes are typical."""
        attributes = torch.where(torch.from_numpy(kept), self.tabular, self.typical)
        return self.network.logits(self.network.pool_images(self._seen), attributes, self.fold)

    def with_patches(self, kept: npt.NDArray[np.bool_]) -> FloatArray:
        """The logits where the other patches of the image, (n, patches), row by row, have its mean colour."""
        (image,) = self.batch.images
        patches, pixels = round(kept.shape[1] ** 0.5), image.shape[2]
        of_pixel = np.searchsorted(np.linspace(0, pixels, patches + 1).round()[1:], np.arange(pixels), side="right")
        shown = kept.reshape(-1, patches, patches)[:, of_pixel][:, :, of_pixel]
        mean = image.float().mean(dim=(2, 3), keepdim=True).round().to(image.dtype)
        painted = torch.where(torch.from_numpy(shown)[:, None], image, mean)
        seen = self.network.encode_images([painted], self.batch.present, len(kept))
        return self.network.logits(self.network.pool_images(seen), self.tabular, self.fold)


def _whole(batches: list[ImageBatch]) -> ImageBatch:
    order = torch.from_numpy(np.argsort(np.concatenate([batch.rows for batch in batches])))

    def joined(parts: list[Tensor]) -> Tensor:
        return torch.cat(parts)[order]

    return ImageBatch(
        np.arange(len(order)),
        [joined([batch.images[0] for batch in batches])],
        [joined([batch.present[0] for batch in batches])],
        np.ones(len(order)),
    )
