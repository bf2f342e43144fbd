"""Model and tiles in memory -> risk."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from mmrisk_core.bundle.trained_model import TrainedModel
from mmrisk_core.compute.devices import DeviceChoice
from mmrisk_core.imagery import RasterSource
from mmrisk_core.inference.precision import Precision, usual_precision
from mmrisk_core.inference.risk_columns import with_risk
from mmrisk_core.inference.session import Session, open_session, slices_of
from mmrisk_core.inference.throughput import Throughput
from mmrisk_core.inference.tile_slices import predict_slice
from mmrisk_core.progress import NO_PROGRESS, Progress
from mmrisk_core.wording import counted


def predict_risk(
    model: TrainedModel,
    tiles: pd.DataFrame,
    rasters: Sequence[RasterSource] = (),
    *,
    image_column: str | None = None,
    batch_size: int | None = None,
    precision: Precision | None = None,
    device: DeviceChoice = "auto",
    progress: Progress = NO_PROGRESS,
) -> pd.DataFrame:
    """Give each tile its calibrated risk by ``model``.

    ``risk_low`` and ``risk_high`` are a 90 % interval of the tile's own probability. See :func:`logit_interval`.
    ``image_effect`` and ``attribute_effect`` are the change of the logit against that modality being absent. ``in_domain``
    is 1 inside the area of applicability where at least half of the imagery is there, and most of what tells tiles apart.
    ``learnt_from`` is 1 where the model was trained on the tile, the risk of which then is the answer of the member that has
    not seen it.

    :param tiles: polygons, or rows of a table where the model looks at no raster. For more of them than fit into memory
        see :func:`predict_layer`, which gives the same figures.
    :param rasters: in the order in which the model was trained on them.
    :param image_column: the field with the paths of pictures, where it is not called as in the training.
    :param batch_size: most tiles at once on a device; without it, as many as suit.
    :param precision: of the image encoder; without it float32 for fewer than 2,000 tiles, else chosen on the first images.
    :param device: where to compute.
    :param progress: told how far it is, and asked whether to go on.
    :return: the tiles with the columns of :data:`RISK_COLUMNS`, in their order; ``attrs["device"]`` says what computed.
    :raises MMRiskError: when tiles, fields or rasters are not what the model needs.
    """
    with open_session(
        model,
        tiles,
        rasters,
        image_column=image_column,
        device=device,
        precision=precision or usual_precision(len(tiles)),
        batch_size=batch_size,
        progress=progress,
    ) as session:
        return predict_in_session(session, tiles, progress)


def predict_in_session(session: Session, tiles: pd.DataFrame, progress: Progress) -> pd.DataFrame:
    """As :func:`predict_risk`, by a model that is on its device already."""
    throughput = Throughput(len(tiles), 0, what_is_read(session.model), progress.part(0.0, 0.95))
    parts = []
    for rows in slices_of(tiles):
        with session.open_slice(tiles.iloc[rows]) as opened:
            parts.append(predict_slice(session.model, session.network, opened, throughput))
    progress.log(throughput.sentence)
    result = with_risk(tiles, {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}, progress)
    result.attrs["device"] = session.network.device_used
    progress.update(1.0, f"risk of {counted(len(tiles), 'tile')}")
    return result


def what_is_read(model: TrainedModel) -> str:
    """What a prediction spends its time on, for messages."""
    return "imagery" if model.manifest.images else "attributes"
