"""Training by two processes that torchrun starts, against one: the same loss curve, and what it costs or saves in time.

    python tests/bench/distributed_training.py [--tiles 200] [--epochs 3] [--pixels 196]

The method's own loop (``concat``) and the loop of the other networks (``gated``) train on the CPU, in one thread for each
process, on pictures whose brightness tells the label. The difference of the curves must stay below 1e-4. Beside it is that
of one process in two threads, which only rounds otherwise. The times are for information: they hang on how many cores are
free.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import torch

from mmrisk_core.architectures import FitOptions, TrainingData
from mmrisk_core.architectures import concat as concat_module
from mmrisk_core.architectures import two_tower_member as two_tower_module
from mmrisk_core.architectures.concat import fit_concat
from mmrisk_core.architectures.gated import fit_gated
from mmrisk_core.compute.process_group import is_rank_zero, process_group

AT_MOST = 1e-4
CPU = torch.device("cpu")
Curves = dict[str, dict[str, list[float]]]


def main() -> None:
    """Reads the command line, prints differences and seconds."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tiles", type=int, default=200)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--pixels", type=int, default=196)
    parser.add_argument("--curves", help="write the curves to this file, as one of several processes or alone")
    options = parser.parse_args()
    if options.curves:
        with process_group():
            curves = train(options.tiles, options.epochs, options.pixels)
            if is_rank_zero():
                Path(options.curves).write_text(json.dumps(curves))
        return
    one, two = run(1, 1, sys.argv[1:]), run(2, 1, sys.argv[1:])
    rounded = run(1, 2, sys.argv[1:])
    print(f"{options.tiles} tiles of {options.pixels} pixels, {options.epochs} epochs, torch {torch.__version__}")
    largest = 0.0
    for name in one:
        difference, rounding = (
            float(np.abs(np.subtract(one[name]["losses"], other[name]["losses"])).max()) for other in (two, rounded)
        )
        largest = max(largest, difference)
        (alone,), (together,) = one[name]["seconds"], two[name]["seconds"]
        print(
            f"{name:7s} difference of the loss {difference:.1e}, by rounding alone {rounding:.1e}; seconds: one process "
            f"{alone:.1f}, two {together:.1f}, ratio {alone / together:.2f}"
        )
    print(f"largest difference {largest:.1e}   to be at most {AT_MOST:g}")
    if largest > AT_MOST:
        sys.exit("two processes do not train what one trains")


def run(processes: int, threads: int, arguments: list[str]) -> Curves:
    """The curves of so many processes of so many threads each, all started by torchrun."""
    with tempfile.TemporaryDirectory() as folder:
        curves = Path(folder) / "curves.json"
        torchrun = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", str(processes)]
        command = [sys.executable, *torchrun, __file__, *arguments, "--curves", str(curves)]
        subprocess.run(command, check=True, env={**os.environ, "OMP_NUM_THREADS": str(threads)})
        return json.loads(curves.read_text())


def train(tiles: int, epochs: int, pixels: int) -> Curves:
    """For each architecture, the loss of each epoch, and the seconds of the training."""
    generator = torch.Generator().manual_seed(0)
    tabular = torch.randn(tiles, 20, generator=generator)
    bright = torch.rand(tiles, generator=generator)
    label = (tabular[:, 0] + 4 * (bright - 0.5) > 0).float()
    noise = torch.randint(0, 56, (tiles, 3, pixels, pixels), generator=generator)
    images = (noise + 200 * bright[:, None, None, None]).to(torch.uint8)
    present = [torch.ones(tiles, dtype=torch.bool)]
    data = TrainingData(torch.zeros(tiles, 0), [images], present, tabular, label, np.arange(tiles) // 4)
    curves = {}
    for name, fit, module, loop in (
        ("concat", fit_concat, concat_module, "train_end_to_end"),
        ("gated", fit_gated, two_tower_module, "train_member"),
    ):
        losses: list[float] = []
        trained = getattr(module, loop)
        setattr(module, loop, lambda *given, trained=trained, losses=losses: losses.extend(trained(*given)))
        begin = time.perf_counter()
        fit(data, FitOptions(0, CPU, epochs=epochs))
        curves[name] = {"losses": losses, "seconds": [time.perf_counter() - begin]}
        setattr(module, loop, trained)
    return curves


if __name__ == "__main__":
    main()
