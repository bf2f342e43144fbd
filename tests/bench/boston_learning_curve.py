"""What the stack reaches on the real data of Boston with ever more tiles, against its heads alone.

    python tests/bench/boston_learning_curve.py [--sizes 60,100,160] [--repeats 6]

Every tile is judged by a model that has seen n tiles of the other spatial folds and nothing else: heads, weights and
calibration are all learnt on these n. With 200 tiles one drawing of the folds says little; several are drawn, and the
differences are printed with their standard error over them. The data is looked for in ``MMRISK_TEST_DATA``.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import numpy as np
import rasterio
import torch

from mmrisk_core import create_tiles, label_tiles
from mmrisk_core.architectures import TrainingData
from mmrisk_core.attributes import join_layer
from mmrisk_core.encoders import make_frozen_encoder
from mmrisk_core.evaluation.calibration import fit_calibration
from mmrisk_core.evaluation.metrics import auc
from mmrisk_core.evaluation.spatial_folds import assign_folds, spatial_blocks
from mmrisk_core.geo.layer_io import read_geo_layer
from mmrisk_core.geo.layer_source import LayerSource
from mmrisk_core.geo.recipe import JoinOptions
from mmrisk_core.imagery import RasterSource
from mmrisk_core.progress import NO_PROGRESS
from mmrisk_core.samples.attribute_columns import read_attributes
from mmrisk_core.samples.image_inputs import plan_image_inputs
from mmrisk_core.training.cross_fitting import fit_members, head_weights
from mmrisk_core.training.image_reading import read_images
from mmrisk_core.training.options import TrainingOptions

CPU = torch.device("cpu")
TILE, BLOCK, FOLDS = 150.0, 450.0, 5
STACK = "stack"


def boston_data(folder: Path) -> TrainingData:
    """The tiles of docs/boston.md."""
    imagery, vectors = folder / "imagery" / "boston_roslindale_mattapan.tif", str(folder / "vectors" / "boston.gpkg")
    with rasterio.open(imagery) as image:
        tiles = create_tiles(tuple(image.bounds), TILE, image.crs)
    tiles = join_layer(
        tiles, LayerSource(path=vectors, layer="roads"), JoinOptions(statistics=["count", "length"], prefix="roads_")
    )
    tiles = join_layer(
        tiles, LayerSource(path=vectors, layer="intersections"), JoinOptions(statistics=["count"], prefix="junctions_")
    )
    tiles = label_tiles(tiles, read_geo_layer(LayerSource(path=vectors, layer="crashes")), rule="count", threshold=1)
    sources = [RasterSource(path=str(imagery))]
    inputs = plan_image_inputs(tiles, sources, (1.0,), 196)
    encoder = make_frozen_encoder("efficientnet_lite0")
    images = read_images(tiles, inputs, sources, "efficientnet_lite0", encoder, CPU, NO_PROGRESS)
    bounds = tiles.bounds.to_numpy()
    block = spatial_blocks((bounds[:, :2] + bounds[:, 2:]) / 2, BLOCK)
    tabular = read_attributes(tiles, ["roads_count", "roads_length", "junctions_count"])
    label = tiles["label"].to_numpy(dtype=np.float64)
    return images.training_data(np.arange(len(tiles)), tabular, (), label, block)


def out_of_fold(data: TrainingData, n: int, seed: int) -> dict[str, np.ndarray]:
    """The probability of every tile by the stack and by each head, of models trained on ``n`` tiles of other folds."""
    label = data.label.double().numpy()
    fold = assign_folds(data.block, label, FOLDS, seed)
    chance = np.random.default_rng(seed)
    risk: dict[str, np.ndarray] = {}
    for k in range(FOLDS):
        rows = np.sort(chance.permutation(np.flatnonzero(fold != k))[:n])
        train, test = data.take(rows), data.take(np.flatnonzero(fold == k))
        y = label[rows]
        inner = assign_folds(train.block, y, FOLDS, seed)
        fitted = fit_members(train, inner, TrainingOptions(seed=seed, validation="none"), CPU, NO_PROGRESS)
        names = fitted.members[0].head_names
        weights, bias = head_weights(fitted.logits, y, names, train.block)
        with torch.inference_mode():
            heads = np.mean([m(test.embedding, test.tabular).double().numpy() for m in fitted.members], axis=0)
        learnt = {name: fitted.logits[:, i] for i, name in enumerate(names)} | {STACK: fitted.logits @ weights + bias}
        asked = {name: heads[:, i] for i, name in enumerate(names)} | {STACK: heads @ weights + bias}
        for name, logit in asked.items():
            calibrated = fit_calibration(learnt[name], y).probabilities(logit)
            risk.setdefault(name, np.zeros(len(label)))[fold == k] = calibrated
    return risk


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", default="60,100,160")
    parser.add_argument("--repeats", type=int, default=6)
    arguments = parser.parse_args()
    folder = Path(os.environ.get("MMRISK_TEST_DATA", "")) / "boston"
    if not folder.is_dir():
        print("the data of Boston is not here (MMRISK_TEST_DATA); nothing was measured")
        sys.exit(0)
    torch.set_num_threads(1)
    data = boston_data(folder)
    label = data.label.numpy()
    print(f"{len(label)} tiles, {int(label.sum())} with a crash; AUC, means of {arguments.repeats} drawings of folds")
    for n in map(int, arguments.sizes.split(",")):
        found = [out_of_fold(data, n, seed) for seed in range(1, arguments.repeats + 1)]
        mean = {name: np.mean([auc(one[name], label) for one in found]) for name in found[0]}
        less = np.array([auc(one[STACK], label) - auc(one["attributes_linear"], label) for one in found])
        error = less.std(ddof=1) / np.sqrt(len(less))
        print(f"n = {n:4d}  " + "  ".join(f"{name} {value:.3f}" for name, value in mean.items()), flush=True)
        print(f"          stack less linear attributes {less.mean():+.3f} (standard error {error:.3f})", flush=True)


if __name__ == "__main__":
    main()
