"""Whether the stack would gain from a head of gradient boosting, by the tiles that there are.

    python tests/bench/boosting_head.py [--data boston,city] [--repeats 10,6,4,3] [--seed 57]

Trains on n tiles and judges on others, with the same members each time: the stack as it is, and with one or two heads
more, boosting over the attributes (the challenger's) and over attributes and imagery. ``boston`` is real: overlapping tiles
of 100 m, every 25 m, judged on a strip of 600 m; nothing within 100 m of it was learnt. ``city`` learns from one sample city
and is judged on another. The data of Boston is looked for in ``MMRISK_TEST_DATA``.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import rasterio
import torch
from learning_curve import city_data

from mmrisk_core import create_tiles, label_tiles
from mmrisk_core.architectures import Member, TrainingData
from mmrisk_core.arrays import FloatArray
from mmrisk_core.attributes import join_layer
from mmrisk_core.encoders import make_frozen_encoder
from mmrisk_core.evaluation.metrics import auc
from mmrisk_core.evaluation.spatial_folds import assign_folds, spatial_blocks
from mmrisk_core.geo.layer_io import read_geo_layer
from mmrisk_core.geo.layer_source import LayerSource
from mmrisk_core.geo.recipe import JoinOptions
from mmrisk_core.imagery import RasterSource
from mmrisk_core.progress import NO_PROGRESS
from mmrisk_core.samples.attribute_columns import read_attributes
from mmrisk_core.samples.image_inputs import plan_image_inputs
from mmrisk_core.training.challengers import boosting_logits
from mmrisk_core.training.cross_fitting import fit_members, head_weights
from mmrisk_core.training.image_reading import read_images
from mmrisk_core.training.options import TrainingOptions

CPU = torch.device("cpu")
SIZES = (100, 300, 1000, 4000)
FOLDS = 5
TILE, STEP, BLOCK = 100.0, 25.0, 450.0
STRIPS = 5
JOINS = {
    "roads": ("roads_", ("count", "length", "distance"), ()),
    "intersections": ("junctions_", ("count", "distance"), ()),
    "concerns": ("concerns_", ("count", "distance"), ()),
    "tracts1970": ("tract_", ("mean",), ("MEDV", "AGE", "DIS", "LSTAT", "POP")),
}
BOOSTING, JOINT = "attributes_boosting", "joint_boosting"
VARIANTS = {"stack": (), "with attributes": (BOOSTING,), "with joint": (JOINT,), "with both": (BOOSTING, JOINT)}

Draw = Callable[[int, int], tuple[TrainingData, TrainingData]]


def boston_draw(folder: Path) -> Draw:
    """n tiles of four fifths of Boston, and the tiles of the rest."""
    imagery, vectors = folder / "imagery" / "boston_roslindale_mattapan.tif", str(folder / "vectors" / "boston.gpkg")
    with rasterio.open(imagery) as image:
        tiles = create_tiles(tuple(image.bounds), TILE, image.crs, spacing=STEP)
    for layer, (prefix, statistics, fields) in JOINS.items():
        options = JoinOptions(statistics=list(statistics), prefix=prefix, fields=list(fields))
        tiles = join_layer(tiles, LayerSource(path=vectors, layer=layer), options)
    features = [name for name in tiles.columns if name.startswith(tuple(prefix for prefix, _, _ in JOINS.values()))]
    tiles = label_tiles(tiles, read_geo_layer(LayerSource(path=vectors, layer="crashes")), rule="count", threshold=1)
    sources = [RasterSource(path=str(imagery))]
    inputs = plan_image_inputs(tiles, sources, (1.0,), 196)
    images = read_images(
        tiles, inputs, sources, "efficientnet_lite0", make_frozen_encoder("efficientnet_lite0"), CPU, NO_PROGRESS
    )
    bounds = tiles.bounds.to_numpy()
    centres = (bounds[:, :2] + bounds[:, 2:]) / 2
    label = tiles["label"].to_numpy(dtype=np.float64)
    data = images.training_data(
        np.arange(len(tiles)), read_attributes(tiles, features), (), label, spatial_blocks(centres, BLOCK)
    )
    north = centres[:, 1] - centres[:, 1].min()
    print(f"boston: {len(label)} tiles, {label.mean():.0%} with a crash, {len(features)} attributes", flush=True)

    def draw(n: int, repeat: int) -> tuple[TrainingData, TrainingData]:
        low, high = np.array([repeat % STRIPS, repeat % STRIPS + 1]) * (north.max() + 1) / STRIPS
        asked = np.flatnonzero((north >= low) & (north < high))
        others = np.flatnonzero((north < low - TILE) | (north >= high + TILE))
        rows = np.random.default_rng(1000 * repeat + n).permutation(others)[:n]
        return data.take(np.sort(rows)), data.take(asked)

    return draw


def city_draw(folder: Path, seed: int) -> Draw:
    """n tiles of one sample city, and all tiles of another."""
    here, there = city_data(folder / "here", seed, 64)[0], city_data(folder / "there", seed + 100, 30)[0]
    print(f"city: {len(here.label)} tiles, {float(here.label.mean()):.0%} with a crash", flush=True)

    def draw(n: int, repeat: int) -> tuple[TrainingData, TrainingData]:
        rows = np.random.default_rng(1000 * repeat + n).permutation(len(here.label))[:n]
        return here.take(np.sort(rows)), there

    return draw


def with_imagery(data: TrainingData, member: Member) -> TrainingData:
    """The data with the components of its embedding among the attributes."""
    components = member.reduction(data.embedding)
    levels = (*data.levels, *[0] * components.shape[1]) if data.levels else ()
    return replace(data, tabular=torch.cat([data.tabular, components], dim=1), levels=levels)


def measure(train: TrainingData, test: TrainingData, seed: int) -> dict[str, float]:
    """AUC and log loss on ``test`` of each variant, and the AUC of each head alone."""
    label, y = train.label.double().numpy(), test.label.double().numpy()
    fold = assign_folds(train.block, label, FOLDS, seed)
    fitted = fit_members(train, fold, TrainingOptions(seed=seed, validation="none"), CPU, NO_PROGRESS)
    names = list(fitted.members[0].head_names)
    learnt: dict[str, FloatArray] = {name: fitted.logits[:, i] for i, name in enumerate(names)}
    learnt |= {name: np.zeros(len(label)) for name in (BOOSTING, JOINT)}
    asked: dict[str, list[FloatArray]] = {name: [] for name in learnt}
    with torch.inference_mode():
        for k, member in enumerate(fitted.members):
            for name, column in zip(names, member(test.embedding, test.tabular).double().numpy().T, strict=True):
                asked[name].append(column)
            out = np.flatnonzero(fold == k)
            for name in (BOOSTING, JOINT):
                some, held, other = (
                    with_imagery(part, member) if name == JOINT else part
                    for part in (train.take(np.flatnonzero(fold != k)), train.take(out), test)
                )
                both = replace(held, tabular=torch.cat([held.tabular, other.tabular]))
                logits = boosting_logits(some, both, seed)
                learnt[name][out] = logits[: len(out)]
                asked[name].append(logits[len(out) :])
    found = {f"auc of {name}": auc(np.mean(columns, axis=0), y) for name, columns in asked.items()}
    for variant, more in VARIANTS.items():
        heads = [*names, *more]
        weights, bias = head_weights(
            np.stack([learnt[name] for name in heads], axis=1), label, heads, train.block
        )  # fmt: skip
        logit = np.stack([np.mean(asked[name], axis=0) for name in heads], axis=1) @ weights + bias
        found[variant] = auc(logit, y)
        found[f"loss of {variant}"] = float(np.mean(np.logaddexp(0, logit) - y * logit))
        found[f"weight in {variant}"] = float(weights[len(names) :].sum())
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", default="boston,city")
    parser.add_argument("--repeats", default="10,6,4,3", help="draws of 100, 300, 1000 and 4000 tiles")
    parser.add_argument("--seed", type=int, default=57, help="of the sample city")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    boston = Path(os.environ.get("MMRISK_TEST_DATA", "")) / "boston"
    for name in arguments.data.split(","):
        with tempfile.TemporaryDirectory() as folder:
            if name == "boston" and not boston.is_dir():
                print("the data of Boston is not here (MMRISK_TEST_DATA); nothing was measured")
                continue
            draw = boston_draw(boston) if name == "boston" else city_draw(Path(folder), arguments.seed)
            for n, repeats in zip(SIZES, map(int, arguments.repeats.split(",")), strict=True):
                found = [measure(*draw(n, repeat), repeat) for repeat in range(repeats)]
                if not found:
                    continue
                mean = {key: float(np.mean([one[key] for one in found])) for key in found[0]}
                print(f"{name} n = {n}: " + "  ".join(f"{k[7:]} {v:.3f}" for k, v in mean.items() if k[:4] == "auc "))
                for variant, more in VARIANTS.items():
                    gain = np.array([one[variant] - one["stack"] for one in found])
                    loss = np.array([one[f"loss of {variant}"] - one["loss of stack"] for one in found])
                    errors = [each.std(ddof=1) / np.sqrt(repeats) if repeats > 1 else np.nan for each in (gain, loss)]
                    print(
                        f"   {variant:16s} AUC {mean[variant]:.4f}"
                        + (f" ({gain.mean():+.4f} ±{errors[0]:.4f})" if more else " " * 18)
                        + f"  log loss {mean[f'loss of {variant}']:.4f}"
                        + (f" ({loss.mean():+.4f} ±{errors[1]:.4f})" if more else "")
                        + f"  weight of boosting {mean[f'weight in {variant}']:.2f}",
                        flush=True,
                    )


if __name__ == "__main__":
    main()
