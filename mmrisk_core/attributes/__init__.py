"""What the records say of a tile: attributes of any layer, joined to the tiles as columns."""

from mmrisk_core.attributes.joining import join_attributes, join_layer
from mmrisk_core.attributes.pieces import Pieces, TileCutter

__all__ = ["Pieces", "TileCutter", "join_attributes", "join_layer"]
