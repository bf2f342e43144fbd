"""Model and tiles -> contributions, reasons and saliency."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.special import expit

from mmrisk_core.bundle.manifest import Manifest
from mmrisk_core.bundle.trained_model import TrainedModel
from mmrisk_core.compute.devices import DeviceChoice
from mmrisk_core.errors import InputError
from mmrisk_core.explanation.reasons import reasons
from mmrisk_core.explanation.saliency import SaliencyRaster, patch_effects
from mmrisk_core.explanation.shapley import ROWS_AT_ONCE, Contributions, Explainer, joined
from mmrisk_core.geo.frames import has_geometry, require_tiles
from mmrisk_core.imagery import RasterSource
from mmrisk_core.inference.session import open_session, slices_of
from mmrisk_core.progress import NO_PROGRESS, Progress
from mmrisk_core.wording import counted

MAX_FIELDS = 1900
"""A GeoPackage has 2,000 at most."""


def explain_risk(
    model: TrainedModel,
    tiles: pd.DataFrame,
    rasters: Sequence[RasterSource] = (),
    *,
    image_column: str | None = None,
    saliency: str | Path | None = None,
    seed: int = 0,
    device: DeviceChoice = "auto",
    progress: Progress = NO_PROGRESS,
) -> pd.DataFrame:
    """Say for each tile why its risk by ``model`` is what it is.

    :param tiles: polygons, or rows of a table where the model looks at no raster.
    :param rasters: in the order in which the model was trained on them.
    :param image_column: the field with the paths of pictures, where it is not called as in the training.
    :param saliency: where to write the raster of what each place in the imagery adds; not made without it.
    :param seed: of the orders in which contributions are sampled; see :mod:`mmrisk_core.explanation.shapley`.
    :param device: where to compute.
    :param progress: told how far it is, and asked whether to go on.
    :return: the columns ``tile_id`` if the tiles have it, ``risk``, ``logit``, ``base_logit``, ``why``, ``effect_<name>``
        for each attribute, ``effect_image_<number>`` for each image, and the geometry. ``base_logit`` and the effects add
        up to ``logit``.
    :raises MMRiskError: when tiles, fields or rasters are not what the model needs, or an output cannot be written.
    """
    manifest = model.manifest
    require_tiles(tiles)
    if len(manifest.attributes) + len(manifest.images) > MAX_FIELDS:
        raise InputError(
            f"The model has {counted(len(manifest.attributes), 'attribute')}, and a layer holds {MAX_FIELDS:,} effects "
            "at most. Train it on fewer attributes."
        )
    raster = _saliency_raster(manifest, tiles) if saliency else None
    parts: list[pd.DataFrame] = []
    done = 0
    with open_session(model, tiles, rasters, image_column=image_column, device=device, progress=progress) as session:
        explainer = Explainer(manifest, session.network, seed)
        progress.update(0.0, f"0 of {counted(len(tiles), 'tile')} explained")
        for rows in slices_of(tiles):
            found: list[Contributions] = []
            order: list[np.ndarray] = []
            with session.open_slice(tiles.iloc[rows]) as opened:
                for batch in session.batches(opened, ROWS_AT_ONCE):
                    tabular = opened.tabular[batch.rows]
                    fold = opened.fold[batch.rows]
                    found.append(explainer.contributions(batch, tabular, fold))
                    order.append(batch.rows)
                    if raster is not None:
                        raster.add(rows.start + batch.rows, patch_effects(session.network, batch, tabular, fold))
                    done += len(batch.rows)
                    progress.update(0.95 * done / len(tiles), f"{done:,} of {counted(len(tiles), 'tile')} explained")
            parts.append(_explained(manifest, tiles.iloc[rows], joined(found, order), opened.tabular.numpy()))
    if raster is not None and saliency is not None:
        raster.write(saliency)
    result = pd.concat(parts)
    result.attrs = {**tiles.attrs, "device": session.network.device_used}
    progress.update(1.0, f"{counted(len(tiles), 'tile')} explained")
    return result


def _explained(
    manifest: Manifest, tiles: pd.DataFrame, contributions: Contributions, values: np.ndarray
) -> pd.DataFrame:
    columns = {
        "risk": expit(contributions.logit),
        "logit": contributions.logit,
        "base_logit": contributions.base,
        "why": reasons(manifest, contributions, values),
    }
    names = [attribute.name for attribute in manifest.attributes]
    of_images = {f"effect_image_{i + 1}": contributions.images[:, i] for i in range(len(manifest.images))}
    for i, name in enumerate(names):
        field = f"effect_{name}"
        # An attribute may be called 'image_1'.
        columns[f"{field}_attribute" if field in of_images else field] = contributions.attributes[:, i]
    columns |= of_images
    kept = [name for name in ("tile_id",) if name in tiles.columns]
    geometry = [tiles.geometry.name] if has_geometry(tiles) else []
    # By position, since an index may name rows twice.
    frame = tiles[[*kept, *geometry]].reset_index(drop=True).join(pd.DataFrame(columns))
    return frame[[*kept, *columns, *geometry]].set_index(tiles.index)


def _saliency_raster(manifest: Manifest, tiles: pd.DataFrame) -> SaliencyRaster:
    if not manifest.images or any(image.kind == "pictures" for image in manifest.images) or not has_geometry(tiles):
        raise InputError(
            "There is no map of saliency for a model that looks at no raster. Leave the saliency raster out."
        )
    return SaliencyRaster(tiles, manifest.images)
