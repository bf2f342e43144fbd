"""Labelled tiles, attributes and imagery -> what a model learns from, checked and laid out in folds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import torch

from mmrisk_core.architectures import TrainingData
from mmrisk_core.arrays import FloatArray, IntArray
from mmrisk_core.bundle.provenance import package_versions
from mmrisk_core.compute.process_group import require_alike
from mmrisk_core.encoders import FrozenEncoder
from mmrisk_core.errors import InputError
from mmrisk_core.evaluation.spatial_folds import assign_folds
from mmrisk_core.imagery import RasterSource
from mmrisk_core.progress import Progress
from mmrisk_core.samples.attribute_columns import Categories, find_categories
from mmrisk_core.samples.image_inputs import ImageInput, ImageSource, plan_image_inputs
from mmrisk_core.samples.image_source_checks import training_sources
from mmrisk_core.training.circular_labels import attributes_in_label, circularity, observed_later
from mmrisk_core.training.duplicate_rows import groups_of_equal_rows
from mmrisk_core.training.encoder_preparation import prepare_encoder
from mmrisk_core.training.image_reading import read_images
from mmrisk_core.training.labelled_tiles import (
    MIN_TILES,
    MIN_UNCHECKED,
    checked_attributes,
    label_in,
    labelled_tiles,
    with_imagery,
)
from mmrisk_core.training.leaks import leakage, made_of_events, telling_the_label
from mmrisk_core.training.options import TrainingOptions, check_choices
from mmrisk_core.training.twins import keep_twins_together
from mmrisk_core.training.validation_blocks import SpatialBlocks, choose_blocks, fewer_folds


@dataclass(frozen=True)
class TrainingSet:
    """What a model learns from; rows are the labelled tiles that have imagery, where any is asked for.

    :param features: names of the attributes, in the order of the columns of ``data.tabular``.
    :param inputs, sources: the image inputs, and where they come from.
    :param backbone: the registered name of the image network; ``none`` without image inputs.
    :param later: (n,) the label of a later period, NaN where it is not known.
    :param leaking: those of the attributes that hold what is to be foreseen.
    :param label_attributes: those of the attributes that the label was computed from.
    :param observed_later: (n,) a label by the events of a later period as they were counted, where there are such.
    :param fold: (n,) the fold of each tile.
    :param options: as they were given, with fewer folds where the labels do not suffice for more.
    """

    tiles: pd.DataFrame
    features: tuple[str, ...]
    categories: Categories
    inputs: tuple[ImageInput, ...]
    sources: Sequence[ImageSource]
    backbone: str
    encoder: FrozenEncoder | None
    data: TrainingData
    later: FloatArray | None
    leaking: tuple[str, ...]
    label_attributes: tuple[str, ...]
    observed_later: FloatArray | None
    blocks: SpatialBlocks
    fold: IntArray
    options: TrainingOptions

    @property
    def label(self) -> FloatArray:
        """(n,) 0 or 1."""
        return self.data.label.double().numpy()


def read_training_set(
    tiles: pd.DataFrame,
    label: str,
    features: Sequence[str],
    images: Sequence[str | Path | RasterSource],
    options: TrainingOptions,
    device: torch.device,
    progress: Progress,
) -> TrainingSet:
    """Read and check all that :func:`mmrisk_core.training.train.fit_model` learns from.

    :raises MMRiskError: when the data cannot be trained on, saying why.
    """
    backbone = check_choices(options)
    sources = training_sources(tiles, images, options.image_column, options.context)
    least = MIN_UNCHECKED if options.validation == "none" else MIN_TILES
    labelled = labelled_tiles(tiles, label, features, sources, progress, least)
    categories = find_categories(labelled, features, progress)
    tabular = checked_attributes(labelled, features, categories, progress)
    inputs = plan_image_inputs(labelled, sources, options.context, options.image_pixels)
    if options.fine_tune and not inputs:
        raise InputError(
            "There is no imagery that an encoder could be fine-tuned to. Choose images, or train without fine-tuning "
            "(FINE_TUNE)."
        )
    require_alike(options, device.type, package_versions(), inputs, tabular, labelled[label].to_numpy(dtype=np.float64))
    encoder = prepare_encoder(backbone, options.weights, labelled, inputs, sources, options.seed, progress)
    seen_images = read_images(
        labelled, inputs, sources, backbone, encoder, device, progress, fine_tune=options.fine_tune, seed=options.seed
    )
    seen = seen_images.coverage > 0
    labelled, tabular = with_imagery(labelled, label, seen, progress, least=least), tabular[torch.from_numpy(seen)]
    y = labelled[label].to_numpy(dtype=np.float64)
    of_events, telling = made_of_events(labelled, features), telling_the_label(tabular, features, y)
    leaking = tuple(name for name in features if name in {*of_events, *telling})
    if leaking:
        progress.log(f"Beware: {leakage(leaking)}")
    later = _later_label(labelled, options.later_label) if options.later_label else None
    repeated = attributes_in_label(labelled, label, features)
    if repeated:
        progress.log(f"Beware: {circularity(repeated)}")
    if options.validation == "none":
        progress.log("The model is not validated: nothing will be known of how well it does on what it has not seen.")
        options = fewer_folds(options, y, progress)
    blocks = choose_blocks(labelled, tabular, y, options, progress)
    block = keep_twins_together(labelled, blocks.block, seen_images.twins[seen], "imagery", options.folds, progress)
    same_rows = groups_of_equal_rows(tabular.double().numpy())
    block = keep_twins_together(labelled, block, same_rows, "attributes", options.folds, progress)
    if options.folds == 2:
        progress.log(
            "With 2 folds, the weights of the heads and the calibration have seen the tiles they are judged on."
        )
    levels = tuple(len(categories.get(name, ())) for name in features)
    return TrainingSet(
        tiles=labelled,
        features=tuple(features),
        categories=categories,
        inputs=inputs,
        sources=sources,
        backbone=backbone if inputs else "none",
        encoder=encoder,
        data=seen_images.training_data(np.flatnonzero(seen), tabular, levels, y, block),
        later=later,
        leaking=leaking,
        label_attributes=repeated,
        observed_later=observed_later(labelled, label) if repeated else None,
        blocks=blocks,
        fold=assign_folds(block, y, options.folds, options.seed),
        options=options,
    )


def _later_label(tiles: pd.DataFrame, name: str) -> FloatArray:
    """The label of the later period (n,), NaN where it is not known; checked before anything is trained."""
    later: FloatArray = label_in(tiles, name).to_numpy(dtype=np.float64)
    if len(np.unique(later[np.isfinite(later)])) < 2:
        raise InputError(
            f"The label '{name}' of the later period is not both 0 and 1 among the labelled tiles. Choose another date in "
            "'Label tiles', or leave the later label empty."
        )
    return later
