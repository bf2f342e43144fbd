"""The worker: seconds until it says hello and has made a first small prediction, and what a job costs beside its work.

    python tests/bench/worker_overhead.py [--tiles 40] [--jobs 15]

A warm worker predicts a few tiles by attributes; the same call in this process, with the model loaded, is what the work
itself takes. They take turns, and medians are compared, since the machine may have other work to do.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from mmrisk_core import create_tiles, train_model
from mmrisk_core.bundle.model_file import load_model
from mmrisk_core.geo.layer_io import read_tiles
from mmrisk_core.geo.layer_source import LayerSource
from mmrisk_core.geo.layer_writing import write_layer
from mmrisk_core.prediction import predict_risk

COLD_SECONDS, WARM_SECONDS = 6.0, 0.05


def main() -> None:
    """Reads the command line, prints seconds."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tiles", type=int, default=40)
    parser.add_argument("--jobs", type=int, default=15)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        job = prepare(folder, options.tiles)
        cold, hello, here, there = measure(job, folder, options.jobs)
    over = there - here
    print(f"load {os.getloadavg()[0]:.1f}; {options.tiles} tiles, medians of {options.jobs} jobs")
    print(f"start to hello            {hello:6.2f} s")
    print(f"start to first prediction {cold:6.2f} s   to be at most {COLD_SECONDS:g}")
    print(f"in this process           {here * 1000:6.0f} ms")
    print(f"by the warm worker        {there * 1000:6.0f} ms")
    print(f"overhead                  {over * 1000:6.0f} ms  to be at most {WARM_SECONDS * 1000:g}")
    if cold > COLD_SECONDS or over > WARM_SECONDS:
        sys.exit("the worker is not as quick as asked for")


def prepare(folder: Path, count: int) -> dict[str, Any]:
    """A model and tiles, as the parameters of a prediction."""
    tiles = create_tiles((330000, 4689000, 331000, 4690000), 50, "EPSG:32619")
    rng = np.random.default_rng(0)
    tiles["traffic"] = rng.normal(size=len(tiles))
    tiles["label"] = (tiles["traffic"] + rng.normal(size=len(tiles)) > 0).astype(float)
    model = train_model(tiles, "label", ["traffic"], validation="none", epochs=5, device="cpu")
    return {
        "tiles": str(write_layer(tiles.iloc[:count], folder / "tiles.gpkg")),
        "model": str(model.save(folder / "model.safetensors")),
        "output": str(folder / "risk.gpkg"),
        "device": "cpu",
    }


def measure(job: dict[str, Any], folder: Path, jobs: int) -> tuple[float, float, float, float]:
    """Seconds from the start to the first result and to hello, and of a job in this process and by the worker."""
    begin = time.perf_counter()
    worker = subprocess.Popen(
        [sys.executable, "-m", "mmrisk_core", "worker"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    until(worker, "hello")
    hello = time.perf_counter() - begin
    ask(worker, job)
    cold = time.perf_counter() - begin
    model, here, there = load_model(job["model"]), [], []
    for _ in range(jobs):
        begin = time.perf_counter()
        risk = predict_risk(model, read_tiles(LayerSource.model_validate(job["tiles"])), device="cpu")
        write_layer(risk, folder / "here.gpkg")
        here.append(time.perf_counter() - begin)
        begin = time.perf_counter()
        ask(worker, job)
        there.append(time.perf_counter() - begin)
    assert worker.stdin is not None
    worker.stdin.close()
    worker.wait(30)
    return cold, hello, statistics.median(here), statistics.median(there)


def ask(worker: subprocess.Popen[str], job: dict[str, Any]) -> None:
    """Let the worker do a job."""
    assert worker.stdin is not None
    worker.stdin.write(json.dumps({"type": "run", "id": 1, "verb": "predict", "parameters": job}) + "\n")
    worker.stdin.flush()
    until(worker, "result")


def until(worker: subprocess.Popen[str], kind: str) -> None:
    """Read what the worker says up to a message of ``kind``."""
    assert worker.stdout is not None
    for line in worker.stdout:
        message = json.loads(line)
        if message["type"] == kind:
            return
        if message["type"] == "error":
            sys.exit(f"the worker failed: {message['message']}")
    sys.exit("the worker ended")


if __name__ == "__main__":
    main()
