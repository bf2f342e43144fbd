"""The QGIS side of MMRisk. Only its sub-packages import qgis, so that tools without QGIS can use ``plugin.engine``."""
