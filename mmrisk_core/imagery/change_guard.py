"""Whether rasters are still what they were when they began to be read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from mmrisk_core.errors import InputError, MMRiskError
from mmrisk_core.imagery.raster_files import files_of_raster
from mmrisk_core.imagery.raster_source import RasterSource

STATISTICS = ".aux.xml"
"""QGIS writes statistics beside a raster while it shows it, which changes no pixel."""


@contextmanager
def guard_unchanged(rasters: Sequence[RasterSource], stamps: Sequence[str | None] | None = None) -> Iterator[None]:
    """Hold that the files of rasters stay the same while what is inside reads them; to be left before its result is kept.

    :param stamps: what they are to be, by :func:`pixel_fingerprints`; None for what they are now.
    :raises MMRiskError: naming the first that did not, whatever went wrong with it meanwhile.
    """
    before = pixel_fingerprints(rasters) if stamps is None else stamps
    try:
        yield
    except MMRiskError:
        # It may have been the change that broke it, and then this says more.
        _require_fingerprints(rasters, before)
        raise
    _require_fingerprints(rasters, before)


def _require_fingerprints(rasters: Sequence[RasterSource], stamps: Sequence[str | None]) -> None:
    for raster, stamp in zip(rasters, stamps, strict=True):
        try:
            is_same = _pixel_fingerprint(raster) == stamp
        except MMRiskError:
            is_same = False
        if not is_same:
            raise InputError(
                f"The raster {raster.shown} was changed while it was read, so that the result would belong to neither state "
                "of it. Wait until whatever writes it is done, and run this again."
            )


def pixel_fingerprints(rasters: Sequence[RasterSource]) -> tuple[str | None, ...]:
    """What changes of each raster when its pixels do; None where GDAL reads it from something else than files.

    :raises MMRiskError: when one cannot be read.
    """
    return tuple(map(_pixel_fingerprint, rasters))


def _pixel_fingerprint(source: RasterSource) -> str | None:
    files = files_of_raster(source)
    return None if files is None else fingerprint_of_files(file for file in files if not file.name.endswith(STATISTICS))


def fingerprint_of_files(files: Iterable[Path]) -> str:
    """What changes when one of the files is written to or replaced."""
    found = [(str(file.resolve()), file.stat()) for file in files]
    text = json.dumps([(path, status.st_size, status.st_mtime_ns) for path, status in found])
    return hashlib.sha256(text.encode()).hexdigest()
