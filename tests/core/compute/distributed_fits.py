"""Trains small members, alone or as one of several processes; run by test_process_group.py.

torchrun --standalone --nproc-per-node 2 tests/core/compute/distributed_fits.py FILE
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from unittest import mock

import numpy as np
import torch

from mmrisk_core.architectures import ARCHITECTURES, FitOptions, TrainingData, concat, two_tower_member
from mmrisk_core.compute.process_group import is_rank_zero, process_group

TILES, PIXELS = 48, 64
EPOCHS = 3
NAMES = ("concat", "gated", "film", "film over embeddings", "concat, last batch of one row")


def made_up_tiles(*, frozen: bool = False) -> TrainingData:
    """Tiles of which some lack the image and some the attributes."""
    generator = torch.Generator().manual_seed(3)
    tabular = torch.randn(TILES, 3, generator=generator)
    tabular[7] = torch.nan
    label = (tabular.nan_to_num()[:, 0] + torch.randn(TILES, generator=generator) > 0).float()
    block = np.arange(TILES) // 4
    if frozen:
        return TrainingData(torch.randn(TILES, 24, generator=generator), [], [], tabular, label, block)
    images = torch.randint(0, 256, (TILES, 3, PIXELS, PIXELS), generator=generator, dtype=torch.uint8)
    present = torch.arange(TILES) != 5
    return TrainingData(torch.zeros(TILES, 0), [images], [present], tabular, label, block)


def fit_all() -> dict[str, dict[str, list[float]]]:
    """For each of ``NAMES``, the loss of each epoch and the logits of the tiles."""
    return {name: fit(name) for name in NAMES}


def fit(name: str) -> dict[str, list[float]]:
    data = made_up_tiles(frozen=name == "film over embeddings")
    # 48 rows are batches of 20, 20 and 8, or of 47 and 1; four fifths of them are batches of 20 and less.
    batch_size = 47 if "one row" in name else 20
    options = FitOptions(seed=1, device=torch.device("cpu"), epochs=EPOCHS, batch_size=batch_size)
    losses: list[float] = []

    def keeping_losses(train):
        return lambda *arguments: losses.extend(train(*arguments))

    with (
        mock.patch.object(concat, "train_end_to_end", keeping_losses(concat.train_end_to_end)),
        mock.patch.object(two_tower_member, "train_member", keeping_losses(two_tower_member.train_member)),
    ):
        member = ARCHITECTURES[name.split()[0].rstrip(",")].fit(data, options).eval()
    with torch.no_grad():
        logits = member(member.embed(data.embedding, data.images, data.present), data.tabular)[:, 0]
    return {"losses": losses, "logits": logits.tolist()}


def main() -> None:
    with process_group():
        fits = fit_all()
        if is_rank_zero():
            Path(sys.argv[1]).write_text(json.dumps(fits))


if __name__ == "__main__":
    main()
