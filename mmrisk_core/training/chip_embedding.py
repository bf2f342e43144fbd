"""Chips -> embeddings of a frozen encoder, each made only once."""

from __future__ import annotations

import hashlib
import json

import torch
from torch import Tensor

from mmrisk_core.arrays import IntArray
from mmrisk_core.encoders import FrozenEncoder
from mmrisk_core.training.embedding_cache import EmbeddingCache

CHIPS_AT_ONCE = 16
"""The encoder always gets so many: rounding hangs on the shape of a batch, and must not on what the cache knows."""


class ChipEmbedder:
    """The embeddings of one image input, tile by tile, from the cache or the encoder.

    :param name: of the encoder.
    :param position: of the image input.
    :param shape: number of tiles, and of bands.
    """

    def __init__(
        self,
        name: str,
        encoder: FrozenEncoder,
        position: int,
        shape: tuple[int, int],
        device: torch.device,
        cache: EmbeddingCache,
    ) -> None:
        self._network = encoder.for_input(position)
        self._device = device
        self._cache = cache
        self._identity = _identity(name, encoder, position, device)
        self._embedding = torch.full((shape[0], encoder.features_of(shape[1])), torch.nan)
        self._waiting: list[tuple[int, bytes, Tensor]] = []
        self.from_cache = 0

    def add(self, rows: IntArray, chips: Tensor) -> None:
        """The chips (n, bands, pixels, pixels) of the tiles ``rows``."""
        keys = [hashlib.sha256(self._identity + bytes(chip.numpy().data)).digest() for chip in chips]
        known = self._cache.find(list(set(keys)), self._embedding.shape[1])
        for row, key, chip in zip(rows.tolist(), keys, chips, strict=True):
            if key in known:
                self._embedding[row] = known[key]
                self.from_cache += 1
            else:
                self._waiting.append((row, key, chip))
        while len(self._waiting) >= CHIPS_AT_ONCE:
            self._embed_waiting()

    def finish(self) -> Tensor:
        """The embeddings of all tiles (n, features); NaN where a tile has no chip."""
        if self._waiting:
            self._embed_waiting()
        return self._embedding

    def _embed_waiting(self) -> None:
        part, self._waiting = self._waiting[:CHIPS_AT_ONCE], self._waiting[CHIPS_AT_ONCE:]
        chips = [chip for _, _, chip in part]
        filled_up = torch.stack(chips + chips[-1:] * (CHIPS_AT_ONCE - len(chips)))
        vectors = self._network(filled_up.to(self._device)).float().cpu()
        for (row, key, _), vector in zip(part, vectors, strict=False):
            self._embedding[row] = vector
            self._cache.store(key, vector)


def _identity(name: str, encoder: FrozenEncoder, position: int, device: torch.device) -> bytes:
    """Of all that embeddings hang on beside the chip: another encoder, device or torch, and they are others."""
    digest = hashlib.sha256()
    kind = torch.cuda.get_device_name() if device.type == "cuda" else f"{torch.get_num_threads()} threads"
    digest.update(json.dumps([name, encoder.config, device.type, kind, str(torch.__version__)]).encode())
    for key, tensor in encoder.for_input(position).state_dict().items():
        digest.update(f"{key} {tuple(tensor.shape)}".encode())
        digest.update(tensor.cpu().contiguous().numpy().data)
    return digest.digest()
