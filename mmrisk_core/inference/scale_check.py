"""Whether a model sees things as large as it learnt them."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from mmrisk_core.bundle.manifest import Manifest
from mmrisk_core.errors import InputError
from mmrisk_core.geo.frames import has_geometry
from mmrisk_core.imagery import RasterSource, describe_raster, typical_width
from mmrisk_core.progress import NO_PROGRESS, Progress

SCALE_MISMATCH = 1.5
TOO_COARSE = 5.0


def check_scale(
    manifest: Manifest, tiles: pd.DataFrame, sources: Sequence[RasterSource], progress: Progress = NO_PROGRESS
) -> None:
    """Whether tiles and pixels are about as large as those the model learnt from; else the log says so.

    :raises MMRiskError: when the imagery is so coarse that what the model looks for cannot be seen.
    """
    place = manifest.provenance.place
    if place is None or not has_geometry(tiles):
        return
    width, learnt_width = typical_width(tiles), place.tile_size
    if not 1 / SCALE_MISMATCH < width / learnt_width < SCALE_MISMATCH:
        progress.log(
            f"Beware: the model learnt from tiles {learnt_width:.0f} m wide, and these are {width:.0f} m wide. The risk of "
            "a larger tile is another thing than that of a smaller one: use tiles of the same size."
        )
    for image in {image.source: image for image in manifest.images}.values():
        if image.metres_per_pixel is None:
            continue
        source = sources[image.source]
        size = describe_raster(source).metres_per_pixel
        learnt = max(image.metres_per_pixel, learnt_width * image.context / image.pixels)
        seen = max(size, width * image.context / image.pixels)
        if size > TOO_COARSE * learnt:
            raise InputError(
                f"The model learnt from '{image.name}' at {learnt:.2g} m per pixel; {source.shown} has {size:.2g} m per "
                "pixel, in which what it looks for cannot be seen. Use finer imagery."
            )
        if not 1 / SCALE_MISMATCH < seen / learnt < SCALE_MISMATCH:
            progress.log(
                f"Beware: the model learnt from '{image.name}' at {learnt:.2g} m per pixel, and sees {source.shown} at "
                f"{seen:.2g} m per pixel. Things look larger or smaller to it than they did."
            )
