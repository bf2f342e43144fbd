"""The frozen encoder of a training: made, or fitted to the imagery."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from mmrisk_core.encoders import FrozenEncoder, encoder_class, fit_rcf, make_frozen_encoder
from mmrisk_core.samples.image_batches import iterate_images
from mmrisk_core.samples.image_inputs import ImageInput, ImageSource, tiles_with_image

TILES_FOR_FITTING = 200


def prepare_encoder(
    backbone: str,
    weights: str | None,
    tiles: pd.DataFrame,
    inputs: Sequence[ImageInput],
    sources: Sequence[ImageSource],
    seed: int,
) -> FrozenEncoder | None:
    """The frozen encoder ``backbone``; None where there is no imagery, or the image network is trained.

    :raises MMRiskError: when its weights are missing or do not fit.
    """
    if not inputs or encoder_class(backbone) is None:
        return None
    if backbone == "rcf":
        return fit_rcf([_some_images(tiles, image, sources, seed) for image in inputs], seed)
    return make_frozen_encoder(backbone, weights)


def _some_images(tiles: pd.DataFrame, image: ImageInput, sources: Sequence[ImageSource], seed: int) -> Tensor:
    """The images of tiles drawn from those that have any, uint8 (n, bands, pixels, pixels)."""
    inside = np.flatnonzero(tiles_with_image(tiles, sources[image.source]))
    drawn = np.random.default_rng(seed).permutation(inside)[:TILES_FOR_FITTING]
    none = torch.zeros(0, image.bands, image.pixels, image.pixels, dtype=torch.uint8)
    if not drawn.size:
        return none
    batches = iterate_images(tiles.iloc[np.sort(drawn)], [image], sources)
    return torch.cat([none, *(batch.images[0][batch.present[0]] for batch in batches)])
