"""MMRisk's engine: crash risk of map tiles from imagery and attributes, with or without QGIS.

>>> from mmrisk_core import create_tiles, join_attributes, label_tiles, train_model, RiskModel
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mmrisk_core.api import RiskModel, train_model
    from mmrisk_core.attributes import join_attributes
    from mmrisk_core.errors import Cancelled, MMRiskError
    from mmrisk_core.events import load_events
    from mmrisk_core.labels import label_tiles
    from mmrisk_core.progress import Progress
    from mmrisk_core.samples.tile_dataset import TileDataset
    from mmrisk_core.tiles import create_tiles
    from mmrisk_core.version import __version__

__all__ = [
    "Cancelled",
    "MMRiskError",
    "Progress",
    "RiskModel",
    "TileDataset",
    "__version__",
    "create_tiles",
    "join_attributes",
    "label_tiles",
    "load_events",
    "train_model",
]
_MODULES = {
    "Cancelled": "errors",
    "MMRiskError": "errors",
    "Progress": "progress",
    "RiskModel": "api",
    "TileDataset": "samples.tile_dataset",
    "__version__": "version",
    "create_tiles": "tiles",
    "join_attributes": "attributes",
    "label_tiles": "labels",
    "load_events": "events",
    "train_model": "api",
}


def __getattr__(name: str) -> Any:
    # Loaded when it is asked for: an engine that lays out tiles need not wait for all that training takes.
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
