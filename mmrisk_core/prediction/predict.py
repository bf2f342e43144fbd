"""Model and tiles in memory -> risk."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from mmrisk_core.bundle.trained_model import TrainedModel
from mmrisk_core.compute.devices import DeviceChoice, choose_device
from mmrisk_core.geo.frames import require_tiles
from mmrisk_core.imagery import RasterSource
from mmrisk_core.inference import tile_slices
from mmrisk_core.inference.ensemble_on_device import EnsembleOnDevice
from mmrisk_core.inference.precision import FROM_TILES, Precision
from mmrisk_core.inference.risk_columns import with_risk
from mmrisk_core.inference.scale_check import check_scale
from mmrisk_core.inference.throughput import Pace
from mmrisk_core.progress import SILENT, Progress
from mmrisk_core.samples.image_batches import require_images
from mmrisk_core.samples.image_source_checks import image_sources


def predict_risk(
    model: TrainedModel,
    tiles: pd.DataFrame,
    rasters: Sequence[RasterSource] = (),
    *,
    image_column: str | None = None,
    batch_size: int | None = None,
    precision: Precision | None = None,
    device: DeviceChoice = "auto",
    progress: Progress = SILENT,
) -> pd.DataFrame:
    """Give each tile its calibrated risk.

    ``risk_low`` and ``risk_high`` are a 90 % interval. See :func:`logit_interval`. ``image_effect`` and
    ``attribute_effect`` are the change of the logit against that modality being absent. ``in_domain`` is 1 inside the area
    of applicability where at least half of the imagery is there.

    :param tiles: polygons, or rows of a table where the model looks at no raster. For more of them than fit into memory
        see :func:`predict_layer`, which gives the same figures.
    :param rasters: in the order in which the model was trained on them.
    :param image_column: the field with the paths of pictures, where it is not called as in the training.
    :param batch_size: most tiles at once on a device; without it, as many as suit.
    :param precision: of the image encoder; without it float32 for fewer than 2,000 tiles, else chosen on the first images.
    :return: the tiles with the columns of :data:`RISK_COLUMNS`, in their order; ``attrs["device"]`` says what computed.
    :raises MMRiskError: when tiles, fields or rasters are not what the model needs.
    """
    require_tiles(tiles)
    sources = image_sources(model.manifest.images, tiles, rasters, image_column, progress)
    check_scale(model.manifest, tiles, rasters, progress)
    if model.manifest.images:
        require_images(tiles, model.manifest.images, sources, progress)
    chosen = choose_device(device)
    progress.log(f"Computing on {chosen.summary}.")
    precision = precision or ("float32" if len(tiles) < FROM_TILES else None)
    network = EnsembleOnDevice(model, chosen, precision=precision, batch_size=batch_size, progress=progress)
    pace = Pace(len(tiles), 0, what_is_read(model), progress.part(0.0, 0.95))
    said_once = progress.saying_once()
    parts = []
    for start in range(0, len(tiles), tile_slices.SLICE_TILES):
        some = tiles.iloc[start : start + tile_slices.SLICE_TILES]
        opened = tile_slices.open_slice(model, some, sources, said_once)
        parts.append(tile_slices.answer_slice(model, network, opened, pace))
    progress.log(pace.sentence)
    result = with_risk(tiles, {name: np.concatenate([part[name] for part in parts]) for name in parts[0]})
    result.attrs["device"] = network.device_used
    progress.update(1.0, f"risk of {len(tiles)} tiles")
    return result


def what_is_read(model: TrainedModel) -> str:
    """What a prediction spends its time on, for messages."""
    return "imagery" if model.manifest.images else "attributes"
