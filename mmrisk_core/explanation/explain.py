"""Model and tiles -> contributions, reasons and saliency."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.special import expit

from mmrisk_core.bundle.manifest import Manifest
from mmrisk_core.bundle.trained_model import TrainedModel
from mmrisk_core.compute.devices import DeviceChoice, choose_device
from mmrisk_core.errors import MMRiskError
from mmrisk_core.explanation.reasons import reasons
from mmrisk_core.explanation.saliency import SaliencyRaster, patch_effects
from mmrisk_core.explanation.shapley import ROWS_AT_ONCE, Contributions, Explainer, joined
from mmrisk_core.geo.frames import has_geometry, require_tiles
from mmrisk_core.imagery import RasterSource
from mmrisk_core.imagery.change_guard import unchanged
from mmrisk_core.inference import tile_slices
from mmrisk_core.inference.batching import in_batches_of
from mmrisk_core.inference.ensemble_on_device import EnsembleOnDevice
from mmrisk_core.inference.scale_check import check_scale
from mmrisk_core.progress import SILENT, Progress
from mmrisk_core.samples.image_batches import require_images
from mmrisk_core.samples.image_source_checks import image_sources

MOST_FIELDS = 1900
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
    progress: Progress = SILENT,
) -> pd.DataFrame:
    """Say for each tile why its risk is what it is.

    :param tiles: polygons, or rows of a table where the model looks at no raster.
    :param rasters: in the order in which the model was trained on them.
    :param image_column: the field with the paths of pictures, where it is not called as in the training.
    :param saliency: where to write the raster of what each place in the imagery adds; not made without it.
    :param seed: of the orders in which contributions are sampled; see :mod:`mmrisk_core.explanation.shapley`.
    :return: the columns ``tile_id`` if the tiles have it, ``risk``, ``logit``, ``base_logit``, ``why``, ``effect_<name>``
        for each attribute, ``effect_image_<number>`` for each image, and the geometry. ``base_logit`` and the effects add
        up to ``logit``.
    :raises MMRiskError: when tiles, fields or rasters are not what the model needs, or an output cannot be written.
    """
    manifest = model.manifest
    require_tiles(tiles)
    if len(manifest.attributes) + len(manifest.images) > MOST_FIELDS:
        raise MMRiskError(
            f"The model has {len(manifest.attributes):,} attributes, and a layer holds {MOST_FIELDS:,} effects at most. "
            "Train it on fewer attributes."
        )
    raster = _saliency_raster(manifest, tiles) if saliency else None
    sources = image_sources(manifest.images, tiles, rasters, image_column, progress)
    parts: list[pd.DataFrame] = []
    said_once = progress.saying_once()
    done = 0
    with unchanged(rasters):
        check_scale(manifest, tiles, rasters, progress)
        if manifest.images:
            require_images(tiles, manifest.images, sources, progress)
        chosen = choose_device(device)
        progress.log(f"Computing on {chosen.summary}.")
        network = EnsembleOnDevice(model, chosen, precision="float32", progress=progress)
        explainer = Explainer(manifest, network, seed)
        progress.update(0.0, f"0 of {len(tiles):,} tiles explained")
        for start in range(0, len(tiles), tile_slices.SLICE_TILES):
            some = tiles.iloc[start : start + tile_slices.SLICE_TILES]
            opened = tile_slices.open_slice(model, some, sources, said_once)
            found: list[Contributions] = []
            rows: list[np.ndarray] = []
            try:
                for batch in in_batches_of(opened.batches, lambda: min(network.batch_size, ROWS_AT_ONCE)):
                    tabular = opened.tabular[batch.rows]
                    found.append(explainer.contributions(batch, tabular))
                    rows.append(batch.rows)
                    if raster is not None:
                        raster.add(start + batch.rows, patch_effects(network, batch, tabular))
                    done += len(batch.rows)
                    progress.update(0.95 * done / len(tiles), f"{done:,} of {len(tiles):,} tiles explained")
            finally:
                opened.close()
            parts.append(_explained(manifest, some, joined(found, rows), opened.tabular.numpy()))
    if raster is not None and saliency is not None:
        raster.write(saliency)
    result = pd.concat(parts)
    result.attrs = {**tiles.attrs, "device": network.device_used}
    progress.update(1.0, f"{len(tiles)} tiles explained")
    return result


def _explained(
    manifest: Manifest, tiles: pd.DataFrame, contributions: Contributions, values: np.ndarray
) -> pd.DataFrame:
    columns = {
        "risk": expit(contributions.logit),
        "logit": contributions.logit,
        "base_logit": np.full(len(tiles), contributions.base),
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
        raise MMRiskError(
            "There is no map of saliency for a model that looks at no raster. Leave the saliency raster out."
        )
    return SaliencyRaster(tiles, manifest.images)
