"""What the workers of a Dask cluster run. Only imported where Dask is."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pandas as pd
from distributed import Worker, WorkerPlugin, get_worker

from mmrisk_core.compute.devices import DeviceChoice, choose_device
from mmrisk_core.errors import MMRiskError, ResourceError
from mmrisk_core.files import atomic_write
from mmrisk_core.geo.drivers import confine_gdal, network_for
from mmrisk_core.inference.model_cache import load_network
from mmrisk_core.inference.risk_columns import RiskColumns
from mmrisk_core.prediction.plan import PredictionPlan
from mmrisk_core.prediction.shards import finish_shard, open_shard
from mmrisk_core.progress import NO_PROGRESS
from mmrisk_core.version import __version__

_on_device = threading.Lock()
"""One thread of a worker at a time has the device; the others may read meanwhile."""


class ModelOnWorker(WorkerPlugin):  # type: ignore[misc]
    """The bytes of a model file, which Dask gives to each worker once, to those too that come later.

    :param name: of this one prediction.
    """

    def __init__(self, name: str, content: bytes) -> None:
        self.name = name
        self._content = content

    def setup(self, worker: Worker) -> None:
        """Write the file into the folder of the worker, which reads as an engine does from now on."""
        confine_gdal()
        with atomic_write(_model_file(worker, self.name)) as part:
            part.write_bytes(self._content)

    def teardown(self, worker: Worker) -> None:
        """Remove it."""
        _model_file(worker, self.name).unlink(missing_ok=True)


def introduce(device: DeviceChoice) -> dict[str, str]:
    """The version of a worker's engine, and its device; or the sentence that says why it has none."""
    try:
        return {"version": __version__, "device": choose_device(device).summary}
    except MMRiskError as error:
        return {"version": __version__, "error": str(error)}


def predict_tiles(model: str, version: str, plan: PredictionPlan, tiles: pd.DataFrame) -> RiskColumns:
    """The figures of the ``tiles`` of a shard; the model is loaded once and kept, the imagery is read here.

    :param model: the name of its :class:`ModelOnWorker`.
    :raises MMRiskError: naming the worker, when its engine is of another ``version``, or it cannot read an image.
    """
    worker = get_worker()
    if version != __version__:
        raise ResourceError(other_version(worker.address, __version__, version))
    try:
        with _on_device:
            path = str(_model_file(worker, model))
            precision = plan.precision or "float32"
            loaded = load_network(path, plan.model_digest, plan.device, precision, plan.batch_size)
        with network_for(raster.path for raster in plan.rasters):
            opened = open_shard(plan, loaded.model, tiles, NO_PROGRESS)
            with _on_device:
                return finish_shard(loaded, opened)
    except MMRiskError as error:
        sentence = str(error)
    # Out here, since Dask would send the error that it came from too, and those of GDAL cannot be sent.
    raise ResourceError(
        f"The worker {worker.address} says: {sentence} Workers read the imagery themselves: its path must be one that all "
        "of them reach."
    )


def other_version(address: str, theirs: str, ours: str) -> str:
    """The sentence for a worker whose engine is another one."""
    return (
        f"The worker {address} has version {theirs} of MMRisk, and this machine has {ours}. Install one version on all."
    )


def _model_file(worker: Any, name: str) -> Path:
    return Path(worker.local_directory) / f"{name}.safetensors"
