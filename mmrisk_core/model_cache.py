"""The model that was used last, kept by a worker between jobs."""

from __future__ import annotations

from pathlib import Path

from mmrisk_core.bundle import load_model
from mmrisk_core.risk_model import RiskModel

_kept: dict[tuple[str, int, int], RiskModel] = {}


def loaded_model(path: str | Path) -> RiskModel:
    """The model of a file, read only if the file is another one than the last, or has changed since; do not change it.

    :raises MMRiskError: naming what is wrong with the file.
    """
    try:
        state = Path(path).stat()
    except OSError:
        return load_model(path)
    key = str(Path(path).resolve()), state.st_mtime_ns, state.st_size
    if key not in _kept:
        model = load_model(path)
        _kept.clear()
        _kept[key] = model
    return _kept[key]
