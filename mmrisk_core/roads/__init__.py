"""Picture -> road mask: a U-Net that learns from imagery and a line layer what roads look like from above.

>>> from mmrisk_core.roads import train_roads, extract_roads, save_road_model, load_road_model
"""

from mmrisk_core.roads.extract import extract_roads
from mmrisk_core.roads.model import RoadManifest, RoadModel, RoadScores
from mmrisk_core.roads.model_file import load_road_model, save_road_model
from mmrisk_core.roads.train import RoadOptions, train_roads

__all__ = [
    "RoadManifest",
    "RoadModel",
    "RoadOptions",
    "RoadScores",
    "extract_roads",
    "load_road_model",
    "save_road_model",
    "train_roads",
]
