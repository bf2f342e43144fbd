"""Roads drawn from real aerial images that the network has not seen, against brightness and against nothing.

    python tests/bench/road_masks.py [--minutes 10] [--backbone auto] [--seed 1] [--sheet build/road_masks.png]

Learns from three squares of 1.5 km (MMRISK_TEST_DATA/roadseg, one of them partly blank), and judges on two others: one with
a mask made by hand, one with the city's centrelines. Saves image, truth and mask side by side in build/road_masks.png.
Then cuts an image into four and holds the masks of the quarters against that of the whole.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import matplotlib.image
import numpy as np
import numpy.typing as npt
import rasterio
from rasterio.windows import Window

from mmrisk_core.progress import Progress
from mmrisk_core.roads import RoadModel, extract_roads
from mmrisk_core.roads.baselines import best_threshold, count_brightness
from mmrisk_core.roads.blank_areas import blank_areas
from mmrisk_core.roads.blocks import SceneBlock
from mmrisk_core.roads.fit import SeenBlock
from mmrisk_core.roads.loss import UNKNOWN, Label
from mmrisk_core.roads.raster_grid import Mask, Pixels
from mmrisk_core.roads.scores import Counts, count
from mmrisk_core.roads.train import RoadOptions, SceneDescription, train_on_scenes

DATA = Path(os.environ.get("MMRISK_TEST_DATA", "../shared/data")) / "roadseg"
LEARN = ("10378780_15", "10078660_15", "23278915_15")
JUDGE = ("10228690_15", "23278930_15")
METRES = 1.46484375
MIN_F1, MIN_GAIN, MAX_SEAM = 0.6, 0.2, 0.01
# The last blocks are judged after the last epoch.
RESERVE = 0.9


class ArrayScene:
    """A picture and a mask that are in memory.

    :param picture: (bands, h, w).
    :param mask: (h, w), 1 on roads, 0 beside them, :data:`UNKNOWN` where nothing is known.
    """

    def __init__(self, picture: npt.NDArray[Any], mask: Label) -> None:
        self._picture = picture
        self._mask = mask
        self._shows = ~blank_areas(picture)
        self.height, self.width = mask.shape

    def pixels(self, row: int, col: int, height: int, width: int) -> tuple[Pixels, Mask]:
        window = (row, col, height, width)
        return _cut(self._picture, *window, fill=0), _cut(self._shows, *window, fill=0)

    def label(self, row: int, col: int, height: int, width: int) -> Label:
        return _cut(self._mask, row, col, height, width, fill=UNKNOWN)


def _cut(array: npt.NDArray[Any], row: int, col: int, height: int, width: int, fill: int) -> npt.NDArray[Any]:
    """A window of the last two axes, ``fill`` beyond the border."""
    rows, cols = array.shape[-2:]
    cut = np.full((*array.shape[:-2], height, width), fill, dtype=array.dtype)
    top, left, bottom, right = max(row, 0), max(col, 0), min(row + height, rows), min(col + width, cols)
    if bottom > top and right > left:
        cut[..., top - row : bottom - row, left - col : right - col] = array[..., top:bottom, left:right]
    return cut


def main() -> None:
    """Reads the command line, prints figures and what they are to be."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--backbone", default="auto")
    parser.add_argument("--sheet", type=Path, default=Path("build/road_masks.png"))
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    scenes = [ArrayScene(picture_of(name), mask_of(name)) for name in LEARN]
    picture = SceneDescription(("red", "green", "blue"), "uint8", METRES, LEARN)

    def train(epochs: int, progress: Progress) -> tuple[RoadModel, float]:
        begin = time.perf_counter()
        options = RoadOptions(backbone=arguments.backbone, epochs=epochs, seed=arguments.seed, device="cpu")
        return train_on_scenes(scenes, picture, options, progress), time.perf_counter() - begin

    ends: list[float] = []
    train(2, Progress(report=lambda _, m: ends.append(time.perf_counter()) if m.startswith("epoch") else None))
    seconds = ends[1] - ends[0]
    epochs = max(1, int(RESERVE * arguments.minutes * 60 / seconds))
    print(f"{seconds:.0f} s for one epoch, so {epochs} epochs", flush=True)
    model, seconds = train(epochs, Progress(report=lambda _, m: print(m, flush=True) if m else None))
    print(f"{model.manifest.backbone} trained in {seconds / 60:.1f} minutes; threshold {model.manifest.threshold:.2f}")
    print(f"held-out squares of the same images: {model.manifest.scores}")

    sign, threshold = best_threshold([seen_brightness(name) for name in LEARN])
    sheet, worst_f1, worst_gain = [], 1.0, 1.0
    print(f"{'':16s}{'IoU':>8s}{'precision':>11s}{'recall':>8s}{'F1':>8s}   relaxed by 3 pixels")
    with tempfile.TemporaryDirectory() as folder:
        for name in JUDGE:
            mask = extracted(model, DATA / "images" / f"{name}.tif", Path(folder) / f"{name}.tif")
            seen = seen_brightness(name)
            ours = count(mask, seen.label == 1, seen.label != 255)
            bright = count_brightness([seen], sign, threshold)
            nothing = count(np.zeros_like(mask), seen.label == 1, seen.label != 255)
            print(name)
            for way, counts in (("U-Net", ours), ("brightness", bright), ("nothing", nothing)):
                show(way, counts)
            worst_f1, worst_gain = min(worst_f1, ours.f1), min(worst_gain, ours.f1 - bright.f1)
            truth = np.repeat(seen.label[..., None] == 1, 3, axis=-1) * np.uint8(255)
            drawn = np.repeat(mask[..., None], 3, axis=-1) * np.uint8(255)
            sheet.append(np.hstack([np.moveaxis(picture_of(name), 0, -1), truth, drawn])[:1000, :3000])
        blank = extracted(model, DATA / "images" / "10078660_15.tif", Path(folder) / "blank.tif")
        white = (picture_of("10078660_15") == 255).all(axis=0)
        print(f"road in the blank area of 10078660_15: {int((blank & white).sum())} of {int(white.sum()):,} pixels")
        seam = difference_of_quarters(model, DATA / "images" / f"{JUDGE[1]}.tif", Path(folder))
    print(f"pixels of four quarters unlike the whole: {seam:.2%}   to be at most {MAX_SEAM:.0%}")
    print(f"worst relaxed F1 {worst_f1:.3f}   to be at least {MIN_F1}")
    print(f"least gain over brightness {worst_gain:.3f}   to be at least {MIN_GAIN}")
    arguments.sheet.parent.mkdir(exist_ok=True)
    width = min(row.shape[1] for row in sheet)
    matplotlib.image.imsave(arguments.sheet, np.vstack([row[::2, :width:2] for row in sheet]))
    print(f"image, truth, mask: {arguments.sheet}")
    if worst_f1 < MIN_F1 or worst_gain < MIN_GAIN or seam > MAX_SEAM:
        sys.exit("the road masks are not good enough")


def picture_of(name: str) -> np.ndarray:
    """The image (3, h, w)."""
    with rasterio.open(DATA / "images" / f"{name}.tif") as raster:
        return raster.read()


def mask_of(name: str) -> np.ndarray:
    """1 on roads and 0 beside them, (h, w)."""
    with rasterio.open(next((DATA / "masks").glob(f"{name}*.tif"))) as raster:
        return (raster.read(1) > 0).astype(np.uint8)


def seen_brightness(name: str) -> SeenBlock:
    """The brightness of an image, -1..1, and its mask."""
    return SeenBlock(SceneBlock(0, 0, 0), picture_of(name).mean(axis=0) / 127.5 - 1, mask_of(name))


def extracted(model: RoadModel, image: Path, output: Path) -> np.ndarray:
    """The road mask of an image, (h, w)."""
    extract_roads(model, image, output, device="cpu")
    with rasterio.open(output) as raster:
        return raster.read(1) > 0


def difference_of_quarters(model: RoadModel, image: Path, folder: Path) -> float:
    """The share of pixels that are otherwise when the image comes in four files."""
    whole = extracted(model, image, folder / "whole.tif")
    together = np.zeros_like(whole)
    with rasterio.open(image) as raster:
        half = raster.height // 2
        for row in (0, half):
            for col in (0, half):
                window = Window(col, row, half, half)
                profile = {
                    **raster.profile,
                    "width": half,
                    "height": half,
                    "transform": raster.window_transform(window),
                }
                with rasterio.open(folder / "quarter.tif", "w", **profile) as quarter:
                    quarter.write(raster.read(window=window))
                mask = extracted(model, folder / "quarter.tif", folder / "quarter_mask.tif")
                together[row : row + half, col : col + half] = mask
    return float((whole != together).mean())


def show(way: str, counts: Counts) -> None:
    """A line of the table."""
    print(f"  {way:14s}{counts.iou:8.3f}{counts.precision:11.3f}{counts.recall:8.3f}{counts.f1:8.3f}", flush=True)


if __name__ == "__main__":
    main()
