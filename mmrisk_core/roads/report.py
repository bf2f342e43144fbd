"""The report on a model that sees roads: how right its masks are, and pictures to look at."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from markupsafe import Markup

from mmrisk_core.files import atomic_write
from mmrisk_core.html.charts import photograph
from mmrisk_core.html.page import facts, page, render, section, table, warning
from mmrisk_core.roads.baselines import beats_baselines
from mmrisk_core.roads.loss import UNKNOWN
from mmrisk_core.roads.model import RoadExample, RoadManifest, RoadModel, RoadScores
from mmrisk_core.wording import counted, number

GREY = 128


def write_road_report(model: RoadModel, path: str | Path) -> Path:
    """Write the report as one HTML file that asks for nothing elsewhere.

    :raises MMRiskError: when the output cannot be written.
    """
    path = Path(path)
    with atomic_write(path) as part:
        part.write_text(render_road_card(model.manifest, model.examples), encoding="utf-8")
    return path


def render_road_card(manifest: RoadManifest, examples: tuple[RoadExample, ...] = ()) -> str:
    """What a model file says of itself, as HTML."""
    sections = [_scores_section(manifest)]
    if examples:
        sections.append(_examples_section(examples))
    sections.append(_facts_section(manifest))
    learnt = f"Learnt from {', '.join(manifest.provenance.images)}, {manifest.provenance.created[:10]}"
    return page("MMRisk", "Roads in the picture", [learnt, "A model for 'Extract roads'."], sections)


def _scores_section(manifest: RoadManifest) -> Markup:
    rows = {"this model": manifest.scores, **manifest.baselines}
    body = table(
        ["", "IoU", "Precision", "Recall", "F1"],
        [[name, *(f"{value:.3f}" for value in _of(scores))] for name, scores in rows.items()],
    )
    if not beats_baselines(manifest.scores, manifest.baselines):
        body += warning(
            "Hardly better than what needs no model. Look at the pictures: do the lines lie on the roads, "
            "is the width right, can roads be seen at all?"
        )
    return section(
        "How right are the masks?",
        f"On {counted(manifest.provenance.blocks[2], 'square')} of "
        f"{counted(manifest.provenance.block_pixels, 'pixel')} that were not learnt from. Precision is how much of "
        "what was drawn is road, recall how much of the roads was drawn, both within "
        "3 pixels; IoU allows for nothing.",
        body,
        [
            f"Of 100 pixels drawn as road, {100 * manifest.scores.precision:.0f} lie on a road or within 3 pixels of one, "
            f"and of 100 pixels of road, {100 * manifest.scores.recall:.0f} were found.",
            "The squares lie beside those learnt from, in the same pictures under the same light. Elsewhere expect less, "
            "and look at a mask before using it.",
        ],
    )


def _examples_section(examples: tuple[RoadExample, ...]) -> Markup:
    rows = Markup().join(
        render(
            "figures",
            figures={
                "image": photograph("image", example.picture),
                "road layer": photograph("road layer", _grey(example)),
                "mask": photograph("mask", _three_bands(example.mask * np.uint8(255))),
            },
        )
        for example in examples
    )
    return section(
        "See for yourself",
        "Squares that were not learnt from. Grey is where nothing is known.",
        rows,
        [
            "Are roads under trees drawn on? Are car parks, driveways and railways left out? What the road layer lacks "
            "counts as wrong, though it may be there: then the model is better than its figures."
        ],
    )


def _facts_section(manifest: RoadManifest) -> Markup:
    trained = manifest.provenance
    width = f"{trained.road_width:g} m" if trained.road_width else "as the masks have it"
    if trained.width_field:
        by_class = f" ({trained.class_widths})" if trained.class_widths else ""
        width = f"field {trained.width_field}{by_class}, else {width}"
    learning, stopping, judging = trained.blocks
    return section(
        "What it is",
        "What masks need to be made again.",
        facts(
            {
                "Network": [f"U-Net over {manifest.backbone}"],
                "Imagery": [
                    f"{counted(manifest.bands, 'band')}: {', '.join(manifest.band_names)}",
                    f"{number(manifest.metres_per_pixel)} m a pixel",
                ],
                "Roads": [trained.roads or "masks", f"width {width}"],
                "Threshold": [f"{manifest.threshold:g}, the best F1 on squares that were not learnt from"],
                "Squares": [f"{learning} looked at to learn from, {stopping} to stop by, {judging} to judge on"],
                "Seed": [str(trained.seed)],
                "Device": [trained.device],
                "Versions": [f"{name} {version}" for name, version in trained.versions.items()],
            }
        ),
    )


def _of(scores: RoadScores) -> tuple[float, float, float, float]:
    return scores.iou, scores.precision, scores.recall, scores.f1


def _grey(example: RoadExample) -> np.ndarray:
    return _three_bands(np.where(example.truth == UNKNOWN, GREY, example.truth * np.uint8(255)).astype(np.uint8))


def _three_bands(pixels: np.ndarray) -> np.ndarray:
    return np.repeat(pixels[..., None], 3, axis=-1)
