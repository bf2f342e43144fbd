"""Batches as they are read -> batches that suit the device."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np
import torch

from mmrisk_core.samples import ImageBatch


def in_batches_of(batches: Iterable[ImageBatch], size: Callable[[], int]) -> Iterator[ImageBatch]:
    """The same tiles, ``size()`` at a time; the last are fewer, and those without any image go as they come.

    Blank ones cost nothing, and their pixels, joined to others', would take memory.

    :param size: asked for each batch, since it may change when memory runs out.
    """
    waiting: list[ImageBatch] = []
    count = 0
    for batch in batches:
        if batch.present and not any(there.any() for there in batch.present):
            yield batch
            continue
        waiting.append(batch)
        count += len(batch.rows)
        while count >= (most := size()):
            joined = _joined(waiting)
            yield _part(joined, slice(0, most))
            count -= most
            waiting = [_part(joined, slice(most, None))] if count else []
    if waiting:
        yield _joined(waiting)


def _joined(batches: list[ImageBatch]) -> ImageBatch:
    if len(batches) == 1:
        return batches[0]
    return ImageBatch(
        np.concatenate([batch.rows for batch in batches]),
        [torch.cat(images) for images in zip(*(batch.images for batch in batches), strict=True)],
        [torch.cat(present) for present in zip(*(batch.present for batch in batches), strict=True)],
        np.concatenate([batch.coverage for batch in batches]),
    )


def _part(batch: ImageBatch, part: slice) -> ImageBatch:
    return ImageBatch(
        batch.rows[part],
        [image[part] for image in batch.images],
        [present[part] for present in batch.present],
        batch.coverage[part],
    )
