"""Model files, read once and kept for the next job or shard."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from mmrisk_core.bundle.model_file import load_model
from mmrisk_core.bundle.trained_model import TrainedModel
from mmrisk_core.compute.devices import DeviceChoice, choose_device
from mmrisk_core.errors import ModelFileError
from mmrisk_core.files import require_file
from mmrisk_core.inference.ensemble_on_device import EnsembleOnDevice
from mmrisk_core.inference.precision import Precision


@dataclass(frozen=True)
class LoadedModel:
    """A model, and its networks on a device."""

    model: TrainedModel
    network: EnsembleOnDevice


def loaded_model(path: str | Path) -> TrainedModel:
    """The model of a file, read only if the file is another one than the last; do not change it.

    :raises MMRiskError: naming what is wrong with the file.
    """
    return _load(str(path), model_digest(path))


def model_digest(path: str | Path) -> str:
    """The SHA-256 of a model file.

    :raises MMRiskError: when there is no such file.
    """
    path = Path(path)
    require_file(path, "model")
    if not path.is_file():
        raise ModelFileError(f"The model {path} does not exist. Check the path.")
    status = path.stat()
    return _digest(path.resolve(), status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=1)
def load_network(
    path: str, digest: str, device: DeviceChoice, precision: Precision, batch_size: int | None
) -> LoadedModel:
    """The networks of the model in the file ``path``, whose content has the ``digest``; kept for the next shard.

    :raises MMRiskError: naming what is wrong with it, or when it is another one by now.
    """
    if model_digest(path) != digest:
        raise ModelFileError(f"The model {Path(path).name} was changed while it was used. Run the prediction again.")
    model = loaded_model(path)
    return LoadedModel(
        model, EnsembleOnDevice(model, choose_device(device), precision=precision, batch_size=batch_size)
    )


@lru_cache(maxsize=1)
def _load(path: str, digest: str) -> TrainedModel:
    return load_model(path)


@lru_cache(maxsize=8)
def _digest(path: Path, modified: int, size: int) -> str:
    """Of the file in that state: to hash a large model takes longer than a small job."""
    with path.open("rb") as file:
        digest = hashlib.sha256()
        while block := file.read(2**20):
            digest.update(block)
    return digest.hexdigest()
