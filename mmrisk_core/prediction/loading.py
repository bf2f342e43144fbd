"""A model file on a device, loaded once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from mmrisk_core.bundle import load_model
from mmrisk_core.devices import Device, DeviceChoice, choose_device
from mmrisk_core.errors import MMRiskError
from mmrisk_core.prediction.network import EnsembleOnDevice
from mmrisk_core.risk_model import RiskModel


@dataclass(frozen=True)
class LoadedModel:
    """A model, and its networks on a device."""

    model: RiskModel
    network: EnsembleOnDevice
    device: Device


def model_digest(path: str | Path) -> str:
    """The SHA-256 of a model file.

    :raises MMRiskError: when there is no such file.
    """
    path = Path(path)
    if not path.is_file():
        raise MMRiskError(f"The model {path} does not exist. Check the path.")
    with path.open("rb") as file:
        digest = hashlib.sha256()
        while block := file.read(2**20):
            digest.update(block)
    return digest.hexdigest()


@lru_cache(maxsize=1)
def load_network(path: str, digest: str, device: DeviceChoice) -> LoadedModel:
    """The model in the file ``path``, whose content has the ``digest``; kept for the next shard or job.

    :raises MMRiskError: naming what is wrong with it, or when it is another one by now.
    """
    model = load_model(path)
    if model_digest(path) != digest:
        raise MMRiskError(f"The model {Path(path).name} was changed while it was used. Run the prediction again.")
    chosen = choose_device(device)
    return LoadedModel(model, EnsembleOnDevice(model, chosen), chosen)
