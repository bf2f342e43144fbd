"""What fine-tuning the last stage of EfficientNet-Lite0 gives and costs, against the same model over the frozen encoder.

    python tests/bench/fine_tuning.py [--tiles 400] [--seeds 24] [--architectures stacked,gated]

Trains on random tiles of one sample city and judges on all tiles of another. Then times an epoch over kept activations
against one that runs the frozen stages too, on augmented images, as it would have to be without keeping them.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
from shared.labelled_city import labelled_city
from torch.nn import functional

from mmrisk_core import RiskModel, train_model
from mmrisk_core.encoders import LastStage, early_activations, make_frozen_encoder
from mmrisk_core.evaluation.metrics import auc

SIZE, OTHER_SIZE = 30, 25
PIXELS, CHIPS = 196, 64
AT_LEAST = 4.0


def main() -> None:
    """Reads the command line, prints figures and the ratio."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tiles", type=int, default=400)
    parser.add_argument("--seeds", default="24", help="cities to learn from")
    parser.add_argument("--architectures", default="stacked,gated")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    ratio = epochs_without_keeping()
    print(
        f"epoch that runs all stages / epoch over kept activations: {ratio:.1f}   to be at least {AT_LEAST:g}",
        flush=True,
    )
    with tempfile.TemporaryDirectory() as folder:
        os.environ["MMRISK_CACHE"] = folder
        print(f"{arguments.tiles} tiles, frozen and fine-tuned")
        print(f"{'':13s}seed{'AUC':>16s}{'truth in interval':>21s}{'seconds':>14s}   members with a better last stage")
        for seed in map(int, arguments.seeds.split(",")):
            compare(Path(folder), arguments.tiles, seed, arguments.architectures.split(","))
    if ratio < AT_LEAST:
        sys.exit("keeping activations is not worth its memory")


def compare(folder: Path, n: int, seed: int, architectures: list[str]) -> None:
    """Print AUC, share of the true probabilities in the intervals of 90 %, and seconds of both ways."""
    tiles, _, imagery = labelled_city(folder / f"here{seed}", seed, SIZE)
    others, truth, other_imagery = labelled_city(folder / f"there{seed}", seed + 100, OTHER_SIZE)
    rows = np.sort(np.random.default_rng(seed).permutation(len(tiles))[:n])
    features = [name for name in tiles.columns if name.startswith(("roads_", "zones_"))]
    for architecture in architectures:
        figures, inside, seconds = [], [], []
        for fine_tune in (False, True):
            begin = time.perf_counter()
            model = train_model(
                tiles.iloc[rows],
                "label",
                features,
                [imagery],
                architecture=architecture,
                backbone="efficientnet_lite0",
                validation="none",
                fine_tune=fine_tune,
                seed=seed,
            )
            seconds.append(time.perf_counter() - begin)
            predicted = model.predict(others, [other_imagery])
            figures.append(auc(predicted["risk"].to_numpy(), others["label"].to_numpy(dtype=np.float64)))
            inside.append(float(np.mean((predicted["risk_low"] <= truth) & (truth <= predicted["risk_high"]))))
        print(
            f"{architecture:12s} {seed:4d}{figures[0]:9.3f} {figures[1]:.3f}{inside[0]:16.1%} {inside[1]:.1%}"
            f"{seconds[0]:9.0f} {seconds[1]:.0f}   {moved(model)} of {len(model.members)}",
            flush=True,
        )


def moved(model: RiskModel) -> int:
    """How many members have another last stage than the encoder."""
    pretrained = LastStage("efficientnet_lite0", make_frozen_encoder("efficientnet_lite0")).state_dict()
    stages = [m for member in model.members for m in member.modules() if isinstance(m, LastStage)]
    return sum(any(not torch.equal(tensor, pretrained[k]) for k, tensor in s.state_dict().items()) for s in stages)


def epochs_without_keeping() -> float:
    """How many times as long an epoch takes when the frozen stages run in it."""
    encoder = make_frozen_encoder("efficientnet_lite0")
    stage = LastStage("efficientnet_lite0", encoder)
    chips = torch.randint(0, 256, (CHIPS, 3, PIXELS, PIXELS), dtype=torch.uint8)
    head, label = torch.nn.Linear(encoder.out_features, 1), torch.rand(CHIPS).round()
    there = [torch.ones(CHIPS, dtype=torch.bool)]

    def learn(embedding: torch.Tensor, activations: list[torch.Tensor]) -> None:
        logit = head(stage(embedding, activations, there))[:, 0]
        functional.binary_cross_entropy_with_logits(logit, label).backward()

    kept = early_activations(encoder, [chips])
    seconds = []
    for again in (lambda: learn(*early_activations(encoder, [chips])), lambda: learn(*kept)):
        times = []
        for _ in range(4):
            begin = time.perf_counter()
            again()
            times.append(time.perf_counter() - begin)
        seconds.append(min(times))
    return seconds[0] / seconds[1]


if __name__ == "__main__":
    main()
