"""Prediction: tiles per second against the loop of a tutorial, and against what reading and the model alone allow.

    python tests/bench/prediction_speed.py [--tiles 192] [--repetitions 2] [--backbones resnet34 rcf ...]

The reference loop opens the raster for each tile, reads and resizes it to 196 pixels, and sends batches of 4 through
torchvision's ResNet34 in float32, in evaluation mode and without gradients; it has no attributes, no ensemble, and writes
nothing. MMRisk reads, encodes, asks five members of a stacked model over the image and 20 attributes, and writes a
GeoPackage. Ceilings are the same tiles read and thrown away, and the model on tiles that are in memory; they share the
processor, so a prediction cannot reach the lower one where both are near to each other. Ways take turns, and of each the
fastest repetition counts; ratios in brackets are of processor seconds, which hang less on what else the machine does.
ResNet34 has random weights, which take as long as others.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import rasterio
import torch
import torchvision
from PIL import Image
from rasterio.windows import from_bounds
from shared.city_of_noise import PIXELS, city_of_noise
from torchvision.transforms.functional import normalize, to_tensor

from mmrisk_core import RiskModel
from mmrisk_core.compute.devices import choose_device
from mmrisk_core.geo.layer_writing import write_layer
from mmrisk_core.imagery import RasterSource
from mmrisk_core.inference.batching import in_batches_of
from mmrisk_core.inference.ensemble_on_device import EnsembleOnDevice, EnsembleOutput
from mmrisk_core.inference.precision import TILES_TO_COMPARE, Precision, supports_bfloat16
from mmrisk_core.prediction import predict_risk
from mmrisk_core.progress import Progress
from mmrisk_core.samples.attribute_columns import read_attributes
from mmrisk_core.samples.image_batches import ImageBatch, iterate_images

MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
FASTER = {True: 3.0, False: 1.7}
OF_THE_CEILING = 0.75
TIMES_AS_MANY = {"resnet34": 1, "efficientnet_lite0": 2, "basic_cnn": 6, "rcf": 12}
"""Tiles of the fast ones, so that all take a few seconds."""


def main() -> None:
    """Reads the command line, prints tiles per second and ratios."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tiles", type=int, default=192)
    parser.add_argument("--repetitions", type=int, default=2)
    parser.add_argument("--backbones", nargs="+", default=list(TIMES_AS_MANY), choices=list(TIMES_AS_MANY))
    options = parser.parse_args()
    halves = supports_bfloat16(torch.device("cpu"))
    print(
        f"{torch.get_num_threads()} threads, torch {torch.__version__}, bfloat16 {'known' if halves else 'not known'} to "
        f"the processor, load {os.getloadavg()[0]:.1f}"
    )
    failed = []
    with city_of_noise() as city:
        for encoder in options.backbones:
            some = city.tiles.iloc[: options.tiles * TIMES_AS_MANY[encoder]]
            model = city.trained(encoder)
            failed += measure(encoder, model, some, city.raster, city.folder, options.repetitions, FASTER[halves])
    if failed:
        sys.exit("below the target: " + "; ".join(failed))


def measure(
    backbone: str,
    model: RiskModel,
    tiles: gpd.GeoDataFrame,
    raster: Path,
    folder: Path,
    repetitions: int,
    faster: float,
) -> list[str]:
    """Prints the figures of one encoder; what is below its target."""
    sources = [RasterSource(path=str(raster))]
    tabular = read_attributes(tiles, [attribute.name for attribute in model.manifest.attributes], {})
    device = choose_device("cpu")
    read = list(in_batches_of(iterate_images(tiles, model.manifest.images, sources), lambda: TILES_TO_COMPARE))
    precision = chosen_precision(model, read[0], tabular)
    network = EnsembleOnDevice(model, device, precision=precision)
    ready = list(in_batches_of(read, lambda: network.batch_size))
    output = EnsembleOutput(len(tiles), len(model.members))

    def whole() -> None:
        write_layer(predict_risk(model, tiles, sources, precision=precision, device="cpu"), folder / "risk.gpkg")

    def reading() -> None:
        for _ in iterate_images(tiles, model.manifest.images, sources):
            pass

    def model_alone() -> None:
        for batch in ready:
            network.predict_batch(batch, tabular[batch.rows], output)

    ways: dict[str, tuple[Callable[[], None], int]] = {
        "end to end": (whole, len(tiles)),
        "the model alone": (model_alone, len(tiles)),
        "reading alone": (reading, len(tiles)),
    }
    if backbone == "resnet34":
        few = tiles.iloc[: max(16, len(tiles) // 4)]
        classifier = torchvision.models.resnet34().eval()
        ways["reference loop"] = lambda: reference_loop(classifier, few, raster), len(few)
    taken: dict[str, list[float]] = {name: [] for name in ways}
    busy: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(repetitions):
        for name, (work, count) in ways.items():
            begin, begin_busy = time.perf_counter(), time.process_time()
            work()
            taken[name].append(count / (time.perf_counter() - begin))
            busy[name].append(count / (time.process_time() - begin_busy))
    rate, thrift = ({name: max(each) for name, each in one.items()} for one in (taken, busy))
    print(f"\n{backbone}, {precision}, {len(tiles)} tiles; load {os.getloadavg()[0]:.1f}")
    for name, each in taken.items():
        print(f"  {name:16s} {rate[name]:8.1f} tiles/s   ({' '.join(f'{one:.1f}' for one in each)})")
    lower = min("the model alone", "reading alone", key=lambda name: rate[name])
    failed = []
    for name, least in ((lower, OF_THE_CEILING), ("reference loop", faster)):
        if name in ways:
            ratio, thriftier = (each["end to end"] / each[name] for each in (rate, thrift))
            print(f"  end to end / {name:16s} {ratio:6.2f}  ({thriftier:.2f})   to be at least {least:g}")
            failed += [f"{backbone}: end to end / {name} {ratio:.2f}"] if ratio < least else []
    return failed


def chosen_precision(model: RiskModel, batch: ImageBatch, tabular: torch.Tensor) -> Precision:
    """What a prediction of thousands of tiles would choose on its first images; how long that takes is shown."""
    said: list[str] = []
    network = EnsembleOnDevice(model, choose_device("cpu"), precision=None, progress=Progress(log=said.append))
    output = EnsembleOutput(len(tabular), len(model.members))
    begin = time.perf_counter()
    network.predict_batch(batch, tabular[batch.rows], output)
    print(f"\n{said[-1] if said else 'float32, the only one.'} (first batch: {time.perf_counter() - begin:.1f} s)")
    return network.precision


@torch.no_grad()
def reference_loop(classifier: torch.nn.Module, tiles: gpd.GeoDataFrame, raster: Path) -> None:
    """As a tutorial would write it."""
    batch = []
    for number, box in enumerate(tiles.geometry):
        with rasterio.open(raster) as dataset:
            pixels = dataset.read(window=from_bounds(*box.bounds, dataset.transform))
        picture = Image.fromarray(np.moveaxis(pixels, 0, -1)).resize((PIXELS, PIXELS))
        batch.append(normalize(to_tensor(picture), MEAN, STD))
        if len(batch) == 4 or number == len(tiles) - 1:
            torch.softmax(classifier(torch.stack(batch)), dim=1).numpy()
            batch = []


if __name__ == "__main__":
    main()
