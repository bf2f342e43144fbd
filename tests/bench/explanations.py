"""Explanations held against a truth: a sample city, whose risk surface is known.

    PYTHONPATH=. python tests/bench/explanations.py [--size 24] [--pointed 60] [--many 100]

A model learns from one city and explains another. Prints, each with what chance would give:

- how far base and effects are off the logit of the prediction;
- for each attribute how far it moves the logit, how far it truly does (Shapley values of the risk surface), and the rank
  correlation of both over tiles; how often the attribute that truly matters most in a tile comes first;
- the pointing game (Zhang 2018): how often the strongest patch of the saliency lies on a car park, among tiles that are car
  park by 2 to 50 %;
- deletion and insertion curves of attributes and patches (Petsiuk 2018), as mean logits over the curve;
- what explaining a third city of many tiles costs against predicting it, by a model of small images: the smaller they are,
  the more explaining costs in proportion.

Exits 1 where a target is missed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

import geopandas as gpd
import numpy as np
import rasterio
from scipy.special import logit
from scipy.stats import spearmanr

from mmrisk_core import RiskModel, train_model
from mmrisk_core.explanation.saliency import PATCHES, patch_effects
from mmrisk_core.sample_city import making
from tests.bench.shared.deletion_curves import Areas, Looked, areas
from tests.bench.shared.labelled_city import labelled_city
from tests.bench.shared.true_effects import true_effects

FEATURES = ["roads_length", "roads_aadt_mean", "zones_density_mean", "roads_count", "noise"]
AT_MOST_OFF, AT_LEAST_HITS, AT_MOST_COST = 1e-4, 0.8, 5.0
CAR_PARK = (0.02, 0.5)
SMALL_PIXELS = 48


def main() -> None:
    """Reads the command line, prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--size", type=int, default=24, help="tiles on a side of the city learnt from and of the explained"
    )
    parser.add_argument("--pointed", type=int, default=60, help="tiles whose saliency is looked at")
    parser.add_argument("--many", type=int, default=100, help="tiles on a side of the city that is timed")
    parser.add_argument("--seed", type=int, default=41)
    options = parser.parse_args()
    seed, size = options.seed, options.size
    with tempfile.TemporaryDirectory(prefix="mmrisk-bench-") as name:
        folder = Path(name)
        learnt, image = city(folder / "learnt", seed, size)
        tiles, picture = city(folder / "explained", seed + 100, size)
        model = train_model(learnt, "label", FEATURES, [image], validation="none", seed=1, device="cpu")
        car_park = car_park_pixels(seed + 100, size)
        passed = [
            attributes(model, tiles, picture, car_park),
            places(model, tiles, picture, car_park, folder / "saliency.tif", options.pointed),
            cost(learnt, image, *city(folder / "many", seed + 200, options.many)),
        ]
    sys.exit(0 if all(passed) else 1)


def city(folder: Path, seed: int, size: int) -> tuple[gpd.GeoDataFrame, Path]:
    """Tiles with attributes, one of them noise, and the imagery."""
    tiles, _, picture = labelled_city(folder, seed, size)
    return tiles.assign(noise=np.random.default_rng(seed).normal(size=len(tiles))), picture


def attributes(model: RiskModel, tiles: gpd.GeoDataFrame, picture: Path, car_park: np.ndarray) -> bool:
    """Prints how the effects of attributes compare with the true ones; whether targets are met."""
    on_road = (tiles["roads_length"] > 0).to_numpy()
    shares = car_park_shares(tiles, car_park)[on_road]
    some = tiles[on_road].reset_index(drop=True)
    explained = model.explain(some, [picture], device="cpu")
    effects = explained[[f"effect_{name}" for name in FEATURES]].to_numpy()
    told = explained["base_logit"] + effects.sum(axis=1) + explained["effect_image_1"]
    off = np.abs(told - logit(model.predict(some, [picture], device="cpu")["risk"])).max()
    print(
        f"{len(some):,} tiles with a road; base and effects are off the logit by {off:.1e}, to be at most {AT_MOST_OFF}"
    )

    typical = {attribute.name: attribute.typical for attribute in model.manifest.attributes}
    truth = true_effects(some, (shares - shares.mean()) / shares.std(), typical)
    true = np.column_stack([truth.get(name, np.zeros(len(some))) for name in FEATURES])
    for name, given, real in zip(FEATURES, effects.T, true.T, strict=True):
        show_effect(name, given, real)
    show_effect("picture", explained["effect_image_1"].to_numpy(), truth["picture"])
    first, truly_first = (np.abs(each).argmax(axis=1) for each in (effects, true))
    print(f"the attribute that matters most in a tile comes first in {(first == truly_first).mean():.2f} of them, "
          f"at random in {1 / len(FEATURES):.2f}")  # fmt: skip
    strongest, truly_strongest = (FEATURES[np.abs(each).mean(axis=0).argmax()] for each in (effects, true))
    print(f"over all tiles the strongest is {strongest}, truly {truly_strongest}")
    curves = areas(Looked(model, some, picture).with_attributes, effects, len(FEATURES))
    return beats_random("attributes", curves) and off <= AT_MOST_OFF and strongest == truly_strongest


def show_effect(name: str, effect: np.ndarray, truth: np.ndarray) -> None:
    """How strong something is, and how far its effect goes along with the true one."""
    line = f"{name:20s} moves the logit by {np.abs(effect).mean():.2f}, truly by {np.abs(truth).mean():.2f}"
    print(line + (f", rank correlation over tiles {spearmanr(effect, truth)[0]:.2f}" if truth.any() else ""))


def beats_random(name: str, found: Areas) -> bool:
    """Prints the curves of an explanation; whether both are on the right side of those at random."""
    print(f"{name}: deletion {found.deletion:.2f}, at random {found.deletion_at_random:.2f}; "
          f"insertion {found.insertion:.2f}, at random {found.insertion_at_random:.2f}")  # fmt: skip
    return found.deletion < found.deletion_at_random and found.insertion > found.insertion_at_random


def places(model, tiles, picture, car_park, path, pointed) -> bool:
    """Prints the pointing game on the raster, and the curves of patches; whether targets are met."""
    shares = car_park_shares(tiles, car_park)
    some = tiles.iloc[np.flatnonzero((shares > CAR_PARK[0]) & (shares < CAR_PARK[1]))[:pointed]].reset_index(drop=True)
    model.explain(some, [picture], saliency=path, device="cpu")
    hits, chances = [], []
    with rasterio.open(path) as raster:
        for bounds, pixels in zip(some.bounds.to_numpy(), car_park_of(some, car_park), strict=True):
            cells = raster.read(1, window=raster.window(*bounds))
            covered = covered_patches(pixels)
            hits.append(covered.ravel()[np.argmax(cells)])
            chances.append(covered.mean())
    print(f"pointing game on {len(some)} tiles: {np.mean(hits):.2f}, to be at least {AT_LEAST_HITS}; "
          f"a patch at random: {np.mean(chances):.2f}")  # fmt: skip
    looked = Looked(model, some, picture)
    saliency = patch_effects(looked.network, looked.batch, looked.tabular, looked.fold)[:, 0].reshape(len(some), -1)
    return beats_random("patches", areas(looked.with_patches, saliency, 8)) and np.mean(hits) >= AT_LEAST_HITS


def cost(learnt, image, tiles, picture) -> bool:
    """Prints what explaining costs; whether it is little enough."""
    model = train_model(
        learnt, "label", FEATURES, [image], validation="none", image_pixels=SMALL_PIXELS, seed=1, device="cpu"
    )
    model.predict(tiles.iloc[:50], [picture], device="cpu")
    seconds = []
    for ask in (model.predict, model.explain):
        begin = time.perf_counter()
        ask(tiles, [picture], device="cpu")
        seconds.append(time.perf_counter() - begin)
    ratio = seconds[1] / seconds[0]
    print(f"{len(tiles):,} tiles, images of {SMALL_PIXELS} pixels: predicted in {seconds[0]:.0f} s, explained in "
          f"{seconds[1]:.0f} s, {ratio:.1f} times as long, to be at most {AT_MOST_COST}")  # fmt: skip
    return ratio <= AT_MOST_COST


def car_park_pixels(seed: int, size: int) -> np.ndarray:
    """Which pixels of a city's imagery are car park, by tiles, (rows, columns, pixels, pixels)."""
    frame = making.Frame.of(size, 150.0, 1.5)
    for_plan, for_colours, *_ = (np.random.default_rng(child) for child in np.random.SeedSequence(seed).spawn(4))
    roads, scenery = making._lay_out(frame.side, for_plan)
    painter = making.Painter(scenery, roads, frame.pixels, frame.pixel_size, for_colours)
    pixels = np.concatenate([strip.is_car_park for strip in painter.strips()])
    side = len(pixels) // size
    return pixels.reshape(size, side, size, side).swapaxes(1, 2)


def car_park_of(tiles: gpd.GeoDataFrame, car_park: np.ndarray) -> np.ndarray:
    """The pixels of each tile, (n, pixels, pixels)."""
    return car_park[tiles["row"].to_numpy(), tiles["col"].to_numpy()]


def car_park_shares(tiles: gpd.GeoDataFrame, car_park: np.ndarray) -> np.ndarray:
    """The share of each tile that is car park, (n,)."""
    return car_park_of(tiles, car_park).mean(axis=(1, 2))


def covered_patches(car_park: np.ndarray) -> np.ndarray:
    """Which patches (PATCHES, PATCHES) of a tile show some car park."""
    bands = np.array_split(car_park, PATCHES, axis=0)
    return np.array([[patch.any() for patch in np.array_split(band, PATCHES, axis=1)] for band in bands])


if __name__ == "__main__":
    main()
