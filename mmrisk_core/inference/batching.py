"""Batches as they are read -> batches that suit the device."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import torch
from torch import Tensor

from mmrisk_core.samples.image_batches import ImageBatch


def one_ahead(batches: Iterator[ImageBatch]) -> Generator[ImageBatch, None, None]:
    """The same batches, each made by a thread while the one before is used; to be closed before what makes them is."""
    with ThreadPoolExecutor(1, thread_name_prefix="batches") as maker:
        coming = maker.submit(next, batches, None)
        while (batch := coming.result()) is not None:
            coming = maker.submit(next, batches, None)
            yield batch


def in_batches_of(
    batches: Iterable[ImageBatch], size: Callable[[], int], *, pinned: bool = False
) -> Generator[ImageBatch, None, None]:
    """The same tiles, ``size()`` at a time; the last are fewer, and those without any image go as they come.

    Blank ones cost nothing, and their pixels, joined to others', would take memory.

    :param size: asked for each batch, since it may change when memory runs out.
    :param pinned: whether to join images in memory that a GPU copies from without waiting.
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
            joined = _joined(waiting, pinned)
            yield _part(joined, slice(0, most))
            count -= most
            waiting = [_part(joined, slice(most, None))] if count else []
    if waiting:
        yield _joined(waiting, pinned)


def _joined(batches: list[ImageBatch], pinned: bool) -> ImageBatch:
    if len(batches) == 1:
        return batches[0]
    return ImageBatch(
        np.concatenate([batch.rows for batch in batches]),
        [_joined_images(images, pinned) for images in zip(*(batch.images for batch in batches), strict=True)],
        [torch.cat(present) for present in zip(*(batch.present for batch in batches), strict=True)],
        np.concatenate([batch.coverage for batch in batches]),
    )


def _joined_images(images: tuple[Tensor, ...], pinned: bool) -> Tensor:
    if not pinned:
        return torch.cat(images)
    shape = (sum(map(len, images)), *images[0].shape[1:])
    joined = torch.empty(shape, dtype=images[0].dtype, pin_memory=True)
    return torch.cat(images, out=joined)


def _part(batch: ImageBatch, part: slice) -> ImageBatch:
    return ImageBatch(
        batch.rows[part],
        [image[part] for image in batch.images],
        [present[part] for present in batch.present],
        batch.coverage[part],
    )
