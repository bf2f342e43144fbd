"""Model and tiles -> risk."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import pandas as pd

from mmrisk_core.devices import DeviceChoice, choose_device
from mmrisk_core.image_sources import image_sources
from mmrisk_core.imagery import RasterSource
from mmrisk_core.prediction.batching import in_batches_of
from mmrisk_core.prediction.columns import with_risk
from mmrisk_core.prediction.network import TABLE_BATCH, Answers, EnsembleOnDevice
from mmrisk_core.prediction.precision import FROM_TILES, Precision
from mmrisk_core.prediction.scale import check_scale
from mmrisk_core.progress import SILENT, Progress
from mmrisk_core.risk_model import RiskModel
from mmrisk_core.samples import ImageBatch, ImageSource, iterate_images
from mmrisk_core.tile_attributes import read_attributes
from mmrisk_core.vectors import require_tiles


def predict_risk(
    model: RiskModel,
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

    :param tiles: polygons, or rows of a table where the model looks at no raster.
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
    attributes = model.manifest.attributes
    categories = {attribute.name: attribute.categories for attribute in attributes}
    tabular = read_attributes(tiles, [attribute.name for attribute in attributes], categories, progress)
    chosen = choose_device(device)
    progress.log(f"Computing on {chosen.summary}.")
    answers = Answers(len(tiles), len(model.members))
    precision = precision or ("float32" if len(tiles) < FROM_TILES else None)
    network = EnsembleOnDevice(model, chosen, precision=precision, batch_size=batch_size, progress=progress)
    start = time.monotonic()
    read = _batches(model, tiles, sources, progress.part(0.0, 0.95))
    for batch in in_batches_of(read, lambda: network.batch_size):
        network.answer(batch, tabular[batch.rows], answers)
    seconds = max(time.monotonic() - start, 1e-3)
    progress.log(f"{len(tiles)} tiles at {len(tiles) / seconds:.0f} tiles per second.")
    result = with_risk(model.manifest, tiles, answers)
    result.attrs["device"] = network.device_used
    progress.update(1.0, f"risk of {len(tiles)} tiles")
    return result


def _batches(
    model: RiskModel, tiles: pd.DataFrame, sources: Sequence[ImageSource], progress: Progress
) -> Iterable[ImageBatch]:
    if model.manifest.images:
        return iterate_images(tiles, model.manifest.images, sources, progress)
    return _table_batches(len(tiles), progress)


def _table_batches(n: int, progress: Progress) -> Iterator[ImageBatch]:
    for start in range(0, n, TABLE_BATCH):
        rows = np.arange(start, min(start + TABLE_BATCH, n))
        progress.update(start / n, f"{start} of {n} tiles")
        yield ImageBatch(rows, [], [], np.ones(len(rows)))
