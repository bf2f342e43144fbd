"""Whether the figures hold: blocks, signals that are none, intervals, means and thresholds, on places whose truth is known.

    python tests/bench/validity.py [--part blocks|null|coverage|prevalence|layer] [--repetitions 8] [--first 1000]

Each part prints a table, with seeds from ``--first`` on, on which no choice was made. ``blocks``: how wide blocks are by the
number of tiles, their layout and attributes of noise. ``null``: how often attributes that mean nothing count as a signal.
``coverage``: of the 95 % interval of the AUC in new places, and of the 90 % interval of a tile's true risk. ``prevalence``:
mean risk against the share of labels. ``layer``: the report against the layer.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from scipy.optimize import brentq
from scipy.special import expit, logit

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from mmrisk_core import RiskModel, train_model
from mmrisk_core.architectures import ARCHITECTURES
from mmrisk_core.evaluation.metrics import auc
from mmrisk_core.report.thresholds import NUMBERS
from tests.core.simulated_places import (
    FIELD_REACH,
    SimulatedPlace,
    blocks_of,
    judged_by_logistic_regression,
    simulated_place,
)

NOISE_COLUMNS = (0, 3, 10, 50)
UNOBSERVED = (0.0, 0.5, 1.0)
SIDES = (12, 32, 70)
NEW_SIDE, NEW_PLACES = 40, 12
FEW = (60, 100, 140)
PREVALENCES = (0.05, 0.1, 0.3)
ELSEWHERE = 200_000.0


def names_of(place: SimulatedPlace) -> list[str]:
    return [f"a{i}" for i in range(place.attributes.shape[1])]


def layouts(seed: int) -> Iterator[tuple[str, SimulatedPlace]]:
    """Places of one field: all tiles, every fourth site, and some drawn at random."""
    for side in (24, 50, 120, 300):
        place = simulated_place([seed, side], side, unobserved=1.5, effects=(), meaningless=0)
        yield f"{side**2} tiles, all", place
        if side >= 50:
            every_fourth = (place.centres // 150 % 2 == 0).all(axis=1)
            yield f"every 4th of {side**2}", place.take(np.flatnonzero(every_fourth))
    rows = np.random.default_rng(seed).permutation(len(place.label))[:1000]
    yield "1000 drawn of 90000", place.take(np.sort(rows))


def measure_blocks(first: int, repetitions: int) -> None:
    """The width of blocks; labels follow a field whose correlation falls to a tenth at 2,690 m."""
    found: dict[str, list[list[float]]] = {}
    for seed in range(first, first + repetitions):
        for layout, place in layouts(seed):
            rng = np.random.default_rng(seed)
            sizes = []
            for columns in NOISE_COLUMNS:
                noise = rng.normal(size=(len(place.label), columns))
                blocks = blocks_of(replace(place, attributes=noise))
                sizes.append(blocks.size)
            found.setdefault(layout, []).append([*sizes, len(np.unique(blocks.block))])
    print(f"labels are alike up to {FIELD_REACH:,.0f} m; median width of blocks in m by columns of noise")
    print(f"{'layout':24s}" + "".join(f"{columns:>8d}" for columns in NOISE_COLUMNS) + "  blocks  lowest to highest")
    for layout, rows in found.items():
        values = np.array(rows)
        middle = np.median(values, axis=0)
        print(
            f"{layout:24s}" + "".join(f"{size:8,.0f}" for size in middle[:-1])
            + f"{middle[-1]:8.0f}  {values[:, 0].min():,.0f} to {values[:, 0].max():,.0f}"
        )  # fmt: skip


def measure_null(first: int, repetitions: int) -> None:
    """How often a logistic regression on six smooth attributes that mean nothing is declared to see something."""
    print(f"{'tiles':>6} {'labels':28s} {'places':>6} {'declared':>9} {'mean AUC':>9} {'interval is':>12}")
    for side in (20, 100):
        for unobserved, what in ((1.5, "of an unobserved field"), (0.0, "at random")):
            declared, aucs, widths = [], [], []
            for seed in range(first, first + 5 * repetitions):
                place = simulated_place([seed, side], side, unobserved=unobserved, effects=(), meaningless=6)
                if place.label.sum() < 30:
                    continue
                figures = judged_by_logistic_regression(place)
                declared.append(figures.has_signal)
                aucs.append(figures.auc)
                widths.append(figures.auc_high - figures.auc_low)
            print(
                f"{side**2:6d} {what:28s} {len(declared):6d} {np.mean(declared):9.3f} {np.mean(aucs):9.3f} "
                f"{np.mean(widths):7.2f} wide",
                flush=True,
            )


def trained(place: SimulatedPlace, **options: object) -> RiskModel:
    return train_model(place.tiles(), "label", names_of(place), device="cpu", **options)


def measure_coverage(first: int, repetitions: int) -> None:
    """Of the whole model, two attributes that matter and two that do not, beside a field that nobody observes."""
    print(
        "the field is in logits; a tile's interval is to hold its true risk in 90 %, the AUC's that of new places in 95 %"
    )
    print(
        f"{'tiles':>6} {'field':>6} {'in new places':>14} {'learnt from':>12} {'width':>6} {'AUC held':>9} {'width':>6} "
        f"{'AUC less new':>13}"
    )
    for side in SIDES:
        for unobserved in UNOBSERVED:
            rows = []
            others = [simulated_place([first, 9, k], NEW_SIDE, unobserved=unobserved) for k in range(NEW_PLACES)]
            for seed in range(first, first + repetitions):
                place = simulated_place([seed, side, 1], side, unobserved=unobserved)
                if place.label.sum() < 12:
                    continue
                model = trained(place)
                here = model.predict(place.tiles(), device="cpu")
                new = [(other, model.predict(other.tiles(ELSEWHERE), device="cpu")) for other in others]
                figures = model.manifest.validation.figures
                of_new = float(np.mean([auc(layer["risk"].to_numpy(), other.label) for other, layer in new]))
                rows.append(
                    [
                        np.mean([held(layer, other) for other, layer in new]),
                        held(here, place),
                        np.mean([(layer["risk_high"] - layer["risk_low"]).mean() for _, layer in new]),
                        figures.auc_low <= of_new <= figures.auc_high,
                        figures.auc_high - figures.auc_low,
                        figures.auc - of_new,
                    ]
                )
            mean = np.mean(rows, axis=0)
            print(
                f"{side**2:6d} {unobserved:6.1f} {mean[0]:14.2f} {mean[1]:12.2f} {mean[2]:6.2f} {mean[3]:9.2f} "
                f"{mean[4]:6.2f} {mean[5]:+13.3f}",
                flush=True,
            )


def held(layer, place: SimulatedPlace) -> float:
    """The share of tiles whose interval holds their true probability."""
    truth = logit(place.probability)
    low, high = (logit(layer[name].to_numpy()) for name in ("risk_low", "risk_high"))
    return float(((low <= truth) & (truth <= high)).mean())


def measure_prevalence(first: int, repetitions: int) -> None:
    """Mean risk of labelled and of new tiles less the share of labels that are 1."""
    print(f"{'tiles':>6} {'share':>6}" + "".join(f"{name:>20s}" for name in ARCHITECTURES) + "   (labelled, new)")
    for n in FEW:
        for share in PREVALENCES:
            cells = []
            for architecture in ARCHITECTURES:
                errors = []
                for seed in range(first, first + repetitions):
                    place = with_share(simulated_place([seed, n, 2], 40, spread=1.0), n, share, seed)
                    folds = min(5, int(place.label.sum()))
                    model = trained(place, architecture=architecture, folds=folds)
                    other = simulated_place([seed, n, 3], 30, spread=1.0)
                    errors.append(
                        [
                            model.predict(some, device="cpu")["risk"].mean() - place.label.mean()
                            for some in (place.tiles(), other.tiles(ELSEWHERE))
                        ]
                    )
                labelled, new = np.mean(errors, axis=0)
                cells.append(f"{labelled:+9.3f} {new:+9.3f}")
            print(f"{n:6d} {share:6.0%}" + "".join(f"{cell:>20s}" for cell in cells), flush=True)


def with_share(place: SimulatedPlace, n: int, share: float, seed: int) -> SimulatedPlace:
    """``n`` tiles of a place; its intercept is such that, on the whole of it, that ``share`` are labelled 1."""
    rng = np.random.default_rng(seed)
    raw = logit(place.probability)
    rows = np.sort(rng.permutation(len(raw))[:n])
    probability = expit(raw[rows] + brentq(lambda shift: expit(raw + shift).mean() - share, -20, 20))
    label = np.zeros(n)
    # As many 1s as the share says, drawn by their probability, so that chance in their number is no error of the mean.
    label[rng.choice(n, max(2, round(share * n)), replace=False, p=probability / probability.sum())] = 1
    return SimulatedPlace(place.centres[rows], place.attributes[rows], probability, label)


def measure_layer(first: int, repetitions: int) -> None:
    """Whether the layer of the labelled tiles is what the report speaks of."""
    print(f"{'seed':>6} {'AUC reported':>13} {'AUC of the layer':>17}  numbers of tiles selected by 'risk from'")
    for seed in range(first, first + repetitions):
        place = simulated_place([seed, 4], 24, unobserved=0.5)
        model = trained(place, prevalence=0.1)
        layer = model.predict(place.tiles(), device="cpu")
        risk = layer["risk"].to_numpy()
        falling = np.sort(model.evidence.risk)[::-1]
        numbers = [k for k in NUMBERS if k <= len(risk) // 2]
        selected = [int((risk > falling[k - 1 : k + 1].mean()).sum()) for k in numbers]
        print(
            f"{seed:6d} {model.manifest.validation.figures.auc:13.6f} {auc(risk, place.label):17.6f}  "
            + ", ".join(f"{k}: {found}" for k, found in zip(numbers, selected, strict=True)),
            flush=True,
        )


PARTS = {
    "blocks": measure_blocks,
    "null": measure_null,
    "coverage": measure_coverage,
    "prevalence": measure_prevalence,
    "layer": measure_layer,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--part", choices=PARTS, action="append", help="only this one")
    parser.add_argument("--repetitions", type=int, default=8)
    parser.add_argument("--first", type=int, default=1000, help="the first seed")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    for name in arguments.part or PARTS:
        print(f"\n{name}", flush=True)
        PARTS[name](arguments.first, arguments.repetitions)


if __name__ == "__main__":
    main()
