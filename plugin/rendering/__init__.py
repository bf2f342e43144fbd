"""Draws layers into GeoTIFFs: whatever QGIS can show becomes imagery that the engine can read."""
