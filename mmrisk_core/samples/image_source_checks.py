"""Whether tiles and rasters have what a model looks at, and where its images come from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from mmrisk_core.errors import InputError
from mmrisk_core.geo.frames import has_geometry, title_of
from mmrisk_core.imagery import PictureColumn, RasterSource, describe_raster
from mmrisk_core.progress import NO_PROGRESS, Progress
from mmrisk_core.samples.image_inputs import ImageInput, ImageSource
from mmrisk_core.wording import counted


def training_sources(
    tiles: pd.DataFrame,
    images: Sequence[str | Path | RasterSource],
    image_column: str | None,
    context: Sequence[float],
) -> list[ImageSource]:
    """The sources to learn from: rasters, then the pictures that a field names.

    :raises MMRiskError: when rasters are given for a table without geometry, or surroundings are asked of pictures.
    """
    rasters = [image if isinstance(image, RasterSource) else RasterSource.model_validate(image) for image in images]
    if rasters and not has_geometry(tiles):
        raise InputError(
            f"The table '{title_of(tiles)}' has no geometry, so that nobody knows where in {rasters[0].shown} its rows lie. "
            "Choose a layer of tiles, or name the field with the paths of ready-made pictures (image_column) instead."
        )
    if not image_column:
        return [*rasters]
    if not rasters and tuple(context) != (1.0,):
        raise InputError(
            "A ready-made picture shows no more than it shows, so there is no wider window. Leave the context at 1."
        )
    return [*rasters, PictureColumn(column=image_column)]


def image_sources(
    inputs: Sequence[ImageInput],
    tiles: pd.DataFrame,
    rasters: Sequence[RasterSource],
    image_column: str | None = None,
    progress: Progress = NO_PROGRESS,
) -> list[ImageSource]:
    """The sources of a model's inputs, after checking that tiles and rasters have what it looks at.

    :param image_column: the field with the paths of the pictures, where it is called otherwise than in the training.
    :raises MMRiskError: naming what is expected and what was given.
    """
    learnt = [image for image in inputs if image.kind == "raster"]
    if learnt and not has_geometry(tiles):
        raise InputError(
            f"The model looks at rasters ({_named(learnt)}), but the table '{title_of(tiles)}' has no geometry, so that "
            "nobody knows where in them its rows lie. Choose a layer of tiles, such as 'Create tiles' makes."
        )
    check_sources(learnt, rasters, progress)
    pictures = next((image for image in inputs if image.kind == "pictures"), None)
    if pictures is None:
        if image_column:
            raise InputError(
                f"The model did not learn from pictures that a field names, and has no use for the field '{image_column}'. "
                "Leave the field of pictures empty."
            )
        return [*rasters]
    column = image_column or pictures.name
    if column not in tiles.columns:
        raise InputError(
            f"The model looks at ready-made pictures, and '{title_of(tiles)}' has no field '{column}' with their paths. "
            "Add it, or say which field has them."
        )
    return [*rasters, PictureColumn(column=column)]


def check_sources(
    inputs: Sequence[ImageInput], sources: Sequence[RasterSource], progress: Progress = NO_PROGRESS
) -> None:
    """Whether rasters are what a model expects; what may still do is said in the log.

    :raises MMRiskError: naming what is expected and what was given.
    """
    expected = {image.source for image in inputs}
    if len(sources) != len(expected):
        raise InputError(
            f"The model expects {counted(len(expected), 'raster')} ({_named(inputs)}), in this order; {len(sources)} "
            "were given."
        )
    for image in {i.source: i for i in inputs}.values():
        _check_source(image, sources[image.source], progress)


def _named(inputs: Sequence[ImageInput]) -> str:
    names = {image.source: image.name for image in inputs}
    return ", ".join(f"'{names[source]}'" for source in sorted(names)) or "none"


def _check_source(image: ImageInput, source: RasterSource, progress: Progress) -> None:
    info = describe_raster(source)
    same_kind = "Choose imagery of the same kind as the model was trained on."
    if len(info.band_names) != image.bands:
        raise InputError(
            f"The model expects {counted(image.bands, 'band')} in '{image.name}' ({', '.join(image.band_names)}); "
            f"{source.shown} has {len(info.band_names)} ({', '.join(info.band_names)}). {same_kind}"
        )
    if info.dtype != image.dtype:
        raise InputError(
            f"The model expects {'8-bit' if image.dtype == 'uint8' else 'more than 8-bit'} pixels in '{image.name}'; "
            f"{source.shown} has others. {same_kind}"
        )
    if image.band_names and info.band_names != image.band_names:
        progress.log(
            f"Beware: the bands of {source.shown} are called {', '.join(info.band_names)}; the model learnt from "
            f"{', '.join(image.band_names)} in '{image.name}'. If they show something else, the risk means nothing."
        )
