"""Tiles with the same pictures: a model that has seen one has seen the other."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

import numpy as np

from mmrisk_core.arrays import ByteArray, IntArray
from mmrisk_core.samples.image_batches import ImageBatch

FINGERPRINT = 16


def fingerprinted(batches: Iterable[ImageBatch], fingerprints: ByteArray) -> Iterator[ImageBatch]:
    """The batches as they are, and a digest of all pictures of each tile; zeros where they show one colour only.

    Open water and what is white all over look the same everywhere, and are no copies.

    :param fingerprints: (n, FINGERPRINT), zeros.
    """
    for batch in batches:
        for i, row in enumerate(batch.rows):
            digest, plain = hashlib.blake2b(digest_size=FINGERPRINT), True
            for image in batch.images:
                picture = image[i].numpy()
                plain &= bool((picture == picture[:, :1, :1]).all())
                digest.update(np.ascontiguousarray(picture).data)
            if not plain:
                fingerprints[row] = np.frombuffer(digest.digest(), dtype=np.uint8)
        yield batch


def groups_of_twins(fingerprints: ByteArray) -> IntArray:
    """The number of the group of tiles with the same pictures, (n,); -1 where a tile has its own."""
    _, group, count = np.unique(fingerprints, axis=0, return_inverse=True, return_counts=True)
    group = group.reshape(-1)
    alone = (count[group] < 2) | ~fingerprints.any(axis=1)
    return np.where(alone, -1, group)
