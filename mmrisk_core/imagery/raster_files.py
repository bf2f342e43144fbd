"""The files that the pixels of a raster come from, through virtual rasters down to the last."""

from __future__ import annotations

from pathlib import Path

from mmrisk_core.imagery.raster_parts import files_in, sources_of
from mmrisk_core.imagery.raster_source import RasterSource, opened_raster

BESIDE = (".ovr", ".msk")
"""Overviews and masks that GDAL finds beside a raster."""


def files_of_raster(source: RasterSource) -> list[Path] | None:
    """The files of a raster, and those of the rasters that a virtual one is made of, however deep; None where GDAL reads
    it from something else.

    :raises MMRiskError: when it cannot be read.
    """
    with opened_raster(source) as raster:
        named = list(raster.files or [source.path])
    found: dict[Path, None] = {}
    while named:
        file = next((file for file in files_in(named.pop()) if file.is_file()), None)
        if file is None:
            return None
        if file not in found:
            found[file] = None
            # GDAL itself tells of files only, and not of what these are made of.
            named += sources_of(file)
            named += [str(beside) for suffix in BESIDE if (beside := Path(f"{file}{suffix}")).is_file()]
    return list(found)
