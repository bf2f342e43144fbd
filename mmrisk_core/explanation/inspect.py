"""Everything that the model says of a tile, for someone who looks at it alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from PIL import Image
from scipy.special import expit

from mmrisk_core.arrays import ByteArray, FloatArray
from mmrisk_core.bundle.manifest import AttributeInput, Manifest
from mmrisk_core.bundle.trained_model import TrainedModel
from mmrisk_core.compute.devices import DeviceChoice
from mmrisk_core.errors import InputError
from mmrisk_core.explanation.reasons import reasons
from mmrisk_core.explanation.shapley import Contributions, Explainer, joined
from mmrisk_core.explanation.what_if import AttributeChange, with_change
from mmrisk_core.files import atomic_write
from mmrisk_core.imagery import RasterSource
from mmrisk_core.inference.ensemble_on_device import EnsembleOutput
from mmrisk_core.inference.risk_columns import RiskColumns, risk_columns
from mmrisk_core.inference.session import open_session
from mmrisk_core.inference.tile_slices import attributes_of
from mmrisk_core.progress import NO_PROGRESS, Progress
from mmrisk_core.samples.image_batches import ImageBatch
from mmrisk_core.wording import counted

TileReport = dict[str, Any]

MAX_TILES = 100
"""More of them nobody looks at, and their pictures would fill the memory."""


def inspect_tiles(
    model: TrainedModel,
    tiles: pd.DataFrame,
    rasters: Sequence[RasterSource] = (),
    *,
    change: AttributeChange | None = None,
    folder: str | Path | None = None,
    image_column: str | None = None,
    seed: int = 0,
    device: DeviceChoice = "auto",
    progress: Progress = NO_PROGRESS,
) -> list[TileReport]:
    """Say of each tile what ``model`` sees, what it answers, and why.

    :param tiles: polygons, or rows of a table where the model looks at no raster; 100 at most. They may lie beside all
        imagery.
    :param rasters: in the order in which the model was trained on them.
    :param change: other values of attributes, the same for all tiles; see :func:`mmrisk_core.explanation.what_if`.
    :param folder: where to write the pictures; not written without it.
    :param image_column: the field with the paths of pictures, where it is not called as in the training.
    :param seed: of the orders in which contributions are sampled.
    :param device: where to compute.
    :param progress: told how far it is, and asked whether to go on.
    :return: for each tile ``tile`` (its ``tile_id``, or its position), ``risk``, ``risk_low``, ``risk_high``, ``coverage``,
        ``in_domain`` and ``learnt_from`` as in the risk layer, ``logit``, ``base_logit`` and ``why`` as in the layer of
        contributions, ``risk_before`` (without the change; None where nothing is changed), ``attributes`` and ``images``.

        An attribute has ``name``, ``unit``, ``value`` (None where missing), ``typical``, ``low`` and ``high`` (median, 5th
        and 95th percentile of the training tiles; of a text the most frequent level and None), ``levels`` (those of a text),
        ``outside`` (whether a value is not between low and high, or a level is unknown to the model) and ``effect``.

        An image has ``name``, ``context``, ``present``, ``effect`` and ``picture``, the path of a PNG of its pixels as the
        model sees them: the first three bands, or the first in grey. ``base_logit`` and all effects add up to ``logit``.
    :raises MMRiskError: when tiles, fields, rasters or the change are not what the model needs, or there are too many tiles.
    """
    if len(tiles) > MAX_TILES:
        raise InputError(
            f"{counted(len(tiles), 'tile is', 'tiles are')} too many to inspect. Select {MAX_TILES} at most."
        )
    manifest = model.manifest
    shown = with_change(manifest, tiles, change) if change else tiles
    values = attributes_of(manifest, shown, progress)
    before = np.zeros(len(tiles)) if change else None
    found: list[Contributions] = []
    batches: list[ImageBatch] = []
    with (
        open_session(
            model, tiles, rasters, image_column=image_column, device=device, must_overlap=False, progress=progress
        ) as session,
        session.open_slice(tiles) as opened,
    ):
        network = session.network
        output = EnsembleOutput(len(tiles), len(model.members), opened.fold)
        explainer = Explainer(manifest, network, seed)
        for batch in session.batches(opened):
            tabular, fold = values[batch.rows], opened.fold[batch.rows]
            network.predict_batch(batch, tabular, output)
            if before is not None:
                seen = network.pool_images(network.encode_images(batch.images, batch.present, len(tabular)))
                before[batch.rows] = expit(network.logits(seen, opened.tabular[batch.rows], fold))
            found.append(explainer.contributions(batch, tabular, fold))
            batches.append(batch)
            progress.update(sum(len(one.rows) for one in batches) / len(tiles), "looking at the tile")
    contributions = joined(found, [batch.rows for batch in batches])
    told = _told(manifest, shown, contributions, values.double().numpy(), risk_columns(manifest, output), before)
    for batch in batches:
        _add_images(told, manifest, contributions, batch, Path(folder) if folder else None)
    return told


def _told(
    manifest: Manifest,
    tiles: pd.DataFrame,
    contributions: Contributions,
    values: FloatArray,
    figures: RiskColumns,
    before: FloatArray | None,
) -> list[TileReport]:
    why = reasons(manifest, contributions, values)
    names = tiles["tile_id"].tolist() if "tile_id" in tiles.columns else list(range(len(tiles)))
    return [
        {
            "tile": str(names[row]),
            **{name: float(figures[name][row]) for name in ("risk", "risk_low", "risk_high", "coverage")},
            **{name: bool(figures[name][row]) for name in ("in_domain", "learnt_from")},
            "logit": float(contributions.logit[row]),
            "base_logit": float(contributions.base[row]),
            "why": why[row],
            "risk_before": None if before is None else float(before[row]),
            "attributes": [
                _attribute(
                    attribute,
                    float(values[row, number]),
                    tiles[attribute.name].iloc[row],
                    float(contributions.attributes[row, number]),
                )
                for number, attribute in enumerate(manifest.attributes)
            ],
            "images": [],
        }
        for row in range(len(tiles))
    ]


def _attribute(attribute: AttributeInput, value: float, in_field: Any, effect: float) -> TileReport:
    """Of one tile: ``value`` is what the model reads, ``in_field`` what the field holds."""
    is_missing, levels = bool(np.isnan(value)), attribute.categories
    shown = str(in_field).strip() if levels else value
    return {
        "name": attribute.name,
        "unit": attribute.unit,
        "value": None if is_missing else shown,
        "typical": levels[0] if levels else attribute.typical,
        "low": None if levels else attribute.low,
        "high": None if levels else attribute.high,
        "levels": list(levels),
        "outside": not is_missing and (shown not in levels if levels else not attribute.low <= value <= attribute.high),
        "effect": effect,
    }


def _add_images(
    told: list[TileReport], manifest: Manifest, contributions: Contributions, batch: ImageBatch, folder: Path | None
) -> None:
    for position, row in enumerate(batch.rows):
        for number, image in enumerate(manifest.images):
            present = bool(batch.present[number][position])
            path = folder / f"tile_{row + 1}_image_{number + 1}.png" if folder and present else None
            if path:
                _write_picture(path, batch.images[number][position].numpy())
            told[row]["images"].append(
                {
                    "name": image.name,
                    "context": image.context,
                    "present": present,
                    "effect": float(contributions.images[row, number]),
                    "picture": str(path) if path else None,
                }
            )


def _write_picture(path: Path, pixels: ByteArray) -> None:
    """Write pixels (bands, height, width) as a PNG."""
    shown = np.moveaxis(pixels[:3], 0, -1) if len(pixels) >= 3 else pixels[0]
    with atomic_write(path) as part:
        Image.fromarray(np.ascontiguousarray(shown)).save(part, format="png")
