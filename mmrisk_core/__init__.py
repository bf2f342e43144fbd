"""MMRisk's engine: crash risk of map tiles from imagery and attributes, with or without QGIS.

>>> from mmrisk_core import create_tiles, join_attributes, label_tiles, train_model, RiskModel
"""

from mmrisk_core.attributes import join_attributes
from mmrisk_core.errors import Cancelled, MMRiskError
from mmrisk_core.labels import label_tiles
from mmrisk_core.progress import Progress
from mmrisk_core.risk_model import RiskModel
from mmrisk_core.tile_dataset import TileDataset
from mmrisk_core.tiles import create_tiles
from mmrisk_core.training import train_model
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
    "train_model",
]
