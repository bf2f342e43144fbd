"""Reads a raster once in one of three ways, and prints as JSON what that took. Run in a process of its own.

python tests/bench/peers/read_raster.py mmrisk|torchgeo|plain RASTER --workers 2 [--check]
"""

from __future__ import annotations

import argparse
import json
import os
import time
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import numpy.typing as npt
import rasterio
from rasterio.windows import Window

TILE = 196  # pixels
BATCH = 128  # the fastest for torchgeo of 32, 64 and 128

# Row and column of tiles, and their pixels (n, bands, TILE, TILE).
Batches = Iterator[tuple[npt.NDArray[np.int64], npt.NDArray[np.uint8]]]


def prepare_mmrisk(path: str, workers: int) -> Callable[[], Batches]:
    """MMRisk's chips of a grid of tiles; ``workers`` are threads."""
    from mmrisk_core import create_tiles
    from mmrisk_core.imagery import iterate_chips

    with rasterio.open(path) as raster:
        tiles = create_tiles(tuple(raster.bounds), TILE * raster.res[0], raster.crs.to_wkt())
    places = tiles[["row", "col"]].to_numpy()

    def read() -> Batches:
        for rows, chips in iterate_chips(tiles, path, pixels=TILE, threads=workers):
            # As in a batch of torchgeo; MMRisk's chips may be views of a row of the raster.
            yield places[rows], np.ascontiguousarray(chips.pixels)

    return read


def prepare_torchgeo(path: str, workers: int) -> Callable[[], Batches]:
    """torchgeo's samples of a grid of patches; ``workers`` are processes. As bytes: floats would only cost it time."""
    import torch
    from torch.utils.data import DataLoader
    from torchgeo.datasets import RasterDataset, stack_samples
    from torchgeo.samplers import GridGeoSampler

    class Picture(RasterDataset):
        dtype = torch.uint8

    # Copying a chip is too little work to be shared among threads, which torch's would spend waiting for each other.
    torch.set_num_threads(1)
    dataset = Picture([path])
    with dataset._load_warp_file(path) as file:
        if type(file) is not rasterio.DatasetReader:
            raise SystemExit("torchgeo would warp this file.")
        bounds, pixel = file.bounds, file.res[0]
    sampler = GridGeoSampler(dataset, size=TILE, stride=TILE)
    loader = DataLoader(
        dataset, batch_size=BATCH, sampler=sampler, num_workers=workers, collate_fn=stack_samples,
        prefetch_factor=4 if workers else None,
    )  # fmt: skip

    def read() -> Batches:
        for batch in loader:
            corners = [(bounds.top - y.stop, x.start - bounds.left) for x, y, *_ in batch["bounds"]]
            yield np.rint(np.array(corners) / (TILE * pixel)).astype(int), batch["image"].numpy()

    return read


def prepare_plain(path: str, workers: int) -> Callable[[], Batches]:
    """What decoding alone takes: every strip of blocks once, one file handle per thread, and nothing made of it."""

    def read_strips(first: int) -> int:
        with rasterio.open(path) as raster:
            side = raster.block_shapes[0][0]
            strip = np.empty((raster.count, side, raster.width), dtype=np.uint8)
            for row in range(first * side, raster.height, workers * side):
                height = min(side, raster.height - row)
                raster.read(window=Window(0, row, raster.width, height), out=strip[:, :height])
        return first

    def read() -> Batches:
        with ThreadPoolExecutor(workers) as pool:
            list(pool.map(read_strips, range(workers)))
        yield from ()

    return read


def check(batches: Batches) -> dict[str, int]:
    """How many tiles there are, and a sum over what is in each and where it is."""
    sums = {}
    for places, pixels in batches:
        for (row, col), tile in zip(places.tolist(), pixels, strict=True):
            sums[row, col] = zlib.crc32(np.ascontiguousarray(tile).tobytes())
    return {"tiles": len(sums), "checksum": zlib.crc32(json.dumps(sorted(sums.items())).encode())}


def measure(read: Callable[[], Batches]) -> dict[str, float]:
    """Seconds, processor seconds (which other programs disturb less), and megabytes that memory grew by at its highest."""
    before, busy = _memory("VmRSS"), _processor_seconds()
    started = time.perf_counter()
    for _ in read():
        pass
    seconds = time.perf_counter() - started
    return {"seconds": seconds, "processor": _processor_seconds() - busy, "megabytes": _memory("VmHWM") - before}


def _processor_seconds() -> float:
    """Of this process and of its children that have ended."""
    return sum(os.times()[:4])


def _memory(key: str) -> float:
    """Memory of this process in megabytes. Unlike ru_maxrss, VmHWM does not start at the size of the parent process."""
    status = Path("/proc/self/status")
    if not status.is_file():
        return float("nan")
    lines = dict(line.split(":", 1) for line in status.read_text(encoding="utf-8").splitlines())
    return int(lines[key].split()[0]) / 1024


def main() -> None:
    """Reads the command line."""
    ways = {"mmrisk": prepare_mmrisk, "torchgeo": prepare_torchgeo, "plain": prepare_plain}
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("way", choices=ways)
    parser.add_argument("raster")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--check", action="store_true", help="sum up the pixels instead of taking the time")
    arguments = parser.parse_args()
    read = ways[arguments.way](arguments.raster, arguments.workers)
    print(json.dumps(check(read()) if arguments.check else measure(read)))


if __name__ == "__main__":
    main()
