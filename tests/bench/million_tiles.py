"""Prediction of very many tiles: peak memory, tiles per second as their number grows, and going on after a kill.

    python tests/bench/million_tiles.py [--tiles 10000 50000]

Tiles of 16 pixels lie on a mosaic that is virtual: one small GeoTIFF, repeated by a VRT, so that any number of tiles
takes no disk. The encoder is the cheapest, ``rcf``, so that what is measured is everything else: reading tiles, decoding,
heads, shards, ranks and the GeoPackage. Each prediction runs as ``python -m mmrisk_core predict`` in a process of its
own; what a hundred tiles take is its start, and does not count as time of the tiles. Whether time is linear is told by
what one more tile takes between one number of tiles and the next, for which no run's start matters. The smallest is run
again, killed half-way and finished by a second run, which must give the same file. Exits 1 where the memory is more than
3 GB, or where one more tile takes more than 1.3 times as long between the two largest numbers as between the two smallest
from 10,000 on.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import rasterio
import shapely
from geopandas.testing import assert_geodataframe_equal
from rasterio.transform import from_origin

from mmrisk_core import train_model
from mmrisk_core.inference.tile_slices import SLICE_TILES

CRS = "EPSG:32619"
LEFT, TOP, PIXEL = 300_000.0, 4_900_000.0, 0.5
TILE_PIXELS, PICTURE_PIXELS = 16, 2048
TILE = TILE_PIXELS * PIXEL
TRAINING = 400
FEW = 100
AT_MOST_GB = 3.0
AT_MOST_SLOWER = 1.3
LINEAR_FROM = 10_000
ON_PAPER = 10_000_000


def main() -> None:
    """Reads the command line, prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tiles", type=int, nargs="+", default=[10_000, 50_000, 100_000])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="mmrisk-bench-") as name:
        os.environ["MMRISK_CACHE"] = str(Path(name) / "cache")
        failed = measure(Path(name), sorted(options.tiles))
    sys.exit(1 if failed else 0)


def measure(folder: Path, counts: Sequence[int]) -> bool:
    """Prints the figures; whether a target is missed."""
    mosaic = write_mosaic(folder, side_of(counts[-1]) * TILE_PIXELS)
    train(folder, mosaic)
    print(
        f"{'tiles':>12s}{'seconds':>10s}{'tiles/s':>10s}{'peak GB':>10s}{'file MB':>10s}   load {os.getloadavg()[0]:.1f}"
    )
    write_tiles(folder / f"tiles_{FEW}.gpkg", FEW)
    begin = predict(folder, FEW, "risk").seconds
    print(f"{FEW:12,d}{begin:10.1f}   the start, taken off below", flush=True)
    runs = []
    for count in counts:
        write_tiles(folder / f"tiles_{count}.gpkg", count)
        run = predict(folder, count, "risk")
        run = replace(run, seconds=run.seconds - begin)
        runs.append(run)
        size = (folder / f"risk_{count}.gpkg").stat().st_size / 1e6
        print(
            f"{count:12,d}{run.seconds:10.1f}{count / run.seconds:10,.0f}{run.gigabytes:10.2f}{size:10.1f}", flush=True
        )
        assert pyogrio.read_info(folder / f"risk_{count}.gpkg")["features"] == count
    show_resumption(folder, counts[0])
    largest = runs[-1]
    slower = show_growth([run for run in runs if run.count >= LINEAR_FROM])
    print(f"peak memory: {largest.gigabytes:.2f} GB, to be at most {AT_MOST_GB}")
    show_plan(largest)
    return slower > AT_MOST_SLOWER or largest.gigabytes > AT_MOST_GB


@dataclass(frozen=True)
class Run:
    """One prediction."""

    count: int
    seconds: float
    gigabytes: float

    @property
    def per_tile(self) -> float:
        return self.seconds / self.count


def show_growth(runs: Sequence[Run]) -> float:
    """Prints what one more tile takes; how much more at the end than at the beginning."""
    each = []
    for fewer, more in pairwise(runs):
        seconds = (more.seconds - fewer.seconds) / (more.count - fewer.count)
        each.append(seconds)
        print(f"one more tile between {fewer.count:,d} and {more.count:,d}: {seconds * 1e3:.3f} ms")
    slower = each[-1] / each[0] if each else 1.0
    print(f"last / first of these: {slower:.2f}, to be at most {AT_MOST_SLOWER}")
    return slower


def side_of(count: int) -> int:
    return int(np.ceil(count**0.5))


def write_mosaic(folder: Path, pixels: int) -> Path:
    """A VRT of at least ``pixels`` each way, which repeats one picture."""
    rng = np.random.default_rng(0)
    coarse = rng.integers(30, 226, (3, PICTURE_PIXELS // TILE_PIXELS, PICTURE_PIXELS // TILE_PIXELS))
    picture = np.kron(coarse, np.ones((TILE_PIXELS, TILE_PIXELS))) + rng.normal(
        0, 10, (3, PICTURE_PIXELS, PICTURE_PIXELS)
    )
    profile = {"driver": "GTiff", "count": 3, "dtype": "uint8", "width": PICTURE_PIXELS, "height": PICTURE_PIXELS}
    tiling = {"tiled": True, "compress": "deflate", "photometric": "RGB"}
    transform = from_origin(LEFT, TOP, PIXEL, PIXEL)
    with rasterio.open(folder / "picture.tif", "w", crs=CRS, transform=transform, **profile, **tiling) as raster:
        raster.write(picture.clip(0, 255).astype(np.uint8))
    times = -(-pixels // PICTURE_PIXELS)
    places = [(col * PICTURE_PIXELS, row * PICTURE_PIXELS) for row in range(times) for col in range(times)]
    bands = ""
    for band, colour in enumerate(("Red", "Green", "Blue"), start=1):
        sources = "".join(
            f'<SimpleSource><SourceFilename relativeToVRT="1">picture.tif</SourceFilename><SourceBand>{band}</SourceBand>'
            f'<SourceProperties RasterXSize="{PICTURE_PIXELS}" RasterYSize="{PICTURE_PIXELS}" DataType="Byte" '
            f'BlockXSize="256" BlockYSize="256"/><SrcRect xOff="0" yOff="0" xSize="{PICTURE_PIXELS}" '
            f'ySize="{PICTURE_PIXELS}"/><DstRect xOff="{x}" yOff="{y}" xSize="{PICTURE_PIXELS}" '
            f'ySize="{PICTURE_PIXELS}"/></SimpleSource>'
            for x, y in places
        )
        bands += (
            f'<VRTRasterBand dataType="Byte" band="{band}"><ColorInterp>{colour}</ColorInterp>{sources}</VRTRasterBand>'
        )
    side = times * PICTURE_PIXELS
    transform_text = f"{LEFT}, {PIXEL}, 0, {TOP}, 0, -{PIXEL}"
    path = folder / "mosaic.vrt"
    path.write_text(
        f'<VRTDataset rasterXSize="{side}" rasterYSize="{side}"><SRS>{CRS}</SRS><GeoTransform>{transform_text}'
        f"</GeoTransform>{bands}</VRTDataset>"
    )
    return path


def tiles_between(first: int, last: int, side: int) -> gpd.GeoDataFrame:
    number = np.arange(first, last)
    left, top = LEFT + number % side * TILE, TOP - number // side * TILE
    roads = np.random.default_rng(first).random(len(number)) * 100
    boxes = shapely.box(left, top - TILE, left + TILE, top)
    return gpd.GeoDataFrame({"tile_id": number, "roads_length": roads}, geometry=boxes, crs=CRS)


def write_tiles(path: Path, count: int, chunk: int = 200_000) -> None:
    for start in range(0, count, chunk):
        some = tiles_between(start, min(start + chunk, count), side_of(count))
        pyogrio.write_dataframe(some, path, layer="tiles", driver="GPKG", append=start > 0)


def train(folder: Path, mosaic: Path) -> None:
    tiles = tiles_between(0, TRAINING, 20)
    tiles["label"] = (tiles["roads_length"] + np.random.default_rng(1).normal(0, 20, TRAINING) > 50).astype(int)
    model = train_model(
        tiles, "label", ["roads_length"], [mosaic], image_pixels=TILE_PIXELS, backbone="rcf", folds=5,
        validation="none", seed=1, device="cpu",
    )  # fmt: skip
    model.save(folder / "model.safetensors")


def start(folder: Path, count: int, name: str) -> subprocess.Popen:
    arguments = {
        "tiles": folder / f"tiles_{count}.gpkg",
        "images": folder / "mosaic.vrt",
        "model": folder / "model.safetensors",
        "device": "cpu",
        "output": folder / f"{name}_{count}.gpkg",
    }
    flags = [str(part) for key, value in arguments.items() for part in (f"--{key}", value)]
    command = [sys.executable, "-m", "mmrisk_core", "predict", *flags]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def predict(folder: Path, count: int, name: str) -> Run:
    begin = time.perf_counter()
    child = start(folder, count, name)
    # The peak of this one child, which getrusage would mix with that of others.
    _, status, usage = os.wait4(child.pid, 0)
    if status != 0:
        sys.exit(f"the prediction of {count} tiles failed")
    return Run(count, time.perf_counter() - begin, usage.ru_maxrss * 1024 / 1e9)


def show_resumption(folder: Path, count: int) -> None:
    """Kills a prediction half-way; prints what the second run had to do, and whether its file is the same."""
    shards = -(-count // SLICE_TILES)
    kept = folder / "cache" / "predictions"
    child = start(folder, count, "resumed")
    while (finished := len(list(kept.glob("*/[0-9]*.shard")))) < max(1, shards // 2):
        time.sleep(0.02)
        if child.poll() is not None:
            sys.exit("the prediction ended before it could be killed")
    child.send_signal(signal.SIGKILL)
    child.wait()
    run = predict(folder, count, "resumed")
    print(f"killed after {finished} of {shards} shards; the second run took {run.seconds:.1f} s", end=", ")
    risk = [gpd.read_file(folder / f"{name}_{count}.gpkg") for name in ("risk", "resumed")]
    assert_geodataframe_equal(*risk)
    print("and its file is the same")


def show_plan(run: Run) -> None:
    """What ten million tiles would take, going by the largest run."""
    hours = ON_PAPER * run.per_tile / 3600
    shards = -(-ON_PAPER // SLICE_TILES)
    print(
        f"on paper, {ON_PAPER:,d} tiles: {shards:,d} shards, {hours:.1f} hours in one process like this, "
        f"{hours / 8:.1f} in 8 of them; figures kept meanwhile {ON_PAPER * 65 / 1e6:,.0f} MB"
    )


if __name__ == "__main__":
    main()
