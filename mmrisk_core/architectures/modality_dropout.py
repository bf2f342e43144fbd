"""Modality dropout: what is sometimes hidden while training need not be there when predicting (Neverova 2016)."""

from __future__ import annotations

import torch
from torch import Tensor

from mmrisk_core.compute.batch_shards import draw_rows

ONE = 0.1
BOTH = 0.05


def drop_modalities(embedding: Tensor, tabular: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Of a tenth of the tiles the imagery becomes NaN, of another tenth the attributes, of a twentieth both.

    :param embedding: (n, D).
    :param tabular: (n, F).
    :param generator: on their device.
    """
    device = tabular.device
    draw = draw_rows(len(tabular), lambda n: torch.rand(n, 1, generator=generator, device=device))
    without_both = draw < BOTH
    without_image = without_both | ((draw >= BOTH) & (draw < BOTH + ONE))
    without_attributes = without_both | ((draw >= BOTH + ONE) & (draw < BOTH + 2 * ONE))
    return embedding.masked_fill(without_image, torch.nan), tabular.masked_fill(without_attributes, torch.nan)
