"""Explanations held against a truth: a sample city, whose risk grows with the share of a tile that is car park.

    PYTHONPATH=. python tests/bench/explanations.py [--size 24] [--pointed 100]

A model learns from one city and explains another. Prints how strong each attribute is, how often the strongest patch of
the saliency lies on a car park (the pointing game; Zhang 2018) among tiles that are car park by 2 to 50 %, against a
patch drawn at random, and what explaining costs against predicting. Exits 1 where pointing hits less often than 0.8, or
explaining takes more than 5 times as long as predicting.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import rasterio

from mmrisk_core import train_model
from mmrisk_core.sample_city import making
from tests.bench.shared.labelled_city import labelled_city

FEATURES = ["roads_count", "roads_length", "roads_aadt_mean", "zones_population_sum", "zones_density_mean"]
AT_LEAST_HITS, AT_MOST_COST = 0.8, 5.0
CAR_PARK = (0.02, 0.5)
PATCHES = 8


def main() -> None:
    """Reads the command line, prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=24, help="tiles on a side of each city")
    parser.add_argument("--pointed", type=int, default=100, help="tiles whose saliency is looked at")
    parser.add_argument("--seed", type=int, default=41)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="mmrisk-bench-") as name:
        failed = measure(Path(name), options.seed, options.size, options.pointed)
    sys.exit(1 if failed else 0)


def measure(folder: Path, seed: int, size: int, pointed: int) -> bool:
    """Prints the figures; whether a target is missed."""
    tiles, _, image = labelled_city(folder / "learnt", seed, size)
    model = train_model(tiles, "label", FEATURES, [image], validation="none", seed=1, device="cpu")
    others, _, picture = labelled_city(folder / "explained", seed + 100, size)
    model.predict(others.iloc[:50], [picture], device="cpu")
    begin = time.perf_counter()
    risk = model.predict(others, [picture], device="cpu")
    predicted = time.perf_counter() - begin
    begin = time.perf_counter()
    explained = model.explain(others, [picture], device="cpu")
    cost = (time.perf_counter() - begin) / predicted
    effects = explained[[name for name in explained.columns if name.startswith("effect_")]]
    away = np.abs(explained["base_logit"] + effects.sum(axis=1) - np.log(risk["risk"] / (1 - risk["risk"]))).max()
    print(f"{len(others):,} tiles; base and effects are off the logit by {away:.1e} at most")
    for name, strength in effects.abs().mean().sort_values(ascending=False).items():
        print(f"{name:32s} moves the logit by {strength:.2f}")
    hits, by_chance, n = pointing_game(model, others, picture, seed + 100, size, pointed)
    print(f"pointing game on {n} tiles: {hits:.2f}, to be at least {AT_LEAST_HITS}; a patch at random: {by_chance:.2f}")
    print(f"explaining takes {cost:.1f} times as long as predicting, to be at most {AT_MOST_COST}")
    return hits < AT_LEAST_HITS or cost > AT_MOST_COST


def pointing_game(model, tiles, picture, seed, size, pointed):
    """The share of tiles whose strongest patch shows some car park, the same for a patch at random, and how many tiles."""
    car_park = car_park_pixels(seed, size)
    side = len(car_park) // size
    shares = car_park.reshape(size, side, size, side).mean(axis=(1, 3)).ravel()
    places = [int(row) * size + int(column) for row, column in zip(tiles["row"], tiles["col"], strict=True)]
    of_tile = shares[places]
    some = np.flatnonzero((of_tile > CAR_PARK[0]) & (of_tile < CAR_PARK[1]))[:pointed]
    with tempfile.TemporaryDirectory(prefix="mmrisk-bench-") as folder:
        path = Path(folder) / "saliency.tif"
        model.explain(tiles.iloc[some], [picture], saliency=path, device="cpu")
        with rasterio.open(path) as raster, rasterio.open(picture) as image:
            values = raster.read(1)
            hits, chances = [], []
            for left, _, _, top in tiles.iloc[some].bounds.to_numpy():
                column, row = (round(value) for value in ~raster.transform @ (left, top))
                patch = values[row : row + PATCHES, column : column + PATCHES]
                x, y = (round(value) for value in ~image.transform @ (left, top))
                covered = covered_patches(car_park[y : y + side, x : x + side])
                hits.append(covered.ravel()[np.argmax(patch)])
                chances.append(covered.mean())
    return float(np.mean(hits)), float(np.mean(chances)), len(some)


def covered_patches(car_park: np.ndarray) -> np.ndarray:
    """Which patches (PATCHES, PATCHES) of a tile show some car park."""
    bands = np.array_split(car_park, PATCHES, axis=0)
    return np.array([[patch.any() for patch in np.array_split(band, PATCHES, axis=1)] for band in bands])


def car_park_pixels(seed: int, size: int) -> np.ndarray:
    """Which pixels of a city's imagery are car park."""
    frame = making.Frame.of(size, 150.0, 1.5)
    for_plan, for_colours, *_ = (np.random.default_rng(child) for child in np.random.SeedSequence(seed).spawn(4))
    roads, scenery = making._lay_out(frame.side, for_plan)
    painter = making.Painter(scenery, roads, frame.pixels, frame.pixel_size, for_colours)
    return np.concatenate([strip.is_car_park for strip in painter.strips()])


if __name__ == "__main__":
    main()
