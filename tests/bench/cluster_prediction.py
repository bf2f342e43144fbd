"""Prediction by the workers of a Dask cluster against prediction in one process, in tiles per second.

    python tests/bench/cluster_prediction.py [--tiles 100000] [--workers 2]

The tiles are those of million_tiles.py. Workers are processes of this machine with one thread each, so they share its
cores: what is measured is what sending rows and figures costs, not what a cluster gains. The start of the workers does
not count. Both give the same file, or the bench ends.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

import geopandas as gpd
from geopandas.testing import assert_geodataframe_equal
from million_tiles import side_of, train, write_mosaic, write_tiles

from mmrisk_core.geo.layer_source import LayerSource
from mmrisk_core.imagery import RasterSource
from mmrisk_core.prediction import plan_prediction, predict_layer


def main() -> None:
    """Reads the command line, prints tiles per second and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tiles", type=int, default=100_000)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    try:
        import distributed
    except ImportError:
        print("Dask is not installed (resources/cluster-requirements.txt); nothing was measured")
        sys.exit(0)
    with tempfile.TemporaryDirectory(prefix="mmrisk-bench-") as name:
        os.environ["MMRISK_CACHE"] = str(Path(name) / "cache")
        folder = Path(name)
        mosaic = write_mosaic(folder, side_of(options.tiles) * 16)
        train(folder, mosaic)
        write_tiles(folder / "tiles.gpkg", options.tiles)
        here = options.tiles / seconds(folder, mosaic, "here", None)
        with distributed.LocalCluster(
            n_workers=options.workers, threads_per_worker=1, dashboard_address=":0"
        ) as cluster:
            there = options.tiles / seconds(folder, mosaic, "there", cluster.scheduler_address)
        assert_geodataframe_equal(gpd.read_file(folder / "here.gpkg"), gpd.read_file(folder / "there.gpkg"))
    print(f"{options.tiles:,d} tiles, load {os.getloadavg()[0]:.1f}; both files are the same")
    print(f"in this process     {here:9,.0f} tiles/s")
    print(f"by {options.workers} workers        {there:9,.0f} tiles/s")
    print(f"workers / process   {there / here:9.2f}")


def seconds(folder: Path, mosaic: Path, output: str, scheduler: str | None) -> float:
    """How long the prediction takes, from plan to file."""
    begin = time.perf_counter()
    plan = plan_prediction(
        folder / "model.safetensors",
        LayerSource(path=str(folder / "tiles.gpkg")),
        [RasterSource(path=str(mosaic))],
        device="cpu",
    )
    predict_layer(plan, folder / f"{output}.gpkg", scheduler=scheduler)
    return time.perf_counter() - begin


if __name__ == "__main__":
    main()
