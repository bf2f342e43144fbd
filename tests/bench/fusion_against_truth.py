"""A model of some 2,000 tiles of a sample city against the true probabilities, there and in another city.

python tests/bench/fusion_against_truth.py [--seed 23] [--size 45]
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import geopandas as gpd
import numpy as np
from shared.labelled_city import labelled_city

from mmrisk_core import Progress, train_model
from mmrisk_core.evaluation.metrics import auc
from mmrisk_core.evaluation.reliability import expected_calibration_error

OTHER_CITY = 30


def show_intervals(where: str, risk: gpd.GeoDataFrame, truth: np.ndarray) -> None:
    """How many of the intervals hold the true probability."""
    inside = (truth >= risk["risk_low"]) & (truth <= risk["risk_high"])
    print(f"{where:34s} 90 % intervals that hold the truth {inside.mean():.3f}, "
          f"mean width {(risk['risk_high'] - risk['risk_low']).mean():.2f}, "
          f"correlation {np.corrcoef(truth, risk['risk'])[0, 1]:.3f}")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=23)
    parser.add_argument("--size", type=int, default=45, help="tiles per side")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        tiles, truth, imagery = labelled_city(Path(folder) / "here", arguments.seed, arguments.size)
        features = [name for name in tiles.columns if name.startswith(("roads_", "zones_"))]
        started = time.perf_counter()
        model = train_model(tiles, "label", features, [imagery], seed=1, device="cpu", progress=Progress(log=print))
        print(f"{len(tiles)} tiles, trained in {time.perf_counter() - started:.0f} s")
        result, ceiling = model.manifest.validation, auc(truth, tiles["label"].to_numpy(dtype=float))
        alone = {name: figures.auc for name, figures in result.heads.items() if not name.startswith("joint")}
        print(
            f"AUC {result.figures.auc:.4f}, of the true probabilities {ceiling:.4f}: {result.figures.auc / ceiling:.3f}"
        )
        print(f"better than one modality by {result.figures.auc - max(alone.values()):.3f} ({alone})")
        print(f"calibration error {result.figures.ece:.4f} against labels")
        risk = model.predict(tiles, [imagery], device="cpu")
        error = expected_calibration_error(risk["risk"].to_numpy(), truth)
        print(f"calibration error {error:.4f} of the prediction against the truth")
        show_intervals("the city learnt from", risk, truth)
        tiles, truth, imagery = labelled_city(Path(folder) / "there", arguments.seed + 100, OTHER_CITY)
        show_intervals("another city", model.predict(tiles, [imagery], device="cpu"), truth)


if __name__ == "__main__":
    main()
