"""What a raster is made of, before GDAL opens it: files of this computer, or of the place where the raster lies.

A virtual raster names others in its text. Where it lies is the user's choice; what it names may be that of somebody else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from xml.etree import ElementTree  # nosec B405  # nothing is loaded from elsewhere, and expat bounds what entities make

from mmrisk_core.errors import InputError
from mmrisk_core.files import is_no_file, require_file
from mmrisk_core.geo.drivers import is_remote

VIRTUAL = b"<VRTDataset"
HEAD = 1024
"""Bytes in which GDAL looks for it."""
NAMES_A_FILE = ("SourceFilename", "SourceDataset")
_SHARE = re.compile(r"[\\/]{2}([^\\/]+)[\\/]")
# NETCDF:"a.nc":speed, GTIFF_DIR:2:a.tif, vrt://a.tif?bands=1
_WITHIN = re.compile(r'(?:vrt://|[A-Za-z0-9_]{2,}:(?:\d+:)?)"?([^"?]+)')
_ARCHIVE = re.compile(r"/vsi(zip|tar|gzip|7z|rar|sparse|subfile/[^,]*,)/?")


def require_local_parts(path: str, shown: str) -> None:
    """Check that a raster is made of files, none of which is on the network, unless it is itself.

    :param path: as GDAL takes it.
    :param shown: what messages call it.
    :raises MMRiskError: naming what is none.
    """
    for file in files_in(path):
        require_file(file, f"raster {shown}")
    if not is_remote(path) and Path(path).is_file():
        _require_local(Path(path), shown, set())


def files_in(path: str) -> Iterator[Path]:
    """What a path for GDAL names on the disk: itself, the archive that it lies in, or the file that it is a part of."""
    within = _WITHIN.match(_ARCHIVE.sub("", path))
    of_parts = (within[1], within[1].rpartition(":")[0]) if within else ()
    for text in dict.fromkeys((path, *re.findall(r'"([^"]+)"', path), *filter(None, of_parts))):
        plain = Path(_ARCHIVE.sub("", text))
        there = next((place for place in (plain, *plain.parents) if place.exists()), None)
        if there is not None and (there == plain or not there.is_dir()):
            yield there
        elif is_no_file(plain):
            yield plain


def share_of(path: str) -> str | None:
    """The other computer whose share a path names in full, as Windows has it; None where it names none."""
    found = _SHARE.match(path)
    return found[1].lower() if found else None


def _require_local(raster: Path, shown: str, seen: set[Path]) -> None:
    if raster in seen:
        return
    seen.add(raster)
    status = raster.stat()
    named, sources = _parts(raster, status.st_mtime_ns, status.st_size)
    for text in named:
        if is_remote(text) or share_of(text) not in (None, share_of(str(raster))):
            raise InputError(
                f"The virtual raster {shown} names {text}, which lies on another computer, and is not asked for it. Load "
                "that layer itself, or make a file of this one with 'Render imagery'."
            )
    for file in (file for source in sources for file in files_in(source)):
        require_file(file, f"part of the virtual raster {shown}")
        if file.is_file():
            _require_local(file, shown, seen)


def sources_of(raster: Path) -> tuple[str, ...]:
    """What a virtual raster names as its sources, as GDAL takes it; nothing of other rasters.

    :raises MMRiskError: when its text cannot be understood.
    """
    status = raster.stat()
    return _parts(raster, status.st_mtime_ns, status.st_size)[1]


def _is_remark(element: ElementTree.Element) -> bool:
    """Whether what an element says is metadata, such as whom the raster belongs to, of which GDAL opens nothing."""
    return element.tag == "MDI" and not element.get("key", "").endswith("_DATASET")


@lru_cache(maxsize=256)
def _parts(raster: Path, modified: int, size: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What a virtual raster in that state says of places elsewhere, and its sources; nothing of other rasters.

    :raises MMRiskError: when its text cannot be understood, by which GDAL might understand something.
    """
    with raster.open("rb") as file:
        if VIRTUAL not in file.read(HEAD):
            return (), ()
        file.seek(0)
        named: list[str] = []
        sources: list[str] = []
        try:
            for _, element in ElementTree.iterparse(file):  # noqa: S314  # nosec B314
                text = (element.text or "").strip()
                if not _is_remark(element) and (is_remote(text) or share_of(text)):
                    named.append(text)
                if element.tag in NAMES_A_FILE and text:
                    is_beside = element.get("relativeToVRT") == "1"
                    sources.append(str(raster.parent / text) if is_beside else text)
                element.clear()
        except ElementTree.ParseError as error:
            raise InputError(
                f"The virtual raster {raster.name} is damaged: its text is no XML ({error}). Make it again."
            ) from error
    return tuple(named), tuple(dict.fromkeys(sources))
