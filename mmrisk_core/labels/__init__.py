"""Events -> which tiles are high-risk, and how many events are expected where."""

from mmrisk_core.labels.label import label_tiles

__all__ = ["label_tiles"]
