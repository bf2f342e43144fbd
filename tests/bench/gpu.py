"""Prediction on a GPU: tiles per second in full and in half precision, agreement with the CPU, and what a full card does.

    python tests/bench/gpu.py [--tiles 3600] [--repetitions 2] [--backbones resnet34 rcf ...]

Tiles of 196 pixels of a deflate GeoTIFF, 20 attributes, five members of a stacked model. Float32 comes in two kinds: whole,
and as PyTorch computes convolutions unless told otherwise, with factors rounded to TF32; a prediction does the latter.
``basic_cnn`` and ``rcf`` know no halves. "The model alone" is the same tiles, already in the memory of the computer, through
the same calls; "end to end" reads, predicts and writes a GeoPackage. Ways take turns, and the fastest repetition counts.
ResNet34 has random weights, which take as long as others. Memory runs out as the allocator is held to a share of the card.
Without a GPU it says so and ends.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import geopandas as gpd
import numpy as np
import torch
from shared.city_of_noise import ENCODERS, city_of_noise

from mmrisk_core import RiskModel
from mmrisk_core.compute.devices import Device, choose_device
from mmrisk_core.errors import MMRiskError
from mmrisk_core.geo.layer_writing import write_layer
from mmrisk_core.imagery import RasterSource
from mmrisk_core.inference.batching import in_batches_of, one_ahead
from mmrisk_core.inference.ensemble_on_device import EnsembleOnDevice, EnsembleOutput
from mmrisk_core.inference.precision import Precision
from mmrisk_core.prediction import predict_risk
from mmrisk_core.progress import Progress
from mmrisk_core.samples.attribute_columns import read_attributes
from mmrisk_core.samples.image_batches import iterate_images

COMPARED = 256
MAX_DIFFERENCE = 0.005
MEGABYTE = 2**20
KINDS: dict[str, tuple[Precision, bool]] = {
    "float32, whole": ("float32", False),
    "float32": ("float32", True),
    "bfloat16": ("bfloat16", True),
}
"""Of each its name for a model, and whether convolutions may round to TF32."""


def main() -> None:
    """Reads the command line, prints the tables of docs/prediction-at-scale.md."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tiles", type=int, default=3600)
    parser.add_argument("--repetitions", type=int, default=2)
    parser.add_argument("--backbones", nargs="+", default=ENCODERS, choices=ENCODERS)
    options = parser.parse_args()
    try:
        device = choose_device("gpu")
    except MMRiskError as error:
        print(error)
        return
    print(f"{device.summary}; {os.cpu_count()} processors\n", flush=True)
    with city_of_noise() as city:
        models = {encoder: city.trained(encoder) for encoder in options.backbones}
        print(
            "| encoder | precision | the model alone | end to end | reading alone | largest difference from the CPU |"
        )
        print("|---|---|---|---|---|---|", flush=True)
        for encoder, model in models.items():
            some = city.tiles.iloc[: options.tiles]
            measure(encoder, model, some, city.raster, device, city.folder, options.repetitions)
        full_card(models[options.backbones[0]], city.tiles.iloc[:COMPARED], city.raster)


def measure(
    name: str, model: RiskModel, tiles: gpd.GeoDataFrame, raster: Path, device: Device, folder: Path, repetitions: int
) -> None:
    """Prints the lines of one encoder."""
    sources = [RasterSource(path=str(raster))]
    tabular = read_attributes(tiles, [attribute.name for attribute in model.manifest.attributes], {})
    read = list(iterate_images(tiles, model.manifest.images, sources))
    kinds = [kind for kind in KINDS if kind != "bfloat16" or (model.encoder and model.encoder.halves)]
    output = EnsembleOutput(len(tiles), len(model.members))
    networks = {kind: EnsembleOnDevice(model, device, precision=KINDS[kind][0]) for kind in kinds}

    def model_alone(kind: str) -> None:
        network = networks[kind]
        for batch in one_ahead(in_batches_of(read, lambda: network.batch_size, pinned=True)):
            network.predict_batch(batch, tabular[batch.rows], output)
        torch.cuda.synchronize()

    def whole(kind: str) -> None:
        risk = predict_risk(model, tiles, sources, precision=KINDS[kind][0], device="gpu")
        write_layer(risk, folder / "risk.gpkg")

    def reading(_: str) -> None:
        for _ in iterate_images(tiles, model.manifest.images, sources):
            pass

    ways: list[tuple[Callable[[str], None], str]] = [(reading, "float32")]
    ways += [(way, kind) for kind in kinds for way in (model_alone, whole)]
    rate: dict[tuple[Callable[[str], None], str], float] = dict.fromkeys(ways, 0.0)
    for repetition in range(repetitions + 1):
        for way, kind in ways:
            with tf32(KINDS[kind][1]):
                begin = time.perf_counter()
                way(kind)
                seconds = time.perf_counter() - begin
            # The first is for the caches, and for cuDNN to choose its ways.
            rate[way, kind] = max(rate[way, kind], len(tiles) / seconds if repetition else 0.0)
    compared = tiles.iloc[:COMPARED]
    exact = predict_risk(model, compared, sources, precision="float32", device="cpu")["risk"].to_numpy()
    for kind in kinds:
        with tf32(KINDS[kind][1]):
            risk = predict_risk(model, compared, sources, precision=KINDS[kind][0], device="gpu")["risk"].to_numpy()
        print(
            f"| {name} | {kind} | {rate[model_alone, kind]:,.0f} | {rate[whole, kind]:,.0f} | "
            f"{rate[reading, 'float32']:,.0f} | {np.abs(risk - exact).max():.5f} |",
            flush=True,
        )
    said: list[str] = []
    predict_risk(model, tiles, sources, device="gpu", progress=Progress(log=said.append))
    print(f"| | | | | | {' '.join(one for one in said if 'float' in one) or 'float32, the only one'} |", flush=True)


@contextmanager
def tf32(allowed: bool) -> Iterator[None]:
    """Whether convolutions may round their factors to TF32."""
    before = torch.backends.cudnn.allow_tf32
    torch.backends.cudnn.allow_tf32 = allowed
    try:
        yield
    finally:
        torch.backends.cudnn.allow_tf32 = before


def full_card(model: RiskModel, tiles: gpd.GeoDataFrame, raster: Path) -> None:
    """Prints what is said, and how far the risk is from the CPU's, where the card has ever less memory."""
    sources = [RasterSource(path=str(raster))]
    exact = predict_risk(model, tiles, sources, precision="float32", device="cpu")["risk"].to_numpy()
    print("\n| memory of the card | said | computed on | largest difference from the CPU |\n|---|---|---|---|")
    for megabytes in (0, 1000, 400, 200, 120):
        said: list[str] = []
        with memory_of(megabytes):
            risk = predict_risk(
                model, tiles, sources, precision="float32", device="gpu", batch_size=len(tiles),
                progress=Progress(log=said.append),
            )  # fmt: skip
        memory = [sentence for sentence in said if "emory" in sentence]
        difference = np.abs(risk["risk"].to_numpy() - exact).max()
        print(
            f"| {f'{megabytes} MB' if megabytes else 'all'} | {' '.join(memory) or '–'} | {risk.attrs['device'][:3]} | "
            f"{difference:.5f} |",
            flush=True,
        )
        assert difference <= MAX_DIFFERENCE


@contextmanager
def memory_of(megabytes: int) -> Iterator[None]:
    """The allocator held to so many megabytes of the device beside what is in use; 0 for all."""
    torch.cuda.empty_cache()
    device = torch.device("cuda", torch.cuda.current_device())
    total = torch.cuda.get_device_properties(device).total_memory
    share = (torch.cuda.memory_reserved(device) + megabytes * MEGABYTE) / total if megabytes else 1.0
    torch.cuda.set_per_process_memory_fraction(share, device)
    try:
        yield
    finally:
        torch.cuda.set_per_process_memory_fraction(1.0, device)


if __name__ == "__main__":
    main()
