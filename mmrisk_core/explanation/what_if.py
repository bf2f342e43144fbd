"""What the model would say if an attribute had another value. It tells of the model, not of what would happen out there."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.special import expit

from mmrisk_core.bundle.manifest import AttributeInput, Manifest
from mmrisk_core.bundle.trained_model import TrainedModel
from mmrisk_core.compute.devices import DeviceChoice
from mmrisk_core.errors import InputError
from mmrisk_core.geo.frames import has_geometry
from mmrisk_core.imagery import RasterSource
from mmrisk_core.inference.session import open_session, slices_of
from mmrisk_core.inference.tile_slices import attributes_of
from mmrisk_core.progress import NO_PROGRESS, Progress
from mmrisk_core.wording import counted

AttributeChange = Mapping[str, float | str]
"""New values by the name of the attribute: a number, or a level of a text."""

SHOWN = 12


def what_if(
    model: TrainedModel,
    tiles: pd.DataFrame,
    rasters: Sequence[RasterSource] = (),
    *,
    change: AttributeChange,
    image_column: str | None = None,
    device: DeviceChoice = "auto",
    progress: Progress = NO_PROGRESS,
) -> pd.DataFrame:
    """The risk of tiles by ``model``, as it is and as it would be with other attributes; images are seen once for both.

    :param tiles: polygons, or rows of a table where the model looks at no raster. They may lie beside all imagery.
    :param rasters: in the order in which the model was trained on them.
    :param change: the same for all tiles.
    :param image_column: the field with the paths of pictures, where it is not called as in the training.
    :param device: where to compute.
    :param progress: told how far it is, and asked whether to go on.
    :return: the columns ``tile_id`` if the tiles have it, ``risk_before``, ``risk`` and the geometry, in their order.
    :raises MMRiskError: when tiles, fields or rasters are not what the model needs, or the change names an attribute that
        the model has not, or a value that it cannot have.
    """
    changed = with_change(model.manifest, tiles, change)
    before, after = np.zeros(len(tiles)), np.zeros(len(tiles))
    done = 0
    with open_session(
        model, tiles, rasters, image_column=image_column, device=device, must_overlap=False, progress=progress
    ) as session:
        network = session.network
        for rows in slices_of(tiles):
            other = attributes_of(model.manifest, changed.iloc[rows], session.progress)
            with session.open_slice(tiles.iloc[rows]) as opened:
                for batch in session.batches(opened):
                    seen = network.pool_images(network.encode_images(batch.images, batch.present, len(batch.rows)))
                    at, fold = rows.start + batch.rows, opened.fold[batch.rows]
                    before[at] = expit(network.logits(seen, opened.tabular[batch.rows], fold))
                    after[at] = expit(network.logits(seen, other[batch.rows], fold))
                    done += len(batch.rows)
                    progress.update(done / len(tiles), f"{done:,} of {counted(len(tiles), 'tile')}")
    kept = [name for name in ("tile_id",) if name in tiles.columns]
    geometry = [tiles.geometry.name] if has_geometry(tiles) else []
    result = tiles[[*kept, *geometry]].assign(risk_before=before, risk=after)
    return result[[*kept, "risk_before", "risk", *geometry]]


def with_change(manifest: Manifest, tiles: pd.DataFrame, change: AttributeChange) -> pd.DataFrame:
    """The tiles with other attributes.

    :raises MMRiskError: naming an attribute that the model has not, or a value that it cannot have.
    """
    attributes = {attribute.name: attribute for attribute in manifest.attributes}
    values: dict[str, float | str] = {}
    for name, value in change.items():
        if name not in attributes:
            raise InputError(
                f"The model has no attribute '{name}', so it cannot be changed. It has {_listed(attributes)}."
            )
        values[name] = _level(attributes[name], value) if attributes[name].categories else _number(name, value)
    return tiles.assign(**values)


def _number(name: str, value: float | str) -> float:
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise InputError(f"The attribute '{name}' is a number, and '{value}' is none. Give a number such as 12.5.")
    return number


def _level(attribute: AttributeInput, value: float | str) -> str:
    level = str(value).strip()
    if level not in attribute.categories:
        raise InputError(
            f"The model does not know '{value}' in '{attribute.name}'. It knows {_listed(attribute.categories)}."
        )
    return level


def _listed(names: Sequence[str] | Mapping[str, object]) -> str:
    shown = [f"'{name}'" for name in list(names)[:SHOWN]]
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return (", ".join(shown) or "none") + more
