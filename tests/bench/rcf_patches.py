"""Whether random convolutional features know more where their patches were drawn from the judged tiles, too.

    python tests/bench/rcf_patches.py [--data boston,city] [--repeats 5]

Patches and whitening see no label, but they see the imagery of all labelled tiles. Every tile is judged by a linear head
over features whose patches are of all tiles, and over features whose patches are of the other folds alone. The data of
Boston is looked for in ``MMRISK_TEST_DATA``.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import rasterio
import torch
from shared.labelled_city import TILE, labelled_city

from mmrisk_core import create_tiles, label_tiles
from mmrisk_core.architectures.linear_head import fit_linear_head
from mmrisk_core.architectures.reduction import fit_reduction
from mmrisk_core.arrays import FloatArray, IntArray
from mmrisk_core.encoders import fit_rcf
from mmrisk_core.evaluation.metrics import auc
from mmrisk_core.evaluation.spatial_folds import assign_folds, spatial_blocks
from mmrisk_core.geo.layer_io import read_geo_layer
from mmrisk_core.geo.layer_source import LayerSource
from mmrisk_core.imagery import RasterSource
from mmrisk_core.samples.image_batches import iterate_images
from mmrisk_core.samples.image_inputs import plan_image_inputs
from mmrisk_core.training.encoder_preparation import TILES_FOR_FITTING

BLOCK, FOLDS = 450.0, 5


def boston(folder: Path) -> tuple[gpd.GeoDataFrame, Path]:
    """The tiles of docs/boston.md with their label."""
    imagery = folder / "imagery" / "boston_roslindale_mattapan.tif"
    with rasterio.open(imagery) as image:
        tiles = create_tiles(tuple(image.bounds), TILE, image.crs)
    crashes = read_geo_layer(LayerSource(path=str(folder / "vectors" / "boston.gpkg"), layer="crashes"))
    return label_tiles(tiles, crashes, rule="count", threshold=1), imagery


def chips_of(tiles: gpd.GeoDataFrame, imagery: Path) -> torch.Tensor:
    """The images of all tiles, (n, bands, pixels, pixels)."""
    sources = [RasterSource(path=str(imagery))]
    inputs = plan_image_inputs(tiles, sources, (1.0,), 196)
    return torch.cat([batch.images[0] for batch in iterate_images(tiles, inputs, sources)])


@torch.no_grad()
def judge(chips: torch.Tensor, label: FloatArray, block: IntArray, seed: int) -> tuple[float, float]:
    """AUC out of fold: patches of all tiles, patches of the other folds."""
    fold = assign_folds(block, label, FOLDS, seed)
    y, chance = torch.from_numpy(label).float(), np.random.default_rng(seed)
    everything = chips[chance.permutation(len(chips))[:TILES_FOR_FITTING]]
    of_all = fit_rcf([everything], seed).for_input(0)(chips)
    logits = np.zeros((2, len(label)))
    for k in range(FOLDS):
        train, test = np.flatnonzero(fold != k), np.flatnonzero(fold == k)
        some = chips[chance.permutation(train)[:TILES_FOR_FITTING]]
        for row, features in enumerate([of_all, fit_rcf([some], seed + 1).for_input(0)(chips)]):
            reduction = fit_reduction(features[train])
            head = fit_linear_head(reduction(features[train]), y[train], block[train])
            logits[row, test] = head(reduction(features[test]))[:, 0].numpy()
    return auc(logits[0], label), auc(logits[1], label)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", default="boston,city")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--seed", type=int, default=83, help="of the sample city")
    parser.add_argument("--size", type=int, default=20, help="tiles per side of the sample city")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    real = Path(os.environ.get("MMRISK_TEST_DATA", "")) / "boston"
    for name in arguments.data.split(","):
        if name == "boston" and not real.is_dir():
            print("the data of Boston is not here (MMRISK_TEST_DATA); nothing was measured")
            continue
        with tempfile.TemporaryDirectory() as folder:
            if name == "boston":
                tiles, imagery = boston(real)
            else:
                tiles, _, imagery = labelled_city(Path(folder), arguments.seed, arguments.size)
            chips = chips_of(tiles, imagery)
        label, bounds = tiles["label"].to_numpy(dtype=np.float64), tiles.bounds.to_numpy()
        block = spatial_blocks((bounds[:, :2] + bounds[:, 2:]) / 2, BLOCK)
        found = np.array([judge(chips, label, block, seed) for seed in range(arguments.repeats)])
        more = found[:, 0] - found[:, 1]
        error = more.std(ddof=1) / np.sqrt(len(more)) if len(more) > 1 else np.nan
        print(
            f"{name}, {len(label)} tiles: AUC of the imagery {found[:, 0].mean():.4f} with patches of all tiles, "
            f"{found[:, 1].mean():.4f} with those of the other folds ({more.mean():+.4f} ±{error:.4f})",
            flush=True,
        )


if __name__ == "__main__":
    main()
