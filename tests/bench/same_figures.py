"""Prints a hash of every figure of a small, fixed-seed chain, to tell whether two states of the code compute the same.

``python tests/bench/same_figures.py``                       every job of the command line, on a city of 14 x 14 tiles
``python tests/bench/same_figures.py --repository FOLDER``   the same by the code of another checkout
``python tests/bench/same_figures.py --files FILE ...``      of model files, layers and rasters that are there

What names a date, a path or a version is left out of the hashes. Seconds say nothing; nothing here is timed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyogrio
import rasterio
from safetensors import safe_open

ROOT = Path(__file__).resolve().parents[2]
QUICK = {"image_pixels": 48, "epochs": 3, "folds": 3, "block_size": 450, "seed": 5, "device": "cpu"}
FIELDS = ["roads_length", "roads_aadt_mean", "zones_population_sum"]
TRAININGS: dict[str, dict[str, Any]] = {
    "stacked, attributes": {"images": []},
    "stacked, lite0": {"backbone": "efficientnet_lite0"},
    "stacked, rcf, two contexts, prevalence": {"backbone": "rcf", "context": [1, 3], "prevalence": 0.1},
    "stacked, basic_cnn": {"backbone": "basic_cnn"},
    "stacked, fine-tuned": {"backbone": "efficientnet_lite0", "fine_tune": True},
    "stacked, random folds": {"backbone": "rcf", "validation": "random"},
    "concat, basic_cnn": {"architecture": "concat"},
    "concat, rcf": {"architecture": "concat", "backbone": "rcf"},
    "gated, rcf": {"architecture": "gated", "backbone": "rcf"},
    "gated, imagery": {"architecture": "gated", "backbone": "rcf", "features": []},
    "film, rcf": {"architecture": "film", "backbone": "rcf"},
}
LEFT_OUT = {"created", "versions"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repository", type=Path, default=ROOT)
    parser.add_argument("--files", type=Path, nargs="*")
    options = parser.parse_args()
    for file in options.files or ():
        print(f"{hash_of_file(file)}  {file.name}", flush=True)
    if options.files is None:
        with tempfile.TemporaryDirectory() as folder:
            Chain(options.repository.resolve(), Path(folder)).run()


class Chain:
    """All jobs, one after the other, each a process of its own."""

    def __init__(self, repository: Path, folder: Path) -> None:
        self._repository, self._folder = repository, folder

    def run(self) -> None:
        """Run it and print the hashes."""
        path = self._folder.joinpath
        self._do("sample", "the city", folder=path("city"), seed=3, size=14)
        city = {name: path("city", f"{name}.gpkg") for name in ("roads", "zones", "crashes")}
        imagery = path("city", "imagery.tif")
        self._show("the city", imagery, *city.values())
        with rasterio.open(imagery) as raster:
            extent, crs = list(raster.bounds), raster.crs.to_string()
        grid = {"extent": extent, "crs": crs, "tile_size": 150}
        self._do("tiles", "tiles, grid", **grid, output=path("tiles.gpkg"))
        for layout, source in (("lines", "roads"), ("points", "crashes"), ("polygons", "zones")):
            size = {} if layout == "polygons" else {"tile_size": 150}
            self._do(
                "tiles", f"tiles, {layout}", layout=layout, input=city[source], **size, output=path(f"{layout}.gpkg")
            )
            every = {"statistics": ["count", "length", "distance"], "output": path(f"{layout}_roads.gpkg")}
            self._do("join", f"roads in {layout}", tiles=path(f"{layout}.gpkg"), input=city["roads"], **every)
        numbers = ["count", "length", "sum", "mean", "min", "max", "std", "distance"]
        joined = {"fields": ["aadt"], "statistics": numbers, "prefix": "roads_", "output": path("roads.gpkg")}
        self._do("join", "roads", tiles=path("tiles.gpkg"), input=city["roads"], **joined)
        zones = {"statistics": ["area", "share", "sum", "mean"], "prefix": "zones_", "output": path("zones.gpkg")}
        self._do("join", "zones", tiles=path("roads.gpkg"), input=city["zones"], fields=["population"], **zones)
        tiles, events = path("zones.gpkg"), city["crashes"]
        self._do(
            "label",
            "label, top share",
            tiles=tiles,
            events=events,
            rule="top_share",
            threshold=0.2,
            output=path("top.gpkg"),
        )
        self._do("label", "label", tiles=tiles, events=events, threshold=1, output=path("labelled.gpkg"))
        for name, how in TRAININGS.items():
            self._train(name, {"features": FIELDS, "images": [imagery], **QUICK, **how})
        self._roads(imagery, city["roads"])

    def _train(self, name: str, how: dict[str, Any]) -> None:
        path = self._folder.joinpath
        model, given = (
            path("model.safetensors"),
            {"images": how["images"], "model": path("model.safetensors"), "device": "cpu"},
        )
        report = path("report.html")
        self._do("train", name, tiles=path("labelled.gpkg"), label="label", **how, model=model, report=report)
        self._do("predict", f"{name}: predict", tiles=path("zones.gpkg"), **given, output=path("risk.gpkg"))
        saliency = {"saliency": path("saliency.tif")} if how["images"] else {}
        self._do("explain", f"{name}: explain", tiles=path("top.gpkg"), **given, output=path("why.gpkg"), **saliency)
        self._do("evaluate", f"{name}: evaluate", tiles=path("labelled.gpkg"), label="label", **given)
        change = {} if not how["features"] else {"change": json.dumps({"roads_length": 900})}
        self._do("inspect", f"{name}: inspect", tiles=path("top.gpkg"), **given, **change, details=3)

    def _roads(self, imagery: Path, roads: Path) -> None:
        path, quick = self._folder.joinpath, {"seed": 2, "device": "cpu", "epochs": 1, "pixel_size": 3, "batch_size": 4}
        model = path("streets.safetensors")
        self._do("roads-train", "streets", images=[imagery], roads=roads, backbone="plain", **quick, model=model)
        self._do("roads-extract", "streets: extract", image=imagery, model=model, device="cpu", output=path("mask.tif"))

    def _do(self, verb: str, title: str, **parameters: Any) -> None:
        command = [sys.executable, "-m", "mmrisk_core", verb]
        for name, value in parameters.items():
            values = value if isinstance(value, list) else [value]
            command += [f"--{name}", *map(str, values)] if values else []
        environment = {**os.environ, "PYTHONPATH": str(self._repository), "MMRISK_CACHE": str(self._folder / "cache")}
        done = subprocess.run(command, cwd=self._folder, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(f"{title}: {done.stderr[-2000:]}")
        result = {name: value for name, value in json.loads(done.stdout).items() if not isinstance(value, str)}
        print(f"{hash_of_text(result)}  {title}: result", flush=True)
        outputs = [parameters[name] for name in ("output", "model", "saliency") if name in parameters]
        self._show(
            title, *(file for file in outputs if verb in ("train", "roads-train") or file.suffix != ".safetensors")
        )

    def _show(self, title: str, *files: Path) -> None:
        for file in files:
            print(f"{hash_of_file(file)}  {title}: {file.name}", flush=True)


def hash_of_file(file: Path) -> str:
    """The hash of what a file holds, by its format."""
    return {".safetensors": hash_of_model, ".tif": hash_of_raster}.get(file.suffix, hash_of_layer)(file)


def hash_of_model(file: Path) -> str:
    digest = hashlib.sha256()
    with safe_open(file, framework="numpy") as content:
        for text in content.metadata().values():
            digest.update(hash_of_text(json.loads(text)).encode())
        for name in sorted(content.keys()):
            tensor = content.get_tensor(name)
            digest.update(f"{name} {tensor.dtype} {tensor.shape}".encode() + tensor.tobytes())
    return digest.hexdigest()[:16]


def hash_of_raster(file: Path) -> str:
    with rasterio.open(file) as raster:
        digest = hashlib.sha256(f"{raster.crs} {raster.transform} {raster.dtypes} {raster.nodata}".encode())
        digest.update(np.ascontiguousarray(raster.read()).tobytes())
    return digest.hexdigest()[:16]


def hash_of_layer(file: Path) -> str:
    digest = hashlib.sha256()
    for layer in pyogrio.list_layers(file)[:, 0]:
        if str(layer).startswith("layer_styles"):
            continue
        frame = pyogrio.read_dataframe(file, layer=layer)
        for name in frame.columns:
            column = frame[name]
            values = column.to_wkb() if name == "geometry" else column
            digest.update(f"{name} {column.dtype}".encode())
            digest.update(pd.util.hash_pandas_object(pd.Series(values), index=False).to_numpy().tobytes())
    return digest.hexdigest()[:16]


def hash_of_text(content: Any) -> str:
    """The hash of what came from JSON, without what names a date or a version."""
    return hashlib.sha256(json.dumps(_lasting(content), sort_keys=True).encode()).hexdigest()[:16]


def _lasting(content: Any) -> Any:
    if isinstance(content, dict):
        return {name: _lasting(value) for name, value in content.items() if name not in LEFT_OUT}
    return [_lasting(value) for value in content] if isinstance(content, list) else content


if __name__ == "__main__":
    main()
