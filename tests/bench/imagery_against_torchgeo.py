"""Imagery: MMRisk's chips against torchgeo's samples and against decoding alone, in time, pixels and memory.

    python tests/bench/imagery_against_torchgeo.py [--repetitions 3]

3,600 tiles of 196 pixels from an RGB tiled deflate GeoTIFF. Every reading is a process of its own, on the same interpreter
and the same GDAL; importing, listing the tiles and making the data set are not timed. Of the repetitions, which take turns,
each way's fastest counts. The first run makes the rasters (1.8 GB in build/bench) and installs the peers.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from peers.environment import ROOT, peers_python
from peers.orthophoto import make_orthophoto

RASTERS = ROOT / "build" / "bench"
TILES_PER_SIDE, TILE = 60, 196
THREADS = 2
AGAINST_TORCHGEO, AGAINST_DECODING = 5.0, 0.85
OURS, ALONE = "MMRisk, 2 threads", "decoding alone, 2 threads"
TORCHGEO = "torchgeo, 0 workers", "torchgeo, 2 workers"
WAYS = {
    OURS: ("mmrisk", THREADS),
    ALONE: ("plain", THREADS),
    TORCHGEO[0]: ("torchgeo", 0),
    TORCHGEO[1]: ("torchgeo", 2),
}
# The short ones are measured right after each other, and before each long one: the machine may have other work to do.
TURN = (OURS, ALONE, TORCHGEO[0], OURS, ALONE, TORCHGEO[1])


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repetitions", type=int, default=3)
    repetitions = parser.parse_args().repetitions
    python = peers_python()
    side = TILES_PER_SIDE * TILE
    rasters = {block: make_orthophoto(RASTERS / f"rgb_{side}_{block}.tif", side, block) for block in (256, 512)}
    for block, raster in rasters.items():
        print(
            f"\n{side:,} x {side:,} pixels in blocks of {block}, {raster.stat().st_size / side**2 / 3:.0%} of its raw size"
        )
        compare_pixels(python, raster)
        compare_times(python, raster, repetitions)
    show_memory(python, rasters[256], make_orthophoto(RASTERS / f"rgb_{2 * side}_256.tif", 2 * side, 256))


def compare_pixels(python: Path, raster: Path) -> None:
    """Both must read the same tiles, and the same bytes in each."""
    ours, theirs = (
        read(python, raster, way, workers, "--check") for way, workers in (("mmrisk", THREADS), ("torchgeo", 2))
    )
    if ours != theirs or ours["tiles"] != TILES_PER_SIDE**2:
        sys.exit(f"MMRisk and torchgeo do not read the same pixels: {ours} and {theirs}")
    print(f"pixels of {ours['tiles']:,} tiles the same in MMRisk and torchgeo (checksum {ours['checksum']:08x})")


def compare_times(python: Path, raster: Path, repetitions: int) -> None:
    """Prints tiles per second of each way, and the ratios."""
    taken: dict[str, list[dict[str, float]]] = {name: [] for name in WAYS}
    for _ in range(repetitions):
        for name in TURN:
            taken[name].append(read(python, raster, *WAYS[name]))
    seconds = {name: min(one["seconds"] for one in each) for name, each in taken.items()}
    busy = {name: min(one["processor"] for one in each) for name, each in taken.items()}
    for name, each in taken.items():
        rate, all_seconds = TILES_PER_SIDE**2 / seconds[name], " ".join(f"{one['seconds']:.2f}" for one in each)
        print(f"{name:26s} {rate:8,.0f} tiles/s   {busy[name]:5.2f} processor seconds   seconds: {all_seconds}")
    print("ratios, and in brackets those of processor seconds, which hang less on what else the machine does")
    for title, others, least in (
        ("torchgeo, the better", TORCHGEO, AGAINST_TORCHGEO),
        ("decoding", [ALONE], AGAINST_DECODING),
    ):
        faster, thriftier = (min(each[name] for name in others) / each[OURS] for each in (seconds, busy))
        print(f"MMRisk / {title:20s} {faster:5.2f}  ({thriftier:.2f})   to be at least {least}")


def show_memory(python: Path, small: Path, large: Path) -> None:
    """Prints how much memory grows by at its highest while a raster, and one of 4 times its area, are read."""
    print("\npeak memory of MMRisk above what it has after its imports")
    growth = [read(python, raster, "mmrisk", THREADS)["megabytes"] for raster in (small, large)]
    for raster, megabytes in zip((small, large), growth, strict=True):
        print(f"{raster.name:26s} {megabytes:8,.0f} MB")
    print(f"4 times the area / once                {growth[1] / growth[0]:5.2f}   to be about 1")


def read(python: Path, raster: Path, way: str, workers: int, *options: str) -> dict[str, Any]:
    """One reading in a process of its own."""
    script = Path(__file__).parent / "peers" / "read_raster.py"
    command = [str(python), str(script), way, str(raster), "--workers", str(workers), *options]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


if __name__ == "__main__":
    main()
