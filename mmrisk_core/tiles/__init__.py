"""Which pieces of the map are judged: the units of risk."""

from mmrisk_core.tiles.create import create_tiles

__all__ = ["create_tiles"]
