"""The frozen encoder of a training: made, or fitted to the imagery."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from mmrisk_core.encoders import FrozenEncoder, encoder_class, fit_rcf, is_random, make_frozen_encoder
from mmrisk_core.progress import NO_PROGRESS, Progress
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
    progress: Progress = NO_PROGRESS,
) -> FrozenEncoder | None:
    """The frozen encoder ``backbone``; None where there is no imagery, or the image network is trained.

    One that begins at random stays as it is, and the log says so.

    :raises MMRiskError: when its weights are missing or do not fit.
    """
    if not inputs or encoder_class(backbone) is None:
        return None
    if backbone == "rcf":
        return fit_rcf([_some_images(tiles, image, sources, seed) for image in inputs], seed)
    if is_random(weights):
        progress.log(
            f"Beware: the image encoder '{backbone}' begins at random, as WEIGHTS=none asks. It has never seen a picture, "
            "and what is frozen of it never learns from one: what it says of imagery are random filters of it."
        )
    return make_frozen_encoder(backbone, weights, seed)


def _some_images(tiles: pd.DataFrame, image: ImageInput, sources: Sequence[ImageSource], seed: int) -> Tensor:
    """The images of tiles drawn from those that have any, uint8 (n, bands, pixels, pixels)."""
    inside = np.flatnonzero(tiles_with_image(tiles, sources[image.source]))
    drawn = np.random.default_rng(seed).permutation(inside)[:TILES_FOR_FITTING]
    none = torch.zeros(0, image.bands, image.pixels, image.pixels, dtype=torch.uint8)
    if not drawn.size:
        return none
    batches = iterate_images(tiles.iloc[np.sort(drawn)], [image], sources)
    return torch.cat([none, *(batch.images[0][batch.present[0]] for batch in batches)])
