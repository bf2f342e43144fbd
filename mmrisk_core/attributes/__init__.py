"""What the records say of a tile: attributes of any layer, joined to the tiles as columns."""

from mmrisk_core.attributes.intersections import Intersections, TileCutter
from mmrisk_core.attributes.join import join_attributes, join_layer

__all__ = ["Intersections", "TileCutter", "join_attributes", "join_layer"]
