"""What the stack reaches with few and many tiles, against its heads alone, on a city it has not seen.

    python tests/bench/learning_curve.py [--seed 24] [--size 64] [--repeats 6,4,2,1]

Trains on n random tiles of one sample city and judges on all tiles of another. In two of the scenarios the embedding, or
the attributes, are replaced by noise: there the stack should say so and lose nothing against the other alone.
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from shared.labelled_city import labelled_city

from mmrisk_core.architectures import TrainingData
from mmrisk_core.encoders import make_frozen_encoder
from mmrisk_core.evaluation.metrics import auc
from mmrisk_core.evaluation.spatial_folds import assign_folds, spatial_blocks
from mmrisk_core.imagery import RasterSource
from mmrisk_core.progress import NO_PROGRESS
from mmrisk_core.samples.attribute_columns import read_attributes
from mmrisk_core.samples.image_inputs import plan_image_inputs
from mmrisk_core.training.cross_fitting import fit_members, head_weights
from mmrisk_core.training.image_reading import read_images
from mmrisk_core.training.options import TrainingOptions

CPU = torch.device("cpu")
BLOCK = 600.0
SIZES = (100, 300, 1000, 4000)
SCENARIOS = ("as it is", "imagery is noise", "attributes are noise")
OTHER_CITY = 30


def city_data(folder: Path, seed: int, size: int) -> tuple[TrainingData, np.ndarray]:
    """Everything known of the tiles of a sample city, and their true probabilities."""
    tiles, truth, imagery = labelled_city(folder, seed, size)
    features = [name for name in tiles.columns if name.startswith(("roads_", "zones_"))]
    sources = [RasterSource(path=str(imagery))]
    inputs = plan_image_inputs(tiles, sources, (1.0,), 196)
    encoder = make_frozen_encoder("efficientnet_lite0")
    images = read_images(tiles, inputs, sources, "efficientnet_lite0", encoder, CPU, NO_PROGRESS)
    bounds = tiles.bounds.to_numpy()
    centres = (bounds[:, :2] + bounds[:, 2:]) / 2
    label = tiles["label"].to_numpy(dtype=np.float64)
    block = spatial_blocks(centres, BLOCK)
    data = images.training_data(np.arange(len(tiles)), read_attributes(tiles, features), (), label, block)
    return data, truth


def with_noise(data: TrainingData, scenario: str, seed: int) -> TrainingData:
    """The data with the embedding or the attributes replaced by noise."""
    chance = torch.Generator().manual_seed(seed)
    if scenario == SCENARIOS[1]:
        return replace(data, embedding=torch.randn(data.embedding.shape, generator=chance))
    if scenario == SCENARIOS[2]:
        return replace(data, tabular=torch.randn(data.tabular.shape, generator=chance))
    return data


def measure(train: TrainingData, test: TrainingData, seed: int) -> dict[str, float]:
    """AUC on ``test`` of each head and of the stack, and what the stack gives to the imagery and to the attributes."""
    label = train.label.double().numpy()
    fold = assign_folds(train.block, label, 5, seed)
    # Pairs of folds only serve the figures of a report; weights come from the members' own folds.
    fitted = fit_members(train, fold, TrainingOptions(seed=seed, validation="none"), CPU, NO_PROGRESS)
    names = fitted.members[0].head_names
    weights, _ = head_weights(fitted.logits, label, names, train.block)
    with torch.inference_mode():
        heads = np.mean([m(test.embedding, test.tabular).double().numpy() for m in fitted.members], axis=0)
    y = test.label.numpy()
    figures = {name: auc(heads[:, i], y) for i, name in enumerate(names)}
    return {**figures, "stack": auc(heads @ weights, y), **{f"w {n}": w for n, w in zip(names, weights, strict=True)}}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=24)
    parser.add_argument("--size", type=int, default=64, help="tiles per side of the city that is learnt from")
    parser.add_argument(
        "--repeats", default="6,4,2,1", help="draws of 100, 300, 1000 and 4000 tiles; 0 leaves them out"
    )
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        here, _ = city_data(Path(folder) / "here", arguments.seed, arguments.size)
        there, truth = city_data(Path(folder) / "there", arguments.seed + 100, OTHER_CITY)
    print(f"{len(here.label)} tiles learnt from, {len(there.label)} judged on; AUC of the true probabilities "
          f"{auc(truth, there.label.numpy()):.3f}", flush=True)  # fmt: skip
    print(
        f"{'n':>5} {'scenario':22s} attributes  (TabM)  imagery   joint   stack   less attributes   less imagery   w imagery"
    )
    for n, repeats in zip(SIZES, map(int, arguments.repeats.split(",")), strict=True):
        for scenario in SCENARIOS if repeats else ():
            found = []
            for repeat in range(repeats):
                rows = np.random.default_rng(1000 * repeat + n).permutation(len(here.label))[:n]
                train = with_noise(here.take(np.sort(rows)), scenario, repeat)
                found.append(measure(train, with_noise(there, scenario, repeat + 500), repeat))
            mean = {name: float(np.mean([one[name] for one in found])) for name in found[0]}
            image_weight = mean["w image_linear"] + mean["w joint_linear"]
            less = [one["stack"] - one["attributes_linear"] for one in found]
            error = np.std(less, ddof=1) / np.sqrt(repeats) if repeats > 1 else np.nan
            print(
                f"{n:5d} {scenario:22s} {mean['attributes_linear']:10.3f} {mean['attributes_tabm']:7.3f} "
                f"{mean['image_linear']:8.3f} {mean['joint_linear']:7.3f} {mean['stack']:7.3f} "
                f"{np.mean(less):+12.3f} ±{error:5.3f} {mean['stack'] - mean['image_linear']:+14.3f} "
                f"{image_weight:11.2f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
