"""The files that the pixels of a raster come from, through virtual rasters down to the last."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from mmrisk_core.imagery.raster_source import RasterSource, opened_raster

BESIDE = (".ovr", ".msk")
"""Overviews and masks that GDAL finds beside a raster."""

_IS_VIRTUAL = b"<VRTDataset"
_NAMED = re.compile(r"<(?:SourceFilename|SourceDataset)\b([^>]*)>([^<]*)<")
_IN_ARCHIVE = re.compile(r"^/vsi(zip|tar|gzip|7z|rar)/")
# NETCDF:"a.nc":speed, GTIFF_DIR:2:a.tif, vrt://a.tif?bands=1
_WITHIN = re.compile(r'^(?:vrt://|[A-Za-z0-9_]{2,}:(?:\d+:)?)"?([^"?]+)')


def files_of_raster(source: RasterSource) -> list[Path] | None:
    """The files of a raster, and those of the rasters that a virtual one is made of, however deep; None where GDAL reads
    it from something else.

    :raises MMRiskError: when it cannot be read.
    """
    with opened_raster(source) as raster:
        named = list(raster.files or [source.path])
    found: dict[Path, None] = {}
    while named:
        file = _file_around(named.pop())
        if file is None:
            return None
        if file not in found:
            found[file] = None
            named += _sources_of(file)
            named += [str(beside) for suffix in BESIDE if (beside := Path(f"{file}{suffix}")).is_file()]
    return list(found)


def _sources_of(file: Path) -> Iterator[str]:
    """What a file names, if it is a virtual raster; GDAL itself tells of files only, and not of what these are made of."""
    with file.open("rb") as opened:
        if _IS_VIRTUAL not in opened.read(1024):
            return
        opened.seek(0)
        text = opened.read().decode("utf-8", "replace")
    for attributes, written in _NAMED.findall(text):
        name = html.unescape(written).strip()
        relative = re.search(r"""relativeToVRT\s*=\s*["']1""", attributes)
        yield str(file.parent / name) if relative and not _WITHIN.match(name) else name


def _file_around(path: str) -> Path | None:
    """The file, or the one that it is in: an archive, or what has several rasters."""
    plain = _IN_ARCHIVE.sub("", path)
    within = _WITHIN.match(plain)
    for name in (plain, within.group(1) if within else plain):
        place = Path(name)
        # Behind the file may stand the name of a raster in it.
        for candidate in (place, *place.parents, Path(name.rpartition(":")[0] or name)):
            with suppress(OSError):  # of a virtual raster that is no file but the text of one
                if candidate.is_file():
                    return candidate
    return None
