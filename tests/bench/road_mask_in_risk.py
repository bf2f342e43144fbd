"""What a road mask adds to a risk model of a sample city: with it and without, on the same folds.

    python tests/bench/road_mask_in_risk.py [--size 20] [--epochs 12] [--seed 23]

The road model learns from another city, so that the mask knows nothing of this one but its picture. Prints the
difference of the AUCs with its 95 % interval by bootstrap of spatial blocks, over imagery alone and over imagery and
attributes. It has no target: whether a mask helps is what it asks.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import geopandas as gpd
import numpy as np
from shared.labelled_city import labelled_city

from mmrisk_core import train_model
from mmrisk_core.evaluation.metrics import AucDifference, auc, compare_aucs
from mmrisk_core.roads import extract_roads, train_roads
from mmrisk_core.sample_city import make_sample_city

LEARNT_SIZE = 8
METRES, WIDTH = 2.0, 8.0


def main() -> None:
    """Reads the command line, prints both differences."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=20, help="tiles per side")
    parser.add_argument("--epochs", type=int, default=12, help="of the road model")
    parser.add_argument("--seed", type=int, default=23)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        other = make_sample_city(Path(folder) / "other", size=LEARNT_SIZE, seed=arguments.seed + 100)
        begin = time.perf_counter()
        model = train_roads(
            [other.imagery],
            gpd.read_file(other.roads),
            WIDTH,
            pixel_size=METRES,
            epochs=arguments.epochs,
            seed=arguments.seed,
            device="cpu",
        )
        scores = model.manifest.scores
        print(f"road model in {time.perf_counter() - begin:.0f} s: IoU {scores.iou:.3f}, relaxed F1 {scores.f1:.3f}")
        tiles, _, imagery = labelled_city(Path(folder) / "here", arguments.seed, arguments.size)
        mask = Path(folder) / "mask.tif"
        mapped = extract_roads(model, imagery, mask, device="cpu")
        print(f"{len(tiles)} tiles, {mapped.road_share:.1%} of their ground drawn as road", flush=True)
        attributes = [name for name in tiles.columns if name.startswith(("roads_", "zones_"))]
        for name, features in (("imagery alone", []), ("imagery and attributes", attributes)):
            without, with_mask, difference = compare(tiles, features, imagery, mask, arguments.seed)
            print(f"{name:24s} AUC without {without:.3f}, with {with_mask:.3f}, "
                  f"difference {difference.auc:+.3f} ({difference.low:+.3f} to {difference.high:+.3f})")  # fmt: skip


def compare(
    tiles: gpd.GeoDataFrame, features: list[str], imagery: Path, mask: Path, seed: int
) -> tuple[float, float, AucDifference]:
    """AUC without and with the mask, and the paired difference."""
    seen = []
    for images in ([imagery], [imagery, mask]):
        evidence = train_model(tiles, "label", features, images, seed=seed, device="cpu").evidence
        assert evidence is not None
        seen.append(evidence)
    without, with_mask = seen
    assert without.fold is not None
    assert np.array_equal(without.fold, with_mask.fold)
    difference = compare_aucs(with_mask.risk, {"without": without.risk}, without.label, without.block, seed)
    return auc(without.risk, without.label), auc(with_mask.risk, without.label), difference["without"]


if __name__ == "__main__":
    main()
